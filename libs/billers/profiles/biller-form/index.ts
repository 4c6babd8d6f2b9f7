import type { BillerProfile } from '../../profile';
import type { FormCode } from './codes';
import { CALLS, readForm } from './read';
import { refusal, writeForm, type FormWire } from './write';

type Refusable = Parameters<BillerProfile['refuse']>[0];
const REFUSED: Readonly<Record<Refusable, readonly [FormCode, string]>> = {
  'address-not-allowed': ['403', 'Not from this address.'],
  'unknown-call': ['404', 'No such call.'],
  'body-too-large': ['406', 'The body is too large.'],
  'internal-error': ['500', 'No answer at this moment; please ask again with the same transaction id.'],
};

/**
 * The shape that bKash calls: three forms and JSON answers, the result in a code of the body, the token in CustomMessage.
 * Source: CHANNELS.md, 1.2. Takes the form as multipart, urlencoded, or in the JSON of the variant of 2019, which is
 * answered with underscores.
 *
 * @example
 * // POST /v1/billers/bkash/api/payBill  UserName=… Password=… CustomerNo=40012345 Amount=1000 TrxId=CK12AB34CD
 * // {"ErrorCode":"200","ErrorMsg":"Successful","TotalAmount":"1000.00",…,"CustomMessage":{"Token":"1234-5678-9012-3456-7890"}}
 */
export const billerFormV1: BillerProfile<FormWire> = {
  name: 'biller-form-v1',
  calls: Object.keys(CALLS).map((path) => ({ method: 'POST' as const, path })),
  credentialNames: ['userName', 'password'],
  settingNames: [],
  read: readForm,
  write: writeForm,
  refuse: (code) => refusal('camel', ...REFUSED[code]),
};
