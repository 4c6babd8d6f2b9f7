import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { AccountCode } from './chart';

/** The closed list of entries: nothing else may be posted. */
export type EntryTemplate = 'payment' | 'vend' | 'cancellation';

/** One amount, moved from the account it credits to the account it debits: it cannot be out of balance. */
export interface Posting {
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  readonly amountPaisa: Paisa;
}

/** A business fact in the books. (template, businessId) is unique: one fact, one entry. */
export interface Entry {
  readonly template: EntryTemplate;
  readonly businessId: Id;
  readonly bookedAt: InstantMs;
  readonly meterId: Id | null;
  readonly postings: readonly Posting[];
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
  readonly energyPaisa: Paisa;
  readonly remainderInPaisa: Paisa;
  readonly remainderOutPaisa: Paisa;
}

/** Money that a provider says it took, before anything is sold for it: we owe a vend or a refund. */
export function paymentEntry(
  fact: { businessId: Id; bookedAt: InstantMs; meterId: Id | null },
  funds: AccountCode,
  amountPaisa: Paisa,
): Entry {
  return { template: 'payment', ...fact, postings: [{ debit: funds, credit: 'unspent-payments', amountPaisa }] };
}

/**
 * A vend: what the customer paid (and the rebate, and any remainder used) becomes revenue, VAT and remainder.
 * `funds` is where the payment is: the station's cash, the provider's receivable, or `unspent-payments` when it
 * was booked before.
 *
 * @throws {RangeError} when the parts do not add up to the gross (MONEY.md law 8)
 */
export function vendEntry(
  fact: { businessId: Id; bookedAt: InstantMs; meterId: Id },
  funds: AccountCode,
  amounts: VendAmounts,
): Entry {
  const remainderChange = amounts.remainderOutPaisa - amounts.remainderInPaisa;
  // The rebate and a used remainder buy energy, so they stand first on both sides.
  const from: Flow[] = [
    { account: 'rebate', paisa: amounts.rebatePaisa },
    { account: 'lifeline-credit', paisa: amounts.lifelineCreditPaisa ?? 0n },
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
    { account: 'customer-remainder', paisa: remainderChange > 0n ? remainderChange : 0n },
  ];
  return { template: 'vend', ...fact, postings: pour(from, to) };
}

/**
 * Takes a vend back: every part of it in reverse, and the money becomes owed to the customer (`unspent-payments`),
 * wherever it came from. What is left of vend and cancellation together is the payment.
 *
 * @param amounts the parts of the vend, as stored with it
 * @throws {RangeError} when the parts do not add up to the gross (MONEY.md law 8)
 * @example cancellationEntry({ businessId: vend.rechargeId, bookedAt: now, meterId }, vend.amounts)
 */
export function cancellationEntry(
  fact: { businessId: Id; bookedAt: InstantMs; meterId: Id },
  amounts: VendAmounts,
): Entry {
  const vend = vendEntry(fact, 'unspent-payments', amounts);
  const postings = vend.postings.map(({ debit, credit, amountPaisa }) => ({
    debit: credit,
    credit: debit,
    amountPaisa,
  }));
  return { ...vend, template: 'cancellation', postings };
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
