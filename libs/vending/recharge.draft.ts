import { DomainError, dhakaMinutesSince, newId, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { MeterState, VendingMeter } from '@vend/meters';
import { price, type PricingState, type Quote, type TariffBook } from '@vend/tariff';
import { creditOf, pricingStateOf } from './pricing';
import type { CreditTokenOutcome, CreditTokenRequest } from './ports';
import { quoteFingerprint } from './quote-id';
import { receiptNo } from './receipt-no';
import type { RechargeCommand, VendRecord, VendToken } from './recharge';
import { nextTid } from './tid';
import type { VendingErrorCode } from './vending.errors';

/** The payment behind a draft. */
export interface Payment {
  readonly rechargeId: Id;
  readonly meterId: Id | null;
  readonly grossPaisa: Paisa;
}

/** A vend that is priced and numbered, and only lacks its token. */
export interface Draft {
  readonly payment: Payment;
  readonly meter: VendingMeter;
  readonly pricedState: PricingState;
  readonly quote: Quote;
  readonly tariffBook: string;
  readonly tid: number;
  readonly rnd: number;
}

export interface DraftContext {
  readonly book: TariffBook;
  readonly now: InstantMs;
  readonly rnd: number;
  readonly maxRunAheadMinutes: number;
}

/**
 * Prices a payment on the state that the meter is in now, and reserves its TID.
 *
 * @throws {DomainError} meter-closed, quote-expired, quote-changed, tid-*, and pricing's refusals
 */
export function draftVend(
  payment: Payment,
  command: RechargeCommand | undefined,
  meter: VendingMeter | undefined,
  state: MeterState | undefined,
  context: DraftContext,
): Draft {
  if (!meter || !state) throw new DomainError(command?.unresolvedCode ?? 'meter-not-found');
  if (meter.status !== 'active') throw new DomainError('meter-closed');
  const offered = command?.quote;
  if (offered && offered.expiresAt < context.now) throw new DomainError<VendingErrorCode>('quote-expired');
  const pricedState = pricingStateOf(meter, state);
  const quote = price(pricedState, payment.grossPaisa, context.now, context.book);
  // At a counter the customer can still say no; to a mobile-money payer only the gross was promised, and it stands.
  if (offered && command.channel === 'counter' && quoteFingerprint(quote) !== offered.fingerprint) {
    throw new DomainError<VendingErrorCode>('quote-changed');
  }
  const nowTid = dhakaMinutesSince(meter.keys.baseDate, context.now);
  const tid = nextTid(state.lastTid, nowTid, context.maxRunAheadMinutes);
  return { payment, meter, pricedState, quote, tariffBook: context.book.id, tid, rnd: context.rnd };
}

/** The meter's state after the draft is vended: what the next recharge of the same meter is priced on. */
export function stateAfter(state: MeterState, draft: Draft): MeterState {
  return { ...state, ...draft.quote.next, lastTid: draft.tid };
}

/** The request that makes a draft's token. */
export function tokenRequest({ payment, meter, quote, tid, rnd }: Draft): CreditTokenRequest {
  return {
    requestId: `${payment.rechargeId}:${tid}:${rnd}`,
    meter: meter.keys,
    ...creditOf(quote),
    tid,
    rnd,
  };
}

/** The vend, once its token is made. */
export function vendOfDraft(
  { quote, pricedState, tariffBook, tid }: Draft,
  outcome: Extract<CreditTokenOutcome, { ok: true }>,
  now: InstantMs,
): VendRecord {
  const token: VendToken = {
    sequence: 1,
    of: 1,
    kind: 'credit',
    subclass: creditOf(quote).subclass,
    tid,
    digits: outcome.digits,
    creditedUnits: outcome.creditedUnits,
    sampleTables: outcome.sampleTables,
  };
  return {
    vendId: newId(now),
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
      energyPaisa: quote.energyPaisa,
      remainderInPaisa: quote.remainderInPaisa,
      remainderOutPaisa: quote.remainderOutPaisa,
    },
    energyWh: quote.energyWh,
    estimatedWh: quote.estimatedWh,
    tariffBook,
    tariffVersion: quote.tariffVersion,
    rebateProfile: quote.rebateProfile,
    pricedState,
    tokens: [token],
  };
}
