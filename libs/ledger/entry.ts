import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { AccountCode, AccountOf } from './chart';

/** The closed list of entries: nothing else may be posted. `ledger_templates` says which accounts each may touch. */
type PlainTemplate =
  | 'payment'
  | 'vend'
  | 'cancellation'
  | 'refund'
  | 'arrears-import'
  | 'deposit-taken'
  | 'deposit-refund'
  | 'deposit-set-off'
  | 'fee'
  | 'free-issue'
  | 'arrears-payment'
  | 'deposit-credit'
  | 'cash-banked'
  | 'shift-float'
  | 'shift-close'
  | 'cash-sent'
  | 'cash-received'
  | 'settlement'
  | 'settlement-back'
  | 'vat-transfer'
  | 'claim-to-debt'
  | 'commission'
  | 'commission-back'
  | 'write-off'
  | 'meter-move-out'
  | 'meter-move-in'
  | 'carried-refund'
  | 'deposit-import'
  | 'float-top-up';
/** A vend is taken back by a cancellation, and a cancellation stands; so do a move from meter to meter, and a shift. */
type StandingTemplate = 'vend' | 'cancellation' | 'meter-move-out' | 'meter-move-in' | 'shift-float' | 'shift-close';
/** What a reversal may take back. */
export type ReversibleTemplate = Exclude<PlainTemplate, StandingTemplate>;
export type EntryTemplate = PlainTemplate | `reversal:${ReversibleTemplate}`;

/** One amount, moved from the account it credits to the account it debits: it cannot be out of balance. */
export interface Posting {
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  readonly amountPaisa: Paisa;
}

declare const made: unique symbol;

/**
 * A business fact in the books. (template, businessId) is unique: one fact, one entry. Only the functions of this
 * room make one: there is no other way to write `made`.
 */
export interface Entry {
  readonly [made]: true;
  readonly template: EntryTemplate;
  readonly businessId: Id;
  readonly bookedAt: InstantMs;
  readonly meterId: Id | null;
  /** The office whose books it belongs to, for entries without a meter; a meter's entries are its customer's office's. */
  readonly office: string | null;
  readonly postings: readonly Posting[];
}

/** What every entry says of its fact. */
export interface Fact {
  /** Made by the caller and kept: the same id is the same fact, however often it is posted. */
  readonly businessId: Id;
  readonly bookedAt: InstantMs;
  readonly meterId?: Id | null;
  readonly office?: string;
}

/** Makes an entry; used by the templates alone. */
export function entryOf(template: EntryTemplate, fact: Fact, postings: readonly Posting[]): Entry {
  const { businessId, bookedAt, meterId = null, office = null } = fact;
  return { template, businessId, bookedAt, meterId, office, postings } as unknown as Entry;
}

/** One posting. @throws {RangeError} when the amount is not above zero */
export function movement(debit: AccountCode, credit: AccountCode, amountPaisa: Paisa): Posting {
  if (amountPaisa <= 0n) throw new RangeError(`nothing to move from ${credit} to ${debit}`);
  return { debit, credit, amountPaisa };
}

/** The postings the other way round. */
export function mirrored(postings: readonly Posting[]): Posting[] {
  return postings.map(({ debit, credit, amountPaisa }) => ({ debit: credit, credit: debit, amountPaisa }));
}

/** The parts of a vend; see `Quote` in libs/tariff for their law. */
export interface VendAmounts {
  readonly grossPaisa: Paisa;
  readonly vatPaisa: Paisa;
  readonly rentPaisa: Paisa;
  readonly demandPaisa: Paisa;
  readonly arrearsPaisa: Paisa;
  readonly pfcPaisa: Paisa;
  readonly penaltyPaisa: Paisa;
  readonly rebatePaisa: Paisa;
  /** The lifeline price of an earlier month, given back with this vend; absent is none. */
  readonly lifelineCreditPaisa?: Paisa;
  /** Settled for earlier recharges after a retroactive tariff: above zero paid, below given back; absent is none. */
  readonly adjustmentPaisa?: Paisa;
  readonly energyPaisa: Paisa;
  readonly remainderInPaisa: Paisa;
  readonly remainderOutPaisa: Paisa;
}

