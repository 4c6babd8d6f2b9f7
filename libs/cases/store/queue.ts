import { idToBytes, idFromBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Role } from '@vend/identity';
import type { Language } from '@vend/meters';
import type { Reader, Row } from '@vend/platform';
import type { CaseOutcome } from '../case.lifecycle';
import { caseNumber } from '../case-number';
import type { CaseCard, CaseSmsFacts, VisibleOffices } from '../cases';
import type { CaseKind } from '../kinds';
import { cardOf, CARD_QUERY } from './cases';

/** Which open cases; what is not given does not narrow. */
export interface QueueQuestion {
  readonly offices: VisibleOffices;
  readonly owner?: string;
  readonly queue?: Role;
  /** Only those whose deadline is before this instant. */
  readonly dueBefore?: InstantMs;
  readonly after?: { readonly dueAt: InstantMs; readonly caseId: Id };
  readonly limit: number;
}

/** Open cases, the most overdue first. */
export async function readQueue(reader: Reader, question: QueueQuestion): Promise<CaseCard[]> {
  const where = ['c.open_due IS NOT NULL'];
  const values: unknown[] = [];
  const narrow = (sql: string, ...parameters: unknown[]) => {
    where.push(sql);
    values.push(...parameters);
  };
  // Money that nobody can place belongs to no office yet: every office may find its owner.
  if (question.offices !== 'all') narrow('c.office IN (?)', ['', ...question.offices]);
  if (question.owner !== undefined) narrow('c.owner = ?', question.owner);
  if (question.queue !== undefined) narrow('c.queue = ? AND c.owner IS NULL', question.queue);
  if (question.dueBefore !== undefined) narrow('c.open_due < ?', new Date(question.dueBefore));
  if (question.after) {
    const due = new Date(question.after.dueAt);
    narrow('(c.open_due > ? OR (c.open_due = ? AND c.id > ?))', due, due, idToBytes(question.after.caseId));
  }
  const rows = await reader.read(
    `${CARD_QUERY} WHERE ${where.join(' AND ')} ORDER BY c.open_due, c.id LIMIT ${question.limit}`,
    values,
  );
  return rows.map(cardOf);
}

/** True when this person exists, may log in, and has one of these roles. */
export async function findWorker(
  reader: Reader,
  username: string,
): Promise<{ role: Role; office: string } | undefined> {
  const [row] = await reader.read<{ role: Role; office: string }>(
    `SELECT u.role, s.office FROM users u JOIN stations s ON s.code = u.station_code
     WHERE u.username = ? AND u.active`,
    [username],
  );
  return row;
}

/** What the SMS about these cases need; for the worker only. */
export async function readSmsFacts(reader: Reader, caseIds: readonly Id[]): Promise<Map<Id, CaseSmsFacts>> {
  if (caseIds.length === 0) return new Map();
  const rows = await reader.read<Row & { id: Buffer; due_at: Date }>(
    `SELECT c.id, c.serial, c.opened_year, c.kind, c.due_at, c.outcome, cu.mobile, cu.language
     FROM cases c LEFT JOIN customers cu ON cu.id = c.customer_id WHERE c.id IN (?)`,
    [caseIds.map(idToBytes)],
  );
  return new Map(
    rows.map((row) => {
      const caseId = idFromBytes(row.id);
      const facts: CaseSmsFacts = {
        caseId,
        number: caseNumber({ year: row['opened_year'] as number, serial: row['serial'] as number }),
        kind: row['kind'] as CaseKind,
        dueAt: row.due_at.getTime(),
        outcome: row['outcome'] as CaseOutcome | null,
        mobile: row['mobile'] as string | null,
        language: (row['language'] as Language | null) ?? 'bn',
      };
      return [caseId, facts];
    }),
  );
}
