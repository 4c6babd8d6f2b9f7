/*
 * Proves the routes of customers, connections and meters over HTTP on a real database and a real token server: what is
 * shown, changed, kept as history and refused, once for each key, and that no phone number leaves whole.
 */
import { newId } from '@vend/kernel';
import { meterNo } from '../../../test/builders/meters';
import { ApiWorld } from '../../../test/support/api';
import { brokenLaws } from '../../../test/support/books';

let world: ApiWorld;
let serial = 1;
const nextNumber = () => meterNo(serial++).pan;
const key = (value = newId()) => ({ 'idempotency-key': value });

beforeAll(async () => {
  world = await ApiWorld.create();
}, 120_000);
afterAll(() => world?.destroy());
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));

const nameplate = (pan: string) => ({
  ...{ meterNo: pan, owner: 'utility', crediting: 'energy', ea: '07', sgc: '123456', krn: 1, ti: '01' },
  ...{ kt: 2, ken: 255, baseDate: 2014 },
});
const post = (who: string, url: string, body: object, headers: Record<string, string> = key()) =>
  world.as(who, 'POST', url, body, headers);

/** A new customer of the stations' own office, with a meter. */
async function installed(): Promise<{ customerNo: string; pan: string; connectionId: string }> {
  const pan = nextNumber();
  const customerNo = `LIFE${serial}`;
  const answer = await post('supervisor', '/v1/meters', {
    ...nameplate(pan),
    ...{
      customerNo,
      name: 'Rahima Khatun',
      mobile: '01712345678',
      address: 'Road 1',
      office: 'Rajshahi',
      language: 'bn',
    },
    ...{ tariffClass: 'LT-A', phases: '1', sanctionedKw: '2', reason: 'new supply' },
  });
  expect(answer).toMatchObject({ status: 201, body: { meterNo: pan, customerNo } });
  return { customerNo, pan, connectionId: answer.body.connectionId as string };
}
async function sell(pan: string, amount = '1000.00') {
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo: pan, amount });
  if (quote.status !== 201) return quote;
  return post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId });
}

