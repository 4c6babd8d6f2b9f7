/*
 * Proves over HTTP on a real database and a real token server that nothing is sold or given that a meter's register could
 * not hold: refused by its code before any money moves, a callback's payment kept and owed back; and that a virtual meter
 * with such a register takes the most that is allowed.
 */
import { newId } from '@vend/kernel';
import { ApiWorld } from '../../../test/support/api';
import { newFactoryMeter } from '../../../test/support/api-token-server';
import { brokenLaws } from '../../../test/support/books';
import { Counter, typed } from '../../../test/support/counter';

// A loaded machine takes its time.
jest.setTimeout(60_000);
let world: ApiWorld;
let counter: Counter;
/** 100 kWh, Tk 1000.00. */
const MODEL = {
  ...{ manufacturer: '97', model: 'SMALL-1', phase: 1, algorithms: '07,11', crediting: 'currency,energy' },
  ...{ services: 'clear-tamper', registerMaxWh: '100000', registerMaxPaisa: '100000' },
};
const enter = (change: object) => world.as('administrator', 'POST', '/v1/meter-models', { ...MODEL, ...change });

beforeAll(async () => {
  world = await ApiWorld.create();
  counter = await Counter.of(world);
  expect((await enter({})).status).toBe(200);
}, 120_000);
afterAll(() => world?.destroy());
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));

const small = (crediting: 'energy' | 'currency') => counter.install(crediting, { model: 'SMALL-1' });
const refused = (facts: object) => ({
  status: 422,
  body: { code: 'above-meter-register', retryable: false, ...facts },
});

it('refuses a quote for more than the register holds, in the unit of the meter', async () => {
  const [energy, currency] = [await small('energy'), await small('currency')];
  const quote = (meterNo: string, ask: object) => world.as('clerk', 'POST', '/v1/quotes', { meterNo, ...ask });
  expect(await quote(energy.meterNo, { kwh: '100.5' })).toMatchObject(refused({ maximumKwh: '100.0' }));
  expect(await quote(energy.meterNo, { amount: '3000.00' })).toMatchObject(refused({ maximumKwh: '100.0' }));
  expect(await quote(currency.meterNo, { amount: '3000.00' })).toMatchObject(refused({ maximumTaka: '1000.00' }));
  const most = await quote(energy.meterNo, { kwh: '99.9' });
  expect(most.status).toBe(201);
  const sale = await counter.post('clerk', '/v1/recharges', { quoteId: most.body.quoteId });
  const options = { registerLimitTenths: 1_000n };
  expect(typed(newFactoryMeter(energy.meterNo, energy.ea, options), sale)).toEqual(['Accept']);
});

it('refuses a sale whose quote was made before the model was entered, and takes nothing', async () => {
  const { meterNo } = await counter.install('energy');
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '3000.00' });
  expect(quote.status).toBe(201);
  await world.fresh.admin.read(
    `UPDATE meters SET model_id = (SELECT id FROM meter_models WHERE model = 'SMALL-1') WHERE pan = ?`,
    [meterNo],
  );
  const before = await world.footprint();
  const sale = await counter.post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId });
  expect(sale).toMatchObject(refused({ maximumKwh: '100.0' }));
  expect(await world.footprint()).toBe(before);
});

it('refuses a provider in its own words, and takes nothing', async () => {
  const { meterNo } = await small('currency');
  const before = await world.footprint();
  const asked = await world.signed('/v1/biller/inquiry', { reference: meterNo, amount: '3000.00' });
  expect(asked).toMatchObject(refused({ maximumTaka: '1000.00' }));
  const pay = { transactionId: newId(), reference: meterNo, amount: '3000.00' };
  expect(await world.signed('/v1/biller/pay', pay)).toMatchObject(refused({ maximumTaka: '1000.00' }));
  expect(await world.footprint()).toBe(before);
});

it('refuses to give free, to carry over and to give a deposit back beyond it; the most it holds is taken', async () => {
  const { meterNo, ea } = await small('currency');
  const free = { meterNo, reason: 'goodwill', note: 'a long outage' };
  const before = await world.footprint();
  expect(await counter.post('clerk', '/v1/vends/free-issue', { ...free, amount: '999.40' })).toMatchObject(
    refused({ maximumTaka: '1000.00' }),
  );
  expect(await world.footprint()).toBe(before);
  const given = await counter.agreed('/v1/vends/free-issue', { ...free, amount: '999.39' });
  expect(given.status).toBe(201);
  const options = { registerLimitHundredThousandths: 100_000_000n };
  expect(typed(newFactoryMeter(meterNo, ea, options), given)).toEqual(['Accept']);

  const deposit = { amount: '2000.00', paper: 'D-1/2009', reason: 'Post-paid meter taken off' };
  const url = `/v1/meters/${meterNo}/deposits`;
  const key = await counter.allowed(url, deposit, { by: 'accounts' });
  expect((await counter.post('accounts', url, deposit, key)).status).toBe(201);
  const back = { ...deposit, meterNo, reason: 'Prepaid meter installed' };
  expect(await counter.agreed('/v1/deposit-credits', back)).toMatchObject(refused({ maximumTaka: '1000.00' }));
});

it('makes no offline pack for it, and says why', async () => {
  const { meterNo } = await small('energy');
  const body = { lines: [{ meterNo, amount: '3000.00', items: 1 }], reason: 'Cyclone signal 7' };
  const key = await counter.allowed('/v1/packs', body, { by: 'supervisor', second: 'accounts' });
  expect(await counter.post('supervisor', '/v1/packs', body, key)).toMatchObject({
    status: 422,
    body: { code: 'pack-meter-refused', meterNo, reason: 'above-meter-register' },
  });
});
