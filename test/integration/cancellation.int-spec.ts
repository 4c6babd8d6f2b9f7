/*
 * Proves on a real database that a vend is taken back once, whoever asks and however often: the meter stands where it
 * stood, the books keep every law, the money is owed back; and that a vend which others build on is refused by name.
 */
import { newId, type Id } from '@vend/kernel';
import { storedBalances } from '@vend/ledger';
import { readMeterStates, type MeterState } from '@vend/meters';
import { PriceBooks } from '@vend/pricebook';
import { VendCancellation, type RechargeRecord } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, payment, VendingBench } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let cancellation: VendCancellation;
let serial = 0;

beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 24 });
  bench = new VendingBench(fresh);
  cancellation = new VendCancellation(fresh.database, bench.ledger, new PriceBooks(fresh.database), () => bench.now);
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(() => fresh?.drop());

async function newMeter(): Promise<Id> {
  const [meterId] = await bench.install({ serial: ++serial });
  return meterId!;
}
async function sell(meterId: Id, grossPaisa = 50_000n, byMobile = false): Promise<RechargeRecord> {
  const make = byMobile ? payment : counterSale;
  return (await bench.vending.recharge(make(meterId, { grossPaisa }))).record;
}
async function stateOf(meterId: Id): Promise<MeterState> {
  const reader = { query: fresh.admin.read.bind(fresh.admin) };
  return (await readMeterStates(reader, [meterId])).get(meterId)!;
}
const cancel = ({ rechargeId }: RechargeRecord) =>
  cancellation.cancel({ rechargeId, actor: 'user:selim', reason: 'the printer failed; token unread' });
async function balances(): Promise<Map<string, bigint>> {
  const stored = await storedBalances(fresh.admin);
  return new Map(stored.map(({ code, debitPaisa, creditPaisa }) => [code, creditPaisa - debitPaisa]));
}

it('puts the meter back, but for the TID, reverses the entry and owes the money back', async () => {
  const meterId = await newMeter();
  await sell(meterId);
  const [stateBefore, booksBefore] = [await stateOf(meterId), await balances()];
  const sold = await sell(meterId, 77_700n);
  const sms = await fresh.admin.read('SELECT 1 FROM outbox WHERE topic = ? AND ref_id = UNHEX(?)', [
    'receipt',
    sold.vend!.vendId.replaceAll('-', ''),
  ]);
  expect(sms).toHaveLength(1);
  expect(await cancel(sold)).toMatchObject({ cancelledBy: 'user:selim', cancelledAt: bench.now, replayed: false });

  expect(await stateOf(meterId)).toEqual({ ...stateBefore, lastTid: sold.vend!.tokens[0]!.tid });
  const after = await balances();
  expect(after.get('unspent-payments')! - (booksBefore.get('unspent-payments') ?? 0n)).toBe(77_700n);
  expect(after.get('cash:NESCO-RAJ-01')! - booksBefore.get('cash:NESCO-RAJ-01')!).toBe(-77_700n);
  for (const account of ['energy-revenue', 'vat-payable', 'rebate', 'customer-remainder']) {
    expect([account, after.get(account)]).toEqual([account, booksBefore.get(account)]);
  }
  expect(await bench.vending.find(sold.rechargeId)).toMatchObject({
    state: 'REFUND_DUE',
    refusalCode: 'vend-cancelled',
  });
  const waiting = await fresh.admin.read('SELECT 1 FROM outbox WHERE topic = ? AND ref_id = UNHEX(?)', [
    'receipt',
    sold.vend!.vendId.replaceAll('-', ''),
  ]);
  expect(waiting).toEqual([]);
});

it("gives a month's charges and a lifeline credit to the next recharge again", async () => {
  const meterId = await newMeter();
  const now = bench.now;
  await sell(meterId, 25_000n);
  bench.now = Date.UTC(2026, 11, 3);
  const december = await sell(meterId, 60_000n);
  expect(december.vend!.amounts.lifelineCreditPaisa).toBeGreaterThan(0n);
  expect(december.vend!.amounts.demandPaisa).toBeGreaterThan(0n);
  await cancel(december);
  const again = await sell(meterId, 60_000n);
  bench.now = now;
  expect(again.vend!.amounts).toEqual(december.vend!.amounts);
});

it('knows the last vend by its TID where the clock says otherwise', async () => {
  const meterId = await newMeter();
  const first = await sell(meterId);
  const { now } = bench;
  bench.now = now - 5_000;
  const second = await sell(meterId, 60_000n);
  bench.now = now;
  expect(second.vend!.issuedAt).toBeLessThan(first.vend!.issuedAt);
  await expect(cancel(first)).rejects.toMatchObject({ code: 'vend-not-last' });
  expect(await cancel(second)).toMatchObject({ replayed: false });
  expect(await cancel(first)).toMatchObject({ replayed: false });
});

