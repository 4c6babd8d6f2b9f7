import { dhakaDay, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { dayAfter, isBreakNow } from '../breaks';
import { raiseBreaks } from '../raising';
import { listBreaks, type BreakFacts } from '../store/breaks';
import {
  countingImports,
  endOfPage,
  idsOfDay,
  lastLineOf,
  readKeys,
  siftOurPage,
  siftTheirPage,
  type KeyFacts,
  type PlainSum,
  type SeenRow,
  type SiftedPage,
} from '../store/pages';
import { saveDay } from '../store/totals';
import { classify, signedPaisa, type Finding, type Verdict } from './classify';
import { DayTotals, type Side } from './day-totals';
import { readAhead } from './read-ahead';

/** Rows of a page: two pages are in memory at a time, whatever the statement's size. */
const PAGE = 5_000;
/** Breaks that are looked at again together: MariaDB makes a table of a longer list of keys. */
const BREAKS = 500;

/** What a comparison came to. */
export interface Matched {
  readonly theirRows: number;
  readonly ourPayments: number;
  readonly opened: number;
  readonly healed: number;
}

/** Whose day is compared. */
export interface MatchOf {
  readonly provider: string;
  /** Whose payments of ours: `provider:<code>`, or `vendor:<code>` of one that sells from what it paid in. */
  readonly source: string;
  readonly day: LocalDay;
}

/**
 * Compares a provider's statements of a day with our payments, in pages. Each row of theirs and each payment of ours goes
 * into one bucket; the sums are written at the end, all at once. What is found broken is raised when its window has
 * passed. Again, it changes nothing; after a late row it puts right what that row explains.
 *
 * @example await matchDay(database, { provider: 'demo-form', source: 'provider:demo-form', day: '2026-11-22' }, Date.now())
 */
export async function matchDay(database: Database, of: MatchOf, now: InstantMs): Promise<Matched> {
  const run = new DayMatch(database, of, now);
  await run.prepare();
  await run.sides();
  await run.heal();
  await saveDay(database, of, run.totals, now);
  return run.result;
}

type TheirPage = SiftedPage<SeenRow> & { readonly throughLine: number };
type OurPage = SiftedPage<KeyFacts> & { readonly end: Id };

interface Looked {
  readonly trxIds: readonly string[];
  /** Those with a finding whose window has not passed. */
  readonly early: ReadonlySet<string>;
}

class DayMatch {
  readonly totals = new DayTotals();
  private readonly result_ = { opened: 0, healed: 0 };
  private readonly stated = new Set<LocalDay>();
  private readonly today: LocalDay;
  private raising: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly of: MatchOf,
    private readonly now: InstantMs,
  ) {
    this.today = dhakaDay(now);
  }

  get result(): Matched {
    return { theirRows: this.totals.count('theirs'), ourPayments: this.totals.count('ours'), ...this.result_ };
  }

  /** Which days around have a statement: a late payment may be in the next one. */
  async prepare(): Promise<void> {
    for (const days of [-1, 0, 1, 2]) {
      const day = dayAfter(this.of.day, days);
      if ((await countingImports(this.database, this.of.provider, day)).length > 0) this.stated.add(day);
    }
  }

  /** Both sides at once: each waits for the database most of the time. */
  async sides(): Promise<void> {
    const sides = await Promise.allSettled([this.theirs(), this.ours()]);
    for (const side of sides) if (side.status === 'rejected') throw side.reason;
  }

  private async theirs(): Promise<void> {
    for (const importNo of await countingImports(this.database, this.of.provider, this.of.day)) {
      const lastLine = await lastLineOf(this.database, importNo);
      const pages = readAhead<TheirPage>(async (before) => {
        const afterLine = before?.throughLine ?? 0;
        if (afterLine >= lastLine) return undefined;
        const throughLine = afterLine + PAGE;
        return {
          throughLine,
          ...(await siftTheirPage(this.database, { ...this.of, importNo }, { afterLine, throughLine })),
        };
      });
      for await (const { plain, odd } of pages) {
        this.addPlain('theirs', plain);
        await this.raise(odd.flatMap((seen) => this.theirRow(seen)));
      }
    }
  }

  private addPlain(side: Side, plain: readonly PlainSum[]): void {
    for (const { batch, count, amountPaisa, feePaisa, vatPaisa } of plain) {
      this.totals.add(side, 'matched', batch, [amountPaisa, feePaisa, vatPaisa], count);
    }
  }

  private theirRow({ trxId, ours, rows, row }: SeenRow): BreakFacts[] {
    const verdict = classify(ours, rows);
    const place = rows.findIndex((each) => each.line === row.line && each.importNo === row.importNo);
    const vatPaisa = place === verdict.head && ours && ours.returnedOn === null ? ours.vatPaisa : 0n;
    const fee = row.status === 'PAID' ? row.feePaisa : row.status === 'REVERSED' ? -row.feePaisa : 0n;
    this.totals.add('theirs', verdict.rows[place]!, row.batch, [signedPaisa(row), fee, vatPaisa]);
    // Each finding once: with the row that it is about.
    const own = verdict.findings.filter((finding) => finding.row === rows[place]);
    return this.broken({ trxId, ours, rows }, own);
  }

  private async ours(): Promise<void> {
    const { after: first, through } = idsOfDay(this.of.day);
    const pages = readAhead<OurPage>(async (before) => {
      const after = before?.end ?? first;
      if (after >= through) return undefined;
      const end = await endOfPage(this.database, after, through, PAGE);
      return { end, ...(await siftOurPage(this.database, this.of, after, end)) };
    });
    for await (const { plain, odd } of pages) {
      this.addPlain('ours', plain);
      await this.raise(odd.flatMap((facts) => this.ourPayment(facts)));
    }
  }

  private ourPayment(facts: KeyFacts): BreakFacts[] {
    const verdict = classify(facts.ours, facts.rows);
    const paisa = facts.ours!.returnedOn === null ? facts.ours!.amountPaisa : 0n;
    this.totals.add('ours', verdict.ours!, '', [paisa, 0n, paisa === 0n ? 0n : facts.ours!.vatPaisa]);
    return this.broken(
      facts,
      verdict.findings.filter(({ row }) => row === null),
    );
  }

  /** Looks again at every break of the day that is somebody's work, and at what was settled: a file may have been corrected. */
  async heal(): Promise<void> {
    const { provider, day } = this.of;
    for (let after; ;) {
      const page = await listBreaks(this.database, {
        provider,
        day,
        states: ['OPEN', 'CLAIMED', 'SETTLED'],
        after,
        limit: BREAKS,
      });
      const trxIds = [...new Set(page.filter(({ bucket }) => bucket !== 'bank-differs').map(({ trxId }) => trxId))];
      const keys = await readKeys(this.database, this.of, trxIds);
      const early = new Set<string>();
      const found = keys.flatMap((facts) => {
        const { findings } = classify(facts.ours, facts.rows);
        const due = this.broken(facts, findings);
        if (due.length < findings.length) early.add(facts.trxId);
        return due;
      });
      await this.raise(found, { trxIds, early });
      if (page.length < BREAKS) return;
      after = page.at(-1)!.breakId;
    }
  }

  private broken(facts: KeyFacts, findings: Verdict['findings']): BreakFacts[] {
    return findings
      .filter((finding) => isBreakNow(finding, this.today, (day) => this.hasStatement(day)))
      .map((finding) => this.factsOf(facts, finding));
  }

  /** A day further off was looked at when it was near. */
  private hasStatement(day: LocalDay): boolean {
    return this.stated.has(day) || day < dayAfter(this.of.day, -1);
  }

  private factsOf({ trxId, ours }: KeyFacts, finding: Finding): BreakFacts {
    const { place, bucket, day, oursPaisa, theirsPaisa, row } = finding;
    return {
      ...{ provider: this.of.provider, trxId, place, bucket, day, oursPaisa, theirsPaisa },
      rechargeId: ours?.rechargeId ?? null,
      meterId: ours?.meterId ?? null,
      billerRef: row?.billerRef ?? '',
      batch: row?.batch ?? '',
    };
  }

  /** One after the other, so that the sides do not wait for each other's locks in the database. */
  private raise(found: readonly BreakFacts[], looked?: Looked): Promise<void> {
    const turn = this.raising.then(() => this.raiseNow(found, looked));
    this.raising = turn.catch(() => undefined);
    return turn;
  }

  /** @param looked ids of which all findings are here; without them other breaks of an id are left to `heal` */
  private async raiseNow(found: readonly BreakFacts[], looked?: Looked): Promise<void> {
    const trxIds = looked?.trxIds ?? [...new Set(found.map(({ trxId }) => trxId))];
    for (let i = 0; i < trxIds.length; i += 200) {
      const some = new Set(trxIds.slice(i, i + 200));
      const { opened, healed } = await raiseBreaks(
        this.database,
        {
          provider: this.of.provider,
          trxIds: [...some],
          found: found.filter(({ trxId }) => some.has(trxId)),
          complete: looked !== undefined,
          ...(looked && { early: looked.early }),
        },
        this.now,
      );
      this.result_.opened += opened;
      this.result_.healed += healed;
    }
  }
}
