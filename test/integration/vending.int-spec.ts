/*
 * Proves the recharge on a real database with real tokens: one effect per key, rising TIDs, company without
 * contagion, kept payments, and books that balance after everything. Meters of the sandbox's kind try every token.
 */
import type { Id } from '@vend/kernel';
import { saveModel } from '@vend/meters';
import type { RechargeAnswer } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, payment, VendingBench, virtualMeter, type MeterDraft } from '../support/vending';

// A loaded machine takes its time to make a database.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 1;
/** A new meter per test: tests share the books, never a meter. */
async function newMeter(over: Partial<MeterDraft> = {}): Promise<{ meterId: Id; draft: MeterDraft }> {
  const draft = { serial: serial++, ...over };
  const [meterId] = await bench.install(draft);
  return { meterId: meterId!, draft };
}
const digitsOf = (answer: RechargeAnswer) => answer.record.vend!.tokens[0]!.digits;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
});
afterEach(async () => {
  bench.issuer.down = false;
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(() => fresh?.drop());

describe('one recharge', () => {
  it("prices NESCO's receipt of Tk 1000 and its token gives the meter what the receipt says", async () => {
    const { meterId, draft } = await newMeter({ crediting: 'currency' });
    const answer = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 100_000n }));
    expect(answer.replayed).toBe(false);
    expect(answer.record.vend!.amounts).toMatchObject({
      vatPaisa: 4_762n,
      rentPaisa: 4_000n,
      demandPaisa: 6_000n,
      rebatePaisa: 903n,
      energyPaisa: 86_141n,
    });
    const meter = virtualMeter(draft);
    const taken = meter.enter(digitsOf(answer), bench.now);
    expect(taken.result).toBe('Accept');
    expect(taken.credited!.units).toBeGreaterThanOrEqual(86_141_000n);
    expect(taken.credited!.units).toBe(answer.record.vend!.tokens[0]!.creditedUnits);
    expect(meter.enter(digitsOf(answer), bench.now).result).toBe('Used');
  });

  it.each(['07', '11'] as const)('sells kWh on an EA%s meter, to the tenth the token carries', async (ea) => {
    const { meterId, draft } = await newMeter({ crediting: 'energy', ea });
    const answer = await bench.vending.recharge(payment(meterId));
    const vend = answer.record.vend!;
    const taken = virtualMeter(draft).enter(digitsOf(answer), bench.now);
    expect(taken.result).toBe('Accept');
    expect(taken.credited!.units * 100n).toBe(vend.energyWh);
    const other = virtualMeter({ ...draft, serial: draft.serial + 1_000 });
    expect(other.enter(digitsOf(answer), bench.now).result).not.toBe('Accept');
  });

  it('charges an old meter only from the month after the one that its former system charged', async () => {
    const { meterId } = await newMeter({ installedOn: '2018-05-01', chargedThrough: '2026-09' });
    const { quote } = await bench.vending.quote(meterId, 100_000n);
    expect(quote.months).toEqual([202610, 202611]);
    expect(quote.demandPaisa).toBe(12_000n);
  });

  it('is read back from the database exactly as it was answered', async () => {
    const { meterId } = await newMeter();
    const { record } = await bench.vending.recharge(payment(meterId));
    expect(await bench.vending.find(record.rechargeId)).toEqual(record);
    expect(await bench.vending.findByKey(record.source, record.sourceRef)).toEqual(record);
  });

  it('can be recomputed from what was stored', async () => {
    const { meterId } = await newMeter();
    await bench.vending.recharge(payment(meterId, { grossPaisa: 123_456n }));
    const { record } = await bench.vending.recharge(payment(meterId, { grossPaisa: 77_700n }));
    const stored = (await bench.vending.find(record.rechargeId))!;
    const { feePaisa, depositPaisa, grantedPaisa, ...priced } = stored.vend!.amounts;
    expect(bench.vending.quoteOf(stored).quote).toMatchObject(priced);
    expect([feePaisa, depositPaisa, grantedPaisa]).toEqual([0n, 0n, 0n]);
  });
});

