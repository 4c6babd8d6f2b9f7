import { createHash } from 'node:crypto';
import { DomainError, isDomainError, newId, type InstantMs, type Paisa } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import type { Provider } from '@vend/payments';
import { announce, paymentFacts, type PaymentFact } from '@vend/webhooks';
import type { BillerErrorCode } from '../biller.codes';
import type { BillerCore, BillerPayment, BillerQuote, CommitAsk, StatementLine } from '../core';
import {
  findSandboxEvent,
  insertSandboxEvent,
  insertSandboxPayment,
  lockSandboxPayment,
  sandboxPaymentsOfDay,
  saveSandboxPayment,
  type SandboxPayment,
} from '../store/sandbox-payments';
import { readSandboxQuote, sandboxQuote, sandboxView, stateAt, type SandboxAnswer } from './sandbox-view';
import { assertPayable, planOf, SANDBOX_MINIMUM_PAISA, type SandboxPlan } from './triggers';

/** The payment was accepted, and its caller must not hear so: becomes HTTP 500 at the edge. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

/** Whose payment it is: all that a sandbox has to know of a provider, or of a partner of our signed API. */
type Caller = Pick<Provider, 'code'>;

const STATEMENT_LINES = 1_000;

/**
 * The biller that partners try: it answers by the table of triggers (docs/PARTNERS.md) and keeps what it answered, so
 * that repeats and restarts change nothing. It prices, books and vends nothing, and its tokens are no tokens; but it tells
 * of its payments by webhook, as the real one does.
 */
export class TriggerBiller implements BillerCore {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
    /** How a slow answer is waited for. */
    private readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  async quote(
    _provider: Caller,
    { reference, amountPaisa = SANDBOX_MINIMUM_PAISA }: { readonly reference: string; readonly amountPaisa?: Paisa },
  ): Promise<BillerQuote> {
    assertPayable(reference, amountPaisa);
    return sandboxQuote(reference, amountPaisa, this.now());
  }

  async commit(provider: Caller, ask: CommitAsk): Promise<SandboxAnswer> {
    const draft = this.draft(provider, ask);
    const stored = await this.store(draft.payment);
    if (!stored.payment.content.equals(draft.payment.content))
      throw new DomainError<BillerErrorCode>('transaction-conflict');
    if (stored.isNew) {
      const { slowSeconds, answerLost } = draft.plan;
      if (slowSeconds) await this.wait(slowSeconds * 1_000);
      if (answerLost) throw new AnswerLost('the sandbox loses this answer, as it was asked to');
    }
    return sandboxView(stored.payment, this.now());
  }

  async status({ code }: Caller, trxId: string): Promise<SandboxAnswer | undefined> {
    const payment = await this.database.transaction(async (tx) => {
      const found = await lockSandboxPayment(tx, code, trxId);
      if (!found?.endsAs || found.afterAsks === null) return found;
      const asked =
        found.afterAsks > 1
          ? { ...found, afterAsks: found.afterAsks - 1 }
          : { ...found, state: found.endsAs, endsAs: null, afterAsks: null };
      await saveSandboxPayment(tx, asked);
      if (asked.endsAs === null) await this.tell(tx, asked, asked.state, this.now());
      return asked;
    });
    return payment && sandboxView(payment, this.now());
  }

  /**
   * A callback about a payment, in sandbox mode: kept by its bytes, so that its repeat is known, and paid once.
   *
   * @throws {DomainError} event-conflict: this event id came with other bytes before
   */
  async hear(provider: Caller, event: { eventId: string; rawBody: Buffer; ask: CommitAsk }): Promise<void> {
    const sha256 = createHash('sha256').update(event.rawBody).digest();
    const { code } = provider;
    try {
      await this.database.transaction((tx) =>
        insertSandboxEvent(tx, { provider: code, eventKey: event.eventId, sha256, at: this.now() }),
      );
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const known = await findSandboxEvent(this.database, code, event.eventId);
      if (!known?.equals(sha256)) throw new DomainError('event-conflict');
    }
    try {
      await this.commit(provider, event.ask);
    } catch (error) {
      // As with the real one: a second payment under one id is for people to ask about, and the event is taken.
      const isTaken = error instanceof AnswerLost || (isDomainError(error) && error.code === 'transaction-conflict');
      if (!isTaken) throw error;
    }
  }

  async reverse({ code }: Caller, trxId: string, _reason: string): Promise<SandboxAnswer> {
    return this.change(code, trxId, async (tx, payment) => {
      const state = stateAt(payment, this.now());
      if (state === 'reversed') return payment;
      // One that ends by the clock has told its end already.
      const isOpen = (state === 'in-progress' && payment.endsAt === null) || state === 'refund-due';
      if (!isOpen) throw new DomainError<BillerErrorCode>('token-released');
      const reversed = { ...payment, state: 'reversed', endsAs: null, afterAsks: null } as const;
      await saveSandboxPayment(tx, reversed);
      await this.tell(tx, reversed, 'reversed', this.now());
      return reversed;
    });
  }

