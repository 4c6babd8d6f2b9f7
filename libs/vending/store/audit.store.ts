import { idFromBytes, idToBytes, type Id, type LocalDay } from '@vend/kernel';
import type { Database, Row } from '@vend/platform';
import { pricedStateFromJson } from '../pricing';
import type { StoredVend } from '../recompute';
import { amountsOfRow } from './vend.store';

const FIRST_ID = Buffer.alloc(16);

/**
 * The next vends of a business day that keep what they were priced on, after one of them, in the order of their ids: an
 * index walk of just these rows, however long the history is.
 */
export async function readVendsOfDay(
  database: Database,
  day: LocalDay,
  after: Id | undefined,
  limit: number,
): Promise<StoredVend[]> {
  const rows = await database.read(
    `SELECT v.*, r.channel, t.amount_units
     FROM vends v
     JOIN recharges r ON r.id = v.recharge_id
     LEFT JOIN vend_tokens t ON t.vend_id = v.id AND t.kind = 'credit'
     WHERE v.business_day = ? AND v.id > ? AND v.pricing_input IS NOT NULL ORDER BY v.id LIMIT ?`,
    [day, after === undefined ? FIRST_ID : idToBytes(after), limit],
  );
  const booked = await readBooked(
    database,
    rows.map((row) => row['recharge_id'] as Buffer),
  );
  return rows.map((row) => storedVendOf(row, booked.get((row['recharge_id'] as Buffer).toString('hex')) ?? new Map()));
}

/** What each vend's entry did to each account: credits less debits. */
async function readBooked(
  database: Database,
  rechargeIds: readonly Buffer[],
): Promise<Map<string, Map<string, bigint>>> {
  const booked = new Map<string, Map<string, bigint>>();
  if (rechargeIds.length === 0) return booked;
  const rows = await database.read<Row & { business_id: Buffer; debit: string; credit: string; amount: string }>(
    `SELECT e.business_id, d.code AS debit, c.code AS credit, p.amount_paisa AS amount
     FROM ledger_entries e
     JOIN ledger_postings p ON p.entry_id = e.id
     JOIN ledger_accounts d ON d.id = p.debit_account_id
     JOIN ledger_accounts c ON c.id = p.credit_account_id
     WHERE e.template IN ('vend', 'deposit-credit') AND e.business_id IN (?)`,
    [rechargeIds],
  );
  for (const { business_id: id, debit, credit, amount } of rows) {
    const key = id.toString('hex');
    const nets = booked.get(key) ?? new Map<string, bigint>();
    nets.set(credit, (nets.get(credit) ?? 0n) + BigInt(amount));
    nets.set(debit, (nets.get(debit) ?? 0n) - BigInt(amount));
    booked.set(key, nets);
  }
  return booked;
}

function storedVendOf(row: Row, booked: ReadonlyMap<string, bigint>): StoredVend {
  const big = (column: string) => (row[column] === null ? null : BigInt(row[column] as string));
  const input = row['pricing_input'];
  const issuedAt = (row['issued_at'] as Date).getTime();
  return {
    kind: row['kind'] as StoredVend['kind'],
    pricedAt: row['kind'] === 'offline-pack' ? pricedAtOf(row['detail']) : issuedAt,
    vendId: idFromBytes(row['id'] as Buffer),
    receiptNo: row['receipt_no'] as string,
    channel: row['channel'] as StoredVend['channel'],
    issuedAt,
    amounts: amountsOfRow(row),
    energyWh: big('energy_wh'),
    estimatedWh: big('estimated_wh'),
    tariffBook: row['tariff_book'] as string,
    priceRevision: row['price_revision'] as number,
    tariffVersion: row['tariff_version'] as string,
    rebateProfile: row['rebate_profile'] as string,
    pricedState: pricedStateFromJson(typeof input === 'string' ? input : JSON.stringify(input)),
    tokenUnits: big('amount_units'),
    booked,
  };
}

/** When a pack's item was priced, as its vend says. MariaDB gives JSON as text, MySQL as an object. */
function pricedAtOf(detail: unknown): number {
  const { pricedAt } = (typeof detail === 'string' ? JSON.parse(detail) : detail) as { pricedAt: string };
  return Date.parse(pricedAt);
}