/**
 * A vend: what the customer paid (and the rebate, and any remainder used) becomes revenue, VAT and remainder.
 * `funds` is where the payment is: the station's cash, the provider's receivable, the vendor's float, or
 * `unspent-payments` when it was booked before.
 *
 * @throws {RangeError} when the parts do not add up to the gross (MONEY.md law 8)
 * @example vendEntry({ businessId: rechargeId, bookedAt: now, meterId }, 'cash:NESCO-RAJ-01', quote)
 */
export function vendEntry(fact: Fact & { readonly meterId: Id }, funds: Funds, amounts: VendAmounts): Entry {
  const adjustment = amounts.adjustmentPaisa ?? 0n;
  const remainderChange = amounts.remainderOutPaisa - amounts.remainderInPaisa;
  // The rebate and a used remainder buy energy, so they stand first on both sides.
  const from: Flow[] = [
    { account: 'rebate', paisa: amounts.rebatePaisa },
    { account: 'lifeline-credit', paisa: amounts.lifelineCreditPaisa ?? 0n },
    { account: 'tariff-adjustments', paisa: adjustment < 0n ? -adjustment : 0n },
    { account: 'customer-remainder', paisa: remainderChange < 0n ? -remainderChange : 0n },
    { account: funds, paisa: amounts.grossPaisa },
  ];
  const to: Flow[] = [
    { account: 'energy-revenue', paisa: amounts.energyPaisa },
    { account: 'demand-revenue', paisa: amounts.demandPaisa },
    { account: 'rent-revenue', paisa: amounts.rentPaisa },
    { account: 'vat-payable', paisa: amounts.vatPaisa },
    { account: 'customer-arrears', paisa: amounts.arrearsPaisa },
    { account: 'pfc-revenue', paisa: amounts.pfcPaisa },
    { account: 'penalty-revenue', paisa: amounts.penaltyPaisa },
    { account: 'tariff-adjustments', paisa: adjustment > 0n ? adjustment : 0n },
    { account: 'customer-remainder', paisa: remainderChange > 0n ? remainderChange : 0n },
  ];
  return entryOf('vend', fact, pour(from, to));
}

/** Where a vend's money may be. */
export type Funds = 'unspent-payments' | AccountOf<'cash' | 'receivable' | 'float'>;

/**
 * Takes a vend back: every part of it in reverse, and the money becomes owed to the customer (`unspent-payments`),
 * wherever it came from. What is left of vend and cancellation together is the payment.
 *
 * @param amounts the parts of the vend, as stored with it
 * @throws {RangeError} when the parts do not add up to the gross (MONEY.md law 8)
 * @example cancellationEntry({ businessId: vend.rechargeId, bookedAt: now, meterId }, vend.amounts)
 */
export function cancellationEntry(fact: Fact & { readonly meterId: Id }, amounts: VendAmounts): Entry {
  return entryOf('cancellation', fact, mirrored(vendEntry(fact, 'unspent-payments', amounts).postings));
}

interface Flow {
  readonly account: AccountCode;
  readonly paisa: Paisa;
}

/** Pours the sources into the sinks in order: each pour is one posting. */
function pour(from: readonly Flow[], to: readonly Flow[]): Posting[] {
  const postings: Posting[] = [];
  let source = 0;
  let left = from[0]!.paisa;
  for (const sink of to) {
    if (sink.paisa < 0n) throw new RangeError(`a vend cannot take from ${sink.account}`);
    let wanted = sink.paisa;
    while (wanted > 0n) {
      while (left === 0n) {
        source += 1;
        if (source >= from.length) throw new RangeError('the parts of the vend are more than was paid');
        left = from[source]!.paisa;
      }
      const amountPaisa = wanted < left ? wanted : left;
      postings.push({ debit: from[source]!.account, credit: sink.account, amountPaisa });
      wanted -= amountPaisa;
      left -= amountPaisa;
    }
  }
  const unused = left + from.slice(source + 1).reduce((sum, flow) => sum + flow.paisa, 0n);
  if (unused !== 0n) throw new RangeError('the parts of the vend are less than was paid');
  return postings;
}
