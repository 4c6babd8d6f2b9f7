import { idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import { leaveToWorkerAgain, type Reader, type Tx } from '@vend/platform';
import type { NoticeState } from '../notice';

/** A notice about a case, as the worker takes it up. Its words are made when it is sent. */
export interface CaseNotice {
  readonly noticeId: Id;
  readonly caseId: Id;
  /** `opened`, or `closed-1` for the first closing, `closed-2` for the second. */
  readonly kind: string;
  readonly state: NoticeState;
}

/** How an attempt came out. */
export interface CaseNoticeOutcome {
  readonly noticeId: Id;
  readonly state: NoticeState;
  readonly referenceId: string | null;
  readonly outcome: string;
  readonly parts: number | null;
}

/**
 * Queues a notice in the transaction of what it tells of: the row, and the worker's wake-up. (case, kind) is unique, so
 * that nobody is told the same thing twice.
 *
 * @throws a duplicate-key error when this case has had this notice
 * @example await queueCaseNotice(tx, caseId, 'opened', now)
 */
export async function queueCaseNotice(tx: Tx, caseId: Id, kind: string, now: Date): Promise<void> {
  const noticeId = newId(now.getTime());
  await tx.write('INSERT INTO notices (id, case_id, kind, state, updated_at) VALUES (?)', [
    [idToBytes(noticeId), idToBytes(caseId), kind, 'QUEUED', now],
  ]);
  await leaveToWorkerAgain(tx, 'notice', [noticeId], now);
}

/** The notices of these ids that are about cases. */
export async function findCaseNotices(reader: Reader, noticeIds: readonly Id[]): Promise<CaseNotice[]> {
  if (noticeIds.length === 0) return [];
  const rows = await reader.read<{ id: Buffer; case_id: Buffer; kind: string; state: NoticeState }>(
    'SELECT id, case_id, kind, state FROM notices WHERE id IN (?) AND case_id IS NOT NULL',
    [noticeIds.map(idToBytes)],
  );
  return rows.map(({ id, case_id: caseId, kind, state }) => ({
    noticeId: idFromBytes(id),
    caseId: idFromBytes(caseId),
    kind,
    state,
  }));
}

/** Writes how each came out; what was sent stays sent. */
export async function saveCaseNotices(tx: Tx, outcomes: readonly CaseNoticeOutcome[], now: Date): Promise<void> {
  for (const { noticeId, state, referenceId, outcome, parts } of outcomes) {
    await tx.write(
      `UPDATE notices SET state = ?, reference_id = ?, outcome = ?, parts = ?, updated_at = ?
       WHERE id = ? AND state NOT IN ('SENT', 'DELIVERED')`,
      [state, referenceId, outcome, parts, now, idToBytes(noticeId)],
    );
  }
}
