import { layoutOf } from './layout';
import { Progress, explain } from './progress';
import { keepServers, provideServers, stopServers } from './servers';
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
  const say = (line: string): void => progress.say(line);
  try {
    switch (invocation.command) {
      case 'test':
        return await runTests(layout, invocation.args, invocation.buildFailed, progress);
      case 'servers': {
        keepServers(layout);
        const servers = await provideServers(layout, givenUrls(), say);
        progress.say(`servers: ${servers.remark}`);
        progress.plain(`DATABASE_ADMIN_URL=${servers.databaseAdminUrl}\nREDIS_URL=${servers.redisUrl}`);
        return 0;
      }
      case 'stop': {
        const stopped = await stopServers(layout);
        progress.say(stopped.length > 0 ? `stopped ${stopped.join(', ')}` : 'nothing was running');
        return 0;
      }
      default:
        throw new Error(`unknown command ${invocation.command}`);
    }
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    return 1;
  }
}

function givenUrls(): { databaseUrl?: string; redisUrl?: string } {
  return { databaseUrl: process.env['DATABASE_URL'], redisUrl: process.env['REDIS_URL'] };
}
