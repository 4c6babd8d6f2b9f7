import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openDatabase, readConfig } from '@vend/platform';
import { ProgressLine } from './progress';
import { Recomputation } from './recompute/recompute';

const USAGE = `usage: npm run -s audit:recompute -- --from <YYYY-MM-DD> --to <YYYY-MM-DD>
  DATABASE_URL=mysql://user:password@host:port/database  the books; reading rights are enough
Prices every vend of these business days again, from its stored inputs and the versions it was priced with, and writes
one JSON line for each that differs: vendId, receiptNo, and what was stored and what comes out, to the paisa.
Exit status: 0 none differs, 1 some do, 2 could not run.`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { from: { type: 'string' }, to: { type: 'string' } } });
  if (values.from === undefined || values.to === undefined) throw new Error(USAGE);
  const config = readConfig(['DATABASE_URL']);
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 2, entities: [] });
  try {
    const progress = new ProgressLine('vends');
    const recomputation = new Recomputation(
      database,
      async (vend) => {
        if (!process.stdout.write(`${JSON.stringify(vend)}\n`)) await once(process.stdout, 'drain');
      },
      progress.at,
    );
    const { vends, differing } = await recomputation.run(values.from, values.to);
    progress.end(vends, differing === 0 ? ': every one to the paisa' : `: ${differing} differ`);
    return differing > 0 ? 1 : 0;
  } finally {
    await database.dataSource.destroy();
  }
}

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
