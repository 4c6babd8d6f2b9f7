import { createHmac, timingSafeEqual } from 'node:crypto';
import { newId, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import type { MessageSource } from './sources';
import { countAttempt, countCodesSince, findCodes, insertCode, lockCode } from './store/one-time-codes';

const LIVES_MS = 5 * 60_000;
const DIGITS = 6;
/** Of a million codes five guesses find one in 200,000. */
const ATTEMPTS_MAX = 5;
const PER_HOUR_MAX = 5;
const HOUR_MS = 3_600_000;

/** Queues the message that carries the code, in the transaction that issues it. */
export type QueueCode = (tx: Tx, codeId: Id, customerId: Id, now: Date) => Promise<void>;

/** `limit`: too many were asked for within the hour; nothing was issued. */
export type IssuedCode = { readonly state: 'issued'; readonly codeId: Id } | { readonly state: 'limit' };

/** `over`: too old, used, tried too often, or not one of this customer and purpose. */
export type CodeAnswer = 'right' | 'wrong' | 'over';

/**
 * One-time codes: six digits that a customer's phone shows and nobody else knows. The code is a function of its row's id
 * and a secret, so that it is in no table, queue or log: the worker reckons it when it sends it.
 */
export class OneTimeCodes {
  constructor(
    private readonly database: Database,
    private readonly secret: Buffer,
    private readonly queue: QueueCode,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Issues a code for five minutes and has it sent; at most five an hour for a customer, whoever asks.
   *
   * @param purpose what it opens, kebab-case: it opens nothing else
   * @example const issued = await codes.issue('customer-page', customerId)
   */
  issue(purpose: string, customerId: Id): Promise<IssuedCode> {
    return this.database.transaction((tx) => this.issueIn(tx, purpose, customerId));
  }

  /** The same in the transaction of what asks for it. */
  async issueIn(tx: Tx, purpose: string, customerId: Id): Promise<IssuedCode> {
    const at = this.now();
    if ((await countCodesSince(tx, customerId, at - HOUR_MS)) >= PER_HOUR_MAX) return { state: 'limit' };
    const codeId = newId(at);
    await insertCode(tx, { codeId, purpose, customerId, expiresAt: at + LIVES_MS }, at);
    await this.queue(tx, codeId, customerId, new Date(at));
    return { state: 'issued', codeId };
  }

  /**
   * Compares what a customer typed. A right code opens once; five answers end it, right or wrong.
   *
   * @example (await codes.verify(codeId, { purpose: 'customer-page', customerId, typed: '402817' })) === 'right'
   */
  verify(codeId: Id, typed: TypedCode): Promise<CodeAnswer> {
    return this.database.transaction((tx) => this.verifyIn(tx, codeId, typed));
  }

  /**
   * The same in the transaction of what the code opens. Whatever becomes of it takes the same statements: neither an id of
   * no code nor a code that is over answers sooner than a wrong one, so that time does not tell whether there was a code.
   */
  async verifyIn(tx: Tx, codeId: Id, { purpose, customerId, typed }: TypedCode): Promise<CodeAnswer> {
    const row = await lockCode(tx, codeId);
    const matches = timingSafeEqual(digest(typed), digest(oneTimeCode(this.secret, codeId)));
    const isTheirs = row?.purpose === purpose && row.customerId === customerId;
    const isOpen = isTheirs && !row.used && row.attempts < ATTEMPTS_MAX && row.expiresAt > this.now();
    const right = isOpen && matches;
    await countAttempt(tx, codeId, { n: isTheirs ? 1 : 0, most: ATTEMPTS_MAX, usedAt: right ? this.now() : null });
    if (!isOpen) return 'over';
    return right ? 'right' : 'wrong';
  }
}

/** What somebody typed, and what it is to open for whom. */
export interface TypedCode {
  readonly purpose: string;
  readonly customerId: Id;
  readonly typed: string;
}

/** Both sides of a comparison at one length, whatever was typed. */
const digest = (text: string): Buffer => createHmac('sha256', 'one-time-code').update(text).digest();

/** The code of a row. @example oneTimeCode(secret, codeId) // '402817' */
function oneTimeCode(secret: Buffer, codeId: Id): string {
  const mac = createHmac('sha256', secret).update(`one-time-code:${codeId}`).digest();
  // 48 bits over a million: no code is likelier than another by one in 280 million.
  return String(mac.readUIntBE(0, 6) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** Says codes at the moment they are sent; one that is over by then is not sent. */
export function oneTimeCodeSource(secret: Buffer, now: () => InstantMs = Date.now): MessageSource {
  return async (reader, messages) => {
    const rows = await findCodes(
      reader,
      messages.map(({ subject }) => subject.id),
    );
    const open = new Map(
      rows.filter(({ used, expiresAt }) => !used && expiresAt > now()).map((row) => [row.codeId, row]),
    );
    return new Map(
      messages.flatMap(({ messageId, subject, recipient }) => {
        const row = open.get(subject.id);
        if (row?.customerId !== recipient.id) return [];
        const minutes = String(Math.max(1, Math.floor((row.expiresAt - now()) / 60_000)));
        return [[messageId, { values: { code: oneTimeCode(secret, row.codeId), minutes } }] as const];
      }),
    );
  };
}
