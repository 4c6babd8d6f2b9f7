/*
 * Proves on a real database, with virtual meters, that tokens made ahead for an outage are priced with VAT, rebate and
 * energy alone, are taken by the right meter, and are booked once whoever uploads a journal, how often, and in between
 * whatever else is sold.
 */
import fc from 'fast-check';
import { upsertStation } from '@vend/identity';
import { formatTaka, newId, type Id } from '@vend/kernel';
import { storedBalances } from '@vend/ledger';
import { readMeterStates } from '@vend/meters';
import { PriceBooks } from '@vend/pricebook';
import { price } from '@vend/tariff';
import { createPacks, insertLimit, type OfflinePacks, type PackItem, type PackLine } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, VendingBench, virtualMeter, type MeterDraft } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let packs: OfflinePacks;
let serial = 0;
const STATION = 'NESCO-RAJ-01';
const by = { actor: 'user:selim' };
const nothing = () => Promise.resolve();

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  const settings = {
    ...{ book: 'first-light', quoteSecret: Buffer.alloc(32), quoteTtlMs: 1, tokenDeadlineMs: 1_000 },
    ...{ laneGroupMax: 1, laneWriters: 1, laneBacklogMax: 1, now: () => bench.now },
  };
  packs = createPacks(fresh.database, bench.ledger, bench.issuer, settings, Buffer.alloc(32, 7));
  await fresh.database.transaction((tx) =>
    upsertStation(tx, { code: STATION, name: STATION, office: 'Rajshahi' }, { actor: 'test', at: bench.now }),
  );
});
afterEach(async () => expect(await brokenLaws(fresh.admin)).toEqual([]));
afterAll(() => fresh?.drop());

async function newMeter(over: Partial<MeterDraft> = {}) {
  const draft = { serial: ++serial, ...over };
  const [meterId] = await bench.install(draft);
  return { meterId: meterId!, meter: virtualMeter(draft) };
}
async function prepare(lines: readonly PackLine[], packId = newId()) {
  await packs.prepare({ packId, station: STATION, actor: 'user:selim', reason: 'storm', lines, alongside: nothing });
  return packs.find(packId, 'all');
}
const use = (...items: readonly PackItem[]) => items.map(({ itemId }) => ({ itemId, usedAt: bench.now }));
const cash = async () => {
  const found = (await storedBalances(fresh.admin)).find(({ code }) => code === `cash:${STATION}`);
  return found ? found.debitPaisa - found.creditPaisa : 0n;
};
const stateOf = async (meterId: Id) =>
  (await readMeterStates({ query: fresh.admin.read.bind(fresh.admin) }, [meterId])).get(meterId)!;

it.each(['energy', 'currency'] as const)('prices an item with VAT, rebate and energy alone (%s)', async (crediting) => {
  const { meterId, meter } = await newMeter({ crediting });
  const before = await stateOf(meterId);
  const { pack, items } = await prepare([{ meterId, grossPaisa: 300_000n, items: 2 }]);
  expect(items.map(({ place, state }) => [place, state])).toEqual([
    [1, 'OPEN'],
    [2, 'OPEN'],
  ]);
  const books = new PriceBooks(fresh.database);
  for (const { amounts, pricing, energyWh, token } of items) {
    expect(amounts).toMatchObject({ grossPaisa: 300_000n, vatPaisa: 14_286n });
    // MONEY.md 1: 1 % of (gross - VAT) / 1.01.
    expect(amounts.rebatePaisa).toBe(2_829n);
    const { tariffs } = await books.at(pricing.tariffBook, pricing.priceRevision);
    const again = price(pricing.pricedState, amounts.grossPaisa, pack.preparedAt, tariffs, { channel: 'counter' });
    expect([again.energyPaisa, again.energyWh, again.months]).toEqual([amounts.energyPaisa, energyWh, []]);
    expect(meter.enter(token.digits, bench.now)).toMatchObject({ result: 'Accept' });
    expect(meter.enter(token.digits, bench.now)).toMatchObject({ result: 'Used' });
  }
  // Nothing but the TIDs has moved: fixed charges and arrears are still due.
  expect(await stateOf(meterId)).toEqual({ ...before, lastTid: items[1]!.token.tid });
  const taken = await cash();
  await packs.reconcile(pack, use(...items), by);
  expect(await cash()).toBe(taken + 600_000n);
  expect((await stateOf(meterId)).chargedThrough).toBe(before.chargedThrough);
  const { record } = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 300_000n }));
  expect(record.vend!.amounts.demandPaisa).toBeGreaterThan(0n);
});

