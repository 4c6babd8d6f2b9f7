/*
 * Proves the words of quote-charge-v1 against requests and answers written by hand, for both incumbents; and that no
 * quote's lines fail to add up, no bytes throw, no session outlives its end, its password or its provider.
 */
import * as fc from 'fast-check';
import { parseTaka } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { BILLER_ERROR_CODES } from '../../biller.codes';
import type { BillerPayment } from '../../core';
import type { ProfileResult, WireAnswer, WireRequest } from '../../profile';
import { feeOf } from './fee';
import { quoteChargeV1 } from './index';
import type { QuoteChargeWire } from './read';

const NOW = Date.parse('2026-11-22T10:15:30.250+06:00');
const SECRET = Buffer.alloc(32, 7);
const wasion: Provider = {
  ...{ code: 'demo-charge', name: 'Demo vendor', profile: 'quote-charge-v1', mode: 'live', active: true },
  credentials: { appName: 'vendor', appPassword: 'invented-password' },
  settings: { variant: 'wasion' },
  ...{
    allowedAddresses: [],
    minimumPaisa: null,
    maximumPaisa: null,
    prepaid: true,
    lowFloatPaisa: null,
    commissionBasisPoints: 50,
  },
  ...{ settlementBank: 'bank:demo', vatBank: null },
};
const star: Provider = { ...wasion, settings: { variant: 'star' } };
const both = [
  ['wasion', wasion],
  ['star', star],
] as const;

const request = (call: string, body: unknown, more: Partial<WireRequest> = {}): WireRequest => ({
  ...{ method: 'POST', path: `/api/${call}`, query: {}, headers: {}, receivedAt: NOW },
  rawBody: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  ...more,
});
const reading = (asked: WireRequest, provider: Provider = wasion) => {
  const read = quoteChargeV1.read(asked, provider, SECRET);
  if (read instanceof Promise) throw new Error('this profile has nothing to wait for');
  return read;
};
const codeOf = ({ body }: WireAnswer) => (JSON.parse(body) as { resultcode: string }).resultcode;
const refusal = (asked: WireRequest, provider?: Provider) => {
  const read = reading(asked, provider);
  return 'refused' in read ? codeOf(read.refused) : read.call.op;
};
const written = (call: QuoteChargeWire['call'], result: ProfileResult, provider = wasion, wire = {}) => {
  const about = { call, transactionId: ID, receivedAt: NOW, ...wire };
  return quoteChargeV1.write({ op: 'status', trxId: ID, wire: about }, result, provider);
};
const login = (provider = wasion, now = NOW) => {
  const answer = written('login', { kind: 'session', balancePaisa: 1_250_050n, now, secret: SECRET }, provider);
  return (JSON.parse(answer.body) as { data: { access_token: string } }).data.access_token;
};
const withSession = (provider = wasion, more: Partial<WireRequest> = {}) => ({
  headers: { access_token: login(provider) },
  ...more,
});

/** A quote of version 2 that expires ten minutes from now; what its MAC is nobody here looks at. */
const ID = (() => {
  const bytes = Buffer.alloc(48, 9);
  bytes.writeUInt8(2, 0);
  bytes.writeUIntBE(NOW + 600_000 - Date.UTC(2020, 0, 1), 22, 5);
  return bytes.toString('base64url');
})();
const lines = [
  { code: 'arrears', amountPaisa: 5_000n, en: 'Arrears', bn: '' },
  { code: 'vat', amountPaisa: 4_524n, en: 'VAT', bn: '' },
  { code: 'meter-rent', amountPaisa: 4_000n, en: 'Meter rent', bn: '' },
  { code: 'demand-charge', amountPaisa: 6_000n, en: 'Demand charge', bn: '' },
  { code: 'rebate', amountPaisa: -856n, en: 'Rebate', bn: '' },
  { code: 'energy', amountPaisa: 81_332n, en: 'Energy', bn: '' },
];
const FEE = {
  ...{ purchaseAmount: '1000.00', energyCost: '813.32', demandCharge: '60.00', rebate: '-8.56', pfc: '0.00' },
  ...{ debt: '50.00', meterRent: '40.00', vat: '45.24', tax: '0.00' },
};
const shown = { customerNo: '40012345', customerName: 'A*** K***', meterNo: '600727000000000009' };
const TOKENS = ['12345678901234567890'];
const vended: BillerPayment = {
  ...{
    trxId: ID,
    state: 'vended',
    refusalCode: null,
    amountPaisa: 100_000n,
    ...shown,
    receiptNo: 'NV-261122-7K3M9QXA2T',
  },
  ...{ tokens: TOKENS, lines, energyWh: 145_100n, estimatedWh: null, bookedAt: NOW, acknowledgedAt: null },
};
const payment = (over: Partial<BillerPayment>): ProfileResult => ({ kind: 'payment', payment: { ...vended, ...over } });
const never: Partial<BillerPayment> = { tokens: [], receiptNo: null };

