import type { InstantMs, LocalDay, Paisa } from '@vend/kernel';
import type { Database, Reader, Tx } from '@vend/platform';
import type { Bucket } from '../match/classify';
import type { DayTotals, Side, Total } from '../match/day-totals';

interface OfDay {
  readonly provider: string;
  readonly day: LocalDay;
}

/** Writes a day's sums in place of those of an earlier comparison. */
export async function saveDay(database: Database, of: OfDay, totals: DayTotals, at: InstantMs): Promise<void> {
  await database.transaction(async (tx) => {
    await claimDay(tx, of, totals.count('theirs'), at);
    await tx.write('DELETE FROM settlement_totals WHERE provider = ? AND day = ?', [of.provider, of.day]);
    const rows = totals
      .all()
      .map((t) => [of.provider, of.day, t.side, t.bucket, t.batch, t.count, t.amountPaisa, t.feePaisa, t.vatPaisa]);
    if (rows.length === 0) return;
    await tx.write(
      `INSERT INTO settlement_totals (provider, day, side, bucket, batch, item_count, amount_paisa, fee_paisa, vat_paisa)
       VALUES ?`,
      [rows],
    );
  });
}

/** The day's row, locked: two comparisons at once write one after the other. */
async function claimDay(tx: Tx, { provider, day }: OfDay, rows: number, at: InstantMs): Promise<void> {
  await tx.write('INSERT IGNORE INTO settlement_days (provider, day, matched_at, matched_rows) VALUES (?)', [
    [provider, day, new Date(at), rows],
  ]);
  await tx.write('UPDATE settlement_days SET matched_at = ?, matched_rows = ? WHERE provider = ? AND day = ?', [
    ...[new Date(at), rows, provider, day],
  ]);
}

/** When a day was compared last; undefined: never. */
export async function matchedAt(reader: Reader, { provider, day }: OfDay): Promise<InstantMs | undefined> {
  const [row] = await reader.read<{ matched_at: Date }>(
    'SELECT matched_at FROM settlement_days WHERE provider = ? AND day = ?',
    [provider, day],
  );
  return row?.matched_at.getTime();
}

export async function readTotals(reader: Reader, { provider, day }: OfDay): Promise<Total[]> {
  const rows = await reader.read<{
    side: Side;
    bucket: Bucket;
    batch: string;
    item_count: number;
    amount_paisa: string;
    fee_paisa: string;
    vat_paisa: string;
  }>(
    `SELECT side, bucket, batch, item_count, amount_paisa, fee_paisa, vat_paisa FROM settlement_totals
     WHERE provider = ? AND day = ? ORDER BY side, bucket, batch`,
    [provider, day],
  );
  return rows.map((row) => ({
    side: row.side,
    bucket: row.bucket,
    batch: row.batch,
    count: Number(row.item_count),
    amountPaisa: BigInt(row.amount_paisa),
    feePaisa: BigInt(row.fee_paisa),
    vatPaisa: BigInt(row.vat_paisa),
  }));
}

/** Days of a provider that were compared, from a day on. */
export async function matchedDays(reader: Reader, provider: string, from: LocalDay): Promise<LocalDay[]> {
  const rows = await reader.read<{ day: string }>(
    `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day FROM settlement_days WHERE provider = ? AND day >= ? ORDER BY day`,
    [provider, from],
  );
  return rows.map(({ day }) => day);
}

/** What the statements say of a batch, and what the bank has of it. */
export interface BatchSums {
  readonly batch: string;
  /** The last statement's day with rows of it; null: only the bank knows it. */
  readonly lastDay: LocalDay | null;
  /** Of its latest credit. */
  readonly creditedOn: LocalDay | null;
  readonly amountPaisa: Paisa;
  readonly feePaisa: Paisa;
  readonly vatPaisa: Paisa;
  /** By account, without `bank:`. */
  readonly credited: ReadonlyMap<string, Paisa>;
}

/** The batches that statements or credits of these days name. */
export async function readBatches(reader: Reader, provider: string, from: LocalDay): Promise<BatchSums[]> {
  const names = await reader.read<{ batch: string }>(
    `SELECT batch FROM settlement_totals WHERE provider = ? AND day >= ? AND side = 'theirs'
     UNION SELECT batch FROM bank_credits WHERE provider = ? AND value_date >= ?`,
    [provider, from, provider, from],
  );
  if (names.length === 0) return [];
  const batches = names.map(({ batch }) => batch);
  const [sums, credits] = await Promise.all([
    reader.read<{ batch: string; last_day: string; amount: string; fee: string; vat: string }>(
      `SELECT batch, DATE_FORMAT(MAX(day), '%Y-%m-%d') AS last_day, SUM(amount_paisa) AS amount, SUM(fee_paisa) AS fee,
         SUM(vat_paisa) AS vat
       FROM settlement_totals WHERE provider = ? AND side = 'theirs' AND batch IN (?) GROUP BY batch`,
      [provider, batches],
    ),
    reader.read<{ batch: string; account: string; last_day: string; amount: string }>(
      `SELECT batch, account, DATE_FORMAT(MAX(value_date), '%Y-%m-%d') AS last_day, SUM(amount_paisa) AS amount
       FROM bank_credits WHERE provider = ? AND batch IN (?) GROUP BY batch, account`,
      [provider, batches],
    ),
  ]);
  const stated = new Map(sums.map((row) => [row.batch, row]));
  return batches.map((batch) => {
    const said = stated.get(batch);
    const own = credits.filter((credit) => credit.batch === batch);
    return {
      batch,
      lastDay: said?.last_day ?? null,
      creditedOn:
        own
          .map(({ last_day }) => last_day)
          .sort()
          .at(-1) ?? null,
      amountPaisa: BigInt(said?.amount ?? '0'),
      feePaisa: BigInt(said?.fee ?? '0'),
      vatPaisa: BigInt(said?.vat ?? '0'),
      credited: new Map(own.map(({ account, amount }) => [account, BigInt(amount)])),
    };
  });
}