it('is made once, ten times at once, and is another pack under another key', async () => {
  const { meterId } = await newMeter();
  const packId = newId();
  const lines = [{ meterId, grossPaisa: 300_000n, items: 3 }];
  const order = { packId, station: STATION, actor: 'user:selim', reason: 'storm', lines, alongside: nothing };
  const made = await Promise.all(Array.from({ length: 10 }, () => packs.prepare(order)));
  expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect((await packs.find(packId, 'all')).items).toHaveLength(3);
  const other = packs.prepare({ ...order, lines: [{ meterId, grossPaisa: 300_000n, items: 4 }] });
  await expect(other).rejects.toMatchObject({ code: 'transaction-conflict' });
});

it('is made whole or not at all', async () => {
  const [good, closed] = [await newMeter(), await newMeter()];
  await fresh.admin.read(`UPDATE meters SET status = 'closed' WHERE id = UNHEX(REPLACE(?, '-', ''))`, [closed.meterId]);
  const before = await stateOf(good.meterId);
  const lines = [good, closed].map(({ meterId }) => ({ meterId, grossPaisa: 300_000n, items: 1 }));
  await expect(prepare(lines)).rejects.toMatchObject({
    code: 'pack-meter-refused',
    facts: { reason: 'meter-closed' },
  });
  await expect(prepare([{ ...lines[0]!, grossPaisa: 500_001n }])).rejects.toMatchObject({
    code: 'limit-exceeded',
    facts: { limit: 'pack-item', limitTaka: '5000.00' },
  });
  bench.issuer.down = true;
  await expect(prepare([lines[0]!])).rejects.toMatchObject({ code: 'token-server-down' });
  bench.issuer.down = false;
  expect(await stateOf(good.meterId)).toEqual(before);
  const reason = { reason: 'test', setBy: 'user:farida', setAt: bench.now, effectiveFrom: bench.now };
  await fresh.database.transaction((tx) =>
    insertLimit(tx, { scope: 'pack', channel: null, limitPaisa: 200_000n, ...reason }),
  );
  await expect(prepare([lines[0]!])).rejects.toMatchObject({ facts: { limit: 'pack' } });
  await fresh.admin.read(`DELETE FROM vend_limits WHERE set_by = 'user:farida'`);
});

it('books an item once, twenty uploads at once, whatever each says of the time', async () => {
  const { meterId } = await newMeter();
  const { pack, items } = await prepare([{ meterId, grossPaisa: 300_000n, items: 2 }]);
  const taken = await cash();
  bench.now += 3_600_000;
  const uploads = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      packs.reconcile(pack, [{ itemId: items[0]!.itemId, usedAt: bench.now - i * 1_000 }], {
        actor: i % 2 === 0 ? 'user:selim' : 'user:farida',
      }),
    ),
  );
  expect(uploads.flat().filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(uploads.flat().map(({ record }) => record.vend!.receiptNo)).size).toBe(1);
  expect(await cash()).toBe(taken + 300_000n);
});

it('books what was withdrawn and turns up all the same: money first', async () => {
  const { meterId } = await newMeter();
  const { pack, items } = await prepare([{ meterId, grossPaisa: 300_000n, items: 2 }]);
  const told: number[] = [];
  const withdraw = () =>
    packs.withdraw(pack.packId, 'user:selim', (_tx, count) => Promise.resolve(void told.push(count)));
  await packs.reconcile(pack, use(items[0]!), by);
  await withdraw();
  await withdraw();
  expect(told).toEqual([1]);
  expect((await packs.find(pack.packId, 'all')).items.map(({ state }) => state)).toEqual(['USED', 'WITHDRAWN']);
  const [late] = await packs.reconcile(pack, use(items[1]!), by);
  expect(late!.record.vend!.detail).toMatchObject({ wasWithdrawn: true });
  expect((await packs.find(pack.packId, 'all')).items.map(({ state }) => state)).toEqual(['USED', 'USED']);
});

