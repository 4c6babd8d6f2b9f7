import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { Role, SessionUser } from '@vend/identity';
import type { Language } from '@vend/meters';
import type { PaymentState } from '@vend/vending';
import type { CaseOutcome, CaseState } from './case.lifecycle';
import type { CaseKind } from './kinds';

/** The payment of a case, as the books have it now. */
export interface CasePayment {
  readonly rechargeId: Id;
  readonly state: PaymentState;
  readonly amountPaisa: Paisa;
  /** `till:<station>` or `provider:<code>`, and its number for the payment. */
  readonly source: string;
  readonly sourceRef: string;
  readonly receivedAt: InstantMs;
  /** Why it was not vended: a code of the error tables; null when it was, or still waits. */
  readonly refusalCode: string | null;
  /** 18 digits; null: nobody knows what meter it was meant for. */
  readonly meterNo: string | null;
}

/** A case as its readers see it. No phone number, and no token. */
export interface CaseCard {
  readonly caseId: Id;
  /** As told to the customer. */
  readonly number: string;
  readonly kind: CaseKind;
  readonly state: CaseState;
  /** Rises with every change but a note: who changes must say which one was read. */
  readonly version: number;
  /** The customer's office, else the opener's; '': nobody's yet. */
  readonly office: string;
  readonly queue: Role;
  /** Username; null: it waits in the queue. */
  readonly owner: string | null;
  /** Opened by the machine for money that nobody could explain. */
  readonly automatic: boolean;
  readonly payment: CasePayment | null;
  readonly receiptNo: string | null;
  readonly meterId: Id | null;
  readonly meterNo: string | null;
  readonly customerNo: string | null;
  readonly customerName: string | null;
  /** What the payer of a callback typed as the meter or customer number; null: not from a callback, or unread. */
  readonly typedReference: string | null;
  readonly words: string;
  readonly openedBy: string;
  readonly openedAt: InstantMs;
  readonly dueAt: InstantMs;
  readonly waitingFor: string | null;
  readonly outcome: CaseOutcome | null;
  readonly outcomeWords: string | null;
  readonly closedAt: InstantMs | null;
  readonly closedBy: string | null;
  /** How often it was closed. */
  readonly closings: number;
}

/** What happened to a case, oldest first. */
export interface CaseEvent {
  readonly at: InstantMs;
  readonly actor: string;
  readonly what: CaseEventKind;
  readonly words: string | null;
}

export type CaseEventKind =
  | 'opened'
  | 'note'
  | 'assigned'
  | 'waiting'
  | 'closed'
  | 'reopened'
  | 'payment-event'
  | 'payment-moved'
  | 'refund-asked'
  | 'payment-refunded';

/** Whose cases a reader may see: all, or those of these offices and of none. */
export type VisibleOffices = 'all' | readonly string[];

/** Who reads or changes a case, and what they may see. */
export interface CaseReader {
  readonly user: SessionUser;
  readonly offices: VisibleOffices;
}

/** What a complaint is about, by the names that a person has for it; at least one. */
export interface CaseSubjectNames {
  readonly rechargeId?: Id;
  readonly receiptNo?: string;
  /** MeterPAN or DRN. */
  readonly meterNo?: string;
  readonly customerNo?: string;
}

/** The same, found. */
export interface CaseSubjects {
  readonly rechargeId: Id | null;
  readonly vendId: Id | null;
  readonly meterId: Id | null;
  readonly customerId: Id | null;
  /** Of the customer; null when there is none. */
  readonly office: string | null;
}

/** What the SMS about a case needs; the number must not reach a log. */
export interface CaseSmsFacts {
  readonly caseId: Id;
  readonly number: string;
  readonly kind: CaseKind;
  readonly dueAt: InstantMs;
  readonly outcome: CaseOutcome | null;
  readonly mobile: string | null;
  readonly language: Language;
}
