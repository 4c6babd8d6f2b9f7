import { formatInstant, formatTaka, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';

/** What partners can be told of; docs/PARTNERS.md says what each means. */
export const WEBHOOK_EVENT_TYPES = [
  'payment.vended',
  'payment.pending',
  'payment.refund-due',
  'payment.refunded',
  'vend.cancelled',
  'settlement.ready',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Something that happened, of which its partner may want to hear. */
export interface WebhookFact {
  /** The partner's or the provider's code: whose payment it is. */
  readonly owner: string;
  readonly type: WebhookEventType;
  /** The payment or settlement: events of one subject have rising sequences. */
  readonly subject: Id;
  /** True when nothing can have been told of the subject before; it spares a question. */
  readonly isFirst: boolean;
  readonly at: InstantMs;
  readonly mode: 'live' | 'sandbox';
  /** Ids, amounts, states; never a token, phone number or name. */
  readonly data: Readonly<Record<string, string | null>>;
}

/** What became of a payment, in the words of its event. */
export interface PaymentFact {
  readonly type: Exclude<WebhookEventType, 'settlement.ready'>;
  readonly rechargeId: Id;
  /** The source of the payment: `provider:demo-bkash`, `vendor:demo-agent`; of others nobody is told. */
  readonly source: string;
  readonly sourceRef: string;
  readonly grossPaisa: Paisa;
  readonly receiptNo?: string | null;
  readonly refusalCode?: string | null;
  readonly isFirst?: boolean;
  readonly mode?: 'live' | 'sandbox';
  readonly at: InstantMs;
}

const PAYMENT_STATES = {
  'payment.vended': 'vended',
  'payment.pending': 'pending',
  'payment.refund-due': 'refund-due',
  'payment.refunded': 'refunded',
  'vend.cancelled': 'refund-due',
} as const satisfies Record<PaymentFact['type'], string>;

/** The code behind a payment's source; undefined for a till and the like. */
function ownerOfSource(source: string): string | undefined {
  return /^(?:provider|vendor):(.+)$/.exec(source)?.[1];
}

/**
 * The event of a payment; none for a payment that came from no partner.
 *
 * @example announce(tx, paymentFacts({ type: 'payment.vended', rechargeId, source: 'provider:demo-bkash', … }))
 */
export function paymentFacts(fact: PaymentFact): WebhookFact[] {
  const owner = ownerOfSource(fact.source);
  if (owner === undefined) return [];
  const { type, rechargeId, at, isFirst = false, mode = 'live' } = fact;
  const data = {
    paymentId: rechargeId,
    transactionId: fact.sourceRef,
    state: PAYMENT_STATES[type],
    amount: formatTaka(fact.grossPaisa),
    currency: 'BDT',
    receiptNo: fact.receiptNo ?? null,
    refusalCode: fact.refusalCode ?? null,
  };
  return [{ owner, type, subject: rechargeId, isFirst, at, mode, data }];
}

/**
 * The event of money that a provider paid into our bank, and that is booked against what it owes.
 *
 * @param day on which it was booked
 * @example await announce(tx, [settlementFact({ owner: 'demo-form', settlementId, day: '2026-11-22', amountPaisa, at })])
 */
export function settlementFact(settlement: {
  readonly owner: string;
  readonly settlementId: Id;
  readonly day: LocalDay;
  readonly amountPaisa: Paisa;
  readonly at: InstantMs;
}): WebhookFact {
  const { owner, settlementId, day, amountPaisa, at } = settlement;
  return {
    ...{ owner, type: 'settlement.ready', subject: settlementId, isFirst: true, at, mode: 'live' },
    data: { settlementId, day, state: 'ready', amount: formatTaka(amountPaisa), currency: 'BDT' },
  };
}

/**
 * The bytes of an event as every receiver gets them: `type`, `timestamp` and `data`, as Standard Webhooks has it.
 *
 * @param sequence of the subject's events, rising; the one with the highest is how it stands
 */
export function eventBody(fact: WebhookFact, sequence: number): string {
  const { type, at, mode, data } = fact;
  return JSON.stringify({ type, timestamp: formatInstant(at), data: { ...data, sequence, mode } });
}
