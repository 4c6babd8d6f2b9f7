import type { Logger } from 'pino';
import { openBroadcasts, prepareBatch, type BroadcastSender, type OptOutsBetween } from '@vend/broadcasts';
import { counter, type Database } from '@vend/platform';

/** Short enough that a pause of the rate is kept, and cheap: one look at the few notices that are open. */
const IDLE_MS = 500;

/**
 * Prepares and sends notices to all. It reads from the database what is to be done, so it needs no queue; any number of
 * workers may.
 */
export class BroadcastLoop {
  private readonly tries = counter('vend_broadcast_chunks_total', 'Chunks of notices to all by what became of them', [
    'outcome',
  ]);
  private running: Promise<void> | undefined;
  private stopping = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly sender: BroadcastSender,
    private readonly optedOut: OptOutsBetween,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running = this.loop();
  }

  /** Lets the chunk in hand end. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      let busy = false;
      try {
        busy = await this.round();
      } catch (error) {
        this.log.warn({ err: error }, 'notices to all could not be looked at; trying again');
      }
      if (!busy && !this.stopping) await this.rest();
    }
  }

  /** One step of each open notice. @returns true when something was done */
  private async round(): Promise<boolean> {
    let busy = false;
    for (const { id: broadcastId, state } of await openBroadcasts(this.database)) {
      if (this.stopping) return false;
      try {
        if (state === 'PREPARING') {
          busy = (await prepareBatch(this.database, this.optedOut, broadcastId, Date.now())) || busy;
          continue;
        }
        const outcome = await this.sender.sendChunk(broadcastId);
        this.tries.inc({ outcome });
        busy = outcome === 'sent' || busy;
      } catch (error) {
        this.log.warn({ err: error, broadcastId }, 'a step of a notice to all failed; trying again');
      }
    }
    return busy;
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
