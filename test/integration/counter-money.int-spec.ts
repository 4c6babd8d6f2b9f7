/*
 * Proves on a real database, with virtual meters, that fees, payments of arrears and deposits given back as credit are
 * booked once however often they are asked for at once, to the paisa, with every law of the books.
 */
import fc from 'fast-check';
import { formatTaka, newId, type Id } from '@vend/kernel';
import { storedBalances } from '@vend/ledger';
import { readMeterStates } from '@vend/meters';
import {
  arrearsPaymentOrder,
  createOrders,
  depositCreditOrder,
  feeOrder,
  MeterDues,
  type Order,
  type Orders,
} from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, VendingBench, virtualMeter, type MeterDraft } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let orders: Orders;
let dues: MeterDues;
let serial = 0;
const CASH = 'cash:NESCO-RAJ-01';

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  dues = new MeterDues(fresh.database, bench.ledger, () => bench.now);
  orders = createOrders(fresh.database, bench.ledger, bench.issuer, {
    ...{ book: 'first-light', quoteSecret: Buffer.alloc(32), quoteTtlMs: 1, tokenDeadlineMs: 1_000 },
    ...{ laneGroupMax: 1, laneWriters: 1, laneBacklogMax: 1, now: () => bench.now },
  });
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
  const [row] = await fresh.admin.read<{ owed: string; carried: string }>(
    'SELECT SUM(arrears_paisa) AS owed, SUM(remainder_paisa) AS carried FROM meter_states',
  );
  expect(await balanceOf('customer-arrears')).toBe(-BigInt(row!.owed));
  expect(await balanceOf('customer-remainder')).toBe(BigInt(row!.carried));
});
afterAll(() => fresh?.drop());

/** In the direction of credits. */
async function balanceOf(code: string): Promise<bigint> {
  const found = (await storedBalances(fresh.admin)).find((one) => one.code === code);
  return found ? found.creditPaisa - found.debitPaisa : 0n;
}
async function newMeter(over: Partial<MeterDraft> = {}): Promise<{ meterId: Id; draft: MeterDraft }> {
  const draft = { serial: ++serial, chargedThrough: '2026-11', ...over };
  const [meterId] = await bench.install(draft);
  return { meterId: meterId!, draft };
}
const by = (meterId: Id, sourceRef = newId()) => ({
  ...{ source: 'till:NESCO-RAJ-01', channel: 'counter' as const, actor: 'user:rahima' },
  ...{ meterId, sourceRef },
});
const owe = (meterId: Id, amountPaisa: bigint) =>
  dues.importArrears({ businessId: newId(), meterId, amountPaisa, plan: null });
const stateOf = async (meterId: Id) =>
  (await readMeterStates({ query: fresh.admin.read.bind(fresh.admin) }, [meterId])).get(meterId)!;
/** A deposit of a paper of its own. @returns its paper */
async function holdDeposit(meterId: Id, depositPaisa: bigint): Promise<string> {
  const businessId = newId();
  const paper = `D-${businessId.slice(-12)}`;
  await dues.importDeposit({ businessId, meterId, depositPaisa, paper });
  return paper;
}
async function twentyTimes<Extra>(order: Order<Extra>) {
  const answers = await Promise.all(Array.from({ length: 20 }, () => orders.run(order)));
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const records = answers.map(({ record }) => record);
  expect(new Set(records.map((record) => record.vend!.receiptNo)).size).toBe(1);
  return records[0]!;
}

