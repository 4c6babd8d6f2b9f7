/*
 * Proves over HTTP on a real database and a real token server, with virtual meters, what a counter prints around a change
 * of a meter's key or of the meter itself: the right meter takes it, in the printed order, once, and another refuses it.
 */
import { newId } from '@vend/kernel';
import { ApiWorld, type Answer } from '../../../test/support/api';
import { newFactoryMeter } from '../../../test/support/api-token-server';
import { brokenLaws } from '../../../test/support/books';
import { Counter, digitsOf, nameplate, typed, type CounterMeter } from '../../../test/support/counter';

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

const places = ({ body }: Answer) =>
  (body.tokens as { kind: string; sequence: number; of: number }[]).map(({ kind, sequence, of }) => [
    kind,
    sequence,
    of,
  ]);
const keyOf = async ({ meterNo }: CounterMeter) => {
  const [row] = await world.fresh.admin.read('SELECT krn FROM meters WHERE pan = ?', [meterNo]);
  return row!['krn'] as number;
};

describe.each([
  ['07', 2],
  ['11', 4],
] as const)('a key change of an EA%s meter', (ea, sections) => {
  const halves = { 2: ['1stKCT'], 4: ['1stKCT', '2ndKCT', '3rdKCT'] }[sections];

  it('alone: typed in the printed order it changes the key, once; then the new key’s token is taken, no old one', async () => {
    const meter = counter.take('energy', { ea });
    const other = counter.take('energy', { ea });
    const before = await counter.sold(meter.meterNo);
    await counter.keyChangeFor(meter);
    const key = newId();
    const change = await counter.post('clerk', '/v1/vends/key-change', { meterNo: meter.meterNo }, key);
    expect(change).toMatchObject({ status: 201, body: { kind: 'key-change', amount: { value: '0.00' } } });
    expect(places(change)).toEqual(halves.concat('Accept').map((_, i) => ['key-change', i + 1, sections]));
    expect(typed(other.meter, change)).toEqual(Array(sections).fill('CRC'));
    expect(typed(meter.meter, change)).toEqual([...halves, 'Accept']);
    expect(meter.meter.key.krn).toBe(2);

    const repeats = await counter.atOnce('clerk', '/v1/vends/key-change', { meterNo: meter.meterNo }, key);
    expect(new Set(repeats.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`200 ${change.text}`]));
    // Typed late, the token of before is one of a key that is gone.
    expect(typed(meter.meter, before)).toEqual(['CRC']);
    expect(typed(meter.meter, change)).toEqual(Array(sections).fill('CRC'));
    expect(meter.meter.credit(0)).toBe(0n);
    const after = await counter.sold(meter.meterNo);
    expect(places(after)).toEqual([['credit', 1, 1]]);
    expect(typed(meter.meter, after)).toEqual(['Accept']);
    expect(typed(meter.meter, after)).toEqual(['Used']);

    const id = change.body.detail.keyChangeId as string;
    expect(await world.as('clerk', 'POST', `/v1/key-changes/${id}/confirm`)).toMatchObject({
      status: 200,
      body: { state: 'confirmed', meterNo: meter.meterNo },
    });
    expect(await keyOf(meter)).toBe(2);
  });

  it('due: the next recharge carries it, key first; the credit alone is refused, in order all are taken', async () => {
    const meter = counter.take('energy', { ea });
    await counter.keyChangeFor(meter);
    const sale = await counter.sold(meter.meterNo);
    const of = sections + 1;
    const keyChange = halves.concat('Accept').map((_, i) => ['key-change', i + 1, of]);
    expect(places(sale)).toEqual([...keyChange, ['credit', of, of]]);
    expect(meter.meter.enter(digitsOf(sale).at(-1)!, Date.now()).result).toBe('CRC');
    expect(typed(meter.meter, sale)).toEqual([...halves, 'Accept', 'Accept']);
    expect(meter.meter.key.krn).toBe(2);
    expect(meter.meter.credit(0)).toBe(BigInt(Math.round(Number(sale.body.energy.kwh) * 10)));
    expect(await counter.post('clerk', '/v1/vends/key-change', { meterNo: meter.meterNo })).toMatchObject({
      status: 409,
      body: { code: 'key-change-not-due' },
    });
    expect(places(await counter.sold(meter.meterNo, '500.00'))).toEqual([['credit', 1, 1]]);
  });
});

