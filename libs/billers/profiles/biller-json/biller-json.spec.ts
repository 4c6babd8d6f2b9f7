// Proves the words of biller-json-v1: requests as the contract's table and as its samples spell them against the calls
// they mean, results against the very bytes of the answer, and that no bytes at all throw or show a password.
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
import { billerJsonV1 } from './index';

const SECRETS = { basicPassword: 'invented basic 7#Q', password: 'invented body 8#R' };
const provider = company('biller-json-v1', { basicUserName: 'rocket', userId: 'rkt01', ...SECRETS });
const BASIC = `Basic ${Buffer.from(`rocket:${SECRETS.basicPassword}`).toString('base64')}`;

const raw = (path: string, body: string | Buffer, authorization = BASIC) =>
  billerJsonV1.read(post(path, body, { authorization, 'content-type': 'application/json' }), provider, NO_SECRET);
const read = (path: string, body: object, authorization?: string) => raw(path, JSON.stringify(body), authorization);
const callOf = async (reading: ReturnType<typeof billerJsonV1.read>) => {
  const read = await reading;
  if ('refused' in read) throw new Error(read.refused.body);
  const { wire: _, ...call } = read.call;
  return call;
};

const TABLE = { userid: 'rkt01', password: SECRETS.password };
const SAMPLES = { usrid: 'rkt01', pswrd: SECRETS.password };
const PAID = { txnid: '991', txndate: '29-Aug-2021 04:18:32 AM', refno1: '40012345', amount: '500.10' };
const PAID_CALL = { op: 'commit', ask: { trxId: '991', reference: '40012345', amountPaisa: 50_010n } };

describe('what is read', () => {
  it('a confirmation, however its keys are spelled', async () => {
    expect(await callOf(read('/paymentConfirmation', { ...TABLE, ...PAID }))).toEqual(PAID_CALL);
    const spelled = { USRID: 'rkt01', PsWrd: SECRETS.password, txnId: 991, REFNO1: 40012345, Amount: '500.1', x: [1] };
    expect(await callOf(read('/paymentConfirmation', spelled))).toEqual(PAID_CALL);
  });

  it('an amount that is a number, by its digits and not by a float', async () => {
    const body = `\uFEFF{"userid":"rkt01","password":${JSON.stringify(SECRETS.password)},"txnid":"991",
      "refNo1":"40012345","amount":500.10,"note":"amount: 7.00 \\" 8"}`;
    expect(await callOf(raw('/paymentConfirmation', body))).toEqual(PAID_CALL);
    const precise = body.replace('500.10', '90071992547.01');
    const ask = { ...PAID_CALL.ask, amountPaisa: 9_007_199_254_701n };
    expect(await callOf(raw('/paymentConfirmation', precise))).toEqual({ op: 'commit', ask });
    expect(refusedBody(await raw('/paymentConfirmation', body.replace('500.10', '500.105')))).toMatchObject({
      errCode: '99',
    });
  });

  it('a validation with and without an amount, and a question for the status', async () => {
    const asked = { ...SAMPLES, refNo1: '40012345', refNo2: '', refNo3: 'shop 7' };
    expect(await callOf(read('/paymentValidation', asked))).toEqual({ op: 'quote', ask: { reference: '40012345' } });
    const amountPaisa = 50_000n;
    const priced = { op: 'quote', ask: { reference: '40012345', amountPaisa } };
    expect(await callOf(read('/paymentValidation', { ...asked, amount: 500 }))).toEqual(priced);
    const status = { ...TABLE, txnid: '991', refno1: '40012345' };
    expect(await callOf(read('/getPaymentStatus', status))).toEqual({ op: 'status', trxId: '991' });
  });

  it.each([
    ['a wrong header', '01', { ...TABLE, ...PAID }, 'Basic cm9ja2V0OnJvY2tldA=='],
    ['no header', '01', { ...TABLE, ...PAID }, ''],
    ['the wrong kind of header', '01', { ...TABLE, ...PAID }, 'Bearer abc'],
    ['no user', '06', { password: SECRETS.password, ...PAID }, BASIC],
    ['no password', '07', { userid: 'rkt01', ...PAID }, BASIC],
    ['a wrong password', '03', { ...TABLE, ...PAID, password: SECRETS.basicPassword }, BASIC],
    ['no reference', '99', { ...TABLE, ...PAID, refno1: '' }, BASIC],
    ['no amount', '99', { ...TABLE, ...PAID, amount: null }, BASIC],
    ['no id', '99', { ...TABLE, ...PAID, txnid: ' ' }, BASIC],
    ['two amounts', '99', { ...TABLE, ...PAID, AMOUNT: '500.11' }, BASIC],
    ...['12.345', '-5', '1e3', '1,000', 'all'].map(
      (amount) => [`the amount ${amount}`, '99', { ...TABLE, ...PAID, amount }, BASIC] as const,
    ),
  ] as const)('%s is %s', async (_, code, body, authorization) => {
    expect(refusedBody(await read('/paymentConfirmation', body, authorization))).toMatchObject({ errCode: code });
  });

  it('no body is 10, no JSON is 11, GET is 999', async () => {
    expect(refusedBody(await raw('/paymentConfirmation', ''))).toMatchObject({ errCode: '10' });
    for (const body of ['{', '[]', '7', '"x"', 'null', '{"a":1}{']) {
      expect(refusedBody(await raw('/paymentConfirmation', body))).toMatchObject({ errCode: '11' });
    }
    const got = await billerJsonV1.read({ ...post('/paymentConfirmation', ''), method: 'GET' }, provider, NO_SECRET);
    expect(refusedBody(got)).toMatchObject({ errCode: '999' });
  });

  it('nothing that anybody sends throws, is believed, or brings a password out', async () => {
    const names = ['userid', 'password', 'usrid', 'txnid', 'refno1', 'amount'];
    const header = fc.oneof(
      fc.constant(BASIC),
      fc.string(),
      fc.base64String().map((text) => `Basic ${text}`),
    );
    const path = fc.constantFrom(...pathsOf(billerJsonV1));
    await fc.assert(
      fc.asyncProperty(garbage(names), header, path, async (bytes, authorization, where) => {
        const reading = await raw(where, bytes, authorization);
        expect(refusedBody(reading)).toMatchObject({ errCode: expect.any(String) as string });
        for (const secret of Object.values(SECRETS)) expect(JSON.stringify(reading)).not.toContain(secret);
      }),
      { numRuns: 400 },
    );
  });
});

