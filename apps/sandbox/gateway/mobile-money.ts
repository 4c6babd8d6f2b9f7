import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatInstant, formatTaka, newId, parseTaka } from '@vend/kernel';
import type { ProviderBook } from '../providers/provider-book';
import type { ProviderFault, ProviderFaults } from '../providers/provider-faults';
import { BillerClient, type CallOptions, type Sight } from './biller-client';
import type { Partner, Partners } from './partners';
import type { CallbackOrder, PaymentOrder, StatusQuestion } from './payment-order';

export type Step = { readonly step: 'inquiry' | 'pay' | 'status' | 'callback'; readonly attempt: number } & Sight;

export interface PaymentStory {
  readonly provider: string;
  readonly transactionId: string;
  /** As the provider would tell its payer in the end; `unknown`: nobody ever answered. */
  readonly outcome: 'vended' | 'pending' | 'refused' | 'unknown';
  /** The answer that decided: to pay, or to status when pay was left pending or never answered. */
  readonly answer: unknown;
  /** False when two successful answers to the same transaction differed: that is a fault of the vending system. */
  readonly answersAgree: boolean;
  readonly steps: readonly Step[];
}

const ATTEMPTS_MAX = 4;
/** What `amount-changed` pays more than it asked about. */
const ANOTHER_PAISA = 700n;
const PAUSE_MS = 200;
const PAUSE_MAX_MS = 2_000;

type Answered = Extract<Sight, { seen: 'answer' }>;

/** Plays a mobile-money provider: inquiry, the payer's wallet is debited, pay until somebody answers, status. */
export class MobileMoney {
  constructor(
    private readonly partners: Partners,
    private readonly client: BillerClient,
    private readonly book: ProviderBook,
    private readonly chances: ProviderFaults,
  ) {}

  /** @throws {DomainError} provider-unknown, partners-missing; what the vending system does is part of the story */
  async pay(ordered: PaymentOrder): Promise<PaymentStory> {
    const partner = await this.partners.find(ordered.provider);
    const transactionId = ordered.transactionId ?? newTransactionId();
    const order = this.withChance(ordered, transactionId);
    const steps: Step[] = [];
    if (order.faults.statusFirst) steps.push(await this.askStatus(partner, transactionId, order.faults));
    const quoteId = order.faults.skipInquiry ? undefined : await this.inquire(partner, order, steps);
    if (!order.faults.skipInquiry && quoteId === undefined) return storyOf(order.provider, transactionId, steps);
    if (this.chances.happens(order.provider, 'payer-leaves')) return storyOf(order.provider, transactionId, steps);
    const body = payBody(order, transactionId, quoteId);
    const amount = order.faults.payAmount ?? order.amount;
    await this.debit({ ...order, amount }, transactionId);
    const copies = Array.from({ length: 1 + order.faults.repeat }, (_, n) => n === 0 && order.faults.loseFirstAnswer);
    const payOnce = (loseFirst: boolean): Promise<void> =>
      this.payUntilAnswered(partner, body, order, loseFirst, steps);
    if (order.faults.parallel) await Promise.all(copies.map(payOnce));
    else for (const loseFirst of copies) await payOnce(loseFirst);
    steps.push(await this.askStatus(partner, transactionId, order.faults));
    const story = storyOf(order.provider, transactionId, steps);
    if (isRefusedForGood(steps)) await this.giveBack({ ...order, amount }, transactionId);
    return story;
  }

  /** Asks what became of an earlier payment. @throws {DomainError} provider-unknown, partners-missing */
  async status(question: StatusQuestion): Promise<PaymentStory> {
    const partner = await this.partners.find(question.provider);
    const step = await this.askStatus(partner, question.transactionId, PATIENT);
    return storyOf(question.provider, question.transactionId, [step]);
  }

