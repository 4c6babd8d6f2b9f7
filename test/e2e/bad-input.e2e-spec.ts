// Proves that whatever is wrong with a request, the running system answers application/problem+json with the code
// listed here, in English and Bangla, and that no row of any table changes; the tables are compared by checksum.
import { randomUUID } from 'node:crypto';
import { call, newTransactionId, topUpEvent } from '../support/callers';
import type { HttpAnswer } from '../support/callers';
import { forgedSession } from '../support/forgery';
import { tableChecksums } from '../support/proofs';
import { arrange, secretOf } from '../support/refusal-scene';
import type { Scene } from '../support/refusal-scene';
import { World } from '../support/world';

jest.setTimeout(120_000);

let world: World;
let scene: Scene;
beforeAll(async () => {
  world = await World.start({ name: 'bad-input', meters: 8 });
  scene = await arrange(world);
}, 240_000);
afterAll(() => world?.stop(), 120_000);

const withSession = (session: string): Promise<HttpAnswer> =>
  call(`${world.system.apiUrl}/v1/quotes`, {
    body: { meterNo: scene.meterNo, amount: '500.00' },
    headers: { authorization: `Bearer ${session}` },
  });

/** A biller's status call whose headers were bent. */
function bent(change: (headers: Record<string, string>) => Record<string, string | undefined>): Promise<HttpAnswer> {
  const body = JSON.stringify({ transactionId: scene.paidTransactionId });
  const headers = Object.entries(change(world.biller.sign(body))).filter(([, value]) => value !== undefined);
  const url = `${world.system.apiUrl}/v1/biller/status`;
  return call(url, { body, headers: Object.fromEntries(headers) as Record<string, string> });
}

const secondsFromNow = (seconds: number): string => String(Math.floor(Date.now() / 1000) + seconds);
const unixSigned = (seconds: number): Promise<HttpAnswer> => {
  const body = JSON.stringify({ transactionId: scene.paidTransactionId });
  const headers = world.biller.sign(body, secondsFromNow(seconds));
  return call(`${world.system.apiUrl}/v1/biller/status`, { body, headers });
};

const quote = (over: object): Promise<HttpAnswer> =>
  world.clerk.post('/v1/quotes', { meterNo: scene.meterNo, amount: '500.00', ...over });
const inquiry = (over: object): Promise<HttpAnswer> =>
  world.biller.send('/v1/biller/inquiry', { reference: scene.meterNo, amount: '500.00', ...over });
const pay = (over: object): Promise<HttpAnswer> =>
  world.biller.send('/v1/biller/pay', { transactionId: newTransactionId(), ...over });
const payFor = (over: object): Promise<HttpAnswer> => pay({ reference: scene.meterNo, amount: '500.00', ...over });
const callback = (over: object): Promise<HttpAnswer> =>
  world.biller.send('/v1/callbacks/topup', { ...topUpEvent(scene.meterNo), ...over });
const wrongCheckDigit = (meterNo: string): string => meterNo.slice(0, -1) + String((Number(meterNo.at(-1)) + 1) % 10);
const spoiled = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
const megabyte = JSON.stringify({ meterNo: '0'.repeat(1_048_576) });
/** A meter number with good check digits that nobody owns. */
const NOBODYS = '600727000000000009';
const SQL = "1' OR '1'='1";

type Case = readonly [what: string, send: () => Promise<HttpAnswer>, status: number, code: string];

const AMOUNTS: readonly (readonly [amount: unknown, status: number, code: string])[] = [
  ['0', 422, 'amount-not-positive'],
  ['0.00', 422, 'amount-not-positive'],
  ['-500.00', 422, 'amount-not-positive'],
  ['500.001', 400, 'amount-too-many-decimals'],
  ['5e2', 400, 'amount-not-a-number'],
  ['1,000.00', 400, 'amount-not-a-number'],
  ['৫০০', 400, 'amount-not-a-number'],
  ['Infinity', 400, 'amount-not-a-number'],
  ['', 400, 'amount-not-a-number'],
  [500, 400, 'amount-not-a-number'],
  [null, 400, 'amount-not-a-number'],
  [['500.00'], 400, 'amount-not-a-number'],
  [SQL, 400, 'amount-not-a-number'],
  ['50000.01', 422, 'above-maximum-recharge'],
  ['9'.repeat(40), 422, 'above-maximum-recharge'],
  ['0.10', 422, 'below-minimum-recharge'],
];

