/*
 * Proves on a real database that fixed charges are owed once for each month in which a connection was on, by the load of
 * that month, whatever happens to its meter, its load, its class and its supply in between: chosen cases, and any
 * sequence of them against a model of a few lines.
 */
import fc from 'fast-check';
import { dhakaDay, dhakaMonth, monthOfDay, monthsBetween, newId, startOfDay, type Id } from '@vend/kernel';
import { wrongSubLedgers, wrongSums } from '@vend/ledger';
import { settleDueTerms } from '@vend/meters';
import type { Quote } from '@vend/tariff';
import { MeterDues, type RechargeRecord } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { LifeBench } from '../support/life';
import { counterSale, type MeterDraft } from '../support/vending';

jest.setTimeout(300_000);
const DAY_MS = 86_400_000;
let fresh: FreshDatabase;
let bench: LifeBench;
let serial = 1;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new LifeBench(fresh);
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
  expect([...(await wrongSums(fresh.admin)), ...(await wrongSubLedgers(fresh.admin))]).toEqual([]);
});
afterAll(() => fresh?.drop());

const noonOf = (day: string) => startOfDay(day) + DAY_MS / 2;
async function installedOn(day: string, over: Partial<MeterDraft> = {}): Promise<Id> {
  bench.now = noonOf(day);
  const [meterId] = await bench.install({ serial: serial++, installedOn: day, ...over });
  return meterId!;
}
async function sell(meterId: Id): Promise<{ record: RechargeRecord; quote: Quote }> {
  const least = await bench.vending.quote(meterId, { minimum: true });
  const command = counterSale(meterId, { grossPaisa: least.quote.grossPaisa + 20_000n });
  const { record } = await bench.vending.recharge(command);
  return { record, quote: bench.vending.quoteOf(record).quote };
}
const loadsOf = ({ basis }: Quote) => basis.charges.map((one) => [one.month, one.sanctionedW ?? basis.sanctionedW]);
const change = (meterId: Id, sanctionedW: bigint, from: string) =>
  bench.supplies.changeTerms({ ...bench.doing(), meterId, tariffClass: null, sanctionedW, from });

it('owes the months around a disconnection and not those within it', async () => {
  const meterId = await installedOn('2026-01-10');
  await sell(meterId);
  bench.now = noonOf('2026-03-20');
  await bench.supplies.disconnect({ ...bench.doing(), meterId });
  bench.now = noonOf('2026-07-02');
  expect((await bench.supplies.reconnect({ ...bench.doing(), meterId })).result).toMatchObject({ on: '2026-07-02' });
  bench.now = noonOf('2026-08-05');
  expect((await sell(meterId)).quote.months).toEqual([202602, 202603, 202607, 202608]);
});

it('changes the load by itself on its day: months before it keep theirs, whether or not the night has run', async () => {
  const ids = [await installedOn('2026-01-10'), await installedOn('2026-01-10')];
  for (const meterId of ids) await sell(meterId);
  bench.now = noonOf('2026-02-15');
  for (const meterId of ids) expect((await change(meterId, 5_000n, '2026-05-15')).result.inForce).toBe(false);
  bench.now = startOfDay('2026-05-15') - 1;
  expect((await bench.vending.quote(ids[0]!, 200_000n)).pricedState.sanctionedW).toBe(2_000n);
  bench.now = startOfDay('2026-05-15');
  const [byDate, byNight] = ids as [Id, Id];
  const expected = [202602, 202603, 202604].map((month) => [month, 2_000n]);
  const sold = await sell(byDate);
  expect(loadsOf(sold.quote)).toEqual([...expected, [202605, 5_000n]]);

  expect(await settleDueTerms(fresh.database, bench.now)).toBe(2);
  expect(await settleDueTerms(fresh.database, bench.now)).toBe(0);
  expect(loadsOf((await sell(byNight)).quote)).toEqual([...expected, [202605, 5_000n]]);
  // Recomputed from what was stored beside the vend, the price is the same to the paisa.
  expect(bench.vending.quoteOf((await bench.vending.find(sold.record.rechargeId))!).quote).toEqual(sold.quote);
});

