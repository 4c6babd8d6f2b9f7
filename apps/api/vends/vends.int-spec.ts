/*
 * Proves every kind of vend over HTTP on a real database and a real token server: who may ask, who must agree, one effect
 * for one key, receipts, cancellations, reprints; and with virtual meters that what a counter prints the right meter takes,
 * in the printed order, once, and another refuses.
 */
import { newId } from '@vend/kernel';
import { ApiWorld } from '../../../test/support/api';
import { brokenLaws } from '../../../test/support/books';
import { Counter, digitsOf, typed } from '../../../test/support/counter';

// A loaded machine takes its time.
jest.setTimeout(60_000);
let world: ApiWorld;
let counter: Counter;

beforeAll(async () => {
  world = await ApiWorld.create();
  counter = await Counter.of(world);
}, 120_000);
afterAll(() => world?.destroy());
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));

const take = (crediting: 'currency' | 'energy') => counter.take(crediting);
const post = (who: string, url: string, body: object, key?: string) => counter.post(who, url, body, key);
const agreed = (url: string, body: object, key?: string) => counter.agreed(url, body, key);
const sold = (meterNo: string, amount?: string) => counter.sold(meterNo, amount);

describe('engineering tokens', () => {
  it('are made once for a key: 201, then 200 with the same; another meter refuses them', async () => {
    const [{ meterNo, meter }, other] = [take('currency'), take('currency')];
    meter.tamper();
    const key = newId();
    const body = { meterNo, what: 'clear-tamper', reason: 'seal replaced' };
    const first = await post('clerk', '/v1/vends/engineering', body, key);
    expect(first).toMatchObject({
      status: 201,
      body: {
        kind: 'engineering',
        status: 'vended',
        amount: { value: '0.00' },
        energy: null,
        credit: null,
        tariffVersion: null,
        lines: [],
        detail: { what: 'clear-tamper', reason: 'seal replaced' },
        tokens: [{ sequence: 1, of: 1, kind: 'clear-tamper', credited: null }],
      },
    });
    expect(typed(other.meter, first)).toEqual(['CRC']);
    expect(typed(meter, first)).toEqual(['Accept']);
    expect(typed(meter, first)).toEqual(['Used']);
    const again = await post('clerk', '/v1/vends/engineering', body, key);
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect((await world.as('clerk', 'GET', `/v1/recharges/${first.body.rechargeId}`)).text).toBe(first.text);
    expect(world.logged).not.toContain(digitsOf(first)[0]);
    const trail = await world.fresh.admin.read(
      `SELECT actor, detail FROM audit_events WHERE action = 'vend-ordered' AND JSON_VALUE(detail, '$.receiptNo') = ?`,
      [first.body.receiptNo],
    );
    expect(trail).toHaveLength(1);
    expect(JSON.stringify(trail)).not.toContain(digitsOf(first)[0]);
  });

  it('set the sanctioned load for a clerk, and another limit for a supervisor alone', async () => {
    const { meterNo, meter } = take('energy');
    const body = { meterNo, what: 'max-power-limit', reason: 'new load' };
    const own = await post('clerk', '/v1/vends/engineering', body);
    expect(own.body.detail).toMatchObject({ watts: expect.any(Number) });
    expect(typed(meter, own)).toEqual(['Accept']);
    expect(meter.maxPowerLimit).toBe(own.body.detail.watts);
    const more = { ...body, watts: 12_000 };
    expect(await post('clerk', '/v1/vends/engineering', more)).toMatchObject({
      status: 403,
      body: { code: 'role-not-allowed' },
    });
    const said = await post('supervisor', '/v1/vends/engineering', more);
    expect(typed(meter, said)).toEqual(['Accept']);
    expect(meter.maxPowerLimit).toBe(12_000);
  });

  it('clear credit only when a second person agrees, and then once', async () => {
    const { meterNo, meter } = take('currency');
    typed(meter, await sold(meterNo));
    expect(meter.credit(4)).toBeGreaterThan(0n);
    const answer = await agreed('/v1/vends/engineering', { meterNo, what: 'clear-credit', reason: 'tenant left' });
    expect(answer.status).toBe(201);
    expect(typed(meter, answer)).toEqual(['Accept']);
    expect(meter.credit(4)).toBe(0n);
  });

  it('make a meter show what it is asked', async () => {
    const { meterNo, meter } = take('energy');
    const body = { meterNo, what: 'test-display', tests: ['registers', 'tamper'], reason: 'customer asks' };
    const answer = await post('clerk', '/v1/vends/engineering', body);
    expect(meter.enter(digitsOf(answer)[0]!, Date.now()).display).toEqual([3, 8]);
  });

  it.each([
    [{ what: 'phase-unbalance-limit', watts: 500 }, 422, 'meter-single-phase'],
    [{ what: 'phase-unbalance-limit' }, 400, 'field-invalid'],
    [{ what: 'test-display' }, 400, 'field-invalid'],
    [{ what: 'test-display', tests: ['nothing'] }, 400, 'field-invalid'],
    [{ what: 'explode' }, 400, 'field-invalid'],
  ])('are refused for %j, and nothing is changed', async (ask, status, code) => {
    const { meterNo } = take('currency');
    const before = await world.footprint();
    const body = { meterNo, reason: 'because', ...ask };
    expect(await post('clerk', '/v1/vends/engineering', body)).toMatchObject({ status, body: { code } });
    expect(await world.footprint()).toBe(before);
  });
});

