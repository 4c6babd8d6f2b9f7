import { refuse } from './sts.errors';

/**
 * How much a token carries, always rounded in the customer's favour (IEC 62055-41 6.3.6; STS.md 3.1, 3.2).
 * Quantities are whole units: 0.1 kWh, 0.1 m3 or 0.1 minute for subclasses 0 to 3,
 * 0.00001 of the currency for 4 to 7, and watts for power limits.
 */
export interface CodedAmount {
  /** The field as it stands in the token: 16 or 20 bits. */
  readonly field: number;
  /** What the meter reads out of it: book this, not what was asked. */
  readonly units: bigint;
}

/** Largest quantity of the 16-bit coding: 18201624 units. */
export const AMOUNT16_MAX = 18_201_624;

const MANTISSA = 0x4000;
const BASE16 = [0, 16_384, 180_224, 1_818_624] as const;
const STEP16 = [1, 10, 100, 1000] as const;

/** The 16-bit field of a checked whole number of units: e(2) | m(14), the smallest value not below it. */
export function amount16Field(units: number): number {
  const e = units < 16_384 ? 0 : units <= 180_214 ? 1 : units <= 1_818_524 ? 2 : 3;
  // The gaps between the ranges (180215 to 180223, 1818525 to 1818623) go up to the next base, mantissa 0.
  return (e << 14) | Math.max(0, Math.ceil((units - BASE16[e]) / STEP16[e]));
}

/** Units of a 16-bit field. @example decodeAmount16(0x416a) // 20004 */
export function decodeAmount16(field: number): number {
  const e = (field >>> 14) & 3;
  return STEP16[e as 0 | 1 | 2 | 3] * (field & 0x3fff) + BASE16[e as 0 | 1 | 2 | 3];
}

/**
 * Codes a quantity in 16 bits: credit subclasses 0 to 3, power limits.
 *
 * @throws {StsError} bad-amount, negative-amount, amount-too-large
 * @example encodeAmount16(16385) // { field: 0x4001, units: 16394n }
 */
export function encodeAmount16(units: number | bigint): CodedAmount {
  const field = amount16Field(checkAmount16(units));
  return { field, units: BigInt(decodeAmount16(field)) };
}

/** The quantity as a number that 16 bits can carry. @throws {StsError} as encodeAmount16 */
export function checkAmount16(units: number | bigint): number {
  const whole = Number(units);
  if ((typeof units !== 'bigint' && typeof units !== 'number') || !Number.isInteger(whole)) refuse('bad-amount');
  if (whole < 0) refuse('negative-amount');
  if (whole > AMOUNT16_MAX) refuse('amount-too-large');
  return whole;
}

const STEP20 = Array.from({ length: 32 }, (_, e) => 10n ** BigInt(e));
// The sum of 2^14 * 10^(n-1) for n = 1 to e.
const BASE20 = STEP20.map((step) => (16_384n * (step - 1n)) / 9n);
const AMOUNT20_MAX = STEP20[31]! * 16_383n + BASE20[31]!;

/**
 * Codes a quantity in 20 bits: sign(1) | e(5) | m(14), credit subclasses 4 to 7.
 * A positive amount becomes the smallest value not below it; of a negative one the magnitude shrinks:
 * both towards plus infinity.
 *
 * @param units hundred-thousandths of the currency
 * @throws {StsError} bad-amount, amount-too-large
 * @example encodeAmount20(1_250_000) // { field: 0x0a9ca, units: 1250024n }
 */
export function encodeAmount20(units: number | bigint): CodedAmount {
  if (typeof units === 'number' && !Number.isSafeInteger(units)) refuse('bad-amount');
  if (typeof units !== 'number' && typeof units !== 'bigint') refuse('bad-amount');
  const wanted = BigInt(units);
  const coded = wanted < 0n ? below(-wanted) : above(wanted);
  if (wanted >= 0n || coded.units === 0n) return coded;
  return { field: coded.field | 0x80000, units: -coded.units };
}

function above(wanted: bigint): CodedAmount {
  if (wanted > AMOUNT20_MAX) refuse('amount-too-large');
  let e = 0;
  while (wanted > STEP20[e]! * 16_383n + BASE20[e]!) e++;
  const over = wanted - BASE20[e]!;
  const mantissa = over <= 0n ? 0n : (over + STEP20[e]! - 1n) / STEP20[e]!;
  return { field: (e << 14) | Number(mantissa), units: STEP20[e]! * mantissa + BASE20[e]! };
}

function below(wanted: bigint): CodedAmount {
  let e = 31;
  while (wanted < BASE20[e]!) e--;
  const room = (wanted - BASE20[e]!) / STEP20[e]!;
  // In the gap above the last mantissa of a range, and above the largest amount, the last mantissa is nearest.
  const mantissa = room > 16_383n ? 16_383n : room;
  if (e === 31 && wanted > AMOUNT20_MAX) refuse('amount-too-large');
  return { field: (e << 14) | Number(mantissa), units: STEP20[e]! * mantissa + BASE20[e]! };
}

/** Units of a 20-bit field. @example decodeAmount20(0x860a9) // -99994n */
export function decodeAmount20(field: number): bigint {
  const e = (field >>> 14) & 31;
  const units = STEP20[e]! * BigInt(field & (MANTISSA - 1)) + BASE20[e]!;
  return field & 0x80000 ? -units : units;
}

/** Decimals of a credit subclass: tenths for 0 to 3, hundred-thousandths for 4 to 7. @throws {StsError} bad-subclass */
export function creditDecimals(subclass: number): 1 | 5 {
  if (!Number.isInteger(subclass) || subclass < 0 || subclass > 7) refuse('bad-subclass');
  return subclass < 4 ? 1 : 5;
}

/**
 * Turns a decimal of the service's unit (kWh, m3, minutes, currency) into whole token units, rounded up
 * (towards plus infinity: in the customer's favour), never through a float.
 *
 * @throws {StsError} bad-subclass, bad-amount
 * @example parseCreditAmount(0, '25.61') // 257n
 */
export function parseCreditAmount(subclass: number, text: string): bigint {
  const decimals = creditDecimals(subclass);
  const match = typeof text === 'string' && text.length <= 64 ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) : null;
  if (!match) return refuse('bad-amount');
  const fraction = match[3] ?? '';
  const units = BigInt(match[2]! + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const rest = /[1-9]/.test(fraction.slice(decimals));
  if (match[1]) return -units;
  return rest ? units + 1n : units;
}

/**
 * Writes token units as a decimal of the service's unit: one decimal for subclasses 0 to 3, five for 4 to 7.
 *
 * @throws {StsError} bad-subclass
 * @example formatCreditAmount(4, 1250024n) // '12.50024'
 */
export function formatCreditAmount(subclass: number, units: bigint): string {
  const decimals = creditDecimals(subclass);
  const magnitude = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  return `${units < 0n ? '-' : ''}${magnitude.slice(0, -decimals)}.${magnitude.slice(-decimals)}`;
}
