import { parseArgs } from 'node:util';
import { UsageError } from './usage';

const OPTIONS = {
  'key-file': { type: 'string' },
  'journal-dir': { type: 'string' },
  'seen-file': { type: 'string' },
  kek: { type: 'string' },
  by: { type: 'string', multiple: true },
  module: { type: 'string' },
  'pkcs11-library': { type: 'string' },
  'pkcs11-token': { type: 'string' },
  pin: { type: 'string' },
  'secrets-fd': { type: 'string' },
  shares: { type: 'string' },
  threshold: { type: 'string' },
  'shares-dir': { type: 'string' },
  'no-handover': { type: 'boolean' },
  sgc: { type: 'string' },
  krn: { type: 'string' },
  kind: { type: 'string' },
  dkga: { type: 'string' },
  'base-date': { type: 'string' },
  ken: { type: 'string' },
  kcv: { type: 'string' },
  until: { type: 'string' },
  file: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  'log-dir': { type: 'string' },
  'public-key': { type: 'string', multiple: true },
  checkpoints: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type OptionName = keyof typeof OPTIONS;
type TextOption = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends { type: 'string'; multiple: true } ? never : Name;
}[OptionName];

/** Paths may come from the environment: they are no secret. */
const FROM_ENVIRONMENT: Partial<Record<OptionName, string>> = {
  'key-file': 'KEY_FILE',
  'journal-dir': 'KEYS_JOURNAL_DIR',
  'seen-file': 'KEY_SEEN_FILE',
  'pkcs11-library': 'PKCS11_LIBRARY',
  'pkcs11-token': 'PKCS11_TOKEN',
  module: 'KEY_MODULE',
};

/** What was typed, asked for by name. */
export class Arguments {
  private constructor(
    readonly command: string,
    private readonly values: Readonly<Record<string, string | boolean | string[] | undefined>>,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @throws {UsageError} */
  static parse(args: readonly string[], env: NodeJS.ProcessEnv): Arguments {
    try {
      const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
      const [command = '', ...rest] = positionals;
      if (rest.length > 0) throw new UsageError('one command at a time; secrets are never arguments');
      return new Arguments(command, values, env);
    } catch (error) {
      // The parser repeats what was typed, and somebody may have typed a secret.
      if (error instanceof UsageError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? '';
      throw new UsageError(code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'unknown option' : 'an option lacks its value');
    }
  }

  text(name: TextOption): string | undefined {
    const setting = FROM_ENVIRONMENT[name];
    const value = this.values[name] ?? (setting && this.env[setting]);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** @throws {UsageError} */
  need(name: TextOption): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    const setting = FROM_ENVIRONMENT[name];
    throw new UsageError(`--${name} is missing${setting ? ` (or ${setting})` : ''}`);
  }

  flag(name: 'json' | 'no-handover'): boolean {
    return this.values[name] === true;
  }

  list(name: 'by' | 'public-key'): readonly string[] {
    return (this.values[name] as string[] | undefined) ?? [];
  }

  /** A whole number of an option. @throws {UsageError} */
  whole(name: TextOption): number {
    const text = this.need(name);
    if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--${name} is not a whole number`);
    return Number(text);
  }
}
