import type { BillerProfile } from '../../profile';
import { read } from './read';
import { answerOf, write, type XmlAckWire } from './write';

/**
 * `xml-ack-v1` (CHANNELS.md, 1.8): account validation, amount validation, payment, acknowledgement, txn status; a form
 * whose field `reqXml` is a document, answered by another. A payment that nobody acknowledges within a quarter of an hour
 * is a dispute for a person; its vend stays what it is.
 *
 * @example reqXml=<request><userName>…</userName><userPass>…</userPass><apiKey>…</apiKey><transId>T1</transId></request>
 */
export const xmlAckV1: BillerProfile<XmlAckWire> = {
  name: 'xml-ack-v1',
  calls: ['accountValidation', 'amountValidation', 'payment', 'acknowledgement', 'txnStatus'].map((call) => ({
    ...{ method: 'POST', path: `/${call}` },
  })),
  credentialNames: ['userName', 'userPass', 'apiKey'],
  settingNames: [],
  acknowledgedWithinMs: 15 * 60_000,
  read,
  write,
  refuse: (code) => answerOf(REFUSALS[code]),
};

const REFUSALS = {
  'address-not-allowed': 'forbidden',
  'unknown-call': 'unknown-call',
  'body-too-large': 'too-large',
  'internal-error': 'failed',
} as const;
