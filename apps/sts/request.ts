import { readFileSync } from 'node:fs';
import {
  IEC_SAMPLE_TABLES,
  StsError,
  VendingKey,
  deriveDecoderKey,
  nextTid,
  parseCivilMinute,
  parseStaTables,
  tidAt,
} from '@vend/sts';
import type { BaseDate, DecoderKey, Dkga, Ea, KeyType, StaTables, StsErrorCode } from '@vend/sts';

/** A request as it came: nothing about its fields is known yet. */
export type RawRequest = Readonly<Record<string, unknown>>;

/** Refusals of the command itself; everything else comes from the library. */
const COMMAND_ERRORS = {
  'bad-json': 'The line is not a JSON object.',
  'line-too-long': 'The line is longer than 64 KiB.',
  'unknown-token': 'There is no such kind of token.',
  'bad-request': 'A field that this token needs is missing or of the wrong type.',
  'tables-file': 'The table file cannot be read.',
} as const;

/** A machine code of this command. */
export type CommandErrorCode = StsErrorCode | keyof typeof COMMAND_ERRORS | 'internal';

/** A refusal of the command itself. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(readonly code: keyof typeof COMMAND_ERRORS) {
    super(COMMAND_ERRORS[code]);
  }
}

/** A whole number, also as a text of digits; NaN for anything else, which the library then refuses by the field's name. */
export function wholeNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN;
}

/** `7`, `"7"` and `"07"` name the same algorithm. */
function twoDigits(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).padStart(2, '0') : '';
}

/** Keeps what was made last for each name; forgets everything when full, which bounds it. */
class Memo<T> {
  readonly #made = new Map<string, T>();

  constructor(private readonly capacity: number) {}

  get(name: string, make: () => T): T {
    let value = this.#made.get(name);
    if (value === undefined) {
      value = make();
      if (this.#made.size >= this.capacity) this.#made.clear();
      this.#made.set(name, value);
    }
    return value;
  }
}

const vendingKeys = new Memo<VendingKey>(1024);
const tableFiles = new Memo<StaTables>(16);

/** The tables that a request names by file, or the sample tables. */
function tablesOf(raw: RawRequest): StaTables {
  const path = raw['tables'];
  if (path === undefined || path === null) return IEC_SAMPLE_TABLES;
  if (typeof path !== 'string') throw new CommandError('bad-request');
  return tableFiles.get(path, () => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch {
      throw new CommandError('tables-file');
    }
    return parseStaTables(bytes);
  });
}

/** The decoder key of the meter that a request describes; `key` holds the key's own fields when they stand apart. */
export function decoderKeyOf(raw: RawRequest, key: RawRequest = raw): DecoderKey {
  const hex = key['vendingKey'];
  if (typeof hex !== 'string') throw new StsError('bad-vending-key');
  return deriveDecoderKey({
    ea: twoDigits(raw['ea']) as Ea,
    dkga: twoDigits(key['dkga'] ?? raw['dkga']) as Dkga,
    vendingKey: vendingKeys.get(hex, () => VendingKey.fromHex(hex)),
    pan: raw['pan'] as string,
    kt: wholeNumber(key['kt']) as KeyType,
    sgc: key['sgc'] as string,
    ti: wholeNumber(key['ti']),
    krn: wholeNumber(key['krn']),
    ken: key['ken'] === undefined ? 255 : wholeNumber(key['ken']),
    baseDate: wholeNumber(key['baseDate']) as BaseDate,
    tables: tablesOf(raw),
  });
}

/**
 * The identifier for `at`. Two fields beyond the plain case: `special: true` lets a token have 00:01 itself, and
 * `lastTid` moves past the last token of the meter.
 */
export function tidOf(raw: RawRequest, baseDate: BaseDate): number {
  const at = parseCivilMinute(raw['at'] as string);
  if (raw['lastTid'] !== undefined) return nextTid(baseDate, at, wholeNumber(raw['lastTid']));
  return tidAt(baseDate, at, raw['special'] === true);
}