describe('an installation', () => {
  it('makes customer, connection and meter once, ready to be vended to', async () => {
    const { customerNo, pan } = await installed();
    const card = await world.as('clerk', 'GET', `/v1/customers/${customerNo.toLowerCase()}`);
    expect(card).toMatchObject({
      status: 200,
      body: {
        customerNo,
        mobile: '880171****678',
        connections: [{ supply: 'connected', sanctionedKw: '2.0', meters: [{ meterNo: pan, status: 'active' }] }],
      },
    });
    expect(card.text).not.toContain('1712345678');
    expect(await sell(pan)).toMatchObject({ status: 201, body: { months: [expect.any(String)] } });
  });

  it('shows where its account stands and pages through what it was sold, without a token', async () => {
    const { pan } = await installed();
    const sold = await sell(pan);
    await sell(pan, '500.00');
    const account = await world.as('call-centre', 'GET', `/v1/meters/${pan}/account`);
    expect(account).toMatchObject({
      status: 200,
      body: { meterNo: pan, arrears: { value: '0.00' }, due: { months: [], fixedCharges: { value: '0.00' } } },
    });
    expect(Number(account.body.boughtKwh)).toBeGreaterThan(Number(sold.body.energy.kwh));
    const first = await world.as('auditor', 'GET', `/v1/meters/${pan}/vends?limit=1`);
    expect(first.body.items).toMatchObject([
      { kind: 'credit', source: 'till:NESCO-RAJ-01', amount: { value: '500.00' } },
    ]);
    const next = await world.as('auditor', 'GET', `/v1/meters/${pan}/vends?cursor=${first.body.nextCursor}`);
    expect(next.body).toMatchObject({ items: [{ rechargeId: sold.body.rechargeId, tokenCount: 1 }], nextCursor: null });
    for (const { digits } of sold.body.tokens as { digits: string }[]) expect(next.text).not.toContain(digits);
    const other = await installed();
    const wrong = await world.as('auditor', 'GET', `/v1/meters/${other.pan}/vends?cursor=${first.body.nextCursor}`);
    expect(wrong).toMatchObject({ status: 404, body: { code: 'recharge-not-found' } });
  });

  it('is the same however often it is sent, and another under another key', async () => {
    const pan = nextNumber();
    const body = {
      ...nameplate(pan),
      ...{ customerNo: 'LIFE-ONCE', name: 'A', address: 'B', office: 'Rajshahi', language: 'en', reason: 'new supply' },
      ...{ tariffClass: 'LT-A', phases: '3', sanctionedKw: '5.5' },
    };
    const headers = key();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('supervisor', '/v1/meters', body, headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const differs = await post('supervisor', '/v1/meters', { ...body, sanctionedKw: '6' }, headers);
    expect(differs).toMatchObject({ status: 409, body: { code: 'operation-differs' } });
    const taken = { ...body, name: undefined, address: undefined, office: undefined, language: undefined };
    expect(await post('supervisor', '/v1/meters', taken)).toMatchObject({ body: { code: 'meter-number-taken' } });
    expect(await post('supervisor', '/v1/meters', body)).toMatchObject({ body: { code: 'customer-exists' } });
  });

  it.each([
    [{ name: 'A' }, 400, 'field-invalid'],
    [{ tariffClass: undefined }, 400, 'field-invalid'],
    [{ meterNo: '600727000000000008' }, 422, 'meter-check-digit-wrong'],
    [{ model: 'NONE' }, 422, 'meter-model-unknown'],
    [{ customerNo: 'NOBODY' }, 404, 'customer-not-found'],
    [{ connectionId: newId() }, 404, 'connection-not-found'],
    [{ krn: 10 }, 400, 'field-invalid'],
  ])('refuses %j', async (change, status, code) => {
    const { customerNo } = await installed();
    const body = { ...nameplate(nextNumber()), customerNo, tariffClass: 'LT-A', phases: '1', sanctionedKw: '2' };
    const answer = await post('supervisor', '/v1/meters', { ...body, reason: 'new supply', ...change });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('holds a meter to its model', async () => {
    const model = { manufacturer: '97', model: 'DDS-1', phase: 1, algorithms: '07', crediting: 'energy' };
    const services = 'clear-tamper,meter-test';
    const saved = await world.as('administrator', 'POST', '/v1/meter-models', { ...model, services });
    expect(saved).toMatchObject({ status: 200, body: { items: [{ model: 'DDS-1', services: services.split(',') }] } });
    const { customerNo } = await installed();
    const body = {
      ...nameplate(nextNumber()),
      customerNo,
      tariffClass: 'LT-A',
      sanctionedKw: '2',
      reason: 'new supply',
    };
    const wrong = await post('supervisor', '/v1/meters', { ...body, phases: '3', model: 'DDS-1' });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'meter-model-differs', field: 'phase' } });
    expect(await post('supervisor', '/v1/meters', { ...body, phases: '1', model: 'DDS-1' })).toMatchObject({
      status: 201,
    });
  });
});

