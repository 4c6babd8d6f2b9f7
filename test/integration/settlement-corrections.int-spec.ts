/*
 * Proves on a real database, with real tokens, what becomes of money after somebody has decided: corrected files open what
 * they leave over, undone decisions are undone once, vendors' floats and the VAT account take their part, and an import that
 * is killed at any commit ends as if it never was.
 */
import { idFromBytes, newId, type Id } from '@vend/kernel';
import { floatTopUpEntry } from '@vend/ledger';
import type { Database } from '@vend/platform';
import type { Break } from '@vend/settlement';
import { PaymentReversal } from '@vend/vending';
import { Watch } from '@vend/watch';
import { brokenLaws } from '../support/books';
import { noonOf, PROVIDER, SettlementWorld, VAT_PROVIDER, VENDOR, type StatementLine } from '../support/settlement';

jest.setTimeout(120_000);
let world: SettlementWorld;
let meterId: Id;
let pan: string;
let serial = 0;
let [day, next, batch] = ['', '', ''];
beforeAll(async () => {
  world = await SettlementWorld.create();
  [meterId] = (await world.bench.install({ serial: 1 })) as [Id];
  pan = (await world.bench.meters.byId(meterId))!.pan;
});
afterAll(() => world?.destroy());
beforeEach(() => {
  serial++;
  world.bench.now = noonOf('2026-11-21') + (serial - 1) * 20 * 86_400_000;
  day = new Date(world.bench.now).toISOString().slice(0, 10);
  next = new Date(world.bench.now + 86_400_000).toISOString().slice(0, 10);
  batch = `C-${serial}`;
});
afterEach(async () => {
  expect(await brokenLaws(world.fresh.database)).toEqual([]);
});

const trx = (n: number) => `C${serial}-${n}`;
const line = (n: number, amount: string, more: Partial<StatementLine> = {}): StatementLine => ({
  ...{ trxId: trx(n), amount, reference: pan, batch, ...more },
});
/** The breaks of this test's transactions. */
const mine = async (): Promise<Break[]> =>
  (await world.breaks()).filter(({ trxId }) => trxId.startsWith(`C${serial}-`));
const states = async () =>
  (await mine()).map(({ bucket, state, oursPaisa, theirsPaisa }) => [bucket, state, oursPaisa, theirsPaisa]);
/** The one payment of this test that came from there. */
const paymentOf = async (source: string): Promise<Id> => {
  const sql = 'SELECT id FROM recharges WHERE source = ? AND source_ref LIKE ?';
  const rows = await world.fresh.admin.read<{ id: Buffer }>(sql, [source, `C${serial}-%`]);
  expect(rows).toHaveLength(1);
  return idFromBytes(rows[0]!.id);
};
const only = async (state: Break['state']) => (await mine()).filter((each) => each.state === state);

async function broken(lines: readonly StatementLine[], provider = PROVIDER): Promise<Break[]> {
  await world.statement(day, lines, 'add', provider);
  await world.statement(next, [], 'add', provider);
  world.nextDays(4);
  await world.settlement.compare(provider, day);
  return mine();
}

it('opens a settled break again for what a corrected file leaves, in either direction', async () => {
  await world.pay(meterId, trx(1), 50_000n);
  const owed = await world.balance(`receivable:${PROVIDER}`);
  const [it] = await broken([line(1, '700.00')]);
  await world.act(it!.breakId, 'vend');
  await world.settlement.compare(PROVIDER, day);
  expect(await states()).toEqual([['amount-differs', 'SETTLED', 50_000n, 70_000n]]);

  await world.statement(day, [line(1, '1000.00')], 'replace');
  expect(await states()).toEqual([['amount-differs', 'OPEN', 70_000n, 100_000n]]);
  expect((await only('OPEN'))[0]!.caseId).not.toBe(it!.caseId);
  // The second sum has a key of its own: it is vended, and not taken for the first.
  await world.act(it!.breakId, 'vend');
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owed + 50_000n);
  await world.settlement.compare(PROVIDER, day);
  expect((await only('SETTLED')).length).toBe(1);

  await world.statement(day, [line(1, '500.00', { fee: '1.00' })], 'replace');
  expect(await states()).toEqual([['amount-differs', 'OPEN', 50_000n, 0n]]);
  await world.act(it!.breakId, 'charge-meter');
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owed - 100n);
  await world.settlement.compare(PROVIDER, day);
  expect((await mine()).map(({ state }) => state)).toEqual(['SETTLED']);
});

