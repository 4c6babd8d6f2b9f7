/* Proves that a text is filled in wholly, and that every table of texts has both languages with the same values in them. */
import { WORDS } from '../counter/counter-words';
import { KIND_TITLES, RECEIPT_WORDS, TOKEN_WORDS } from '../counter/receipt-words';
import { CUSTOMER_WORDS } from '../customer/customer-words';
import { CASH } from '../office/cash/cash-words';
import { CUSTOMER_CARD_WORDS } from '../office/customers/customer-words';
import { METER_WORDS } from '../office/meters/meter-words';
import { OFFICE_GROUPS, OFFICE_PAGES } from '../office/office-pages';
import { OFFICE_WORDS } from '../office/office-words';
import { FACT_WORDS, WORK_WORDS } from '../office/work/work-words';
import * as caseWords from '../office/supervision/case-words';
import * as codeWords from '../office/supervision/code-words';
import * as dashboardWords from '../office/supervision/dashboard-words';
import * as deskWords from '../office/supervision/desk-words';
import { SHARED_WORDS } from './shared-words';
import { placeholders, say, texts, type Text } from './words';

const titles = Object.fromEntries(OFFICE_PAGES.map(({ path, title }) => [path, title]));
const TABLES: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  ...{ shared: SHARED_WORDS, customer: CUSTOMER_WORDS, counter: WORDS },
  ...{ receipts: RECEIPT_WORDS, kinds: KIND_TITLES, tokens: TOKEN_WORDS },
  ...{ office: OFFICE_WORDS, officeGroups: OFFICE_GROUPS, officePages: titles },
  ...{ meters: METER_WORDS, customers: CUSTOMER_CARD_WORDS, work: WORK_WORDS, facts: FACT_WORDS },
  cash: CASH,
  ...{ ...caseWords, ...codeWords, ...dashboardWords, ...deskWords },
};

const every = Object.entries(TABLES).flatMap(([table, words]) =>
  Object.entries(words).map(([key, text]) => [`${table}.${key}`, text] as const),
);

it.each(every)('%s has both languages', (_, { bn, en }) => {
  expect(bn).toMatch(/[\u0980-\u09ff]/);
  expect(en).toMatch(/[A-Za-z]/);
  expect(en).not.toMatch(/[\u0980-\u09ff]/);
  expect(placeholders(bn)).toEqual(placeholders(en));
});

it('fills in values, and refuses to show braces', () => {
  const { found } = texts({ found: { bn: '{n}টি পাওয়া গেছে', en: '{n} found' } });
  expect(say(found, 'en', { n: '3' })).toBe('3 found');
  expect(say(found, 'bn', { n: '৩' })).toBe('৩টি পাওয়া গেছে');
  expect(() => say(found, 'en')).toThrow('no value for {n}');
});