describe('the business key', () => {
  it('gives fifty equal calls at once one vend and fifty equal answers', async () => {
    const { meterId } = await newMeter();
    const command = payment(meterId);
    const answers = await Promise.all(Array.from({ length: 50 }, () => bench.vending.recharge(command)));
    expect(answers.filter((a) => !a.replayed)).toHaveLength(1);
    expect(new Set(answers.map((a) => digitsOf(a))).size).toBe(1);
    const [row] = await fresh.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM recharges WHERE source_ref = ?', [
      command.sourceRef,
    ]);
    expect(Number(row!.n)).toBe(1);
  });

  it('holds between processes too: six servers, one key', async () => {
    const { meterId } = await newMeter();
    const command = payment(meterId);
    const servers = Array.from({ length: 6 }, () => new VendingBench(fresh));
    const answers = await Promise.all(servers.flatMap((s) => [1, 2, 3].map(() => s.vending.recharge(command))));
    expect(new Set(answers.map((a) => a.record.rechargeId)).size).toBe(1);
    expect(new Set(answers.map((a) => digitsOf(a))).size).toBe(1);
  });

  it('refuses the same key for another amount or meter, and changes nothing', async () => {
    const { meterId } = await newMeter();
    const { meterId: otherMeter } = await newMeter();
    const command = payment(meterId);
    const first = await bench.vending.recharge(command);
    for (const other of [{ grossPaisa: 60_000n }, { meterId: otherMeter }]) {
      await expect(bench.vending.recharge({ ...command, ...other })).rejects.toMatchObject({
        code: 'transaction-conflict',
      });
    }
    expect((await bench.vending.recharge(command)).record).toEqual(first.record);
  });

  it('refuses another amount also while the first is still under way', async () => {
    const { meterId } = await newMeter();
    const command = payment(meterId);
    const outcomes = await Promise.allSettled([
      bench.vending.recharge(command),
      bench.vending.recharge({ ...command, grossPaisa: 60_000n }),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected']);
  });

  it('lets another key of the same meter and amount be another recharge', async () => {
    const { meterId } = await newMeter();
    const a = await bench.vending.recharge(payment(meterId));
    const b = await bench.vending.recharge(payment(meterId));
    expect(digitsOf(a)).not.toBe(digitsOf(b));
  });
});

describe('TIDs', () => {
  it('twenty recharges of one meter at once: twenty rising TIDs, and the meter takes all in any order', async () => {
    const { meterId, draft } = await newMeter();
    const servers = [bench, new VendingBench(fresh), new VendingBench(fresh)];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => servers[i % 3]!.vending.recharge(payment(meterId))),
    );
    const tids = answers.map((a) => a.record.vend!.tokens[0]!.tid);
    expect(new Set(tids).size).toBe(20);
    const meter = virtualMeter(draft);
    const shuffled = answers.map(digitsOf).sort();
    expect(shuffled.map((digits) => meter.enter(digits, bench.now).result)).toEqual(Array(20).fill('Accept'));
  });

  it('still rise when the clock jumps back an hour', async () => {
    const { meterId } = await newMeter();
    const before = await bench.vending.recharge(payment(meterId));
    const now = bench.now;
    bench.now = now - 3_600_000;
    const after = await bench.vending.recharge(payment(meterId)).finally(() => (bench.now = now));
    expect(after.record.vend!.tokens[0]!.tid).toBe(before.record.vend!.tokens[0]!.tid! + 1);
  });

  it('stop a burst on one meter at the bound: mobile money waits, a counter is told', async () => {
    const { meterId } = await newMeter();
    const tight = new VendingBench(fresh, { maxRunAheadMinutes: 2 });
    for (let i = 0; i < 3; i++) await tight.vending.recharge(payment(meterId));
    await expect(tight.vending.recharge(counterSale(meterId))).rejects.toMatchObject({ code: 'tid-too-far-ahead' });
    const waiting = await tight.vending.recharge(payment(meterId));
    expect(waiting.record).toMatchObject({ state: 'RECEIVED', vend: null });
    tight.now += 600_000;
    await expect(tight.vending.complete(waiting.record.rechargeId)).resolves.toMatchObject({ state: 'APPLIED' });
  });
});