it('takes a write-off back once, when the money comes after all', async () => {
  await world.pay(meterId, trx(1), 50_000n);
  const owed = await world.balance(`receivable:${PROVIDER}`);
  const written = await world.balance('write-offs');
  const [it] = await broken([]);
  await world.act(it!.breakId, 'write-off');
  await expect(world.act(it!.breakId, 'take-back')).rejects.toMatchObject({ code: 'break-settled' });
  await world.statement(day, [line(1, '500.00', { fee: '0.00' })]);
  expect(await states()).toEqual([['ours-only', 'OPEN', 0n, 50_000n]]);
  await expect(world.act(it!.breakId, 'vend')).rejects.toMatchObject({ code: 'break-action-unfit' });
  const tries = await Promise.allSettled([world.act(it!.breakId, 'take-back'), world.act(it!.breakId, 'take-back')]);
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect([await world.balance(`receivable:${PROVIDER}`), await world.balance('write-offs')]).toEqual([owed, written]);
  await world.settlement.compare(PROVIDER, day);
  expect(await only('OPEN')).toEqual([]);
});

it('changes nothing on a look that is over: a twin concluded between its two reads', async () => {
  const { database } = world.fresh;
  await world.pay(meterId, trx(1), 50_000n);
  const [it] = await broken([line(1, '700.00')]);
  let twin: Promise<unknown> | undefined;
  const slow = new Proxy(database, {
    get: (target, name) => {
      if (name !== 'read') return Reflect.get(target, name) as unknown;
      return async (sql: string, parameters?: unknown[]) => {
        // What was done about the break is asked for after the break itself.
        if (sql.includes('WHERE break_id = ?')) await (twin ??= world.act(it!.breakId, 'vend'));
        return database.read(sql, parameters);
      };
    },
  });
  const asked = { key: newId(), breakId: it!.breakId, action: 'vend', reason: 'a look that is over' } as const;
  const late = world.actionsWith(world.ports, slow).act(world.first, asked);
  await expect(late).rejects.toMatchObject({ code: 'break-changed' });
  expect(twin).toBeDefined();
  await paymentOf(`settlement:${PROVIDER}`);
  expect(await states()).toEqual([['amount-differs', 'SETTLED', 50_000n, 70_000n]]);
});

it('writes nothing off that a comparison found healed meanwhile', async () => {
  await world.pay(meterId, trx(1), 50_000n);
  const written = await world.balance('write-offs');
  const [it] = await broken([]);
  const asked = { key: newId(), breakId: it!.breakId, action: 'write-off', reason: 'it never came' } as const;
  const first = await world.actions.act(world.first, asked);
  if (first.state !== 'pending') throw new Error('a write-off needs a second person');
  await world.approvals.decide(world.second, first.approvalId, 'APPROVED', null);
  const { database } = world.fresh;
  let healed: Promise<unknown> | undefined;
  const slow = new Proxy(database, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name) as unknown;
      return async (work: Parameters<Database['transaction']>[0]) => {
        await (healed ??= world.statement(day, [line(1, '500.00')]));
        return database.transaction(work);
      };
    },
  });
  const late = world.actionsWith(world.ports, slow).act(world.first, asked);
  await expect(late).rejects.toMatchObject({ code: 'break-settled' });
  expect(healed).toBeDefined();
  expect((await mine()).map(({ state }) => state)).toEqual(['HEALED']);
  expect(await world.balance('write-offs')).toBe(written);
});

it('knows a payment that its provider took back before it was vended as given back', async () => {
  const owed = await world.balance(`receivable:${PROVIDER}`);
  const command = { source: `provider:${PROVIDER}`, sourceRef: trx(1), channel: 'mobile-money' } as const;
  const reversal = new PaymentReversal(world.fresh.database, world.bench.ledger, () => world.bench.now);
  await reversal.reverse({ ...command, actor: 'test', meterId, grossPaisa: 50_000n });
  expect(await broken([])).toEqual([]);
  expect((await world.settlement.day(PROVIDER, day)).totals).toMatchObject([{ side: 'ours', bucket: 'reversed' }]);
  await world.statement(day, [line(1, '500.00')]);
  expect(await states()).toEqual([['theirs-only', 'OPEN', 0n, 50_000n]]);
  expect(await world.balance(`receivable:${PROVIDER}`)).toBe(owed);
});

