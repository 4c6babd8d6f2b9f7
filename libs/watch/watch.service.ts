import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, isId, startOfDay, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import {
  keepEvents,
  keptEvents,
  rareBetween,
  soldBetween,
  vendorsWithLowFloat,
  type RareMeasure,
} from './store/events';
import {
  listReviews,
  moveCursor,
  officesOfSubjects,
  readCursor,
  readReview,
  readRules,
  saveDecision,
  saveFindings,
  saveRule,
  type ReviewItem,
  type ReviewQuestion,
} from './store/reviews';
import { findings, lowFloats, type Finding, type WatchRule } from './watch';
import type { WatchErrorCode } from './watch.errors';

/** A vend that takes longer than this to commit is found by the nightly look. */
const LAG_MS = 15_000;
/** How much time one transaction looks at. */
const SPAN_MS = 300_000;
/** Where a watch that never looked begins. */
const FIRST_LOOK_MS = 86_400_000;

/**
 * Looks at what was committed and lists what is unusual. It looks behind the lane, by a cursor over time; what it finds
 * is a function of the rows it reads, so looking twice, from two workers, or again after a kill finds nothing twice.
 */
export class Watch {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** Looks at everything since the last look. @returns how many spans of time it looked at */
  async look(): Promise<number> {
    const upTo = this.now() - LAG_MS;
    let from = await this.database.transaction((tx) => readCursor(tx, upTo - FIRST_LOOK_MS));
    let spans = 0;
    for (; from < upTo; spans++) {
      const to = Math.min(from + SPAN_MS, upTo);
      await this.lookAt(from, to, true);
      from = to;
    }
    await this.lookAtFloats();
    return spans;
  }

  /** A float is low now or it is not: there is nothing to catch up with. */
  private async lookAtFloats(): Promise<void> {
    const rules = (await readRules(this.database)).filter(({ active, measure }) => active && measure === 'low-floats');
    if (rules.length === 0) return;
    const vendors = await vendorsWithLowFloat(this.database);
    if (vendors.length === 0) return;
    const found = rules.flatMap((rule) =>
      lowFloats(rule, vendors, this.now()).map((finding) => ({ finding, rule, office: null })),
    );
    await this.database.transaction((tx) => saveFindings(tx, found));
  }

  /** Looks at a whole Dhaka day again, for what was committed late. Changes nothing that was found. */
  async lookAgain(day: LocalDay): Promise<void> {
    const start = startOfDay(day);
    for (let from = start; from < start + 86_400_000; from += SPAN_MS) {
      await this.lookAt(from, from + SPAN_MS, false);
    }
  }

  private async lookAt(from: InstantMs, to: InstantMs, moves: boolean): Promise<void> {
    const rules = (await readRules(this.database)).filter(({ active }) => active);
    const ofSales = rules.filter(({ measure }) => measure === 'vends' || measure === 'twin-stations');
    const lookBackMs = Math.max(0, ...ofSales.map(({ windowSeconds }) => windowSeconds * 1_000));
    const [sales, rare] = await Promise.all([
      ofSales.length === 0 ? [] : soldBetween(this.database, from - lookBackMs, to),
      rareBetween(this.database, from, to),
    ]);
    const found = ofSales.flatMap((rule) => findings(rule, sales, from).map((finding) => ({ finding, rule })));
    await this.database.transaction(async (tx) => {
      const all: { finding: Finding; rule: WatchRule }[] = [...found];
      for (const [measure, events] of Object.entries(rare) as [RareMeasure, (typeof rare)[RareMeasure]][]) {
        if (events.length === 0) continue;
        await keepEvents(tx, measure, events);
        for (const rule of rules.filter((one) => one.measure === measure)) {
          const kept = await keptEvents(tx, measure, from - rule.windowSeconds * 1_000, to);
          all.push(...findings(rule, kept, from).map((finding) => ({ finding, rule })));
        }
      }
      if (all.length > 0) {
        const offices = await officesOfSubjects(tx, [...new Set(all.map(({ finding }) => finding.subject))]);
        await saveFindings(
          tx,
          all.map((one) => ({ ...one, office: offices.get(one.finding.subject) ?? null })),
        );
      }
      if (moves) await moveCursor(tx, to);
    });
  }

  /**
   * A page of the review list, the latest first.
   *
   * @example await watch.reviews({ state: 'OPEN', offices: 'all', limit: 50 })
   */
  reviews(question: ReviewQuestion): Promise<ReviewItem[]> {
    return listReviews(this.database, question);
  }

  /**
   * A person has looked: there is an explanation, or somebody else must look. The same answer by the same person again
   * changes nothing.
   *
   * @param offices those that the person may see; items of others are not there
   * @throws {DomainError<WatchErrorCode>} review-not-found, review-decided
   * @example await watch.decide(user, reviewId, { state: 'EXPLAINED', note: 'school fees day' }, offices)
   */
  async decide(
    user: SessionUser,
    reviewId: string,
    { state, note }: { readonly state: 'EXPLAINED' | 'ESCALATED'; readonly note: string },
    offices: ReviewQuestion['offices'],
  ): Promise<ReviewItem> {
    if (!isId(reviewId)) throw new DomainError<WatchErrorCode>('review-not-found');
    return this.database.transaction(async (tx) => {
      const item = await readReview(tx, reviewId, true);
      if (!item || (offices !== 'all' && (item.office === null || !offices.includes(item.office)))) {
        throw new DomainError<WatchErrorCode>('review-not-found');
      }
      const by = `user:${user.username}`;
      if (item.state !== 'OPEN') {
        if (item.state === state && item.decidedBy === by && item.note === note) return item;
        throw new DomainError<WatchErrorCode>('review-decided');
      }
      const at = this.now();
      await saveDecision(tx, reviewId, { state, by, note, at });
      await recordAudit(tx, {
        actor: by,
        action: 'review-decided',
        subject: `review:${reviewId}`,
        detail: { rule: item.rule, subject: item.subject, events: item.events, state, note },
        at,
      });
      return (await readReview(tx, reviewId, false))!;
    });
  }

  /** The rules. */
  rules(): Promise<WatchRule[]> {
    return readRules(this.database);
  }

  /**
   * Changes what a rule takes for usual, from the next look on.
   *
   * @throws {DomainError<WatchErrorCode>} watch-rule-not-found
   * @example await watch.setRule(user, { rule: 'many-vends-meter', threshold: 5, windowSeconds: 60, active: true })
   */
  async setRule(
    user: SessionUser,
    rule: Pick<WatchRule, 'rule' | 'threshold' | 'windowSeconds' | 'active'>,
  ): Promise<WatchRule> {
    const before = (await this.rules()).find((one) => one.rule === rule.rule);
    if (!before) throw new DomainError<WatchErrorCode>('watch-rule-not-found');
    const at = this.now();
    const actor = `user:${user.username}`;
    await this.database.transaction(async (tx) => {
      await saveRule(tx, rule, actor, at);
      await recordAudit(tx, {
        actor,
        action: 'watch-rule-set',
        subject: `watch-rule:${rule.rule}`,
        detail: {
          threshold: rule.threshold,
          windowSeconds: rule.windowSeconds,
          active: rule.active,
          wasThreshold: before.threshold,
          wasWindowSeconds: before.windowSeconds,
          wasActive: before.active,
        },
        at,
      });
    });
    return { ...before, ...rule };
  }
}
