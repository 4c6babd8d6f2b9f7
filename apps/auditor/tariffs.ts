import { parseArgs } from 'node:util';
import { identityErrors } from '@vend/identity';
import { priceBookErrors } from '@vend/pricebook';
import { openDatabase, readConfig, type Database } from '@vend/platform';
import { tariffErrors } from '@vend/tariff';
import { VENDING_ERRORS } from '@vend/vending';
import { runCommand, UsageError } from './command-line';
import { personBehind } from './people';
import { ProgressLine } from './progress';
import { lint, TariffCommands } from './tariffs/commands';

const USAGE = `usage: npm run -s tariffs -- <command>
  lint <file.json> …                                     what is wrong or odd in a document; needs no database
  list [--book <name>] [--json]                          every document, its state, and who stands for it
  load <file.json> --book <name> … --as <user>           enter a document as a draft
  publish <id> --book <name> … --as <user>               a second person puts a draft into force
  propose-revocation <id> --book <name> … --as <user> --reason <text>
  revoke <id> --book <name> … --as <user>                a second person withdraws it
  adjust <id> --book <name> … --as <user>                make due what a published retroactive version asks
                                                         of earlier recharges (policy adjust_at_next_vend)
  --password-fd <n>  read the password of --as, and on the next line a code of the second factor, from this file
                     descriptor; otherwise both are asked for at the terminal
  DATABASE_URL=mysql://user:password@host:port/database  where the books are
  SECRETS_FILE=<path>  for what needs --as: second factors are sealed under it
Tariff officers and administrators may load, publish and revoke. Exit status: 0 done, 1 refused, 2 could not run.`;

const OPTIONS = {
  book: { type: 'string', multiple: true },
  as: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
  'password-fd': { type: 'string' },
} as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (command === 'lint' && rest.length > 0) return (await lint(rest, say)) ? 0 : 1;
  const config = readConfig(['DATABASE_URL']);
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 2, entities: [] });
  try {
    return await run(database, command, rest, values);
  } finally {
    await database.dataSource.destroy();
  }
}

type Values = Readonly<{ book?: string[]; as?: string; reason?: string; json?: boolean; 'password-fd'?: string }>;

async function run(
  database: Database,
  command: string | undefined,
  rest: readonly string[],
  values: Values,
): Promise<number> {
  const commands = new TariffCommands(database, say);
  if (command === 'list' && rest.length === 0) {
    await commands.list(values.book?.[0], values.json ?? false);
    return 0;
  }
  const [what, ...others] = rest;
  const { book: books = [], as: username, reason } = values;
  if (what === undefined || others.length > 0 || books.length === 0 || username === undefined) throw new UsageError();
  const person = await personBehind(database, username, values['password-fd'], 'tariff.change');
  switch (command) {
    case 'load':
      await commands.load(what, books, person.username);
      return 0;
    case 'publish':
      await commands.publish(what, books, person.username);
      return 0;
    case 'propose-revocation':
      if (!reason) throw new UsageError();
      await commands.proposeRevocation(what, books, person.username, reason);
      return 0;
    case 'adjust':
      await commands.adjust(what, books, new ProgressLine('meters').at);
      return 0;
    case 'revoke':
      await commands.revoke(what, books, person.username);
      return 0;
    default:
      throw new UsageError();
  }
}

runCommand(main, {
  usage: USAGE,
  errors: { ...VENDING_ERRORS, ...identityErrors, ...tariffErrors, ...priceBookErrors },
});
