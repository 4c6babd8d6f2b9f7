import type { Logger } from 'pino';
import { isDomainError, type Id } from '@vend/kernel';
import { retryLater, settleOutbox, type Database } from '@vend/platform';
import type { VendingService } from '@vend/vending';
import type { WakeHandler } from '../jobs';

/** The customer is waiting: never longer than this between two tries. */
const RETRY_BOUND_SECONDS = 4;

/** Vends the payments that were taken while no token could be made. */
export class PendingVendHandler implements WakeHandler {
  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    const concluded: Id[] = [];
    const later: Id[] = [];
    await Promise.all(
      refIds.map(async (rechargeId) => {
        try {
          await this.vending.complete(rechargeId);
          concluded.push(rechargeId);
        } catch (error) {
          later.push(rechargeId);
          const code = isDomainError(error) ? error.code : undefined;
          this.log.warn({ rechargeId, code, err: code ? undefined : error }, 'pending vend is still waiting');
        }
      }),
    );
    // The vend's own transaction has settled its row; this clears one that was concluded by somebody else.
    await this.database.transaction((tx) => settleOutbox(tx, 'pending-vend', concluded));
    await retryLater(this.database, 'pending-vend', later, RETRY_BOUND_SECONDS, new Date());
  }
}
