/* Proves the counter's routes over HTTP on a real database and a real token server: log in, find, quote, recharge, repeat, show, reprint, and each refusal with its code and no trace. */
import { newId } from '@vend/kernel';
import { ApiWorld } from '../../test/support/api';
import { printed, textOfPdf } from '../../test/support/paper';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const CUSTOMER = '61000001';
async function meterNo(): Promise<string> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: CUSTOMER });
  return found.body.items[0].meterNo as string;
}
async function quote(amount = '3000.00') {
  const answer = await world.as('clerk', 'POST', '/v1/quotes', { meterNo: await meterNo(), amount });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}
const recharge = (quoteId: string, key: string, who = 'clerk') =>
  world.as(who, 'POST', '/v1/recharges', { quoteId }, { 'idempotency-key': key });
const taka = (text: string) => Math.round(Number(text) * 100);

describe('sessions', () => {
  it('logs a clerk in', async () => {
    const answer = await world.request('POST', '/v1/sessions', { username: 'clerk', password: world.password });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresAt: expect.stringMatching(/^2\d{3}-.*\+06:00$/),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      refreshExpiresAt: expect.stringMatching(/^2\d{3}-.*\+06:00$/),
      user: { username: 'clerk', name: 'Demo clerk', role: 'clerk', station: 'NESCO-RAJ-01' },
    });
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  it.each([
    ['clerk', 'wrong'],
    ['nobody', 'a demo password of a test'],
  ])('refuses %s with password %s', async (username, password) => {
    const answer = await world.request('POST', '/v1/sessions', { username, password });
    expect(answer).toMatchObject({ status: 401, body: { code: 'login-refused', retryable: false } });
  });

  it.each([
    [{}, 'session-missing'],
    [{ authorization: 'Basic Y2xlcms6eA==' }, 'session-missing'],
    [{ authorization: `Bearer ${'x'.repeat(40)}` }, 'session-invalid'],
  ])('refuses %j', async (headers, code) => {
    const answer = await world.request('POST', '/v1/quotes', '{broken', headers);
    expect(answer).toMatchObject({ status: 401, body: { code } });
  });

  it('lets an auditor look and not sell', async () => {
    expect(await world.as('auditor', 'POST', '/v1/quotes', {})).toMatchObject({
      status: 403,
      body: { code: 'role-not-allowed' },
    });
  });
});

describe('search', () => {
  it('finds a meter by customer number, meter number and phone, and shows no phone', async () => {
    const byCustomer = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: CUSTOMER });
    const byMeter = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'meter-no', value: await meterNo() });
    const phone = { by: 'phone', value: '01700000001' };
    const byPhone = await world.as('auditor', 'POST', '/v1/meters/search', phone);
    expect(byCustomer.body.items).toHaveLength(1);
    expect(byCustomer.body.items[0]).toMatchObject({ customerNo: CUSTOMER, status: 'active', sanctionedKw: '2.0' });
    expect(byMeter.body).toEqual(byCustomer.body);
    expect(byPhone.body).toEqual(byCustomer.body);
    expect(byPhone.text).not.toContain('1700000001');
    // A number finds a customer at every counter; a phone only those of the own office.
    const elsewhere = await world.as('clerk', 'POST', '/v1/meters/search', phone);
    expect(elsewhere).toMatchObject({ status: 200, body: { items: [] } });
  });

  it.each([
    [{ by: 'phone', value: '123' }, 422, 'mobile-invalid'],
    [{ by: 'meter-no', value: '600727000000000008' }, 422, 'meter-check-digit-wrong'],
    [{ by: 'colour', value: 'x' }, 400, 'field-invalid'],
    [{ by: 'phone' }, 400, 'field-invalid'],
  ])('refuses %j', async (body, status, code) => {
    expect(await world.as('clerk', 'POST', '/v1/meters/search', body)).toMatchObject({ status, body: { code } });
  });
});

