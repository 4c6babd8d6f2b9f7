import type { Id, Paisa } from '@vend/kernel';
import type { AccountOf } from './chart';
import { entryOf, mirrored, movement, type Entry, type Fact, type Posting, type ReversibleTemplate } from './entry';

/**
 * The entries beside the vend. Each is one business fact; its `businessId` is made by the caller, kept, and the same
 * at every repeat. All amounts are paisa above zero, else RangeError.
 */

/**
 * Money that a provider says it took, or that is taken from a vendor's float, before anything is sold for it: we owe a
 * vend or a refund. Business id: the
 * recharge.
 *
 * @example paymentEntry({ businessId: rechargeId, bookedAt: now, meterId }, 'receivable:demo-bkash', 50_000n)
 */
export function paymentEntry(
  fact: Fact,
  funds: AccountOf<'receivable' | 'bank' | 'cash' | 'float'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('payment', fact, [movement(funds, 'unspent-payments', amountPaisa)]);
}

/** A payment that will not be vended goes back. Business id: the recharge. */
export function refundEntry(
  fact: Fact,
  from: AccountOf<'cash' | 'receivable' | 'bank' | 'float'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('refund', fact, [movement('unspent-payments', from, amountPaisa)]);
}

/** A customer's debt, brought over from the former system. The meter's state takes the same amount. */
export function arrearsImportEntry(fact: Fact & { readonly meterId: Id }, amountPaisa: Paisa): Entry {
  return entryOf('arrears-import', fact, [movement('customer-arrears', 'opening-balances', amountPaisa)]);
}

/** A security deposit comes in. */
export function depositTakenEntry(
  fact: Fact,
  funds: AccountOf<'cash' | 'receivable' | 'bank'> | 'unspent-payments',
  amountPaisa: Paisa,
): Entry {
  return entryOf('deposit-taken', fact, [movement(funds, 'customer-deposits', amountPaisa)]);
}

/** A security deposit goes back to the customer. */
export function depositRefundEntry(fact: Fact, from: AccountOf<'cash' | 'bank'>, amountPaisa: Paisa): Entry {
  return entryOf('deposit-refund', fact, [movement('customer-deposits', from, amountPaisa)]);
}

/** A security deposit pays the customer's arrears. The meter's state loses the same amount. */
export function depositSetOffEntry(fact: Fact & { readonly meterId: Id }, amountPaisa: Paisa): Entry {
  return entryOf('deposit-set-off', fact, [movement('customer-deposits', 'customer-arrears', amountPaisa)]);
}

/** A security deposit that the former system held, brought over so that it can be given back. */
export function depositImportEntry(fact: Fact, amountPaisa: Paisa): Entry {
  return entryOf('deposit-import', fact, [movement('opening-balances', 'customer-deposits', amountPaisa)]);
}

/** What was carried for a customer who leaves is paid out. The meter's state loses the same amount. */
export function carriedRefundEntry(
  fact: Fact & { readonly meterId: Id },
  from: AccountOf<'cash' | 'bank'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('carried-refund', fact, [movement('customer-remainder', from, amountPaisa)]);
}

/** What is kept for each meter, and goes with the customer when the meter is replaced. */
export interface MeterSums {
  readonly remainderPaisa: Paisa;
  readonly arrearsPaisa: Paisa;
}

/**
 * The sums of a meter go to the one that replaces it: two entries under one business id, out of the old meter and into
 * the new one, to be posted together. Through `meter-transfers`, because a posting belongs to one meter. Nothing to
 * move is no entry.
 *
 * @param fact business id: the replacement
 * @example meterMoveEntries({ businessId, bookedAt: now }, oldMeterId, newMeterId, { remainderPaisa: 37n, arrearsPaisa: 0n })
 */
export function meterMoveEntries(
  fact: Omit<Fact, 'meterId'>,
  fromMeterId: Id,
  toMeterId: Id,
  { remainderPaisa, arrearsPaisa }: MeterSums,
): Entry[] {
  const out: Posting[] = [];
  const into: Posting[] = [];
  if (remainderPaisa !== 0n) {
    out.push(movement('customer-remainder', 'meter-transfers', remainderPaisa));
    into.push(movement('meter-transfers', 'customer-remainder', remainderPaisa));
  }
  if (arrearsPaisa !== 0n) {
    out.push(movement('meter-transfers', 'customer-arrears', arrearsPaisa));
    into.push(movement('customer-arrears', 'meter-transfers', arrearsPaisa));
  }
  if (out.length === 0) return [];
  return [
    entryOf('meter-move-out', { ...fact, meterId: fromMeterId }, out),
    entryOf('meter-move-in', { ...fact, meterId: toMeterId }, into),
  ];
}

