/*
 * Proves on a real database, with real vending and real tokens, that statements, our books and the bank are compared, that
 * every break has its way out which happens once, and that nothing is left unexplained: file by file, as the worker does.
 */
import { newId, type Id } from '@vend/kernel';
import type { Break, BreakBucket } from '@vend/settlement';
import { brokenLaws } from '../support/books';
import { noonOf, PROVIDER, SettlementWorld } from '../support/settlement';
import { CrashedHere, crashOnce } from '../support/settlement-crash';

jest.setTimeout(120_000);
const DAY = '2026-11-21';
let world: SettlementWorld;
let meterId: Id;
let pan: string;
let serial = 0;
beforeAll(async () => {
  world = await SettlementWorld.create();
  [meterId] = (await world.bench.install({ serial: 1 })) as [Id];
  pan = (await world.bench.meters.byId(meterId))!.pan;
});
afterAll(() => world?.destroy());

/** Each test has transaction ids, and a provider's day, of its own. */
let day: string;
let next: string;
beforeEach(() => {
  serial++;
  const noon = noonOf(DAY) + (serial - 1) * 10 * 86_400_000;
  world.bench.now = noon;
  day = new Date(noon).toISOString().slice(0, 10);
  next = new Date(noon + 86_400_000).toISOString().slice(0, 10);
});
afterEach(async () => {
  expect(await brokenLaws(world.fresh.database)).toEqual([]);
});
const trx = (n: number) => `T${serial}-${n}`;
const mine = async (bucket?: BreakBucket): Promise<Break[]> =>
  (await world.breaks()).filter((each) => each.trxId.startsWith(`T${serial}-`) && (!bucket || each.bucket === bucket));

it('matches what agrees, and counts every row in one bucket', async () => {
  await world.pay(meterId, trx(1), 50_000n);
  await world.pay(meterId, trx(2), 30_000n);
  const file = await world.statement(day, [
    { trxId: trx(1), amount: '500.00', fee: '7.50' },
    { trxId: trx(2), amount: '300.00', fee: '4.50' },
    { trxId: 'bad id', amount: '10.00' },
  ]);
  expect(file).toMatchObject({ state: 'DONE', countsNow: true, rows: 3, stored: 2, rejected: 1 });
  const { totals, batches } = await world.settlement.day(PROVIDER, day);
  expect(totals.map(({ side, bucket, count, amountPaisa }) => [side, bucket, count, amountPaisa])).toEqual([
    ['ours', 'matched', 2, 80_000n],
    ['theirs', 'matched', 2, 80_000n],
  ]);
  expect(batches).toMatchObject([{ batch: 'B-1', amountPaisa: 80_000n, feePaisa: 1_200n }]);
  expect(batches[0]!.vatPaisa).toBeGreaterThan(0n);
  world.nextDays(4);
  await world.settlement.compare(PROVIDER, day);
  expect(await mine()).toEqual([]);
  const report = [];
  for await (const line of world.imports.report(file.id)) report.push(line);
  expect(report[1]).toMatch(/^4,provider_trx_id,transaction-id-invalid,/);
});

it('takes the same file once, and another by its rule', async () => {
  const lines = [{ trxId: trx(1), amount: '500.00' }];
  const first = await world.statement(day, lines);
  expect((await world.statement(day, lines)).id).toBe(first.id);
  const added = await world.statement(day, [{ trxId: trx(2), amount: '20.00' }]);
  expect((await world.settlement.day(PROVIDER, day)).totals).toMatchObject([{ bucket: 'theirs-only', count: 2 }]);
  const instead = await world.statement(day, [{ trxId: trx(3), amount: '20.00' }], 'replace');
  const states = await Promise.all([first, added, instead].map(({ id }) => world.imports.byId(id)));
  expect(states.map(({ countsNow }) => countsNow)).toEqual([false, false, true]);
  expect((await world.settlement.day(PROVIDER, day)).totals).toMatchObject([
    { bucket: 'theirs-only', count: 1, amountPaisa: 2_000n },
  ]);
  await world.statement(day, [], 'replace');
});

