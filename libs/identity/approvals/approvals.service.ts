import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { recordAudit } from '../audit';
import type { SessionUser } from '../identity';
import type { IdentityErrorCode } from '../identity.errors';
import { officesOf } from '../offices/offices';
import { roleMay } from '../permissions';
import * as store from '../store/approvals';
import type { ApprovalRecord } from '../store/approvals';
import { APPROVAL_KINDS, APPROVAL_RULES, type ApprovalKind } from './approval-kinds';
import { contentHash, type ApprovalContent } from './content';

/** An operation that needs a second person's word. */
export interface ApprovalRequest {
  readonly kind: ApprovalKind;
  /** The operation's Idempotency-Key: asking again with it is the same request. */
  readonly key: Id;
  /** What it is about: `meter:<pan>`, `vend:<id>`. */
  readonly subject: string;
  /** Exactly what is to be done, for the second person to read; amounts as decimal strings. */
  readonly content: ApprovalContent;
  readonly reason: string;
  readonly by: SessionUser;
}

/** Go on, or wait for somebody. */
export type Gate =
  | { readonly state: 'approved'; readonly approvalId: Id; readonly approvedBy: string }
  | { readonly state: 'pending'; readonly approvalId: Id };

const REASON_MAX = 300;
const HOUR_MS = 3_600_000;
const actorOf = (user: SessionUser): string => `user:${user.username}`;
const refusal = (code: IdentityErrorCode) => new DomainError<IdentityErrorCode>(code);

/** The second person: one mechanism for everything that nobody may do alone. */
export class Approvals {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Stands before an operation that needs a second person. The first time it stores what is asked for and says
   * `pending`; the caller then changes nothing and answers 202. The same request again, with the same key and by the
   * same person, says what has become of it. When it is `approved`, the caller does the work and calls `useApproval` in
   * the same transaction; once used it stays `approved` here, so that a repeat finds the operation's own stored answer.
   *
   * @throws {DomainError} `approval-refused`, `approval-expired`; `approval-differs`: this key asked for something else,
   *   or somebody else asked
   * @example const gate = await approvals.gate({ kind: 'free-issue', key, subject: `meter:${pan}`, content: { energyKwh: '50.0' }, reason, by });
   */
  async gate(request: ApprovalRequest): Promise<Gate> {
    const known = await store.findByKey(this.database, request.kind, request.key);
    return this.answer(request, known ?? (await this.ask(request)));
  }

  /**
   * What waits for this person's word, oldest first: kinds the role may approve, of the person's offices, and never the
   * person's own.
   */
  async waitingFor(user: SessionUser, page: { after?: Id; limit: number }): Promise<ApprovalRecord[]> {
    return store.listWaiting(this.database, {
      kinds: APPROVAL_KINDS.filter((kind) => roleMay(user.role, APPROVAL_RULES[kind].permission)),
      offices: await officesOf(this.database, user),
      notBy: actorOf(user),
      at: this.now(),
      after: page.after,
      limit: page.limit,
    });
  }

  /** What this person has asked for, newest first. */
  async askedBy(user: SessionUser, page: { before?: Id; limit: number }): Promise<ApprovalRecord[]> {
    const found = await store.listRequestedBy(this.database, {
      by: actorOf(user),
      before: page.before,
      limit: page.limit,
    });
    return found.map((record) => this.asOfNow(record));
  }

  /**
   * One request: to who asked, and to people of its office and above.
   *
   * @throws {DomainError} `approval-not-found`
   */
  async show(user: SessionUser, approvalId: Id): Promise<ApprovalRecord> {
    const record = await store.findApproval(this.database, approvalId);
    if (!record || !(await this.sees(user, record))) throw refusal('approval-not-found');
    return this.asOfNow(record);
  }

