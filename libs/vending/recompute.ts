import { DomainError, formatKwh, formatTaka, type Id } from '@vend/kernel';
import { vendEntry } from '@vend/ledger';
import { price, type Quote, type TariffBook } from '@vend/tariff';
import { creditOf } from './pricing';
import type { Channel, VendAmounts, VendPricing, VendRecord } from './recharge';

/** A vend as it stands in the database, with what its token carries and what its entry booked. */
export interface StoredVend extends Omit<VendRecord, 'tokens' | 'kind' | 'pricing' | 'detail'>, VendPricing {
  readonly channel: Channel;
  /** What the credit token was asked to carry; null: there is no credit token. */
  readonly tokenUnits: bigint | null;
  /** Credits less debits of the vend's ledger entry, by account. */
  readonly booked: ReadonlyMap<string, bigint>;
}

/** Something of a vend that is not what its inputs and its version give. Texts: Taka, kWh, names. */
export interface Difference {
  readonly field: string;
  readonly stored: string;
  readonly recomputed: string;
}

const AMOUNTS = [
  'grossPaisa',
  'vatPaisa',
  'rentPaisa',
  'demandPaisa',
  'arrearsPaisa',
  'pfcPaisa',
  'penaltyPaisa',
  'rebatePaisa',
  'lifelineCreditPaisa',
  'adjustmentPaisa',
  'energyPaisa',
  'remainderInPaisa',
  'remainderOutPaisa',
] as const satisfies readonly (keyof VendAmounts & keyof Quote)[];

/**
 * Prices a stored vend again from its stored inputs with the book it was priced with, and compares everything that
 * followed from the price: the parts, the energy, the versions' names, the units in the token, and the postings.
 *
 * @returns empty when all is to the paisa as it was
 * @example differencesOf(vend, (await books.at(vend.tariffBook, vend.priceRevision)).tariffs)
 */
export function differencesOf(vend: StoredVend, book: TariffBook): Difference[] {
  let quote: Quote;
  try {
    quote = price(vend.pricedState, vend.amounts.grossPaisa, vend.issuedAt, book, { channel: vend.channel });
  } catch (error) {
    // Inputs that could not even have been priced.
    const reason = error instanceof DomainError ? String(error.code) : (error as Error).message;
    return [{ field: 'price', stored: formatTaka(vend.amounts.grossPaisa), recomputed: `refused: ${reason}` }];
  }
  const differences: Difference[] = [];
  const compare = (field: string, stored: string, recomputed: string) => {
    if (stored !== recomputed) differences.push({ field, stored, recomputed });
  };
  for (const name of AMOUNTS) {
    compare(name.replace('Paisa', ''), formatTaka(vend.amounts[name]), formatTaka(quote[name]));
  }
  compare('energyKwh', kwhText(vend.energyWh), kwhText(quote.energyWh));
  compare('estimatedKwh', kwhText(vend.estimatedWh), kwhText(quote.estimatedWh));
  compare('tariffVersion', vend.tariffVersion, quote.tariffVersion);
  compare('rebateProfile', vend.rebateProfile, quote.rebateProfile);
  compare('tokenUnits', String(vend.tokenUnits ?? 'none'), String(creditOf(quote).amountUnits));
  return [...differences, ...bookedDifferences(vend, quote)];
}

/** The entry's effect on each account against the quote's; where the money came from is the payment's affair. */
function bookedDifferences(vend: StoredVend, quote: Quote): Difference[] {
  const fact = { businessId: vend.vendId, bookedAt: vend.issuedAt, meterId: vend.vendId };
  const expected = new Map<string, bigint>();
  for (const { debit, credit, amountPaisa } of vendEntry(fact, 'unspent-payments', quote).postings) {
    expected.set(credit, (expected.get(credit) ?? 0n) + amountPaisa);
    expected.set(debit, (expected.get(debit) ?? 0n) - amountPaisa);
  }
  const stored = new Map<string, bigint>();
  for (const [account, net] of vend.booked) {
    const isFunds = /^(cash|receivable|float|unspent-payments)/.test(account);
    const name = isFunds ? 'unspent-payments' : account;
    stored.set(name, (stored.get(name) ?? 0n) + net);
  }
  return [...new Set([...expected.keys(), ...stored.keys()])].flatMap((account) => {
    const [was, is] = [stored.get(account) ?? 0n, expected.get(account) ?? 0n];
    return was === is ? [] : [{ field: `ledger ${account}`, stored: formatTaka(was), recomputed: formatTaka(is) }];
  });
}

function kwhText(energyWh: bigint | null): string {
  return energyWh === null ? 'none' : formatKwh(energyWh);
}

/** A vend that does not stand up. */
export interface RecomputedVend {
  readonly vendId: Id;
  readonly receiptNo: string;
  readonly differences: readonly Difference[];
}
