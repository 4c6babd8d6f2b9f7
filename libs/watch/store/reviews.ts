import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { Finding, WatchMeasure, WatchRule, WatchSubjectKind } from '../watch';

/** `OPEN` until a person has looked: `EXPLAINED` there is a good reason, `ESCALATED` there is none. */
export const REVIEW_STATES = ['OPEN', 'EXPLAINED', 'ESCALATED'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** An item of the review list. */
export interface ReviewItem {
  readonly reviewId: Id;
  readonly rule: string;
  /** `meter:<pan>`, `station:<code>`, `person:<username>`. */
  readonly subject: string;
  readonly windowStart: InstantMs;
  /** The office that it belongs to: of the customer, of the station, of the person's station. */
  readonly office: string | null;
  /** The threshold and window of the rule when it fired, and some of the vends, the latest last. */
  readonly facts: { readonly threshold: number; readonly windowSeconds: number; readonly vends: readonly Id[] };
  readonly firstSeen: InstantMs;
  readonly lastSeen: InstantMs;
  readonly events: number;
  readonly state: ReviewState;
  readonly decidedBy: string | null;
  readonly decidedAt: InstantMs | null;
  readonly note: string | null;
}

interface RuleRow extends Row {
  rule: string;
  measure: WatchMeasure;
  subject_kind: WatchSubjectKind;
  threshold: number;
  window_seconds: number;
  active: number;
}

/** The rules as they are. */
export async function readRules(reader: Reader): Promise<WatchRule[]> {
  const rows = await reader.read<RuleRow>(
    'SELECT rule, measure, subject_kind, threshold, window_seconds, active FROM watch_rules ORDER BY rule',
  );
  return rows.map((row) => ({
    rule: row.rule,
    measure: row.measure,
    subjectKind: row.subject_kind,
    threshold: row.threshold,
    windowSeconds: row.window_seconds,
    active: row.active === 1,
  }));
}

/** Up to where the watch has looked; set to `start` when it never did. */
export async function readCursor(tx: Tx, start: InstantMs): Promise<InstantMs> {
  await tx.write(`INSERT IGNORE INTO watch_cursors (name, through) VALUES ('vends', ?)`, [new Date(start)]);
  const [row] = await tx.query<Row & { through: Date }>(`SELECT through FROM watch_cursors WHERE name = 'vends'`);
  return row!.through.getTime();
}

/** Moves the cursor on; never back, whoever looks at the same time. */
export async function moveCursor(tx: Tx, to: InstantMs): Promise<void> {
  await tx.write(`UPDATE watch_cursors SET through = ? WHERE name = 'vends' AND through < ?`, [
    new Date(to),
    new Date(to),
  ]);
}

/**
 * Puts findings on the list: one item for each rule, subject and window. A finding that is there already only grows; one
 * that was explained and grows is open again, for what was explained was less.
 */
export async function saveFindings(
  tx: Tx,
  found: readonly { readonly finding: Finding; readonly rule: WatchRule; readonly office: string | null }[],
): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map(({ finding, rule, office }) => [
    idToBytes(newId(finding.lastSeen)),
    finding.rule,
    finding.subject,
    new Date(finding.windowStart),
    office,
    JSON.stringify({ threshold: rule.threshold, windowSeconds: rule.windowSeconds, vends: finding.refs }),
    new Date(finding.firstSeen),
    new Date(finding.lastSeen),
    finding.events,
  ]);
  // Assigned in this order: `events` and `state` last, because the conditions before look at what they were.
  const opens = `state = 'EXPLAINED' AND VALUES(events) > events`;
  await tx.write(
    `INSERT INTO review_items (id, rule, subject, window_start, office, facts, first_seen, last_seen, events) VALUES ?
     ON DUPLICATE KEY UPDATE facts = IF(VALUES(events) >= events, VALUES(facts), facts),
       first_seen = LEAST(first_seen, VALUES(first_seen)), last_seen = GREATEST(last_seen, VALUES(last_seen)),
       decided_by = IF(${opens}, NULL, decided_by), decided_at = IF(${opens}, NULL, decided_at),
       note = IF(${opens}, NULL, note), state = IF(${opens}, 'OPEN', state),
       events = GREATEST(events, VALUES(events))`,
    [rows],
  );
}

