import { DomainError, formatInstant } from '@vend/kernel';
import { endOfKey } from '@vend/keystore';
import type { SealedKeyFile, SealedVendingKey, VendingKeyAttributes } from '@vend/keystore';
import type { Arguments } from './arguments';
import { UsageError } from './usage';

const DAY_MS = 86_400_000;

/** The attributes of a key that is to be loaded. Their values are checked where it is sealed. @throws {UsageError} */
export function attributesFrom(args: Arguments): VendingKeyAttributes {
  const kind = args.need('kind');
  if (kind !== 'VUDK' && kind !== 'VDDK' && kind !== 'VCDK') throw new UsageError('--kind is VUDK, VDDK or VCDK');
  const dkga = args.whole('dkga');
  if (dkga !== 2 && dkga !== 4) throw new UsageError('--dkga is 2 or 4');
  const baseDate = args.whole('base-date');
  if (baseDate !== 1993 && baseDate !== 2014 && baseDate !== 2035) {
    throw new UsageError('--base-date is 1993, 2014 or 2035');
  }
  return { sgc: args.need('sgc'), krn: args.whole('krn'), kind, dkga, baseDate, ken: args.whole('ken') };
}

/** The key that --sgc and --krn name. @throws {DomainError} `unknown-vending-key` */
export function keyNamed(args: Arguments, file: SealedKeyFile): SealedVendingKey {
  const [sgc, krn] = [args.need('sgc'), args.whole('krn')];
  const found = file.keys.find((key) => key.sgc === sgc && key.krn === krn);
  if (!found) throw new DomainError('unknown-vending-key', { sgc, krn });
  return found;
}

/** The keys of a file with one exchanged, added or, with null, taken out. */
export function keysWith(file: SealedKeyFile, changed: SealedVendingKey, to: SealedVendingKey | null) {
  return file.keys.flatMap((key) => (key === changed ? (to === null ? [] : [to]) : [key]));
}

/** @throws {DomainError} `key-already-loaded` */
export function refuseLoadedAlready(file: SealedKeyFile, { sgc, krn }: VendingKeyAttributes): void {
  const isThere = file.keys.some((key) => key.sgc === sgc && key.krn === krn);
  if (isThere) throw new DomainError('key-already-loaded', { sgc, krn });
}

/** What the list shows of a key. */
export interface ListedKey {
  readonly sgc: string;
  readonly krn: number;
  readonly kind: string;
  readonly dkga: number;
  readonly baseDate: number;
  readonly ken: number;
  readonly kcv: string;
  readonly state: string;
  readonly issuedUntil: string | null;
  /** RFC 3339; null when it never ends. */
  readonly endsAt: string | null;
  readonly daysLeft: number | null;
  /** Where the key is opened: in this process, or in the token alone. */
  readonly custody: string;
}

export function listedKey(key: SealedVendingKey, nowMs: number): ListedKey {
  const { sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil } = key;
  const endMs = endOfKey(key);
  const daysLeft = endMs === null ? null : Math.max(0, Math.floor((endMs - nowMs) / DAY_MS));
  const shown = endMs !== null && endMs <= nowMs ? `${state}, expired` : state;
  return {
    ...{ sgc, krn, kind, dkga, baseDate, ken, kcv, state: shown, issuedUntil },
    endsAt: endMs === null ? null : formatInstant(endMs),
    daysLeft,
    custody: key.method === 'wrapped' ? 'token' : 'memory',
  };
}

/** The list as a table for people. */
export function tableOf(keys: readonly ListedKey[]): string {
  const header = [
    'SGC',
    'KRN',
    'kind',
    'DKGA',
    'base',
    'KEN',
    'KCV',
    'state',
    'issued until',
    'days left',
    'opened in',
  ];
  const rows = keys.map((key) => [
    key.sgc,
    String(key.krn),
    key.kind,
    `0${key.dkga}`,
    String(key.baseDate),
    String(key.ken),
    key.kcv,
    key.state,
    key.issuedUntil ?? '-',
    key.daysLeft === null ? '-' : String(key.daysLeft),
    key.custody,
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}
