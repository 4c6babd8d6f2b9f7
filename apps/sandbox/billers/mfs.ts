import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, parseTaka } from '@vend/kernel';
import type { ProviderBook } from '../providers/provider-book';
import type { ProviderFaults } from '../providers/provider-faults';
import type { PlayedProvider, ProvidersFile } from '../providers/providers-file';
import type { SandboxErrorCode } from '../sandbox.errors';
import { playedFaults, type CompanyOrder } from './company-order';
import { CompanyStory, type CompanyStep } from './company-story';
import type { CallStep, CompanyPayment, Dialect, Meaning } from './dialect';
import { DIALECTS } from './dialects';
import type { AnswerFault, DialectClient } from './dialect-client';
import { oddly } from './odd';

const PAUSE_MS = 200;
const PAUSE_MAX_MS = 5_000;
/** After that a company leaves a payment to its people: the statement of the day will show it. */
const ASKS_MAX = 400;
/** How many stories are kept for whoever asks how they went on. */
const STORIES_MAX = 50_000;
const DAY_MS = 86_400_000;
const SLOW_MS = 1_500;
const CUT_MS = 3;

/**
 * The companies that sell our recharges: asks for the price, debits the payer's wallet, pays, and repeats or asks for the
 * status until it knows. A payment that has no outcome when the payer's patience ends is asked about further on.
 */