describe('login', () => {
  it('opens a session and tells the float', () => {
    const asked = reading(request('login', { app_name: 'vendor', app_password: 'invented-password' }));
    expect(asked).toMatchObject({ call: { op: 'session', balance: true } });
    const answer = written('login', { kind: 'session', balancePaisa: 1_250_050n, now: NOW, secret: SECRET });
    expect(answer).toMatchObject({ httpStatus: 200, contentType: 'application/json; charset=utf-8' });
    expect(JSON.parse(answer.body)).toEqual({
      ...{ resultcode: '0', resultmsg: 'Success' },
      data: { access_token: expect.stringMatching(/^[\w-]{40}$/) as string, balance: '12500.50', firstLogin: false },
    });
  });

  it.each([
    ['another password', { app_name: 'vendor', app_password: 'x' }, '401'],
    ['another name', { app_name: 'x', app_password: 'invented-password' }, '401'],
    ['no password', { app_name: 'vendor' }, '401'],
    ['nothing', {}, '401'],
    ['an object for a password', { app_name: 'vendor', app_password: {} }, '401'],
    ['no JSON', 'app_name=vendor', '400'],
    ['a list', [], '400'],
  ])('refuses %s', (_, body, code) => expect(refusal(request('login', body))).toBe(code));

  it('gives a session that ends, and is of its provider, its password and this server', () => {
    const ask = (token: string | undefined, provider: Provider, at: number) =>
      refusal(
        request('history', { transactionId: ID }, { headers: { access_token: token }, receivedAt: at }),
        provider,
      );
    const token = login();
    expect(ask(token, wasion, NOW)).toBe('status');
    expect(ask(token, wasion, NOW + 3_599_000)).toBe('status');
    expect(ask(token, wasion, NOW + 3_600_000)).toBe('401');
    expect(ask(token, { ...wasion, code: 'other' }, NOW)).toBe('401');
    const changed = { ...wasion, credentials: { appName: 'vendor', appPassword: 'changed' } };
    expect(ask(token, changed, NOW)).toBe('401');
    expect(ask(undefined, wasion, NOW)).toBe('401');
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(ask(forged.toString('base64url'), wasion, NOW)).toBe('401');
    }
    const short = { ...wasion, settings: { variant: 'wasion', sessionMinutes: '5' } };
    expect(ask(login(short), short, NOW + 299_000)).toBe('status');
    expect(ask(login(short), short, NOW + 301_000)).toBe('401');
  });
});