const written = (result: ProfileResult, settings = {}) =>
  billerJsonV1.write({ ...PAID_CALL, wire: undefined } as ProfileCall, result, { ...provider, settings });

describe('what is written', () => {
  it('a payment, with the success that the caller means, and never a token', () => {
    const result = { kind: 'payment', payment: vended } as const;
    expect(written(result)).toEqual({
      httpStatus: 200,
      contentType: 'application/json; charset=utf-8',
      body: '{"errCode":"00","errMsg":"Successful"}',
    });
    expect(written(result, { successCode: 'SUC000' }).body).toBe('{"errCode":"SUC000","errMsg":"Successful"}');
    expect(written(result, { successCode: '99' }).body).toBe('{"errCode":"00","errMsg":"Successful"}');
  });

  it('a price', () => {
    expect(written({ kind: 'quote', quote: priced }).body).toBe(
      '{"errCode":"00","errMsg":"Successful","customerName":"A*** K***","optionalInfo1":"Meter 600727000000000009",' +
        '"optionalInfo2":"About 174.5 kWh","optionalInfo3":"VAT 47.62","amount":"1000.00"}',
    );
  });

  it.each(['in-progress', 'refund-due', 'reversed'] as const)(
    'a payment that is %s is 98: neither success nor failure',
    (state) => {
      const { body } = written({ kind: 'payment', payment: { ...inProgress, state } });
      expect(JSON.parse(body)).toEqual({ errCode: '98', errMsg: expect.stringContaining('Accepted') as string });
    },
  );

  it('not found, a conflict, a refusal, no answer now', () => {
    const codeOf = (result: ProfileResult) => (JSON.parse(written(result).body) as { errCode: string }).errCode;
    expect(codeOf({ kind: 'not-found' })).toBe('99');
    expect(codeOf({ kind: 'error', code: 'transaction-conflict' })).toBe('97');
    expect(codeOf({ kind: 'payment', payment: refusedPayment('meter-not-found') })).toBe('99');
    expect(codeOf({ kind: 'error', code: 'lane-full' })).toBe('98');
    expect(codeOf({ kind: 'error', code: 'a-code-of-tomorrow' })).toBe('98');
  });

  it.each(REFUSAL_CODES)('a payment refused for %s never sounds like one that was made', (code) => {
    const { body } = written({ kind: 'payment', payment: refusedPayment(code) });
    expect(JSON.parse(body)).toMatchObject({ errCode: expect.stringMatching(/^9[789]$/) as string });
  });

  it.each([
    ['address-not-allowed', '12'],
    ['unknown-call', '99'],
    ['body-too-large', '11'],
    ['internal-error', '98'],
  ] as const)('%s is %s', (code, said) => {
    expect(JSON.parse(billerJsonV1.refuse(code).body)).toMatchObject({ errCode: said });
  });
});
