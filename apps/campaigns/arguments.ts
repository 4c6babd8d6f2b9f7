import { parseArgs } from 'node:util';
import { CAMPAIGN_KINDS, REPORT_DAYS, type CampaignKind, type VendingKeyName } from '@vend/meters';

const USAGE = `usage: npm run campaign -- <command>
  create --name <name> --kind ${CAMPAIGN_KINDS.join('|')} --from <SGC/KRN> --to <SGC/KRN> --officer <you>
         [--ti <two digits>] [--office <office>] [--meters <list.csv>]   marks the meters; again goes on, and takes in new ones
  make --name <name> --officer <you>              has the token sets made that are missing; again goes on
  status [--name <name>] [--json]                 due, issued, confirmed, stale in numbers
  export --name <name> --out <file.csv> --officer <you>     the sets nobody has seen in their meters, for field staff
  confirm --meters <list.csv> --officer <you>     these meters were seen on their new keys
  cancel --name <name> --officer <you>            takes back what was not handed out
  expiring [--days ${REPORT_DAYS}] [--out <file.csv>]           meters whose key ends soon
A list has one meter number a line, in the first column; a first line "meterNo" is passed over.
Settings: DATABASE_URL; for create, make and expiring also TOKEN_SERVER_ADDRESS and TLS_CA_FILE, TLS_CERT_FILE,
TLS_KEY_FILE of a key officer. Exit status: 0 done, 1 done in part, 2 not done.`;

/** What was typed is not a command: the message says what is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  name: { type: 'string' },
  kind: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  ti: { type: 'string' },
  office: { type: 'string' },
  meters: { type: 'string' },
  officer: { type: 'string' },
  out: { type: 'string' },
  days: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
export type Command = 'create' | 'make' | 'status' | 'export' | 'confirm' | 'cancel' | 'expiring';

/** Which options a command takes, and which of them it needs. */
const COMMANDS: Readonly<Record<Command, { needs: readonly (keyof Values)[]; takes: readonly (keyof Values)[] }>> = {
  create: { needs: ['name', 'kind', 'from', 'to', 'officer'], takes: ['ti', 'office', 'meters'] },
  make: { needs: ['name', 'officer'], takes: [] },
  status: { needs: [], takes: ['name', 'json'] },
  export: { needs: ['name', 'out', 'officer'], takes: [] },
  confirm: { needs: ['meters', 'officer'], takes: [] },
  cancel: { needs: ['name', 'officer'], takes: [] },
  expiring: { needs: [], takes: ['days', 'out'] },
};

/** The command line, read strictly. */
export class Arguments {
  private constructor(
    readonly command: Command,
    private readonly values: Values,
  ) {}

  /** @throws {UsageError} naming what is missing or too much */
  static read(args: readonly string[]): Arguments {
    let parsed: { values: Values; positionals: string[] };
    try {
      parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    } catch (error) {
      throw new UsageError(`${(error as Error).message}\n${USAGE}`);
    }
    const [command = '', ...others] = parsed.positionals;
    if (!Object.hasOwn(COMMANDS, command) || others.length > 0) throw new UsageError(USAGE);
    const { needs, takes } = COMMANDS[command as Command];
    const missing = needs.filter((name) => parsed.values[name] === undefined);
    if (missing.length > 0) throw new UsageError(`${command} needs ${missing.map((name) => `--${name}`).join(', ')}`);
    const known = [...needs, ...takes] as string[];
    const foreign = Object.keys(parsed.values).filter((name) => !known.includes(name));
    if (foreign.length > 0) throw new UsageError(`${command} does not take --${foreign.join(', --')}`);
    const read = new Arguments(command as Command, parsed.values);
    // Before any work: a name that cannot be recorded must not be found out after it.
    if (parsed.values.officer !== undefined) void read.by;
    return read;
  }

  /** An option that its command needs. */
  text(name: 'name' | 'out' | 'meters'): string {
    return this.values[name]!;
  }

  optional(name: 'name' | 'ti' | 'office' | 'meters' | 'out'): string | null {
    return this.values[name] ?? null;
  }

  get json(): boolean {
    return this.values.json ?? false;
  }

  /** Who answers for this, for the record: a name, not an authority; that is the certificate. */
  get by(): string {
    const officer = this.values.officer!;
    if (!/^[a-z0-9][a-z0-9._-]{0,39}$/.test(officer)) throw new UsageError('--officer: 1 to 40 of a-z, 0-9, . _ -');
    return `officer:${officer}`;
  }

  get kind(): CampaignKind {
    const kind = CAMPAIGN_KINDS.find((each) => each === this.values.kind);
    if (!kind) throw new UsageError(`--kind: one of ${CAMPAIGN_KINDS.join(', ')}`);
    return kind;
  }

  get days(): number {
    const text = this.values.days ?? String(REPORT_DAYS);
    if (!/^\d{1,5}$/.test(text)) throw new UsageError('--days: a whole number');
    return Number(text);
  }

  key(name: 'from' | 'to'): VendingKeyName {
    const match = /^(\d{6})\/([1-9])$/.exec(this.values[name]!);
    if (!match) throw new UsageError(`--${name}: SGC/KRN, 123456/1 for instance`);
    return { sgc: match[1]!, krn: Number(match[2]) };
  }
}
