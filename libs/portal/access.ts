import { createHash, randomBytes } from 'node:crypto';
import { networkOf, recordAudit } from '@vend/identity';
import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import type { OneTimeCodes } from '@vend/messages';
import { normaliseMobile } from '@vend/meters';
import { leaveToWorker, type Database } from '@vend/platform';
import { pageCodes, PURPOSE } from './code-desk';
import { ASK_RULES, SESSION_LIVES_MS, subjectOf, TICKET_LIVES_MS, TRIES_MAX, TRY_RULE } from './limits';
import type { PortalErrorCode } from './portal.errors';
import { countTry, insertAsk, lockAsk, markOpened } from './store/asks';
import { countTurns } from './store/counts';
import { customerNoOf, endSession, findVisitor, insertSession, type Visitor } from './store/sessions';

/** A session just opened. The token is the cookie's: in no log, and in no table but as a hash. */
export interface OwnSession {
  readonly token: string;
  readonly expiresAt: InstantMs;
}

/**
 * How a customer comes to the own page: by a code that goes to the phone on record. Whether a meter exists, and whether the
 * phone is its customer's, is looked up by the worker after the answer: neither its words nor its time can tell.
 */
export class CustomerAccess {
  private readonly codes: OneTimeCodes;

  constructor(
    private readonly database: Database,
    secret: Buffer,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.codes = pageCodes(database, secret, now);
  }

  /**
   * Asks for a code.
   *
   * @param asked reference: meter or customer number; mobile as typed; address of the caller
   * @returns a ticket to send back with the code, whatever was typed
   * @throws {DomainError<PortalErrorCode>} too-many-codes
   * @throws {DomainError} mobile-invalid: no customer could have it
   * @example const ticket = await access.ask({ reference: '600727000000000009', mobile: '01700000001', address: '203.0.113.7' })
   */
  async ask(asked: { readonly reference: string; readonly mobile: string; readonly address: string }): Promise<Id> {
    const mobile = normaliseMobile(asked.mobile.replace(/[\s+-]/g, ''));
    if (mobile === undefined) throw new DomainError('mobile-invalid');
    const reference = asked.reference.trim().toUpperCase();
    const at = this.now();
    const ticket = newId(at);
    const counted = [
      { subject: subjectOf('ask-pair', mobile, reference), rule: ASK_RULES.pair },
      { subject: subjectOf('ask-phone', mobile), rule: ASK_RULES.phone },
      { subject: subjectOf('ask-meter', reference), rule: ASK_RULES.meter },
      { subject: subjectOf('ask-address', networkOf(asked.address)), rule: ASK_RULES.address },
    ];
    const waitSeconds = await this.database.transaction(async (tx) => {
      const wait = await countTurns(tx, counted, at);
      if (wait !== undefined) return wait;
      await Promise.all([
        insertAsk(tx, { ticket, reference, mobile, askedAt: at }),
        leaveToWorker(tx, [{ topic: 'portal-code', refId: ticket }], new Date(at)),
      ]);
      return undefined;
    });
    if (waitSeconds !== undefined) throw tooMany(waitSeconds);
    return ticket;
  }

  /**
   * Opens a session with the code that came. Of answers at once with the right code one opens it.
   *
   * @throws {DomainError<PortalErrorCode>} code-refused: wrong, used, too old or never sent, all the same; too-many-codes
   * @example const { token } = await access.open(ticket, { typed: '402817', address: '203.0.113.7' })
   */
  async open(
    ticket: Id,
    { typed, address }: { readonly typed: string; readonly address: string },
  ): Promise<OwnSession> {
    const at = this.now();
    const token = randomBytes(32).toString('base64url');
    const expiresAt = at + SESSION_LIVES_MS;
    const counted = [{ subject: subjectOf('try-address', networkOf(address)), rule: TRY_RULE }];
    // A refusal is counted: it must be committed, and so it is an answer here and no exception.
    const outcome = await this.database.transaction(async (tx) => {
      const wait = await countTurns(tx, counted, at);
      if (wait !== undefined) return wait;
      const ask = await lockAsk(tx, ticket);
      if (!ask || ask.opened || ask.tries >= TRIES_MAX || ask.askedAt + TICKET_LIVES_MS <= at) return 'refused';
      await countTry(tx, ticket);
      // Nobody was sent a code: the same statements on an id that no code has.
      const { customerId, codeId, mobile } = ask;
      const answer = await this.codes.verifyIn(tx, codeId ?? ticket, {
        ...{ purpose: PURPOSE, customerId: customerId ?? ticket, typed },
      });
      if (answer !== 'right' || customerId === null) return 'refused';
      await insertSession(tx, { tokenHash: hashOf(token), customerId, mobile, openedAt: at, expiresAt });
      await markOpened(tx, ticket, at);
      const who = `customer:${await customerNoOf(tx, customerId)}`;
      await recordAudit(tx, { actor: who, action: 'own-page-opened', subject: who, at });
      return 'opened';
    });
    if (typeof outcome === 'number') throw tooMany(outcome);
    if (outcome === 'refused') throw new DomainError<PortalErrorCode>('code-refused');
    return { token, expiresAt };
  }

  /**
   * Who comes with a cookie.
   *
   * @throws {DomainError<PortalErrorCode>} own-session-missing
   * @example (await access.visitor(token)).customerNo // '40000001'
   */
  async visitor(token: string): Promise<Visitor> {
    const visitor = await findVisitor(this.database, hashOf(token), this.now());
    if (!visitor) throw new DomainError<PortalErrorCode>('own-session-missing');
    return visitor;
  }

  /** Ends a session. Again changes nothing. */
  async leave(token: string, { customerNo }: Visitor): Promise<void> {
    const at = this.now();
    await this.database.transaction(async (tx) => {
      if (!(await endSession(tx, hashOf(token), at))) return;
      const who = `customer:${customerNo}`;
      await recordAudit(tx, { actor: who, action: 'own-page-left', subject: who, at });
    });
  }
}

function tooMany(retryAfterSeconds: number): DomainError<PortalErrorCode> {
  return new DomainError<PortalErrorCode>('too-many-codes', { retryAfterSeconds });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
