/** Every biller profile as its conformance suite is run: the company's row, and its dialect as the sandbox speaks it. */
import type { CallerCall, ProfileSubject } from '../../libs/billers/biller-profile.conformance';
import type { Dialect } from '../../apps/sandbox/billers/dialect';
import { fetchDialect } from '../../apps/sandbox/billers/fetch.dialect';
import { formDialect } from '../../apps/sandbox/billers/form.dialect';
import { jsonDialect } from '../../apps/sandbox/billers/json.dialect';
import { oddly } from '../../apps/sandbox/billers/odd';
import type { BillerRow } from './biller-ground';

export interface BillerUnderTest {
  readonly row: BillerRow;
  readonly subject: ProfileSubject;
}

/** The company with each of its credentials wrong in turn. */
export function strangersOf(row: BillerRow, speak: (company: BillerRow) => Dialect): Record<string, Dialect> {
  return Object.fromEntries(
    Object.entries(row.credentials).map(([name, value]) => {
      const credentials = { ...row.credentials, [name]: `${value}x` };
      return [`a company with another ${name}`, speak({ ...row, credentials })];
    }),
  );
}

const FORM: BillerRow = {
  ...{ code: 'suite-form', profile: 'biller-form-v1', prepaid: false, settings: {} },
  credentials: { userName: 'suite-form-user', password: 'invented suite 1#a' },
};
const JSONS: BillerRow = {
  ...{ code: 'suite-json', profile: 'biller-json-v1', prepaid: false, settings: { successCode: 'SUC000' } },
  credentials: {
    ...{ basicUserName: 'suite-json-basic', basicPassword: 'invented suite 2#b' },
    ...{ userId: 'suite-json-user', password: 'invented suite 3#c' },
  },
};
const FETCH: BillerRow = {
  ...{ code: 'suite-fetch', profile: 'fetch-pay-status-v1', prepaid: false, settings: {} },
  credentials: { userName: 'suite-fetch-user', password: 'invented suite 4#d' },
};

/** The fields of a multipart call, in order. */
function fieldsOf({ body }: CallerCall): [string, string][] {
  return [...body.toString().matchAll(/ name="(\w+)"\r\n\r\n([^\r]*)\r\n/g)].map(([, name, value]) => [name!, value!]);
}

function withText(call: CallerCall, change: (text: string) => string): CallerCall {
  return { ...call, body: change(call.body.toString()) };
}

function withJson(call: CallerCall, change: (content: Record<string, unknown>) => object): CallerCall {
  return withText(call, (text) => JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));
}

const brokenJson = (call: CallerCall): Record<string, CallerCall> => ({
  'cut off': withText(call, (text) => text.slice(0, -3)),
  'no object': { ...call, body: '[1, 2]' },
  nothing: { ...call, body: '' },
  'without an amount': withJson(call, ({ amount: _, ...rest }) => rest),
  'with two amounts': withJson(call, (content) => ({ ...content, AMOUNT: '7' })),
});

/** Amounts as numbers: `1000.00` where it said `"1000"`, so that only who reads the digits gets it right. */
const oddJson = (call: CallerCall): Record<string, CallerCall> => ({
  'other case, extra keys': oddly(call),
  'an amount as a number': withText(call, (text) => text.replace(/"amount":"(\d+)"/, '"amount":$1.00')),
});

export const BILLERS_UNDER_TEST: readonly BillerUnderTest[] = [
  {
    row: FORM,
    subject: {
      name: 'biller-form-v1',
      caller: formDialect(FORM),
      strangers: strangersOf(FORM, formDialect),
      otherClothes: (call) => ({
        'other case, extra fields': oddly(call),
        urlencoded: {
          ...call,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(fieldsOf(call)).toString(),
        },
        'the JSON of 2019': {
          ...call,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(
            Object.fromEntries(
              fieldsOf(call).map(([name, value]) => [name.replace(/(?<=[a-z])(?=[A-Z])/g, '_'), value]),
            ),
          ),
        },
      }),
      broken: (call) => ({
        'cut off': withText(call, (text) => text.slice(0, -8)),
        nothing: { ...call, body: '' },
        'of another type': { ...call, headers: { 'content-type': 'text/plain' } },
        'without a type': { ...call, headers: {} },
        'without an amount': withText(call, (text) => text.replace('name="Amount"', 'name="Other"')),
      }),
    },
  },
  {
    row: JSONS,
    subject: {
      name: 'biller-json-v1',
      caller: jsonDialect(JSONS),
      strangers: strangersOf(JSONS, jsonDialect),
      tokenless: true,
      otherClothes: (call) => ({
        ...oddJson(call),
        'the other spelling': withText(call, (text) =>
          text.replace('"userid"', '"usrid"').replace('"password"', '"pswrd"').replace('"txnid"', '"txnId"'),
        ),
      }),
      broken: (call) => ({ ...brokenJson(call), 'a GET': { ...call, method: 'GET', body: '' } }),
    },
  },
  {
    row: FETCH,
    subject: {
      name: 'fetch-pay-status-v1',
      caller: fetchDialect(FETCH),
      strangers: strangersOf(FETCH, fetchDialect),
      tokenless: true,
      otherClothes: oddJson,
      broken: brokenJson,
    },
  },
];