export class MobileMoneyCompanies {
  private readonly stories = new Map<string, CompanyStory>();
  private readonly open = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly file: ProvidersFile,
    private readonly book: ProviderBook,
    private readonly chances: ProviderFaults,
    private readonly client: DialectClient,
  ) {
    // Every order that waits listens to it, and stops listening when it goes on: many at once are no leak.
    setMaxListeners(0, this.closing.signal);
  }

  /** The companies that have a dialect. @throws {DomainError} providers-missing */
  async companies(): Promise<readonly PlayedProvider[]> {
    return (await this.file.all()).filter(({ profile }) => DIALECTS[profile] !== undefined);
  }

  /**
   * Plays one payment, until its outcome is known or the payer's patience ends.
   *
   * @throws {DomainError} provider-unknown, providers-missing; what the vending system does is part of the story
   */
  async pay(code: string, order: CompanyOrder): Promise<CompanyStory> {
    const story = await this.begin(code, order);
    const early = story.faults.has('status-first');
    // Where the id is that of a quote, there is none to ask about before.
    const keyIsQuote = story.dialect.steps.includes('login');
    if (early && !keyIsQuote) await this.say(story, 'status', order.timeoutMs);
    if (!(await this.askPrice(story, order))) return story;
    if (early && keyIsQuote) await this.say(story, 'status', order.timeoutMs);
    if (story.faults.has('payer-leaves')) return this.ended(story, 'refused');
    if (story.faults.has('slow')) await sleep(SLOW_MS);
    await this.takeMoney(story, order);
    const first = await this.payAtFirst(story, order);
    const settling = this.settle(story, order.timeoutMs, first);
    this.keepOpen(settling);
    // Who waits is told what is known by then; the company goes on.
    await Promise.race([settling, sleep(order.patienceMs, undefined, { ref: false })]);
    return story;
  }

  /** How a payment went on. @throws {DomainError} provider-unknown when the company never had it */
  story(code: string, trxId: string): CompanyStory {
    const story = this.stories.get(`${code}/${trxId}`);
    if (!story) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return story;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.client.close();
    await Promise.allSettled(this.open);
  }

  private async begin(code: string, order: CompanyOrder): Promise<CompanyStory> {
    const company = await this.file.find(code);
    const dialect = DIALECTS[company.profile]?.(company);
    if (!dialect) throw new DomainError<SandboxErrorCode>('provider-unknown');
    const faults = playedFaults(company.profile, order.faults, (fault) => this.chances.happens(code, fault));
    const { reference, amount, payerMobile, trxId = newTrxId() } = order;
    const at = Date.now() - (faults.has('clock-skew') ? DAY_MS : 0);
    const story = new CompanyStory(code, dialect, { trxId, reference, amount, payerMobile, at, carried: {} }, faults);
    this.stories.set(`${code}/${trxId}`, story);
    const oldest = this.stories.keys().next().value;
    if (this.stories.size > STORIES_MAX && oldest !== undefined) this.stories.delete(oldest);
    return story;
  }

  /** Everything before the money. @returns false when the payer cannot go on, and keeps the money */
  private async askPrice(story: CompanyStory, { timeoutMs }: CompanyOrder): Promise<boolean> {
    const { steps } = story.dialect;
    for (const step of steps.slice(0, steps.indexOf('pay'))) {
      const { meaning } = await this.say(story, step, timeoutMs);
      if (step === 'login' && story.faults.has('float-exhausted')) outgrowFloat(story);
      if (meaning === 'done') continue;
      this.ended(story, meaning === 'refused' ? 'refused' : 'unknown');
      return false;
    }
    return true;
  }

  /** The payer's wallet is debited, and it is written down before anybody is told. */
  private async takeMoney(story: CompanyStory, { otherAmount }: CompanyOrder): Promise<void> {
    if (story.faults.has('amount-changed')) story.payment = { ...story.payment, amount: otherAmount };
    const { reference, amount, at } = story.payment;
    const money = { provider: story.provider, trxId: story.key, reference, amountPaisa: parseTaka(amount), at };
    await this.book.took(money);
    story.taken = true;
  }

  /** The first pay call, and whatever else leaves with it. */
  private async payAtFirst(story: CompanyStory, { timeoutMs, copies, otherAmount }: CompanyOrder): Promise<Meaning> {
    const { faults } = story;
    const inTime = faults.has('down') ? CUT_MS : timeoutMs;
    if (faults.has('token-expired')) this.carry(story, { carried: { accessToken: 'ended' } });
    const others = (fault: 'pay-repeated' | 'pay-in-parallel'): undefined[] =>
      Array.from({ length: faults.has(fault) ? copies : 0 });
    const first = this.say(story, 'pay', inTime, answerFaultOf(story));
    await Promise.all([first, ...others('pay-in-parallel').map(() => this.say(story, 'pay', timeoutMs))]);
    for (const _ of others('pay-repeated')) await this.say(story, 'pay', timeoutMs);
    if (faults.has('amount-changed-on-repeat')) {
      const changed = { ...story.payment, amount: otherAmount };
      // Only a vending system that is wrong says anything but "conflict" to it; the story shows what was said.
      await this.say(story, 'pay', timeoutMs, undefined, changed);
    }
    return (await first).meaning;
  }

  /** Asks and pays again until there is an outcome, as the contract says and for as long as it takes. */
  private async settle(story: CompanyStory, timeoutMs: number, first: Meaning): Promise<void> {
    let last: Meaning = first;
    for (let asks = 0; asks < ASKS_MAX; asks++) {
      if (last === 'done') return this.recharged(story, timeoutMs);
      if (last === 'refused') return this.giveBack(story);
      if (last === 'conflict') return;
      if (last === 'pending') story.outcome = 'pending';
      await sleep(Math.min(PAUSE_MS * 1.5 ** asks, PAUSE_MAX_MS), undefined, { signal: this.closing.signal });
      last = (await this.say(story, 'status', timeoutMs)).meaning;
      const again = last === 'not-found' || (story.dialect.unanswered === 'insist' && last !== 'done');
      if (again) last = (await this.say(story, 'pay', timeoutMs)).meaning;
    }
  }

  private async recharged(story: CompanyStory, timeoutMs: number): Promise<void> {
    if (story.dialect.steps.includes('acknowledge') && !story.faults.has('ack-missing'))
      await this.acknowledge(story, timeoutMs);
    this.ended(story, 'vended');
  }

  /** Says that it has the answer, until that is heard. */
  private async acknowledge(story: CompanyStory, timeoutMs: number): Promise<void> {
    for (let asks = 0; asks < ASKS_MAX; asks++) {
      if ((await this.say(story, 'acknowledge', timeoutMs)).meaning === 'done') return;
      await sleep(Math.min(PAUSE_MS * 1.5 ** asks, PAUSE_MAX_MS), undefined, { signal: this.closing.signal });
    }
  }

  private async giveBack(story: CompanyStory): Promise<void> {
    await this.book.reversed(story.provider, story.key, Date.now());
    story.reversed = true;
    this.ended(story, 'refused');
  }

  private ended(story: CompanyStory, outcome: CompanyStory['outcome']): CompanyStory {
    story.outcome = outcome;
    return story;
  }

  /** One call, and what the company makes of its answer. */
  private async say(
    story: CompanyStory,
    step: CallStep,
    timeoutMs: number,
    fault?: AnswerFault,
    payment: CompanyPayment = story.payment,
  ): Promise<CompanyStep> {
    const { dialect, provider, steps } = story;
    const call = dialect.call(step, payment);
    const seen = await this.client.send(provider, story.faults.has('odd-json') ? oddly(call) : call, timeoutMs, fault);
    const heard = seen.seen === 'answer' ? dialect.hear(step, seen) : ({ meaning: 'unclear', code: null } as const);
    if ('carried' in heard) this.carry(story, heard);
    if ('tokens' in heard && heard.tokens.length > 0) story.tokens = heard.tokens;
    const attempt = steps.filter((each) => each.step === step).length + 1;
    const taken: CompanyStep = { ...seen, step, attempt, meaning: heard.meaning, code: heard.code };
    steps.push(taken);
    return taken;
  }

  private carry(story: CompanyStory, { carried }: Pick<ReturnType<Dialect['hear']>, 'carried'>): void {
    story.payment = { ...story.payment, carried: { ...story.payment.carried, ...carried } };
  }

  private keepOpen(settling: Promise<void>): void {
    // An end of the process ends the asking; the sandbox keeps its books, not its errands.
    const kept = settling.catch(() => undefined).finally(() => this.open.delete(kept));
    this.open.add(kept);
  }
}

/** Sells more than it has paid in. */
function outgrowFloat(story: CompanyStory): void {
  const [taka = '0'] = (story.payment.carried['balance'] ?? '0').split('.');
  story.payment = { ...story.payment, amount: String(BigInt(taka) + 1n) };
}

const ANSWER_FAULTS = ['answer-lost', 'html-page', 'failed-but-done', 'empty-answer'] as const;

function answerFaultOf({ faults }: CompanyStory): AnswerFault | undefined {
  return ANSWER_FAULTS.find((fault) => faults.has(fault));
}

/** Ten characters A-Z0-9, as the providers make them. */
function newTrxId(): string {
  return Array.from({ length: 10 }, () => '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'[randomInt(36)]).join('');
}
