// What the refusal tests share: one good key request that each row spoils in one place.
import { VendingKey, deriveDecoderKey, parseCivilMinute, refusalCode, tidAt } from './index';
import type { DecoderKey, DecoderKeyRequest } from './index';

/** The code of the refusal that an act meets, or `taken`. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return refusalCode(error) ?? String(error);
  }
  return 'taken';
}

export const GOOD: DecoderKeyRequest = {
  dkga: '02',
  vendingKey: VendingKey.fromHex('abababababababab'),
  pan: '600727000000000009',
  ea: '07',
  kt: 2,
  sgc: '123456',
  ti: 1,
  krn: 1,
  ken: 255,
  baseDate: 2014,
};

export const KEY04 = VendingKey.fromHex('abababababababab949494949494949401234567');

export function keyOf(change: object = {}): DecoderKey {
  return deriveDecoderKey({ ...GOOD, ...change });
}

export const AT = parseCivilMinute('2026-11-21T10:15');
export const TID = tidAt(2014, AT);
