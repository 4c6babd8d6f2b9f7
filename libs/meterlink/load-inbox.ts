import { DomainError, newId, webhookIsFresh, webhookSignatureFits, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, leaveToWorker, settleOutbox, type Database } from '@vend/platform';
import { MAX_LOAD_EVENT_BYTES, parseLoadEvent } from './load-event';
import type { HeadEnd } from './meter-link';
import type { RemoteLoads } from './remote-loads.service';
import { findHeadEnd } from './store/head-ends';
import { concludeLoadEvent, findLoadEvent, insertLoadEvent } from './store/load-events';
import type { SignedHeaders } from './signed-headers';

/** What is measured when a stranger signs, so that a wrong key costs what a right one costs. */
const DECOY_SECRET = Buffer.alloc(32, 0x5a);

/**
 * Where the callbacks of head-ends are written down before anybody acts on them. Stored means durable and known to the
 * worker: the row and its outbox row share one commit.
 */
export class LoadInbox {
  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
  ) {}

  /**
   * Checks the signature on the very bytes that came, then stores them. The same event again is answered the same.
   *
   * @throws {DomainError} signature-missing, signature-invalid, timestamp-stale; event-too-large, event-malformed;
   *   event-conflict when the same event id came with other bytes before
   * @example await inbox.receive(headers, request.rawBody, Date.now()) // { duplicate: false }
   */
  async receive(
    headers: Readonly<Record<string, unknown>>,
    rawBody: Buffer,
    now: InstantMs,
  ): Promise<{ readonly duplicate: boolean }> {
    const headEnd = await this.signer(headers, rawBody, now);
    if (rawBody.length > MAX_LOAD_EVENT_BYTES) {
      throw new DomainError('event-too-large', { maximumBytes: MAX_LOAD_EVENT_BYTES });
    }
    const { eventId } = parseLoadEvent(rawBody);
    const id = newId(now);
    const receivedAt = new Date(now);
    try {
      await this.database.transaction(async (tx) => {
        await insertLoadEvent(tx, { id, headEnd: headEnd.code, eventKey: eventId, rawBody, receivedAt });
        await leaveToWorker(tx, [{ topic: 'meter-link-event', refId: id }], receivedAt);
      });
      return { duplicate: false };
    } catch (error) {
      // The unique key, not a look beforehand, decides between two copies that arrive together.
      if (!isDuplicate(error)) throw error;
      const stored = await findLoadEvent(this.database, { headEnd: headEnd.code, eventKey: eventId });
      if (!stored?.rawBody.equals(rawBody)) throw new DomainError('event-conflict');
      return { duplicate: true };
    }
  }

  /**
   * Works one stored event: the load moves, and the event and its outbox row end in the same transaction.
   *
   * @example await inbox.work(eventId, remoteLoads)
   */
  async work(id: Id, loads: RemoteLoads): Promise<void> {
    const stored = await findLoadEvent(this.database, { id });
    await this.database.transaction(async (tx) => {
      if (stored?.state === 'RECEIVED') {
        const outcome = await loads.hear(tx, stored.headEnd, parseLoadEvent(stored.rawBody));
        await concludeLoadEvent(tx, id, outcome);
      }
      await settleOutbox(tx, 'meter-link-event', [id]);
    });
  }

  private async signer(headers: Readonly<Record<string, unknown>>, rawBody: Buffer, now: InstantMs): Promise<HeadEnd> {
    const signed = signedHeadersOf(headers);
    if (!signed) throw new DomainError('signature-missing');
    const headEnd = await findHeadEnd(this.database, this.sealingSecret, { keyId: signed['x-key-id'] });
    const fits = webhookSignatureFits(headEnd?.secret ?? DECOY_SECRET, signed, rawBody);
    if (!headEnd || !fits) throw new DomainError('signature-invalid');
    if (!webhookIsFresh(signed['webhook-timestamp'], now)) throw new DomainError('timestamp-stale');
    return headEnd;
  }
}

const NAMES = ['x-key-id', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

function signedHeadersOf(headers: Readonly<Record<string, unknown>>): SignedHeaders | undefined {
  const found = NAMES.map((name) => [name, headers[name]] as const);
  const whole = found.every(([, value]) => typeof value === 'string' && /^[\x21-\x7e ]{1,400}$/.test(value));
  return whole ? (Object.fromEntries(found) as unknown as SignedHeaders) : undefined;
}
