/**
 * Proves that any sequence of recharges, cancellations, arrears imports, load and class changes and idle months keeps every
 * law of pricing, on a pure model of a meter (fast-check): nothing is charged twice, nothing owed is forgotten, no paisa is lost.
 */
import { DomainError, dhakaMonth, monthOfDay, monthsBetween, startOfDay, type YearMonth } from '@vend/kernel';
import fc from 'fast-check';
import {
  firstLightBook,
  historicalBook,
  minimumRecharge,
  price,
  type PricingState,
  type Quote,
  type TariffBook,
} from '.';
import { meter } from './testing';

const DAY_MS = 86_400_000;
const INSTALLED = '2022-11-20';

type Step =
  | { readonly do: 'recharge'; readonly extraPaisa: bigint }
  | { readonly do: 'cancel' }
  | { readonly do: 'wait'; readonly days: number }
  | { readonly do: 'arrears'; readonly paisa: bigint; readonly percentBp: bigint }
  | { readonly do: 'load'; readonly sanctionedW: bigint }
  | { readonly do: 'class'; readonly tariffClass: string }
  | { readonly do: 'due'; readonly pfc: bigint; readonly penalty: bigint; readonly adjustment: bigint };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('recharge' as const), extraPaisa: fc.bigInt({ min: 0n, max: 300_000n }) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'cancel' as const }) },
  // Days, months, over the turn of a year, and years of nothing.
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(0, 1, 5, 20, 31, 45, 366) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('arrears' as const),
      paisa: fc.bigInt({ min: 0n, max: 500_000n }),
      percentBp: fc.bigInt({ min: 0n, max: 10_000n }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('load' as const), sanctionedW: fc.bigInt({ min: 0n, max: 7_500n }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('class' as const), tariffClass: fc.constantFrom('LT-A', 'LT-E', 'LT-B') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('due' as const),
      pfc: fc.bigInt({ min: 0n, max: 9_000n }),
      penalty: fc.bigInt({ min: 0n, max: 9_000n }),
      adjustment: fc.bigInt({ min: -9_000n, max: 9_000n }),
    }),
  },
);

/** A meter and everything that ever happened to it, cancelled recharges taken out again. */
class Life {
  state: PricingState;
  /** Recharges that stand, oldest first, each with the state it was priced on. */
  readonly standing: { readonly was: PricingState; readonly quote: Quote }[] = [];
  at = startOfDay(INSTALLED);
  owed = { arrears: 0n, pfc: 0n, penalty: 0n, adjustment: 0n };

  constructor(
    crediting: PricingState['crediting'],
    private readonly book: TariffBook,
  ) {
    this.state = meter({ crediting, installedOn: INSTALLED, chargedThrough: null });
  }

  take(next: Step): void {
    switch (next.do) {
      case 'recharge':
        return this.recharge(next.extraPaisa);
      case 'cancel':
        return this.cancel();
      case 'wait':
        this.at += next.days * DAY_MS;
        return;
      case 'arrears':
        this.owed.arrears += next.paisa;
        this.state = {
          ...this.state,
          arrearsPaisa: this.state.arrearsPaisa + next.paisa,
          arrearsPlan: {
            kind: 'percent',
            percentBp: next.percentBp,
            floorPaisa: 0n,
            ceilingPaisa: null,
            capBp: 8_000n,
          },
        };
        return;
      case 'load':
        this.state = { ...this.state, sanctionedW: next.sanctionedW };
        return;
      case 'class':
        this.state = { ...this.state, tariffClass: next.tariffClass };
        return;
      case 'due':
        return this.due(next);
    }
  }

  private recharge(extraPaisa: bigint): void {
    const was = this.state;
    let quote: Quote;
    try {
      quote = price(was, minimumRecharge(was, this.at, this.book) + extraPaisa, this.at, this.book);
    } catch (error) {
      // Years of charges and a recharge on top may pass the limit: refused, and nothing changes.
      if (error instanceof DomainError && error.code === 'above-maximum-recharge') return;
      throw error;
    }
    this.state = { ...was, ...quote.next };
    this.standing.push({ was, quote });
  }

  /** As libs/vending/cancellation does: the last one, what it set goes back, what it took is given back. */
  private cancel(): void {
    const last = this.standing.pop();
    if (!last) return;
    const { was, quote } = last;
    this.state = {
      ...this.state,
      chargedThrough: was.chargedThrough,
      soldMonth: was.soldMonth,
      soldWh: was.soldWh,
      remainderPaisa: was.remainderPaisa,
      arrearsPaisa: this.state.arrearsPaisa + quote.arrearsPaisa,
      pfcDuePaisa: (this.state.pfcDuePaisa ?? 0n) + quote.pfcPaisa,
      penaltyDuePaisa: (this.state.penaltyDuePaisa ?? 0n) + quote.penaltyPaisa,
      adjustmentDuePaisa: (this.state.adjustmentDuePaisa ?? 0n) + quote.adjustmentPaisa,
    };
  }