it('moves the VAT share once: by itself with a credit in one sum, by hand with one that differs; and pays an excess back', async () => {
  const banks = async () => [await world.balance('bank:MAIN'), await world.balance('bank:VAT')] as const;
  const credit = (amount: string, of: string) =>
    world.bank(`bank_account,value_date,amount,reference\nMAIN,${next},${amount},${VAT_PROVIDER}/${of}\n`, day);
  const [main, vatBefore] = await banks();
  await world.pay(meterId, trx(1), 50_000n, `provider:${VAT_PROVIDER}`);
  await world.pay(meterId, trx(2), 50_000n, `provider:${VAT_PROVIDER}`);
  await world.statement(day, [line(1, '500.00'), line(2, '500.00', { batch: `${batch}-b` })], 'add', VAT_PROVIDER);
  const { batches } = await world.settlement.day(VAT_PROVIDER, day);
  const vat = batches[0]!.vatPaisa;
  expect(vat).toBeGreaterThan(0n);
  await Promise.all([credit('500.00', batch), world.settlement.settleAll(), world.settlement.settleAll()]);
  await world.settlement.settleAll();
  expect(await banks()).toEqual([main + 50_000n - vat, vatBefore + vat]);

  // Seven Taka too much: neither the net nor the net without its VAT.
  await credit('507.00', `${batch}-b`);
  world.nextDays(5);
  await world.settlement.settleAll();
  const two = (await world.breaks()).filter(({ trxId }) => trxId === `batch:${batch}-b`);
  const [rest, share] = [two.find(({ place }) => place === 0)!, two.find(({ place }) => place === 1)!];
  expect([rest.theirsPaisa - rest.oursPaisa, share.oursPaisa]).toEqual([vat + 700n, vat]);
  await Promise.allSettled([world.act(share.breakId, 'move-vat'), world.act(share.breakId, 'move-vat')]);
  expect(await banks()).toEqual([main + 100_700n - 2n * vat, vatBefore + 2n * vat]);
  await world.settlement.settleAll();
  const left = (await world.breaks()).filter(({ trxId, state }) => trxId === `batch:${batch}-b` && state === 'OPEN');
  expect(left.map(({ oursPaisa, theirsPaisa }) => theirsPaisa - oursPaisa)).toEqual([700n]);
  await Promise.allSettled([world.act(rest.breakId, 'pay-back'), world.act(rest.breakId, 'pay-back')]);
  expect(await banks()).toEqual([main + 100_000n - 2n * vat, vatBefore + 2n * vat]);
  expect(await world.balance(`receivable:${VAT_PROVIDER}`)).toBe(0n);
  await world.settlement.settleAll();
  expect((await world.breaks()).filter(({ provider, state }) => provider === VAT_PROVIDER && state === 'OPEN')).toEqual(
    [],
  );
});

