import type { Text } from '../../shared/words';
import type { WorkFacts, WorkField } from './work';

/** Labels and fields that several works have. */
export const TAKA: Text = { bn: 'টাকা', en: 'Taka' };
export const PAPER: Text = { bn: 'কাগজের নম্বর', en: 'Reference of the paper' };
const WHY: Text = { bn: 'কেন', en: 'Why' };
const WHY_HINT: Text = {
  bn: 'এক বাক্যে; ফোন নম্বর বা টোকেন লিখবেন না',
  en: 'In a sentence; no phone number and no token',
};

/** Why something is done: read by the second person, and later by an auditor. */
export const why = (name = 'reason'): WorkField => ({ name, kind: 'words', label: WHY, hint: WHY_HINT });

export const amount: WorkField = { name: 'amount', kind: 'taka', label: TAKA };

/** What is done to the meter in the address. */
export const ofMeter = (what: string) => (facts: WorkFacts) => `/v1/meters/${facts.about}/${what}` as const;

/** What names its meter in the body. */
export const withMeter =
  (more: object = {}) =>
  (_values: unknown, { about }: WorkFacts) => ({ meterNo: about, ...more });
