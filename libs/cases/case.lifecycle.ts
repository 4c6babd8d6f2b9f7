import { DomainError } from '@vend/kernel';
import type { CasesErrorCode } from './cases.errors';

/**
 * The life of a case. OPEN: in a queue, nobody's yet. ASSIGNED: a person's. WAITING: for the customer, a bank, another
 * office; the deadline runs on. CLOSED: with an outcome; for seven days the customer may say that it is not settled.
 * Each move is one transaction with its event, its audit line and its SMS, so none of them is ever half done.
 */
export const CASE_MOVES = {
  OPEN: ['ASSIGNED', 'WAITING', 'CLOSED'],
  ASSIGNED: ['OPEN', 'WAITING', 'CLOSED'],
  WAITING: ['OPEN', 'ASSIGNED', 'CLOSED'],
  CLOSED: ['OPEN', 'ASSIGNED'],
} as const satisfies Record<string, readonly string[]>;

export type CaseState = keyof typeof CASE_MOVES;

/** Refuses a move that the table does not have. Staying where one is (another owner, another reason to wait) is none. */
export function assertCaseMove(from: CaseState, to: CaseState): void {
  const open: readonly string[] = CASE_MOVES[from];
  if (from === 'CLOSED' ? !open.includes(to) : from !== to && !open.includes(to)) {
    throw new DomainError<CasesErrorCode>(from === 'CLOSED' ? 'case-closed' : 'case-not-closed');
  }
}

interface OutcomeRule {
  /** What must be true of the payment before anybody may say so. */
  readonly payment?: 'APPLIED' | 'REFUNDED';
  readonly en: string;
  readonly bn: string;
}

const OUTCOMES = {
  vended: { payment: 'APPLIED', en: 'the recharge was given', bn: 'রিচার্জ দেওয়া হয়েছে' },
  refunded: { payment: 'REFUNDED', en: 'the money was paid back', bn: 'টাকা ফেরত দেওয়া হয়েছে' },
  'token-sent-again': { en: 'the token was sent again', bn: 'টোকেন আবার পাঠানো হয়েছে' },
  'meter-replaced': { en: 'the meter was replaced', bn: 'মিটার বদলানো হয়েছে' },
  'supply-restored': { en: 'the supply is back', bn: 'বিদ্যুৎ ফিরেছে' },
  'bill-corrected': { en: 'the bill was corrected', bn: 'বিল ঠিক করা হয়েছে' },
  explained: { en: 'explained', bn: 'বুঝিয়ে বলা হয়েছে' },
  unfounded: { en: 'nothing was found to be wrong', bn: 'কোনো ভুল পাওয়া যায়নি' },
  withdrawn: { en: 'withdrawn by the customer', bn: 'গ্রাহক তুলে নিয়েছেন' },
  duplicate: { en: 'settled under another number', bn: 'অন্য নম্বরে নিষ্পত্তি হয়েছে' },
} as const satisfies Readonly<Record<string, OutcomeRule>>;

export type CaseOutcome = keyof typeof OUTCOMES;
export const CASE_OUTCOMES: Readonly<Record<CaseOutcome, OutcomeRule>> = OUTCOMES;
export const CASE_OUTCOME_NAMES = Object.keys(OUTCOMES) as CaseOutcome[];

/**
 * Refuses an outcome that is not true. While a payment is neither vended nor paid back, no case about it closes,
 * whatever is said.
 *
 * @param payment the state of the payment that the case is about; undefined: it is about none
 * @throws {DomainError<CasesErrorCode>} case-money-open, case-outcome-untrue
 * @example assertOutcomeTrue('refunded', 'REFUNDED')
 */
export function assertOutcomeTrue(outcome: CaseOutcome, payment: string | undefined): void {
  if (payment === 'RECEIVED' || payment === 'REFUND_DUE') throw new DomainError<CasesErrorCode>('case-money-open');
  const { payment: needed } = CASE_OUTCOMES[outcome];
  if (needed && payment !== needed) throw new DomainError<CasesErrorCode>('case-outcome-untrue');
}
