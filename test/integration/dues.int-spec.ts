/*
 * Proves on a real database that old debts come in once, are paid off by their plan with every recharge until nothing is
 * left, that a deposit is set off against them, and that meter and ledger agree at every step.
 */
import { newId, type Id } from '@vend/kernel';
import { depositTakenEntry, storedBalances } from '@vend/ledger';
import { readMeterStates } from '@vend/meters';
import type { ArrearsPlan } from '@vend/tariff';
import { MeterDues } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, VendingBench } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let dues: MeterDues;
let serial = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  dues = new MeterDues(fresh.database, bench.ledger, () => bench.now);
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
  const [row] = await fresh.admin.read<{ owed: string }>('SELECT SUM(arrears_paisa) AS owed FROM meter_states');
  expect(await balanceOf('customer-arrears')).toBe(-BigInt(row!.owed));
});
afterAll(() => fresh?.drop());

const plan: ArrearsPlan = { kind: 'percent', percentBp: 2_000n, floorPaisa: 0n, ceilingPaisa: null, capBp: 5_000n };

async function newMeter(): Promise<Id> {
  const [meterId] = await bench.install({ serial: ++serial });
  return meterId!;
}
async function balanceOf(code: string): Promise<bigint> {
  const found = (await storedBalances(fresh.admin)).find((one) => one.code === code);
  return found ? found.creditPaisa - found.debitPaisa : 0n;
}
const owedBy = async (meterId: Id) =>
  (await readMeterStates({ query: fresh.admin.read.bind(fresh.admin) }, [meterId])).get(meterId)!.arrearsPaisa;

it('is imported once, also ten times at once, and paid off by its plan to the last paisa', async () => {
  const meterId = await newMeter();
  const debt = { businessId: newId(), meterId, amountPaisa: 25_000n, plan };
  const answers = await Promise.all(Array.from({ length: 10 }, () => dues.importArrears(debt)));
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await owedBy(meterId)).toBe(25_000n);
  const other = dues.importArrears({ ...debt, amountPaisa: 25_001n });
  await expect(other).rejects.toMatchObject({ code: 'ledger-entry-conflict' });

  const taken: bigint[] = [];
  for (let i = 0; i < 4; i++) {
    const { record } = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 50_000n }));
    taken.push(record.vend!.amounts.arrearsPaisa);
  }
  expect(taken).toEqual([10_000n, 10_000n, 5_000n, 0n]);
  expect(await owedBy(meterId)).toBe(0n);
});

it('has its deposit set off first, and says what is left to pay out', async () => {
  const meterId = await newMeter();
  await dues.importArrears({ businessId: newId(), meterId, amountPaisa: 50_000n, plan: null });
  const fact = { businessId: newId(), bookedAt: bench.now, meterId };
  await bench.ledger.open(['cash:NESCO-RAJ-01']);
  await fresh.database.transaction((tx) =>
    bench.ledger.post(tx, [depositTakenEntry(fact, 'cash:NESCO-RAJ-01', 80_000n)]),
  );
  const deposit = { businessId: newId(), meterId, depositPaisa: 80_000n };
  const first = await dues.setOffDeposit(deposit);
  expect(first).toEqual({ setOffPaisa: 50_000n, payOutPaisa: 30_000n, repeated: false });
  expect(await dues.setOffDeposit(deposit)).toEqual({ ...first, repeated: true });
  expect(await owedBy(meterId)).toBe(0n);
  expect(await balanceOf('customer-deposits')).toBe(30_000n);
});

it('refuses a plan above 100 %, a debt of nothing and an unknown meter, with the reason, and changes nothing', async () => {
  const meterId = await newMeter();
  const debt = { businessId: newId(), meterId, amountPaisa: 1_000n, plan };
  await expect(dues.importArrears({ ...debt, plan: { ...plan, percentBp: 10_001n } })).rejects.toThrow('0 to 100 %');
  await expect(dues.importArrears({ ...debt, plan: { ...plan, capBp: 10_001n } })).rejects.toThrow('0 to 100 %');
  await expect(dues.importArrears({ ...debt, amountPaisa: 0n })).rejects.toThrow('more than zero');
  await expect(dues.importArrears({ ...debt, meterId: newId() })).rejects.toMatchObject({ code: 'meter-not-found' });
  expect(await owedBy(meterId)).toBe(0n);
});
