import { check } from './check';
import { demo, start, stop } from './commands';
import { layoutOf } from './layout';
import { Progress, explain } from './progress';
import { keepServers, provideServers } from './servers';
import { summaryLine } from './summary';
import { runTests } from './test-run';

export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly startedAtMs: number;
  /** The build before this call failed; the files in dist/ may be older than the sources. */
  readonly buildFailed: boolean;
}

/** Runs one command of `node docker/bootstrap.mjs` and answers its exit status. */
export async function run(invocation: Invocation): Promise<number> {
  const layout = layoutOf();
  const progress = new Progress(invocation.startedAtMs);
  process.stdout.on('error', () => undefined); // the reader of our output may go away; the work goes on
  try {
    switch (invocation.command) {
      case 'start':
        return await start(layout, progress);
      case 'demo':
        return await demo(layout, progress);
      case 'test':
        return await runTests(layout, invocation.args, invocation.buildFailed, progress);
      case 'check':
        return await check(layout, progress);
      case 'servers': {
        keepServers(layout);
        const given = { databaseUrl: process.env['DATABASE_URL'], redisUrl: process.env['REDIS_URL'] };
        const servers = await provideServers(layout, given, (line) => progress.say(line));
        progress.say(`servers: ${servers.remark}`);
        progress.plain(`DATABASE_ADMIN_URL=${servers.databaseAdminUrl}\nREDIS_URL=${servers.redisUrl}`);
        return 0;
      }
      case 'stop':
        return await stop(layout, progress);
      default:
        throw new Error(`unknown command ${invocation.command}`);
    }
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    // The last line each command promises, also for a failure that none of its own steps foresaw.
    if (invocation.command === 'test') progress.plain(summaryLine({ passed: 0, failed: 1 }));
    if (invocation.command === 'demo')
      progress.plain(JSON.stringify({ ok: false, step: 'launch', error: String(error) }));
    return 1;
  }
}
