import { idToBytes, type Id } from '@vend/kernel';
import { leaveToWorkerAgain, type Reader, type Tx } from '@vend/platform';
import type { CheckoutOrder } from '../order';
import { findOrder } from './orders';

/** A provider whose money a notice may tell of. */
export interface CoveredProvider {
  readonly code: string;
  readonly profile: string;
  /** It sells from a float: its payments have another source. */
  readonly prepaid: boolean;
}

/** Those of the codes that there are, in the order in which they were named. */
export async function coveredProviders(reader: Reader, codes: readonly string[]): Promise<CoveredProvider[]> {
  const rows = await reader.read<{ code: string; profile: string; prepaid: number }>(
    'SELECT code, profile, prepaid FROM payment_providers WHERE code IN (?)',
    [codes],
  );
  return codes
    .flatMap((code) => rows.find((row) => row.code === code) ?? [])
    .map(({ code, profile, prepaid }) => ({ code, profile, prepaid: Boolean(prepaid) }));
}

/** What a biller has told us of a transaction: it waits to be worked, or its sender was told that we do not take it. */
export async function billerCommitState(
  reader: Reader,
  provider: string,
  trxId: string,
): Promise<'WORKING' | 'BOOKED' | 'REFUSED' | undefined> {
  const [row] = await reader.read<{ state: 'WORKING' | 'BOOKED' | 'REFUSED' }>(
    'SELECT state FROM biller_commits WHERE provider = ? AND trx_id = ?',
    [provider, trxId],
  );
  return row?.state;
}

/** An order that a notice names by the number that we gave it. */
export function orderOfInvoice(reader: Reader, provider: string, orderNo: string): Promise<CheckoutOrder | undefined> {
  return findOrder(reader, { provider, orderNo });
}

/** The gateway is asked about the order now, and not when its turn comes. */
export async function wakeOrder(tx: Tx, orderId: Id, now: Date): Promise<void> {
  await leaveToWorkerAgain(tx, 'checkout', [orderId], now);
}

/** Keeps what the payer typed, for whoever looks into money without an order; a second time changes nothing. */
export async function keepTypedReference(tx: Tx, rechargeId: Id, typed: string): Promise<void> {
  await tx.write('INSERT IGNORE INTO money_notices (recharge_id, typed) VALUES (?)', [[idToBytes(rechargeId), typed]]);
}
