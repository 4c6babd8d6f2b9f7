import { setTimeout as pause } from 'node:timers/promises';
import { newId, parseQuietHours, quietUntil, type Id, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { SmsGateway, SmsMessage, SmsOutcome } from '@vend/sms';
import type { Broadcast } from './broadcast';
import { broadcastCsmsId } from './broadcast-csms-id';
import { chunkOutcomes, isGatewayWide, isTrouble } from './chunk-outcomes';
import { mayOptOut, type OptOuts } from './opt-outs';
import { addSettled, changeBroadcast, lockBroadcast, type HeldBroadcast } from './store/broadcasts';
import { anyUnsettled, keepChunk, readChunk, saveOutcome, takeChunk, type TakenRecipient } from './store/recipients';
import { messageText } from './wording';

/** The most that one call to a gateway takes. */
const CHUNK_MAX = 100;
/** A chunk is done long before: what is taken up shortly before the quiet hours would leave in them. */
const QUIET_GUARD_MS = 60_000;
/** A chunk that took longer than this after the one before came after a rest, which is not counted as work. */
const REST_MS = 60_000;
const BACK_OFF_MAX_MS = 60_000;
const NOBODY: ReadonlySet<Id> = new Set();

export interface SenderPorts {
  readonly gateway: SmsGateway;
  readonly optedOut: OptOuts;
  readonly now?: () => InstantMs;
  /** How long a worker may be silent before its chunk is another's. */
  readonly leaseMs: number;
}

/** `sent`: a chunk was tried. `waiting`: not now. `over`: it has ended, or is not to be sent. */
export type ChunkTry = 'sent' | 'waiting' | 'over';

interface Chunk {
  readonly held: HeldBroadcast;
  readonly claim: Id;
  readonly customerIds: readonly Id[];
  readonly takenAt: InstantMs;
}

/**
 * Sends notices chunk by chunk. The notice's row is held while a chunk is taken, so its rate holds over any number of
 * workers, no two take the same recipient, and a pause counts from the next chunk on. What a killed worker had in hand is
 * sent again when its lease ends, under the same ids.
 */
export class BroadcastSender {
  private readonly now: () => InstantMs;

  constructor(
    private readonly database: Database,
    private readonly ports: SenderPorts,
  ) {
    this.now = ports.now ?? Date.now;
  }

  /** Tries one chunk of a notice, if it is time for one. */
  async sendChunk(id: Id): Promise<ChunkTry> {
    const chunk = await this.take(id);
    if (typeof chunk === 'string') return chunk;
    const ended = new AbortController();
    const keeping = this.keep(chunk, ended.signal);
    try {
      const { messages, skipped } = await this.compose(chunk);
      const answers = messages.length === 0 ? [] : await this.ports.gateway.sendMany(messages.map((m) => m.message));
      await this.conclude(chunk, messages, answers, skipped);
    } finally {
      ended.abort();
      await keeping;
    }
    return 'sent';
  }

  private take(id: Id): Promise<Chunk | 'waiting' | 'over'> {
    const takenAt = this.now();
    return this.database.transaction(async (tx) => {
      const held = await lockBroadcast(tx, id);
      if (!held || (held.broadcast.state !== 'SCHEDULED' && held.broadcast.state !== 'RUNNING')) return 'over';
      const { state, startsAt, endsAt, ratePerSecond, quietHours } = held.broadcast;
      if (takenAt >= endsAt) return this.end(tx, id, 'time-over');
      const notYet = Math.max(startsAt ?? 0, held.nextChunkAt ?? 0) > takenAt;
      const hours = parseQuietHours(quietHours);
      const quiet = quietUntil(hours, takenAt) ?? quietUntil(hours, takenAt + QUIET_GUARD_MS);
      if (notYet || quiet !== undefined) return 'waiting';
      const claim = newId();
      const until = takenAt + this.ports.leaseMs;
      const limit = Math.min(CHUNK_MAX, ratePerSecond);
      const customerIds = await takeChunk(tx, id, { claim, limit, now: takenAt, until });
      if (customerIds.length === 0) return (await anyUnsettled(tx, id)) ? 'waiting' : this.end(tx, id, 'all-tried');
      const paceMs = Math.ceil((customerIds.length * 1_000) / ratePerSecond);
      await changeBroadcast(tx, id, {
        next_chunk_at: new Date(Math.max(held.nextChunkAt ?? 0, takenAt - paceMs) + paceMs),
        ...(state === 'SCHEDULED' && { state: 'RUNNING', began_at: new Date(takenAt) }),
      });
      return { held, claim, customerIds, takenAt };
    });
  }

  private async end(tx: Parameters<typeof lockBroadcast>[0], id: Id, reason: string): Promise<'over'> {
    await changeBroadcast(tx, id, { state: 'DONE', ended_at: new Date(this.now()), end_reason: reason });
    return 'over';
  }

  private async compose({ held: { broadcast, phoneSalt }, customerIds }: Chunk) {
    const [recipients, without] = await this.database.reads((reader) =>
      Promise.all([
        readChunk(reader, { ...broadcast, phoneSalt }, customerIds),
        mayOptOut(broadcast) ? this.ports.optedOut(reader, customerIds) : NOBODY,
      ]),
    );
    const messages: { readonly customerId: Id; readonly attempts: number; readonly message: SmsMessage }[] = [];
    const skipped = new Map<Id, string>();
    for (const recipient of recipients) {
      const { customerId, attempts, mobile } = recipient;
      const reason = reasonToSkip(recipient, broadcast, without);
      if (reason !== undefined || mobile === null) {
        skipped.set(customerId, reason ?? 'no-phone');
        continue;
      }
      const csmsId = broadcastCsmsId(broadcast.id, customerId);
      const text = messageText(broadcast, recipient);
      messages.push({ customerId, attempts, message: { csmsId, msisdn: mobile, text, messageClass: 'notice' } });
    }
    return { messages, skipped };
  }

  private async conclude(
    { held, claim, takenAt }: Chunk,
    messages: readonly { readonly customerId: Id; readonly attempts: number }[],
    answers: readonly SmsOutcome[],
    skipped: ReadonlyMap<Id, string>,
  ): Promise<void> {
    const { id } = held.broadcast;
    const tries = messages.map(({ customerId, attempts }, i) => ({ customerId, attempts, answer: answers[i]! }));
    const trouble = answers.find(isTrouble);
    const fruitless = trouble !== undefined && answers.every(isGatewayWide);
    await this.database.transaction(async (tx) => {
      const now = this.now();
      const current = await lockBroadcast(tx, id);
      if (!current) return;
      let settled = 0;
      for (const outcome of chunkOutcomes(tries, skipped, now))
        settled += await saveOutcome(tx, id, claim, outcome, now);
      const since = now - (current.lastChunkAt ?? takenAt);
      await Promise.all([
        addSettled(tx, id, settled, since > REST_MS || since < 0 ? Math.max(0, now - takenAt) : since),
        changeBroadcast(tx, id, {
          last_chunk_at: new Date(now),
          waiting_for: trouble?.reason ?? null,
          fruitless: fruitless ? Math.min(current.fruitless + 1, 1_000) : 0,
          ...(fruitless && { next_chunk_at: new Date(now + backOffMs(current.fruitless)) }),
        }),
      ]);
    });
  }

  /** A slow gateway must not cost the chunk. */
  private async keep({ held, claim }: Chunk, ended: AbortSignal): Promise<void> {
    for (;;) {
      await pause(this.ports.leaseMs / 3, undefined, { signal: ended, ref: false }).catch(() => undefined);
      if (ended.aborted) return;
      const until = this.now() + this.ports.leaseMs;
      await this.database
        .transaction((tx) => keepChunk(tx, held.broadcast.id, claim, until))
        // The database will say so where it matters.
        .catch(() => undefined);
    }
  }
}

function reasonToSkip(
  { customerId, mobile, samePhone, bill }: TakenRecipient,
  { template }: Broadcast,
  without: ReadonlySet<Id>,
): string | undefined {
  if (mobile === null) return 'no-phone';
  if (!samePhone) return 'phone-changed';
  if (without.has(customerId)) return 'opted-out';
  return template === 'arrears-bill' && bill === null ? 'nothing-owed' : undefined;
}

/** One second, then twice as long each time. */
function backOffMs(fruitless: number): number {
  return Math.min(BACK_OFF_MAX_MS, 1_000 * 2 ** Math.min(fruitless, 10));
}