describe('a free issue', () => {
  it.each([
    ['energy', { kwh: '50.0' }, 0, 500n],
    ['currency', { amount: '120.00' }, 4, 12_000_000n],
  ] as const)('to a meter that counts %s waits for a second person, and is given once', async (...kind) => {
    const [crediting, amount, register, units] = kind;
    const { meterNo, meter } = take(crediting);
    const body = { meterNo, ...amount, reason: 'disaster-relief', note: 'order 12/2026' };
    const key = newId();
    const before = await world.footprint();
    expect((await post('clerk', '/v1/vends/free-issue', body, key)).status).toBe(202);
    expect(await world.footprint()).toBe(before);
    const answer = await agreed('/v1/vends/free-issue', body, key);
    expect(answer).toMatchObject({ status: 201, body: { kind: 'free-issue', amount: { value: '0.00' } } });
    const sum = answer.body.lines.reduce((total: number, line: { amount: string }) => total + Number(line.amount), 0);
    expect(Math.round(sum * 100)).toBe(0);
    expect(typed(meter, answer)).toEqual(['Accept']);
    expect(meter.credit(register)).toBeGreaterThanOrEqual(units);
    expect(typed(meter, answer)).toEqual(['Used']);
    const repeats = await counter.atOnce('clerk', '/v1/vends/free-issue', body, key);
    expect(new Set(repeats.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`200 ${answer.text}`]));
  });

  it('beyond the limit, or in the other unit, is refused before anybody is asked', async () => {
    const { meterNo } = take('currency');
    const body = { meterNo, reason: 'goodwill', note: 'a long outage' };
    const ask = (amount: object) => post('clerk', '/v1/vends/free-issue', { ...body, ...amount });
    expect(await ask({ amount: '2000.01' })).toMatchObject({ status: 422, body: { code: 'free-issue-limit' } });
    expect(await ask({ kwh: '5' })).toMatchObject({ status: 422, body: { code: 'amount-in-other-unit' } });
    expect(await ask({ kwh: '5', amount: '5' })).toMatchObject({ status: 400, body: { code: 'quote-ambiguous' } });
    expect(await ask({})).toMatchObject({ status: 400, body: { code: 'field-invalid' } });
  });

  it('is refused when the second person says no, and by the one who asked', async () => {
    const { meterNo } = take('currency');
    const body = { meterNo, amount: '10', reason: 'goodwill', note: 'a long outage' };
    const key = newId();
    const asked = await post('supervisor', '/v1/vends/free-issue', body, key);
    const id = asked.body.approval.id as string;
    const approve = (who: string) => post(who, `/v1/approvals/${id}/approve`, {});
    expect(await approve('supervisor')).toMatchObject({ status: 403, body: { code: 'approval-own' } });
    expect((await post('other-supervisor', `/v1/approvals/${id}/refuse`, { note: 'no order' })).status).toBe(200);
    expect(await post('supervisor', '/v1/vends/free-issue', body, key)).toMatchObject({
      status: 409,
      body: { code: 'approval-refused' },
    });
  });
});

