import { horizon, proveNight, type LedgerService } from '@vend/ledger';
import { settleDueTerms } from '@vend/meters';
import type { Database } from '@vend/platform';
import { Watch } from '@vend/watch';
import type { NightlyTask } from './nightly';
import { tokenTasks, type TokenTaskParts } from './token-tasks';

export interface NightlyParts {
  readonly database: Database;
  readonly ledger: LedgerService;
  /** Without it the night asks no token server. */
  readonly tokens?: Omit<TokenTaskParts, 'database'>;
}

/** Every nightly task, in the order in which a night runs them. */
export function nightlyTasks({ database, ledger, tokens }: NightlyParts): NightlyTask[] {
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
    ...(tokens ? tokenTasks({ database, ...tokens }) : []),
  ];
}