it('raises no break before its window has passed, and heals it when a late row comes', async () => {
  await world.pay(meterId, trx(1), 50_000n);
  await world.statement(day, [{ trxId: trx(9), amount: '10.00' }]);
  await world.statement(day, [{ trxId: trx(9), amount: '10.00', fee: '0.10' }], 'replace');
  expect(await mine()).toEqual([]);
  world.nextDays(2);
  await world.settlement.compare(PROVIDER, day);
  // Only theirs: the statement of the next day, where a late row would be, is not in.
  expect((await mine()).map(({ bucket, state }) => [bucket, state])).toEqual([['theirs-only', 'OPEN']]);
  await world.statement(next, [{ trxId: trx(8), amount: '10.00' }]);
  expect((await mine('ours-only')).map(({ trxId, state }) => [trxId, state])).toEqual([[trx(1), 'OPEN']]);
  await world.statement(
    next,
    [
      { trxId: trx(1), amount: '500.00' },
      { trxId: trx(8), amount: '10.00' },
    ],
    'replace',
  );
  expect((await mine('ours-only')).map(({ state }) => state)).toEqual(['HEALED']);
  const [healed] = await mine('ours-only');
  const [found] = await world.fresh.admin.read<{ state: string }>('SELECT state FROM cases WHERE id = ?', [
    Buffer.from(healed!.caseId!.replaceAll('-', ''), 'hex'),
  ]);
  expect(found!.state).toBe('CLOSED');
});

/** A day and its next one, with their windows passed. */
async function broken(lines: Parameters<SettlementWorld['statement']>[1]): Promise<Break[]> {
  await world.statement(day, lines);
  await world.statement(next, []);
  world.nextDays(3);
  await world.settlement.compare(PROVIDER, day);
  return mine();
}

it('vends what only they have, once, whoever asks', async () => {
  const before = await world.balance(`receivable:${PROVIDER}`);
  const [it] = await broken([{ trxId: trx(1), amount: '500.00', reference: pan }]);
  const keys = Array.from(
    { length: 6 },
    (_, i) => ({ key: newId(), action: i % 2 === 0 ? 'vend' : 'refund' }) as const,
  );
  await Promise.allSettled(keys.map(({ key, action }) => world.act(it!.breakId, action, { key })));
  const rows = await world.fresh.database.read(`SELECT state, gross_paisa FROM recharges WHERE source_ref = ?`, [
    trx(1),
  ]);
  expect(rows).toHaveLength(1);
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(before + 50_000n);
  const { done } = await world.settlement.break(it!.breakId);
  expect(done).toHaveLength(1);
  await world.settlement.compare(PROVIDER, day);
  const { totals } = await world.settlement.day(PROVIDER, day);
  // Vended, or kept and owed back: either way our books have it.
  expect(totals).toMatchObject([{ side: 'theirs', bucket: 'matched', amountPaisa: 50_000n }]);
});

it('finds the vend of a try that died before it was written down', async () => {
  const [it] = await broken([{ trxId: trx(1), amount: '500.00', reference: pan }]);
  const key = newId();
  const dying = world.actionsWith(crashOnce(world.ports));
  const asked = { key, breakId: it!.breakId, action: 'vend', reason: 'for a test' } as const;
  await expect(dying.act(world.first, asked)).rejects.toThrow(CrashedHere);
  expect((await world.settlement.break(it!.breakId)).done).toEqual([]);
  expect(await dying.act(world.first, asked)).toMatchObject({ state: 'done', broken: { state: 'SETTLED' } });
  expect(await dying.act(world.first, asked)).toMatchObject({ state: 'done', replayed: true });
  const rows = await world.fresh.database.read(`SELECT id FROM recharges WHERE source_ref = ?`, [trx(1)]);
  expect(rows).toHaveLength(1);
});

it('keeps what is to be refunded as owed, with a case of its own', async () => {
  const [it] = await broken([{ trxId: trx(1), amount: '500.00', reference: 'nobody' }]);
  await world.act(it!.breakId, 'refund');
  const rows = await world.fresh.database.read(`SELECT state, refusal_code FROM recharges WHERE source_ref = ?`, [
    trx(1),
  ]);
  expect(rows).toMatchObject([{ state: 'REFUND_DUE', refusal_code: 'kept-for-refund' }]);
});