/** A customer pays off old debt, and buys nothing. The meter's state loses the same amount. Business id: the order. */
export function arrearsPaymentEntry(
  fact: Fact & { readonly meterId: Id },
  funds: AccountOf<'cash'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('arrears-payment', fact, [movement(funds, 'customer-arrears', amountPaisa)]);
}

/**
 * An old deposit is given back as credit: arrears first, then energy, without VAT or rebate (MONEY.md 5); what is too
 * little for a token's step is carried. Business id: the order.
 *
 * @example depositCreditEntry({ businessId, bookedAt: now, meterId }, { arrearsPaisa: 0n, energyPaisa: 80_000n, remainderPaisa: 0n })
 */
export function depositCreditEntry(
  fact: Fact & { readonly meterId: Id },
  parts: { readonly arrearsPaisa: Paisa; readonly energyPaisa: Paisa; readonly remainderPaisa: Paisa },
): Entry {
  const sinks = [
    ['customer-arrears', parts.arrearsPaisa],
    ['energy-revenue', parts.energyPaisa],
    ['customer-remainder', parts.remainderPaisa],
  ] as const;
  const postings = sinks.flatMap(([account, paisa]) =>
    paisa === 0n ? [] : [movement('customer-deposits', account, paisa)],
  );
  return entryOf('deposit-credit', fact, postings);
}

/**
 * A service fee, with the VAT that is added to it (15 % today; `serviceFee` of libs/tariff reckons it).
 *
 * @example feeEntry({ businessId, bookedAt: now, office: 'Rajshahi-1' }, 'cash:NESCO-RAJ-01', serviceFee(id, connection))
 */
export function feeEntry(
  fact: Fact,
  funds: AccountOf<'cash' | 'receivable'> | 'unspent-payments',
  fee: { readonly feePaisa: Paisa; readonly vatPaisa: Paisa },
): Entry {
  const vat = fee.vatPaisa === 0n ? [] : [movement(funds, 'vat-payable', fee.vatPaisa)];
  return entryOf('fee', fact, [movement(funds, 'fee-revenue', fee.feePaisa), ...vat]);
}

/**
 * Energy given free: what it is worth, so that it is seen; no revenue and no debt comes of it. Business id: the order.
 *
 * @example freeIssueEntry({ businessId: orderId, bookedAt: now, meterId }, 100_000n)
 */
export function freeIssueEntry(fact: Fact & { readonly meterId: Id }, valuePaisa: Paisa): Entry {
  return entryOf('free-issue', fact, [movement('free-issues', 'free-issues-given', valuePaisa)]);
}

/** A station's cash is paid into the bank. */
export function cashBankedEntry(
  fact: Fact & { readonly office: string },
  cash: AccountOf<'cash'>,
  bank: AccountOf<'bank'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('cash-banked', fact, [movement(bank, cash, amountPaisa)]);
}

/** A shift begins: its float goes from the station's safe into the drawer. Business id: the shift. */
export function shiftFloatEntry(
  fact: Fact & { readonly office: string },
  drawer: AccountOf<'cash'>,
  safe: AccountOf<'cash'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('shift-float', fact, [movement(drawer, safe, amountPaisa)]);
}

/**
 * A shift ends: what was counted goes into the station's safe, and what the books had more, or less, is over or short, so
 * that the drawer is empty. Business id: the shift.
 *
 * @param expectedPaisa what the books have in the drawer; may be below zero when more was paid out than came in
 * @returns none when there is nothing to move
 * @example shiftCloseEntry(fact, 'cash:NESCO-RAJ-01.1', 'cash:NESCO-RAJ-01', { expectedPaisa: 500_000n, countedPaisa: 499_500n })
 */
export function shiftCloseEntry(
  fact: Fact & { readonly office: string },
  drawer: AccountOf<'cash'>,
  safe: AccountOf<'cash'>,
  { expectedPaisa, countedPaisa }: { readonly expectedPaisa: Paisa; readonly countedPaisa: Paisa },
): Entry[] {
  const overPaisa = countedPaisa - expectedPaisa;
  const postings: Posting[] = [];
  // First, so that the drawer has what goes into the safe.
  if (overPaisa > 0n) postings.push(movement(drawer, 'cash-over-short', overPaisa));
  if (overPaisa < 0n) postings.push(movement('cash-over-short', drawer, -overPaisa));
  if (countedPaisa > 0n) postings.push(movement(safe, drawer, countedPaisa));
  return postings.length === 0 ? [] : [entryOf('shift-close', fact, postings)];
}

