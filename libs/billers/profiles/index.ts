import type { BillerProfileName } from '@vend/payments';
import type { BillerProfile } from '../profile';
import { billerFormV1 } from './biller-form';
import { billerJsonV1 } from './biller-json';
import { fetchPayStatusV1 } from './fetch-pay-status';
import { quoteChargeV1 } from './quote-charge';
import { xmlAckV1 } from './xml-ack';

/** The contracts that are spoken here, by name. */
export const BILLERS: Readonly<Record<BillerProfileName, BillerProfile>> = {
  'biller-form-v1': billerFormV1,
  'biller-json-v1': billerJsonV1,
  'fetch-pay-status-v1': fetchPayStatusV1,
  'quote-charge-v1': quoteChargeV1,
  'xml-ack-v1': xmlAckV1,
};
