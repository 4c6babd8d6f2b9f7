import { DomainError } from '@vend/kernel';
import type { MetersErrorCode } from './meters.errors';

/**
 * The number of a meter (IEC 62055-41, 6.1.2).
 *
 *   MeterPAN (18 digits) = IIN | DRN | check digit
 *   2-digit manufacturer code: IIN 600727, DRN 11 digits = code 2 + serial 8 + check digit
 *   4-digit manufacturer code: IIN 0000,   DRN 13 digits = code 4 + serial 8 + check digit
 *
 * Both check digits are Luhn's, each over the digits before it.
 */
export interface MeterNumber {
  /** 18 digits. */
  readonly pan: string;
  /** 11 or 13 digits. */
  readonly drn: string;
  /** 2 or 4 digits. */
  readonly manufacturer: string;
}

const PAN = /^(?:600727|0000)\d+$/;
const DRN = /^(?:\d{11}|\d{13})$/;
const IIN_2_DIGIT = '600727';
const IIN_4_DIGIT = '0000';

/**
 * Luhn's check digit over a string of digits (ISO/IEC 7812-1, annex B: modulo 10, double from the right).
 *
 * @throws {RangeError} when the text is not digits
 * @example luhnCheckDigit('60072700000000000') // '9'
 */
export function luhnCheckDigit(digits: string): string {
  if (!/^\d+$/.test(digits)) throw new RangeError('not digits');
  let sum = 0;
  for (let i = digits.length - 1, doubled = true; i >= 0; i--, doubled = !doubled) {
    const digit = digits.charCodeAt(i) - 48;
    const weighed = doubled ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return String((10 - (sum % 10)) % 10);
}

/** True when the last digit is Luhn's over the others. @example hasLuhnDigit('600727000000000009') // true */
export function hasLuhnDigit(digits: string): boolean {
  return digits.length > 1 && luhnCheckDigit(digits.slice(0, -1)) === digits.at(-1);
}

/** True when the text has a MeterPAN's length and issuer number, whatever its check digits say. */
export function looksLikePan(text: string): boolean {
  return text.length === 18 && PAN.test(text);
}

/** True when the text has a DRN's length, whatever its check digit says; a customer number may have it too. */
export function looksLikeDrn(text: string): boolean {
  return DRN.test(text);
}

/**
 * Reads a meter number as printed on the meter: MeterPAN or DRN.
 *
 * @throws {DomainError} `meter-number-invalid` (neither form), `meter-check-digit-wrong` (either check digit)
 * @example parseMeterNumber('600727000000000009').drn // '00000000000'
 * @example parseMeterNumber('0100000000008').pan // '000001000000000082'
 */
export function parseMeterNumber(text: string): MeterNumber {
  if (looksLikePan(text)) {
    if (!hasLuhnDigit(text)) throw new DomainError<MetersErrorCode>('meter-check-digit-wrong');
    return parseDrn(text.slice(text.startsWith(IIN_2_DIGIT) ? 6 : 4, 17));
  }
  return parseDrn(text);
}

function parseDrn(drn: string): MeterNumber {
  if (!looksLikeDrn(drn)) throw new DomainError<MetersErrorCode>('meter-number-invalid');
  if (!hasLuhnDigit(drn)) throw new DomainError<MetersErrorCode>('meter-check-digit-wrong');
  const twoDigitCode = drn.length === 11;
  const body = (twoDigitCode ? IIN_2_DIGIT : IIN_4_DIGIT) + drn;
  return { pan: body + luhnCheckDigit(body), drn, manufacturer: drn.slice(0, twoDigitCode ? 2 : 4) };
}

/**
 * The meter number of a manufacturer's serial: both check digits computed.
 *
 * @param manufacturer STS code, 2 or 4 digits
 * @param serial 8 digits
 * @throws {RangeError} when either has another form
 * @example meterNumber('11', '11111111').pan // '600727111111111153'
 */
export function meterNumber(manufacturer: string, serial: string): MeterNumber {
  if (!/^(?:\d{2}|\d{4})$/.test(manufacturer)) throw new RangeError('manufacturer code must be 2 or 4 digits');
  if (!/^\d{8}$/.test(serial)) throw new RangeError('serial must be 8 digits');
  return parseDrn(manufacturer + serial + luhnCheckDigit(manufacturer + serial));
}
