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