describe('company', () => {
  it('a refused member leaves its group without harm', async () => {
    const good = await bench.install(...Array.from({ length: 30 }, () => ({ serial: serial++ })));
    const callsBefore = bench.issuer.calls;
    const outcomes = await Promise.allSettled([
      ...good.slice(0, 15).map((meterId) => bench.vending.recharge(payment(meterId))),
      bench.vending.recharge(payment(good[0]!, { grossPaisa: 1n })),
      ...good.slice(15).map((meterId) => bench.vending.recharge(payment(meterId))),
    ]);
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(30);
    expect(outcomes[15]).toMatchObject({ status: 'rejected', reason: { code: 'below-minimum-recharge' } });
    expect(bench.issuer.calls - callsBefore).toBeLessThanOrEqual(3);
  });

  it('a member whose key the token server does not have fails alone', async () => {
    const { meterId } = await newMeter();
    const { meterId: foreign } = await newMeter({ sgc: '999999' });
    const outcomes = await Promise.allSettled([
      bench.vending.recharge(payment(meterId)),
      bench.vending.recharge(payment(foreign)),
      bench.vending.recharge(payment(meterId)),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'token-refused', facts: { reason: 'unknown-vending-key' } } });
  });

  it('two recharges of one meter in one group are priced one after the other', async () => {
    const { meterId } = await newMeter();
    const [a, b] = await Promise.all([
      bench.vending.recharge(payment(meterId)),
      bench.vending.recharge(payment(meterId)),
    ]);
    const demand = [a, b].map(({ record }) => record.vend!.amounts.demandPaisa).sort();
    expect(demand).toEqual([0n, 6_000n]);
    const sold = [a, b].map(({ record }) => record.vend!.pricing!.pricedState.soldWh).sort();
    expect(sold[0]).toBe(0n);
    expect([a.record.vend!.energyWh, b.record.vend!.energyWh]).toContain(sold[1]);
  });
});

describe('without the token server', () => {
  it('a counter is refused and nothing is charged; the same key works when it is back', async () => {
    const { meterId } = await newMeter();
    bench.issuer.down = true;
    const command = counterSale(meterId);
    await expect(bench.vending.recharge(command)).rejects.toMatchObject({ code: 'token-server-down' });
    expect(await bench.vending.findByKey(command.source, command.sourceRef)).toBeUndefined();
    bench.issuer.down = false;
    expect((await bench.vending.recharge(command)).record.state).toBe('APPLIED');
  });

  it('mobile money is booked, answered as pending, and vended once when it is back', async () => {
    const { meterId, draft } = await newMeter();
    bench.issuer.down = true;
    const command = payment(meterId);
    const { record } = await bench.vending.recharge(command);
    expect(record).toMatchObject({ state: 'RECEIVED', vend: null });
    expect((await bench.vending.recharge(command)).record).toEqual(record);
    await expect(bench.vending.complete(record.rechargeId)).rejects.toMatchObject({ code: 'token-server-down' });
    bench.issuer.down = false;
    const completed = await Promise.all([1, 2, 3, 4].map(() => bench.vending.complete(record.rechargeId)));
    expect(new Set(completed.map((c) => c.vend!.tokens[0]!.digits)).size).toBe(1);
    expect(virtualMeter(draft).enter(completed[0]!.vend!.tokens[0]!.digits, bench.now).result).toBe('Accept');
    expect((await bench.vending.recharge(command)).record.vend).not.toBeNull();
  });

  it('a process that has booked nothing before completes a kept payment, as a worker does after its start', async () => {
    const { meterId } = await newMeter();
    bench.issuer.down = true;
    const { record } = await bench.vending.recharge(payment(meterId));
    const worker = new VendingBench(fresh);
    expect(await worker.vending.complete(record.rechargeId)).toMatchObject({ state: 'APPLIED' });
  });

  it('counter and mobile money in one group each get their own answer', async () => {
    const [a, b] = await bench.install({ serial: serial++ }, { serial: serial++ });
    bench.issuer.down = true;
    const outcomes = await Promise.allSettled([
      bench.vending.recharge(payment(a!)),
      bench.vending.recharge(counterSale(b!)),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled', value: { record: { state: 'RECEIVED' } } });
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { code: 'token-server-down' } });
  });

  it('a kept payment that can no longer be vended is owed back', async () => {
    const { meterId } = await newMeter();
    bench.issuer.down = true;
    const { record } = await bench.vending.recharge(payment(meterId));
    bench.issuer.down = false;
    await fresh.admin.transaction((tx) =>
      tx.write(
        `UPDATE meters SET status = 'closed' WHERE id IN (SELECT meter_id FROM recharges WHERE source_ref = ?)`,
        [record.sourceRef],
      ),
    );
    const concluded = await bench.vending.complete(record.rechargeId);
    expect(concluded).toMatchObject({ state: 'REFUND_DUE', refusalCode: 'meter-closed', vend: null });
  });
});

