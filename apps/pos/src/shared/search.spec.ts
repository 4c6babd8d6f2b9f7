/* Proves that a phone or a name typed into the field of a number never gets into an address, that numbers do, and as what each is asked about, in either script and any writing, by known cases. */
import { latinDigits } from './format';
import { caseNoOf, customerNoOf, doubtfulCustomerNoOf, phoneOf, searchesFor } from './search';

const WITHOUT_ZERO = ['1712345678', '১৭১২৩৪৫৬৭৮', '1712-345678', '1712 345 678'];
const PHONES = [
  ...['01712345678', '০১৭১২৩৪৫৬৭৮', '01712-345678', '01712 345 678', '(01712) 345678', '01712.345678'],
  ...['+8801712345678', '8801712345678', '880 1712 345678', '+88 01712-345678', '+880 01712345678', '008801712345678'],
  ...WITHOUT_ZERO,
];
const NAMES = ['রহিমা বেগম', 'Rahima', 'Rahima Begum', ''];

it.each([...PHONES, ...NAMES])('takes %j for no number', (typed) => {
  expect([customerNoOf(typed), caseNoOf(typed)]).toEqual([undefined, undefined]);
});

it.each(PHONES)('reads %j as one phone, and asks for it first', (typed) => {
  const text = latinDigits(typed);
  expect(phoneOf(text)).toBe('01712345678');
  expect(searchesFor(text)[0]).toEqual({ by: 'phone', value: '01712345678' });
});

it.each(WITHOUT_ZERO)('asks for %j, which may be a customer too, both ways', (typed) => {
  const text = latinDigits(typed);
  expect(searchesFor(text)[1]).toEqual({ by: 'customer-no', value: text });
  expect(doubtfulCustomerNoOf(` ${typed} `)).toBe(text);
});

it.each(['61000001', '01712345678', '1212345678', 'Rahima'])('has no doubt about %j', (typed) => {
  expect(doubtfulCustomerNoOf(typed)).toBeUndefined();
});

it.each([
  ['61000001', ['customer-no']],
  ['600727977000003713', ['meter-no']],
  ['01712345678', ['phone', 'meter-no']],
  ['8801712345678', ['phone', 'meter-no']],
  ['+8801712345678', ['phone']],
  ['97700000371', ['meter-no']],
  ['01012345678', ['meter-no']],
  ['রহিম', ['name']],
])('looks for %s by %s', (typed, keys) => {
  expect(searchesFor(typed).map(({ by }) => by)).toEqual(keys);
});

it.each([
  ['61000001', '61000001'],
  ['1212345678', '1212345678'],
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
