/* Proves that a phone or a name typed into the field of a number never gets into an address, and that numbers do, in either script, by known cases. */
import { caseNoOf, customerNoOf } from './search';

const PHONES = ['01712345678', '০১৭১২৩৪৫৬৭৮', '01712-345678', '+8801712345678', '880 1712 345678'];
const NAMES = ['রহিমা বেগম', 'Rahima', 'Rahima Begum', ''];

it.each([...PHONES, ...NAMES])('takes %j for no number', (typed) => {
  expect([customerNoOf(typed), caseNoOf(typed)]).toEqual([undefined, undefined]);
});

it.each([
  ['61000001', '61000001'],
  [' ৬১০০০০০১ ', '61000001'],
  ['nesco/a-12', 'NESCO/A-12'],
])('takes %j for the customer %s', (typed, customerNo) => {
  expect(customerNoOf(typed)).toBe(customerNo);
});

it.each([
  ['C-26-1184-0', 'C-26-1184-0'],
  ['c ২৬ ১১৮৪ ০', 'C 26 1184 0'],
  ['2611840', '2611840'],
])('takes %j for the case %s', (typed, caseNo) => {
  expect(caseNoOf(typed)).toBe(caseNo);
});