it('charges the meter, writes off or claims what only we have, each once and only one of them', async () => {
  for (const n of [1, 2, 3]) await world.pay(meterId, trx(n), 50_000n);
  const owedBefore = await world.balance(`receivable:${PROVIDER}`);
  const arrears = await world.balance('customer-arrears');
  const [charged, written, claimed] = (await broken([])).sort((a, b) => (a.trxId < b.trxId ? -1 : 1));
  await world.act(claimed!.breakId, 'claim');
  const results = await Promise.allSettled([
    world.act(charged!.breakId, 'charge-meter'),
    world.act(charged!.breakId, 'charge-meter'),
    world.act(written!.breakId, 'write-off'),
    world.act(written!.breakId, 'write-off'),
  ]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owedBefore - 100_000n);
  expect(await world.balance('customer-arrears')).toBe(arrears + 50_000n);
  expect((await mine()).map(({ state }) => state).sort()).toEqual(['CLAIMED', 'SETTLED', 'SETTLED']);
});

it('tops a difference up, keeps what was paid twice, and explains every paisa', async () => {
  await world.pay(meterId, trx(1), 50_000n);
  await world.pay(meterId, trx(2), 50_000n);
  // The id of a quote, under which vendors pay, is as long as an id may be.
  const [long, longer] = [`${trx(4)}-`.padEnd(64, 'q'), `${trx(4)}-`.padEnd(63, 'q')] as const;
  await world.pay(meterId, long, 10_000n);
  await world.pay(meterId, longer, 10_000n);
  const owedBefore = await world.balance(`receivable:${PROVIDER}`);
  const breaks = await broken([
    { trxId: trx(1), amount: '700.00' },
    { trxId: trx(2), amount: '500.00' },
    { trxId: trx(2), amount: '500.00' },
    { trxId: trx(3), amount: '90.00', status: 'REVERSED' },
    ...[long, longer].flatMap((trxId) => [1, 2].map(() => ({ trxId, amount: '100.00' }))),
  ]);
  const of = (bucket: BreakBucket) => breaks.find((each) => each.bucket === bucket)!;
  await world.act(of('amount-differs').breakId, 'vend');
  const twice = breaks.filter(({ bucket }) => bucket === 'duplicate');
  expect(twice.map(({ trxId }) => trxId).sort()).toEqual([trx(2), longer, long]);
  for (const { breakId } of twice) await world.act(breakId, 'refund');
  await world.act(of('theirs-only').breakId, 'claim');
  // 200 topped up, 500 and twice 100 owed back: the provider owes what its statement says, but for what is claimed.
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owedBefore + 90_000n);
  await world.settlement.compare(PROVIDER, day);
  expect((await mine()).filter(({ state }) => state === 'OPEN')).toEqual([]);
});

it('books what the bank has and what was kept, and leaves the difference open', async () => {
  const owedBefore = await world.balance(`receivable:${PROVIDER}`);
  const [bankBefore, feesBefore] = [await world.balance('bank:MAIN'), await world.balance('commission')];
  await world.pay(meterId, trx(1), 50_000n);
  const batch = `B-${serial}`;
  await world.statement(day, [{ trxId: trx(1), amount: '500.00', fee: '7.50', batch }]);
  await world.bank(`bank_account,value_date,amount,reference\nMAIN,${next},490.00,${PROVIDER}/${batch}\n`, day);
  await world.bank(
    `bank_account,value_date,amount,reference,bank_ref\nMAIN,${next},490.00,${PROVIDER}/${batch},\n`,
    day,
  );
  expect(await world.balance('bank:MAIN')).toBe(bankBefore + 49_000n);
  expect(await world.balance('commission')).toBe(feesBefore + 750n);
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owedBefore + 250n);
  const ofBank = async () => (await world.breaks()).filter(({ trxId }) => trxId === `batch:${batch}`);
  expect(await ofBank()).toEqual([]);
  world.nextDays(5);
  await world.settlement.settleAll();
  const [it] = await ofBank();
  expect(it).toMatchObject({ bucket: 'bank-differs', oursPaisa: 49_250n, theirsPaisa: 49_000n });
  await world.act(it!.breakId, 'book-commission');
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owedBefore);
  await world.settlement.settleAll();
  expect((await ofBank()).map(({ state }) => state)).toEqual(['SETTLED']);
  // A corrected statement takes commission back; a late credit shows again.
  await world.statement(day, [{ trxId: trx(1), amount: '500.00', fee: '5.00', batch }], 'replace');
  expect(await world.balance('commission')).toBe(feesBefore + 750n + 250n - 250n);
  expect((await ofBank()).map(({ state }) => state)).toEqual(['OPEN']);
});
