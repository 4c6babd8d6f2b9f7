// Proves the words of fetch-pay-status-v1: requests written by hand against the calls they mean, results against the very
// bytes of the answer, always in HTTP 200, and that no bytes at all throw or show the password.
import * as fc from 'fast-check';
import type { ProfileCall, ProfileResult } from '../../profile';
import {
  company,
  garbage,
  inProgress,
  pathsOf,
  post,
  priced,
  REFUSAL_CODES,
} from '../../../../test/support/biller-profiles';
import { NO_SECRET, refusedBody, refusedPayment, vended } from '../../../../test/support/biller-profiles';
import { fetchPayStatusV1 } from './index';

const PASSWORD = 'invented: with a colon';
const provider = company('fetch-pay-status-v1', { userName: 'tap', password: PASSWORD });
const BASIC = `Basic ${Buffer.from(`tap:${PASSWORD}`).toString('base64')}`;

const raw = (path: string, body: string | Buffer, authorization = BASIC) =>
  fetchPayStatusV1.read(post(path, body, { authorization, 'content-type': 'application/json' }), provider, NO_SECRET);
const read = (path: string, body: object, authorization?: string) => raw(path, JSON.stringify(body), authorization);
const callOf = async (reading: ReturnType<typeof fetchPayStatusV1.read>) => {
  const read = await reading;
  if ('refused' in read) throw new Error(read.refused.body);
  const { wire: _, ...call } = read.call;
  return call;
};

const PAID = {
  ...{ customer_no: '40012345', amount: '500.10', user_mobile_Number: '01700000000', tap_tx_id: 'T-77/1' },
  pay_time: '2026-03-01 10:15:30',
};
const PAID_CALL = { op: 'commit', ask: { trxId: 'T-77/1', reference: '40012345', amountPaisa: 50_010n } };