describe('a meter that is swapped', () => {
  /** Puts another meter on the wall, as a supervisor does; its credit is as it was read. */
  async function swap(old: CounterMeter, crediting: 'energy' | 'currency', oldReading: string | undefined) {
    const { ea } = old;
    const plate = nameplate(crediting, { ea });
    const request = { ...plate, phase: 1, oldReading, reason: 'display dead' };
    const answer = await counter.post('supervisor', `/v1/meters/${old.meterNo}/replacement`, request);
    expect(answer).toMatchObject({ status: 201, body: { oldMeterNo: old.meterNo, newMeterNo: plate.meterNo } });
    return { ...old, meterNo: plate.meterNo, meter: newFactoryMeter(plate.meterNo, ea) };
  }

  it.each([
    ['energy', 0, '12.4', 124n, { energy: { kwh: '12.4' } }],
    ['currency', 4, '123.45', 12_345_000n, { energy: null, credit: { value: '123.45' } }],
  ] as const)('and counts %s: its credit goes to the new one, once, charged to nobody', async (...kind) => {
    const [crediting, register, reading, units, shown] = kind;
    const old = await counter.install(crediting);
    expect(typed(old.meter, await counter.sold(old.meterNo))).toEqual(['Accept']);
    const late = await counter.sold(old.meterNo, '500.00');
    const now = await swap(old, crediting, reading);
    const body = { meterNo: now.meterNo, oldMeterNo: old.meterNo, from: 'reading', reading, note: 'display dead' };
    const url = '/v1/vends/replacement';
    const key = newId();
    const cash = await moneyIn();
    const before = await world.footprint();
    expect((await counter.post('clerk', url, body, key)).status).toBe(202);
    expect(await world.footprint()).toBe(before);
    const answer = await counter.agreed(url, body, key);
    expect(answer).toMatchObject({ status: 201, body: { kind: 'replacement', amount: { value: '0.00' }, ...shown } });
    expect(await moneyIn()).toEqual(cash);

    expect(typed(old.meter, answer)).toEqual(['CRC']);
    expect(typed(now.meter, answer)).toEqual(['Accept']);
    // A Taka token carries steps that grow with the sum, and never less than was meant (STS.md 3.2).
    expect(now.meter.credit(register)).toBeGreaterThanOrEqual(units);
    expect(now.meter.credit(register)).toBeLessThan((units * 1001n) / 1000n + 1n);
    expect(typed(now.meter, answer)).toEqual(['Used']);
    const repeats = await counter.atOnce('clerk', url, body, key);
    expect(new Set(repeats.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`200 ${answer.text}`]));
    expect(await counter.post('clerk', url, body)).toMatchObject({
      status: 409,
      body: { code: 'replacement-repeated' },
    });
    // What was sold to the old meter and never typed is no token of the new one.
    expect(typed(now.meter, late)).toEqual(['CRC']);
    expect(typed(now.meter, await counter.sold(now.meterNo, '500.00'))).toEqual(['Accept']);
  });

  it('unreadable: its last token, never taken, goes to the new meter; more than was vended never does', async () => {
    const old = await counter.install('energy');
    const last = await counter.sold(old.meterNo, '1000.00');
    const now = await swap(old, 'energy', undefined);
    const body = { meterNo: now.meterNo, oldMeterNo: old.meterNo, note: 'workshop' };
    const url = '/v1/vends/replacement';
    const tooMuch = await counter.post('clerk', url, { ...body, from: 'reading', reading: '99999.9' });
    expect(tooMuch).toMatchObject({ status: 409, body: { code: 'replacement-nothing-left' } });
    const answer = await counter.agreed(url, { ...body, from: 'last-token' });
    expect(answer.body.energy.kwh).toBe(last.body.energy.kwh);
    expect(typed(now.meter, answer)).toEqual(['Accept']);
    expect(await counter.post('clerk', url, { ...body, from: 'last-token' })).toMatchObject({ status: 409 });
  });

  it('for one that counts in another unit carries nothing over', async () => {
    const old = await counter.install('energy');
    typed(old.meter, await counter.sold(old.meterNo));
    const now = await swap(old, 'currency', '12.4');
    const body = { meterNo: now.meterNo, oldMeterNo: old.meterNo, from: 'reading', reading: '12.4', note: 'swap' };
    expect(await counter.post('clerk', '/v1/vends/replacement', body)).toMatchObject({
      status: 409,
      body: { code: 'replacement-other-unit' },
    });
  });
});

/** What the counters' cash boxes and the customers' accounts stand at: a replacement touches neither. */
async function moneyIn(): Promise<unknown> {
  return world.fresh.admin.read(
    `SELECT a.code, b.debit_paisa, b.credit_paisa FROM ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id
     ORDER BY a.code`,
  );
}
