import { dhakaDay, idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import { caseNumber } from './case-number';
import { CASE_KINDS, deadlineOf, type CaseKind } from './kinds';
import { told } from './cases.service';
import { changeCase, insertCase, lockCaseById } from './store/cases';
import { subjectsOfPayment } from './store/subjects';

/** Trouble that a machine found and a person must see to. */
export interface MachineCase {
  readonly kind: CaseKind;
  /** The payment of ours that it is about, if there is one: the case then names its meter and customer. */
  readonly rechargeId: Id | null;
  readonly words: string;
  /** `worker:settlement`. */
  readonly actor: string;
  readonly at: InstantMs;
}

/**
 * Opens a case in the transaction of what it is about. Nobody is told by SMS: the customer has not asked.
 *
 * @example const caseId = await openMachineCase(tx, { kind: 'settlement-break', rechargeId: null, words, actor, at })
 */
export async function openMachineCase(tx: Tx, { kind, rechargeId, words, actor, at }: MachineCase): Promise<Id> {
  const caseId = newId(at);
  const reader = { read: tx.query.bind(tx) };
  const { meterId, customerId, office } = rechargeId
    ? await subjectsOfPayment(reader, rechargeId)
    : { meterId: null, customerId: null, office: null };
  const number = await insertCase(tx, {
    // The payment's own case, if it ever has one, is about its vend; this one is about what the provider says of it.
    ...{ rechargeId: null, vendId: null, meterId, customerId, office, caseId, inboxId: null },
    ...{ requestId: null, contentHash: null, kind, words, openedBy: actor, openedAt: at },
    year: Number(dhakaDay(at).slice(0, 4)),
    queue: CASE_KINDS[kind].queue,
    dueAt: deadlineOf(kind, at),
  });
  await told(tx, { caseId, number, actor, at, words, what: 'opened', action: 'case-opened', detail: { kind } });
  return caseId;
}

/** Says in a case what has happened, and closes it when that settles it; a closed one is left as it is. */
export async function concludeMachineCase(
  tx: Tx,
  caseId: Id,
  { words, actor, at, settles }: { words: string; actor: string; at: InstantMs; settles: boolean },
): Promise<void> {
  const locked = await lockCaseById(tx, caseId);
  if (!locked || locked.state === 'CLOSED') return;
  const [row] = await tx.query<{ serial: number; opened_year: number }>(
    'SELECT serial, opened_year FROM cases WHERE id = ?',
    [idToBytes(locked.caseId)],
  );
  const happened = { caseId, number: caseNumber({ year: row!.opened_year, serial: row!.serial }), actor, at };
  if (!settles) return told(tx, { ...happened, words, what: 'note', action: 'case-noted' });
  const { queue, owner } = locked;
  await changeCase(tx, locked, {
    state: 'CLOSED',
    queue,
    owner,
    closed: { outcome: 'explained', words, at, by: actor },
  });
  await told(tx, { ...happened, words, what: 'closed', action: 'case-closed', detail: { from: locked.state } });
}

/** The numbers under which people know these cases. */
export async function caseNumbers(reader: Reader, caseIds: readonly Id[]): Promise<ReadonlyMap<Id, string>> {
  if (caseIds.length === 0) return new Map();
  const rows = await reader.read<{ id: Buffer; serial: number; opened_year: number }>(
    'SELECT id, serial, opened_year FROM cases WHERE id IN (?)',
    [caseIds.map(idToBytes)],
  );
  return new Map(rows.map((row) => [idFromBytes(row.id), caseNumber({ year: row.opened_year, serial: row.serial })]));
}
