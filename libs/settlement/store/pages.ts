import { dhakaDay, idFromBytes, idToBytes, newId, startOfDay, type Id, type LocalDay } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { OurPayment, TheirRow } from '../match/classify';

/** What is under one transaction id. */
export interface KeyFacts {
  readonly trxId: string;
  readonly ours: OurPayment | undefined;
  /** In the order of day, import and line. */
  readonly rows: readonly TheirRow[];
}

/** A row of the statement that is being gone through, with all that is under its transaction id. */
export interface SeenRow extends KeyFacts {
  readonly row: TheirRow;
}

const THEIRS = `s.import_no, s.line, s.trx_id, s.status, s.amount_paisa, s.fee_paisa, s.batch, s.biller_ref`;
const OURS = `r.id, r.gross_paisa, r.meter_id, DATE_FORMAT(r.business_day, '%Y-%m-%d') AS our_day,
  IF(v.state = 'ISSUED', v.vat_paisa, 0) AS vat_paisa, p.paid_at, p.paid_from`;
const JOIN_OURS = `LEFT JOIN vends v ON v.recharge_id = r.id LEFT JOIN payment_refunds p ON p.recharge_id = r.id`;
// Left to itself the optimizer may begin with the imports and go through all rows of a file, for every page.
const BY_TRX = 'FORCE INDEX (ix_statement_rows_trx)';
const COUNTS = `i.counts_now AND i.kind = 'statement' AND i.provider = ?`;

interface TheirsRow extends Row {
  import_no: number;
  line: number;
  trx_id: string;
  status: TheirRow['status'];
  amount_paisa: string;
  fee_paisa: string;
  batch: string;
  biller_ref: string;
}

interface OursRow extends Row {
  id: Buffer | null;
  gross_paisa: string | null;
  meter_id: Buffer | null;
  our_day: string | null;
  vat_paisa: string | null;
  paid_at: Date | null;
  paid_from: string | null;
}

/** Imports whose rows count for a day, oldest first. */
export async function countingImports(reader: Reader, provider: string, day: LocalDay): Promise<number[]> {
  const rows = await reader.read<{ serial: number }>(
    `SELECT serial FROM statement_imports WHERE provider = ? AND day = ? AND kind = 'statement' AND counts_now
     ORDER BY serial`,
    [provider, day],
  );
  return rows.map(({ serial }) => Number(serial));
}

/**
 * The next rows of an import, each with our payment and with whatever else counts under its id. Two statements a page,
 * whatever its size: the second finds almost nothing, and answers from the index alone.
 *
 * @param source whose payments of ours: `provider:<code>`
 */
export async function readTheirPage(
  reader: Reader,
  of: { readonly provider: string; readonly source: string; readonly day: LocalDay; readonly importNo: number },
  { afterLine, limit }: { readonly afterLine: number; readonly limit: number },
): Promise<SeenRow[]> {
  const found = await reader.read<TheirsRow & OursRow>(
    `SELECT ${THEIRS}, ${OURS} FROM statement_rows s
     LEFT JOIN recharges r ON r.source = ? AND r.source_ref = s.trx_id ${JOIN_OURS}
     WHERE s.import_no = ? AND s.line > ? ORDER BY s.line LIMIT ?`,
    [of.source, of.importNo, afterLine, limit],
  );
  if (found.length === 0) return [];
  const others = await reader.read<TheirsRow & { day: string; of_line: number }>(
    `SELECT STRAIGHT_JOIN ${THEIRS}, DATE_FORMAT(i.day, '%Y-%m-%d') AS day, m.line AS of_line
     FROM statement_rows m FORCE INDEX (PRIMARY)
     JOIN statement_rows s ${BY_TRX} ON s.trx_id = m.trx_id AND (s.import_no <> m.import_no OR s.line <> m.line)
     JOIN statement_imports i ON i.serial = s.import_no AND ${COUNTS}
     WHERE m.import_no = ? AND m.line > ? AND m.line <= ?`,
    [of.provider, of.importNo, afterLine, found.at(-1)!.line],
  );
  const besides = grouped(others, (row) => Number(row.of_line));
  return found.map((each) => {
    const row = theirRow(each, of.day);
    const more = besides.get(row.line);
    const rows = more ? inOrder([row, ...more.map((other) => theirRow(other, other.day))]) : [row];
    return { trxId: each.trx_id, ours: ourPayment(each), row, rows };
  });
}

/** Where a day's payments of ours begin and end among the ids, which begin with their instants; some slack both ways. */
export function idsOfDay(day: LocalDay): { readonly after: Id; readonly through: Id } {
  const [hour, start] = [3_600_000, startOfDay(day)];
  return { after: newId(start - hour), through: newId(start + 25 * hour) };
}

