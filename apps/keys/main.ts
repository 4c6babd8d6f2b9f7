/**
 * The key ceremony: everything that is done to vending keys and to the key that protects them.
 *
 *   npm run keys -- help
 */
import { readFileSync } from 'node:fs';
import { DomainError } from '@vend/kernel';
import { JOURNAL_ERRORS, KEYSTORE_ERRORS } from '@vend/keystore';
import { Arguments } from './arguments';
import { checkLog, exportPublicKey, moduleId, sealForModule } from './commands/auditing';
import type { Command } from './commands/command';
import { acceptGeneration, backup, restore, upgrade } from './commands/copies';
import { createKek, finishRotation, importKek, rotateKek } from './commands/kek';
import { loadComponents, loadFile } from './commands/loading';
import { activate, expire, list, remove, retire, setIssuedUntil } from './commands/standing';
import { questionsFrom } from './questions';
import { HELP, UsageError } from './usage';

const COMMANDS: Readonly<Record<string, Command>> = {
  'create-kek': createKek,
  'import-kek': importKek,
  'rotate-kek': rotateKek,
  'finish-rotation': finishRotation,
  'load-components': loadComponents,
  'load-file': loadFile,
  list,
  activate,
  retire,
  'set-iut': setIssuedUntil,
  expire,
  remove,
  backup,
  restore,
  'accept-generation': acceptGeneration,
  upgrade,
  'verify-log': checkLog,
  'export-public-key': exportPublicKey,
  'module-id': moduleId,
  'seal-key-load-file': sealForModule,
};

/** A core dump of this process would hold keys in the clear. */
function refuseCoreDumps(): void {
  let limits: string;
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return; // not Linux: the limit cannot be seen
  }
  if (/^Max core file size\s+(\S+)/m.exec(limits)?.[1] === '0') return;
  throw new UsageError('core dumps are on: start with `npm run keys`, or after `ulimit -c 0`');
}

async function run(argv: readonly string[]): Promise<number> {
  const args = Arguments.parse(argv, process.env);
  if (args.command === '' || args.command === 'help') {
    process.stdout.write(HELP);
    return args.command === 'help' ? 0 : 2;
  }
  const command = Object.hasOwn(COMMANDS, args.command) ? COMMANDS[args.command] : undefined;
  if (!command) throw new UsageError('unknown command; see: npm run keys -- help');
  refuseCoreDumps();
  const status = await command({
    args,
    questions: questionsFrom(args.text('secrets-fd')),
    print: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  return status ?? 0;
}

/** One line: the code, a sentence, and facts that are safe to show. No stack, which tells where a key lay. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof DomainError)) return `unexpected: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  const { code, facts } = error as DomainError;
  const tables: Readonly<Record<string, { en: string }>> = { ...KEYSTORE_ERRORS, ...JOURNAL_ERRORS };
  const known = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return [`${code}: ${tables[code]?.en ?? ''}`, ...(known.length > 0 ? [`(${known.join(', ')})`] : [])].join(' ');
}

run(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`keys: ${explain(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
