import { latinDigits } from './format';

/** What a clerk may have typed into the one field. */
type SearchKey = 'meter-no' | 'customer-no' | 'phone' | 'name';

/** One question of a search, as the API takes it; sent in a body. */
export interface Search {
  readonly by: SearchKey;
  readonly value: string;
}

/** Mobile numbers here, with the country's code or without; said without the leading 0, only those of an operator. */
const PHONE = /^(?:(?:(?:\+|00)?88)?0{1,2}|(?=1[3-9]))1\d{9}$/;
const MOBILE = /^1[3-9]/;
/** Of a DRN. */
const METER_DIGITS = /^(?:\d{11}|\d{13})$/;
const NATIONAL_DIGITS = 10;
const CUSTOMER_DIGITS_MAX = 10;

/** Without what people write between digits. */
const bare = (text: string) => text.replaceAll(/[\s().-]/g, '');

/**
 * A mobile number in whatever way it is written, as the server takes it; undefined when it is none.
 *
 * @param typed with Latin digits
 * @example phoneOf('+880 1712-345678') // '01712345678', and so for '1712345678'
 */
export function phoneOf(typed: string): string | undefined {
  const digits = bare(typed);
  const national = digits.slice(-NATIONAL_DIGITS);
  return PHONE.test(digits) && MOBILE.test(national) ? `0${national}` : undefined;
}

/**
 * The questions to ask, in order, until one finds something; a customer reads out whatever stands on the bill.
 *
 * @param typed with Latin digits, not empty
 * @example searchesFor('01712345678') // [{ by: 'phone', … }, { by: 'meter-no', … }]: meters have eleven digits too
 */
export function searchesFor(typed: string): readonly Search[] {
  const digits = bare(typed);
  const phone = phoneOf(typed);
  if (phone === undefined) {
    if (!/^[\d -]+$/.test(typed)) return [{ by: 'name', value: typed }];
    return [{ by: digits.length <= CUSTOMER_DIGITS_MAX ? 'customer-no' : 'meter-no', value: typed }];
  }
  const asPhone: Search = { by: 'phone', value: phone };
  if (digits.length === NATIONAL_DIGITS) return [asPhone, { by: 'customer-no', value: typed }];
  return METER_DIGITS.test(digits) ? [asPhone, { by: 'meter-no', value: digits }] : [asPhone];
}

/** As libs/meters and libs/cases read them. */
const CUSTOMER_NO = /^(?=.*\d)[0-9A-Z/-]{1,20}$/;
const CASE_NO = /^C?[ -]?\d{2}[ -]?\d{4,8}[ -]?\d$/;

/**
 * A customer's number as it may stand in an address: what is typed into that field may be a phone or a name instead.
 *
 * @returns undefined when it does not look like one
 * @example customerNoOf('০১৭১২-৩৪৫৬৭৮') // undefined: a phone
 */
export function customerNoOf(typed: string): string | undefined {
  return numberOf(typed, CUSTOMER_NO);
}

/**
 * A customer's number that could be a phone without its leading 0: to be asked for in a body first. Only when somebody has
 * it may it stand in an address.
 *
 * @example doubtfulCustomerNoOf('1712345678') // '1712345678'
 */
export function doubtfulCustomerNoOf(typed: string): string | undefined {
  const text = plain(typed);
  return bare(text).length === NATIONAL_DIGITS && phoneOf(text) !== undefined ? text : undefined;
}

/** The number of a case for an address, said with or without its C. @example caseNoOf('c 26 1184 0') // 'C 26 1184 0' */
export function caseNoOf(typed: string): string | undefined {
  return numberOf(typed, CASE_NO);
}

const plain = (typed: string) => latinDigits(typed).trim().toUpperCase();

function numberOf(typed: string, shape: RegExp): string | undefined {
  const text = plain(typed);
  return shape.test(text) && !PHONE.test(bare(text)) ? text : undefined;
}