describe('preCharge', () => {
  const ask = (body: unknown, provider = wasion) =>
    refusal(request('preCharge', body, withSession(provider)), provider);

  it.each([
    { customerNo: '40012345', payinAmount: '1000' },
    { customerNo: 40012345, payinAmount: 1000 },
    { customerNo: ' 40012345 ', payinAmount: '1000.00' },
    { CUSTOMERNO: '40012345', payin_amount: 1000.0, extra: { deep: [1] } },
  ])('prices %j', (body) => {
    const call = { op: 'quote', ask: { reference: '40012345', amountPaisa: 100_000n } };
    expect(reading(request('preCharge', body, withSession()))).toMatchObject({ call });
  });

  it.each([
    [{ customerNo: '40012345', payinAmount: '1000.50' }, '10006'],
    [{ customerNo: '40012345', payinAmount: '1000.005' }, '10006'],
    [{ customerNo: '40012345', payinAmount: '1e3' }, '10006'],
    [{ customerNo: '40012345', payinAmount: '-5' }, '10006'],
    [{ customerNo: '40012345' }, '400'],
    [{ payinAmount: '1000' }, '400'],
    [{ customerNo: '4\u00001', payinAmount: '1000' }, '404'],
    [{ customerNo: '40012345', customerno: '40012346', payinAmount: '1000' }, '400'],
  ])('refuses %j', (body, code) => expect(ask(body)).toBe(code));

  it.each(both)('shows %s the quote', (_, provider) => {
    const quote = {
      ...{ quoteId: ID, expiresAt: NOW, amountPaisa: 100_000n, ...shown, lines, energyWh: 145_100n, estimatedWh: null },
    };
    expect(JSON.parse(written('preCharge', { kind: 'quote', quote }, provider).body)).toEqual({
      ...{ resultcode: '0', resultmsg: 'Success', data: { transactionId: ID, ...shown, fee: FEE } },
    });
  });

  it('says to each incumbent in its own number that there is no such customer', () => {
    const error = { kind: 'error', code: 'meter-not-found' } as const;
    expect(both.map(([, provider]) => codeOf(written('preCharge', error, provider)))).toEqual(['404', '10001']);
  });
});

describe('remoteCharge', () => {
  it('takes the id where each incumbent says it', () => {
    const call = { op: 'commit', ask: { trxId: ID, quoteId: ID } };
    expect(reading(request('remoteCharge', { transactionId: ID }, withSession()))).toMatchObject({ call });
    const inQuery = withSession(star, { query: { transactionId: ID } });
    expect(reading(request('remoteCharge', '', inQuery), star)).toMatchObject({ call });
    expect(refusal(request('remoteCharge', '', withSession(wasion, { query: { transactionId: ID } })))).toBe('400');
    expect(refusal(request('remoteCharge', { transactionId: ID }, withSession(star)), star)).toBe('400');
    expect(refusal(request('remoteCharge', { transactionId: 'x'.repeat(65) }, withSession()))).toBe('400');
    expect(refusal(request('remoteCharge', { transactionId: 'a b' }, withSession()))).toBe('400');
  });

  it.each([
    ['wasion', wasion, '22-11-2026 10:15:30'],
    ['star', star, '22/11/2026'],
  ])('answers %s with token, order and fee', (_, provider, orderDate) => {
    const data = {
      transactionId: ID,
      ...shown,
      token: TOKENS[0],
      orderNo: 'NV-261122-7K3M9QXA2T',
      orderDate,
      fee: FEE,
    };
    const loaded = written('remoteCharge', payment({ loadsItself: true }), provider);
    expect(JSON.parse(loaded.body)).toEqual({ resultcode: '0', resultmsg: 'Success', data });
    const typed = JSON.parse(written('remoteCharge', payment({}), provider).body) as {
      resultcode: string;
      data: unknown;
    };
    expect(typed).toMatchObject({ resultcode: '10010', data });
    expect(JSON.parse(written('history', payment({}), provider).body)).toEqual(typed);
  });

  it('gives the tokens of a key change before the credit', () => {
    const tokens = ['11111111111111111111', '22222222222222222222', ...TOKENS];
    expect(written('remoteCharge', payment({ tokens })).body).toContain(`"token":"${tokens.join(',')}"`);
  });

  it.each([
    ['in-progress', { state: 'in-progress' }, '10012'],
    ['an expired quote', { state: 'refused', refusalCode: 'quote-expired' }, '10011'],
    ['another price', { state: 'refused', refusalCode: 'quote-changed' }, '10011'],
    ['an empty float', { state: 'refused', refusalCode: 'float-exhausted' }, '10009'],
    ['a meter that is gone', { state: 'refused', refusalCode: 'meter-not-found' }, '10009'],
    ['a reason of a later release', { state: 'refused', refusalCode: 'moon-full' }, '10009'],
  ] as const)('answers %s without data', (_, over, code) => {
    const answer = JSON.parse(written('remoteCharge', payment({ ...never, ...over })).body) as object;
    expect(answer).toMatchObject({ resultcode: code, data: null });
  });
});

