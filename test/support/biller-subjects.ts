/** Every biller profile as its conformance suite is run: the company's row, and its dialect as the sandbox speaks it. */
import type { CallerCall, ProfileSubject } from '../../libs/billers/biller-profile.conformance';
import type { Dialect } from '../../apps/sandbox/billers/dialect';
import { chargeDialect } from '../../apps/sandbox/billers/charge.dialect';
import { fetchDialect } from '../../apps/sandbox/billers/fetch.dialect';
import { formDialect } from '../../apps/sandbox/billers/form.dialect';
import { jsonDialect } from '../../apps/sandbox/billers/json.dialect';
import { oddly } from '../../apps/sandbox/billers/odd';
import { xmlDialect } from '../../apps/sandbox/billers/xml.dialect';
import type { BillerRow } from './biller-ground';

export interface BillerUnderTest {
  readonly row: BillerRow;
  readonly subject: ProfileSubject;
}

/** The company with each of its credentials wrong in turn. */
function strangersOf(row: BillerRow, speak: (company: BillerRow) => Dialect): Record<string, Dialect> {
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

const WASION: BillerRow = {
  ...{ code: 'suite-wasion', profile: 'quote-charge-v1', prepaid: true, settings: { variant: 'wasion' } },
  credentials: { appName: 'suite-wasion-app', appPassword: 'invented suite 5#e' },
};
const STAR: BillerRow = {
  ...{ code: 'suite-star', profile: 'quote-charge-v1', prepaid: true, settings: { variant: 'star' } },
  credentials: { appName: 'suite-star-app', appPassword: 'invented suite 6#f' },
};
const XML: BillerRow = {
  ...{ code: 'suite-xml', profile: 'xml-ack-v1', prepaid: true, settings: {} },
  credentials: { userName: 'suite-xml-user', userPass: 'invented <suite> & 7#g', apiKey: 'invented-suite-key-8' },
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

/** Proxies drop names with an underscore, so that some callers write a hyphen. */
const hyphened = (call: CallerCall): CallerCall => {
  const { access_token: token = '', ...headers } = call.headers;
  return { ...call, headers: { ...headers, 'access-token': token } };
};

const withXml = (call: CallerCall, change: (xml: string) => string): CallerCall =>
  withText(call, (text) =>
    new URLSearchParams({ reqXml: change(new URLSearchParams(text).get('reqXml') ?? '') }).toString(),
  );

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
  {
    row: WASION,
    subject: {
      name: 'quote-charge-v1 as WASION speaks it',
      caller: chargeDialect(WASION),
      strangers: strangersOf(WASION, chargeDialect),
      keyIsQuote: true,
      otherClothes: (call) => ({ 'other case, extra keys': oddly(call), 'a hyphen in the header': hyphened(call) }),
      broken: (call) => ({
        'cut off': withText(call, (text) => text.slice(0, -3)),
        'no object': { ...call, body: '[1, 2]' },
        nothing: { ...call, body: '' },
        'without the id': { ...call, body: '{}' },
        'with two ids': withJson(call, (content) => ({ ...content, TRANSACTION_ID: 'another' })),
        'without a session': { ...call, headers: { 'content-type': 'application/json' } },
        'the id in the query': { ...call, path: `${call.path}?transactionId=another`, body: '{}' },
      }),
    },
  },
  {
    row: STAR,
    subject: {
      name: 'quote-charge-v1 as STAR speaks it',
      caller: chargeDialect(STAR),
      strangers: strangersOf(STAR, chargeDialect),
      keyIsQuote: true,
      otherClothes: (call) => ({
        'other case, extra keys': oddly(call),
        'a hyphen in the header': hyphened(call),
        'no body': { ...call, body: '' },
      }),
      broken: (call) => ({
        'without the id': { ...call, path: call.path.replace(/\?.*/, '') },
        'an id too long': { ...call, path: `${call.path}${'x'.repeat(10)}` },
        'without a session': { ...call, headers: { 'content-type': 'application/json' } },
        'a GET': { ...call, method: 'GET', body: '' },
      }),
    },
  },
  {
    row: XML,
    subject: {
      name: 'xml-ack-v1',
      caller: xmlDialect(XML),
      strangers: strangersOf(XML, xmlDialect),
      otherClothes: (call) => ({
        'other case, extra fields, a prefix': oddly(call),
        'more around it': withXml(call, (xml) => `<?xml version="1.0"?>\n<!-- ours -->\n${xml.replace(/></g, '>\n<')}`),
      }),
      broken: (call) => ({
        'cut off': withXml(call, (xml) => xml.slice(0, -3)),
        nothing: { ...call, body: '' },
        'of another type': { ...call, headers: { 'content-type': 'application/xml' } },
        'without an amount': withXml(call, (xml) => xml.replace(/<amount>.*<\/amount>/, '')),
        'with two amounts': withXml(call, (xml) => xml.replace('<amount>', '<amount>7</amount><amount>')),
        'with a document type': withXml(call, (xml) => `<!DOCTYPE request>${xml}`),
        'with an entity of its own': withXml(
          call,
          (xml) =>
            `<!DOCTYPE request [<!ENTITY a "1000">]>${xml.replace(/<amount>.*<\/amount>/, '<amount>&a;</amount>')}`,
        ),
        'too deep': withXml(call, (xml) => `${'<a>'.repeat(100)}${xml}${'</a>'.repeat(100)}`),
      }),
    },
  },
];
