import { DomainError } from '@vend/kernel';
import type { CasesErrorCode } from './cases.errors';

/**
 * Damm's table: a quasigroup without fixed points, so that one wrong digit, or two neighbours exchanged, always leaves
 * another check digit. Luhn lets 09 pass for 90, and numbers told by phone are exchanged more often than mistyped.
 */
const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const;

/** The year's last two digits, the serial and the check digit; people leave the C and the hyphens out. */
const NUMBER = /^C?[ -]?(\d{2})[ -]?(\d{4,8})[ -]?(\d)$/i;

/** What a case number says: the Dhaka year in which the case was opened, and its serial. */
export interface CaseSerial {
  /** 2000 to 2099. */
  readonly year: number;
  readonly serial: number;
}

/**
 * The number told to a customer: the year, a serial that is unique by itself and may have gaps, and a check digit over
 * both (Damm, 2004).
 *
 * @throws {RangeError} outside the years 2000 to 2099 and serials of four to eight digits
 * @example caseNumber({ year: 2026, serial: 1184 }) // 'C-26-1184-0'
 */
export function caseNumber({ year, serial }: CaseSerial): string {
  if (year < 2000 || year > 2099 || serial < 1_000 || serial > 99_999_999) {
    throw new RangeError('no case number for this year and serial');
  }
  const short = String(year % 100).padStart(2, '0');
  return `C-${short}-${serial}-${checkDigit(`${short}${serial}`)}`;
}

/**
 * Reads a case number as a caller says it: with or without the C, the hyphens or blanks.
 *
 * @throws {DomainError<CasesErrorCode>} case-number-wrong: not such a number, or the check digit says that it was misheard
 * @example readCaseNumber('c 26 1184 0') // { year: 2026, serial: 1184 }
 */
export function readCaseNumber(text: string): CaseSerial {
  const match = NUMBER.exec(text.trim());
  const [, year, serial, check] = match ?? [];
  if (!year || !serial || serial.startsWith('0') || checkDigit(year + serial) !== check) {
    throw new DomainError<CasesErrorCode>('case-number-wrong');
  }
  return { year: 2000 + Number(year), serial: Number(serial) };
}

function checkDigit(digits: string): string {
  let interim = 0;
  for (const digit of digits) interim = Number(DAMM[interim]![Number(digit)]);
  return String(interim);
}
