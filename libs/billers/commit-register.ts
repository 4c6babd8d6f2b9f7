import { createHash, randomBytes } from 'node:crypto';
import { DomainError, type InstantMs } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { Lane, seal, unseal, type Database } from '@vend/platform';
import type { VendingErrorCode } from '@vend/vending';
import type { AcceptedAsk, BillerPayment, CommitAsk } from './core';
import type { WireAnswer } from './profile';
import {
  acknowledgeCommit,
  endCommit,
  insertCommits,
  keyOf,
  postponeCommit,
  selectCommits,
  takeCommit,
  takeDueCommits,
  watchNoLonger,
  type CommitEnd,
  type CommitKey,
  type RegisteredCommit,
} from './store/commits';

/** So long whoever has accepted a payment, or taken it in hand, works it alone. */
export const WORKED_ALONE_MS = 30_000;
/** A payment that could not be ended is looked at again after so long, and the older it is the later. */
const AGAIN_MS = { least: 2_000, most: 60_000 };
/** The answer to a payment that is older is made from the books each time: the night has forgotten the first, or will. */
const ANSWERS_OF_MS = 30 * 86_400_000;
const BACKLOG_MAX = 4_000;
/** The width of the column, less what sealing adds. */
const ANSWER_BYTES_MAX = 16_000;
/** Larger than any amount that can be paid, and small enough for the column. */
const AMOUNT_MAX = 10n ** 15n;

/** A payment in the register, and who is to work it. */
export interface Accepted {
  readonly commit: RegisteredCommit;
  readonly ask: AcceptedAsk;
  /** True: this caller works it. False: somebody does, or it is ended. */
  readonly mine: boolean;
  /** The answer that was given once; every repeat is answered with it. */
  readonly answer: WireAnswer | null;
}

/**
 * The register of what billers told us to vend. A payment is in it, durably, before anything is done with it: from then
 * on nobody is told that it was not found, whoever dies. Those that arrive together share a commit.
 */
