/* Proves how bKash's answers are read: its three shapes of error, amounts and times as text, and that nothing it could say is an accident. */
import fc from 'fast-check';
import { formatInstant, formatTaka } from '@vend/kernel';
import { BKASH_CODES, bkashFault } from './bkash.codes';
import { amountText, grantAnswer, parseBkashTime, paymentAnswer, readAnswer, refundAnswer } from './bkash.wire';

const answer = (status: number, body: unknown) =>
  readAnswer({ kind: 'answer', status, text: typeof body === 'string' ? body : JSON.stringify(body) });

it.each([
  ['a success', 200, { statusCode: '0000', trxID: 'A' }, { kind: 'ok', body: { statusCode: '0000', trxID: 'A' } }],
  ['a success without a code', 200, { trxID: 'A' }, { kind: 'ok', body: { trxID: 'A' } }],
  ['statusCode in HTTP 200', 200, { statusCode: '2023', statusMessage: 'x' }, { kind: 'code', code: '2023' }],
  ['errorCode', 200, { errorCode: '2062', errorMessage: 'x' }, { kind: 'code', code: '2062' }],
  ['a code that is a number', 200, { errorCode: 503 }, { kind: 'code', code: '503' }],
  [
    'version 2',
    400,
    { internalCode: 'x_1', externalCode: '2034', errorMessageEn: 'x' },
    { kind: 'code', code: '2034' },
  ],
  ['version 2 with its own code alone', 400, { internalCode: 'not_found' }, { kind: 'code', code: 'not_found' }],
  ['the gateway before it', 401, { message: 'Unauthorized' }, { kind: 'unauthorized' }],
  ['the gateway before it, otherwise', 403, { message: 'Forbidden' }, { kind: 'unauthorized' }],
  ['a success in an error', 500, { statusCode: '0000' }, { kind: 'none', reason: 'gateway-error' }],
  ['a page', 200, '<html>', { kind: 'none', reason: 'gateway-unreadable' }],
  ['a page before it', 403, '<html>', { kind: 'none', reason: 'gateway-unreadable' }],
  ['nothing', 502, '', { kind: 'none', reason: 'gateway-error' }],
  ['a list', 200, [], { kind: 'none', reason: 'gateway-unreadable' }],
])('reads %s', (_, status, body, expected) => expect(answer(status, body)).toEqual(expected));

it('any text is one of four kinds of answer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.integer({ min: 100, max: 599 }), (text, status) => {
      const read = readAnswer({ kind: 'answer', status, text });
      expect(['ok', 'code', 'unauthorized', 'none']).toContain(read.kind);
      if (read.kind !== 'ok') return;
      for (const schema of [paymentAnswer, refundAnswer, grantAnswer]) schema.safeParse(read.body);
    }),
  );
});

it('amounts are exact, as text and as the number of it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999n }), (paisa) => {
      const text = formatTaka(paisa);
      expect(amountText.parse(text)).toBe(paisa);
      expect(amountText.parse(Number(text))).toBe(paisa);
    }),
  );
  for (const wrong of ['1.005', '-1', '1e3', '', 'NaN', -1, 1.005, Number.NaN, 1e21, null]) {
    expect(amountText.safeParse(wrong).success).toBe(false);
  }
});

it('a time with a colon before its milliseconds is read, and anything else is none', () => {
  expect(parseBkashTime('2019-08-07T11:12:34:978 GMT+0600')).toBe(Date.UTC(2019, 7, 7, 5, 12, 34, 978));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
      const text = formatInstant(at).replace(/\.(\d{3})\+06:00$/, ':$1 GMT+0600');
      expect(parseBkashTime(text)).toBe(at);
    }),
  );
  for (const wrong of ['2019-08-07', '2019-13-07T11:12:34:978 GMT+0600', '', 5, null, undefined]) {
    expect(parseBkashTime(wrong)).toBeNull();
  }
});

it('knows whose fault a code is; one that it does not know proves nothing', () => {
  expect(Object.keys(BKASH_CODES).filter((code) => !/^(?:20[0-6]\d|211[679]|503)$/.test(code))).toEqual([]);
  for (const code of ['2006', '2023', '2014', '2015', '2010', '2016', '2018', '2057', '2058']) {
    expect([code, bkashFault(code).fault]).toEqual([code, 'payer']);
  }
  for (const code of ['2056', '2062', '2068', '2117']) expect([code, bkashFault(code).fault]).toEqual([code, 'done']);
  for (const code of ['2003', '2020', '2024', '503', '9999', 'constructor', '__proto__']) {
    expect([code, bkashFault(code).fault]).toEqual([code, 'again']);
  }
  for (const code of ['2001', '2025', '2065', '2029']) expect([code, bkashFault(code).fault]).toEqual([code, 'ours']);
});
