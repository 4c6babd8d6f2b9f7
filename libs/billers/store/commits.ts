import type { InstantMs, Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

/** A payment that a biller told us of, as it stands in the register. */
export interface RegisteredCommit {
  readonly provider: string;
  readonly trxId: string;
  readonly requestHash: Buffer;
  readonly reference: string | null;
  readonly amountPaisa: Paisa | null;
  readonly quoteId: string | null;
  /** WORKING: nobody has ended it yet. BOOKED: the books say what became of it. REFUSED: nothing was ever booked for it. */
  readonly state: 'WORKING' | 'BOOKED' | 'REFUSED';
  readonly refusalCode: string | null;
  readonly acceptedAt: InstantMs;
  /** When the worker looks at it; null: there is nothing left to do. */
  readonly dueAt: InstantMs | null;
  /** Who works it until then. */
  readonly takenBy: Buffer;
  readonly answerSealed: Buffer | null;
  readonly acknowledgedAt: InstantMs | null;
}

export type CommitKey = Pick<RegisteredCommit, 'provider' | 'trxId'>;

const COLUMNS = `provider, trx_id, request_sha256, reference, amount_paisa, quote_id, state, refusal_code, accepted_at, due_at,
  taken_by, answer_sealed, acknowledged_at`;

interface CommitRow extends Row {
  provider: string;
  trx_id: string;
  request_sha256: Buffer;
  reference: string | null;
  amount_paisa: string | null;
  quote_id: string | null;
  state: RegisteredCommit['state'];
  refusal_code: string | null;
  accepted_at: Date;
  due_at: Date | null;
  taken_by: Buffer;
  answer_sealed: Buffer | null;
  acknowledged_at: Date | null;
}

/**
 * Puts these into the register, where they are not in it, and reads them all as they stand in it then: in one journey.
 * The caller has checked every value: IGNORE, which lets what is there stand, would also cut one that does not fit.
 */
export async function insertCommits(
  tx: Tx,
  commits: readonly Omit<RegisteredCommit, 'state' | 'refusalCode' | 'answerSealed' | 'acknowledgedAt'>[],
): Promise<Map<string, RegisteredCommit>> {
  // In the order of the key, so that two processes with the same ids do not wait for each other in a circle.
  const rows = [...commits]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((commit) => [
      ...[commit.provider, commit.trxId, commit.requestHash, commit.reference],
      ...[commit.amountPaisa?.toString() ?? null, commit.quoteId, 'WORKING', new Date(commit.acceptedAt)],
      ...[commit.dueAt === null ? null : new Date(commit.dueAt), commit.takenBy],
    ]);
  const [, found] = await Promise.all([
    tx.write(
      `INSERT IGNORE INTO biller_commits (provider, trx_id, request_sha256, reference, amount_paisa, quote_id, state,
         accepted_at, due_at, taken_by) VALUES ?`,
      [rows],
    ),
    selectCommits({ read: (sql, values) => tx.query(sql, values) }, commits),
  ]);
  return found;
}

/** Rows by key text, in one question: an IN list per provider, which walks the key. */
export async function selectCommits(
  reader: Reader,
  keys: readonly CommitKey[],
): Promise<Map<string, RegisteredCommit>> {
  const idsByProvider = new Map<string, string[]>();
  for (const { provider, trxId } of keys) {
    idsByProvider.set(provider, [...(idsByProvider.get(provider) ?? []), trxId]);
  }
  const where = [...idsByProvider.keys()].map(() => '(provider = ? AND trx_id IN (?))').join(' OR ');
  const rows = await reader.read<CommitRow>(`SELECT ${COLUMNS} FROM biller_commits WHERE ${where}`, [
    ...[...idsByProvider].flat(),
  ]);
  return new Map(rows.map((row) => [keyOf({ provider: row.provider, trxId: row.trx_id }), commitOf(row)]));
}

/** A key as one string, for maps. */
export function keyOf({ provider, trxId }: CommitKey): string {
  return `${provider}\n${trxId}`;
}

/** What a commit came to, to be written down. */
export type CommitEnd = CommitKey & {
  readonly state: RegisteredCommit['state'];
  readonly refusalCode: string | null;
  readonly dueAt: InstantMs | null;
  readonly answerSealed: Buffer | null;
};

/** Writes an end down where none is written yet; the first answer and the first refusal stand. */
export async function endCommit(tx: Tx, end: CommitEnd): Promise<boolean> {
  const { affectedRows } = await tx.write(
    `UPDATE biller_commits SET state = ?, refusal_code = ?, due_at = ?, answer_sealed = COALESCE(answer_sealed, ?)
     WHERE provider = ? AND trx_id = ? AND answer_sealed IS NULL AND state <> 'REFUSED'`,
    [end.state, end.refusalCode, instant(end.dueAt), end.answerSealed, end.provider, end.trxId],
  );
  return affectedRows === 1;
}

/** Says when the worker looks at one that is still worked. */
export async function postponeCommit(tx: Tx, key: CommitKey, dueAt: InstantMs): Promise<void> {
  await tx.write(`UPDATE biller_commits SET due_at = ? WHERE provider = ? AND trx_id = ? AND state = 'WORKING'`, [
    new Date(dueAt),
    key.provider,
    key.trxId,
  ]);
}

/** Takes due ones in hand until `until`: whoever else looks leaves them alone. */
export async function takeDueCommits(
  tx: Tx,
  take: { readonly now: InstantMs; readonly until: InstantMs; readonly takenBy: Buffer; readonly limit: number },
): Promise<RegisteredCommit[]> {
  const rows = await tx.query<CommitRow>(
    `SELECT ${COLUMNS} FROM biller_commits FORCE INDEX (ix_biller_commits_due)
     WHERE due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [new Date(take.now), take.limit],
  );
  await Promise.all(
    rows.map((row) =>
      tx.write('UPDATE biller_commits SET due_at = ?, taken_by = ? WHERE provider = ? AND trx_id = ?', [
        ...[new Date(take.until), take.takenBy, row.provider, row.trx_id],
      ]),
    ),
  );
  return rows.map(commitOf);
}

/** Takes one that is due in hand. @returns false when somebody else did */
export async function takeCommit(
  tx: Tx,
  commit: RegisteredCommit,
  take: { readonly until: InstantMs; readonly takenBy: Buffer },
): Promise<boolean> {
  const { affectedRows } = await tx.write(
    `UPDATE biller_commits SET due_at = ?, taken_by = ?
     WHERE provider = ? AND trx_id = ? AND state = 'WORKING' AND taken_by = ? AND due_at = ?`,
    [new Date(take.until), take.takenBy, commit.provider, commit.trxId, commit.takenBy, instant(commit.dueAt)],
  );
  return affectedRows === 1;
}

/** @returns false when it was acknowledged before; the first time stands */
export async function acknowledgeCommit(tx: Tx, key: CommitKey, at: InstantMs): Promise<boolean> {
  const { affectedRows } = await tx.write(
    `UPDATE biller_commits SET acknowledged_at = ?, due_at = IF(state = 'WORKING', due_at, NULL)
     WHERE provider = ? AND trx_id = ? AND acknowledged_at IS NULL`,
    [new Date(at), key.provider, key.trxId],
  );
  return affectedRows === 1;
}

/** Takes one that is ended off the list of what is due. */
export async function watchNoLonger(tx: Tx, key: CommitKey): Promise<void> {
  await tx.write(`UPDATE biller_commits SET due_at = NULL WHERE provider = ? AND trx_id = ? AND state <> 'WORKING'`, [
    key.provider,
    key.trxId,
  ]);
}

/** What became of each in the books, if anything did. */
export type DayRow = RegisteredCommit & { readonly payment: { readonly state: string; readonly paisa: Paisa } | null };

/** A provider's registrations of a span of time, in order, with what the books have. */
export async function commitsBetween(
  reader: Reader,
  provider: string,
  source: string,
  span: {
    readonly from: InstantMs;
    readonly until: InstantMs;
    readonly after: CommitPlace | null;
    readonly limit: number;
  },
): Promise<DayRow[]> {
  const start = span.after ?? { at: span.from, trxId: '' };
  const startAt = new Date(start.at);
  const rows = await reader.read<CommitRow & { payment_state: string | null; payment_paisa: string | null }>(
    `SELECT ${COLUMNS.replace(/(\w+)/g, 'b.$1')}, r.state AS payment_state, r.gross_paisa AS payment_paisa
     FROM biller_commits b LEFT JOIN recharges r ON r.source = ? AND r.source_ref = b.trx_id
     WHERE b.provider = ? AND b.accepted_at >= ? AND b.accepted_at < ?
       AND (b.accepted_at > ? OR b.trx_id > ?)
     ORDER BY b.accepted_at, b.trx_id LIMIT ?`,
    [source, provider, startAt, new Date(span.until), startAt, start.trxId, span.limit],
  );
  return rows.map((row) => ({
    ...commitOf(row),
    payment: row.payment_state === null ? null : { state: row.payment_state, paisa: BigInt(row.payment_paisa!) },
  }));
}

/** Where a page of a day ended. */
export interface CommitPlace {
  readonly at: InstantMs;
  readonly trxId: string;
}

const instant = (at: InstantMs | null) => (at === null ? null : new Date(at));

function commitOf(row: CommitRow): RegisteredCommit {
  return {
    provider: row.provider,
    trxId: row.trx_id,
    requestHash: row.request_sha256,
    reference: row.reference,
    amountPaisa: row.amount_paisa === null ? null : BigInt(row.amount_paisa),
    quoteId: row.quote_id,
    state: row.state,
    refusalCode: row.refusal_code,
    acceptedAt: row.accepted_at.getTime(),
    dueAt: row.due_at && row.due_at.getTime(),
    takenBy: row.taken_by,
    answerSealed: row.answer_sealed,
    acknowledgedAt: row.acknowledged_at && row.acknowledged_at.getTime(),
  };
}