describe('a replacement vend', () => {
  it('gives a faulty meter that stays what it lost, after a second person agreed', async () => {
    const { meterNo, meter } = take('energy');
    typed(meter, await sold(meterNo, '1000.00'));
    const body = { meterNo, oldMeterNo: meterNo, from: 'reading', reading: '12.4', note: 'register lost in a storm' };
    const before = meter.credit(0);
    const answer = await agreed('/v1/vends/replacement', body);
    expect(answer).toMatchObject({ status: 201, body: { kind: 'replacement', energy: { kwh: '12.4' } } });
    expect(typed(meter, answer)).toEqual(['Accept']);
    expect(meter.credit(0) - before).toBe(124n);
    expect(await post('clerk', '/v1/vends/replacement', body)).toMatchObject({
      status: 409,
      body: { code: 'replacement-repeated' },
    });
  });

  it('to a meter that took nobody’s place is refused', async () => {
    const [one, other] = [take('energy'), take('energy')];
    const body = { meterNo: one.meterNo, oldMeterNo: other.meterNo, from: 'last-token', note: 'never accepted' };
    expect(await post('clerk', '/v1/vends/replacement', body)).toMatchObject({
      status: 409,
      body: { code: 'replacement-not-recorded' },
    });
  });
});

it('refuses a key change alone where none waits', async () => {
  const { meterNo } = take('energy');
  expect(await post('clerk', '/v1/vends/key-change', { meterNo })).toMatchObject({
    status: 409,
    body: { code: 'key-change-not-due' },
  });
});

describe('a cancellation', () => {
  const body = { proof: 'slip-not-handed-out', note: 'printer jammed' };

  it('by a supervisor takes the recharge back, says that a token cannot be recalled, and is listed', async () => {
    const { meterNo } = take('currency');
    const sale = await sold(meterNo);
    const id = sale.body.rechargeId as string;
    const answer = await post('supervisor', `/v1/vends/${id}/cancel`, body);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'cancelled',
        refundDue: { value: '3000.00' },
        cancelledBy: 'user:supervisor',
        warning: {
          en: expect.stringContaining('cannot be recalled'),
          bn: expect.stringContaining('ফিরিয়ে নেওয়া যায় না'),
        },
      },
    });
    expect((await post('supervisor', `/v1/vends/${id}/cancel`, body)).text).toBe(answer.text);
    const shown = await world.as('clerk', 'GET', `/v1/recharges/${id}`);
    expect(shown.body).toMatchObject({ status: 'refund-due', tokens: [] });
    const paper = await world.as('clerk', 'GET', `/v1/recharges/${id}/receipt.pdf`);
    expect(paper).toMatchObject({ status: 409, body: { code: 'receipt-not-made' } });
    const day = new Date(Date.now() + 6 * 3_600_000).toISOString().slice(0, 10);
    const list = await world.as('auditor', 'GET', `/v1/vends/cancelled?day=${day}`);
    const mine = list.body.items.find((item: { rechargeId: string }) => item.rechargeId === id);
    expect(mine).toMatchObject({
      receiptNo: sale.body.receiptNo,
      meterNo,
      tokenEndings: digitsOf(sale).map((each) => each.slice(-4)),
      reason: 'slip-not-handed-out: printer jammed',
    });
    expect(list.text).not.toContain(digitsOf(sale)[0]);
  });

  it('asked for by a clerk waits for a supervisor', async () => {
    const sale = await sold(take('currency').meterNo);
    const id = sale.body.rechargeId as string;
    const key = newId();
    const asked = await post('clerk', `/v1/vends/${id}/cancel`, body, key);
    expect(asked.status).toBe(202);
    expect((await world.as('clerk', 'GET', `/v1/recharges/${id}`)).body.status).toBe('vended');
    await post('supervisor', `/v1/approvals/${asked.body.approval.id}/approve`, {});
    const answers = await counter.atOnce('clerk', `/v1/vends/${id}/cancel`, body, key);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { cancelledBy: 'user:clerk' } });
  });

  it('is refused the day after, for other kinds, and for what is not there', async () => {
    const { meterNo } = take('currency');
    const sale = await sold(meterNo);
    await world.fresh.admin.read(`UPDATE vends SET issued_at = issued_at - INTERVAL 1 DAY WHERE receipt_no = ?`, [
      sale.body.receiptNo,
    ]);
    const cancel = (id: string) => post('supervisor', `/v1/vends/${id}/cancel`, body);
    expect(await cancel(sale.body.rechargeId as string)).toMatchObject({
      status: 409,
      body: { code: 'vend-not-today' },
    });
    const other = await post('clerk', '/v1/vends/engineering', { meterNo, what: 'clear-tamper', reason: 'seal' });
    expect(await cancel(other.body.rechargeId as string)).toMatchObject({ body: { code: 'vend-not-sold' } });
    expect(await cancel(newId())).toMatchObject({ status: 404, body: { code: 'recharge-not-found' } });
  });
});

