import { BKASH_CHECKOUT } from './bkash/bkash-gateway';
import { NAGAD_CHECKOUT } from './nagad/nagad-gateway';
import { BKASH_WEBHOOK } from './sns/bkash-webhook';
import type { CheckoutProfileName, NoticeProfileName } from '@vend/payments';
import type { CheckoutGateway, Contract, GatewayRooms, NoticeListener, NoticeRooms } from './gateway';
import { SSLCOMMERZ } from './sslcommerz/sslcommerz-gateway';

/** Every gateway that can be paid through, by the profile of its row. */
export const CHECKOUT_CONTRACTS: Readonly<Record<CheckoutProfileName, Contract<GatewayRooms, CheckoutGateway>>> = {
  'bkash-checkout-v1': BKASH_CHECKOUT,
  'nagad-checkout-v1': NAGAD_CHECKOUT,
  'sslcommerz-v4': SSLCOMMERZ,
};

/** What tells of money beside the way it came, by the profile of its row. */
export const NOTICE_CONTRACTS: Readonly<Record<NoticeProfileName, Contract<NoticeRooms, NoticeListener>>> = {
  'bkash-webhook-v1': BKASH_WEBHOOK,
};
