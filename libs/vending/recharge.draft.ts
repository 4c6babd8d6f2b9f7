import { DomainError, dhakaMinutesSince, newId, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { DueKeyChange, MeterState, VendingMeter } from '@vend/meters';
import type { PublishedBook } from '@vend/pricebook';
import { price, type PricingState, type Quote } from '@vend/tariff';
import { keyChangeTokens, onDueKey } from './key-change.draft';
import { creditOf, pricingStateOf } from './pricing';
import type { CreditTokenOutcome, CreditTokenRequest } from './ports';
import { quoteFingerprint } from './quote-id';
import { receiptNo } from './receipt-no';
import { assertRegisterHolds } from './register';
import type { Channel, RechargeCommand, VendRecord, VendToken } from './recharge';
import { nextTid } from './tid';
import type { VendingErrorCode } from './vending.errors';

/** The payment behind a draft. */
export interface Payment {
  readonly rechargeId: Id;
  readonly source: string;
  readonly sourceRef: string;
  readonly meterId: Id | null;
  readonly grossPaisa: Paisa;
  readonly channel: Channel;
}

/** A vend that is priced and numbered, and only lacks its token. */
export interface Draft {
  readonly payment: Payment;
  /** On its new key, when a key change goes out with this vend. */
  readonly meter: VendingMeter;
  readonly keyChange: DueKeyChange | null;
  readonly pricedState: PricingState;
  readonly quote: Quote;
  readonly book: PublishedBook;
  readonly tid: number;
  readonly rnd: number;
}

export interface DraftContext {
  readonly book: PublishedBook;
  readonly now: InstantMs;
  readonly rnd: number;
  readonly maxRunAheadMinutes: number;
  /** Key-change tokens that wait for this meter's next vend. */
  readonly due?: DueKeyChange;
}

/**
 * Prices a payment on the state that the meter is in now, and reserves its TID.
 *
 * @throws {DomainError} the command's `holdCode`, meter-closed, connection-disconnected, quote-expired, quote-changed, above-meter-register, tid-*, and pricing's refusals
 */
export function draftVend(
  payment: Payment,
  command: RechargeCommand | undefined,
  known: VendingMeter | undefined,
  stored: MeterState | undefined,
  context: DraftContext,
): Draft {
  if (!known || !stored) throw new DomainError(command?.unresolvedCode ?? 'meter-not-found');
  if (command?.holdCode) throw new DomainError(command.holdCode);
  const { meter, state, keyChange } = onDueKey(known, stored, context.due);
  if (meter.status !== 'active') throw new DomainError('meter-closed');
  if (meter.supply !== 'connected') throw new DomainError('connection-disconnected');
  const offered = command?.quote;
  if (offered && offered.expiresAt < context.now) throw new DomainError<VendingErrorCode>('quote-expired');
  const pricedState = pricingStateOf(meter, state);
  const { channel } = payment;
  const quote = price(pricedState, payment.grossPaisa, context.now, context.book.tariffs, { channel });
  // At a counter the customer can still say no, and a vendor that charges by quote too; to any other mobile-money payer
  // only the gross was promised, and it stands.
  const linesCount = command?.channel === 'counter' || offered?.binding === true;
  if (offered && linesCount && quoteFingerprint(quote) !== offered.fingerprint) {
    throw new DomainError<VendingErrorCode>('quote-changed');
  }
  assertRegisterHolds(meter, quote);
  const nowTid = dhakaMinutesSince(meter.keys.baseDate, context.now);
  const tid = nextTid(state.lastTid, nowTid, context.maxRunAheadMinutes);
  return { payment, meter, keyChange, pricedState, quote, book: context.book, tid, rnd: context.rnd };
}

/** The meter's state after the draft is vended: what the next recharge of the same meter is priced on. */
export function stateAfter(state: MeterState, draft: Draft): MeterState {
  return { ...state, ...draft.quote.next, lastTid: draft.tid, keyChangeDue: false };
}

/** The id under which a credit token is asked for: the token is a function of it, and the audit log names it. */
export function creditRequestId(rechargeId: Id, tid: number, rnd: number): string {
  return `${rechargeId}:${tid}:${rnd}`;
}

/** The request that makes a draft's token. */
export function tokenRequest({ payment, meter, quote, tid, rnd }: Draft): CreditTokenRequest {
  return {
    requestId: creditRequestId(payment.rechargeId, tid, rnd),
    meter: meter.keys,
    ...creditOf(quote),
    tid,
    rnd,
  };
}

/** The parts that other kinds have. */
const NOTHING_ELSE = { feePaisa: 0n, depositPaisa: 0n, grantedPaisa: 0n };

/** The vend, once its token is made. */
export function vendOfDraft(
  { quote, pricedState, book, tid, keyChange }: Draft,
  outcome: Extract<CreditTokenOutcome, { ok: true }>,
  now: InstantMs,
): VendRecord {
  const before = keyChange ? keyChangeTokens(keyChange, 1) : [];
  const credit: VendToken = {
    sequence: before.length + 1,
    of: before.length + 1,
    kind: 'credit',
    subclass: creditOf(quote).subclass,
    tid,
    digits: outcome.digits,
    creditedUnits: outcome.creditedUnits,
    sampleTables: outcome.sampleTables,
  };
  return {
    vendId: newId(now),
    kind: 'credit',
    receiptNo: receiptNo(now),
    issuedAt: now,
    amounts: {
      grossPaisa: quote.grossPaisa,
      vatPaisa: quote.vatPaisa,
      rentPaisa: quote.rentPaisa,
      demandPaisa: quote.demandPaisa,
      arrearsPaisa: quote.arrearsPaisa,
      pfcPaisa: quote.pfcPaisa,
      penaltyPaisa: quote.penaltyPaisa,
      rebatePaisa: quote.rebatePaisa,
      lifelineCreditPaisa: quote.lifelineCreditPaisa,
      adjustmentPaisa: quote.adjustmentPaisa,
      energyPaisa: quote.energyPaisa,
      remainderInPaisa: quote.remainderInPaisa,
      remainderOutPaisa: quote.remainderOutPaisa,
      ...NOTHING_ELSE,
    },
    energyWh: quote.energyWh,
    estimatedWh: quote.estimatedWh,
    pricing: {
      tariffBook: book.code,
      priceRevision: book.revision,
      tariffVersion: quote.tariffVersion,
      rebateProfile: quote.rebateProfile,
      pricedState,
    },
    detail: null,
    tokens: [...before, credit],
  };
}