describe('a service fee', () => {
  const ask = { fee: 'meter-test', currentTransformers: false, totalPaisa: 23_000n, cash: CASH } as const;

  it('is taken once with the VAT that is added to it, and makes no token', async () => {
    const { meterId } = await newMeter();
    const [revenue, vat] = [await balanceOf('fee-revenue'), await balanceOf('vat-payable')];
    const { vend } = await twentyTimes(feeOrder(by(meterId), ask));
    expect(vend).toMatchObject({
      kind: 'fee',
      tokens: [],
      amounts: { grossPaisa: 23_000n, feePaisa: 20_000n, vatPaisa: 3_000n },
      detail: { fee: 'meter-test', feeTaka: '200.00', vatTaka: '30.00' },
    });
    expect(await balanceOf('fee-revenue')).toBe(revenue + 20_000n);
    expect(await balanceOf('vat-payable')).toBe(vat + 3_000n);
  });

  it('is what the customer was told, or nothing is taken', async () => {
    const { meterId } = await newMeter();
    const told = feeOrder(by(meterId), { ...ask, totalPaisa: 22_999n });
    await expect(orders.run(told)).rejects.toMatchObject({ code: 'fee-changed', facts: { feeTaka: '230.00' } });
    const unknown = feeOrder(by(meterId), { ...ask, fee: 'tea' });
    await expect(orders.run(unknown)).rejects.toMatchObject({ code: 'fee-unknown' });
  });
});

describe('a payment of arrears', () => {
  it('takes off what was paid, once, and says what is left; more than owed is refused with what is', async () => {
    const { meterId } = await newMeter();
    await owe(meterId, 120_000n);
    const { vend } = await twentyTimes(arrearsPaymentOrder(by(meterId), 50_000n, CASH));
    expect(vend).toMatchObject({ tokens: [], detail: { arrearsPaidTaka: '500.00', arrearsLeftTaka: '700.00' } });
    expect((await stateOf(meterId)).arrearsPaisa).toBe(70_000n);
    await expect(orders.run(arrearsPaymentOrder(by(meterId), 70_001n, CASH))).rejects.toMatchObject({
      code: 'arrears-less',
      facts: { owedTaka: '700.00' },
    });
  });

  it('never takes more than is owed, many tills at once', async () => {
    const { meterId } = await newMeter();
    await owe(meterId, 100_000n);
    const tills = Array.from({ length: 12 }, () => orders.run(arrearsPaymentOrder(by(meterId), 30_000n, CASH)));
    const paid = (await Promise.allSettled(tills)).filter(({ status }) => status === 'fulfilled');
    expect(paid).toHaveLength(3);
    expect((await stateOf(meterId)).arrearsPaisa).toBe(10_000n);
  });

  it('is refused for another sum under the same key', async () => {
    const { meterId } = await newMeter();
    await owe(meterId, 100_000n);
    const key = newId();
    await orders.run(arrearsPaymentOrder(by(meterId, key), 10_000n, CASH));
    await expect(orders.run(arrearsPaymentOrder(by(meterId, key), 20_000n, CASH))).rejects.toMatchObject({
      code: 'transaction-conflict',
    });
  });
});