it('keeps what a connection was: as of any instant', async () => {
  const meterId = await installedOn('2026-01-10');
  const pan = (await bench.meters.byId(meterId))!.pan;
  bench.now = noonOf('2026-02-01');
  await change(meterId, 3_000n, '2026-02-01');
  bench.now = noonOf('2026-03-01');
  await bench.supplies.disconnect({ ...bench.doing(), meterId });
  const { connection } = await bench.cards.history((await bench.cards.meter(pan))!);
  const asOf = (day: string) => connection.findLast((v) => v.validFrom <= noonOf(day))?.content;
  expect(connection).toHaveLength(3);
  expect(asOf('2026-01-31')).toMatchObject({ sanctionedW: '2000', supply: 'connected' });
  expect(asOf('2026-02-28')).toMatchObject({ sanctionedW: '3000', supply: 'connected' });
  expect(asOf('2026-03-02')).toMatchObject({ sanctionedW: '3000', supply: 'disconnected' });
  expect(connection[1]!.made).toEqual({ by: 'user:selim', reason: 'test' });
  await expect(
    fresh.database.read(`UPDATE record_history SET reason = 'x'`).then(() => 'changed'),
  ).rejects.toMatchObject({ errno: 1142 });
});

it('closes an account that owes nothing, and pays out what was carried', async () => {
  const meterId = await installedOn('2026-01-10');
  const pan = (await bench.meters.byId(meterId))!.pan;
  const { customerNo } = (await bench.meters.byId(meterId))!;
  const close = { ...bench.doing(), customerNo, cash: 'cash:NESCO-RAJ-01' } as const;
  await expect(bench.closing.close(close)).rejects.toMatchObject({
    code: 'account-owes',
    facts: { what: 'fixed-charges' },
  });
  const { record } = await sell(meterId);
  const carried = record.vend!.amounts.remainderOutPaisa;
  expect((await bench.closing.close(close)).result).toMatchObject({ paidOutPaisa: carried.toString(), meters: 1 });
  expect((await bench.closing.close(close)).replayed).toBe(true);
  await expect(bench.closing.close({ ...close, key: newId() })).rejects.toMatchObject({ code: 'customer-closed' });
  await expect(bench.vending.recharge(counterSale(meterId))).rejects.toMatchObject({ code: 'meter-closed' });
  const card = (await bench.cards.meter(pan))!;
  expect([card.meter.content.status, card.connection.content.supply]).toEqual(['closed', 'closed']);
});

const DEBT_PAISA = 50_000n;
const plan = { kind: 'percent', percentBp: 1_000n, floorPaisa: 0n, ceilingPaisa: null, capBp: 5_000n } as const;

type Step =
  | { readonly do: 'wait'; readonly days: number }
  | { readonly do: 'vend' | 'replace' | 'disconnect' | 'reconnect' | 'class' }
  | { readonly do: 'load'; readonly sanctionedW: bigint; readonly inDays: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 70 }).map((days): Step => ({ do: 'wait', days })) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'vend' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'replace' }, { do: 'class' }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'disconnect' }, { do: 'reconnect' }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ kw: fc.integer({ min: 1, max: 9 }), inDays: fc.constantFrom(0, 0, 5, 40) })
      .map(({ kw, inDays }): Step => ({ do: 'load', sanctionedW: BigInt(kw) * 1000n, inDays })),
  },
);

/** What must come out, kept by days alone: when it was on, and which load counted from when. */
class Model {
  on = true;
  changes = 0;
  readonly months = new Set<number>();
  loads: { day: string; sanctionedW: bigint }[] = [{ day: '0000', sanctionedW: 2_000n }];
  meterId!: Id;

