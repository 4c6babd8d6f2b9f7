import { parseArgs } from 'node:util';
import { listDocuments, PriceBooks } from '@vend/pricebook';
import { openDatabase, readConfig } from '@vend/platform';
import { answerLines } from './ndjson';
import { Catalogue } from './price/catalogue';
import { PriceLines } from './price/answer';
import { ProgressLine } from './progress';

const USAGE = `usage: npm run -s price -- [--no-lines] [--published] [--names]
Reads requests on standard input, one JSON object a line, and writes a quote for each; see docs/TARIFFS.md.
  --no-lines   leave out the receipt lines with their reasons: faster
  --published  price with the books of the database at DATABASE_URL as published now, not with the released ones
  --names      print the books, versions and rebates that a request may name, and stop
Exit status: 0 every line priced, 1 some refused, 2 could not run.`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-lines': { type: 'boolean' },
      published: { type: 'boolean' },
      names: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const catalogue = values.published ? await publishedCatalogue() : new Catalogue();
  if (values.names) {
    process.stdout.write(`${JSON.stringify(catalogue.names, null, 2)}\n`);
    return 0;
  }
  const progress = new ProgressLine('lines');
  const handler = new PriceLines(catalogue, !values['no-lines']);
  const { lines, failures } = await answerLines(process.stdin, process.stdout, handler, progress.at);
  progress.end(lines, failures > 0 ? `, ${failures} refused` : '');
  return failures > 0 ? 1 : 0;
}

async function publishedCatalogue(): Promise<Catalogue> {
  const config = readConfig(['DATABASE_URL']);
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 2, entities: [] });
  try {
    const codes = new Set((await listDocuments(database, Date.now())).map(({ book }) => book));
    const books = new PriceBooks(database);
    return new Catalogue(await Promise.all([...codes].map(async (code) => (await books.latest(code)).tariffs)));
  } finally {
    await database.dataSource.destroy();
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of our answers went away, as `head` does: nothing more to say.
  if (error.code === 'EPIPE') process.exit(1);
  throw error;
});

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
  },
);
