import { sameKey, SECTION_SUBCLASSES, type DueKeyChange, type MeterState, type VendingMeter } from '@vend/meters';
import type { KeyChangeVendToken } from './recharge';

/** A meter as its next vend finds it, with the key-change tokens that go out with that vend. */
export interface KeyedMeter {
  readonly meter: VendingMeter;
  readonly state: MeterState;
  readonly keyChange: DueKeyChange | null;
}

/**
 * The meter on its new key, if a set waits for it: credit is made under the key that the meter has once the set
 * is typed. With a new base date its TIDs begin anew (RO = 1: the meter forgets them). A set that was made from
 * another key than the meter's present one fits no longer, and nothing of it goes out.
 */
export function onDueKey(meter: VendingMeter, state: MeterState, due: DueKeyChange | undefined): KeyedMeter {
  if (!due || !sameKey(meter.keys, due.from)) return { meter, state, keyChange: null };
  return {
    meter: { ...meter, keys: { ...meter.keys, ...due.to } },
    state: due.to.baseDate === due.from.baseDate ? state : { ...state, lastTid: 0 },
    keyChange: due,
  };
}

/**
 * The set as tokens of a vend, before its others.
 *
 * @param more how many tokens follow
 */
export function keyChangeTokens(due: DueKeyChange, more: number): KeyChangeVendToken[] {
  return due.tokens.map((digits, index) => ({
    sequence: index + 1,
    of: due.tokens.length + more,
    kind: 'key-change',
    subclass: SECTION_SUBCLASSES[index]!,
    tid: null,
    digits,
    creditedUnits: null,
    sampleTables: due.sampleTables,
  }));
}
