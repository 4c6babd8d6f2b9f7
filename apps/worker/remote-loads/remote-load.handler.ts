import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import type { LoadInbox, RemoteLoads } from '@vend/meterlink';
import { counter, retryLater, type Database } from '@vend/platform';
import type { WakeHandler } from '../jobs';

const RETRY_BOUND_SECONDS = 30;

/** Pushes loads, asks about those without an answer, and gives up in the end; the load says when it is next due. */
export class RemoteLoadHandler implements WakeHandler {
  private readonly turns = counter('vend_remote_load_turns_total', 'Turns of work on remote loads', ['outcome']);

  constructor(
    private readonly database: Database,
    private readonly loads: RemoteLoads,
    private readonly log: Logger,
  ) {}

  async handle(loadIds: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    await Promise.all(
      loadIds.map(async (loadId) => {
        try {
          const outcome = await this.loads.work(loadId);
          this.turns.inc({ outcome });
          if (outcome === 'failed') this.log.warn({ loadId }, 'a remote load has failed');
        } catch (error) {
          later.push(loadId);
          this.log.warn({ loadId, err: error }, 'remote load could not be worked; trying again');
        }
      }),
    );
    await retryLater(this.database, 'remote-load', later, RETRY_BOUND_SECONDS, new Date());
  }
}

/** Works the stored callbacks of head-ends. */
export class MeterLinkEventHandler implements WakeHandler {
  constructor(
    private readonly database: Database,
    private readonly inbox: LoadInbox,
    private readonly loads: RemoteLoads,
    private readonly log: Logger,
  ) {}

  async handle(eventIds: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    await Promise.all(
      eventIds.map(async (eventId) => {
        try {
          await this.inbox.work(eventId, this.loads);
        } catch (error) {
          later.push(eventId);
          this.log.warn({ eventId, err: error }, "a head-end's word could not be worked; trying again");
        }
      }),
    );
    await retryLater(this.database, 'meter-link-event', later, RETRY_BOUND_SECONDS, new Date());
  }
}
