import { crc32 } from 'node:zlib';
import { idFromBytes, idToBytes, isId, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { TracedKeyChange, TracedLoad, TracedMeter, TracedToken } from '../trace/trace';

/** A payment's row with its vend's, as the trace reads them. */
export interface EventRow extends Row {
  readonly recharge_id: Buffer;
  readonly meter_id: Buffer | null;
  readonly vend_id: Buffer | null;
}

const EVENT_COLUMNS = `r.id AS recharge_id, r.kind, r.source, r.source_ref, r.channel, r.state, r.refusal_code,
  r.gross_paisa, r.received_at, r.meter_id, v.id AS vend_id, v.receipt_no, v.state AS vend_state, v.issued_at,
  v.energy_paisa, v.energy_wh, v.estimated_wh, v.arrears_paisa, v.rent_paisa, v.demand_paisa`;
const EVENTS = `SELECT ${EVENT_COLUMNS} FROM recharges r LEFT JOIN vends v ON v.recharge_id = r.id`;

/** Whoever else gets the SMS of a connection is known by the phone as well. */
const PERSON_OF_PHONE = `n.id IN (SELECT connection_id FROM connection_people WHERE mobile = ? AND removed_at IS NULL)`;

const bytes = (ids: readonly Id[]) => ids.map(idToBytes);

/** The meters that a number or a phone names: active ones first. */
export async function findTracedMeters(
  reader: Reader,
  by: { readonly ids: readonly Id[] } | { readonly meter: string } | { readonly phone: string },
): Promise<Omit<TracedMeter, 'keyChanges'>[]> {
  if ('ids' in by && by.ids.length === 0) return [];
  const select = `SELECT m.id, m.pan, m.status, m.head_end, c.customer_no, c.name, c.office, c.mobile IS NOT NULL AS has_phone,
      s.arrears_paisa, s.pfc_due_paisa + s.penalty_due_paisa + s.adjustment_due_paisa AS dues, s.charged_through
    FROM meters m JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
      JOIN meter_states s ON s.meter_id = m.id`;
  // A condition for each key, joined by UNION: each walks its own index, which OR over two tables would not.
  const [conditions, value] =
    'ids' in by
      ? [['m.id IN (?)'], bytes(by.ids)]
      : 'phone' in by
        ? [['c.mobile = ?', PERSON_OF_PHONE], by.phone]
        : [['m.pan = ?', 'm.drn = ?', 'c.customer_no = ?'], by.meter];
  const sql = conditions.map((condition) => `(${select} WHERE ${condition} LIMIT 20)`).join(' UNION ');
  const rows = await reader.read(
    sql,
    conditions.map(() => value),
  );
  return rows.map(meterOf).sort((a, b) => (a.status < b.status ? -1 : a.status > b.status ? 1 : 0));
}

/** The last events of these meters, the newest first. */
export function lastEvents(reader: Reader, meterIds: readonly Id[], limit: number): Promise<EventRow[]> {
  if (meterIds.length === 0) return Promise.resolve([]);
  return reader.read<EventRow>(`${EVENTS} WHERE r.meter_id IN (?) ORDER BY r.received_at DESC, r.id DESC LIMIT ?`, [
    bytes(meterIds),
    limit,
  ]);
}

/** The event of a provider's transaction id, or of our own recharge id. */
export async function eventOfTransaction(reader: Reader, transactionId: string): Promise<EventRow[]> {
  if (isId(transactionId)) {
    const own = await reader.read<EventRow>(`${EVENTS} WHERE r.id = ?`, [idToBytes(transactionId)]);
    if (own.length > 0) return own;
  }
  // The business key begins with the provider: a dozen points of its index, where the id alone would need one of its own.
  const rows = await reader.read<{ source: string }>(
    `SELECT CONCAT('provider:', code) AS source FROM partners
     UNION SELECT CONCAT(IF(prepaid, 'vendor:', 'provider:'), code) FROM payment_providers`,
  );
  if (rows.length === 0) return [];
  const sources = rows.map(({ source }) => source);
  return reader.read<EventRow>(`${EVENTS} WHERE r.source IN (?) AND r.source_ref = ? LIMIT 5`, [
    sources,
    transactionId,
  ]);
}

export function eventOfReceipt(reader: Reader, receiptNo: string): Promise<EventRow[]> {
  return reader.read<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM vends v JOIN recharges r ON r.id = v.recharge_id WHERE v.receipt_no = ?`,
    [receiptNo],
  );
}

/**
 * The vends that hold this token: by its checksum, so that no statement carries it, then whole. Test and display tokens
 * are the same for every meter and name none.
 */
export async function findToken(
  reader: Reader,
  digits: string,
): Promise<(TracedToken & { meterId: Id; vendId: Id })[]> {
  const rows = await reader.read(
    `SELECT vend_id, meter_id, sequence, of_count, kind, digits, tid, base_date FROM vend_tokens
     WHERE print = ? AND kind <> 'test-display' LIMIT 50`,
    [crc32(digits)],
  );
  return rows
    .filter((row) => row['digits'] === digits)
    .map((row) => ({
      ...tokenOf(row),
      meterId: idFromBytes(row['meter_id'] as Buffer),
      vendId: idFromBytes(row['vend_id'] as Buffer),
    }));
}

export function eventOfVend(reader: Reader, vendId: Id): Promise<EventRow[]> {
  return reader.read<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM vends v JOIN recharges r ON r.id = v.recharge_id WHERE v.id = ?`,
    [idToBytes(vendId)],
  );
}

