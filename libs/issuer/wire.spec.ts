// Proves that requests cross the wire without rounding and that no answer is believed that does not fit its question.
import type { CreditTokenRequest } from '@vend/vending';
import { fromWire, toWire, TokenServerProtocolError } from './wire';

const request: CreditTokenRequest = {
  requestId: 'r-1',
  meter: {
    pan: '600727000000000009',
    ea: '07',
    tct: '02',
    sgc: '123456',
    krn: 1,
    ti: '01',
    kt: 2,
    ken: 255,
    baseDate: 2014,
  },
  subclass: 4,
  tid: 0x64e602,
  rnd: 5,
  amountUnits: 9_007_199_254_740_993n,
};
const ok = { tokenDec: '51043465443420856213', creditedUnits: '9007199254740999', vkKcv: 'ABCDEF', sampleTables: true };

it('writes codes as numbers and 64-bit amounts as digits', () => {
  expect(toWire(request)).toEqual({
    requestId: 'r-1',
    meter: {
      meterPan: '600727000000000009',
      ea: 7,
      tct: 2,
      sgc: '123456',
      krn: 1,
      ti: '01',
      kt: 2,
      ken: 255,
      baseDate: 2014,
    },
    subclass: 4,
    tid: 0x64e602,
    rnd: 5,
    amountUnits: '9007199254740993',
  });
});

it('reads tokens and refusals in the order of the requests', () => {
  const other = { ...request, requestId: 'r-2' };
  const error = { code: 'key-expired', message: 'words', retryable: false };
  expect(
    fromWire(
      [request, other],
      [
        { requestId: 'r-1', ok, error: null },
        { requestId: 'r-2', ok: null, error },
      ],
    ),
  ).toEqual([
    { requestId: 'r-1', ok: true, digits: ok.tokenDec, creditedUnits: 9_007_199_254_740_999n, sampleTables: true },
    { requestId: 'r-2', ok: false, code: 'key-expired', retryable: false },
  ]);
});

it.each<[string, unknown]>([
  ['no list', null],
  ['too few', []],
  [
    'too many',
    [
      { requestId: 'r-1', ok },
      { requestId: 'r-1', ok },
    ],
  ],
  ['another id', [{ requestId: 'r-2', ok }]],
  ['neither', [{ requestId: 'r-1' }]],
  ['both', [{ requestId: 'r-1', ok, error: { code: 'x', retryable: false } }]],
  ['19 digits', [{ requestId: 'r-1', ok: { ...ok, tokenDec: '5104346544342085621' } }]],
  ['a token that credits less than asked', [{ requestId: 'r-1', ok: { ...ok, creditedUnits: '9007199254740992' } }]],
  ['a rounded amount', [{ requestId: 'r-1', ok: { ...ok, creditedUnits: 9007199254740999 } }]],
])('does not believe %s', (_what, answers) => {
  expect(() => fromWire([request], answers)).toThrow(TokenServerProtocolError);
});

it('keeps the token out of its complaint', () => {
  try {
    fromWire([request], [{ requestId: 'other', ok }]);
    throw new Error('was believed');
  } catch (error) {
    expect(String(error)).not.toContain(ok.tokenDec);
  }
});