/** Cash leaves a station for the bank. Business id: the deposit slip. */
export function cashSentEntry(
  fact: Fact & { readonly office: string },
  cash: AccountOf<'cash'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('cash-sent', fact, [movement('cash-in-transit', cash, amountPaisa)]);
}

/** The bank has received what a station sent. Business id: the deposit slip. */
export function cashReceivedEntry(
  fact: Fact & { readonly office: string },
  bank: AccountOf<'bank'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('cash-received', fact, [movement(bank, 'cash-in-transit', amountPaisa)]);
}

/**
 * A provider pays what it owes, less its commission. The two may come apart: the statement says what was kept, and the
 * bank has the rest another day.
 *
 * @param paidPaisa what reached the bank; may be zero
 * @param commissionPaisa what the provider kept; may be zero
 * @throws {RangeError} when both are zero, or one is less
 */
export function settlementEntry(
  fact: Fact,
  provider: AccountOf<'receivable'>,
  bank: AccountOf<'bank'>,
  { paidPaisa, commissionPaisa }: { readonly paidPaisa: Paisa; readonly commissionPaisa: Paisa },
): Entry {
  if (paidPaisa === 0n && commissionPaisa === 0n) throw new RangeError(`nothing is settled of ${provider}`);
  const paid = paidPaisa === 0n ? [] : [movement(bank, provider, paidPaisa)];
  const kept = commissionPaisa === 0n ? [] : [movement('commission', provider, commissionPaisa)];
  return entryOf('settlement', fact, [...paid, ...kept]);
}

/** What a provider paid or kept beyond what it owed goes back to it, or is kept less by it. */
export function settlementBackEntry(
  fact: Fact,
  provider: AccountOf<'receivable'>,
  from: AccountOf<'bank'> | 'commission',
  amountPaisa: Paisa,
): Entry {
  return entryOf('settlement-back', fact, [movement(provider, from, amountPaisa)]);
}

/** The VAT share of a settlement is moved to the account that is kept for it. */
export function vatTransferEntry(
  fact: Fact,
  from: AccountOf<'bank'>,
  vatBank: AccountOf<'bank'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('vat-transfer', fact, [movement(vatBank, from, amountPaisa)]);
}

/**
 * A token was given for money that the provider never took: the meter owes it, and a vendor has it back in its float. The
 * meter's state takes the same amount.
 *
 * @example claimToDebtEntry({ businessId, bookedAt: now, meterId }, 'receivable:demo-bkash', 50_000n)
 */
export function claimToDebtEntry(
  fact: Fact & { readonly meterId: Id },
  provider: AccountOf<'receivable' | 'float'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('claim-to-debt', fact, [movement('customer-arrears', provider, amountPaisa)]);
}

/** A vendor's commission is added to its float. */
export function commissionEntry(fact: Fact, vendor: AccountOf<'float'>, amountPaisa: Paisa): Entry {
  return entryOf('commission', fact, [movement('commission', vendor, amountPaisa)]);
}

/** Commission that a vendor had too much, because fewer of its sales stand than before, is taken from its float. */
export function commissionBackEntry(fact: Fact, vendor: AccountOf<'float'>, amountPaisa: Paisa): Entry {
  return entryOf('commission-back', fact, [movement(vendor, 'commission', amountPaisa)]);
}

/** A debt that nobody will pay; for a vendor, a sale that it never had the money of. For a customer's arrears the meter's state loses the same amount. */
export function writeOffEntry(
  fact: Fact,
  debt: 'customer-arrears' | AccountOf<'receivable' | 'float'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('write-off', fact, [movement('write-offs', debt, amountPaisa)]);
}

/** A vendor pays into its float. */
export function floatTopUpEntry(
  fact: Fact,
  funds: AccountOf<'bank' | 'cash' | 'receivable'>,
  vendor: AccountOf<'float'>,
  amountPaisa: Paisa,
): Entry {
  return entryOf('float-top-up', fact, [movement(funds, vendor, amountPaisa)]);
}

/**
 * Takes an entry back whole: the same postings the other way round, under the same business id. The database
 * compares it with the original, line by line, and lets it in once.
 *
 * @param original its template and its postings, as `LedgerService.entry` reads them
 * @example reversalEntry({ businessId, bookedAt: now }, 'settlement', (await ledger.entry('settlement', businessId))!.postings)
 */
export function reversalEntry(fact: Fact, original: ReversibleTemplate, postings: readonly Posting[]): Entry {
  return entryOf(`reversal:${original}`, fact, mirrored(postings));
}