  /** Sends the signed notice of a paid top-up, as often as told. @throws {DomainError} provider-unknown, partners-missing */
  async callBack(order: CallbackOrder): Promise<{ eventId: string; transactionId: string; deliveries: Step[] }> {
    const partner = await this.partners.find(order.provider);
    const eventId = order.eventId ?? newId();
    const transactionId = order.transactionId ?? newTransactionId();
    const happens = (fault: ProviderFault): boolean => this.chances.happens(order.provider, fault);
    // Who signs with another key is somebody else, and has nobody's money.
    if (!order.spoilSignature) await this.debit(order, transactionId);
    // Sent again later, the same event says the same to the byte.
    const paidAt = this.book.payment(order.provider, transactionId)?.at ?? Date.now();
    const bodyOf = (id: string): string =>
      JSON.stringify({
        eventId: id,
        transactionId,
        reference: order.reference,
        amount: order.amount,
        currency: 'BDT',
        status: 'paid',
        paidAt: formatInstant(paidAt),
        ...(order.payerMobile !== undefined && { payerMobile: order.payerMobile }),
      });
    const deliver = async (attempt: number, id = eventId): Promise<Step> => {
      const sight = await this.client.call(partner, '/v1/callbacks/topup', bodyOf(id), { ...PATIENT, ...order });
      return { step: 'callback', attempt, ...sight };
    };
    if (happens('notice-never')) return { eventId, transactionId, deliveries: [] };
    const times = order.times + (happens('notice-twice') ? 1 : 0);
    const attempts = Array.from({ length: times }, (_, n) => n + 1);
    const deliveries: Step[] = [];
    if (order.parallel) deliveries.push(...(await Promise.all(attempts.map((attempt) => deliver(attempt)))));
    else for (const attempt of attempts) deliveries.push(await deliver(attempt));
    if (happens('notice-other-id')) deliveries.push(await deliver(1, newId()));
    return { eventId, transactionId, deliveries };
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** What was ordered, and what happens by chance; once a payer has paid, the same money is sent again. */
  private withChance(order: PaymentOrder, transactionId: string): PaymentOrder {
    const { provider, amount, faults } = order;
    const happens = (fault: ProviderFault): boolean => this.chances.happens(provider, fault);
    const taken = this.book.payment(provider, transactionId);
    const parallel = happens('pay-in-parallel');
    const another = happens('amount-changed') && !taken && paisaOf(amount) > 0n;
    return {
      ...order,
      amount: taken ? formatTaka(taken.amountPaisa) : amount,
      faults: {
        ...faults,
        loseFirstAnswer: faults.loseFirstAnswer || happens('answer-lost'),
        repeat: faults.repeat + (happens('pay-repeated') ? 1 : 0) + (parallel ? 4 : 0),
        parallel: faults.parallel || parallel,
        statusFirst: faults.statusFirst || happens('status-first'),
        payAmount: faults.payAmount ?? (another ? formatTaka(paisaOf(amount) + ANOTHER_PAISA) : undefined),
      },
    };
  }

  /** The payer's wallet pays. Amounts that are none can be sent, and are nobody's money. */
  private async debit({ provider, reference, amount }: Debit, trxId: string): Promise<void> {
    const amountPaisa = paisaOf(amount);
    if (amountPaisa <= 0n) return;
    await this.book.took({ provider, trxId, reference, amountPaisa, at: Date.now() });
  }

  /** Only what was taken for this order: under the same id other money may have been vended. */
  private async giveBack({ provider, amount }: Debit, trxId: string): Promise<void> {
    if (this.book.payment(provider, trxId)?.amountPaisa !== paisaOf(amount)) return;
    await this.book.reversed(provider, trxId, Date.now());
  }

  private async inquire(partner: Partner, order: PaymentOrder, steps: Step[]): Promise<string | undefined> {
    const body = JSON.stringify({ reference: order.reference, amount: order.amount });
    const sight = await this.client.call(partner, '/v1/biller/inquiry', body, order.faults);
    steps.push({ step: 'inquiry', attempt: 1, ...sight });
    const quoteId = sight.seen === 'answer' && sight.httpStatus === 200 ? fieldOf(sight.answer, 'quoteId') : undefined;
    return typeof quoteId === 'string' ? quoteId : undefined;
  }

  private async askStatus(partner: Partner, transactionId: string, options: CallOptions): Promise<Step> {
    const sight = await this.client.call(partner, '/v1/biller/status', JSON.stringify({ transactionId }), options);
    return { step: 'status', attempt: 1, ...sight };
  }

  /** The payer's wallet has been debited: the provider repeats until it has an answer, with the same bytes. */
  private async payUntilAnswered(
    partner: Partner,
    body: string,
    order: PaymentOrder,
    loseFirst: boolean,
    steps: Step[],
  ): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const sight = await this.client.call(partner, '/v1/biller/pay', body, order.faults);
      const lost = loseFirst && attempt === 1 && sight.seen === 'answer';
      steps.push({ step: 'pay', attempt, ...(lost ? { seen: 'answer-lost', tookMs: sight.tookMs } : sight) });
      if (!lost && isFinal(sight)) return;
      const advised = sight.seen === 'answer' ? sight.retryAfterMs : undefined;
      if (attempt < ATTEMPTS_MAX && !lost) await sleep(Math.min(advised ?? PAUSE_MS * attempt, PAUSE_MAX_MS));
    }
  }
}

