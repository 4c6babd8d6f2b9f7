import { dhakaDay, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { dayAfter, isBreakNow } from '../breaks';
import { raiseBreaks } from '../raising';
import { listBreaks, type BreakFacts } from '../store/breaks';
import {
  countingImports,
  endOfPage,
  idsOfDay,
  readKeys,
  readOurPage,
  readTheirPage,
  type KeyFacts,
} from '../store/pages';
import { saveDay } from '../store/totals';
import { classify, signedPaisa, type Finding, type Verdict } from './classify';
import { DayTotals } from './day-totals';

/** Rows of a page: what is in memory at a time, whatever the statement's size. */
const PAGE = 5_000;

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
  await run.theirs();
  await run.ours();
  await run.heal();
  await saveDay(database, of, run.totals, now);
  return run.result;
}

class DayMatch {
  readonly totals = new DayTotals();
  private readonly result_ = { opened: 0, healed: 0 };
  private readonly stated = new Set<LocalDay>();
  private readonly today: LocalDay;

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

  async theirs(): Promise<void> {
    for (const importNo of await countingImports(this.database, this.of.provider, this.of.day)) {
      for (let afterLine = 0; ;) {
        const page = await readTheirPage(this.database, { ...this.of, importNo }, { afterLine, limit: PAGE });
        const broken: BreakFacts[] = [];
        for (const { trxId, ours, rows, row } of page) {
          const verdict = classify(ours, rows);
          const place = rows.findIndex((each) => each.line === row.line && each.importNo === row.importNo);
          const vatPaisa = place === verdict.head && ours && ours.returnedOn === null ? ours.vatPaisa : 0n;
          const fee = row.status === 'PAID' ? row.feePaisa : row.status === 'REVERSED' ? -row.feePaisa : 0n;
          this.totals.add('theirs', verdict.rows[place]!, row.batch, [signedPaisa(row), fee, vatPaisa]);
          // Each finding once: with the row that it is about.
          const own = verdict.findings.filter((finding) => finding.row === rows[place]);
          broken.push(...this.broken({ trxId, ours, rows }, own));
        }
        await this.raise(broken);
        if (page.length < PAGE) break;
        afterLine = page.at(-1)!.row.line;
      }
    }
  }

  async ours(): Promise<void> {
    const { after: first, through } = idsOfDay(this.of.day);
    for (let after = first; after < through;) {
      const end = await endOfPage(this.database, after, through, PAGE);
      const broken: BreakFacts[] = [];
      for (const facts of await readOurPage(this.database, this.of, after, end)) {
        const verdict = classify(facts.ours, facts.rows);
        const paisa = facts.ours!.returnedOn === null ? facts.ours!.amountPaisa : 0n;
        this.totals.add('ours', verdict.ours!, '', [paisa, 0n, paisa === 0n ? 0n : facts.ours!.vatPaisa]);
        broken.push(
          ...this.broken(
            facts,
            verdict.findings.filter(({ row }) => row === null),
          ),
        );
      }
      await this.raise(broken);
      after = end;
    }
  }

  /** Looks again at every break of the day that is still somebody's work. */
  async heal(): Promise<void> {
    const { provider, day } = this.of;
    for (let after; ;) {
      const page = await listBreaks(this.database, { provider, day, states: ['OPEN', 'CLAIMED'], after, limit: PAGE });
      const trxIds = [...new Set(page.filter(({ bucket }) => bucket !== 'bank-differs').map(({ trxId }) => trxId))];
      const keys = await readKeys(this.database, this.of, trxIds);
      const found = keys.flatMap((facts) => this.broken(facts, classify(facts.ours, facts.rows).findings));
      await this.raise(found, trxIds);
      if (page.length < PAGE) return;
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

  /** @param looked ids of which all findings are here; without them other breaks of an id are left to `heal` */
  private async raise(found: readonly BreakFacts[], looked?: readonly string[]): Promise<void> {
    const trxIds = looked ?? [...new Set(found.map(({ trxId }) => trxId))];
    for (let i = 0; i < trxIds.length; i += 200) {
      const some = new Set(trxIds.slice(i, i + 200));
      const { opened, healed } = await raiseBreaks(
        this.database,
        {
          provider: this.of.provider,
          trxIds: [...some],
          found: found.filter(({ trxId }) => some.has(trxId)),
          complete: looked !== undefined,
        },
        this.now,
      );
      this.result_.opened += opened;
      this.result_.healed += healed;
    }
  }
}
