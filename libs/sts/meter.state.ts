import type { Ea, KeyType } from './decoder-key';
import type { KeyChangeSection } from './key-change';
import type { BaseDate } from './tid';

/** The credit registers of a meter, by credit subclass; texts because JSON has no bigint. */
export type RegisterTexts = readonly string[];

/**
 * Everything a meter remembers, as plain JSON. It holds the decoder key and, half-way through a key change, parts of
 * the next one: store it as a secret, never log it.
 */
export interface MeterState {
  readonly version: 1;
  readonly pan: string;
  readonly ea: Ea;
  /** The decoder key, hex. */
  readonly decoderKey: string;
  readonly kt: KeyType;
  readonly sgc: string;
  readonly ti: number;
  readonly krn: number;
  readonly ken: number;
  readonly baseDate: BaseDate;
  /** Fifty identifiers, rising; -1 marks a place never used. */
  readonly tidMemory: readonly number[];
  /** Eight registers by credit subclass: tenths for 0 to 3, hundred-thousandths of the currency for 4 to 7. */
  readonly registers: RegisterTexts;
  /** Watts; null until a token sets it. */
  readonly maxPowerLimit: number | null;
  readonly phaseUnbalanceLimit: number | null;
  readonly tariffRate: number | null;
  readonly waterFactor: number | null;
  readonly tampered: boolean;
  /** Sections of a key change entered so far. */
  readonly sections: readonly KeyChangeSection[];
  /** When the first of them was entered; milliseconds, null when there are none. */
  readonly sectionsSinceMs: number | null;
  /** Wrong entries since the last good one. */
  readonly wrongEntries: number;
  /** The keypad takes no encrypted token before this; milliseconds. */
  readonly lockedUntilMs: number;
}
