import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { keyChangeRequestId } from '@vend/meters';
import type { Database, Row, Tx } from '@vend/platform';
import { creditRequestId } from '../recharge.draft';
import { CHAIN_START, type ChainedLine, type ChainHead } from '../token-log/audit-chain';
import { tokenFingerprint } from '../token-log/token-log';

/** A log as far as it was read. */
export interface KnownLog {
  readonly logId: number;
  /** Pinned when the log was first read. */
  readonly publicKey: string;
  readonly head: ChainHead;
}

/** The log of an address, made known with its key at the first look. */
export async function knownLog(
  database: Database,
  address: string,
  publicKey: string,
  now: InstantMs,
): Promise<KnownLog> {
  const find = async (): Promise<KnownLog | undefined> => {
    const [row] = await database.read<Row & { head: Buffer }>(
      'SELECT id, public_key, lines_read, head FROM token_logs WHERE address = ?',
      [address],
    );
    return (
      row && {
        logId: row['id'] as number,
        publicKey: row['public_key'] as string,
        head: { line: Number(row['lines_read']), hash: row.head.toString('hex') },
      }
    );
  };
  const known = await find();
  if (known) return known;
  await database.transaction((tx) =>
    tx.write('INSERT INTO token_logs (address, public_key, lines_read, head, read_at) VALUES (?)', [
      [address, publicKey, 0, Buffer.from(CHAIN_START.hash, 'hex'), new Date(now)],
    ]),
  );
  return (await find())!;
}

/**
 * Keeps what the next lines say, and moves on to `next`; in one transaction.
 *
 * @returns false when another worker has read on meanwhile: nothing is stored then
 */
export async function storeLines(
  database: Database,
  { logId, head }: KnownLog,
  lines: readonly ChainedLine[],
  next: ChainHead,
  now: InstantMs,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const moved = await tx.write(
      `UPDATE token_logs SET lines_read = ?, head = ?, read_at = ?, first_line_at = COALESCE(first_line_at, ?)
       WHERE id = ? AND lines_read = ?`,
      [next.line, Buffer.from(next.hash, 'hex'), new Date(now), new Date(lines[0]!.at), logId, head.line],
    );
    if (moved.affectedRows !== 1) return false;
    const tokens = lines.flatMap(({ line, kind, requestId, fingerprints, at }) =>
      fingerprints.map((print, place) => [
        ...[logId, line, place + 1, kind.slice(0, 16), requestId.slice(0, 100)],
        ...[Buffer.from(print, 'hex'), new Date(at)],
      ]),
    );
    if (tokens.length > 0) {
      await tx.write(
        'INSERT INTO token_log_tokens (log_id, line, place, kind, request_id, fingerprint, made_at) VALUES ?',
        [tokens],
      );
    }
    const checkpoints = lines.flatMap(({ line, checkpoint }) => (checkpoint ? [[logId, line, checkpoint]] : []));
    if (checkpoints.length > 0) {
      await tx.write('INSERT INTO token_log_checkpoints (log_id, line, content) VALUES ?', [checkpoints]);
    }
    return true;
  });
}

/** The instant of the first line of any log; null while none was read: what was sold before has no line. */
export async function firstLineAt(database: Database): Promise<InstantMs | null> {
  const [row] = await database.read<{ at: Date | null }>('SELECT MIN(first_line_at) AS at FROM token_logs');
  return row?.at?.getTime() ?? null;
}

/** Up to which vend the match has come. */
export async function matchedTo(database: Database): Promise<Buffer | undefined> {
  const [row] = await database.read<{ matched_to: Buffer }>(
    `SELECT matched_to FROM token_matches WHERE subject = 'vends'`,
  );
  return row?.matched_to;
}

/** A token of a vend, and the fingerprint that a line must have. */
interface SoldToken {
  readonly vendId: Buffer;
  readonly print: Buffer;
}

interface SoldRow extends Row {
  vend_id: Buffer;
  recharge_id: Buffer;
  change_id: Buffer | null;
  request_id: string | null;
  digits: string | null;
}