describe('what is read', () => {
  it('fetch, pay, status', async () => {
    const fetched = { op: 'quote', ask: { reference: '40012345', amountPaisa: 50_000n } };
    expect(await callOf(read('/bills/fetch', { meter_no: '40012345', amount: 500 }))).toEqual(fetched);
    const least = { op: 'quote', ask: { reference: '40012345' } };
    expect(await callOf(read('/bills/fetch', { customer_no: 40012345 }))).toEqual(least);
    expect(await callOf(read('/bills/pay', PAID))).toEqual(PAID_CALL);
    expect(await callOf(read('/bills/status', { tap_tx_id: 'T-77/1' }))).toEqual({ op: 'status', trxId: 'T-77/1' });
  });

  it('keys in another case, extra keys, an amount as a number by its digits', async () => {
    const body = '{"CUSTOMER_NO":"40012345","Amount":500.10,"TAP_TX_ID":"T-77/1","extra":{"amount":7}}';
    expect(await callOf(raw('/bills/pay', body))).toEqual(PAID_CALL);
  });

  it.each([
    ['another password', 4002, PAID, `Basic ${Buffer.from('tap:x').toString('base64')}`],
    ['no authorization', 4002, PAID, ''],
    ['no reference', 4001, { ...PAID, customer_no: '' }, BASIC],
    ['two customers', 4001, { ...PAID, meter_no: '40012346' }, BASIC],
    ['no id', 4001, { ...PAID, tap_tx_id: null }, BASIC],
    ['an id that is none', 4001, { ...PAID, tap_tx_id: 'টি' }, BASIC],
    ['no amount', 4001, { ...PAID, amount: undefined }, BASIC],
    ['a reference that is none', 4025, { ...PAID, customer_no: '4\u0000' }, BASIC],
    ...['12.345', '-5', '1e3', '1,000', 'all'].map(
      (amount) => [`the amount ${amount}`, 4003, { ...PAID, amount }, BASIC] as const,
    ),
  ] as const)('%s is %s', async (_, code, body, authorization) => {
    expect(refusedBody(await read('/bills/pay', body, authorization))).toMatchObject({ code });
  });

  it.each(['', '{', '[]', '7', '{"a":1}}'])('the body %j is 4001', async (body) => {
    expect(refusedBody(await raw('/bills/pay', body))).toMatchObject({ code: 4001 });
  });

  it('nothing that anybody sends throws or brings the password out, and nobody without it is believed', async () => {
    const header = fc.oneof(
      fc.constant(BASIC),
      fc.string(),
      fc.base64String().map((text) => `Basic ${text}`),
    );
    const path = fc.constantFrom(...pathsOf(fetchPayStatusV1));
    const names = ['customer_no', 'amount', 'tap_tx_id', 'pay_time'];
    await fc.assert(
      fc.asyncProperty(garbage(names), header, path, async (bytes, authorization, where) => {
        const reading = await raw(where, bytes, authorization);
        expect(
          JSON.stringify(reading, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
        ).not.toContain(PASSWORD);
        if (authorization !== BASIC) expect(refusedBody(reading)).toMatchObject({ code: 4002 });
        if ('refused' in reading) expect(reading.refused.httpStatus).toBe(200);
      }),
      { numRuns: 400 },
    );
  });
});

const written = (result: ProfileResult) =>
  fetchPayStatusV1.write({ ...PAID_CALL, wire: undefined } as ProfileCall, result, provider);

describe('what is written', () => {
  it('a payment', () => {
    expect(written({ kind: 'payment', payment: vended })).toEqual({
      httpStatus: 200,
      contentType: 'application/json; charset=utf-8',
      body:
        '{"code":2001,"message":"Successful","tap_tx_id":"CK12AB34CD","mis_tx_id":"NV-260301-000123",' +
        '"amount":"1000.00","pay_time":"2026-03-01 10:15:31","tran_status":"paid"}',
    });
  });

  it('a price', () => {
    expect(written({ kind: 'quote', quote: priced }).body).toBe(
      '{"code":2001,"message":"Successful","customer_name":"A*** K***","customer_no":"40012345",' +
        '"meter_no":"600727000000000009","amount":"1000.00","breakdown":{"Energy Cost":"812.12","VAT Amount":"47.62",' +
        '"Demand charge":"168.00","Rebate":"-27.74"}}',
    );
  });

  it.each(['in-progress', 'refund-due', 'reversed'] as const)(
    'a payment that is %s is being processed: no failure',
    (state) => {
      const { body } = written({ kind: 'payment', payment: { ...inProgress, state } });
      expect(JSON.parse(body)).toMatchObject({ code: 2002, tran_status: 'processing', tap_tx_id: 'CK12AB34CD' });
    },
  );

  it('not found, a conflict, a refusal, no answer now: always in HTTP 200', () => {
    const codeOf = (result: ProfileResult) => {
      const { httpStatus, body } = written(result);
      expect(httpStatus).toBe(200);
      return (JSON.parse(body) as { code: number }).code;
    };
    expect(codeOf({ kind: 'not-found' })).toBe(4025);
    expect(codeOf({ kind: 'error', code: 'transaction-conflict' })).toBe(4004);
    expect(codeOf({ kind: 'payment', payment: refusedPayment('meter-closed') })).toBe(4024);
    expect(codeOf({ kind: 'error', code: 'lane-full' })).toBe(5000);
    expect(codeOf({ kind: 'error', code: 'a-code-of-tomorrow' })).toBe(5000);
  });

  it.each(REFUSAL_CODES)('a payment refused for %s never sounds like one that was made', (code) => {
    const { body } = written({ kind: 'payment', payment: refusedPayment(code) });
    expect((JSON.parse(body) as { code: number }).code).toBeGreaterThanOrEqual(4000);
  });

  it.each([
    ['address-not-allowed', 4002],
    ['unknown-call', 4001],
    ['body-too-large', 4001],
    ['internal-error', 5000],
  ] as const)('%s is %s', (code, said) => {
    expect(fetchPayStatusV1.refuse(code).httpStatus).toBe(200);
    expect(JSON.parse(fetchPayStatusV1.refuse(code).body)).toMatchObject({ code: said });
  });
});