it('refuses a journal of another pack, or of another time, whole', async () => {
  const [one, two] = [await newMeter(), await newMeter()];
  const mine = await prepare([{ meterId: one.meterId, grossPaisa: 300_000n, items: 1 }]);
  const other = await prepare([{ meterId: two.meterId, grossPaisa: 300_000n, items: 1 }]);
  await expect(packs.reconcile(mine.pack, use(...mine.items, ...other.items), by)).rejects.toMatchObject({
    code: 'pack-item-unknown',
  });
  for (const usedAt of [mine.pack.preparedAt - 86_400_000, bench.now + 86_400_000]) {
    const { itemId } = mine.items[0]!;
    await expect(packs.reconcile(mine.pack, [{ itemId, usedAt }], by)).rejects.toMatchObject({
      code: 'pack-used-before',
    });
  }
  expect((await packs.find(mine.pack.packId, 'all')).items[0]!.state).toBe('OPEN');
});

it('keeps tokens sealed where they lie, and items as they were made', async () => {
  const { meterId } = await newMeter();
  const { items } = await prepare([{ meterId, grossPaisa: 300_000n, items: 1 }]);
  const rows = await fresh.admin.read('SELECT * FROM offline_pack_items');
  const text = rows.map((row) => Object.values(row).map((v) => (Buffer.isBuffer(v) ? v.toString('latin1') : v)));
  expect(JSON.stringify(text)).not.toContain(items[0]!.token.digits);
  for (const change of ['gross_paisa = 1', 'tid = 1', "token_sealed = ''"]) {
    await expect(fresh.database.read(`UPDATE offline_pack_items SET ${change}`)).rejects.toMatchObject({ errno: 1143 });
  }
});

it('keeps TIDs unique and every item in the books exactly once, however packs, sales and journals interleave', async () => {
  const step = fc.record({
    what: fc.constantFrom('sell', 'prepare', 'reconcile', 'reconcile', 'withdraw'),
    meter: fc.integer({ min: 0, max: 1 }),
    items: fc.integer({ min: 1, max: 3 }),
    minutes: fc.integer({ min: 0, max: 30 }),
    together: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      const meters = [await newMeter(), await newMeter({ crediting: 'currency' })];
      const before = await cash();
      const made: Awaited<ReturnType<typeof prepare>>[] = [];
      let due = 0n;
      let running: Promise<unknown>[] = [];
      const used = new Set<Id>();
      for (const { what, meter, items, minutes, together } of steps) {
        bench.now += minutes * 60_000;
        const { meterId } = meters[meter]!;
        if (what === 'sell') {
          due += 300_000n;
          running.push(bench.vending.recharge(counterSale(meterId, { grossPaisa: 300_000n })));
        }
        if (what === 'prepare') {
          const line = { meterId, grossPaisa: 300_000n, items };
          running.push(prepare([line]).then((each) => made.push(each)));
        }
        const pack = made[items % Math.max(1, made.length)];
        if (what === 'reconcile' && pack) {
          const some = pack.items.slice(0, items);
          for (const { itemId, amounts } of some) {
            if (!used.has(itemId)) due += amounts.grossPaisa;
            used.add(itemId);
          }
          running.push(packs.reconcile(pack.pack, use(...some), by), packs.reconcile(pack.pack, use(...some), by));
        }
        if (what === 'withdraw' && pack) running.push(packs.withdraw(pack.pack.packId, 'user:selim', nothing));
        if (!together) {
          await Promise.all(running);
          running = [];
        }
      }
      await Promise.all(running);
      expect(formatTaka((await cash()) - before)).toBe(formatTaka(due));
      expect(await brokenLaws(fresh.admin)).toEqual([]);
      const tids = await fresh.admin.read<{ meter: string; tid: number }>(
        `SELECT HEX(meter_id) AS meter, tid FROM vend_tokens WHERE tid IS NOT NULL
         UNION ALL SELECT HEX(meter_id), tid FROM offline_pack_items WHERE vend_id IS NULL`,
      );
      expect(new Set(tids.map(({ meter, tid }) => `${meter} ${tid}`)).size).toBe(tids.length);
    }),
    { numRuns: 10 },
  );
});
