import type { InstantMs } from '@vend/kernel';
import type { CallerRules } from './caller-policy';
import type { TokenServerErrorCode } from '../token-server.errors';

const DHAKA_OFFSET_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

/** What a token takes out of its caller's limits. */
export interface Spend {
  /** Absent for tokens that carry no credit. */
  readonly credit?: { readonly subclass: 0 | 4; readonly units: bigint };
}

/** What was taken, to be put back when nothing came of it. */
export interface Taken extends Spend {
  readonly caller: string;
  readonly day: number;
}

/** What a caller has had issued on one day. */
export interface DaySum {
  requests: number;
  energyTenthsKwh: bigint;
  currencyHundredThousandths: bigint;
}

const LIMIT_OF = { 0: 'energyTenthsKwh', 4: 'currencyHundredThousandths' } as const;

/**
 * Counts what each caller has had issued today and holds it to its limits. Days are Dhaka's. Taking is one step without
 * a pause, so calls that run at the same time cannot exceed a limit together.
 *
 * The sums live in memory and are rebuilt from the audit log at start: it holds every token that was ever answered.
 * They are those of one process; several processes need a share of the limit each.
 *
 * @example const taken = use.take(rules, { credit: { subclass: 0, units: 256n } }, Date.now());
 *          if (typeof taken === 'string') refuse(taken);
 */
export class DayUse {
  private day = -1;
  private sums = new Map<string, DaySum>();

  /** Takes, or says which limit stands against it: then nothing was taken. */
  take(rules: CallerRules, spend: Spend, now: InstantMs): Taken | TokenServerErrorCode {
    const sum = this.sumOf(rules.name, dayOf(now));
    const { credit } = spend;
    if (credit) {
      const limit = rules[LIMIT_OF[credit.subclass]];
      if (!limit) return 'not-permitted';
      if (credit.units > limit.perRequest) return 'limit-exceeded';
      if (sum[LIMIT_OF[credit.subclass]] + credit.units > limit.perDay) return 'day-limit-exceeded';
    }
    if (sum.requests >= rules.requestsPerDay) return 'day-limit-exceeded';
    add(sum, spend, 1);
    return { ...spend, caller: rules.name, day: this.day };
  }

  /** Puts back what was taken for tokens that nobody was given. */
  putBack(taken: readonly Taken[]): void {
    for (const one of taken) {
      const sum = one.day === this.day ? this.sums.get(one.caller) : undefined;
      if (sum) add(sum, one, -1);
    }
  }

  /** Counts a token that an earlier process issued. */
  remember(caller: string, spend: Spend, at: InstantMs): void {
    if (dayOf(at) >= this.day) add(this.sumOf(caller, dayOf(at)), spend, 1);
  }

  /** Today's sums by caller. */
  today(now: InstantMs): ReadonlyMap<string, Readonly<DaySum>> {
    return dayOf(now) === this.day ? this.sums : new Map();
  }

  private sumOf(caller: string, day: number): DaySum {
    // A clock that is set back keeps counting on the later day: nobody gains a second limit.
    if (day > this.day) {
      this.day = day;
      this.sums = new Map();
    }
    let sum = this.sums.get(caller);
    if (!sum) this.sums.set(caller, (sum = { requests: 0, energyTenthsKwh: 0n, currencyHundredThousandths: 0n }));
    return sum;
  }
}

function dayOf(at: InstantMs): number {
  return Math.floor((at + DHAKA_OFFSET_MS) / DAY_MS);
}

function add(sum: DaySum, { credit }: Spend, sign: 1 | -1): void {
  sum.requests += sign;
  if (credit) sum[LIMIT_OF[credit.subclass]] += sign === 1 ? credit.units : -credit.units;
}
