import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { AuditFacts } from '../audit';
import type { Origin } from '../origin';

/** One line of the trail. */
export interface AuditRecord {
  readonly eventId: Id;
  readonly at: InstantMs;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: AuditFacts | null;
  readonly before: AuditFacts | null;
  readonly after: AuditFacts | null;
  readonly origin: Origin;
}

/** What is asked of the trail; what is left out does not matter. */
export interface AuditQuestion {
  readonly actor?: string;
  readonly subject?: string;
  readonly action?: string;
  /** From this instant, up to but without that. */
  readonly from?: InstantMs;
  readonly until?: InstantMs;
  /** Only lines before this one: the last of the page before. */
  readonly before?: Id;
  readonly limit: number;
}

/**
 * Lines of the audit trail, newest first. Each combination of filters has an index that ends in the id, which carries
 * the time: a page costs what is on it, however long the trail is.
 *
 * @example await searchAudit(database, { subject: 'user:rahima', limit: 50 });
 */
export async function searchAudit(reader: Reader, question: AuditQuestion): Promise<AuditRecord[]> {
  const { actor, subject, action, from, until, before, limit } = question;
  const conditions: [sql: string, value: unknown][] = [];
  if (subject !== undefined) conditions.push(['subject = ?', subject]);
  if (actor !== undefined) conditions.push(['actor = ?', actor]);
  if (action !== undefined) conditions.push(['action = ?', action]);
  if (from !== undefined) conditions.push(['id >= ?', firstIdOf(from)]);
  if (until !== undefined) conditions.push(['id < ?', firstIdOf(until)]);
  if (before !== undefined) conditions.push(['id < ?', idToBytes(before)]);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
  // Named, because with a limit the optimizer likes to walk the whole trail backwards until it has found enough.
  const rows = await reader.read(
    `SELECT id, at, actor, action, subject, detail, was, became, origin_address, origin_agent, origin_station, request_id
     FROM audit_events FORCE INDEX (${indexFor(question)}) ${where} ORDER BY id DESC LIMIT ?`,
    [...conditions.map(([, value]) => value), limit],
  );
  return rows.map(recordOf);
}

function indexFor({ actor, subject, action }: AuditQuestion): string {
  if (subject !== undefined) return 'ix_audit_events_subject';
  if (actor !== undefined) return action === undefined ? 'ix_audit_events_actor' : 'ix_audit_events_actor_action';
  return action === undefined ? 'PRIMARY' : 'ix_audit_events_action';
}

/** The least id of a millisecond. */
function firstIdOf(at: InstantMs): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.max(0, at), 0, 6);
  return bytes;
}

function recordOf(row: Row): AuditRecord {
  return {
    eventId: idFromBytes(row['id'] as Buffer),
    at: (row['at'] as Date).getTime(),
    actor: row['actor'] as string,
    action: row['action'] as string,
    subject: row['subject'] as string,
    detail: factsOf(row['detail']),
    before: factsOf(row['was']),
    after: factsOf(row['became']),
    origin: {
      address: row['origin_address'] as string | null,
      agentHash: row['origin_agent'] as string | null,
      station: row['origin_station'] as string | null,
      requestId: row['request_id'] as string | null,
    },
  };
}

function factsOf(value: unknown): AuditFacts | null {
  return typeof value === 'string' ? (JSON.parse(value) as AuditFacts) : (value as AuditFacts | null);
}