  passed(fromMs: number, toMs: number): void {
    if (!this.on) return;
    for (const month of monthsBetween(dhakaMonth(fromMs), dhakaMonth(toMs))) this.months.add(month);
  }
  setLoad(day: string, today: string, sanctionedW: bigint): void {
    // A later change takes the place of one that was still waiting; one of today leaves it waiting.
    if (day > today) this.loads = this.loads.filter((one) => one.day <= today);
    this.loads.push({ day, sanctionedW });
    this.loads.sort((a, b) => (a.day < b.day ? -1 : 1));
  }
  loadOn(day: string): bigint {
    return this.loads.findLast((one) => one.day <= day)!.sanctionedW;
  }
}

const lastDayOf = (month: number) => `${String(month).slice(0, 4)}-${String(month).slice(4)}-31`;

/** A recharge, and the load that counted when it was made. */
interface Sale {
  readonly quote: Quote;
  readonly month: number;
  readonly load: bigint;
}

async function take(model: Model, one: Step, sold: Sale[]): Promise<void> {
  const { meterId } = model;
  const today = dhakaDay(bench.now);
  switch (one.do) {
    case 'wait':
      model.passed(bench.now, bench.now + one.days * DAY_MS);
      bench.now += one.days * DAY_MS;
      return;
    case 'vend':
      if (model.on)
        sold.push({ quote: (await sell(meterId)).quote, month: monthOfDay(today), load: model.loadOn(today) });
      else await expect(sell(meterId)).rejects.toMatchObject({ code: 'connection-disconnected' });
      return;
    case 'replace':
      model.meterId = (await bench.replace(meterId, { serial: serial++ })).newMeterId;
      return;
    case 'disconnect':
    case 'reconnect':
      if (model.on !== (one.do === 'disconnect')) return;
      await bench.supplies[one.do]({ ...bench.doing(), meterId });
      model.on = one.do === 'reconnect';
      model.passed(bench.now, bench.now);
      return;
    case 'class': {
      const command = { ...bench.doing(), meterId, tariffClass: 'LT-E', sanctionedW: null, from: today };
      await bench.supplies.changeTerms(command);
      return;
    }
    case 'load': {
      const from = dhakaDay(bench.now + one.inDays * DAY_MS);
      // Each its own, so that no two changes can be taken for one another.
      const sanctionedW = one.sanctionedW + BigInt((model.changes += 1));
      await change(meterId, sanctionedW, from);
      model.setLoad(from, today, sanctionedW);
    }
  }
}

it('any life of a connection: each month that it was on is charged once, by its own load', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const model = new Model();
      const sold: Sale[] = [];
      model.meterId = await installedOn('2024-03-05');
      model.passed(bench.now, bench.now);
      const debt = { businessId: newId(), meterId: model.meterId, amountPaisa: DEBT_PAISA, plan };
      await new MeterDues(fresh.database, bench.ledger, () => bench.now).importArrears(debt);
      for (const one of [...steps, { do: 'reconnect' } as const, { do: 'vend' } as const]) await take(model, one, sold);

      expect(sold.flatMap(({ quote }) => quote.months)).toEqual([...model.months]);
      for (const { quote, month, load } of sold) {
        // The month of the recharge by what holds then; an idle one by what held when it ended.
        const wanted = quote.months.map((each) => [each, each === month ? load : model.loadOn(lastDayOf(each))]);
        expect(loadsOf(quote)).toEqual(wanted);
      }
      // Whatever was carried or sold went along: the meter on the wall stands where the last recharge left it.
      const last = sold.at(-1)!.quote.next;
      const { pricedState } = await bench.vending.quote(model.meterId, 500_000n);
      expect(pricedState).toMatchObject({ remainderPaisa: last.remainderPaisa, soldWh: last.soldWh });
      const paid = sold.reduce((sum, { quote }) => sum + quote.arrearsPaisa, 0n);
      expect(pricedState.arrearsPaisa).toBe(DEBT_PAISA - paid);
      expect(pricedState.chargedThrough).toBe(monthOfDay(dhakaDay(bench.now)));
    }),
    { numRuns: Number(process.env['LIFE_RUNS'] ?? 25), endOnFailure: true },
  );
});
