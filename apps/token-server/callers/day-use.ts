import type { InstantMs } from '@vend/kernel';
import type { CallerRules } from './caller-policy';
import type { TokenServerErrorCode } from '../token-server.errors';

const DHAKA_OFFSET_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

/** The credit of a token, as its meter takes it. */
export interface Credit {
  readonly subclass: 0 | 4;
  readonly units: bigint;
}

/** What a caller has had issued on one day. */
export interface DaySum {
  requests: number;
  energyTenthsKwh: bigint;
  currencyHundredThousandths: bigint;
}

/** What a group has taken so far, to be put back when nobody is given any of it. */
export interface Tally extends DaySum {
  readonly caller: string;
  day: number;
}

const LIMIT_OF = { 0: 'energyTenthsKwh', 4: 'currencyHundredThousandths' } as const;

/**
 * Counts what each caller has had issued today and holds it to its limits. Days are Dhaka's. Taking is one step without
 * a pause, so calls that run at the same time cannot exceed a limit together.
 *
 * The sums live in memory and are rebuilt from the audit log at start: it holds every token that was ever answered.
 * They are those of one process; several processes need a share of the limit each.
 *
 * @example const tally = use.begin('api', Date.now());
 *          const stands = use.take(tally, rules, { subclass: 0, units: 256n }); if (stands) refuse(stands);
 */
export class DayUse {
  private day = -1;
  private sums = new Map<string, DaySum>();

  /** What a group takes is counted in a tally of its own, all of it on the day on which it began. */
  begin(caller: string, now: InstantMs): Tally {
    return { caller, day: this.turnTo(dayOf(now)), ...nothing() };
  }

  /** Takes, or says which limit stands against it: then nothing was taken. Null credit: a token without any. */
  take(tally: Tally, rules: CallerRules, credit: Credit | null): TokenServerErrorCode | null {
    // Another group has turned the day since this one began: what it took yesterday is no longer counted anywhere.
    if (tally.day !== this.day) Object.assign(tally, nothing(), { day: this.day });
    const sum = this.sumOf(rules.name);
    if (sum.requests >= rules.requestsPerDay) return 'day-limit-exceeded';
    if (credit) {
      const unit = LIMIT_OF[credit.subclass];
      const limit = rules[unit];
      if (!limit) return 'not-permitted';
      if (credit.units > limit.perRequest) return 'limit-exceeded';
      const total = sum[unit] + credit.units;
      if (total > limit.perDay) return 'day-limit-exceeded';
      sum[unit] = total;
      tally[unit] += credit.units;
    }
    sum.requests += 1;
    tally.requests += 1;
    return null;
  }

  /** Puts back what was taken for tokens that nobody was given. */
  putBack(tally: Tally): void {
    const sum = tally.day === this.day ? this.sums.get(tally.caller) : undefined;
    if (!sum) return;
    sum.requests -= tally.requests;
    sum.energyTenthsKwh -= tally.energyTenthsKwh;
    sum.currencyHundredThousandths -= tally.currencyHundredThousandths;
  }

  /** Counts a token that an earlier process issued. */
  remember(caller: string, credit: Credit | null, at: InstantMs): void {
    const day = dayOf(at);
    if (this.turnTo(day) !== day) return;
    const sum = this.sumOf(caller);
    sum.requests += 1;
    if (credit) sum[LIMIT_OF[credit.subclass]] += credit.units;
  }

  /** Today's sums by caller. */
  today(now: InstantMs): ReadonlyMap<string, Readonly<DaySum>> {
    return dayOf(now) === this.day ? this.sums : new Map();
  }

  /** A clock that is set back keeps counting on the later day: nobody gains a second limit. */
  private turnTo(day: number): number {
    if (day > this.day) {
      this.day = day;
      this.sums = new Map();
    }
    return this.day;
  }

  private sumOf(caller: string): DaySum {
    let sum = this.sums.get(caller);
    if (!sum) this.sums.set(caller, (sum = nothing()));
    return sum;
  }
}

function nothing(): DaySum {
  return { requests: 0, energyTenthsKwh: 0n, currencyHundredThousandths: 0n };
}

function dayOf(at: InstantMs): number {
  return Math.floor((at + DHAKA_OFFSET_MS) / DAY_MS);
}