export class CommitRegister {
  private readonly arrivals: Lane<RegisteredCommit, RegisteredCommit>;
  private readonly ends: Lane<CommitEnd, RegisteredCommit>;

  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
    private readonly now: () => InstantMs = Date.now,
  ) {
    const lane = { groupMax: 128, writers: 2, backlogMax: BACKLOG_MAX };
    const full = () => new DomainError<VendingErrorCode>('lane-full');
    this.arrivals = new Lane(
      { ...lane, name: 'biller-commits', full },
      async (group) => settled(await this.insert(group)),
      async (one) => (await this.insert([one]))[0]!,
    );
    this.ends = new Lane(
      { ...lane, name: 'biller-answers', full },
      async (group) => settled(await this.write(group)),
      async (one) => (await this.write([one]))[0]!,
    );
  }

  /**
   * Registers a payment, or finds that it is registered. When this returns, it is durable.
   *
   * @throws {DomainError} transaction-conflict: the id was used for something else; transaction-id-malformed; lane-full
   * @example const { mine, answer } = await register.accept(provider, { trxId: 'CK12AB34CD', reference, amountPaisa });
   */
  async accept(provider: Provider, ask: CommitAsk): Promise<Accepted> {
    const wanted = this.registration(provider, ask);
    const found = await this.arrivals.submit(wanted);
    if (!found.requestHash.equals(wanted.requestHash)) {
      throw new DomainError<VendingErrorCode>('transaction-conflict');
    }
    const mine = found.takenBy.equals(wanted.takenBy) || (await this.takeOver(found));
    return { commit: found, ask: askOf(found), mine, answer: this.answerOf(found) };
  }

  /** What the register has of an id; undefined: never heard of. */
  async find(provider: Provider, trxId: string): Promise<RegisteredCommit | undefined> {
    const key = { provider: provider.code, trxId };
    return (await selectCommits(this.database, [key])).get(keyOf(key));
  }

  /**
   * Writes down what a payment came to, with the answer when it is final. What was written first stands.
   *
   * @param acknowledgedWithinMs for a contract whose callers acknowledge: a person looks at what is not acknowledged then
   * @returns the answer that stands; null: none is kept
   */
  async end(
    commit: CommitKey & Pick<RegisteredCommit, 'acceptedAt'>,
    payment: BillerPayment,
    answer: WireAnswer | null,
    acknowledgedWithinMs?: number,
  ): Promise<WireAnswer | null> {
    const { provider, trxId, acceptedAt } = commit;
    if (payment.state === 'in-progress' && !payment.kept) {
      const age = this.now() - acceptedAt;
      const dueAt = this.now() + Math.min(Math.max(age / 4, AGAIN_MS.least), AGAIN_MS.most);
      await this.database.transaction((tx) => postponeCommit(tx, commit, Math.round(dueAt)));
      return null;
    }
    const refused = payment.state === 'refused';
    const waits = payment.state === 'vended' && acknowledgedWithinMs !== undefined && payment.acknowledgedAt === null;
    const isFinal = payment.state !== 'in-progress' && payment.state !== 'refund-due';
    const isKept = isFinal && this.now() - acceptedAt < ANSWERS_OF_MS;
    const stored = await this.ends.submit({
      ...{ provider, trxId, state: refused ? 'REFUSED' : 'BOOKED' },
      refusalCode: refused ? (payment.refusalCode ?? 'refused') : null,
      dueAt: waits && isKept ? acceptedAt + acknowledgedWithinMs : null,
      answerSealed: answer && isKept ? this.sealed(commit, answer) : null,
    });
    return this.answerOf(stored);
  }

  /** The provider has our answer. @returns false when it had said so before */
  acknowledge(commit: CommitKey): Promise<boolean> {
    return this.database.transaction((tx) => acknowledgeCommit(tx, commit, this.now()));
  }

  /**
   * Takes those in hand that nobody else works any more; they are this caller's for half a minute.
   *
   * @example for (const { commit, ask } of await register.takeDue(100)) …
   */
  async takeDue(limit: number): Promise<{ readonly commit: RegisteredCommit; readonly ask: AcceptedAsk }[]> {
    const now = this.now();
    const take = { now, until: now + WORKED_ALONE_MS, takenBy: randomBytes(8), limit };
    const taken = await this.database.transaction((tx) => takeDueCommits(tx, take));
    return taken.map((commit) => ({ commit, ask: askOf(commit) }));
  }

  /** Somebody has been told that it is not acknowledged: there is nothing left to wait for. */
  async endWatch(commit: CommitKey): Promise<void> {
    await this.database.transaction((tx) => watchNoLonger(tx, commit));
  }

  private async takeOver(found: RegisteredCommit): Promise<boolean> {
    const now = this.now();
    if (found.state !== 'WORKING' || found.dueAt === null || found.dueAt > now) return false;
    const take = { until: now + WORKED_ALONE_MS, takenBy: randomBytes(8) };
    return this.database.transaction((tx) => takeCommit(tx, found, take));
  }

  private async insert(group: readonly RegisteredCommit[]): Promise<RegisteredCommit[]> {
    const found = await this.database.transaction((tx) => insertCommits(tx, group));
    return group.map((commit) => {
      const stored = found.get(keyOf(commit));
      if (!stored) throw new Error('a payment was registered and cannot be read');
      return stored;
    });
  }

  private async write(group: readonly CommitEnd[]): Promise<RegisteredCommit[]> {
    return this.database.transaction(async (tx) => {
      // In one journey, and in this order.
      const [, found] = await Promise.all([
        Promise.all(group.map((end) => endCommit(tx, end))),
        selectCommits({ read: (sql, values) => tx.query(sql, values) }, group),
      ]);
      return group.map((end) => found.get(keyOf(end))!);
    });
  }

  /** @throws {DomainError} transaction-id-malformed */
  private registration(provider: Provider, { trxId, reference, amountPaisa, quoteId }: CommitAsk): RegisteredCommit {
    if (!/^[\x21-\x7e]{1,64}$/.test(trxId)) throw new DomainError('transaction-id-malformed');
    const now = this.now();
    const asked = [reference?.trim().toUpperCase() ?? null, amountPaisa?.toString() ?? null, quoteId ?? null];
    const clipped = (amount: bigint) => (amount < 0n ? 0n : amount > AMOUNT_MAX ? AMOUNT_MAX : amount);
    return {
      ...{ provider: provider.code, trxId },
      requestHash: createHash('sha256').update(JSON.stringify(asked)).digest(),
      // What cannot be a reference is kept as far as it can be: it names no meter either way.
      reference: reference === undefined ? null : printable(reference, 64),
      amountPaisa: amountPaisa === undefined ? null : clipped(amountPaisa),
      quoteId: quoteId === undefined ? null : printable(quoteId, 255),
      ...{ state: 'WORKING', refusalCode: null, acceptedAt: now },
      dueAt: now + WORKED_ALONE_MS,
      takenBy: randomBytes(8),
      ...{ answerSealed: null, acknowledgedAt: null },
    };
  }

  private sealed(key: CommitKey, answer: WireAnswer): Buffer | null {
    const plain = Buffer.from(JSON.stringify(answer), 'utf8');
    return plain.length > ANSWER_BYTES_MAX ? null : seal(this.sealingSecret, plain, contextOf(key));
  }

  private answerOf(commit: RegisteredCommit): WireAnswer | null {
    const { answerSealed } = commit;
    if (!answerSealed) return null;
    return JSON.parse(unseal(this.sealingSecret, answerSealed, contextOf(commit)).toString('utf8')) as WireAnswer;
  }
}

const contextOf = (key: CommitKey) => `biller-answer:${keyOf(key)}`;
const printable = (text: string, length: number) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, length);

/** What a registered payment asks for: what its caller left out is left out. */
export function askOf(commit: RegisteredCommit): AcceptedAsk {
  const { trxId, reference, amountPaisa, quoteId, acceptedAt, refusalCode } = commit;
  return {
    ...{ trxId, acceptedAt, refusalCode },
    ...(reference !== null && { reference }),
    ...(amountPaisa !== null && { amountPaisa }),
    ...(quoteId !== null && { quoteId }),
  };
}

function settled(found: readonly RegisteredCommit[]) {
  return found.map((value) => ({ ok: true, value }) as const);
}