/** The tokens of the next vends after one, up to another, whole vends only; and the last of these vends, if any. */
async function soldTokens(
  database: Database,
  after: Buffer,
  upTo: Buffer,
  vends: number,
): Promise<{ sold: SoldToken[]; last: Buffer | undefined }> {
  const rows = await database.read<SoldRow>(
    `SELECT v.id AS vend_id, v.recharge_id, k.id AS change_id, t.kind, t.tid, t.rnd, t.digits,
       t.request_id
     FROM (SELECT id, recharge_id FROM vends WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) v
       LEFT JOIN vend_tokens t ON t.vend_id = v.id LEFT JOIN key_changes k ON k.vend_id = v.id
     ORDER BY v.id, t.sequence`,
    [after, upTo, vends],
  );
  const sold = rows.flatMap((row) => {
    // A fee has no token, and is passed by.
    if (row.digits === null) return [];
    return [{ vendId: row.vend_id, print: tokenFingerprint(row.request_id ?? requestIdOf(row), row.digits) }];
  });
  return { sold, last: rows.at(-1)?.vend_id };
}

/** Of tokens that do not say it themselves: those of recharges. */
function requestIdOf(row: Row & { recharge_id: Buffer; change_id: Buffer | null }): string {
  return row['kind'] === 'key-change'
    ? keyChangeRequestId(row.change_id ? idFromBytes(row.change_id) : 'none')
    : creditRequestId(idFromBytes(row.recharge_id), row['tid'] as number, row['rnd'] as number);
}

/** What a page of vends came to; undefined at the end. */
export interface MatchedPage {
  readonly after: Buffer;
  readonly tokens: number;
  readonly gaps: number;
}

/** Finds the lines of the next vends, marks them as sold, and notes vends without one. */
export async function matchPage(
  database: Database,
  after: Buffer,
  upTo: Buffer,
  vends: number,
  now: InstantMs,
): Promise<MatchedPage | undefined> {
  const { sold, last } = await soldTokens(database, after, upTo, vends);
  if (!last) return undefined;
  return database.transaction(async (tx) => {
    const missing = await markSold(tx, sold);
    await noteGaps(tx, missing, now);
    await tx.write(
      `INSERT INTO token_matches (subject, matched_to, matched_at) VALUES ('vends', ?, ?)
       ON DUPLICATE KEY UPDATE matched_to = GREATEST(matched_to, VALUES(matched_to)), matched_at = VALUES(matched_at)`,
      [last, new Date(now)],
    );
    return { after: last, tokens: sold.length, gaps: missing.length };
  });
}

/** @returns the vends with a token that no line tells of */
async function markSold(tx: Tx, sold: readonly SoldToken[]): Promise<Buffer[]> {
  if (sold.length === 0) return [];
  const prints = sold.map(({ print }) => print);
  const found = await tx.query<{ fingerprint: Buffer }>(
    'SELECT DISTINCT fingerprint FROM token_log_tokens WHERE fingerprint IN (?)',
    [prints],
  );
  await tx.write('UPDATE token_log_tokens SET sold = TRUE WHERE fingerprint IN (?) AND NOT sold', [prints]);
  const known = new Set(found.map(({ fingerprint }) => fingerprint.toString('hex')));
  const missing = sold.filter(({ print }) => !known.has(print.toString('hex')));
  return [...new Map(missing.map(({ vendId }) => [vendId.toString('hex'), vendId])).values()];
}

async function noteGaps(tx: Tx, vendIds: readonly Buffer[], now: InstantMs): Promise<void> {
  if (vendIds.length === 0) return;
  const known = await tx.query<{ vend_id: Buffer }>('SELECT vend_id FROM token_log_gaps WHERE vend_id IN (?)', [
    vendIds,
  ]);
  const rows = vendIds.filter((id) => !known.some(({ vend_id: each }) => each.equals(id)));
  if (rows.length > 0) {
    await tx.write('INSERT INTO token_log_gaps (vend_id, found_at) VALUES ?', [rows.map((id) => [id, new Date(now)])]);
  }
}

