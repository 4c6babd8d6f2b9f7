import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import { leaveToWorker, type Reader, type Row, type Tx } from '@vend/platform';
import type { LoadToken } from '../meter-link';
import type { RemoteLoad, RemoteLoadCard } from '../remote-load';
import type { RemoteLoadState } from '../remote-load.lifecycle';

const COLUMNS = [
  'id',
  'vend_id',
  'meter_id',
  'turn',
  'head_end',
  'state',
  'round',
  'attempts',
  'reason',
  'created_at',
  'opened_at',
]
  .concat(['sent_at', 'concluded_at'])
  .map((column) => `l.${column}`)
  .join(', ');

/** A vend of a meter that is behind a head-end. */
export interface VendToLoad {
  readonly vendId: Id;
  readonly meterId: Id;
  readonly headEnd: string;
}

/**
 * Writes the loads of these vends and leaves them to the worker, in the vends' transaction: no vend of such a meter
 * without its load. The caller holds the meters' locks, so that each meter's loads have one order.
 *
 * @param vends those of one meter in the order in which they were vended
 * @example await openRemoteLoads(tx, [{ vendId, meterId, headEnd: 'demo-hes' }], Date.now())
 */
export async function openRemoteLoads(tx: Tx, vends: readonly VendToLoad[], now: InstantMs): Promise<void> {
  if (vends.length === 0) return;
  const at = new Date(now);
  const loads = vends.map((vend) => ({ ...vend, loadId: newId(now) }));
  await Promise.all([
    ...loads.map(({ loadId, vendId, meterId, headEnd }) =>
      tx.write(
        `INSERT INTO remote_loads (id, vend_id, meter_id, turn, head_end, state, created_at, opened_at)
         SELECT ?, ?, ?, COALESCE(MAX(turn), 0) + 1, ?, 'UNSENT', ?, ? FROM remote_loads WHERE meter_id = ?`,
        [idToBytes(loadId), idToBytes(vendId), idToBytes(meterId), headEnd, at, at, idToBytes(meterId)],
      ),
    ),
    leaveToWorker(
      tx,
      loads.map(({ loadId }) => ({ topic: 'remote-load', refId: loadId })),
      at,
    ),
  ]);
}

/** Locks a load until the end of the transaction. */
export async function lockLoad(tx: Tx, by: { loadId: Id } | { vendId: Id }): Promise<RemoteLoad | undefined> {
  const [column, id] = 'loadId' in by ? ['id', by.loadId] : ['vend_id', by.vendId];
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM remote_loads l WHERE l.${column} = ? FOR UPDATE`, [
    idToBytes(id),
  ]);
  return row && loadOf(row);
}

/** What is written of a load when it moves; the caller holds its lock and has checked the move. */
export async function saveLoad(tx: Tx, load: RemoteLoad): Promise<void> {
  const { state, round, attempts, reason, openedAt, sentAt, concludedAt, loadId } = load;
  await tx.write(
    `UPDATE remote_loads SET state = ?, round = ?, attempts = ?, reason = ?, opened_at = ?, sent_at = ?, concluded_at = ?
     WHERE id = ?`,
    [
      ...[state, round, Math.min(attempts, 60_000), reason, new Date(openedAt)],
      ...[sentAt === null ? null : new Date(sentAt), concludedAt === null ? null : new Date(concludedAt)],
      idToBytes(loadId),
    ],
  );
}

/** What a push needs besides the load: read when its row is locked, so that a cancellation is seen. */
export interface LoadSurroundings {
  readonly cancelled: boolean;
  /** An earlier load of the same meter is still on its way: a key change must not be overtaken by its credit. */
  readonly waitsForEarlier: boolean;
  readonly meterNo: string;
  readonly tokens: readonly LoadToken[];
}

export async function readSurroundings(tx: Tx, load: RemoteLoad): Promise<LoadSurroundings> {
  const [vends, earlier, tokens] = await Promise.all([
    tx.query<{ state: string; pan: string }>(
      'SELECT v.state, m.pan FROM vends v JOIN meters m ON m.id = ? WHERE v.id = ?',
      [idToBytes(load.meterId), idToBytes(load.vendId)],
    ),
    tx.query(`SELECT 1 FROM remote_loads WHERE meter_id = ? AND turn < ? AND state IN ('UNSENT', 'SENT') LIMIT 1`, [
      idToBytes(load.meterId),
      load.turn,
    ]),
    tx.query<LoadToken & Row>(
      'SELECT sequence, of_count AS `of`, kind, digits FROM vend_tokens WHERE vend_id = ? ORDER BY sequence',
      [idToBytes(load.vendId)],
    ),
  ]);
  return {
    cancelled: vends[0]!.state !== 'ISSUED',
    waitsForEarlier: earlier.length > 0,
    meterNo: vends[0]!.pan,
    tokens: tokens.map(({ sequence, of, kind, digits }) => ({ sequence, of, kind, digits })),
  };
}

/** Which loads a list is about. `offices` null: all. */
export interface LoadListing {
  readonly state: RemoteLoadState | null;
  readonly offices: readonly string[] | null;
  /** Older than this load: the last of the page before. */
  readonly before: Id | null;
  readonly limit: number;
}

/** Loads, the newest first. */
export async function listLoads(
  reader: Reader,
  { state, offices, before, limit }: LoadListing,
): Promise<RemoteLoadCard[]> {
  if (offices?.length === 0) return [];
  const conditions: [string, unknown][] = [];
  if (state) conditions.push(['l.state = ?', state]);
  if (before) conditions.push(['l.id < ?', idToBytes(before)]);
  if (offices) conditions.push(['c.office IN (?)', offices]);
  return cards(reader, conditions, limit);
}

/** One load as a list shows it. */
export async function findLoadCard(reader: Reader, loadId: Id): Promise<RemoteLoadCard | undefined> {
  return (await cards(reader, [['l.id = ?', idToBytes(loadId)]], 1))[0];
}

async function cards(reader: Reader, conditions: [string, unknown][], limit: number): Promise<RemoteLoadCard[]> {
  const where = conditions.map(([condition]) => condition).join(' AND ') || 'TRUE';
  const rows = await reader.read(
    `SELECT ${COLUMNS}, m.pan, c.customer_no, c.office, v.receipt_no
     FROM remote_loads l JOIN vends v ON v.id = l.vend_id JOIN meters m ON m.id = l.meter_id
       JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
     WHERE ${where} ORDER BY l.id DESC LIMIT ?`,
    [...conditions.map(([, value]) => value), limit],
  );
  return rows.map((row) => ({
    ...loadOf(row),
    meterNo: row['pan'] as string,
    customerNo: row['customer_no'] as string,
    office: row['office'] as string,
    receiptNo: row['receipt_no'] as string,
  }));
}

function loadOf(row: Row): RemoteLoad {
  const instant = (column: string) => (row[column] === null ? null : (row[column] as Date).getTime());
  return {
    loadId: idFromBytes(row['id'] as Buffer),
    vendId: idFromBytes(row['vend_id'] as Buffer),
    meterId: idFromBytes(row['meter_id'] as Buffer),
    turn: row['turn'] as number,
    headEnd: row['head_end'] as string,
    state: row['state'] as RemoteLoadState,
    round: row['round'] as number,
    attempts: row['attempts'] as number,
    reason: row['reason'] as string | null,
    createdAt: instant('created_at')!,
    openedAt: instant('opened_at')!,
    sentAt: instant('sent_at'),
    concludedAt: instant('concluded_at'),
  };
}