  async acknowledge({ code }: Caller, trxId: string): Promise<SandboxAnswer> {
    return this.change(code, trxId, async (tx, payment) => {
      if (payment.acknowledgedAt !== null) return payment;
      const acknowledged = { ...payment, acknowledgedAt: this.now() };
      await saveSandboxPayment(tx, acknowledged);
      return acknowledged;
    });
  }

  async statement(
    { code }: Caller,
    day: string,
    after?: string,
  ): Promise<{ readonly lines: readonly StatementLine[]; readonly next: string | null }> {
    const [, at, trxId] = /^(\d{1,15})~(.{1,64})$/.exec(after ?? '') ?? [];
    const place = at === undefined || trxId === undefined ? undefined : { bookedAt: Number(at), trxId };
    const found = await sandboxPaymentsOfDay(this.database, { provider: code, day, limit: STATEMENT_LINES }, place);
    const last = found.length === STATEMENT_LINES ? found.at(-1) : undefined;
    const now = this.now();
    return {
      lines: found.map(({ trxId, reference, amountPaisa, bookedAt, ...rest }) => ({
        ...{ trxId, reference, amountPaisa, bookedAt, state: stateAt(rest, now) },
      })),
      next: last ? `${last.bookedAt}~${last.trxId}` : null,
    };
  }

  private draft(
    { code }: Caller,
    { trxId, quoteId, ...ask }: CommitAsk,
  ): { payment: SandboxPayment; plan: SandboxPlan } {
    const at = this.now();
    const quoted = quoteId === undefined ? undefined : readSandboxQuote(quoteId);
    const reference = quoted?.reference ?? ask.reference ?? '';
    const amountPaisa = quoted?.amountPaisa ?? ask.amountPaisa ?? 0n;
    const plan = this.planFor(quoteId, quoted, reference, amountPaisa, at);
    const { state, refusalCode = null, tokens = 0, endsAs = null, afterAsks = null, afterSeconds } = plan;
    const content = createHash('sha256').update(`${reference}|${amountPaisa}`).digest();
    return {
      plan,
      payment: {
        ...{ id: newId(at), provider: code, trxId, content, reference, amountPaisa, state, refusalCode },
        ...{ tokenCount: tokens, endsAs, afterAsks, bookedAt: at, acknowledgedAt: null },
        endsAt: afterSeconds === undefined ? null : at + afterSeconds * 1_000,
      },
    };
  }

  private planFor(
    quoteId: string | undefined,
    quoted: ReturnType<typeof readSandboxQuote>,
    reference: string,
    amountPaisa: Paisa,
    at: InstantMs,
  ): SandboxPlan {
    if (quoteId !== undefined && !quoted) return { state: 'refused', refusalCode: 'quote-malformed' };
    if (quoted && quoted.expiresAt < at) return { state: 'refused', refusalCode: 'quote-expired' };
    return planOf(reference, amountPaisa);
  }

  /** Stores a payment, or finds the one that was stored under its id. */
  private async store(payment: SandboxPayment): Promise<{ payment: SandboxPayment; isNew: boolean }> {
    const { provider, trxId } = payment;
    try {
      return await this.database.transaction(async (tx) => {
        const found = await lockSandboxPayment(tx, provider, trxId);
        if (found) return { payment: found, isNew: false };
        await insertSandboxPayment(tx, payment);
        await this.tell(tx, payment, payment.state, payment.bookedAt, true);
        // When it ends is settled with it, so that its end is told of whoever asks.
        const { endsAs, endsAt } = payment;
        if (endsAs !== null && endsAt !== null) await this.tell(tx, payment, endsAs, endsAt);
        return { payment, isNew: true };
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const found = await this.database.transaction((tx) => lockSandboxPayment(tx, provider, trxId));
      return { payment: found!, isNew: false };
    }
  }

  private async change(
    code: string,
    trxId: string,
    work: (tx: Tx, payment: SandboxPayment) => Promise<SandboxPayment>,
  ): Promise<SandboxAnswer> {
    const payment = await this.database.transaction(async (tx) => {
      const found = await lockSandboxPayment(tx, code, trxId);
      if (!found) throw new DomainError<BillerErrorCode>('transaction-not-found');
      return work(tx, found);
    });
    return sandboxView(payment, this.now());
  }

  /** As the real one tells of its payments; of a refused one nothing is told. */
  private async tell(
    tx: Tx,
    payment: SandboxPayment,
    state: BillerPayment['state'],
    at: InstantMs,
    isFirst = false,
  ): Promise<void> {
    const type = EVENTS[state];
    if (!type) return;
    const { receiptNo } = sandboxView(payment, at);
    const facts = paymentFacts({
      ...{ type, rechargeId: payment.id, source: `provider:${payment.provider}`, sourceRef: payment.trxId, at },
      ...{ grossPaisa: payment.amountPaisa, receiptNo, isFirst, mode: 'sandbox' },
      refusalCode: state === 'vended' || state === 'in-progress' ? null : payment.refusalCode,
    });
    await announce(tx, facts, undefined, new Date(at));
  }
}

const EVENTS: Readonly<Record<BillerPayment['state'], PaymentFact['type'] | undefined>> = {
  vended: 'payment.vended',
  'in-progress': 'payment.pending',
  'refund-due': 'payment.refund-due',
  reversed: 'payment.refunded',
  refused: undefined,
};
