// Proves the words of biller-form-v1: requests written by hand against the calls they mean, results against the very
// bytes of the answer (the sample of CHANNELS.md 1.2 among them), and that no bytes at all throw or show a password.
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
import { NO_SECRET, refusedBody, refusedPayment, SAMPLE_AT, vended } from '../../../../test/support/biller-profiles';
import { billerFormV1 } from './index';
import type { FormWire } from './write';

const PASSWORD = 'invented secret 7#Q';
const provider = company('biller-form-v1', { userName: 'bKash', password: PASSWORD });

const multipart = (fields: readonly (readonly [string, string])[]) =>
  fields
    .map(([name, value]) => `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('') + '--xyz--\r\n';
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=xyz' };
const form = (path: string, fields: Record<string, string>) =>
  post(path, multipart(Object.entries({ UserName: 'bKash', Password: PASSWORD, ...fields })), MULTIPART);
const read = async (...[path, fields]: Parameters<typeof form>) =>
  billerFormV1.read(form(path, fields), provider, NO_SECRET);
const callOf = async (reading: ReturnType<typeof billerFormV1.read>) => {
  const read = await reading;
  if ('refused' in read) throw new Error(read.refused.body);
  const { wire: _, ...call } = read.call;
  return call;
};

const SAMPLE = {
  ...{ CustomerNo: '40012345', Amount: '1000', UserMobileNumber: '01700000000', TrxId: 'CK12AB34CD' },
  PayTime: '20260301101530',
};
const SAMPLE_CALL = {
  op: 'commit',
  ask: { trxId: 'CK12AB34CD', reference: '40012345', amountPaisa: 100_000n },
};

describe('what is read', () => {
  it("the contract's sample", async () => {
    expect(await callOf(read('/api/payBill', SAMPLE))).toEqual(SAMPLE_CALL);
  });

  it('the same urlencoded, and in the JSON of 2019 with a number that no float could keep', async () => {
    const fields = { UserName: 'bKash', Password: PASSWORD, ...SAMPLE };
    const urlencoded = post('/api/payBill', new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    });
    expect(await callOf(billerFormV1.read(urlencoded, provider, NO_SECRET))).toEqual(SAMPLE_CALL);
    const snake = `{"user_name": "bKash", "password": ${JSON.stringify(PASSWORD)}, "Customer_No": 40012345,
      "amount": 90071992547.01, "trx_id": "CK12AB34CD", "nested": {"amount": 1}}`;
    const json = post('/api/payBill', snake, { 'content-type': 'application/json' });
    const ask = { ...SAMPLE_CALL.ask, amountPaisa: 9_007_199_254_701n };
    expect(await callOf(billerFormV1.read(json, provider, NO_SECRET))).toEqual({ op: 'commit', ask });
  });

  it.each(['AccNo', 'MeterNo', 'CustomerNo', 'BillNo', 'RefID'])(
    'a bill by %s, with and without an amount',
    async (name) => {
      const priced = { op: 'quote', ask: { reference: '40012345', amountPaisa: 50_010n } };
      const bill = { [name]: ' 40012345 ', BillMonth: '112026' };
      expect(await callOf(read('/api/queryBill', { ...bill, Amount: '500.10' }))).toEqual(priced);
      expect(await callOf(read('/api/queryBill', bill))).toEqual({ op: 'quote', ask: { reference: '40012345' } });
    },
  );

  it('a search', async () => {
    const call = { op: 'status', trxId: 'CK12AB34CD' };
    expect(await callOf(read('/api/searchTransaction', { TrxId: 'CK12AB34CD' }))).toEqual(call);
  });

  it.each([
    ['another password', '403', { ...SAMPLE, Password: PASSWORD.toLowerCase() }],
    ['no password', '403', { ...SAMPLE, Password: '' }],
    ['another user', '403', { ...SAMPLE, UserName: 'bkash' }],
    ['no reference', '406', { Amount: '1000', TrxId: 'A1' }],
    ['no amount', '406', { CustomerNo: '40012345', TrxId: 'A1' }],
    ['no id', '406', { CustomerNo: '40012345', Amount: '1000' }],
    ['two customers', '435', { ...SAMPLE, MeterNo: '600727000000000009' }],
    ['an id with a blank', '435', { ...SAMPLE, TrxId: 'CK12 AB34' }],
    ['an id that is too long', '435', { ...SAMPLE, TrxId: 'C'.repeat(65) }],
    ['a reference that is too long', '404', { ...SAMPLE, CustomerNo: '4'.repeat(65) }],
    ...['12.345', '-5', '+5', '1e3', '1,000', '0x10', '.5', '5.', '99999999999999'].map(
      (amount) => [`the amount ${amount}`, '439', { ...SAMPLE, Amount: amount }] as const,
    ),
  ] as const)('%s is %s', async (_, code, fields) => {
    expect(refusedBody(await read('/api/payBill', { ...fields }))).toMatchObject({ ErrorCode: code });
  });

  it.each([
    ['cut off', multipart(Object.entries(SAMPLE)).slice(0, -6), MULTIPART],
    ['without a boundary', multipart(Object.entries(SAMPLE)), { 'content-type': 'multipart/form-data' }],
    ['empty', '', MULTIPART],
    ['of no type', 'UserName=bKash', {}],
    ['of too many fields', multipart(Array.from({ length: 70 }, (_, n) => [`f${n}`, 'x'] as const)), MULTIPART],
    ['with a field too long', multipart([['UserName', 'b'.repeat(5_000)]]), MULTIPART],
    ['no JSON', '{"UserName": ', { 'content-type': 'application/json' }],
  ])('a body that is %s is 406', async (_, body, headers) => {
    const answer = refusedBody(await billerFormV1.read(post('/api/payBill', body, headers), provider, NO_SECRET));
    expect(answer['ErrorCode'] ?? answer['Error_Code']).toBe('406');
  });

  it('nothing that anybody sends throws, is believed, or brings the password out', async () => {
    const names = ['UserName', 'Password', 'CustomerNo', 'Amount', 'TrxId'];
    const types = [
      'application/json',
      'application/x-www-form-urlencoded',
      MULTIPART['content-type'],
      'text/plain',
      '',
    ];
    const parts = fc
      .array(fc.tuple(fc.constantFrom(...names), fc.string({ maxLength: 30 })))
      .map((fields) => Buffer.from(multipart(fields)));
    const body = fc.oneof(garbage(names), parts);
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.constantFrom(...types),
        fc.constantFrom(...pathsOf(billerFormV1)),
        async (bytes, type, path) => {
          const reading = await billerFormV1.read(post(path, bytes, { 'content-type': type }), provider, NO_SECRET);
          expect('refused' in reading && reading.refused.httpStatus).toBe(200);
          expect(JSON.stringify(reading)).not.toContain(PASSWORD);
        },
      ),
      { numRuns: 400 },
    );
  });
});

const wire: FormWire = { style: 'camel', receivedAt: SAMPLE_AT, billMonth: undefined };
const written = (result: ProfileResult, more: Partial<FormWire> = {}, op = 'commit') =>
  billerFormV1.write({ ...SAMPLE_CALL, op, wire: { ...wire, ...more } } as ProfileCall<FormWire>, result, provider);

describe('what is written', () => {
  it("the contract's sample, byte for byte", () => {
    expect(written({ kind: 'payment', payment: vended })).toEqual({
      httpStatus: 200,
      contentType: 'application/json; charset=utf-8',
      body:
        '{"ErrorCode":"200","ErrorMsg":"Successful","ConsumerName":"A*** K***","TotalAmount":"1000.00",' +
        '"TrxId":"CK12AB34CD","MiddlewarePayTime":"20260301101531","RefNumber":"NV-260301-000123",' +
        '"CustomMessage":{"Token":"1234-5678-9012-3456-7890"},"AmountBreakdown":{"Energy Cost":"812.12",' +
        '"VAT Amount":"47.62","Demand charge":"168.00","Rebate":"-27.74"}}',
    });
  });

  it('all tokens in the order in which they are typed, and the variant of 2019', () => {
    const tokens = ['1', '2', '3'].map((digit) => digit.repeat(20));
    expect(written({ kind: 'payment', payment: { ...vended, tokens, lines: [] } }, { style: 'snake' }).body).toBe(
      '{"Error_Code":"200","Error_Msg":"Successful","Consumer_Name":"A*** K***","Total_Amount":"1000.00",' +
        '"Trx_Id":"CK12AB34CD","Middleware_Pay_Time":"20260301101531","Ref_Number":"NV-260301-000123",' +
        '"Custom_Message":{"Token":"1111-1111-1111-1111-1111, 2222-2222-2222-2222-2222, 3333-3333-3333-3333-3333"}}',
    );
  });

  it('a price', () => {
    expect(written({ kind: 'quote', quote: priced }, { billMonth: '032026' }, 'quote').body).toBe(
      '{"ErrorCode":"200","ErrorMsg":"Successful","ConsumerName":"A*** K***","BillMonth":"032026","BillAmount":"1000.00",' +
        '"QueryTime":"20260301101531","AmountBreakdown":{"Energy Cost":"812.12","VAT Amount":"47.62",' +
        '"Demand charge":"168.00","Rebate":"-27.74"}}',
    );
  });

  it.each(['in-progress', 'refund-due', 'reversed'] as const)(
    'a payment that is %s is 202: no failure, no token',
    (state) => {
      const { body, httpStatus } = written({ kind: 'payment', payment: { ...inProgress, state } });
      expect(httpStatus).toBe(200);
      expect(JSON.parse(body)).toEqual({
        ...{ ErrorCode: '202', ErrorMsg: expect.stringContaining('Accepted') as string, ConsumerName: 'A*** K***' },
        ...{ TotalAmount: '1000.00', TrxId: 'CK12AB34CD', MiddlewarePayTime: '20260301101531' },
      });
    },
  );

  it('not found, a conflict, an amount below the least, no answer now', () => {
    const codeOf = (result: ProfileResult) => (JSON.parse(written(result).body) as { ErrorCode: string }).ErrorCode;
    expect(codeOf({ kind: 'not-found' })).toBe('404');
    expect(codeOf({ kind: 'error', code: 'transaction-conflict' })).toBe('435');
    expect(codeOf({ kind: 'payment', payment: refusedPayment('below-minimum-recharge') })).toBe('438');
    expect(written({ kind: 'error', code: 'lane-full' })).toMatchObject({ httpStatus: 503 });
    expect(codeOf({ kind: 'error', code: 'a-code-of-tomorrow' })).toBe('500');
  });

  it.each(REFUSAL_CODES)('a payment refused for %s never sounds like one that was made', (code) => {
    const { body } = written({ kind: 'payment', payment: refusedPayment(code) });
    expect(JSON.parse(body)).toMatchObject({ ErrorCode: expect.stringMatching(/^(404|435|438|439|500)$/) as string });
  });

  it.each([
    ['address-not-allowed', '403'],
    ['unknown-call', '404'],
    ['body-too-large', '406'],
    ['internal-error', '500'],
  ] as const)('%s is %s', (code, said) => {
    expect(JSON.parse(billerFormV1.refuse(code).body)).toMatchObject({ ErrorCode: said });
  });
});
