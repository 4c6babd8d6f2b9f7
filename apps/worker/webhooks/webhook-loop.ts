import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import { counter, gauge, type Database } from '@vend/platform';
import { dueEndpoints, messageFigures, type Delivered, type WebhookDelivery } from '@vend/webhooks';

const IDLE_MS = 500;
/** Counting walks an index, so it is done seldom. */
const COUNT_EVERY_MS = 30_000;

/**
 * Delivers webhooks. It reads from the database what is due, so it needs no queue, and any number of workers may. Every
 * endpoint is worked on a line of its own: one that answers slowly or never holds up no other.
 */
export class WebhookLoop {
  private readonly attempts = counter('vend_webhook_attempts_total', 'Attempts to deliver a webhook', ['end']);
  private readonly disabled = counter('vend_webhook_endpoints_disabled_total', 'Endpoints disabled by themselves', [
    'reason',
  ]);
  private readonly waiting = gauge('vend_webhook_messages', 'Webhooks that wait, and that were given up', ['state']);
  private readonly lines = new Map<Id, Promise<void>>();
  private running: Promise<void> | undefined;
  private countedAtMs = 0;
  private stopping = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly delivery: WebhookDelivery,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running = this.loop();
  }

  /** Lets what is on its way end. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
    await Promise.all(this.lines.values());
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      try {
        for (const endpointId of await dueEndpoints(this.database, new Date())) this.open(endpointId);
        if (Date.now() - this.countedAtMs >= COUNT_EVERY_MS) await this.count();
      } catch (error) {
        this.log.warn({ err: error }, 'webhooks could not be looked at; trying again');
      }
      if (!this.stopping) await this.rest();
    }
  }

  private open(endpointId: Id): void {
    if (this.lines.has(endpointId)) return;
    const line = this.work(endpointId).finally(() => this.lines.delete(endpointId));
    this.lines.set(endpointId, line);
  }

  private async work(endpointId: Id): Promise<void> {
    try {
      for (let busy = true; busy && !this.stopping;) {
        const delivered = await this.delivery.work(endpointId);
        for (const each of delivered) this.note(each);
        busy = delivered.length > 0;
      }
    } catch (error) {
      this.log.warn({ err: error, endpointId }, 'an endpoint could not be worked; trying again');
    }
  }

  private note({ endpointId, messageId, outcome, end, disabled }: Delivered): void {
    this.attempts.inc({ end });
    if (end === 'dead') this.log.error({ endpointId, messageId, outcome }, 'a webhook was given up');
    if (disabled) {
      this.disabled.inc({ reason: disabled });
      this.log.error({ endpointId, outcome, reason: disabled }, 'a webhook endpoint was disabled');
    }
  }

  private async count(): Promise<void> {
    this.countedAtMs = Date.now();
    const { PENDING, DEAD } = await messageFigures(this.database);
    this.waiting.set({ state: 'pending' }, PENDING);
    this.waiting.set({ state: 'dead' }, DEAD);
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
