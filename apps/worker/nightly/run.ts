import { parseArgs } from 'node:util';
import { parseQuietHours, startOfDay } from '@vend/kernel';
import { LedgerService } from '@vend/ledger';
import { createLogger, openDatabase, readConfig } from '@vend/platform';
import { NightlyRunner } from './nightly-runner';
import { reopenRun } from './store/nightly-runs';
import { tokenServerOf } from '../worker.config';
import { keptImports, nightlyTasks } from './tasks';

const USAGE = `usage: npm run nightly -- --task <name> --day <YYYY-MM-DD> [--again]
  DATABASE_URL=mysql://user:password@host:port/database
  token-match and key-expiry also: TOKEN_SERVER_ADDRESS, TLS_CA_FILE, TLS_CERT_FILE, TLS_KEY_FILE of an auditor
Runs a nightly task by hand, as the worker would. --again: also when it is done for that day.
Exit status: 0 proved, 1 faults found, 2 could not run, 3 done already or running elsewhere.`;

const STATUS = { proved: 0, faults: 1, failed: 2, elsewhere: 3 } as const;

const TOKEN_SERVER = ['TOKEN_SERVER_ADDRESS', 'TLS_CA_FILE', 'TLS_CERT_FILE', 'TLS_KEY_FILE'] as const;
const asksTokenServer = (task: string) => task === 'token-match' || task === 'key-expiry';

async function main(args: readonly string[]): Promise<number> {
  const options = { task: { type: 'string' }, day: { type: 'string' }, again: { type: 'boolean' } } as const;
  const { task: name, day, again } = parseArgs({ args: [...args], options }).values;
  if (name === undefined || day === undefined) throw new Error(USAGE);
  startOfDay(day);
  const config = readConfig([
    ...(['DATABASE_URL', 'IMPORT_DIR', 'IMPORT_KEEP_DAYS', 'SMS_QUIET_HOURS', 'WEBHOOKS_KEEP_DAYS'] as const),
    ...(['GATEWAY_MESSAGES_KEEP_DAYS', 'BILLER_ANSWERS_KEEP_DAYS'] as const),
  ]);
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 4, entities: [] });
  try {
    const log = createLogger('nightly');
    const tokens = asksTokenServer(name) ? { tokenServer: tokenServerOf(readConfig(TOKEN_SERVER)), log } : undefined;
    const tasks = nightlyTasks({
      ...{ database, tokens, ledger: new LedgerService(database), imports: keptImports(config, database) },
      quietHours: parseQuietHours(config.SMS_QUIET_HOURS),
      keepDays: config,
    });
    const task = tasks.find((one) => one.name === name);
    if (!task) throw new Error(`no such task; there are: ${tasks.map((one) => one.name).join(', ')}`);
    if (again) await reopenRun(database, name, day);
    const outcome = await new NightlyRunner(database, tasks, log).runOnce(task, day);
    console.log(`${name} for ${day}: ${outcome}`);
    return STATUS[outcome];
  } finally {
    await database.dataSource.destroy();
  }
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
