import type { Logger } from 'pino';
import { isDomainError, type Id } from '@vend/kernel';
import type { MetersService } from '@vend/meters';
import type { InboxEnding, InboxItem, InboxService } from '@vend/payments';
import { retryLater, settleOutbox, type Database } from '@vend/platform';
import type { RechargeCommand, VendingService } from '@vend/vending';
import type { WakeHandler } from '../jobs';

const RETRY_BOUND_SECONDS = 30;

/**
 * Works stored top-up events. The recharge's business key (provider, transaction id) makes a second event about
 * the same payment, or a second worker on the same event, find the first one's vend. Money that cannot be vended,
 * say for a meter that we do not know, is booked as owed back and left to a person.
 */
export class InboxHandler implements WakeHandler {
  constructor(
    private readonly database: Database,
    private readonly inbox: InboxService,
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    const items = await this.inbox.takeAll(refIds);
    const waiting = items.filter(({ state }) => state === 'RECEIVED');
    const worked = await Promise.all(waiting.map((item) => this.work(item)));
    const later = waiting.filter((_, index) => !worked[index]).map(({ inboxId }) => inboxId);
    const over = refIds.filter((refId) => !waiting.some(({ inboxId }) => inboxId === refId));
    await this.database.transaction(async (tx) => {
      // One commit for all that were woken together.
      await this.inbox.conclude(
        tx,
        worked.filter((ending) => ending !== undefined),
      );
      await settleOutbox(tx, 'inbox', over);
    });
    await retryLater(this.database, 'inbox', later, RETRY_BOUND_SECONDS, new Date());
  }

  /** @returns undefined: not now; the event stays and is tried again */
  private async work({ inboxId, topUp, partnerCode }: InboxItem): Promise<InboxEnding | undefined> {
    try {
      const { record } = await this.vending.recharge({
        source: `provider:${partnerCode}`,
        sourceRef: topUp.transactionId,
        channel: 'callback',
        actor: `partner:${partnerCode}`,
        ...(await this.meterOf(topUp.reference)),
        reference: topUp.reference,
        grossPaisa: topUp.amountPaisa,
        moneyIsTaken: true,
        keepWhenRefused: true,
      });
      const outcome = record.vend ? 'vended' : (record.refusalCode ?? 'pending');
      const state = record.state === 'REFUND_DUE' ? 'CASE' : 'DONE';
      return { inboxId, state, outcome, rechargeId: record.rechargeId };
    } catch (error) {
      // The provider used one transaction id for two payments: a person must ask which is true.
      if (isDomainError(error) && error.code === 'transaction-conflict') {
        return { inboxId, state: 'CASE', outcome: error.code };
      }
      this.log.warn({ inboxId, err: error }, 'callback could not be worked; trying again');
      return undefined;
    }
  }

  private async meterOf(reference: string): Promise<Pick<RechargeCommand, 'meterId' | 'unresolvedCode'>> {
    try {
      return { meterId: (await this.meters.resolve(reference))?.meterId ?? null };
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return { meterId: null, unresolvedCode: error.code };
    }
  }
}