/** How many tokens the token's meter has with a higher TID under the same base date: a range of its unique key. */
export async function countLaterTokens(reader: Reader, token: TracedToken & { meterId: Id }): Promise<number> {
  if (token.tid === null) return 0;
  const [row] = await reader.read<{ n: string }>(
    'SELECT COUNT(*) AS n FROM vend_tokens WHERE meter_id = ? AND base_date = ? AND tid > ?',
    [idToBytes(token.meterId), token.baseDate, token.tid],
  );
  return Number(row!.n);
}

/** What surrounds a set of vends and payments, by their ids in hex. */
export interface Surroundings {
  readonly tokens: Map<string, TracedToken[]>;
  readonly notices: Map<string, Row>;
  readonly loads: Map<string, TracedLoad>;
  readonly cancelledAt: Map<string, number>;
  /** Outbox attempts, by topic and reference. */
  readonly attempts: Map<string, number>;
  readonly keyChanges: Map<string, TracedKeyChange[]>;
  readonly cases: readonly CaseRow[];
}

/** A case as it is stored. */
interface CaseRow {
  readonly caseId: Id;
  readonly year: number;
  readonly serial: number;
  readonly kind: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly office: string;
  readonly owner: string;
  readonly dueAt: InstantMs;
}

/** An id that no row has: an empty list is no SQL. */
const NOBODY = '00000000-0000-7000-8000-000000000000';

/** One journey for all of it; every statement walks a primary or a unique key, or the history of one meter. */
export async function readSurroundings(
  reader: Reader,
  ids: { readonly vends: readonly Id[]; readonly recharges: readonly Id[]; readonly meters: readonly Id[] },
): Promise<Surroundings> {
  const vends = bytes(ids.vends.length > 0 ? ids.vends : [NOBODY]);
  const refs = [...vends, ...bytes(ids.recharges)];
  const meters = bytes(ids.meters.length > 0 ? ids.meters : [NOBODY]);
  const recharges = bytes(ids.recharges.length > 0 ? ids.recharges : [NOBODY]);
  const caseColumns = 'id, opened_year, serial, kind, state, outcome, office, queue, owner, due_at';
  const [tokens, notices, loads, cancellations, outbox, changes, cases] = await Promise.all([
    reader.read(
      `SELECT vend_id, sequence, of_count, kind, digits, tid, base_date FROM vend_tokens WHERE vend_id IN (?)
       ORDER BY vend_id, sequence`,
      [vends],
    ),
    reader.read(
      `SELECT subject_id, state, outcome, reference_id, parts, attempts, gateway, updated_at FROM notices
       WHERE subject_id IN (?) AND template = 'receipt' ORDER BY recipient_kind DESC, id`,
      [vends],
    ),
    reader.read(
      'SELECT vend_id, id, state, reason, head_end, sent_at, concluded_at FROM remote_loads WHERE vend_id IN (?)',
      [vends],
    ),
    reader.read('SELECT vend_id, cancelled_at FROM vend_cancellations WHERE vend_id IN (?)', [vends]),
    reader.read(
      `SELECT topic, ref_id, attempts FROM outbox WHERE topic IN ('receipt', 'pending-vend') AND ref_id IN (?)`,
      [refs],
    ),
    reader.read(
      `SELECT k.meter_id, k.id, k.state, k.vend_id, k.issued_at, v.recharge_id, v.receipt_no, v.issued_at AS vend_at,
         l.state AS load_state,
         (SELECT COUNT(*) FROM vend_tokens t WHERE t.vend_id = k.vend_id AND t.kind = 'key-change') AS tokens
       FROM key_changes k LEFT JOIN vends v ON v.id = k.vend_id LEFT JOIN remote_loads l ON l.vend_id = k.vend_id
       WHERE k.meter_id IN (?) ORDER BY k.issued_at DESC LIMIT 50`,
      [meters],
    ),
    reader.read(
      `(SELECT ${caseColumns} FROM cases WHERE recharge_id IN (?)) UNION (SELECT ${caseColumns} FROM cases WHERE meter_id IN (?))
       ORDER BY id DESC LIMIT 10`,
      [recharges, meters],
    ),
  ]);
  return {
    tokens: grouped(tokens, 'vend_id', tokenOf),
    notices: new Map(notices.map((row) => [hex(row['subject_id']), row])),
    loads: new Map(loads.map((row) => [hex(row['vend_id']), loadOf(row)])),
    cancelledAt: new Map(cancellations.map((row) => [hex(row['vend_id']), instant(row['cancelled_at'])!])),
    attempts: new Map(
      outbox.map((row) => [`${row['topic'] as string}/${hex(row['ref_id'])}`, row['attempts'] as number]),
    ),
    keyChanges: grouped(changes, 'meter_id', keyChangeOf),
    cases: cases.map(caseOf),
  };
}

