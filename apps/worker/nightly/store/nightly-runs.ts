import type { LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { NightlyResult } from '../nightly';

/** A claimed run. `attempt` fences it: whoever takes the run over gets the next number, and the old one can end nothing. */
export interface Claim {
  readonly task: string;
  readonly day: LocalDay;
  readonly worker: string;
  readonly attempt: number;
}

/**
 * Takes a run that nobody has begun, or whose worker let its lease end. The database's clock alone decides.
 *
 * @returns undefined when the run is done, or another worker holds it
 */
export async function claimRun(
  database: Database,
  task: string,
  day: LocalDay,
  worker: string,
  leaseMs: number,
): Promise<Claim | undefined> {
  const lease = leaseMs * 1_000;
  // Two transactions: the lock of an INSERT that met another's row, kept for the UPDATE, would be half of a deadlock.
  const begun = await database.transaction((tx) =>
    tx.write(
      `INSERT IGNORE INTO nightly_runs (task, business_day, state, worker, lease_until, started_at, attempts)
       VALUES (?, ?, 'RUNNING', ?, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, UTC_TIMESTAMP(3), 1)`,
      [task, day, worker, lease],
    ),
  );
  if (begun.affectedRows === 1) return { task, day, worker, attempt: 1 };
  return database.transaction(async (tx) => {
    const taken = await tx.write(
      `UPDATE nightly_runs SET worker = ?, lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND,
         started_at = UTC_TIMESTAMP(3), attempts = attempts + 1
       WHERE task = ? AND business_day = ? AND state = 'RUNNING' AND lease_until < UTC_TIMESTAMP(3)`,
      [worker, lease, task, day],
    );
    if (taken.affectedRows === 0) return undefined;
    const [row] = await tx.query<{ attempts: number }>(
      'SELECT attempts FROM nightly_runs WHERE task = ? AND business_day = ?',
      [task, day],
    );
    return { task, day, worker, attempt: row!.attempts };
  });
}

const MINE = "WHERE task = ? AND business_day = ? AND worker = ? AND attempts = ? AND state = 'RUNNING'";
const key = ({ task, day, worker, attempt }: Claim) => [task, day, worker, attempt];

/** Keeps a run for longer, or gives it back for after a pause. @returns false when it is no longer ours */
export async function extendRun(database: Database, claim: Claim, leaseMs: number): Promise<boolean> {
  const { affectedRows } = await database.transaction((tx) =>
    tx.write(`UPDATE nightly_runs SET lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND ${MINE}`, [
      leaseMs * 1_000,
      ...key(claim),
    ]),
  );
  return affectedRows === 1;
}

/** Writes down what a run found. @returns false when another worker has taken it over */
export async function endRun(database: Database, claim: Claim, { faults, figures }: NightlyResult): Promise<boolean> {
  const { affectedRows } = await database.transaction((tx) =>
    tx.write(`UPDATE nightly_runs SET state = ?, ended_at = UTC_TIMESTAMP(3), figures = ?, faults = ? ${MINE}`, [
      faults.length > 0 ? 'FAULTS' : 'PROVED',
      JSON.stringify(figures),
      JSON.stringify(faults),
      ...key(claim),
    ]),
  );
  return affectedRows === 1;
}

/** The runs of these days that are done, as `task day`. */
export async function endedRuns(database: Database, days: readonly LocalDay[]): Promise<Set<string>> {
  const rows = await database.read<{ task: string; business_day: string }>(
    `SELECT task, business_day FROM nightly_runs WHERE business_day IN (?) AND state <> 'RUNNING'`,
    [days],
  );
  return new Set(rows.map((row) => `${row.task} ${row.business_day}`));
}

/** Makes a done run open again, for a run by hand. */
export async function reopenRun(database: Database, task: string, day: LocalDay): Promise<void> {
  await database.transaction((tx) =>
    tx.write(
      `UPDATE nightly_runs SET state = 'RUNNING', lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND, ended_at = NULL
       WHERE task = ? AND business_day = ? AND state <> 'RUNNING'`,
      [task, day],
    ),
  );
}