describe('a vendor that sells from its float', () => {
  const float = async () => -(await world.balance(`float:${VENDOR}`));
  const topUp = async (paisa: bigint) => {
    const { ledger, now } = world.bench;
    await ledger.open([`float:${VENDOR}`, 'bank:MAIN']);
    const entry = floatTopUpEntry({ businessId: newId(), bookedAt: now }, 'bank:MAIN', `float:${VENDOR}`, paisa);
    await world.fresh.database.transaction((tx) => ledger.post(tx, [entry]));
  };

  it('has its breaks in the float and its commission by the day, once, at the rate of that day', async () => {
    await topUp(1_000_000n);
    for (const n of [1, 2, 3]) await world.pay(meterId, trx(n), 50_000n, `vendor:${VENDOR}`);
    const sold = [line(1, '500.00', { fee: '99.00' }), line(4, '300.00'), line(5, '700.00')];
    const breaks = await broken([...sold, line(1, '500.00')], VENDOR);
    const of = (n: number) => breaks.find(({ trxId }) => trxId === trx(n))!.breakId;
    // Two percent of the one sale that both have; what the statement itself claims is not asked.
    expect(await float()).toBe(1_000_000n - 150_000n + 1_000n);
    await world.act(of(2), 'write-off');
    await world.act(of(3), 'charge-meter');
    await world.act(of(4), 'vend');
    await world.act(of(5), 'refund');
    await world.act(of(1), 'refund');
    expect(await float()).toBe(851_000n + 50_000n + 50_000n - 30_000n - 70_000n - 50_000n);
    // What the statement showed twice is in the float of whoever sold it; given back, it returns there.
    const lowered = await float();
    await world.giveBack(await paymentOf(`vendor-break:${VENDOR}`));
    expect(await float()).toBe(lowered + 50_000n);
    expect(await world.balance(`receivable:${VENDOR}`)).toBe(0n);
    await world.fresh.admin.transaction((tx) =>
      tx.write('UPDATE payment_providers SET commission_basis_points = 500 WHERE code = ?', [VENDOR]),
    );
    const before = await float();
    await Promise.all([world.settlement.compare(VENDOR, day), world.settlement.compare(VENDOR, day)]);
    await world.settlement.settleAll();
    expect(await float()).toBe(before);
    // The file no longer has the sale: its commission goes back, and the sale is one of ours alone.
    await world.statement(day, sold.slice(1), 'replace', VENDOR);
    expect(await float()).toBe(before - 1_000n);
  });

  it('is on the review list while its float is low, one item a day', async () => {
    await topUp(500_000n);
    const watch = new Watch(world.fresh.database, () => world.bench.now);
    const items = async () =>
      (await watch.reviews({ rule: 'low-float-vendor', offices: 'all', limit: 10 })).map(({ subject }) => subject);
    const cursor = `INSERT INTO watch_cursors (name, through) VALUES ('vends', ?)`;
    await world.fresh.admin.transaction((tx) => tx.write(cursor, [new Date(world.bench.now)]));
    await watch.look();
    expect(await items()).toEqual([]);
    const left = await float();
    await world.fresh.admin.transaction((tx) =>
      tx.write('UPDATE payment_providers SET low_float_paisa = ? WHERE code = ?', [left + 1n, VENDOR]),
    );
    await Promise.all([watch.look(), watch.look()]);
    expect(await items()).toEqual([`vendor:${VENDOR}`]);
  });
});

describe('an import that is killed', () => {
  /** A database whose connection is cut in the so-many-th transaction, before its commit or after it. */
  function dying(at: number, point: 'before' | 'after'): Database {
    let count = 0;
    return new Proxy(world.fresh.database, {
      get: (database, name) => {
        if (name !== 'transaction') return Reflect.get(database, name) as unknown;
        return async (work: Parameters<Database['transaction']>[0]) => {
          const last = ++count === at;
          if (count > at) throw new Error('the process is dead');
          const result = await database.transaction(async (tx) => {
            const done = await work(tx);
            if (last && point === 'before') {
              const [row] = await tx.query<{ id: string }>('SELECT CONNECTION_ID() AS id');
              await world.fresh.admin.transaction((admin) => admin.write(`KILL ${Number(row!.id)}`));
            }
            return done;
          });
          if (last) throw new Error('the process died after its commit');
          return result;
        };
      },
    });
  }

  it.each([
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [4, 'after'],
    [5, 'before'],
  ] as const)('in its %d. transaction, %s the commit, ends as if it never was', async (at, point) => {
    const lines = Array.from({ length: 7_000 }, (_, n) => ({
      ...line(n, '10.00'),
      amount: n % 500 === 3 ? 'x' : '10.00',
    }));
    const id = await world.order({ kind: 'statement', provider: PROVIDER, day, rule: 'add' }, lines);
    await expect(world.importsOn(dying(at, point)).work(id)).rejects.toThrow();
    expect((await world.imports.byId(id)).countsNow).toBe(false);
    // Nobody gave the claim up: the next worker waits for its end.
    expect(await world.imports.work(id)).toBe('elsewhere');
    await world.fresh.admin.transaction((tx) =>
      tx.write('UPDATE statement_imports SET lease_until = NOW(3) - INTERVAL 1 SECOND WHERE state = ?', ['RUNNING']),
    );
    expect(await world.imports.work(id)).toBe('done');
    const done = await world.imports.byId(id);
    expect(done).toMatchObject({ state: 'DONE', rows: 7_000, stored: 6_986, rejected: 14 });
    const [stored] = await world.fresh.admin.read(
      `SELECT COUNT(*) AS n, COUNT(DISTINCT trx_id) AS ids, SUM(amount_paisa) AS paisa FROM statement_rows WHERE import_no = ?`,
      [done.importNo],
    );
    expect(stored).toEqual({ n: '6986', ids: '6986', paisa: '6986000' });
  });
});