/** @example hex(row.vend_id) // '019358c16b2e7c319f0e3d5c1c0b7a42' */
export function hex(value: unknown): string {
  return (value as Buffer).toString('hex');
}

/** A stored instant in milliseconds. */
export function instant(value: unknown): number | null {
  return value instanceof Date ? value.getTime() : null;
}

function grouped<T>(rows: readonly Row[], key: string, of: (row: Row) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(hex(row[key]), [...(groups.get(hex(row[key])) ?? []), of(row)]);
  return groups;
}

function meterOf(row: Row): Omit<TracedMeter, 'keyChanges'> {
  return {
    meterId: idFromBytes(row['id'] as Buffer),
    pan: row['pan'] as string,
    status: row['status'] as TracedMeter['status'],
    customerNo: row['customer_no'] as string,
    customerName: row['name'] as string,
    office: row['office'] as string,
    hasPhone: Boolean(row['has_phone']),
    headEnd: row['head_end'] as string | null,
    arrearsPaisa: BigInt(row['arrears_paisa'] as string),
    duesPaisa: BigInt(row['dues'] as string),
    chargedThrough: row['charged_through'] as number | null,
  };
}

function tokenOf(row: Row): TracedToken {
  return {
    sequence: row['sequence'] as number,
    of: row['of_count'] as number,
    kind: row['kind'] as string,
    digits: row['digits'] as string,
    tid: row['tid'] as number | null,
    baseDate: row['base_date'] as number,
  };
}

function loadOf(row: Row): TracedLoad {
  return {
    loadId: idFromBytes(row['id'] as Buffer),
    state: row['state'] as TracedLoad['state'],
    reason: row['reason'] as string | null,
    headEnd: row['head_end'] as string,
    sentAt: instant(row['sent_at']),
    concludedAt: instant(row['concluded_at']),
  };
}

function keyChangeOf(row: Row): TracedKeyChange {
  const carried = row['recharge_id'] !== null;
  return {
    changeId: idFromBytes(row['id'] as Buffer),
    state: row['state'] as TracedKeyChange['state'],
    issuedAt: instant(row['issued_at']),
    carrier: carried
      ? {
          vendId: idFromBytes(row['vend_id'] as Buffer),
          rechargeId: idFromBytes(row['recharge_id'] as Buffer),
          receiptNo: row['receipt_no'] as string,
          issuedAt: instant(row['vend_at'])!,
          tokens: Number(row['tokens']),
          loaded: row['load_state'] === 'LOADED',
        }
      : null,
  };
}

function caseOf(row: Row): CaseRow {
  return {
    caseId: idFromBytes(row['id'] as Buffer),
    year: row['opened_year'] as number,
    serial: row['serial'] as number,
    kind: row['kind'] as string,
    state: row['state'] as string,
    outcome: row['outcome'] as string | null,
    office: row['office'] as string,
    owner: (row['owner'] ?? row['queue']) as string,
    dueAt: instant(row['due_at'])!,
  };
}