describe('a deposit given back as credit', () => {
  it.each(['energy', 'currency'] as const)('pays arrears first, then energy without VAT (%s)', async (crediting) => {
    const { meterId, draft } = await newMeter({ crediting });
    await owe(meterId, 30_000n);
    const paper = await holdDeposit(meterId, 80_000n);
    const held = await balanceOf('customer-deposits');
    const vat = await balanceOf('vat-payable');
    const { vend } = await twentyTimes(depositCreditOrder(by(meterId), 80_000n, paper));
    expect(vend!.amounts).toMatchObject({ grossPaisa: 0n, depositPaisa: 80_000n, arrearsPaisa: 30_000n, vatPaisa: 0n });
    expect(vend!.amounts.energyPaisa + vend!.amounts.remainderOutPaisa).toBe(50_000n);
    // MONEY.md 4, the slabs of 2020: 75 kWh for 314.25, the rest at 5.72.
    if (crediting === 'energy') expect(vend!.energyWh).toBe(107_400n);
    else expect(vend!.amounts.energyPaisa).toBe(50_000n);
    expect(await balanceOf('customer-deposits')).toBe(held - 80_000n);
    expect(await balanceOf('vat-payable')).toBe(vat);
    const meter = virtualMeter(draft);
    expect(meter.enter(vend!.tokens[0]!.digits, bench.now)).toMatchObject({ result: 'Accept' });
    expect(meter.enter(vend!.tokens[0]!.digits, bench.now)).toMatchObject({ result: 'Used' });
  });

  it('makes no token when arrears take all of it, and nothing when no such deposit is held', async () => {
    const { meterId } = await newMeter();
    await owe(meterId, 30_000n);
    const paper = await holdDeposit(meterId, 20_000n);
    const { record } = await orders.run(depositCreditOrder(by(meterId), 20_000n, paper));
    expect(record.vend!.tokens).toEqual([]);
    const back = (paisa: bigint, shown: string) => orders.run(depositCreditOrder(by(meterId), paisa, shown));
    await expect(back(20_000n, 'D-2/2008')).rejects.toMatchObject({ code: 'deposit-not-held' });
    const other = await newMeter();
    const elsewhere = await holdDeposit(other.meterId, 20_000n);
    await expect(back(20_000n, elsewhere)).rejects.toMatchObject({ code: 'deposit-not-held' });
    const next = await holdDeposit(meterId, 20_000n);
    await expect(back(20_001n, next)).rejects.toMatchObject({ code: 'deposit-differs', facts: { heldTaka: '200.00' } });
  });

  it('is given back once, whatever the key, twenty at once', async () => {
    const { meterId } = await newMeter();
    const paper = await holdDeposit(meterId, 20_000n);
    const held = await balanceOf('customer-deposits');
    const given = await Promise.allSettled(
      Array.from({ length: 20 }, () => orders.run(depositCreditOrder(by(meterId), 20_000n, paper))),
    );
    expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of given) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'deposit-returned' });
    }
    expect(await balanceOf('customer-deposits')).toBe(held - 20_000n);
    const again = { businessId: newId(), meterId, depositPaisa: 20_000n, paper };
    await expect(dues.importDeposit(again)).rejects.toMatchObject({ code: 'deposit-known' });
  });

  it('leaves the lifeline credit of last month to the next recharge', async () => {
    const { meterId } = await newMeter();
    await bench.vending.recharge(counterSale(meterId, { grossPaisa: 21_000n }));
    const before = bench.now;
    bench.now = Date.UTC(2026, 11, 2, 4);
    const paper = await holdDeposit(meterId, 10_000n);
    await orders.run(depositCreditOrder(by(meterId), 10_000n, paper));
    const { record } = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 100_000n }));
    expect(record.vend!.amounts.lifelineCreditPaisa).toBeGreaterThan(0n);
    bench.now = before;
  });
});

it('conserves money over any run of recharges, arrears, payments and deposits', async () => {
  const step = fc.record({
    what: fc.constantFrom('recharge', 'owe', 'pay', 'deposit', 'fee'),
    paisa: fc.bigInt(15_000n, 120_000n),
    meter: fc.integer({ min: 0, max: 1 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const meters = [await newMeter(), await newMeter({ crediting: 'currency' })];
      for (const { what, paisa, meter } of steps) {
        const { meterId } = meters[meter]!;
        const owed = (await stateOf(meterId)).arrearsPaisa;
        if (what === 'recharge') await bench.vending.recharge(counterSale(meterId, { grossPaisa: paisa }));
        if (what === 'owe') await owe(meterId, paisa);
        if (what === 'fee') {
          const ask = { fee: 'meter-test', currentTransformers: false, totalPaisa: 23_000n, cash: CASH } as const;
          await orders.run(feeOrder(by(meterId), ask));
        }
        if (what === 'pay') {
          const pays = orders.run(arrearsPaymentOrder(by(meterId), paisa, CASH));
          if (paisa <= owed) await pays;
          else await expect(pays).rejects.toMatchObject({ facts: { owedTaka: formatTaka(owed) } });
        }
        if (what === 'deposit') {
          const paper = await holdDeposit(meterId, paisa);
          const { record } = await orders.run(depositCreditOrder(by(meterId), paisa, paper));
          const { arrearsPaisa, energyPaisa, remainderOutPaisa } = record.vend!.amounts;
          expect(arrearsPaisa + energyPaisa + remainderOutPaisa).toBe(paisa);
          expect((await stateOf(meterId)).arrearsPaisa).toBe(owed > paisa ? owed - paisa : 0n);
        }
      }
      expect(await brokenLaws(fresh.admin)).toEqual([]);
    }),
    { numRuns: 12 },
  );
});
