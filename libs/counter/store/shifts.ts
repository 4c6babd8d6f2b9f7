import { idFromBytes, idToBytes, type Id, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { Counted } from '../counted';
import type { Shift, ShiftCount, ShiftState } from '../shift';

/** A shift's row, with its places in the drawer's statement. */
export interface StoredShift extends Shift {
  /** What the drawer's account had before the float came in. */
  readonly beforePaisa: Paisa;
  readonly afterEntry: Id;
  /** The Idempotency-Keys that opened and closed it. */
  readonly openKey: Id;
  readonly closeKey: Id | null;
  /** null until it is closed. */
  readonly lastEntry: Id | null;
}

interface ShiftRow extends Row {
  id: Buffer;
  open_key: Buffer;
  close_key: Buffer | null;
  station: string;
  till: string;
  clerk: string;
  business_day: string;
  state: ShiftState;
  float_paisa: string;
  opened_at: Date;
  before_paisa: string;
  after_entry: Buffer;
  last_entry: Buffer | null;
  counts: number;
  closed_at: Date | null;
  closed_by: string | null;
}

const COLUMNS = `id, open_key, close_key, station, till, clerk, business_day, state, float_paisa, opened_at, before_paisa, after_entry, last_entry,
  counts, closed_at, closed_by`;

function shiftOf(row: ShiftRow): StoredShift {
  return {
    shiftId: idFromBytes(row.id),
    openKey: idFromBytes(row.open_key),
    closeKey: row.close_key && idFromBytes(row.close_key),
    station: row.station,
    till: row.till,
    clerk: row.clerk,
    businessDay: row.business_day,
    state: row.state,
    floatPaisa: BigInt(row.float_paisa),
    openedAt: row.opened_at.getTime(),
    beforePaisa: BigInt(row.before_paisa),
    afterEntry: idFromBytes(row.after_entry),
    lastEntry: row.last_entry && idFromBytes(row.last_entry),
    counts: row.counts,
    closedAt: row.closed_at && row.closed_at.getTime(),
    closedBy: row.closed_by,
  };
}

export async function insertShift(tx: Tx, shift: StoredShift): Promise<void> {
  await tx.write(
    `INSERT INTO shifts (id, open_key, station, till, clerk, business_day, state, float_paisa, opened_at, before_paisa,
       after_entry) VALUES (?)`,
    [
      [
        ...[
          idToBytes(shift.shiftId),
          idToBytes(shift.openKey),
          shift.station,
          shift.till,
          shift.clerk,
          shift.businessDay,
          shift.state,
        ],
        ...[shift.floatPaisa, new Date(shift.openedAt), shift.beforePaisa, idToBytes(shift.afterEntry)],
      ],
    ],
  );
}

/** Holds the shift's row to the commit: who counts and who closes come one after the other. */
export async function lockShift(tx: Tx, shiftId: Id): Promise<StoredShift | undefined> {
  const rows = await tx.query<ShiftRow>(`SELECT ${COLUMNS} FROM shifts WHERE id = ? FOR UPDATE`, [idToBytes(shiftId)]);
  return rows[0] && shiftOf(rows[0]);
}

export async function readShift(reader: Reader, shiftId: Id): Promise<StoredShift | undefined> {
  const rows = await reader.read<ShiftRow>(`SELECT ${COLUMNS} FROM shifts WHERE id = ?`, [idToBytes(shiftId)]);
  return rows[0] && shiftOf(rows[0]);
}

/** The shift that a key has opened. */
export async function shiftOfKey(reader: Reader, key: Id): Promise<StoredShift | undefined> {
  const rows = await reader.read<ShiftRow>(`SELECT ${COLUMNS} FROM shifts WHERE open_key = ?`, [idToBytes(key)]);
  return rows[0] && shiftOf(rows[0]);
}

/** The clerk's shift that is not closed. */
export async function currentShift(reader: Reader, clerk: string): Promise<StoredShift | undefined> {
  const rows = await reader.read<ShiftRow>(`SELECT ${COLUMNS} FROM shifts WHERE open_clerk = ?`, [clerk]);
  return rows[0] && shiftOf(rows[0]);
}

export async function moveShift(tx: Tx, shiftId: Id, to: { readonly state: ShiftState; readonly counts: number }) {
  await tx.write('UPDATE shifts SET state = ?, counts = ? WHERE id = ?', [to.state, to.counts, idToBytes(shiftId)]);
}

export async function closeShift(
  tx: Tx,
  shiftId: Id,
  end: { readonly key: Id; readonly by: string; readonly at: number; readonly lastEntry: Id },
): Promise<void> {
  await tx.write(
    `UPDATE shifts SET state = 'CLOSED', close_key = ?, closed_by = ?, closed_at = ?, last_entry = ? WHERE id = ?`,
    [idToBytes(end.key), end.by, new Date(end.at), idToBytes(end.lastEntry), idToBytes(shiftId)],
  );
}

export async function insertCount(tx: Tx, shiftId: Id, count: ShiftCount): Promise<void> {
  const { no, countedAt, counted, countedPaisa, expectedPaisa, explanation } = count;
  await tx.write(
    `INSERT INTO shift_counts (shift_id, no, counted_at, pieces, counted_paisa, expected_paisa, explanation) VALUES (?)`,
    [
      [
        ...[idToBytes(shiftId), no, new Date(countedAt), JSON.stringify(counted)],
        ...[countedPaisa, expectedPaisa, explanation],
      ],
    ],
  );
}

/** The last count of each of these shifts. */
export async function lastCounts(on: Pick<Tx, 'query'>, shiftIds: readonly Id[]): Promise<Map<Id, ShiftCount>> {
  if (shiftIds.length === 0) return new Map();
  const rows = await on.query<{
    id: Buffer;
    no: number;
    counted_at: Date;
    pieces: string | Counted;
    counted: string;
    expected: string;
    explanation: string | null;
  }>(
    `SELECT c.shift_id AS id, c.no, c.counted_at, c.pieces, c.counted_paisa AS counted, c.expected_paisa AS expected,
       c.explanation FROM shifts s JOIN shift_counts c ON c.shift_id = s.id AND c.no = s.counts WHERE s.id IN (?)`,
    [shiftIds.map(idToBytes)],
  );
  return new Map(
    rows.map((row) => [
      idFromBytes(row.id),
      {
        no: row.no,
        countedAt: row.counted_at.getTime(),
        counted: typeof row.pieces === 'string' ? (JSON.parse(row.pieces) as Counted) : row.pieces,
        countedPaisa: BigInt(row.counted),
        expectedPaisa: BigInt(row.expected),
        explanation: row.explanation,
      },
    ]),
  );
}

/** Which shifts a list has; newest first. */
export interface ShiftQuestion {
  readonly offices: 'all' | readonly string[];
  /** A person who sees the own shifts alone. */
  readonly clerk?: string | undefined;
  readonly station?: string | undefined;
  /** Only those that are not closed. */
  readonly isOpen?: boolean | undefined;
  /** The last shift of the page before. */
  readonly before?: Id | undefined;
  readonly limit: number;
}

export async function listShifts(reader: Reader, question: ShiftQuestion): Promise<StoredShift[]> {
  const { offices, clerk, station, isOpen, before, limit } = question;
  const wheres: [string, unknown][] = [];
  if (offices !== 'all') wheres.push(['station IN (SELECT code FROM stations WHERE office IN (?))', offices]);
  if (clerk !== undefined) wheres.push(['clerk = ?', clerk]);
  if (station !== undefined) wheres.push(['station = ?', station]);
  if (before !== undefined) wheres.push(['id < ?', idToBytes(before)]);
  // By the unique key of those that are not closed: there are a handful, among years of shifts.
  const conditions = [...(isOpen ? ['open_clerk IS NOT NULL'] : []), ...wheres.map(([sql]) => sql)];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await reader.read<ShiftRow>(`SELECT ${COLUMNS} FROM shifts ${where} ORDER BY id DESC LIMIT ?`, [
    ...wheres.map(([, value]) => value),
    limit,
  ]);
  return rows.map(shiftOf);
}

/** The shifts of a station that were opened on a day, and the drawers it ever had. */
export async function shiftsOfDay(reader: Reader, station: string, day: string): Promise<StoredShift[]> {
  const rows = await reader.read<ShiftRow>(
    `SELECT ${COLUMNS} FROM shifts WHERE station = ? AND business_day = ? ORDER BY id`,
    [station, day],
  );
  return rows.map(shiftOf);
}

export async function tillsOf(reader: Reader, station: string): Promise<string[]> {
  const rows = await reader.read<{ till: string }>('SELECT DISTINCT till FROM shifts WHERE station = ?', [station]);
  return rows.map(({ till }) => till);
}
