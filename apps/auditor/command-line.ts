import { isDomainError, type DomainError, type ErrorDescription } from '@vend/kernel';

/** The command was not called as its usage says. */
export class UsageError extends Error {}

/** What a command needs to say of how it ended. */
export interface CommandEnd {
  readonly usage: string;
  /** The words of every refusal it can meet. */
  readonly errors: Readonly<Record<string, ErrorDescription>>;
}

/** Runs a command. Exit status: its own; 1 when it was refused, with code, facts and words; 2 when it could not run. */
export function runCommand(main: (args: readonly string[]) => Promise<number>, { usage, errors }: CommandEnd): void {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
      const refused = isDomainError(error);
      const text = refused ? wordsOf(error, errors) : error instanceof UsageError ? usage : (error as Error).message;
      process.stderr.write(`${text}\n`);
      process.exitCode = refused ? 1 : 2;
    },
  );
}

function wordsOf({ code, facts }: DomainError, errors: CommandEnd['errors']): string {
  const described = errors[code];
  const said = Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`);
  return [code, ...said, described?.en, described?.bn].filter(Boolean).join('\n  ');
}