/** The offices that subjects belong to; a subject that is not there has none. */
export async function officesOfSubjects(tx: Tx, subjects: readonly string[]): Promise<Map<string, string>> {
  const of = (kind: string) => [
    ...subjects.filter((subject) => subject.startsWith(`${kind}:`)).map((subject) => subject.slice(kind.length + 1)),
    '',
  ];
  const rows = await tx.query<Row & { subject: string; office: string }>(
    `SELECT CONCAT('station:', code) AS subject, office FROM stations WHERE code IN (?)
     UNION ALL SELECT CONCAT('person:', u.username), s.office
       FROM users u JOIN stations s ON s.code = u.station_code WHERE u.username IN (?)
     UNION ALL SELECT CONCAT('meter:', m.pan), c.office
       FROM meters m JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
       WHERE m.pan IN (?)`,
    [of('station'), of('person'), of('meter')],
  );
  return new Map(rows.map(({ subject, office }) => [subject, office]));
}

/** What of the list one wants to see. */
export interface ReviewQuestion {
  readonly state?: ReviewState;
  readonly rule?: string;
  readonly subject?: string;
  /** The offices whose items one may see. */
  readonly offices: 'all' | readonly string[];
  /** The last item of the page before. */
  readonly before?: Id;
  readonly limit: number;
}

const ITEMS = `SELECT id, rule, subject, window_start, office, facts, first_seen, last_seen, events, state, decided_by,
  decided_at, note FROM review_items`;

/** A page of the list, the latest first. */
export async function listReviews(reader: Reader, question: ReviewQuestion): Promise<ReviewItem[]> {
  const { state, rule, subject, offices, before, limit } = question;
  if (offices !== 'all' && offices.length === 0) return [];
  const wanted: [string, unknown][] = [];
  if (state !== undefined) wanted.push(['state = ?', state]);
  if (rule !== undefined) wanted.push(['rule = ?', rule]);
  if (subject !== undefined) wanted.push(['subject = ?', subject]);
  if (offices !== 'all') wanted.push(['office IN (?)', offices]);
  if (before !== undefined) wanted.push(['id < ?', idToBytes(before)]);
  const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(([sql]) => sql).join(' AND ')}`;
  const rows = await reader.read(`${ITEMS} ${where} ORDER BY id DESC LIMIT ?`, [
    ...wanted.map(([, value]) => value),
    limit,
  ]);
  return rows.map(itemOf);
}

/** One item. */
export async function readReview(tx: Pick<Tx, 'query'>, reviewId: Id, lock: boolean): Promise<ReviewItem | undefined> {
  const [row] = await tx.query(`${ITEMS} WHERE id = ?${lock ? ' FOR UPDATE' : ''}`, [idToBytes(reviewId)]);
  return row && itemOf(row);
}

/** Writes a decision; the caller holds the item's lock and has seen that it is open. */
export async function saveDecision(
  tx: Tx,
  reviewId: Id,
  decision: { readonly state: ReviewState; readonly by: string; readonly note: string; readonly at: InstantMs },
): Promise<void> {
  await tx.write('UPDATE review_items SET state = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?', [
    decision.state,
    decision.by,
    new Date(decision.at),
    decision.note,
    idToBytes(reviewId),
  ]);
}

/** Changes what a rule takes for usual. @returns false when there is no such rule */
export async function saveRule(
  tx: Tx,
  { rule, threshold, windowSeconds, active }: Omit<WatchRule, 'measure' | 'subjectKind'>,
  by: string,
  at: InstantMs,
): Promise<void> {
  await tx.write(
    'UPDATE watch_rules SET threshold = ?, window_seconds = ?, active = ?, set_by = ?, set_at = ? WHERE rule = ?',
    [threshold, windowSeconds, active, by, new Date(at), rule],
  );
}

function itemOf(row: Row): ReviewItem {
  const time = (name: string) => (row[name] as Date).getTime();
  const facts = row['facts'];
  return {
    reviewId: idFromBytes(row['id'] as Buffer),
    rule: row['rule'] as string,
    subject: row['subject'] as string,
    windowStart: time('window_start'),
    office: row['office'] as string | null,
    // MariaDB gives JSON as text, MySQL as an object.
    facts: (typeof facts === 'string' ? JSON.parse(facts) : facts) as ReviewItem['facts'],
    firstSeen: time('first_seen'),
    lastSeen: time('last_seen'),
    events: row['events'] as number,
    state: row['state'] as ReviewState,
    decidedBy: row['decided_by'] as string | null,
    decidedAt: row['decided_at'] === null ? null : time('decided_at'),
    note: row['note'] as string | null,
  };
}
