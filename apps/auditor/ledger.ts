import { parseArgs } from 'node:util';
import { identityErrors } from '@vend/identity';
import { LEDGER_ERRORS } from '@vend/ledger';
import { openDatabase, readConfig, type Database } from '@vend/platform';
import { LedgerCommands, textOf, type Answer } from './ledger/commands';
import { runCommand, UsageError } from './command-line';
import { personBehind } from './people';
import { ProgressLine } from './progress';

const USAGE = `usage: npm run -s ledger -- <command> [--json]
  balance [<account>] [--at <day or time>]                   one account or all, now or at any instant
  statement <account> --from <day or time> [--to <day or time>] [--limit <1..1000>] [--cursor <text>]
  trial-balance --day <day> [--to <day>] [--office <name>]   debits and credits of business days, by office
  vat-return --month <YYYY-MM>                               VAT by office and supply
  rebate-return --month <YYYY-MM>                            rebates and lifeline credits by office
  verify                                                     proves the whole history from the postings
  close-day <day> --as <user> [--password-fd <n>]            closes a business day and all before it, for ever
A day is YYYY-MM-DD in Dhaka; a time is RFC 3339 with offset (2026-11-21T18:30:00+06:00). Amounts are Taka.
  --password-fd <n>                                          the password, and on the next line a code of the second factor
  DATABASE_URL=mysql://user:password@host:port/database      where the books are
  SECRETS_FILE=<path>                                        for close-day: second factors are sealed under it
Exit status: 0 done and no fault, 1 faults found or refused, 2 could not run.`;

const OPTIONS = {
  at: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  day: { type: 'string' },
  office: { type: 'string' },
  month: { type: 'string' },
  as: { type: 'string' },
  json: { type: 'boolean' },
  'password-fd': { type: 'string' },
} as const;

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, 'json'>, string>> & { json?: boolean }>;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [command, what, ...others] = positionals;
  if (command === undefined || others.length > 0) throw new UsageError();
  const config = readConfig(['DATABASE_URL']);
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 4, entities: [] });
  try {
    const answer = await run(database, command, what, values);
    process.stdout.write(`${textOf(answer, values.json ?? false)}\n`);
    return (answer.faults ?? 0) > 0 ? 1 : 0;
  } finally {
    await database.dataSource.destroy();
  }
}

async function run(database: Database, command: string, what: string | undefined, values: Values): Promise<Answer> {
  const commands = new LedgerCommands(database);
  const { from, day, month, as: username, ...rest } = values;
  switch (command) {
    case 'balance':
      return commands.balance(what, values.at);
    case 'statement':
      if (what === undefined || from === undefined) throw new UsageError();
      return commands.statement(what, { from, ...rest });
    case 'trial-balance':
      if (day === undefined) throw new UsageError();
      return commands.trialBalance(day, values.to ?? day, values.office);
    case 'vat-return':
      if (month === undefined) throw new UsageError();
      return commands.vatReturn(month);
    case 'rebate-return':
      if (month === undefined) throw new UsageError();
      return commands.rebateReturn(month);
    case 'verify':
      return verify(commands);
    case 'close-day': {
      if (what === undefined || username === undefined) throw new UsageError();
      const person = await personBehind(database, username, values['password-fd'], 'day.close');
      return commands.closeDay(what, person.username);
    }
    default:
      throw new UsageError();
  }
}

function verify(commands: LedgerCommands) {
  const progress = new ProgressLine('days');
  let days = 0;
  return commands.verify((day) => progress.at(++days, `, at ${day}`));
}

runCommand(main, { usage: USAGE, errors: { ...identityErrors, ...LEDGER_ERRORS } });
