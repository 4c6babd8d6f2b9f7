import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import { counter, retryLater, type Database } from '@vend/platform';
import type { CodeDesk } from '@vend/portal';
import type { WakeHandler } from '../jobs';

/** Somebody stands there and waits for the code. */
const RETRY_BOUND_SECONDS = 5;

/** Sends the codes that customers asked for on their own page. */
export class PortalCodeHandler implements WakeHandler {
  private readonly worked = counter('vend_portal_codes_total', 'Codes asked for by what became of them', ['outcome']);

  constructor(
    private readonly database: Database,
    private readonly desk: CodeDesk,
    private readonly log: Logger,
  ) {}

  async handle(tickets: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    for (const ticket of tickets) {
      try {
        const outcome = await this.desk.work(ticket);
        if (outcome !== undefined) this.worked.inc({ outcome });
      } catch (error) {
        later.push(ticket);
        this.log.warn({ err: error }, 'a code could not be issued; trying again');
      }
    }
    await retryLater(this.database, 'portal-code', later, RETRY_BOUND_SECONDS, new Date());
  }
}
