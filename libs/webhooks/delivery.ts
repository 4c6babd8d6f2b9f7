import { webhookHeaders, type Id, type InstantMs } from '@vend/kernel';
import { unseal, type Database, type Tx } from '@vend/platform';
import { FAILING_MS, GIVE_UP_MS, pauseMs } from './retry';
import type { SendResult, WebhookSender } from './sender';
import { contextOf, findEndpoint, lockEndpoint, saveEndpoint, type SealedEndpoint } from './store/endpoints';
import { concludeMessage, insertAttempt, takeMessages, type MessageInHand } from './store/messages';

/** What became of an attempt, for metrics and the log. */
export interface Delivered {
  readonly endpointId: Id;
  readonly messageId: Id;
  readonly outcome: string;
  readonly end: 'delivered' | 'retry' | 'dead';
  /** Set when this attempt was the one after which the endpoint was disabled. */
  readonly disabled?: 'gone' | 'failing';
}

/** How many messages of one endpoint are on their way at once in one process; of one that fails, one. */
const AT_ONCE = 8;
/** Longer than an attempt can take: only of a worker that died is anything offered again. */
const LEASE_MS = 60_000;
/** Who changes an endpoint by itself. */
const WORKER = 'worker';

/**
 * Delivers what waits for one endpoint. Each endpoint is worked by itself, so that a dead one holds up nobody but itself;
 * any number of workers may do it at once.
 */
export class WebhookDelivery {
  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
    private readonly sender: Pick<WebhookSender, 'post'>,
    private readonly now: () => InstantMs = Date.now,
    private readonly chance: () => number = Math.random,
  ) {}

  /**
   * Sends some of what is due for an endpoint, and writes down what became of each.
   *
   * @returns empty when nothing was due, or the endpoint is not active any more
   * @example while ((await delivery.work(endpointId)).length > 0);
   */
  async work(endpointId: Id): Promise<Delivered[]> {
    const endpoint = await findEndpoint(this.database, endpointId);
    if (!endpoint?.active) return [];
    const limit = endpoint.failingSince === null ? AT_ONCE : 1;
    const inHand = await this.database.transaction((tx) =>
      takeMessages(tx, endpointId, { limit, now: this.now(), leaseMs: LEASE_MS }),
    );
    const secrets = this.secretsOf(endpoint);
    return Promise.all(inHand.map((message) => this.deliver(endpoint, secrets, message)));
  }

  /** While a secret is being changed, both sign. */
  private secretsOf({ endpointId, secretSealed, formerSealed, formerUntil }: SealedEndpoint): Buffer[] {
    const sealed = formerSealed && formerUntil! > this.now() ? [secretSealed, formerSealed] : [secretSealed];
    return sealed.map((each) => unseal(this.sealingSecret, each, contextOf(endpointId)));
  }

  private async deliver(endpoint: SealedEndpoint, secrets: Buffer[], message: MessageInHand): Promise<Delivered> {
    const body = Buffer.from(message.body);
    const at = this.now();
    const result = await this.sender.post(endpoint.url, webhookHeaders(secrets, message.eventId, body, at), body);
    const { endpointId } = endpoint;
    const { messageId } = message;
    const { outcome, tookMs } = result;
    const end = this.endOf(message, result);
    const state = { delivered: 'DELIVERED', retry: 'PENDING', dead: 'DEAD' } as const;
    const disabled = await this.database.transaction(async (tx) => {
      const now = new Date(this.now());
      await Promise.all([
        insertAttempt(tx, { messageId, at: new Date(at), tookMs, outcome }),
        concludeMessage(tx, messageId, {
          ...{ state: state[end], outcome, at: now },
          dueAt: new Date(now.getTime() + pauseMs(message.attempts, this.chance(), result.retryAfterMs)),
        }),
      ]);
      return this.noteHealth(tx, endpoint, result);
    });
    return { endpointId, messageId, outcome, end, disabled };
  }

  private endOf(message: MessageInHand, { kind }: SendResult): Delivered['end'] {
    if (kind === 'delivered') return 'delivered';
    return this.now() - message.triedSince >= GIVE_UP_MS ? 'dead' : 'retry';
  }

  /** Notes how the endpoint does, when that has changed. @returns why it was disabled, if it was */
  private async noteHealth(tx: Tx, seen: SealedEndpoint, { kind }: SendResult): Promise<Delivered['disabled']> {
    if (kind === 'delivered' && seen.failingSince === null) return undefined;
    const endpoint = await lockEndpoint(tx, seen.endpointId);
    const now = this.now();
    if (kind === 'delivered') {
      if (endpoint.failingSince !== null) await saveEndpoint(tx, { ...endpoint, failingSince: null }, false);
      return undefined;
    }
    const failingSince = endpoint.failingSince ?? now;
    const reason = kind === 'gone' ? 'gone' : now - failingSince >= FAILING_MS ? 'failing' : undefined;
    if (endpoint.active && reason) {
      const { version } = endpoint;
      const disabled = { active: false, disabledReason: reason, version: version + 1 } as const;
      await saveEndpoint(tx, { ...endpoint, ...disabled, failingSince, changedBy: WORKER, changedAt: now }, false);
      return reason;
    }
    if (endpoint.failingSince === null) await saveEndpoint(tx, { ...endpoint, failingSince }, false);
    return undefined;
  }
}
