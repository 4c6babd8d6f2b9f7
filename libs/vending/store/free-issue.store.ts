import { dhakaDay, dhakaMonth, type InstantMs, type Paisa } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';

/** Whose free issues of a month are counted. */
export type FreeIssueScope = 'person' | 'meter';

/** What a person, or a meter, may have given free in a Dhaka month. */
interface FreeIssueLimit {
  readonly scope: FreeIssueScope;
  readonly issuesAMonth: number;
  readonly valuePaisaAMonth: Paisa;
}

/** A limit, and what has been used of it this month. */
export interface FreeIssueUse extends FreeIssueLimit {
  /** `person:user:rahima`, `meter:<id>`. */
  readonly subject: string;
  readonly issues: number;
  readonly valuePaisa: Paisa;
}

/**
 * The use of this month, locked to the end of the transaction: two who issue at once cannot exceed a limit together. The
 * caller holds the meter's lock.
 */
export async function lockFreeIssueUse(
  tx: Tx,
  subjects: Readonly<Record<FreeIssueScope, string>>,
  now: InstantMs,
): Promise<FreeIssueUse[]> {
  const month = dhakaMonth(now);
  const rows = [subjects.meter, subjects.person].map((subject) => [subject, month, 0, 0]);
  const [, used, limits] = await Promise.all([
    tx.write(
      'INSERT INTO free_issue_use (subject, month, issues, value_paisa) VALUES ? ON DUPLICATE KEY UPDATE issues = issues',
      [rows],
    ),
    tx.query<Row & { subject: string; issues: number; value_paisa: string }>(
      'SELECT subject, issues, value_paisa FROM free_issue_use WHERE month = ? AND subject IN (?)',
      [month, [subjects.meter, subjects.person]],
    ),
    readFreeIssueLimits(tx, now),
  ]);
  const useOf = new Map(used.map((row) => [row.subject, row]));
  return limits.map((limit) => {
    const subject = subjects[limit.scope];
    const row = useOf.get(subject)!;
    return { ...limit, subject, issues: row.issues, valuePaisa: BigInt(row.value_paisa) };
  });
}

/** The limits in force: of each scope the last row whose day has come. */
export async function readFreeIssueLimits(reader: Pick<Tx, 'query'>, now: InstantMs): Promise<FreeIssueLimit[]> {
  const rows = await reader.query<Row & { scope: FreeIssueScope }>(
    `SELECT scope, issues_a_month, value_paisa_a_month FROM free_issue_limits WHERE effective_from <= ?
     ORDER BY effective_from DESC, set_at DESC`,
    [dhakaDay(now)],
  );
  return (['person', 'meter'] as const).map((scope) => {
    const row = rows.find((each) => each.scope === scope);
    if (!row) throw new Error(`there is no limit of free issues for a ${scope}`);
    const issuesAMonth = row['issues_a_month'] as number;
    return { scope, issuesAMonth, valuePaisaAMonth: BigInt(row['value_paisa_a_month'] as string) };
  });
}

/** A limit from this Dhaka day on; what was in force before stays on record. */
export async function insertFreeIssueLimit(
  tx: Tx,
  limit: FreeIssueLimit & { readonly setBy: string },
  now: InstantMs,
): Promise<void> {
  const { scope, issuesAMonth, valuePaisaAMonth, setBy } = limit;
  await tx.write(
    `INSERT INTO free_issue_limits (scope, effective_from, issues_a_month, value_paisa_a_month, set_by, set_at)
     VALUES (?)`,
    [[scope, dhakaDay(now), issuesAMonth, valuePaisaAMonth, setBy, new Date(now)]],
  );
}

/** Counts one more issue for each of the subjects; the caller has locked them. */
export async function addFreeIssueUse(
  tx: Tx,
  subjects: readonly string[],
  valuePaisa: Paisa,
  now: InstantMs,
): Promise<void> {
  await tx.write(
    'UPDATE free_issue_use SET issues = issues + 1, value_paisa = value_paisa + ? WHERE month = ? AND subject IN (?)',
    [valuePaisa, dhakaMonth(now), subjects],
  );
}
