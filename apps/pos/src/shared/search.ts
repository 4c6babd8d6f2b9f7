import { latinDigits } from './format';

/** What a clerk may have typed into the one field, most likely first: a customer reads out whatever stands on the bill. */
export type SearchKey = 'meter-no' | 'customer-no' | 'phone' | 'name';

const PHONE = /^(?:\+?880|0)1\d{9}$/;
const CUSTOMER_DIGITS_MAX = 10;

/**
 * The questions to ask, in order, until one finds something.
 *
 * @example searchKeys('01712345678') // ['phone', 'meter-no']: meters have eleven digits too
 */
export function searchKeys(typed: string): readonly SearchKey[] {
  if (PHONE.test(typed)) return ['phone', 'meter-no'];
  if (!/^[\d -]+$/.test(typed)) return ['name'];
  return typed.replace(/\D/g, '').length <= CUSTOMER_DIGITS_MAX ? ['customer-no'] : ['meter-no'];
}

/** As libs/meters and libs/cases read them. */
const CUSTOMER_NO = /^(?=.*\d)[0-9A-Z/-]{1,20}$/;
const CASE_NO = /^C?[ -]?\d{2}[ -]?\d{4,8}[ -]?\d$/;

/** As the search of phones takes it, with blanks and hyphens between the digits. */
const isPhone = (text: string) => PHONE.test(text.replaceAll(/[\s-]/g, ''));

/**
 * A customer's number as it may stand in an address: what is typed into that field may be a phone or a name instead.
 *
 * @returns undefined when it does not look like one
 * @example customerNoOf('০১৭১২-৩৪৫৬৭৮') // undefined: a phone
 */
export function customerNoOf(typed: string): string | undefined {
  return numberOf(typed, CUSTOMER_NO);
}

/** The same for the number of a case, said with or without its C. @example caseNoOf('c 26 1184 0') // 'C 26 1184 0' */
export function caseNoOf(typed: string): string | undefined {
  return numberOf(typed, CASE_NO);
}

function numberOf(typed: string, shape: RegExp): string | undefined {
  const text = latinDigits(typed).trim().toUpperCase();
  return shape.test(text) && !isPhone(text) ? text : undefined;
}
