import { DomainError, formatKwh, formatTaka, type Id, type InstantMs, type Paisa, type WattHours } from '@vend/kernel';
import { depositCreditEntry, vendEntry, type Entry, type VendKind } from '@vend/ledger';
import { price, setOffDeposit, untaxedEnergy, type TariffBook } from '@vend/tariff';
import { creditOf } from './pricing';
import type { Channel, VendAmounts, VendPricing, VendRecord } from './recharge';

/** The kinds of vend that keep what they were priced on. */
type PricedKind = Extract<VendKind, 'credit' | 'offline-pack' | 'deposit-credit'>;

/** A vend as it stands in the database, with what its token carries and what its entry booked. */
export interface StoredVend extends Omit<VendRecord, 'tokens' | 'kind' | 'pricing' | 'detail'>, VendPricing {
  readonly kind: PricedKind;
  /** When it was priced: an item of an offline pack before its outage, every other vend when it was issued. */
  readonly pricedAt: InstantMs;
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
  'depositPaisa',
] as const satisfies readonly (keyof VendAmounts)[];

/** What a vend's inputs and version give. */
interface Expected {
  readonly amounts: Partial<VendAmounts>;
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
  readonly tariffVersion: string;
  readonly rebateProfile: string;
  readonly tokenUnits: bigint | null;
  readonly entry: Entry;
}

/**
 * Prices a stored vend again from its stored inputs with the book it was priced with, and compares everything that
 * followed from the price: the parts, the energy, the versions' names, the units in the token, and the postings.
 *
 * @returns empty when all is to the paisa as it was
 * @example differencesOf(vend, (await books.at(vend.tariffBook, vend.priceRevision)).tariffs)
 */
export function differencesOf(vend: StoredVend, book: TariffBook): Difference[] {
  let expected: Expected;
  try {
    expected = vend.kind === 'deposit-credit' ? givenBack(vend, book) : sold(vend, book);
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
    compare(name.replace('Paisa', ''), formatTaka(vend.amounts[name]), formatTaka(expected.amounts[name] ?? 0n));
  }
  compare('energyKwh', kwhText(vend.energyWh), kwhText(expected.energyWh));
  compare('estimatedKwh', kwhText(vend.estimatedWh), kwhText(expected.estimatedWh));
  compare('tariffVersion', vend.tariffVersion, expected.tariffVersion);
  compare('rebateProfile', vend.rebateProfile, expected.rebateProfile);
  compare('tokenUnits', String(vend.tokenUnits ?? 'none'), String(expected.tokenUnits ?? 'none'));
  return [...differences, ...bookedDifferences(vend, expected.entry)];
}

const factOf = ({ vendId, issuedAt }: StoredVend) => ({ businessId: vendId, bookedAt: issuedAt, meterId: vendId });

/** A recharge, or an item of an offline pack. */
function sold(vend: StoredVend, book: TariffBook): Expected {
  const { pricedState, amounts, pricedAt, channel } = vend;
  const quote = price(pricedState, amounts.grossPaisa, pricedAt, book, { channel });
  const { energyWh, estimatedWh, tariffVersion, rebateProfile } = quote;
  const entry = vendEntry(factOf(vend), 'unspent-payments', quote);
  const tokenUnits = creditOf(quote).amountUnits;
  return { amounts: quote, energyWh, estimatedWh, tariffVersion, rebateProfile, tokenUnits, entry };
}

/** A deposit given back as credit: arrears first, the rest as energy (MONEY.md 5). */
function givenBack(vend: StoredVend, book: TariffBook): Expected {
  const { depositPaisa } = vend.amounts;
  const { setOffPaisa: arrearsPaisa, payOutPaisa } = setOffDeposit(depositPaisa, vend.pricedState.arrearsPaisa);
  const energy = untaxedEnergy(vend.pricedState, payOutPaisa, vend.pricedAt, book);
  const { energyPaisa, remainderOutPaisa } = energy;
  const { amountUnits } = creditOf(energy);
  return {
    ...energy,
    amounts: { depositPaisa, arrearsPaisa, energyPaisa, remainderOutPaisa },
    tokenUnits: amountUnits === 0n ? null : amountUnits,
    entry: depositCreditEntry(factOf(vend), { arrearsPaisa, energyPaisa, remainderPaisa: remainderOutPaisa }),
  };
}

/** The entry's effect on each account against the expected one's; where the money came from is the payment's affair. */
function bookedDifferences(vend: StoredVend, entry: Entry): Difference[] {
  const expected = new Map<string, Paisa>();
  for (const { debit, credit, amountPaisa } of entry.postings) {
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