  private due({ pfc, penalty, adjustment }: Extract<Step, { do: 'due' }>): void {
    this.owed.pfc += pfc;
    this.owed.penalty += penalty;
    this.owed.adjustment += adjustment;
    const { pfcDuePaisa = 0n, penaltyDuePaisa = 0n, adjustmentDuePaisa = 0n } = this.state;
    this.state = {
      ...this.state,
      pfcDuePaisa: pfcDuePaisa + pfc,
      penaltyDuePaisa: penaltyDuePaisa + penalty,
      adjustmentDuePaisa: adjustmentDuePaisa + adjustment,
    };
  }
}

const sum = (life: Life, part: (quote: Quote) => bigint) =>
  life.standing.reduce((all, { quote }) => all + part(quote), 0n);

/** Tens of thousands of comparisons a run: `expect` is made for fewer. */
function same<Value extends bigint | number | string | null>(is: Value, should: Value): void {
  if (is !== should) throw new Error(`${is} is not ${should}`);
}

function expectLaws(life: Life): void {
  const { state, owed, standing } = life;
  // Money: what was paid is what went into the parts and what is still carried; each sum owed is paid or still owed.
  const paid = sum(life, (q) => q.grossPaisa);
  const parts = sum(
    life,
    (q) =>
      q.vatPaisa +
      q.rentPaisa +
      q.demandPaisa +
      q.arrearsPaisa +
      q.pfcPaisa +
      q.penaltyPaisa +
      q.adjustmentPaisa +
      q.energyPaisa -
      q.rebatePaisa -
      q.lifelineCreditPaisa,
  );
  same(parts + state.remainderPaisa, paid);
  same(sum(life, (q) => q.arrearsPaisa) + state.arrearsPaisa, owed.arrears);
  same(sum(life, (q) => q.pfcPaisa) + (state.pfcDuePaisa ?? 0n), owed.pfc);
  same(sum(life, (q) => q.penaltyPaisa) + (state.penaltyDuePaisa ?? 0n), owed.penalty);
  same(sum(life, (q) => q.adjustmentPaisa) + (state.adjustmentDuePaisa ?? 0n), owed.adjustment);
  // Months: each from the installation on once, without a gap, up to where the state says.
  const charged = standing.flatMap(({ quote }) => quote.months);
  const through: YearMonth | null = state.chargedThrough;
  same(charged.join(), (through === null ? [] : monthsBetween(monthOfDay(INSTALLED), through)).join());
  // Energy: the units of the month are those of its recharges that stand.
  if (state.crediting === 'energy' && state.soldMonth !== null) {
    const last = standing.at(-1)!.quote.next.soldMonth;
    same(state.soldMonth, last);
    const ofMonth = standing.filter(({ quote }) => quote.next.soldMonth === last);
    same(
      state.soldWh,
      ofMonth.reduce((all, { quote }) => all + quote.energyWh!, 0n),
    );
  }
  // A lifeline credit is for a month with its sales, and for each such month at most once.
  const credited = standing.flatMap(({ quote }) =>
    quote.basis.lifelineCredit ? [quote.basis.lifelineCredit.month] : [],
  );
  same(new Set(credited).size, credited.length);
}

describe('any sequence', () => {
  const life = (crediting: PricingState['crediting'], book: TariffBook, steps: readonly Step[]) => {
    const one = new Life(crediting, book);
    for (const each of steps) {
      one.take(each);
      expectLaws(one);
    }
    return one;
  };
  const books = fc
    .constantFrom('first-light', 'history')
    .map((id) => (id === 'history' ? historicalBook : firstLightBook));

  it.each(['energy', 'currency'] as const)('keeps every law, step by step, in %s mode', (crediting) => {
    fc.assert(
      fc.property(books, fc.array(step, { minLength: 1, maxLength: 40 }), (book, steps) => {
        life(crediting, book, steps);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a recharge that is cancelled leaves what would have been without it', () => {
    fc.assert(
      fc.property(
        books,
        fc.array(step, { maxLength: 15 }),
        fc.bigInt({ min: 0n, max: 300_000n }),
        (book, steps, extraPaisa) => {
          const plain = life('energy', book, steps);
          const taken = life('energy', book, steps);
          taken.take({ do: 'recharge', extraPaisa });
          if (taken.standing.length > plain.standing.length) taken.take({ do: 'cancel' });
          const dues = { pfcDuePaisa: 0n, penaltyDuePaisa: 0n, adjustmentDuePaisa: 0n };
          expect({ ...dues, ...taken.state }).toEqual({ ...dues, ...plain.state });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('meets the months as the calendar has them: each month of the years asked for is charged by its own name', () => {
    // 31 December, leap days and month ends, at the first and last millisecond of the Dhaka day.
    const instants = ['2023-12-31', '2024-01-01', '2024-02-29', '2024-03-01', '2024-12-31', '2025-02-28'].flatMap(
      (day) => [startOfDay(day), startOfDay(day) + DAY_MS - 1],
    );
    fc.assert(
      fc.property(fc.subarray(instants, { minLength: 1 }), (moments) => {
        const one = new Life('energy', firstLightBook);
        for (const at of moments) {
          one.at = at;
          one.take({ do: 'recharge', extraPaisa: 10_000n });
          expect(one.state.chargedThrough).toBe(dhakaMonth(at));
          expectLaws(one);
        }
      }),
      { numRuns: 500 },
    );
  });
});
