/*
 * Proves on a real database with real tokens what energy is given without being paid for here: free issues within the
 * limits of a month, seen in the books and counted nowhere as sold; credit carried from a swapped meter once, never more
 * than was vended; and tokens that the right virtual meter takes, once.
 */
import { newId, type Id } from '@vend/kernel';
import { Replacements } from '@vend/meters';
import type { StsMeter } from '@vend/sts';
import {
  freeIssueOrder,
  replacementOrder,
  VendCancellation,
  type FreeIssueAmount,
  type RechargeAnswer,
  type ReplacementSource,
} from '@vend/vending';
import { PriceBooks } from '@vend/pricebook';
import { meterNo } from '../builders/meters';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterOrder, counterSale, VendingBench, virtualMeter, type MeterDraft } from '../support/vending';

// A loaded machine takes its time to make a database.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 330_000;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(() => fresh?.drop());

const install = (over: Partial<MeterDraft> = {}) => bench.put({ serial: serial++, ...over });

const clerk = () => `user:clerk-${newId().slice(-12)}`;
const give = (meterId: Id, amount: FreeIssueAmount, over: { actor?: string; sourceRef?: string } = {}) =>
  bench.orders.run(
    freeIssueOrder(counterOrder(meterId, { actor: clerk(), ...over }), amount, 'disaster-relief', 'order 12/2026'),
  );
const enter = (meter: StsMeter, { record }: RechargeAnswer) =>
  record.vend!.tokens.map(({ digits }) => meter.enter(digits, bench.now).result);
async function balance(code: string): Promise<bigint> {
  const [row] = await fresh.admin.read<{ net: string }>(
    `SELECT b.debit_paisa - b.credit_paisa AS net FROM ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id
     WHERE a.code = ?`,
    [code],
  );
  return BigInt(row?.net ?? 0);
}
const stateOf = async (meterId: Id) => {
  const [row] = await fresh.admin.read<Record<string, unknown>>(
    'SELECT sold_wh, sold_month, charged_through, remainder_paisa FROM meter_states WHERE meter_id = ?',
    [Buffer.from(meterId.replaceAll('-', ''), 'hex')],
  );
  return row;
};