/** Looks for the lines of open gaps again: another log may have been away. @returns vends that still have none */
export async function openGaps(database: Database, limit: number, now: InstantMs): Promise<Id[]> {
  const gaps = await database.read<{ vend_id: Buffer }>(
    'SELECT vend_id FROM token_log_gaps WHERE resolved_at IS NULL ORDER BY vend_id LIMIT ?',
    [limit],
  );
  const open: Id[] = [];
  for (const { vend_id: vendId } of gaps) {
    // One vend: the range from just below its id up to it.
    const before = Buffer.from((BigInt(`0x${vendId.toString('hex')}`) - 1n).toString(16).padStart(32, '0'), 'hex');
    const { sold } = await soldTokens(database, before, vendId, 1);
    const missing = await database.transaction(async (tx) => {
      const without = await markSold(tx, sold);
      if (without.length === 0) {
        await tx.write('UPDATE token_log_gaps SET resolved_at = ? WHERE vend_id = ?', [new Date(now), vendId]);
      }
      return without.length;
    });
    if (missing > 0) open.push(idFromBytes(vendId));
  }
  return open;
}

/** A token of the log that nobody was sold. */
export interface UnsoldToken {
  readonly line: number;
  readonly requestId: string;
  readonly madeAt: InstantMs;
}

/** Tokens that were made before an instant for a vend that never was: it was rolled back. */
export async function unsoldTokens(
  database: Database,
  before: InstantMs,
  limit: number,
): Promise<{ count: number; first: UnsoldToken[] }> {
  const where = `WHERE NOT sold AND kind IN ('credit', 'management') AND made_at < ?`;
  const [row] = await database.read<{ n: string }>(`SELECT COUNT(*) AS n FROM token_log_tokens ${where}`, [
    new Date(before),
  ]);
  const rows = await database.read(
    `SELECT line, request_id, made_at FROM token_log_tokens ${where} ORDER BY made_at, line LIMIT ?`,
    [new Date(before), limit],
  );
  return {
    count: Number(row!.n),
    first: rows.map((each) => ({
      line: Number(each['line']),
      requestId: each['request_id'] as string,
      madeAt: (each['made_at'] as Date).getTime(),
    })),
  };
}

/** Key-change tokens that belong to a stored set count as kept: they wait, or are out in a file. @returns how many were marked */
export async function markKeyChangeSets(database: Database, limit: number): Promise<{ kept: number; loose: number }> {
  let after: readonly [number, number, number] = [0, 0, 0];
  const total = { kept: 0, loose: 0 };
  for (;;) {
    const rows = await database.read<Row & { fingerprint: Buffer }>(
      `SELECT log_id, line, place, request_id, fingerprint FROM token_log_tokens
       WHERE NOT sold AND kind = 'key-change' AND (log_id, line, place) > (?) ORDER BY log_id, line, place LIMIT ?`,
      [after, limit],
    );
    const last = rows.at(-1);
    if (!last) return total;
    after = [last['log_id'] as number, Number(last['line']), last['place'] as number];
    const kept = await ofStoredSets(database, rows);
    if (kept.length > 0) {
      await database.transaction((tx) =>
        tx.write('UPDATE token_log_tokens SET sold = TRUE WHERE fingerprint IN (?) AND NOT sold', [kept]),
      );
    }
    total.kept += kept.length;
    total.loose += rows.length - kept.length;
  }
}

async function ofStoredSets(
  database: Database,
  rows: readonly (Row & { fingerprint: Buffer })[],
): Promise<readonly Buffer[]> {
  const ids = [...new Set(rows.map((row) => row['request_id'] as string))].flatMap((id) =>
    /^key-change:[0-9a-f-]{36}$/.test(id) ? [idToBytes(id.slice('key-change:'.length))] : [],
  );
  if (ids.length === 0) return [];
  const sets = await database.read<{ change_id: Buffer; tokens: string }>(
    'SELECT change_id, tokens FROM key_change_sets WHERE change_id IN (?)',
    [ids],
  );
  const prints = new Set(
    sets.flatMap(({ change_id: id, tokens }) =>
      tokens.split(' ').map((digits) => tokenFingerprint(keyChangeRequestId(idFromBytes(id)), digits).toString('hex')),
    ),
  );
  return rows.map(({ fingerprint }) => fingerprint).filter((print) => prints.has(print.toString('hex')));
}