const PATIENT: CallOptions = { timeoutMs: 10_000, clockSkewSeconds: 0, spoilSignature: false };

type Debit = Pick<PaymentOrder, 'provider' | 'reference' | 'amount'>;

function paisaOf(amount: string): bigint {
  try {
    return parseTaka(amount);
  } catch {
    return 0n;
  }
}

/** Every final answer to pay was a refusal, and afterwards nobody had heard of the payment: money may go back. */
function isRefusedForGood(steps: readonly Step[]): boolean {
  const answered = steps.filter((step): step is Step & Answered => isFinal(step));
  const pays = answered.filter(({ step }) => step === 'pay');
  const asked = answered.findLast(({ step }) => step === 'status');
  return pays.length > 0 && pays.every(({ httpStatus }) => httpStatus !== 200) && asked?.httpStatus === 404;
}

function payBody(order: PaymentOrder, transactionId: string, quoteId: string | undefined): string {
  const byQuote = quoteId !== undefined && order.faults.payAmount === undefined;
  return JSON.stringify({
    transactionId,
    ...(byQuote ? { quoteId } : { reference: order.reference, amount: order.faults.payAmount ?? order.amount }),
    ...(order.payerMobile !== undefined && { payerMobile: order.payerMobile }),
    paidAt: formatInstant(Date.now()),
  });
}

/** A refusal is final; "busy" and every failure of the server's own are not. */
function isFinal(sight: Sight): sight is Answered {
  return sight.seen === 'answer' && sight.httpStatus < 500 && sight.httpStatus !== 429;
}

function storyOf(provider: string, transactionId: string, steps: readonly Step[]): PaymentStory {
  const answered = steps.filter((step): step is Step & Answered => isFinal(step));
  const last = decisive(answered);
  return {
    provider,
    transactionId,
    outcome: outcomeOf(last),
    answer: last?.answer ?? null,
    answersAgree: answersAgree(answered),
    steps,
  };
}

/** The answer that the provider goes by: to pay; a later status only when pay said "pending" or nothing at all. */
function decisive(answered: readonly (Step & Answered)[]): (Step & Answered) | undefined {
  const pay = answered.findLast(({ step }) => step === 'pay');
  if (pay && !(pay.httpStatus === 200 && fieldOf(pay.answer, 'status') === 'pending')) return pay;
  const refusedInquiry = answered.findLast(({ step, httpStatus }) => step === 'inquiry' && httpStatus !== 200);
  const status = answered.findLast(({ step }) => step === 'status');
  return refusedInquiry ?? (status?.httpStatus === 200 ? status : (pay ?? status));
}

/** "Pending" may become "vended"; two answers of the same kind must not differ in anything. */
function answersAgree(answered: readonly (Step & Answered)[]): boolean {
  const first = new Map<unknown, string>();
  return answered
    .filter(({ step, httpStatus }) => step === 'pay' && httpStatus === 200)
    .every(({ answer }) => {
      const [status, text] = [fieldOf(answer, 'status'), JSON.stringify(answer)];
      if (!first.has(status)) first.set(status, text);
      return first.get(status) === text;
    });
}

function outcomeOf(last: (Step & Answered) | undefined): PaymentStory['outcome'] {
  if (!last) return 'unknown';
  const status = fieldOf(last.answer, 'status');
  if (last.httpStatus === 200) return status === 'vended' || status === 'pending' ? status : 'unknown';
  return last.step === 'status' ? 'unknown' : 'refused';
}

function fieldOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
}

/** Ten characters A-Z0-9, as the providers make them. */
function newTransactionId(): string {
  return Array.from({ length: 10 }, () => '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'[randomInt(36)]).join('');
}