describe('a free issue', () => {
  it('gives an energy meter kWh, which nobody counts as sold, and shows what they are worth', async () => {
    const { meterId, meter } = await install();
    const [before, worth, revenue] = [
      await stateOf(meterId),
      await balance('free-issues'),
      await balance('energy-revenue'),
    ];
    const answer = await give(meterId, { energyWh: 50_000n });
    expect(enter(meter, answer)).toEqual(['Accept']);
    expect(meter.credit(0)).toBe(500n);
    expect(enter(meter, answer)).toEqual(['Used']);
    // 50 kWh in the first slab of 2020: 4.19.
    expect(answer.record.vend).toMatchObject({ kind: 'free-issue', energyWh: 50_000n, pricing: null });
    expect(answer.record.vend!.amounts).toMatchObject({ grossPaisa: 0n, energyPaisa: 20_950n, grantedPaisa: 20_950n });
    expect(await stateOf(meterId)).toEqual(before);
    expect((await balance('free-issues')) - worth).toBe(20_950n);
    expect(await balance('free-issues-given')).toBe(-(await balance('free-issues')));
    expect(await balance('energy-revenue')).toBe(revenue);
  });

  it('gives a currency meter Taka', async () => {
    const { meterId, meter } = await install({ crediting: 'currency', ea: '11' });
    const answer = await give(meterId, { creditPaisa: 12_345n });
    expect(enter(meter, answer)).toEqual(['Accept']);
    expect(meter.credit(4)).toBeGreaterThanOrEqual(12_345_000n);
    expect(answer.record.vend!.amounts).toMatchObject({ energyPaisa: 12_345n, grantedPaisa: 12_345n });
  });

  it('is refused in the other unit, and where the supply is off', async () => {
    const { meterId } = await install();
    await expect(give(meterId, { creditPaisa: 100n })).rejects.toMatchObject({ code: 'amount-in-other-unit' });
  });

  it('keeps to what a meter and a person may have in a month, and begins anew with the next', async () => {
    const { meterId } = await install({ crediting: 'currency' });
    const actor = clerk();
    // Released limits: 2 issues and Tk 2000 a meter, 20 issues and Tk 10000 a person.
    await give(meterId, { creditPaisa: 150_000n }, { actor });
    await expect(give(meterId, { creditPaisa: 50_001n }, { actor })).rejects.toMatchObject({
      code: 'free-issue-limit',
      facts: { scope: 'meter', issuesLeft: 1, leftTaka: '500.00' },
    });
    await give(meterId, { creditPaisa: 50_000n }, { actor });
    await expect(give(meterId, { creditPaisa: 1n }, { actor })).rejects.toMatchObject({ code: 'free-issue-limit' });
    const others = await Promise.all(Array.from({ length: 5 }, () => install({ crediting: 'currency' })));
    for (const one of others.slice(0, 4)) await give(one.meterId, { creditPaisa: 200_000n }, { actor });
    await expect(give(others[4]!.meterId, { creditPaisa: 1n }, { actor })).rejects.toMatchObject({
      facts: { scope: 'person', leftTaka: '0.00' },
    });
    bench.now += 15 * 86_400_000;
    try {
      await give(meterId, { creditPaisa: 150_000n }, { actor });
    } finally {
      bench.now -= 15 * 86_400_000;
    }
  });

  it('to one meter by 20 at once does not pass the limit', async () => {
    const { meterId } = await install({ crediting: 'currency' });
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => give(meterId, { creditPaisa: 100_000n })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'free-issue-limit' });
    }
  });

  it('by one person to 8 meters at once does not pass the limit', async () => {
    const actor = clerk();
    const meters = await Promise.all(Array.from({ length: 8 }, () => install({ crediting: 'currency' })));
    const answers = await Promise.allSettled(
      meters.map(({ meterId }) => give(meterId, { creditPaisa: 200_000n }, { actor })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('asked 20 times at once is given once', async () => {
    const { meterId } = await install();
    const over = { sourceRef: newId(), actor: clerk() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => give(meterId, { energyWh: 1_000n }, over)));
    expect(new Set(answers.map(({ record }) => record.vend!.tokens[0]!.digits)).size).toBe(1);
    expect(
      await fresh.admin.read('SELECT issues FROM free_issue_use WHERE subject = ?', [`person:${over.actor}`]),
    ).toEqual([{ issues: 1 }]);
  });

  it('does not stand in the way of cancelling the recharge before it, and is no recharge itself', async () => {
    const { meterId } = await install();
    const sold = await bench.vending.recharge(counterSale(meterId));
    const given = await give(meterId, { energyWh: 1_000n });
    const books = new PriceBooks(fresh.database);
    const cancellation = new VendCancellation(fresh.database, bench.ledger, books, () => bench.now);
    const cancel = (rechargeId: Id) => cancellation.cancel({ rechargeId, actor: 'user:selim', reason: 'unread' });
    await expect(cancel(given.record.rechargeId)).rejects.toMatchObject({ code: 'vend-not-sold' });
    await expect(cancel(sold.record.rechargeId)).resolves.toMatchObject({ replayed: false });
  });
});

describe('a replacement vend', () => {
  /** A meter with credit that is taken off the wall, and the one in its place. */
  async function swapped(over: Partial<MeterDraft> = {}, oldReading: string | null = null) {
    const old = await install(over);
    const sold = await bench.vending.recharge(counterSale(old.meterId, { grossPaisa: 100_000n }));
    const draft = { serial: serial++, ...over };
    const replacements = new Replacements(fresh.database, bench.ledger, () => bench.now);
    const { ea = '07', crediting = 'energy' } = over;
    const keys = {
      ea,
      sgc: ea === '07' ? '123456' : '201457',
      krn: 1,
      ti: '01',
      kt: 2,
      ken: 255,
      baseDate: 2014,
    } as const;
    const { result } = await replacements.replace({
      key: newId(),
      by: 'user:selim',
      reason: 'display dead',
      oldMeterId: old.meterId,
      meter: { number: meterNo(draft.serial), owner: 'utility', crediting, keys, model: null },
      phase: null,
      oldReading,
    });
    return { old, sold, now: { meterId: result.newMeterId, meter: virtualMeter(draft) } };
  }
  const carry = (meterId: Id, oldMeterId: Id, source: ReplacementSource, sourceRef = newId()) =>
    bench.orders.run(replacementOrder(counterOrder(meterId, { sourceRef }), oldMeterId, source, 'display dead'));

  it.each([
    ['07', 'currency', '400.5', 40_050_000n, 4],
    ['11', 'energy', '12.4', 124n, 0],
  ] as const)('carries what the old EA%s meter showed (%s) to the new one, once, for nothing', async (...kind) => {
    const [ea, crediting, reading, units, register] = kind;
    const { old, now } = await swapped({ ea, crediting }, reading);
    const before = await balance('energy-revenue');
    const answer = await carry(now.meterId, old.meterId, { from: 'reading', reading });
    expect(enter(old.meter, answer)).toEqual(['CRC']);
    expect(enter(now.meter, answer)).toEqual(['Accept']);
    expect(now.meter.credit(register)).toBeGreaterThanOrEqual(units);
    expect(answer.record).toMatchObject({ kind: 'replacement', grossPaisa: 0n });
    expect(answer.record.vend!.detail).toMatchObject({ oldMeterNo: meterNo(old.draft.serial).pan, reading });
    expect(await balance('energy-revenue')).toBe(before);
    const again = carry(now.meterId, old.meterId, { from: 'reading', reading });
    await expect(again).rejects.toMatchObject({ code: 'replacement-repeated' });
  });

  it('of the last token, which the old meter never took, makes the same credit for the new one', async () => {
    const { old, sold, now } = await swapped();
    const answer = await carry(now.meterId, old.meterId, { from: 'last-token' });
    expect(enter(now.meter, answer)).toEqual(['Accept']);
    expect(answer.record.vend!.energyWh).toBe(sold.record.vend!.energyWh);
    expect(answer.record.vend!.detail).toMatchObject({ receiptNo: sold.record.vend!.receiptNo });
    // Nothing of what was vended is left to carry.
    const rest = carry(now.meterId, old.meterId, { from: 'reading', reading: '0.1' });
    await expect(rest).rejects.toMatchObject({ code: 'replacement-nothing-left' });
  });

  it('never carries more than was vended, another reading than was recorded, or to a meter that is not in its place', async () => {
    const { old, now } = await swapped({}, '5.0');
    const refused = (meterId: Id, reading: string) => carry(meterId, old.meterId, { from: 'reading', reading });
    await expect(refused(now.meterId, '6.0')).rejects.toMatchObject({ code: 'replacement-reading-differs' });
    await expect(refused(now.meterId, '1.25')).rejects.toMatchObject({ code: 'replacement-reading-malformed' });
    const stranger = await install();
    await expect(refused(stranger.meterId, '5.0')).rejects.toMatchObject({ code: 'replacement-not-recorded' });
    const unread = await swapped();
    const toMuch = carry(unread.now.meterId, unread.old.meterId, { from: 'reading', reading: '99999' });
    await expect(toMuch).rejects.toMatchObject({ code: 'replacement-nothing-left' });
  });

  it('gives a faulty meter that stays what it lost, once for each reading, up to what was vended to it', async () => {
    const { meterId, meter } = await install();
    const sold = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 100_000n }));
    enter(meter, sold);
    const lost = { from: 'reading', reading: '20.5' } as const;
    expect(enter(meter, await carry(meterId, meterId, lost))).toEqual(['Accept']);
    await expect(carry(meterId, meterId, lost)).rejects.toMatchObject({ code: 'replacement-repeated' });
  });

  it('asked 20 times at once under different keys carries the credit once', async () => {
    const { old, now } = await swapped({}, '7.0');
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => carry(now.meterId, old.meterId, { from: 'reading', reading: '7.0' })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
