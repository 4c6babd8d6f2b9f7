/*
 * Proves that a ledger in memory and the one in SQL agree on random histories: alone, step by step, on every refusal
 * and every balance; and with many posting at once, on every balance, at every instant, and every law.
 * LEDGER_MODEL_RUNS sets how many histories (3 when unset).
 */
import * as fc from 'fast-check';
import { dhakaDay, newId, startOfDay, type Id } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { Books, plainAmounts } from '../../test/support/ledger';
import { isCreditNormal, type AccountCode } from './chart';
import { cancellationEntry, type Entry, type Posting } from './entry';
import { proveAll } from './proof';
import { trialBalance } from './returns';
import { balanceAt, horizon } from './store/balances';
import { storedBalances } from './store/ledger.queries';
import { statement } from './store/statements';
import * as templates from './templates';

const RUNS = Number(process.env['LEDGER_MODEL_RUNS'] ?? 3);
const DAY = 86_400_000;
const midnight = startOfDay(dhakaDay(Date.now()));
const ACCOUNTS: AccountCode[] = ['cash:S-1', 'cash:S-2', 'receivable:P-1', 'bank:B-1', 'float:V-1'];

/** A step of a history. `at` is minutes before the newest entry may be; closing counts whole days back. */
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'payment',
        'refund',
        'deposit',
        'deposit-back',
        'top-up',
        'fee',
        'banked',
        'settled',
        'commission',
        'import',
        'write-off',
        'set-off',
      ),
      paisa: fc.bigInt({ min: 1n, max: 900n }),
      minutesAgo: fc.integer({ min: 0, max: 4_000 }),
      meter: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('vend-cash', 'vend-float', 'vend-unspent'),
      paisa: fc.bigInt({ min: 21n, max: 900n }),
      minutesAgo: fc.integer({ min: 0, max: 4_000 }),
      meter: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('take-back', 'repeat'),
      pick: fc.nat(),
      minutesAgo: fc.integer({ min: 0, max: 4_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('settle', 'close'), minutesAgo: fc.integer({ min: 0, max: 4_000 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The ledger in memory: what was accepted, and the limits. */
class Model {
  readonly accepted: { entry: Entry; bookedAt: number }[] = [];
  private readonly balances = new Map<AccountCode, bigint>();

  net(code: AccountCode): bigint {
    return this.balances.get(code) ?? 0n;
  }

  /** The refusal, if the limits would be broken. */
  overdraws(postings: readonly Posting[]): boolean {
    const next = new Map(this.balances);
    move(next, postings);
    return [...next].some(([code, net]) => LIMITED.test(code) && (isCreditNormal(code) ? net : -net) < 0n);
  }

  accept(entry: Entry, bookedAt: number): void {
    move(this.balances, entry.postings);
    this.accepted.push({ entry, bookedAt });
  }

  netAt(code: AccountCode, at: number): bigint {
    const then = new Map<AccountCode, bigint>();
    for (const { entry, bookedAt } of this.accepted) if (bookedAt <= at) move(then, entry.postings);
    return then.get(code) ?? 0n;
  }
}
const LIMITED = /^(unspent-payments|customer-(remainder|arrears|deposits)|float:.*)$/;
function move(balances: Map<AccountCode, bigint>, postings: readonly Posting[]): void {
  for (const { debit, credit, amountPaisa } of postings) {
    balances.set(debit, (balances.get(debit) ?? 0n) - amountPaisa);
    balances.set(credit, (balances.get(credit) ?? 0n) + amountPaisa);
  }
}

/** Plays steps on the real ledger. */
class Player {
  readonly model = new Model();
  constructor(
    readonly fresh: FreshDatabase,
    readonly books: Books,
  ) {}

  /** The entry of a step, and the vend that must stand beside it. */
  private entryOf(s: Extract<Step, { paisa: bigint }>): { entry: Entry | null; vend?: Parameters<Books['vend']>[0] } {
    const bookedAt = Date.now() - s.minutesAgo * 60_000;
    const fact = { businessId: newId(), bookedAt, meterId: this.books.meters[s.meter]! };
    const { paisa } = s;
    switch (s.kind) {
      case 'payment':
        return { entry: templates.paymentEntry(fact, 'receivable:P-1', paisa) };
      case 'refund':
        return { entry: templates.refundEntry(fact, 'cash:S-1', paisa) };
      case 'deposit':
        return { entry: templates.depositTakenEntry(fact, 'cash:S-2', paisa) };
      case 'deposit-back':
        return { entry: templates.depositRefundEntry(fact, 'bank:B-1', paisa) };
      case 'top-up':
        return { entry: templates.floatTopUpEntry(fact, 'bank:B-1', 'float:V-1', paisa) };
      case 'fee':
        return { entry: templates.feeEntry(fact, 'cash:S-1', { feePaisa: paisa, vatPaisa: paisa / 7n }) };
      case 'banked':
        return { entry: templates.cashBankedEntry({ ...fact, office: 'X' }, 'cash:S-1', 'bank:B-1', paisa) };
      case 'settled':
        return {
          entry: templates.settlementEntry(fact, 'receivable:P-1', 'bank:B-1', {
            paidPaisa: paisa,
            commissionPaisa: paisa / 9n,
          }),
        };
      case 'commission':
        return { entry: templates.commissionEntry(fact, 'float:V-1', paisa) };
      case 'import':
        return { entry: templates.arrearsImportEntry(fact, paisa) };
      case 'write-off':
        return { entry: templates.writeOffEntry(fact, 'customer-arrears', paisa) };
      case 'set-off':
        return { entry: templates.depositSetOffEntry(fact, paisa) };
      default: {
        const funds = s.kind === 'vend-cash' ? 'cash:S-1' : s.kind === 'vend-float' ? 'float:V-1' : 'unspent-payments';
        return {
          entry: null,
          vend: { meterId: fact.meterId, funds, bookedAt, amounts: plainAmounts(paisa), businessId: fact.businessId },
        };
      }
    }
  }

  /** One step. @returns what the real ledger said: posted, repeated, or the code of its refusal; and the entry */
  async play(s: Step): Promise<{ said: string; entry?: Entry }> {
    if (s.kind === 'settle') return { said: await this.saidOf(() => this.settle(Date.now() - s.minutesAgo * 60_000)) };
    if (s.kind === 'close') {
      const day = dhakaDay(midnight - DAY * Math.ceil(s.minutesAgo / 1_440) - 1);
      return { said: await this.saidOf(() => this.books.ledger.closeDay(day, 'test')) };
    }
    if ('paisa' in s) {
      const { entry, vend } = this.entryOf(s);
      if (!vend) return this.post(entry);
      let made: Entry | undefined;
      const said = await this.saidOf(() =>
        this.fresh.database.transaction(async (tx) => {
          made = await this.books.vendIn(tx, vend);
          await this.books.ledger.post(tx, [made]);
        }),
      );
      return { said, entry: made };
    }
    if (!('pick' in s)) return { said: 'nothing' };
    const original = this.model.accepted[s.pick % Math.max(1, this.model.accepted.length)]?.entry;
    if (!original) return { said: 'nothing' };
    if (s.kind === 'repeat') return this.post(original);
    return this.post(backOf(original, Date.now() - s.minutesAgo * 60_000));
  }

  private async settle(at: number): Promise<void> {
    await this.books.ledger.settle(at);
    await this.books.ledger.rollUp();
  }

  private async post(entry: Entry | null): Promise<{ said: string; entry?: Entry }> {
    if (!entry) return { said: 'nothing' };
    const said = await this.saidOf(async () => {
      const { repeated } = await this.fresh.database.transaction((tx) => this.books.ledger.postOnce(tx, entry));
      return repeated ? 'repeated' : 'posted';
    });
    return { said, entry };
  }

  private async saidOf(work: () => Promise<string | void>): Promise<string> {
    try {
      return (await work()) ?? 'posted';
    } catch (error) {
      const { code } = error as { code?: string };
      if (!code?.startsWith('ledger-')) throw error;
      return code;
    }
  }
}

/** What takes an entry back, if anything may. */
function backOf(original: Entry, bookedAt: number): Entry | null {
  const fact = { businessId: original.businessId, bookedAt, meterId: original.meterId };
  if (original.template === 'vend') {
    const gross = original.postings.reduce((sum, p) => sum + p.amountPaisa, 0n);
    return cancellationEntry({ ...fact, meterId: original.meterId! }, plainAmounts(gross));
  }
  if (original.template === 'cancellation' || original.template.startsWith('reversal:')) return null;
  return templates.reversalEntry(fact, original.template as 'payment', original.postings);
}

async function withPlayer(work: (player: Player) => Promise<void>): Promise<void> {
  const fresh = await freshDatabase({ poolSize: 16 });
  try {
    await work(new Player(fresh, await Books.with(fresh, 4, ACCOUNTS)));
  } finally {
    await fresh.drop();
  }
}

/** Everything that must agree at the end of a history. */
async function agree({ model, fresh }: Player): Promise<void> {
  for (const { code, debitPaisa, creditPaisa } of await storedBalances(fresh.admin)) {
    expect({ code, net: creditPaisa - debitPaisa }).toEqual({ code, net: model.net(code) });
  }
  const instants = [...model.accepted.map((a) => a.bookedAt), midnight, Date.now() - 3 * DAY].slice(-12);
  for (const code of ['cash:S-1', 'float:V-1', 'energy-revenue', 'unspent-payments'] as const) {
    for (const at of instants) {
      const { creditPaisa, debitPaisa } = await balanceAt(fresh.database, code, at);
      expect({ code, at, net: creditPaisa - debitPaisa }).toEqual({ code, at, net: model.netAt(code, at) });
    }
    let cursor: string | undefined;
    let last = 0n;
    do {
      const page = await statement(fresh.database, code, {
        from: 0,
        limit: 7,
        ...(cursor === undefined ? {} : { cursor }),
      });
      expect(page.openingPaisa).toBe(last);
      last = page.lines.at(-1)?.balancePaisa ?? last;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(last).toBe(isCreditNormal(code) ? model.net(code) : -model.net(code));
  }
  const all = await trialBalance(fresh.database, { fromDay: '1970-01-01', toDay: '2999-01-01' });
  expect(all.debitPaisa).toBe(all.creditPaisa);
  const net = all.rows.filter((r) => r.code === 'energy-revenue').reduce((sum, r) => sum + r.balancePaisa, 0n);
  expect(net).toBe(model.net('energy-revenue'));
  const { closedThrough } = await horizon(fresh.database);
  const { faults } = await proveAll(fresh.database, closedThrough);
  // These histories have neither recharges behind payments nor meter states behind arrears.
  expect(
    faults.filter(
      (fault) =>
        !/^(unspent-payments|customer-arrears|meter )|has not exactly its tokens|not booked as it stands/.test(fault),
    ),
  ).toEqual([]);
}

it('alone, the model foresees every answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80 }), (steps) =>
      withPlayer(async (player) => {
        const seen = new Set<string>();
        for (const one of steps) {
          const { settledThrough, closedThrough } = await horizon(player.fresh.database);
          const { said, entry } = await player.play(one);
          if (!entry) continue;
          const key = `${entry.template} ${entry.businessId}`;
          const expected = seen.has(key)
            ? 'repeated'
            : dhakaDay(entry.bookedAt) <= closedThrough
              ? 'ledger-day-closed'
              : player.model.overdraws(entry.postings)
                ? 'ledger-overdrawn'
                : 'posted';
          expect({ key, said }).toEqual({ key, said: expected });
          if (said !== 'posted') continue;
          player.model.accept(entry, Math.max(entry.bookedAt, settledThrough + 1));
          seen.add(key);
        }
        await agree(player);
      }),
    ),
    { numRuns: RUNS },
  );
}, 600_000);

it('with eight at once, what was accepted is what the books say, at every instant', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 160 }), (steps) =>
      withPlayer(async (player) => {
        const queue = [...steps];
        const accepted = new Map<string, Id>();
        const lane = async () => {
          for (let one = queue.shift(); one; one = queue.shift()) {
            const { said, entry } = await player.play(one);
            if (said !== 'posted' || !entry) continue;
            const key = `${entry.template} ${entry.businessId}`;
            expect(accepted.has(key)).toBe(false);
            accepted.set(key, entry.businessId);
            const stored = (await player.books.ledger.entry(entry.template, entry.businessId))!;
            player.model.accept(entry, stored.bookedAt);
          }
        };
        await Promise.all(Array.from({ length: 8 }, lane));
        await agree(player);
      }),
    ),
    { numRuns: RUNS },
  );
}, 600_000);