describe('a replacement', () => {
  it('closes the old meter, goes on with the new one, and shows both', async () => {
    const { customerNo, pan } = await installed();
    await sell(pan, '777.77');
    const newPan = nextNumber();
    const body = { ...nameplate(newPan), phase: 1, oldReading: '12.4', reason: 'display dead' };
    const headers = key();
    const done = await post('supervisor', `/v1/meters/${pan}/replacement`, body, headers);
    expect(done).toMatchObject({ status: 201, body: { oldMeterNo: pan, newMeterNo: newPan, paymentsMoved: 0 } });
    expect(Number(done.body.remainder.value)).toBeGreaterThan(0);
    const again = await post('supervisor', `/v1/meters/${pan}/replacement`, body, headers);
    expect([again.status, again.text]).toEqual([200, done.text]);
    expect(await sell(pan)).toMatchObject({ status: 409, body: { code: 'meter-closed' } });
    expect(await sell(newPan)).toMatchObject({ status: 201, body: { months: [] } });
    const card = await world.as('clerk', 'GET', `/v1/customers/${customerNo}`);
    const meters = card.body.connections[0].meters as { meterNo: string; status: string }[];
    expect(meters.map((one) => [one.meterNo, one.status])).toEqual([[newPan, 'active'], [pan, 'closed']]); // prettier-ignore
    const history = await world.as('auditor', 'GET', `/v1/meters/${pan}/history`);
    const versions = (history.body.items as { record: string; by: string }[]).filter(
      ({ record }) => record === 'meter',
    );
    expect(versions.map(({ by }) => by)).toEqual([null, 'user:supervisor']);
  });

  it('answers a provider’s repeat by customer number with what was vended to the old meter', async () => {
    const { customerNo, pan } = await installed();
    const payment = { transactionId: newId(), reference: customerNo, amount: '500.00' };
    const first = await world.signed('/v1/biller/pay', payment);
    expect(first).toMatchObject({ status: 200, body: { status: 'vended', meterNo: pan } });
    const body = { ...nameplate(nextNumber()), phase: 1, reason: 'display dead' };
    await post('supervisor', `/v1/meters/${pan}/replacement`, body);
    const repeat = await world.signed('/v1/biller/pay', payment);
    expect([repeat.status, repeat.text]).toEqual([200, first.text]);
    // Two meters by now: the number alone means neither, and still the payment is known by what was typed.
    const second = { ...nameplate(nextNumber()), customerNo, tariffClass: 'LT-A', phases: '1', sanctionedKw: '2' };
    expect(await post('supervisor', '/v1/meters', { ...second, reason: 'second floor' })).toMatchObject({
      status: 201,
    });
    const third = await world.signed('/v1/biller/pay', payment);
    expect([third.status, third.text]).toEqual([200, first.text]);
    const other = await world.signed('/v1/biller/pay', { ...payment, amount: '501.00' });
    expect(other).toMatchObject({ status: 409, body: { code: 'transaction-conflict' } });
    const fresh = await world.signed('/v1/biller/pay', { ...payment, transactionId: newId() });
    expect(fresh).toMatchObject({ status: 409, body: { code: 'reference-ambiguous' } });
  });
});

describe('a connection', () => {
  it('is sold nothing while it is off, and says which fees may be due when it is on again', async () => {
    const { pan } = await installed();
    const why = { reason: 'order 17/2026' };
    expect(await post('supervisor', `/v1/meters/${pan}/reconnect`, why)).toMatchObject({
      status: 409,
      body: { code: 'connection-not-disconnected' },
    });
    const off = await post('supervisor', `/v1/meters/${pan}/disconnect`, why);
    expect(off).toMatchObject({ status: 201, body: { supply: 'disconnected', fees: [] } });
    expect(await sell(pan)).toMatchObject({ status: 409, body: { code: 'connection-disconnected' } });
    const paid = await world.signed('/v1/biller/pay', { transactionId: newId(), reference: pan, amount: '500.00' });
    expect(paid).toMatchObject({ status: 409, body: { code: 'connection-disconnected' } });
    const on = await post('supervisor', `/v1/meters/${pan}/reconnect`, why);
    expect(on).toMatchObject({ status: 201, body: { supply: 'connected' } });
    expect(on.body.fees.length).toBeGreaterThan(0);
    expect(await sell(pan)).toMatchObject({ status: 201 });
  });

  it('takes a later load by its day, and today’s at once', async () => {
    const { pan } = await installed();
    const later = { sanctionedKw: '7.5', from: '2090-01-01', reason: 'application 88' };
    expect(await post('supervisor', `/v1/meters/${pan}/terms`, later)).toMatchObject({ body: { inForce: false } });
    const card = await world.as('clerk', 'GET', `/v1/meters/${pan}`);
    expect(card.body.connection).toMatchObject({
      sanctionedKw: '2.0',
      next: { from: '2090-01-01', sanctionedKw: '7.5' },
    });
    const past = await post('supervisor', `/v1/meters/${pan}/terms`, { ...later, from: '2020-01-01' });
    expect(past).toMatchObject({ status: 422, body: { code: 'change-date-past' } });
  });

  it('has people, whose numbers are shown by their ends', async () => {
    const { pan } = await installed();
    const person = { role: 'tenant', name: 'Karim', mobile: '01912345678', language: 'en', receivesSms: true };
    const url = `/v1/meters/${pan}/people`;
    const headers = key();
    const added = await post('clerk', url, { ...person, reason: 'rents it' }, headers);
    expect(added).toMatchObject({ status: 201, body: { items: [{ role: 'tenant', mobile: '880191****678' }] } });
    expect((await post('clerk', url, { ...person, reason: 'rents it' }, headers)).text).toBe(added.text);
    const { personId } = added.body.items[0] as { personId: string };
    const silent = { ...person, mobile: '', reason: 'lost the phone' };
    expect(await post('clerk', `${url}/${personId}`, silent)).toMatchObject({ status: 400 });
    const changed = await post('clerk', `${url}/${personId}`, { ...silent, receivesSms: false });
    expect(changed).toMatchObject({ status: 200, body: { items: [{ mobile: null, receivesSms: false }] } });
    expect(await post('clerk', `${url}/${personId}/remove`, { reason: 'moved out' })).toMatchObject({
      body: { items: [] },
    });
    expect(await post('clerk', `${url}/${personId}/remove`, { reason: 'moved out' })).toMatchObject({
      body: { code: 'connection-person-not-found' },
    });
  });
});