describe('refusals that change nothing', () => {
  it('an expired quote, a changed price, a closed meter', async () => {
    const { meterId } = await newMeter();
    const offer = await bench.vending.quote(meterId, 50_000n);
    const quote = bench.vending.readQuoteId(offer.quoteId);
    const old = { ...quote, expiresAt: bench.now - 1 };
    await expect(bench.vending.recharge(counterSale(meterId, { quote: old }))).rejects.toMatchObject({
      code: 'quote-expired',
    });
    await bench.vending.recharge(payment(meterId));
    await expect(bench.vending.recharge(counterSale(meterId, { quote }))).rejects.toMatchObject({
      code: 'quote-changed',
    });
    expect((await bench.vending.recharge(payment(meterId, { quote }))).record.state).toBe('APPLIED');
  });

  it('a repeat is answered even after its quote has expired and its meter is closed', async () => {
    const { meterId } = await newMeter();
    const offer = await bench.vending.quote(meterId, 50_000n);
    const command = counterSale(meterId, { quote: bench.vending.readQuoteId(offer.quoteId) });
    const first = await bench.vending.recharge(command);
    const now = bench.now;
    bench.now += 86_400_000;
    const again = await bench.vending.recharge(command).finally(() => (bench.now = now));
    expect(again).toEqual({ record: first.record, replayed: true });
  });

  it('a callback that cannot be vended is kept and owed back', async () => {
    const { meterId } = await newMeter();
    const { record } = await bench.vending.recharge(
      payment(meterId, { channel: 'callback', keepWhenRefused: true, grossPaisa: 100n }),
    );
    expect(record).toMatchObject({ state: 'REFUND_DUE', refusalCode: 'below-minimum-recharge' });
  });

  it('more than the meter’s register holds is refused to a provider, and owed back when it came by callback', async () => {
    const { meterId } = await newMeter();
    await fresh.database.transaction((tx) =>
      saveModel(
        tx,
        {
          ...{ manufacturer: '97', model: 'SMALL-1', phase: 1, algorithms: ['07'], crediting: ['currency', 'energy'] },
          ...{ services: [], registerMaxWh: 10_000n, registerMaxPaisa: 10_000n, powerMaxW: null },
        },
        bench.now,
      ),
    );
    await fresh.admin.read(
      `UPDATE meters SET model_id = (SELECT id FROM meter_models WHERE model = 'SMALL-1') WHERE id = ?`,
      [Buffer.from(meterId.replaceAll('-', ''), 'hex')],
    );
    const refused = bench.vending.recharge(payment(meterId, { grossPaisa: 300_000n }));
    await expect(refused).rejects.toMatchObject({ code: 'above-meter-register' });
    const { record } = await bench.vending.recharge(
      payment(meterId, { channel: 'callback', keepWhenRefused: true, grossPaisa: 300_000n }),
    );
    expect(record).toMatchObject({ state: 'REFUND_DUE', refusalCode: 'above-meter-register', vend: null });
  });

  it('money for a meter that nobody knows is booked once, owed back, and blocks its transaction id', async () => {
    const { meterId } = await newMeter();
    const lost = payment(meterId, {
      meterId: null,
      unresolvedCode: 'reference-ambiguous',
      channel: 'callback',
      keepWhenRefused: true,
    });
    const { record } = await bench.vending.recharge(lost);
    expect(record).toMatchObject({
      state: 'REFUND_DUE',
      refusalCode: 'reference-ambiguous',
      meterId: null,
      vend: null,
    });
    expect(await bench.vending.recharge(lost)).toEqual({ record, replayed: true });
    await expect(bench.vending.recharge({ ...lost, meterId })).rejects.toMatchObject({ code: 'transaction-conflict' });
    await expect(bench.vending.recharge({ ...lost, sourceRef: 'other', keepWhenRefused: false })).rejects.toMatchObject(
      {
        code: 'reference-ambiguous',
      },
    );
  });
});