describe('quotes and recharges', () => {
  it('finds the amount for so much energy, and the least there is; both can be recharged', async () => {
    const meter = await meterNo();
    const ask = (body: object) => world.as('clerk', 'POST', '/v1/quotes', { meterNo: meter, ...body });
    const least = await ask({ minimum: true });
    expect(least.status).toBe(201);
    expect(least.body.amount).toEqual(least.body.minimumRecharge);
    const below = (taka(least.body.amount.value as string) - 1).toString();
    const tooLittle = await ask({ amount: `${below.slice(0, -2)}.${below.slice(-2)}` });
    expect(tooLittle).toMatchObject({ status: 422, body: { code: 'below-minimum-recharge' } });
    const hundred = await ask({ kwh: '100' });
    expect(Number(hundred.body.energy.kwh)).toBeGreaterThanOrEqual(100);
    expect(Number(hundred.body.energy.kwh)).toBeLessThan(100.2);
    const again = await ask({ amount: hundred.body.amount.value });
    expect(again.body.energy).toEqual(hundred.body.energy);
    expect(await recharge(hundred.body.quoteId as string, newId())).toMatchObject({ status: 201 });
  });

  it.each([
    [{ amount: '100.00', kwh: '5' }, 400, 'quote-ambiguous'],
    [{}, 400, 'field-invalid'],
    [{ kwh: '1.25' }, 400, 'field-invalid'],
    [{ kwh: '0' }, 400, 'field-invalid'],
    [{ kwh: 100 }, 400, 'field-invalid'],
    [{ minimum: false }, 400, 'field-invalid'],
    [{ kwh: '999999999' }, 422, 'above-maximum-recharge'],
  ])('refuses a question like %j', async (body, status, code) => {
    const answer = await world.as('clerk', 'POST', '/v1/quotes', { meterNo: await meterNo(), ...body });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('prices line by line: the lines add up to the amount', async () => {
    const body = await quote('3000.00');
    expect(body).toMatchObject({ customerNo: CUSTOMER, amount: { value: '3000.00', currency: 'BDT' } });
    const sum = body.lines.reduce((total: number, line: { amount: string }) => total + taka(line.amount), 0);
    expect(sum).toBe(300_000);
    expect(body.lines[0]).toEqual({
      code: expect.any(String),
      amount: expect.any(String),
      label: { en: expect.any(String), bn: expect.any(String) },
      why: { en: expect.any(String), bn: expect.any(String) },
      papers: [],
    });
  });

  it('vends once for a key: 201, then 200 with the same recharge', async () => {
    const { quoteId } = await quote();
    const key = newId();
    const first = await recharge(quoteId, key);
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'vended', channel: 'counter', customerNo: CUSTOMER, copy: false, notice: { state: 'queued' } },
    });
    expect(first.body.tokens).toEqual([
      {
        sequence: 1,
        of: 1,
        kind: 'credit',
        digits: expect.stringMatching(/^\d{20}$/),
        credited: { amount: expect.any(String), unit: 'BDT' },
      },
    ]);
    expect(first.body.sampleTables).toBe(true);
    const again = await recharge(quoteId, key.toUpperCase());
    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);

    const shown = await world.as('clerk', 'GET', `/v1/recharges/${first.body.rechargeId}`);
    expect(shown).toMatchObject({ status: 200 });
    expect(shown.text).toBe(first.text);
    expect(world.logged).not.toContain(first.body.tokens[0].digits);
  });

  it('tells the till what became of its key, and nobody at another till', async () => {
    const key = newId();
    const path = `/v1/recharges/by-key/${key}`;
    const unknown = { status: 404, body: { code: 'recharge-not-found' } };
    expect(await world.as('clerk', 'GET', path)).toMatchObject(unknown);
    expect(await world.as('clerk', 'GET', '/v1/recharges/by-key/nothing')).toMatchObject(unknown);
    const { status, text, body } = await recharge((await quote('1234.00')).quoteId, key);
    expect([status, body.arrearsLeft]).toEqual([201, '0.00']);
    expect((await world.as('clerk', 'GET', path)).text).toBe(text);
    expect(await world.as('other-clerk', 'GET', path)).toMatchObject(unknown);
  });

  it('says with a quote that the same was sold a moment ago', async () => {
    expect((await quote('1357.00')).lookalike).toBeNull();
    const { body } = await recharge((await quote('1357.00')).quoteId, newId());
    const { rechargeId, bookedAt } = body;
    expect((await quote('1357.00')).lookalike).toEqual({ rechargeId, bookedAt });
    expect((await quote('1358.00')).lookalike).toBeNull();
  });

  it("pages through the till's day, the latest first, without tokens", async () => {
    const { body } = await recharge((await quote('1468.00')).quoteId, newId());
    const first = await world.as('clerk', 'GET', '/v1/recharges?limit=2');
    expect(first.text).not.toContain(body.tokens[0].digits);
    expect(first.body.items[0]).toEqual({
      ...{ rechargeId: body.rechargeId, kind: 'credit', status: 'vended', receiptNo: body.receiptNo, by: 'clerk' },
      ...{ meterNo: body.meterNo, customerName: body.customerName, amount: body.amount, bookedAt: body.bookedAt },
    });
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page = await world.as('clerk', 'GET', `/v1/recharges?limit=2${cursor}`);
      seen.push(...page.body.items.map(({ rechargeId }: { rechargeId: string }) => rechargeId));
      if (page.body.nextCursor === null) break;
      cursor = `&cursor=${page.body.nextCursor}`;
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    const all = await world.as('clerk', 'GET', '/v1/recharges?limit=100');
    expect(all.body.items.map(({ rechargeId }: { rechargeId: string }) => rechargeId)).toEqual(seen);
    expect((await world.as('other-clerk', 'GET', '/v1/recharges')).body).toEqual({ items: [], nextCursor: null });
  });

  it('refuses the same key for another quote', async () => {
    const key = newId();
    expect((await recharge((await quote('3000.00')).quoteId, key)).status).toBe(201);
    const other = (await quote('700.00')).quoteId;
    const before = await world.footprint();
    expect(await recharge(other, key)).toMatchObject({ status: 409, body: { code: 'transaction-conflict' } });
    expect(await world.footprint()).toBe(before);
  });

  it('shows a clerk the own station only, a supervisor and an auditor all', async () => {
    const { body } = await recharge((await quote()).quoteId, newId());
    const path = `/v1/recharges/${body.rechargeId}`;
    expect(await world.as('other-clerk', 'GET', path)).toMatchObject({
      status: 404,
      body: { code: 'recharge-not-found' },
    });
    expect((await world.as('other-clerk', 'POST', `${path}/reprints`)).status).toBe(404);
    expect((await world.as('supervisor', 'GET', path)).status).toBe(200);
    expect((await world.as('auditor', 'GET', path)).status).toBe(200);
    expect((await world.as('auditor', 'POST', `${path}/reprints`)).status).toBe(403);
  });

  it('reprints as a copy, and puts on record who did', async () => {
    const { body } = await recharge((await quote()).quoteId, newId());
    const copy = await world.as('clerk', 'POST', `/v1/recharges/${body.rechargeId}/reprints`);
    expect(copy.status).toBe(201);
    expect(copy.body).toEqual({ ...body, copy: true });
    const events = await world.fresh.admin.read(
      `SELECT actor, action FROM audit_events WHERE subject = ? AND action = 'recharge-reprinted'`,
      [`recharge:${body.rechargeId}`],
    );
    expect(events).toEqual([{ actor: 'user:clerk', action: 'recharge-reprinted' }]);
  });

  it('writes the receipt as PDF and for a printer: the original at its own till, a copy elsewhere, each on record', async () => {
    const { body } = await recharge((await quote()).quoteId, newId());
    const path = `/v1/recharges/${body.rechargeId}`;
    const groups = body.tokens[0].digits.match(/.{4}/g).join(' ');
    const file = async (who: string, query: string) => {
      const authorization = `Bearer ${await world.accessToken(who)}`;
      const { statusCode, headers, rawPayload } = await world.app.inject({
        url: `${path}/${query}`,
        headers: { authorization },
      });
      return { status: statusCode, type: headers['content-type'], cache: headers['cache-control'], bytes: rawPayload };
    };
    const original = await file('clerk', 'receipt.pdf');
    expect(original).toMatchObject({ status: 200, type: 'application/pdf', cache: 'no-store' });
    const text = textOfPdf(original.bytes);
    expect(text).toEqual(expect.arrayContaining(['রিচার্জ রসিদ', 'টোকেন ১/১', groups, 'ভ্যাট', body.receiptNo]));
    expect(text).not.toContain('অনুলিপি');
    for (const [who, query] of [
      ['clerk', 'receipt.pdf?copy=true&language=en'],
      ['supervisor', 'receipt.pdf?language=en'],
    ] as const) {
      expect(textOfPdf((await file(who, query)).bytes)).toEqual(expect.arrayContaining(['COPY', 'TOKEN 1/1', groups]));
    }
    const picture = printed((await file('clerk', 'receipt.escpos')).bytes);
    expect(picture.width).toBe(576);
    expect(picture.height).toBeGreaterThan(900);

    expect((await file('other-clerk', 'receipt.pdf')).status).toBe(404);
    expect((await file('auditor', 'receipt.escpos')).status).toBe(403);
    expect((await file('clerk', 'receipt.pdf?language=fr')).status).toBe(400);
    const events = await world.fresh.admin.read(
      `SELECT actor, action, JSON_VALUE(detail, '$.form') AS form FROM audit_events WHERE subject = ? AND action LIKE 're%-%printed'`,
      [`recharge:${body.rechargeId}`],
    );
    expect(events.map(({ actor, action, form }) => [actor, action, form].join(' ')).sort()).toEqual([
      'user:clerk receipt-printed escpos',
      'user:clerk receipt-printed pdf',
      'user:clerk recharge-reprinted pdf',
      'user:supervisor recharge-reprinted pdf',
    ]);
    expect(world.logged).not.toContain(body.tokens[0].digits);
  });

  it.each([
    ['0', 422, 'amount-not-positive'],
    ['-5', 422, 'amount-not-positive'],
    ['10.001', 400, 'amount-too-many-decimals'],
    ['abc', 400, 'amount-not-a-number'],
    ['50000.01', 422, 'above-maximum-recharge'],
    ['9'.repeat(30), 422, 'above-maximum-recharge'],
    ['0.01', 422, 'below-minimum-recharge'],
  ])('refuses a quote for %s', async (amount, status, code) => {
    const answer = await world.as('clerk', 'POST', '/v1/quotes', { meterNo: await meterNo(), amount });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['x-request-id']).toBe(answer.body.requestId);
  });

  it.each([
    ['600727000000000009', 404, 'meter-not-found'],
    ['600727000000000008', 422, 'meter-check-digit-wrong'],
    ['61', 400, 'field-invalid'],
  ])('refuses a quote for meter %s', async (number, status, code) => {
    const answer = await world.as('clerk', 'POST', '/v1/quotes', { meterNo: number, amount: '500' });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('refuses a recharge without a good key or quote', async () => {
    const { quoteId } = await quote();
    const before = await world.footprint();
    const post = (body: object, headers: Record<string, string>) =>
      world.as('clerk', 'POST', '/v1/recharges', body, headers);
    const key = { 'idempotency-key': newId() };
    expect(await post({ quoteId }, {})).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } });
    expect(await post({ quoteId }, { 'idempotency-key': 'again' })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-malformed' },
    });
    expect(await post({}, key)).toMatchObject({ status: 400, body: { code: 'field-invalid' } });
    expect(await post({ quoteId: 'A'.repeat(74) }, key)).toMatchObject({
      status: 400,
      body: { code: 'quote-malformed' },
    });
    expect(await world.footprint()).toBe(before);
  });

  it.each(['nothing', newId()])('does not know recharge %s', async (id) => {
    expect(await world.as('auditor', 'GET', `/v1/recharges/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'recharge-not-found' },
    });
  });
});

describe('the edge', () => {
  it('answers broken JSON, another content type, a large body and an unknown route in one form', async () => {
    const json = { 'content-type': 'application/json' };
    const login = (body: string, headers: Record<string, string>) =>
      world.request('POST', '/v1/sessions', body, headers);
    expect(await login('{"username":', json)).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
    expect(await login('', json)).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
    expect(await login('[]', json)).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
    expect(await login('{"__proto__":{"x":1}}', json)).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
    expect(await login('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      body: { code: 'content-type-unsupported' },
    });
    expect(await login('text', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await login(`"${'x'.repeat(1_048_576)}"`, json)).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    });
    expect(await world.request('GET', '/nothing/here')).toMatchObject({
      status: 404,
      body: { code: 'route-not-found' },
    });
    expect(await world.request('GET', '/v1/quotes')).toMatchObject({ status: 404 });
    expect(await world.request('GET', '/v1/recharges/%FF')).toMatchObject({ status: 400 });
  });

  it('keeps a good request id and replaces a bad one', async () => {
    const kept = await world.request('GET', '/health/live', undefined, { 'x-request-id': 'till-7.request-42' });
    expect(kept.headers['x-request-id']).toBe('till-7.request-42');
    const replaced = await world.request('GET', '/health/live', undefined, { 'x-request-id': 'a\tb' });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is ready, and counts', async () => {
    expect(await world.request('GET', '/health/ready')).toMatchObject({ status: 200, body: { database: 'ok' } });
    const page = await world.request('GET', '/metrics');
    expect(page.text).toContain('vend_http_requests_total{route="/health/ready",status="200"} 1');
  });
});

// Last: it takes the token server away.
it('charges nothing at a counter when the token server is down, and says when to come back', async () => {
  const { quoteId } = await quote();
  await world.stopTokenServer();
  const before = await world.footprint();
  const answer = await recharge(quoteId, newId());
  expect(answer).toMatchObject({ status: 503, body: { code: 'token-server-down', retryable: true } });
  expect(answer.headers['retry-after']).toBe('10');
  expect(await world.footprint()).toBe(before);
});