describe('a customer', () => {
  it('changes name and number once, on record but for the number', async () => {
    const { customerNo } = await installed();
    const change = { name: 'Rahima Begum', mobile: '01812345678', reason: 'married' };
    for (const times of [1, 2]) {
      const answer = await world.as('clerk', 'PATCH', `/v1/customers/${customerNo}`, change);
      expect([times, answer.status, answer.body.name]).toEqual([times, 200, 'Rahima Begum']);
    }
    const history = await world.as('auditor', 'GET', `/v1/customers/${customerNo}/history`);
    const names = (history.body.items as { record: string; reason: string; content: { name: string } }[])
      .filter(({ record }) => record === 'customer')
      .map(({ reason, content }) => [reason, content.name]);
    expect(names).toEqual([[null, 'Rahima Khatun'], ['married', 'Rahima Begum']]); // prettier-ignore
    const trail = await world.fresh.admin.read(
      `SELECT detail, was, became FROM audit_events WHERE action = 'customer-changed' AND subject = ?`,
      [`customer:${customerNo}`],
    );
    expect(trail).toHaveLength(1);
    expect(JSON.stringify(trail)).not.toMatch(/1[78]12345678/);
    expect(world.logged + history.text).not.toMatch(/1[78]12345678/);
  });

  it('is closed when nothing is owed, and paid what was carried', async () => {
    const { customerNo, pan } = await installed();
    const url = `/v1/customers/${customerNo}/close`;
    expect(await post('supervisor', url, { reason: 'moved away' })).toMatchObject({
      status: 409,
      body: { code: 'account-owes', what: 'fixed-charges' },
    });
    await sell(pan, '777.77');
    const headers = key();
    const closed = await post('supervisor', url, { reason: 'moved away' }, headers);
    expect(closed).toMatchObject({ status: 201, body: { meters: 1 } });
    expect(Number(closed.body.paidOut.value)).toBeGreaterThan(0);
    expect((await post('supervisor', url, { reason: 'moved away' }, headers)).text).toBe(closed.text);
    expect(await sell(pan)).toMatchObject({ body: { code: 'meter-closed' } });
  });

  it('of another office is not there', async () => {
    const foreign = await world.as('clerk', 'GET', '/v1/customers/61000001');
    const [row] = await world.fresh.admin.read<{ office: string }>(
      `SELECT office FROM customers WHERE customer_no = '61000001'`,
    );
    expect([row!.office === 'Rajshahi', foreign.status]).toEqual([false, 404]);
    expect(await world.as('call-centre', 'GET', '/v1/customers/61000001')).toMatchObject({ status: 200 });
    expect(await world.as('clerk', 'GET', '/v1/customers/NOBODY')).toMatchObject({
      status: 404,
      body: { code: 'customer-not-found' },
    });
  });
});
