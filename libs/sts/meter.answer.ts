import type { DecodedToken } from './decode';
import { KEY_TYPE_CHANGES } from './key-change';
import type { KeyTypeChanges } from './key-change';
import { IEC_SAMPLE_TABLES } from './sta.tables';
import type { StaTables } from './sta.tables';

/** What a meter answers, in the field's names. */
export type MeterResult =
  | 'Accept'
  | '1stKCT'
  | '2ndKCT'
  | '3rdKCT'
  | '4thKCT'
  | 'Overflow'
  | 'KeyType'
  | 'Format'
  | 'Range'
  | 'Function'
  | 'Old'
  | 'Used'
  | 'KeyExpired'
  | 'DDTK'
  | 'CRC'
  | 'MfrCode'
  | 'Lockout';

/** An answer with what happened. */
export interface MeterAnswer {
  readonly result: MeterResult;
  /** For an accepted credit: which register, by how many of its units, and the same as a decimal text. */
  readonly credited?: { readonly subclass: number; readonly units: bigint; readonly text: string };
  /** For an accepted test or display token: the numbers of the control bits set, 1 upwards. */
  readonly display?: readonly number[];
  /** The token as read, when its checksum held. Key-change sections hold key bits: never log it whole. */
  readonly token?: DecodedToken;
  /** For Lockout: when the keypad opens again. */
  readonly lockedUntilMs?: number;
}

/** How a meter behaves; each default is said at its line. */
export interface MeterOptions {
  /** EA07 only. Default: the IEC sample tables. */
  readonly tables?: StaTables;
  /** Credit subclasses this meter keeps a register for. Default: electricity in kWh and in currency, 0 and 4. */
  readonly services?: readonly number[];
  /** Largest magnitude of a register of subclasses 0 to 3. Default 9999999.9. */
  readonly registerLimitTenths?: bigint;
  /** Largest magnitude of a register of subclasses 4 to 7. Default 99999999.99999. */
  readonly registerLimitHundredThousandths?: bigint;
  /** Whether tokens made after the key expired are refused: the standard leaves it to the meter. Default true. */
  readonly enforceKeyExpiry?: boolean;
  readonly keyTypeChanges?: KeyTypeChanges;
  /** A half-entered key change is dropped after this. Default ten minutes. */
  readonly keyChangeTimeoutMs?: number;
  /** Lock-out after wrong entries. Default: from the third on 10 s, doubling up to 1280 s. Null: none. */
  readonly lockout?: { readonly afterEntries: number; readonly firstMs: number; readonly maxMs: number } | null;
}

/** The options with every default filled in. @internal */
export function withDefaults(options: MeterOptions): Required<MeterOptions> {
  return {
    tables: options.tables ?? IEC_SAMPLE_TABLES,
    services: options.services ?? [0, 4],
    registerLimitTenths: options.registerLimitTenths ?? 99_999_999n,
    registerLimitHundredThousandths: options.registerLimitHundredThousandths ?? 9_999_999_999_999n,
    enforceKeyExpiry: options.enforceKeyExpiry ?? true,
    keyTypeChanges: options.keyTypeChanges ?? KEY_TYPE_CHANGES,
    keyChangeTimeoutMs: options.keyChangeTimeoutMs ?? 600_000,
    lockout: options.lockout === undefined ? { afterEntries: 3, firstMs: 10_000, maxMs: 1_280_000 } : options.lockout,
  };
}
