import type { BillerProfile } from '../../profile';
import { answerOf } from './answer';
import { read, type QuoteChargeWire } from './read';
import { write } from './write';

/**
 * `quote-charge-v1` (CHANNELS.md, 1.7): login, preCharge, remoteCharge, history; JSON, the session in the header
 * `access_token`. The id of our quote is the key of the payment, and what the quote showed is what is charged. The
 * setting `variant` says which of the two incumbents is spoken to: `wasion` or `star`.
 *
 * @example POST /v1/billers/demo-charge/api/remoteCharge {"transactionId":"AgGTWMa…"}
 */
export const quoteChargeV1: BillerProfile<QuoteChargeWire> = {
  name: 'quote-charge-v1',
  calls: ['login', 'preCharge', 'remoteCharge', 'history'].map((call) => ({ method: 'POST', path: `/api/${call}` })),
  credentialNames: ['appName', 'appPassword'],
  settingNames: [
    { name: 'variant', optional: false },
    { name: 'sessionMinutes', optional: true },
  ],
  read,
  write,
  refuse: (code) => answerOf(REFUSALS[code]),
};

const REFUSALS = {
  'address-not-allowed': 'forbidden',
  'unknown-call': 'unknown-call',
  'body-too-large': 'too-large',
  // What became of the call is not known.
  'internal-error': 'dispute',
} as const;
