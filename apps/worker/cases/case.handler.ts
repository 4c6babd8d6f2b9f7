import type { Logger } from 'pino';
import type { AutomaticCases } from '@vend/cases';
import type { Id } from '@vend/kernel';
import { counter, retryLater, type Database } from '@vend/platform';
import type { WakeHandler } from '../jobs';

const RETRY_BOUND_SECONDS = 60;

/** Opens the cases that money asks for by itself. */
export class CaseHandler implements WakeHandler {
  private readonly handled = counter('vend_automatic_cases_total', 'Unexplained money by what became of it', [
    'outcome',
  ]);

  constructor(
    private readonly database: Database,
    private readonly automatic: AutomaticCases,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    for (const refId of refIds) {
      try {
        this.handled.inc({ outcome: await this.automatic.handle(refId) });
      } catch (error) {
        later.push(refId);
        this.log.warn({ refId, err: error }, 'a case could not be opened; trying again');
      }
    }
    await retryLater(this.database, 'case', later, RETRY_BOUND_SECONDS, new Date());
  }
}