const SESSIONS: readonly Case[] = [
  ['no session', () => call(`${world.system.apiUrl}/v1/quotes`, { body: {} }), 401, 'session-missing'],
  ['a session of nobody', () => withSession('x'.repeat(60)), 401, 'session-invalid'],
  [
    'a session signed by a stranger',
    () => withSession(forgedSession(world.clerk.accessToken, {}, Buffer.alloc(32, 7))),
    401,
    'session-invalid',
  ],
  [
    'a session signed by nobody',
    () => withSession(forgedSession(world.clerk.accessToken, { role: 'supervisor' }, null)),
    401,
    'session-invalid',
  ],
  [
    'a session that has ended',
    () =>
      withSession(
        forgedSession(
          world.clerk.accessToken,
          { exp: Math.floor(Date.now() / 1000) - 1 },
          secretOf(world, 'jwtSecret'),
        ),
      ),
    401,
    'session-expired',
  ],
  [
    'a role that may not sell',
    () => withSession(forgedSession(world.clerk.accessToken, { role: 'auditor' }, secretOf(world, 'jwtSecret'))),
    403,
    'role-not-allowed',
  ],
];

const COUNTER: readonly Case[] = [
  ['a meter nobody has', () => quote({ meterNo: NOBODYS }), 404, 'meter-not-found'],
  ['a wrong check digit', () => quote({ meterNo: wrongCheckDigit(scene.meterNo) }), 422, 'meter-check-digit-wrong'],
  ['a closed meter', () => quote({ meterNo: scene.closedMeterNo }), 409, 'meter-closed'],
  ['SQL for a meter number', () => quote({ meterNo: SQL }), 400, 'field-invalid'],
  ['a missing field', () => quote({ meterNo: undefined }), 400, 'field-invalid'],
  ['an unknown field', () => quote({ tariffClass: 'LT-A' }), 400, 'field-invalid'],
  [
    'a field that reaches for the prototype',
    () => world.clerk.post('/v1/quotes', '{"__proto__":{}}'),
    400,
    'body-not-json',
  ],
  ['broken JSON', () => world.clerk.post('/v1/quotes', '{"meterNo":'), 400, 'body-not-json'],
  ['a list', () => world.clerk.post('/v1/quotes', []), 400, 'body-not-json'],
  ['one megabyte', () => world.clerk.post('/v1/quotes', megabyte), 413, 'body-too-large'],
  [
    'a form in place of JSON',
    () => world.clerk.post('/v1/quotes', 'meterNo=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'content-type-unsupported',
  ],
  ['no key', () => world.clerk.post('/v1/recharges', { quoteId: scene.quoteId }), 400, 'idempotency-key-missing'],
  ['a key that is no UUID', () => world.clerk.recharge(scene.quoteId, 'till-1'), 400, 'idempotency-key-malformed'],
  ['an expired quote', () => world.clerk.recharge(scene.expiredQuoteId), 410, 'quote-expired'],
  ['a forged quote', () => world.clerk.recharge(spoiled(scene.quoteId)), 400, 'quote-malformed'],
  [
    'a wrong check digit to search by',
    () => search('meter-no', wrongCheckDigit(scene.meterNo)),
    422,
    'meter-check-digit-wrong',
  ],
  ['SQL for a phone', () => search('phone', SQL), 422, 'mobile-invalid'],
  ['a way to search that is none', () => search('colour', 'blue'), 400, 'field-invalid'],
  ['a recharge nobody made', () => world.clerk.get(`/v1/recharges/${randomUUID()}`), 404, 'recharge-not-found'],
  ['SQL for a recharge', () => world.clerk.get(`/v1/recharges/${encodeURIComponent(SQL)}`), 404, 'recharge-not-found'],
  ['a reprint of nothing', () => world.clerk.post(`/v1/recharges/${randomUUID()}/reprints`), 404, 'recharge-not-found'],
  ['an address with nothing at it', () => world.clerk.get('/v1/money'), 404, 'route-not-found'],
  ['a method that is not there', () => world.clerk.get('/v1/quotes'), 404, 'route-not-found'],
  ['an address that is no text', () => world.clerk.get('/v1/recharges/%E0%A4%A'), 400, 'request-malformed'],
];
const search = (by: string, value: string): Promise<HttpAnswer> => world.clerk.post('/v1/meters/search', { by, value });

const SIGNATURES: readonly Case[] = [
  ['no headers', () => bent(() => ({})), 401, 'signature-missing'],
  ['no signature', () => bent((h) => ({ ...h, 'x-signature': undefined })), 401, 'signature-missing'],
  ['a bad signature', () => bent((h) => ({ ...h, 'x-signature': 'a'.repeat(64) })), 401, 'signature-invalid'],
  ['a signature of other bytes', () => bent(() => world.biller.sign('{}')), 401, 'signature-invalid'],
  [
    'another timestamp than signed',
    () => bent((h) => ({ ...h, 'x-timestamp': secondsFromNow(5) })),
    401,
    'signature-invalid',
  ],
  ['an unknown key', () => bent((h) => ({ ...h, 'x-key-id': 'nobody' })), 401, 'signature-invalid'],
  ['SQL for a key', () => bent((h) => ({ ...h, 'x-key-id': SQL })), 401, 'signature-invalid'],
  ['a stale timestamp', () => unixSigned(-310), 401, 'timestamp-stale'],
  ['a timestamp of the future', () => unixSigned(310), 401, 'timestamp-stale'],
];

const BILLER: readonly Case[] = [
  ['a meter nobody has', () => inquiry({ reference: NOBODYS }), 404, 'meter-not-found'],
  ['a wrong check digit', () => payFor({ reference: wrongCheckDigit(scene.meterNo) }), 422, 'meter-check-digit-wrong'],
  ['a closed meter', () => payFor({ reference: scene.closedMeterNo }), 409, 'meter-closed'],
  ['SQL for a reference', () => inquiry({ reference: SQL }), 400, 'field-invalid'],
  ['an unknown field', () => payFor({ discount: '100' }), 400, 'field-invalid'],
  ['no transaction id', () => payFor({ transactionId: undefined }), 400, 'field-invalid'],
  ['a transaction id too long', () => payFor({ transactionId: 'x'.repeat(65) }), 400, 'field-invalid'],
  ['a quote and an amount', () => payFor({ quoteId: scene.quoteId }), 400, 'payment-ambiguous'],
  ['neither quote nor reference', () => pay({}), 400, 'payment-ambiguous'],
  ['an expired quote', () => pay({ quoteId: scene.expiredQuoteId }), 410, 'quote-expired'],
  ['a forged quote', () => pay({ quoteId: spoiled(scene.quoteId) }), 400, 'quote-malformed'],
  [
    'the id of another payment',
    () => payFor({ transactionId: scene.paidTransactionId, amount: '501' }),
    409,
    'transaction-conflict',
  ],
  ['an id nobody paid with', () => world.biller.status('NEVER-SEEN'), 404, 'transaction-not-found'],
  ['broken JSON, well signed', () => world.biller.send('/v1/biller/pay', '{"transactionId":'), 400, 'body-not-json'],
  ['one megabyte, well signed', () => world.biller.send('/v1/biller/pay', megabyte), 413, 'body-too-large'],
];

const CALLBACKS: readonly Case[] = [
  ['broken JSON', () => world.biller.send('/v1/callbacks/topup', 'paid'), 400, 'body-not-json'],
  ['a payment that failed', () => callback({ status: 'failed' }), 400, 'event-malformed'],
  ['another currency', () => callback({ currency: 'USD' }), 400, 'event-malformed'],
  ['nothing paid', () => callback({ amount: '0.00' }), 400, 'event-malformed'],
  ['an unknown field', () => callback({ refund: 'true' }), 400, 'event-malformed'],
  ['an event of 20 kB', () => callback({ note: 'x'.repeat(20_000) }), 413, 'event-too-large'],
  ['one megabyte', () => world.biller.send('/v1/callbacks/topup', megabyte), 413, 'body-too-large'],
  ['another event under a known id', () => callback({ ...scene.event, amount: '501.00' }), 409, 'event-conflict'],
];

const withAmounts = (how: string, send: (over: object) => Promise<HttpAnswer>): Case[] =>
  AMOUNTS.map(([amount, status, code]) => [`${how} ${JSON.stringify(amount)}`, () => send({ amount }), status, code]);

async function refuses(send: () => Promise<HttpAnswer>, status: number, code: string): Promise<void> {
  const before = await tableChecksums(world.system.admin);
  const answer = await send();
  expect([answer.status, answer.body?.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(new RegExp(`^https://.*/${code}$`)),
    status,
    title: expect.stringMatching(/^[A-Z][\x20-\x7e]+\.$/),
    titleBn: expect.stringMatching(/[\u0980-\u09ff]{2}/),
    retryable: false,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(await tableChecksums(world.system.admin)).toEqual(before);
}

describe('every refusal is a problem with a stable code, and changes nothing', () => {
  describe.each([
    ['sessions', SESSIONS],
    ['the counter', COUNTER],
    ['amounts of a quote', withAmounts('an amount of', (over) => quote(over))],
    ['signatures', SIGNATURES],
    ['a provider', BILLER],
    ['amounts of a payment', withAmounts('an amount of', (over) => payFor(over))],
    ['callbacks', CALLBACKS],
  ])('%s', (_group, cases) => {
    it.each(cases)('%s', (_what, send, status, code) => refuses(send, status, code));
  });

  it('names the least amount, and the most, that would have been taken', async () => {
    const { minimumTaka } = (await quote({ amount: '0.10' })).body;
    expect((await quote({ amount: minimumTaka })).status).toBe(201);
    expect((await quote({ amount: '50000.01' })).body.maximumTaka).toBe('50000.00');
  });

  it('a refused login says the same of a wrong password and of nobody, and leaves its trace in the audit and the count of failures alone', async () => {
    const { audit_events: auditBefore, login_failures: _before, ...before } = await tableChecksums(world.system.admin);
    const login = (username: string, password: string): Promise<HttpAnswer> =>
      call(`${world.system.apiUrl}/v1/sessions`, { body: { username, password } });
    const refused = [await login('rahima', 'wrong'), await login('nobody', 'wrong'), await login(SQL, SQL)];
    for (const { status, headers, body } of refused) {
      expect([status, body.code]).toEqual([401, 'login-refused']);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect({ ...body, requestId: '' }).toEqual({ ...refused[0]!.body, requestId: '' });
    }
    const { audit_events: auditAfter, login_failures: _after, ...after } = await tableChecksums(world.system.admin);
    expect(after).toEqual(before);
    expect(auditAfter).not.toBe(auditBefore);
  });

  it('SQL for a customer number finds nobody', async () => {
    expect(await search('customer-no', SQL)).toMatchObject({ status: 200, body: { items: [] } });
  });
});

describe('after all that', () => {
  it('the good quote is still good, the books hold, and every token is good once', async () => {
    expect((await world.clerk.recharge(scene.quoteId)).status).toBe(201);
    expect(await world.faults()).toEqual([]);
  });

  it('no log, and nothing that Redis was ever told, holds a token, a phone number, a password or a secret', async () => {
    expect(await world.leaks()).toEqual([]);
  });
});
