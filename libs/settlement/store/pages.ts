import { dhakaDay, idFromBytes, idToBytes, newId, startOfDay, type Id, type LocalDay, type Paisa } from '@vend/kernel';
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
  IF(v.state = 'ISSUED', v.vat_paisa, 0) AS vat_paisa, e.booked_at AS refunded_at, p.paid_from`;
const JOIN_VENDS = 'LEFT JOIN vends v ON v.recharge_id = r.id';
const JOIN_OURS = `${JOIN_VENDS} LEFT JOIN payment_refunds p ON p.recharge_id = r.id
  LEFT JOIN ledger_entries e ON e.template = 'refund' AND e.business_id = r.id`;
// Left to itself the optimizer may begin with the imports and go through all rows of a file, for every page.
const BY_TRX = 'FORCE INDEX (ix_statement_rows_trx)';
/** Keys that are named in one statement: MariaDB makes a table of a longer list. */
const KEYS = 500;
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
  refunded_at: Date | null;
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

/** What agrees, added up by the database: rows or payments of one batch. */
export interface PlainSum {
  /** '' on our side. */
  readonly batch: string;
  readonly count: number;
  readonly amountPaisa: Paisa;
  readonly feePaisa: Paisa;
  readonly vatPaisa: Paisa;
}

/** A page of a day: the sums of what plainly agrees, and what must be looked at one by one. */
export interface SiftedPage<Odd> {
  readonly plain: readonly PlainSum[];
  readonly odd: readonly Odd[];
}

interface SumRow extends Row {
  batch: string;
  n: number;
  amount: string;
  fee: string;
  vat: string | null;
}

interface ImportOf {
  readonly provider: string;
  readonly source: string;
  readonly day: LocalDay;
  readonly importNo: number;
}

/** The last line that is stored of an import; 0: none. */
export async function lastLineOf(reader: Reader, importNo: number): Promise<number> {
  const [row] = await reader.read<{ line: number | null }>(
    'SELECT MAX(line) AS line FROM statement_rows WHERE import_no = ?',
    [importNo],
  );
  return Number(row?.line ?? 0);
}

/**
 * Lines of an import, sifted: a payment that is alone under its id, of which we hold the same amount, is only added up, in
 * the database itself. Each line is in one part, so what changes meanwhile is counted once, as it was or as it is.
 *
 * @param of source: whose payments of ours, `provider:<code>`
 */
export async function siftTheirPage(
  reader: Reader,
  of: ImportOf,
  { afterLine, throughLine }: { readonly afterLine: number; readonly throughLine: number },
): Promise<SiftedPage<SeenRow>> {
  const rows = await reader.read<SumRow & { odd: number }>(
    `SELECT STRAIGHT_JOIN IF(s.status = 'PAID' AND r.gross_paisa = s.amount_paisa AND r.state <> 'REFUNDED' AND NOT EXISTS (
         SELECT 1 FROM statement_rows o ${BY_TRX} JOIN statement_imports i ON i.serial = o.import_no AND ${COUNTS}
         WHERE o.trx_id = s.trx_id AND (o.import_no <> s.import_no OR o.line <> s.line)), 0, s.line) AS odd,
       s.batch, COUNT(*) AS n, SUM(s.amount_paisa) AS amount, SUM(s.fee_paisa) AS fee,
       SUM(IF(v.state = 'ISSUED', v.vat_paisa, 0)) AS vat
     FROM statement_rows s FORCE INDEX (PRIMARY)
     LEFT JOIN recharges r ON r.source = ? AND r.source_ref = s.trx_id ${JOIN_VENDS}
     WHERE s.import_no = ? AND s.line > ? AND s.line <= ? GROUP BY odd, s.batch`,
    [of.provider, of.source, of.importNo, afterLine, throughLine],
  );
  const lines = rows.flatMap(({ odd }) => (Number(odd) === 0 ? [] : [Number(odd)]));
  const odd: SeenRow[] = [];
  for (let i = 0; i < lines.length; i += KEYS) odd.push(...(await readLines(reader, of, lines.slice(i, i + KEYS))));
  return { plain: rows.filter((row) => Number(row.odd) === 0).map(plainSum), odd };
}

/** Lines of an import, each with our payment and with whatever else counts under its id. */
async function readLines(reader: Reader, of: ImportOf, lines: readonly number[]): Promise<SeenRow[]> {
  const found = await reader.read<TheirsRow & OursRow>(
    `SELECT ${THEIRS}, ${OURS} FROM statement_rows s
     LEFT JOIN recharges r ON r.source = ? AND r.source_ref = s.trx_id ${JOIN_OURS}
     WHERE s.import_no = ? AND s.line IN (?) ORDER BY s.line`,
    [of.source, of.importNo, lines],
  );
  const others = await reader.read<TheirsRow & { day: string; of_line: number }>(
    `SELECT STRAIGHT_JOIN ${THEIRS}, DATE_FORMAT(i.day, '%Y-%m-%d') AS day, m.line AS of_line
     FROM statement_rows m FORCE INDEX (PRIMARY)
     JOIN statement_rows s ${BY_TRX} ON s.trx_id = m.trx_id AND (s.import_no <> m.import_no OR s.line <> m.line)
     JOIN statement_imports i ON i.serial = s.import_no AND ${COUNTS}
     WHERE m.import_no = ? AND m.line IN (?)`,
    [of.provider, of.importNo, lines],
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

/** Our payments of a source and day between two ids, sifted as their lines are. */
export async function siftOurPage(
  reader: Reader,
  of: { readonly provider: string; readonly source: string; readonly day: LocalDay },
  after: Id,
  through: Id,
): Promise<SiftedPage<KeyFacts>> {
  const rows = await reader.read<SumRow & { odd: string | null }>(
    `SELECT STRAIGHT_JOIN IF(r.state <> 'REFUNDED' AND (
         SELECT COUNT(*) = 1 AND MIN(s.status = 'PAID' AND s.amount_paisa = r.gross_paisa)
         FROM statement_rows s ${BY_TRX} JOIN statement_imports i ON i.serial = s.import_no AND ${COUNTS}
         WHERE s.trx_id = r.source_ref), NULL, r.source_ref) AS odd,
       '' AS batch, COUNT(*) AS n, SUM(r.gross_paisa) AS amount, 0 AS fee,
       SUM(IF(v.state = 'ISSUED', v.vat_paisa, 0)) AS vat
     FROM recharges r FORCE INDEX (PRIMARY) ${JOIN_VENDS}
     WHERE r.id > ? AND r.id <= ? AND r.source = ? AND r.business_day = ? GROUP BY odd`,
    [of.provider, idToBytes(after), idToBytes(through), of.source, of.day],
  );
  const trxIds = rows.flatMap(({ odd }) => odd ?? []);
  const odd: KeyFacts[] = [];
  for (let i = 0; i < trxIds.length; i += KEYS) odd.push(...(await readKeys(reader, of, trxIds.slice(i, i + KEYS))));
  return { plain: rows.filter((row) => row.odd === null).map(plainSum), odd };
}

function plainSum({ batch, n, amount, fee, vat }: SumRow): PlainSum {
  const [amountPaisa, feePaisa, vatPaisa] = [BigInt(amount), BigInt(fee), BigInt(vat ?? '0')];
  return { batch, count: Number(n), amountPaisa, feePaisa, vatPaisa };
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
  // Given back out of a till the provider still owes what it took. What the provider took back itself has no voucher.
  const returned = row.refunded_at !== null && !/^(?:cash|bank):/.test(row.paid_from ?? '');
  return {
    rechargeId: idFromBytes(row.id),
    meterId: row.meter_id && idFromBytes(row.meter_id),
    day: row.our_day!,
    amountPaisa: BigInt(row.gross_paisa!),
    vatPaisa: BigInt(row.vat_paisa ?? '0'),
    returnedOn: returned ? dhakaDay(row.refunded_at!.getTime()) : null,
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