/** The last id of the next so many recharges, of whatever source: a page's end. */
export async function endOfPage(reader: Reader, after: Id, through: Id, size: number): Promise<Id> {
  const [row] = await reader.read<{ id: Buffer }>(
    'SELECT id FROM recharges WHERE id > ? AND id <= ? ORDER BY id LIMIT 1 OFFSET ?',
    [idToBytes(after), idToBytes(through), size - 1],
  );
  return row ? idFromBytes(row.id) : through;
}

/** Our payments of a source and day between two ids, with the rows of theirs that count. */
export async function readOurPage(
  reader: Reader,
  of: { readonly provider: string; readonly source: string; readonly day: LocalDay },
  after: Id,
  through: Id,
): Promise<KeyFacts[]> {
  const rows = await reader.read<TheirsRow & OursRow & { source_ref: string; their_day: string | null }>(
    `SELECT STRAIGHT_JOIN r.source_ref, ${OURS}, ${THEIRS}, DATE_FORMAT(i.day, '%Y-%m-%d') AS their_day FROM recharges r
     FORCE INDEX (PRIMARY) ${JOIN_OURS}
     LEFT JOIN (statement_rows s ${BY_TRX} JOIN statement_imports i ON i.serial = s.import_no AND ${COUNTS})
       ON s.trx_id = r.source_ref
     WHERE r.id > ? AND r.id <= ? AND r.source = ? AND r.business_day = ?`,
    [of.provider, idToBytes(after), idToBytes(through), of.source, of.day],
  );
  return [...grouped(rows, (row) => row.source_ref)].map(([trxId, same]) => ({
    trxId,
    ours: ourPayment(same[0]!),
    rows: inOrder(same.flatMap((row) => (row.their_day === null ? [] : [theirRow(row, row.their_day)]))),
  }));
}

/** All that is under these transaction ids. */
export async function readKeys(
  reader: Reader,
  { provider, source }: { readonly provider: string; readonly source: string },
  trxIds: readonly string[],
): Promise<KeyFacts[]> {
  if (trxIds.length === 0) return [];
  const [ours, theirs] = await Promise.all([
    reader.read<OursRow & { source_ref: string }>(
      `SELECT r.source_ref, ${OURS} FROM recharges r ${JOIN_OURS} WHERE r.source = ? AND r.source_ref IN (?)`,
      [source, trxIds],
    ),
    reader.read<TheirsRow & { day: string }>(
      `SELECT STRAIGHT_JOIN ${THEIRS}, DATE_FORMAT(i.day, '%Y-%m-%d') AS day FROM statement_rows s ${BY_TRX}
       JOIN statement_imports i ON i.serial = s.import_no AND ${COUNTS} WHERE s.trx_id IN (?)`,
      [provider, trxIds],
    ),
  ]);
  const payments = new Map(ours.map((row) => [row.source_ref, ourPayment(row)]));
  const rows = grouped(theirs, (row) => row.trx_id);
  return trxIds.map((trxId) => ({
    trxId,
    ours: payments.get(trxId),
    rows: inOrder((rows.get(trxId) ?? []).map((row) => theirRow(row, row.day))),
  }));
}

function theirRow(row: TheirsRow, day: LocalDay): TheirRow {
  return {
    day,
    importNo: Number(row.import_no),
    line: Number(row.line),
    status: row.status,
    amountPaisa: BigInt(row.amount_paisa),
    feePaisa: BigInt(row.fee_paisa),
    batch: row.batch,
    billerRef: row.biller_ref,
  };
}

function ourPayment(row: OursRow): OurPayment | undefined {
  if (row.id === null) return undefined;
  // Given back out of a till the provider still owes what it took.
  const returned = row.paid_at !== null && /^(?:receivable|float):/.test(row.paid_from ?? '');
  return {
    rechargeId: idFromBytes(row.id),
    meterId: row.meter_id && idFromBytes(row.meter_id),
    day: row.our_day!,
    amountPaisa: BigInt(row.gross_paisa!),
    vatPaisa: BigInt(row.vat_paisa ?? '0'),
    returnedOn: returned ? dhakaDay(row.paid_at!.getTime()) : null,
  };
}

function inOrder(rows: TheirRow[]): TheirRow[] {
  if (rows.length < 2) return rows;
  return rows.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.importNo - b.importNo || a.line - b.line));
}

function grouped<R, K>(rows: readonly R[], keyOf: (row: R) => K): Map<K, R[]> {
  const groups = new Map<K, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
