import type { Id, InstantMs, Paisa, WattHours, YearMonth } from '@vend/kernel';
import type { Words } from './finding-words';

/** What a customer says is wrong; what bears on it is named first. */
export const COMPLAINTS = ['not-received', 'refused', 'bill-due'] as const;
export type Complaint = (typeof COMPLAINTS)[number];

/** What is asked about: a payment, a receipt or a token, a meter or a phone; a token and a meter say "it refuses this". */
export interface TraceQuestion {
  /** MeterPAN (18 digits), DRN or customer number. */
  readonly meter?: string;
  /** 8801XXXXXXXXX. Must not reach a log or a URL. */
  readonly phone?: string;
  /** The provider's transaction id, or our own recharge id. */
  readonly transactionId?: string;
  readonly receiptNo?: string;
  /** 20 digits. Must not reach a log or a URL. */
  readonly token?: string;
  readonly complaint?: Complaint;
  /** How many of the last events. */
  readonly limit: number;
  /** Whose customers the asker may see. */
  readonly offices: 'all' | readonly string[];
}

export interface TracedToken {
  readonly sequence: number;
  readonly of: number;
  readonly kind: string;
  /** 20 digits: masked at the edge, unless the asker may see them. */
  readonly digits: string;
  readonly tid: number | null;
  readonly baseDate: number;
}

export interface TracedSms {
  readonly state: 'QUEUED' | 'SENT' | 'DELIVERED' | 'FAILED';
  readonly outcome: string | null;
  /** The gateway's own number for it. */
  readonly reference: string | null;
  readonly parts: number | null;
  /** How often it was tried; 0 when it is done or not begun. */
  readonly attempts: number;
  readonly at: InstantMs | null;
}

export interface TracedLoad {
  readonly loadId: Id;
  readonly state: 'UNSENT' | 'SENT' | 'LOADED' | 'FAILED';
  readonly reason: string | null;
  readonly headEnd: string;
  readonly sentAt: InstantMs | null;
  readonly concludedAt: InstantMs | null;
}

export interface TracedVend {
  readonly vendId: Id;
  readonly receiptNo: string;
  readonly state: 'ISSUED' | 'CANCELLED';
  readonly issuedAt: InstantMs;
  readonly cancelledAt: InstantMs | null;
  readonly energyPaisa: Paisa;
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
  /** What of the payment went to old debt, and to monthly charges (rent and demand). */
  readonly arrearsPaisa: Paisa;
  readonly chargesPaisa: Paisa;
  readonly tokens: readonly TracedToken[];
  readonly sms: TracedSms;
  readonly load: TracedLoad | null;
}

/** One payment or other order, and everything that came of it. */
export interface TracedEvent {
  readonly rechargeId: Id;
  readonly kind: string;
  /** `till:<station>`, `provider:<code>`. */
  readonly source: string;
  readonly sourceRef: string;
  readonly channel: string;
  readonly state: 'RECEIVED' | 'APPLIED' | 'REFUND_DUE' | 'REFUNDED';
  readonly refusalCode: string | null;
  readonly grossPaisa: Paisa;
  readonly receivedAt: InstantMs;
  /** null: the payer's reference named no meter. */
  readonly meterId: Id | null;
  /** How often the vend of a kept payment was tried. */
  readonly attempts: number;
  readonly vend: TracedVend | null;
}

export interface TracedKeyChange {
  readonly changeId: Id;
  readonly state: 'DUE' | 'ISSUED' | 'CONFIRMED' | 'STALE' | 'CANCELLED';
  readonly issuedAt: InstantMs | null;
  /** The vend that carries its tokens; null: not out yet, or out in a file. */
  readonly carrier: {
    readonly vendId: Id;
    readonly rechargeId: Id;
    readonly receiptNo: string;
    readonly issuedAt: InstantMs;
    readonly tokens: number;
    readonly loaded: boolean;
  } | null;
}

export interface TracedMeter {
  readonly meterId: Id;
  /** 18 digits. */
  readonly pan: string;
  readonly status: 'active' | 'closed';
  readonly customerNo: string;
  readonly customerName: string;
  readonly office: string;
  readonly hasPhone: boolean;
  readonly headEnd: string | null;
  readonly arrearsPaisa: Paisa;
  /** Power factor surcharge, penalty and adjustments that the next recharge takes. */
  readonly duesPaisa: Paisa;
  /** The last month whose fixed charges are paid; null: none yet. */
  readonly chargedThrough: YearMonth | null;
  readonly keyChanges: readonly TracedKeyChange[];
}

/** A complaint that somebody has opened already. */
export interface TracedCase {
  readonly caseId: Id;
  /** The number that the customer was told. */
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly outcome: string | null;
  /** The outcome in words; null: it is not closed. */
  readonly ended: Words | null;
  /** Whose it is: the office, and there the queue's role or the person who took it. */
  readonly office: string;
  readonly owner: string;
  readonly dueAt: InstantMs;
}

/** How the room of complaints names a case and its outcome. */
export interface CaseNames {
  number(serial: { readonly year: number; readonly serial: number }): string;
  outcome(code: string): Words;
}

/** What is known, as of one moment. The rules read this and nothing else. */
export interface TraceFacts {
  readonly now: InstantMs;
  readonly complaint: Complaint | null;
  readonly meters: readonly TracedMeter[];
  /** The newest first. */
  readonly events: readonly TracedEvent[];
  /** Of these meters and payments, the newest first. */
  readonly cases: readonly TracedCase[];
  /** The event that was asked about, or the last one of the meter. */
  readonly focus: TracedEvent | null;
  readonly asked: {
    /** What was named that nobody knows. */
    readonly unknown: readonly ('transaction' | 'receipt' | 'token' | 'meter')[];
    /** The token of the question, when it is one of ours. */
    readonly token: (TracedToken & { readonly meterId: Id }) | null;
    /** The meters that the question itself named, not those found by an event. */
    readonly meterIds: readonly Id[];
  };
  /** How many later tokens its meter has under the same base date; null without a token in the question. */
  readonly laterTokens: number | null;
}
