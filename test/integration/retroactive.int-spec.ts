/*
 * Proves on a real database that a retroactive version (policy adjust_at_next_vend) is settled to the paisa, once for each
 * meter, at its next recharge, also when it is run twice at once; and that the recharges before and after price again as
 * they were.
 */
import { dhakaDay, newId, type Id } from '@vend/kernel';
import { upsertStation, upsertUser } from '@vend/identity';
import { readMeterStates, Replacements } from '@vend/meters';
import { draft, PriceBooks, publish } from '@vend/pricebook';
import { quoteLines, reviewedDocuments, type PriceDocument } from '@vend/tariff';
import { differencesOf, readVendsOfDay, RetroactiveAdjustment, VendCancellation } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { newMeter as newMeterOf } from '../support/life';
import { counterSale, VendingBench } from '../support/vending';

const BOOK = 'first-light';
let fresh: FreshDatabase;
let bench: VendingBench;
let books: PriceBooks;
let serial = 0;

beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 24 });
  bench = new VendingBench(fresh);
  books = new PriceBooks(fresh.database);
  const by = { actor: 'cli:test', at: bench.now };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'Station', office: 'Rajshahi' }, by);
    for (const username of ['selim', 'amina']) {
      const person = { username, password: 'not-a-real-one-1', name: username, role: 'supervisor' } as const;
      await upsertUser(tx, { ...person, station: 'NESCO-RAJ-01' }, by);
    }
  });
});
afterAll(() => fresh?.drop());

async function newMeter(crediting: 'energy' | 'currency'): Promise<Id> {
  const [meterId] = await bench.install({ serial: ++serial, crediting, chargedThrough: '2026-10' });
  return meterId!;
}
const sell = async (meterId: Id, grossPaisa: bigint) =>
  (await bench.vending.recharge(counterSale(meterId, { grossPaisa }))).record;
const dueOf = async (meterId: Id) =>
  (await readMeterStates({ query: fresh.admin.read.bind(fresh.admin) }, [meterId])).get(meterId)!.adjustmentDuePaisa;

it('is made due once for each meter, taken at the next recharge, and every recharge prices again as it was', async () => {
  const [units, taka, silent] = [await newMeter('energy'), await newMeter('currency'), await newMeter('energy')];
  const sold = await sell(units, 60_000n);
  const credited = await sell(taka, 60_000n);
  expect(sold.vend!.energyWh).toBeGreaterThan(75_000n);

  const replaced = await newMeter('energy');
  await sell(replaced, 60_000n);
  const meter = newMeterOf({ serial: ++serial });
  const replacing = { key: newId(), by: 'user:selim', reason: 'display dead', phase: null, oldReading: null };
  const heir = (
    await new Replacements(fresh.database, bench.ledger, () => bench.now).replace({
      ...replacing,
      oldMeterId: replaced,
      meter,
    })
  ).result.newMeterId;

  // From 1 November on: Tk 0.10 more in each slab, Tk 3 more a kW, no more rent.
  const shipped = reviewedDocuments[0]!.document as Extract<PriceDocument, { kind: 'tariff-version' }>;
  const ltA = shipped.classes[0]!;
  const dearer = (rate: string) => (Number(rate) + 0.1).toFixed(2);
  const { lifeline, slabs } = ltA.energy as Extract<typeof ltA.energy, { kind: 'slab' }>;
  const version = {
    ...shipped,
    id: 'order-2026-11',
    publishedOn: '2026-11-21',
    effectiveFrom: '2026-11-01',
    policy: 'adjust_at_next_vend',
    meterRentTk: { singlePhase: '0.00', threePhase: '0.00' },
    classes: [
      {
        ...ltA,
        demandTk: '33.00',
        energy: { kind: 'slab', lifeline, slabs: slabs.map((slab) => ({ ...slab, rate: dearer(slab.rate) })) },
      },
    ],
  };
  const at = bench.now;
  const { code } = await fresh.database.transaction((tx) =>
    draft(tx, BOOK, JSON.stringify(version), { username: 'selim', at }),
  );
  const adjustment = new RetroactiveAdjustment(fresh.database, books, () => bench.now);
  await expect(adjustment.run(BOOK, code)).rejects.toMatchObject({ code: 'adjustment-not-due' });
  await fresh.database.transaction((tx) => publish(tx, BOOK, code, { username: 'amina', at }));
  await expect(adjustment.run(BOOK, 'bd-retail-2020-03')).rejects.toMatchObject({ code: 'adjustment-not-due' });

  const runs = await Promise.all([adjustment.run(BOOK, code), adjustment.run(BOOK, code), adjustment.run(BOOK, code)]);
  expect(runs.reduce((sum, { meters }) => sum + meters, 0)).toBe(3);
  // Energy: Tk 0.10 for each kWh sold. Charges: 2 kW x Tk 3 more, Tk 40 of rent less.
  const charges = 600n - 4_000n;
  const energyDifference = sold.vend!.energyWh! / 100n;
  expect(await dueOf(taka)).toBe(charges);
  const due = await dueOf(units);
  expect(due - charges).toBeGreaterThanOrEqual(energyDifference - 1n);
  expect(due - charges).toBeLessThanOrEqual(energyDifference + 1n);
  expect(await dueOf(silent)).toBe(0n);
  // What was sold through a meter that is gone is settled on the one in its place.
  expect([await dueOf(replaced), await dueOf(heir)]).toEqual([0n, due]);
  expect(await adjustment.run(BOOK, code)).toEqual({ meters: 0, duePaisa: 0n });

  const cancellation = new VendCancellation(fresh.database, bench.ledger, books, () => bench.now);
  const undo = { rechargeId: credited.rechargeId, actor: 'user:selim', reason: 'too late' };
  await expect(cancellation.cancel(undo)).rejects.toMatchObject({ code: 'vend-adjusted' });

  const next = await sell(units, 60_000n);
  expect(next.vend!.amounts.adjustmentPaisa).toBe(due);
  expect(next.vend!.pricing!.tariffVersion).toBe('order-2026-11');
  expect(await dueOf(units)).toBe(0n);
  const line = quoteLines(bench.vending.quoteOf(next).quote).find((one) => one.code === 'adjustment');
  expect(line?.amountPaisa).toBe(due);
  expect((await sell(silent, 60_000n)).vend!.amounts.adjustmentPaisa).toBe(0n);

  const vends = await readVendsOfDay(fresh.database, dhakaDay(at), undefined, 100);
  expect(vends).toHaveLength(5);
  for (const vend of vends) {
    expect(differencesOf(vend, (await books.at(vend.tariffBook, vend.priceRevision)).tariffs)).toEqual([]);
  }
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