it('prints the last receipts of a meter again, of every kind, as copies with the same tokens, on record', async () => {
  const { meterNo } = take('currency');
  const first = await sold(meterNo);
  const second = await post('clerk', '/v1/vends/engineering', { meterNo, what: 'clear-tamper', reason: 'seal' });
  const third = await sold(meterNo, '500.00');
  const two = await world.as('clerk', 'POST', `/v1/meters/${meterNo}/reprints`, { last: 2 });
  expect(two.status).toBe(201);
  expect(two.body.items).toEqual([third, second].map(({ body }) => ({ ...body, copy: true })));
  const all = await world.as('other-clerk', 'POST', `/v1/meters/${meterNo}/reprints`, { last: 10 });
  expect(all.body.items.map((item: { tokens: object }) => item.tokens)).toEqual(
    [third, second, first].map(({ body }) => body.tokens),
  );
  const trail = await world.fresh.admin.read(
    `SELECT actor FROM audit_events WHERE action = 'recharge-reprinted' AND subject = ?`,
    [`recharge:${first.body.rechargeId}`],
  );
  expect(trail).toEqual([{ actor: 'user:other-clerk' }]);
  for (const last of [0, 11, 1.5, '3']) {
    expect(await world.as('clerk', 'POST', `/v1/meters/${meterNo}/reprints`, { last })).toMatchObject({ status: 400 });
  }
  expect((await world.as('auditor', 'POST', `/v1/meters/${meterNo}/reprints`, { last: 1 })).status).toBe(403);
});

describe('a quote', () => {
  it.each(['currency', 'energy'] as const)('for kWh wanted is sold to a meter that counts %s', async (crediting) => {
    const { meterNo, meter } = take(crediting);
    const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, kwh: '100' });
    expect(quote.body.energy).toMatchObject({ estimated: crediting === 'currency' });
    expect(Number(quote.body.energy.kwh)).toBeGreaterThanOrEqual(100);
    const answer = await post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId });
    expect(answer).toMatchObject({ status: 201, body: { amount: quote.body.amount, energy: quote.body.energy } });
    expect(typed(meter, answer)).toEqual(['Accept']);
    const credited = answer.body.tokens.at(-1).credited as { amount: string; unit: string };
    if (crediting === 'energy') expect(credited).toEqual({ amount: quote.body.energy.kwh, unit: 'kWh' });
    else expect(Number(credited.amount)).toBeGreaterThanOrEqual(Number(quote.body.credit.value));
  });

  it('is of one meter and one amount: an id that was changed anywhere is refused', async () => {
    const { meterNo } = take('currency');
    const { body } = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '3000' });
    const bytes = Buffer.from(body.quoteId as string, 'base64url');
    expect(bytes).toHaveLength(48);
    // Version, meter, amount, expiry, price, nonce, seal.
    for (const place of [0, 3, 20, 25, 30, 35, 47]) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 1;
      const answer = await post('clerk', '/v1/recharges', { quoteId: changed.toString('base64url') });
      expect(answer).toMatchObject({ status: 400, body: { code: 'quote-malformed' } });
    }
  });
});
