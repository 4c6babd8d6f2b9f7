import type { Logger } from 'pino';
import type { InboundService } from '@vend/inbound';
import type { Id } from '@vend/kernel';
import { counter, retryLater, type Database } from '@vend/platform';
import type { WakeHandler } from '../jobs';

const RETRY_BOUND_SECONDS = 30;

/** Works what customers wrote, one message after the other. */
export class InboundSmsHandler implements WakeHandler {
  private readonly worked = counter('vend_inbound_sms_total', "Customers' SMS by what became of them", ['outcome']);

  constructor(
    private readonly database: Database,
    private readonly inbound: InboundService,
    private readonly log: Logger,
  ) {}

  async handle(inboundIds: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    for (const inboundId of inboundIds) {
      try {
        const outcome = await this.inbound.work(inboundId);
        if (outcome !== undefined) this.worked.inc({ outcome });
      } catch (error) {
        later.push(inboundId);
        this.log.warn({ inboundId, err: error }, "a customer's SMS could not be worked; trying again");
      }
    }
    await retryLater(this.database, 'sms-inbound', later, RETRY_BOUND_SECONDS, new Date());
  }
}
