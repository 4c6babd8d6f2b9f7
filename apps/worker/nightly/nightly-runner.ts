import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { dhakaDay, formatInstant, type InstantMs, type LocalDay } from '@vend/kernel';
import { counter, gauge, type Database } from '@vend/platform';
import type { NightlyOutcome, NightlyResult, NightlyTask } from './nightly';
import { claimRun, endedRuns, endRun, extendRun, type Claim } from './store/nightly-runs';

export interface NightlySettings {
  /** A worker that is silent for this long has lost its run to the next one. */
  readonly leaseMs: number;
  /** How long a task that could not run waits for its next try. */
  readonly retryMs: number;
  /** How many nights back what was missed is made up for. */
  readonly nights: number;
}

const NIGHTLY_SETTINGS: NightlySettings = { leaseMs: 60_000, retryMs: 300_000, nights: 3 };

/**
 * Runs the night's tasks, in their order: each once a business day over all workers. The row in `nightly_runs` is the
 * claim; a worker that dies leaves a lease that ends, and another takes the run over.
 */
export class NightlyRunner {
  private readonly worker = `${hostname()
    .replace(/[^\x21-\x7e]/g, '')
    .slice(0, 40)}:${randomBytes(6).toString('hex')}`;
  private readonly runs = counter('vend_nightly_runs_total', 'Tries of nightly tasks', ['task', 'outcome']);
  private readonly faults = gauge('vend_nightly_faults', 'Faults that the last run of a nightly task found', ['task']);
  private readonly ended = gauge('vend_nightly_ended_seconds', 'When a nightly task last ended (Unix time)', ['task']);

  constructor(
    private readonly database: Database,
    private readonly tasks: readonly NightlyTask[],
    private readonly log: Logger,
    private readonly settings: NightlySettings = NIGHTLY_SETTINGS,
  ) {
    const names = tasks.map(({ name }) => name);
    const odd = tasks.find(({ name, at }) => !/^[a-z0-9-]{1,40}$/.test(name) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(at));
    if (odd || new Set(names).size < names.length) throw new Error(`not a list of nightly tasks: ${names.join(', ')}`);
  }

  /** Runs whatever is due and not done, the oldest night first. */
  async runDue(now: InstantMs): Promise<void> {
    const days = this.endedDays(now);
    const done = await endedRuns(this.database, days);
    for (const day of days) {
      for (const task of this.tasks) {
        if (done.has(`${task.name} ${day}`) || !isDue(task, day, now)) continue;
        await this.runOnce(task, day);
      }
    }
  }

  /** One try of one task for one day. */
  async runOnce(task: NightlyTask, day: LocalDay): Promise<NightlyOutcome> {
    const claim = await claimRun(this.database, task.name, day, this.worker, this.settings.leaseMs);
    const outcome = claim ? await this.work(task, claim) : 'elsewhere';
    if (claim) this.runs.inc({ task: task.name, outcome });
    return outcome;
  }

  private async work(task: NightlyTask, claim: Claim): Promise<NightlyOutcome> {
    const { log, database, settings } = this;
    const where = { task: task.name, day: claim.day, attempt: claim.attempt };
    const keep = setInterval(() => {
      // A lease that cannot be kept is taken over, and what ends twice ends once: the fence sees to it.
      extendRun(database, claim, settings.leaseMs).catch((error: unknown) =>
        log.warn({ err: error, ...where }, 'lease'),
      );
    }, settings.leaseMs / 3);
    let result: NightlyResult;
    try {
      result = await task.run(claim.day);
    } catch (error) {
      log.error({ err: error, ...where }, 'nightly task could not run; it is tried again');
      await extendRun(database, claim, settings.retryMs).catch(() => undefined);
      return 'failed';
    } finally {
      clearInterval(keep);
    }
    if (!(await endRun(database, claim, result))) return 'elsewhere';
    this.faults.set({ task: task.name }, result.faults.length);
    this.ended.set({ task: task.name }, Date.now() / 1_000);
    const found = { ...where, figures: result.figures };
    if (result.faults.length === 0) log.info(found, 'nightly task proved');
    else log.error({ ...found, faults: result.faults }, 'nightly task found faults');
    return result.faults.length === 0 ? 'proved' : 'faults';
  }

  private endedDays(now: InstantMs): LocalDay[] {
    return Array.from({ length: this.settings.nights }, (_, i) =>
      dhakaDay(now - (this.settings.nights - i) * 86_400_000),
    );
  }
}

/** True from the task's time on, in the night after its day, and on every day after. */
function isDue({ at }: NightlyTask, day: LocalDay, now: InstantMs): boolean {
  const nightAfter = dhakaDay(Date.parse(`${day}T00:00:00+06:00`) + 86_400_000);
  return formatInstant(now).slice(0, 16) >= `${nightAfter}T${at}`;
}