describe('history', () => {
  const after = (ms: number, result: ProfileResult = { kind: 'not-found' }) =>
    codeOf(written('history', result, wasion, { receivedAt: NOW + ms }));

  it('lets the money go back only when the quote can no longer be charged', () => {
    expect([after(0), after(600_000), after(719_000), after(721_000)]).toEqual(['10115', '10115', '10115', '10001']);
    expect(codeOf(written('history', { kind: 'not-found' }, wasion, { transactionId: 'none-of-ours' }))).toBe('10001');
  });

  it.each([
    ['refused: back', { ...never, state: 'refused', refusalCode: 'float-exhausted' }, '10009'],
    ['expired before it was charged: back', { ...never, state: 'refused', refusalCode: 'quote-expired' }, '10011'],
    ['in progress: wait', { ...never, state: 'in-progress' }, '10012'],
    ['owed back by us: a person', { ...never, state: 'refund-due' }, '10113'],
    ['given back by us: a person', { ...never, state: 'reversed' }, '10113'],
    ['vended: keep', {}, '10010'],
  ] as const)('%s', (_, over, code) => expect(after(0, payment(over))).toBe(code));
});

it('has a number for every reason of the core, and tells nobody to give money back that may be vended', () => {
  for (const code of BILLER_ERROR_CODES) {
    const said = codeOf(written('history', { kind: 'error', code }));
    expect(said).toMatch(/^(?:0|401|10\d{3})$/);
    if (['transaction-conflict', 'outcome-unknown', 'lane-full', 'token-server-down'].includes(code))
      expect(said).toMatch(/^101/);
  }
  const refusals = ['address-not-allowed', 'unknown-call', 'body-too-large', 'internal-error'] as const;
  expect(refusals.map((code) => codeOf(quoteChargeV1.refuse(code)))).toEqual(['403', '405', '413', '10113']);
});

it('has fee lines that add up to the amount, for any quote', () => {
  const line = fc.record({
    code: fc.oneof(
      fc.constantFrom(
        'energy',
        'vat',
        'meter-rent',
        'demand-charge',
        'rebate',
        'lifeline-credit',
        'arrears',
        'penalty',
      ),
      fc.constantFrom('power-factor', 'adjustment', 'remainder-used', 'remainder-carried', '__proto__', 'toString'),
    ),
    amountPaisa: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 11n }),
    en: fc.constant(''),
    bn: fc.constant(''),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (parts) => {
      const gross = parts.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n);
      const { purchaseAmount, ...rest } = feeOf(gross, parts);
      expect(parseTaka(purchaseAmount)).toBe(gross);
      expect(Object.values(rest).reduce((sum, taka) => sum + parseTaka(taka), 0n)).toBe(gross);
    }),
  );
});

it('never throws, whatever comes, and never says a secret', () => {
  const { appPassword } = wasion.credentials;
  const calls = fc.constantFrom('login', 'preCharge', 'remoteCharge', 'history', '');
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .dictionary(fc.constantFrom('app_name', 'customerNo', 'payinAmount', 'transactionId'), fc.jsonValue())
      .map((object) => Buffer.from(JSON.stringify({ app_password: appPassword, ...object }))),
  );
  fc.assert(
    fc.property(calls, body, fc.string(), fc.boolean(), (call, rawBody, text, session) => {
      const headers = session ? { access_token: login() } : { access_token: text };
      const read = reading(
        request(call, rawBody, { headers, query: { transactionId: text } }),
        session ? wasion : star,
      );
      expect(
        JSON.stringify(read, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      ).not.toContain(appPassword);
    }),
  );
});