it('goes back step by step, last first, and refuses any other order', async () => {
  const meterId = await newMeter();
  const [first, second] = [await sell(meterId), await sell(meterId, 60_000n, true)];
  await expect(cancel(first)).rejects.toMatchObject({ code: 'vend-not-last' });
  await cancel(second);
  await cancel(first);
  expect(await stateOf(meterId)).toMatchObject({ chargedThrough: null, soldWh: 0n, remainderPaisa: 0n });
  const third = await sell(meterId);
  expect(third.vend!.tokens[0]!.tid).toBeGreaterThan(second.vend!.tokens[0]!.tid!);
  expect(third.vend!.amounts).toEqual(first.vend!.amounts);
});

it('answers a repeat with the first cancellation, and what cannot be cancelled by name', async () => {
  const meterId = await newMeter();
  const sold = await sell(meterId);
  const first = await cancel(sold);
  bench.now += 60_000;
  expect(await cancel(sold)).toEqual({ ...first, replayed: true });
  await expect(cancel({ ...sold, rechargeId: newId() })).rejects.toMatchObject({ code: 'recharge-not-found' });
  bench.issuer.down = true;
  const kept = (await bench.vending.recharge(payment(meterId))).record;
  bench.issuer.down = false;
  await expect(cancel(kept)).rejects.toMatchObject({ code: 'vend-not-there' });
  await bench.vending.complete(kept.rechargeId);
});

it('keeps arrears that were imported after the vend', async () => {
  const meterId = await newMeter();
  const plan = JSON.stringify({
    kind: 'percent',
    percentBp: '2000n',
    floorPaisa: '0n',
    ceilingPaisa: null,
    capBp: '5000n',
  });
  const owe = (paisa: bigint) =>
    fresh.admin.transaction((tx) =>
      tx.write(
        'UPDATE meter_states SET arrears_paisa = arrears_paisa + ?, arrears_plan = ? WHERE meter_id = UNHEX(?)',
        [paisa.toString(), plan, meterId.replaceAll('-', '')],
      ),
    );
  // The books know the debt as well: what a vend pays off is an asset that goes away.
  await fresh.admin.transaction((tx) =>
    tx.write(
      `UPDATE ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id SET b.never_overdrawn = 0
       WHERE a.code = 'customer-arrears'`,
    ),
  );
  await owe(100_000n);
  const sold = await sell(meterId, 50_000n);
  expect(sold.vend!.amounts.arrearsPaisa).toBe(10_000n);
  await owe(5_000n);
  await cancel(sold);
  expect((await stateOf(meterId)).arrearsPaisa).toBe(105_000n);
});

describe('at once', () => {
  it('ten cancellations of one vend: one entry, ten equal answers', async () => {
    const meterId = await newMeter();
    const sold = await sell(meterId);
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(sold)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const [row] = await fresh.admin.read<{ n: string }>(
      `SELECT COUNT(*) AS n FROM ledger_entries WHERE template = 'cancellation' AND business_id = UNHEX(?)`,
      [sold.rechargeId.replaceAll('-', '')],
    );
    expect(Number(row!.n)).toBe(1);
  });

  it('cancellations and new recharges of the same meters: each cancelled or refused, never half', async () => {
    const meters = await Promise.all(Array.from({ length: 6 }, newMeter));
    const firsts = await Promise.all(meters.map((meterId) => sell(meterId)));
    const other = new VendingBench(fresh);
    const races = await Promise.all(
      meters.map(async (meterId, index) => {
        const [cancelled, sold] = await Promise.allSettled([
          cancel(firsts[index]!),
          (index % 2 === 0 ? bench : other).vending.recharge(counterSale(meterId)),
        ]);
        return { cancelled, sold };
      }),
    );
    for (const [index, { cancelled, sold }] of races.entries()) {
      expect(sold.status).toBe('fulfilled');
      const { record } = (sold as PromiseFulfilledResult<{ record: RechargeRecord }>).value;
      const built = record.vend!.pricing!.pricedState;
      const first = firsts[index]!.vend!;
      if (cancelled.status === 'fulfilled') expect(built.soldWh).toBe(0n);
      else {
        expect(cancelled.reason).toMatchObject({ code: 'vend-not-last' });
        expect(built.soldWh).toBe(first.energyWh);
      }
    }
  });
});

it('raw SQL with the rights of the application cannot change or delete a cancellation, nor write a second', async () => {
  const sold = await sell(await newMeter());
  await cancel(sold);
  const id = Buffer.from(sold.vend!.vendId.replaceAll('-', ''), 'hex');
  const run = (sql: string, parameters: unknown[] = []) =>
    expect(fresh.database.transaction((tx) => tx.write(sql, parameters))).rejects;
  await run(`UPDATE vend_cancellations SET reason = 'x'`).toThrow(/denied/);
  await run('DELETE FROM vend_cancellations').toThrow(/denied/);
  await run(
    `INSERT INTO vend_cancellations (vend_id, reason, cancelled_by, cancelled_at) VALUES (?, 'again', 'x', NOW(3))`,
    [id],
  ).toThrow(/DUP_ENTRY/);
});