  /**
   * A second person's yes or no. The same answer by the same person again changes nothing.
   *
   * @throws {DomainError} `approval-not-found`; `approval-own`: nobody approves what they asked for;
   *   `role-not-allowed`; `approval-decided`: somebody was faster; `approval-expired`
   */
  async decide(
    user: SessionUser,
    approvalId: Id,
    answer: 'APPROVED' | 'REFUSED',
    note: string | null,
  ): Promise<ApprovalRecord> {
    const seen = await this.show(user, approvalId);
    const { permission, hoursOpen } = APPROVAL_RULES[seen.kind];
    const by = actorOf(user);
    if (seen.requestedBy === by) throw refusal('approval-own');
    if (!roleMay(user.role, permission)) throw refusal('role-not-allowed');
    await this.database.transaction(async (tx) => {
      const at = this.now();
      const record = await store.lockApproval(tx, approvalId);
      if (!record) throw refusal('approval-not-found');
      if (record.decidedBy === by && (record.state === answer || (record.state === 'USED' && answer === 'APPROVED'))) {
        return;
      }
      if (record.state !== 'PENDING') throw refusal('approval-decided');
      if (record.expiresAt <= at) throw refusal('approval-expired');
      // A yes may wait to be used for as long as the request could wait for it.
      const expiresAt = answer === 'APPROVED' ? at + hoursOpen * HOUR_MS : record.expiresAt;
      await Promise.all([
        store.decide(tx, approvalId, { state: answer, by, at, expiresAt, note }),
        recordAudit(tx, {
          actor: by,
          action: answer === 'APPROVED' ? 'approval-approved' : 'approval-refused',
          subject: `approval:${approvalId}`,
          detail: { kind: record.kind, of: record.subject, requestedBy: record.requestedBy, note },
          before: { state: 'PENDING' },
          after: { state: answer },
          at,
        }),
      ]);
    });
    return this.show(user, approvalId);
  }

  private async ask(request: ApprovalRequest): Promise<ApprovalRecord> {
    const at = this.now();
    const { by, key, kind, subject, content } = request;
    const approvalId = newId(at);
    try {
      await this.database.transaction(async (tx) => {
        await store.insertApproval(tx, {
          approvalId,
          key,
          kind,
          subject,
          content,
          reason: request.reason.slice(0, REASON_MAX),
          requestedBy: actorOf(by),
          station: by.station,
          requestedAt: at,
          expiresAt: at + APPROVAL_RULES[kind].hoursOpen * HOUR_MS,
        });
        await recordAudit(tx, {
          actor: actorOf(by),
          action: 'approval-requested',
          subject: `approval:${approvalId}`,
          detail: { kind, of: subject },
          after: { state: 'PENDING' },
          at,
        });
      });
    } catch (error) {
      // The same till asked twice at once: the first has stored the request.
      if (!isDuplicate(error)) throw error;
    }
    const stored = await store.findByKey(this.database, kind, key);
    if (!stored) throw new Error('an approval was stored and is not there');
    return stored;
  }

  private async answer(request: ApprovalRequest, record: ApprovalRecord): Promise<Gate> {
    const { approvalId, decidedBy } = record;
    const same = record.contentSha256 === contentHash(request.subject, request.content).toString('hex');
    if (!same || record.requestedBy !== actorOf(request.by)) throw refusal('approval-differs');
    const { state } = this.asOfNow(record);
    if (state === 'REFUSED') throw refusal('approval-refused');
    if (state === 'EXPIRED') {
      await this.database.transaction((tx) => store.markExpired(tx, approvalId, this.now()));
      throw refusal('approval-expired');
    }
    return state === 'PENDING'
      ? { state: 'pending', approvalId }
      : { state: 'approved', approvalId, approvedBy: decidedBy! };
  }

  private async sees(user: SessionUser, record: ApprovalRecord): Promise<boolean> {
    if (record.requestedBy === actorOf(user)) return true;
    const offices = await officesOf(this.database, user);
    return offices === 'all' || offices.includes(record.office);
  }

  /** Time passes without anybody writing it down. */
  private asOfNow(record: ApprovalRecord): ApprovalRecord {
    const open = record.state === 'PENDING' || record.state === 'APPROVED';
    return open && record.expiresAt <= this.now() ? { ...record, state: 'EXPIRED' } : record;
  }
}

/**
 * Uses up an approval, in the transaction of what it was given for: neither is there without the other, and one
 * approval has one effect, whoever races.
 *
 * @param effect what it was used for: `vend:<id>`
 * @throws {DomainError} `approval-used`: not approved, or used already
 * @example await useApproval(tx, approvalId, `vend:${vendId}`);
 */
export async function useApproval(tx: Tx, approvalId: Id, effect: string, at: InstantMs = Date.now()): Promise<void> {
  if (!(await store.markUsed(tx, approvalId, effect, at))) throw refusal('approval-used');
}
