import { createHash, randomBytes } from 'node:crypto';
import { recordAudit, useApproval, type AuditAction, type SessionUser } from '@vend/identity';
import { DomainError, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { deliveryFates } from '@vend/sms';
import type { Audience, Broadcast, BroadcastOrder, FixedWording, PerLanguage, StatusCount } from './broadcast';
import { totalOf } from './broadcast';
import { mayMove, type BroadcastState } from './broadcast.lifecycle';
import { broadcastCsmsId } from './broadcast-csms-id';
import type { BroadcastsErrorCode } from './broadcasts.errors';
import { countPhones } from './store/audience';
import * as store from './store/broadcasts';
import { reportedAfter, type ReportedRecipient } from './store/recipients';

const REPORT_PAGE = 1_000;

/** A recipient, and whether the message is known to be on the phone; null: nobody has said. */
export interface BroadcastReportLine extends ReportedRecipient {
  readonly delivery: 'delivered' | 'failed' | null;
}

const refusal = (code: BroadcastsErrorCode, facts: Record<string, string> = {}) =>
  new DomainError<BroadcastsErrorCode>(code, facts);

/** Notices to all, as people handle them: composed, counted, agreed to by a second person, watched, paused and ended. */
export class Broadcasts {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** How many phones would ring, by language, as of now; what is prepared later is what counts. */
  estimate(audience: Audience): Promise<PerLanguage<number>> {
    return countPhones(this.database, audience, this.now());
  }

  /**
   * Puts a notice in order; a worker then writes down its recipients. Nothing leaves before it is launched.
   *
   * @param wording asked once, when the order is new
   * @throws {DomainError} `broadcast-differs`: the id is another notice's; `broadcast-time-refused`
   * @example (await broadcasts.compose(order, () => wordings.of(order))).state // 'PREPARING'
   */
  async compose(order: BroadcastOrder, wording: () => Promise<FixedWording>): Promise<Broadcast> {
    const known = await store.findBroadcast(this.database, order.id);
    if (known) return sameOrder(known, order);
    const at = this.now();
    const startsAt = order.startsAt ?? at;
    if (startsAt < at || order.endsAt <= startsAt) throw refusal('broadcast-time-refused');
    const fixed = await wording();
    const contentSha256 = contentHashOf(order, fixed);
    try {
      await this.database.transaction(async (tx) => {
        await store.insertBroadcast(tx, order, fixed, { contentSha256, phoneSalt: randomBytes(16), at });
        const detail = { name: order.name, template: order.template, contentSha256 };
        await audit(tx, order.by, 'broadcast-composed', order.id, at, detail);
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    return sameOrder(await this.byId(order.id), order);
  }

  /** @throws {DomainError} `broadcast-not-found` */
  async byId(id: Id): Promise<Broadcast> {
    const found = await store.findBroadcast(this.database, id);
    if (!found) throw refusal('broadcast-not-found');
    return found;
  }

  /** Notices of these offices, newest first. */
  list(question: { offices: 'all' | readonly string[]; before?: Id; limit: number }): Promise<Broadcast[]> {
    return store.listBroadcasts(this.database, question);
  }

  /** How many recipients are where, and why. */
  statuses(id: Id): Promise<StatusCount[]> {
    return store.countStatuses(this.database, id);
  }

  /**
   * Lets an approved notice go, in one transaction with the use of the approval. Again with the same approval it is what
   * it has become.
   *
   * @throws {DomainError} `broadcast-not-now` unless it is READY; `broadcast-time-refused` when its end has passed
   */
  async launch(id: Id, approvalId: Id, by: SessionUser): Promise<Broadcast> {
    await this.database.transaction(async (tx) => {
      const at = this.now();
      const { broadcast } = await this.held(tx, id);
      if (broadcast.approvalId === approvalId) return;
      move(broadcast, 'SCHEDULED', 'READY');
      if (broadcast.endsAt <= at) throw refusal('broadcast-time-refused');
      await useApproval(tx, approvalId, `broadcast:${id}`, at);
      const approval = Buffer.from(approvalId.replaceAll('-', ''), 'hex');
      const launched = { approval_id: approval, launched_by: `user:${by.username}`, launched_at: new Date(at) };
      await store.changeBroadcast(tx, id, { state: 'SCHEDULED', ...launched });
      const detail = { approvalId, recipients: totalOf(broadcast), contentSha256: broadcast.contentSha256 };
      await audit(tx, launched.launched_by, 'broadcast-launched', id, at, detail);
    });
    return this.byId(id);
  }

  /** Nothing more leaves, from the next chunk on, until it is resumed. @throws {DomainError} `broadcast-not-now` */
  pause(id: Id, by: SessionUser, reason: string): Promise<Broadcast> {
    return this.moved(id, 'PAUSED', { by, reason, action: 'broadcast-paused' });
  }

  /** Goes on where it was. @throws {DomainError} `broadcast-not-now` */
  resume(id: Id, by: SessionUser, reason: string): Promise<Broadcast> {
    return this.moved(id, 'SCHEDULED', { by, reason, action: 'broadcast-resumed' });
  }

  /** Ends it for good: what has not left never will. @throws {DomainError} `broadcast-not-now` */
  stop(id: Id, by: SessionUser, reason: string): Promise<Broadcast> {
    return this.moved(id, 'STOPPED', { by, reason, action: 'broadcast-stopped' });
  }

  /**
   * Who got it and who did not, without a phone number, in stretches, however many they are; with what the centres'
   * receipts say, where a gateway gives any.
   */
  async *report(id: Id): AsyncGenerator<readonly BroadcastReportLine[]> {
    for (let after: Id | undefined; ;) {
      const page = await reportedAfter(this.database, id, after, REPORT_PAGE);
      const csmsIds = page.map(({ customerId }) => broadcastCsmsId(id, customerId));
      const fates = await deliveryFates(this.database, csmsIds);
      if (page.length > 0) yield page.map((line, i) => ({ ...line, delivery: fates.get(csmsIds[i]!) ?? null }));
      if (page.length < REPORT_PAGE) return;
      after = page.at(-1)!.customerId;
    }
  }

  private async moved(
    id: Id,
    wanted: BroadcastState,
    { by, reason, action }: { by: SessionUser; reason: string; action: AuditAction },
  ): Promise<Broadcast> {
    await this.database.transaction(async (tx) => {
      const at = this.now();
      const { broadcast } = await this.held(tx, id);
      const { state, beganAt } = broadcast;
      const to = wanted === 'SCHEDULED' && beganAt !== null ? 'RUNNING' : wanted;
      // Asked twice, it is what it was asked to be.
      if (state === to) return;
      move(broadcast, to, wanted === 'SCHEDULED' ? 'PAUSED' : state);
      const ended = to === 'STOPPED' ? { ended_at: new Date(at), end_reason: 'stopped' } : {};
      // Whatever held it up before is tried anew.
      await store.changeBroadcast(tx, id, { state: to, next_chunk_at: new Date(at), waiting_for: null, ...ended });
      await audit(tx, `user:${by.username}`, action, id, at, { reason, from: state });
    });
    return this.byId(id);
  }

  private async held(tx: Tx, id: Id): Promise<store.HeldBroadcast> {
    const held = await store.lockBroadcast(tx, id);
    if (!held) throw refusal('broadcast-not-found');
    return held;
  }
}

/** SHA-256 over what is told, to whom, and when: what a second person's word covers; hexadecimal. */
function contentHashOf(order: BroadcastOrder, { templateVersion, bodies, parts, partCostPaisa }: FixedWording): string {
  const worded = [templateVersion, bodies.bn, bodies.en, parts.bn, parts.en, String(partCostPaisa)];
  return createHash('sha256')
    .update(JSON.stringify([orderText(order), ...worded]))
    .digest('hex');
}

function orderText(order: Omit<BroadcastOrder, 'id' | 'by' | 'office'>): string {
  const { name, template, texts, audience, ratePerSecond, quietHours, startsAt, endsAt } = order;
  const told = [name, template, texts?.bn, texts?.en, store.audienceText(audience)];
  return JSON.stringify([...told, ratePerSecond, quietHours, startsAt, endsAt]);
}

function sameOrder(known: Broadcast, order: BroadcastOrder): Broadcast {
  if (orderText(known) !== orderText(order) || known.madeBy !== order.by) throw refusal('broadcast-differs');
  return known;
}

function move({ state }: Broadcast, to: BroadcastState, from: BroadcastState): void {
  if (state !== from || !mayMove(state, to)) throw refusal('broadcast-not-now', { state });
}

function audit(
  tx: Tx,
  actor: string,
  action: AuditAction,
  id: Id,
  at: InstantMs,
  detail: Record<string, string | number>,
): Promise<void> {
  return recordAudit(tx, { actor, action, subject: `broadcast:${id}`, detail, at });
}
