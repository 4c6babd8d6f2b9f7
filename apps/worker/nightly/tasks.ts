import { forgetOldLogins } from '@vend/identity';
import type { QuietHours } from '@vend/kernel';
import { horizon, proveNight, type LedgerService } from '@vend/ledger';
import { ImportJobs, settleDueTerms } from '@vend/meters';
import type { Database } from '@vend/platform';
import { forgetVisits } from '@vend/portal';
import { Settlement, statementFiles, StatementImports } from '@vend/settlement';
import { forgetParts } from '@vend/sms';
import { ImportFiles } from '@vend/tables';
import { Watch } from '@vend/watch';
import type { WorkerConfig } from '../worker.config';
import type { NightlyTask } from './nightly';
import { historyTasks, type KeepDays } from './history-tasks';
import { remindOfMonth } from './reminders';
import { tokenTasks, type TokenTaskParts } from './token-tasks';

const DAY_MS = 86_400_000;
/** No message centre tries for so long; whoever asks what became of an SMS asks sooner. */
const PARTS_KEPT_MS = 90 * DAY_MS;

export interface NightlyParts {
  readonly database: Database;
  readonly ledger: LedgerService;
  readonly imports: {
    readonly jobs: ImportJobs;
    readonly statements: StatementImports;
    readonly keepDays: number;
  };
  /** When no reminder may arrive; undefined: there are no such hours. */
  readonly quietHours: QuietHours | undefined;
  readonly keepDays: KeepDays;
  /** Without it the night asks no token server. */
  readonly tokens?: Omit<TokenTaskParts, 'database'>;
}

/** The imports of this process's folder. */
export function keptImports(
  config: Pick<WorkerConfig, 'IMPORT_DIR' | 'IMPORT_KEEP_DAYS'>,
  database: Database,
): NightlyParts['imports'] {
  const files = new ImportFiles(config.IMPORT_DIR, Number.MAX_SAFE_INTEGER);
  const statements = new StatementImports(database, statementFiles(config.IMPORT_DIR, Number.MAX_SAFE_INTEGER));
  return { jobs: new ImportJobs(database, files), statements, keepDays: config.IMPORT_KEEP_DAYS };
}

/** Every nightly task, in the order in which a night runs them. */
export function nightlyTasks({ database, ledger, imports, quietHours, keepDays, tokens }: NightlyParts): NightlyTask[] {
  return [
    {
      // Prices know it from midnight on; this is for lists, reports and the history.
      name: 'terms-in-force',
      at: '00:20',
      run: async () => ({ faults: [], figures: { connections: await settleDueTerms(database, Date.now()) } }),
    },
    {
      // Forty minutes: a recharge that began before midnight has long been answered, whatever it waited for.
      name: 'day-close',
      at: '00:40',
      run: async (day) => {
        await ledger.closeDay(day, 'worker:nightly');
        return { faults: [], figures: {} };
      },
    },
    {
      name: 'ledger-proof',
      at: '01:10',
      run: async (day) => {
        const { closedThrough } = await horizon(database);
        if (closedThrough < day) throw new Error('the day is not closed yet');
        // What was closed by a worker that died then may not be in the totals yet.
        await ledger.rollUp();
        const { faults, days } = await proveNight(database, day);
        return { faults, figures: { days } };
      },
    },
    {
      name: 'watch',
      at: '01:15',
      run: async (day) => {
        await new Watch(database).lookAgain(day);
        return { faults: [], figures: {} };
      },
    },
    {
      // Customers' data are not kept for longer than somebody may ask for the report.
      name: 'import-files',
      at: '02:10',
      run: async () => ({
        faults: [],
        figures: { ...(await imports.jobs.forgetFiles(Date.now() - imports.keepDays * DAY_MS)) },
      }),
    },
    {
      name: 'statement-files',
      at: '02:15',
      run: async () => ({
        faults: [],
        figures: { ...(await imports.statements.forgetFiles(Date.now() - imports.keepDays * DAY_MS)) },
      }),
    },
    {
      // When the window of the day before has passed, and the companies have had the morning to send their statements.
      name: 'settlement',
      at: '09:00',
      run: async (day) => ({ faults: [], figures: await new Settlement(database, ledger).night(day) }),
    },
    {
      // Queued in the night, sent when nobody is woken.
      name: 'reminders',
      at: '02:00',
      run: async (day) => ({
        faults: [],
        figures: await remindOfMonth(database, day, { quietHours, now: Date.now() }),
      }),
    },
    {
      name: 'logins-forgotten',
      at: '02:30',
      run: async () => ({ faults: [], figures: { ...(await forgetOldLogins(database, Date.now())) } }),
    },
    {
      name: 'visits-forgotten',
      at: '02:35',
      run: async () => ({ faults: [], figures: { ...(await forgetVisits(database, Date.now())) } }),
    },
    {
      name: 'sms-parts-forgotten',
      at: '02:40',
      run: async () => ({
        faults: [],
        figures: { parts: await forgetParts(database, new Date(Date.now() - PARTS_KEPT_MS)) },
      }),
    },
    ...historyTasks(database, keepDays),
    ...(tokens ? tokenTasks({ database, ...tokens }) : []),
  ];
}
