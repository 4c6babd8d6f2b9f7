import type { Logger } from 'pino';
import { DomainError, idOfName, type Id } from '@vend/kernel';
import { paymentEntry, type LedgerService } from '@vend/ledger';
import type { MetersService } from '@vend/meters';
import type { InboxItem, InboxService } from '@vend/payments';
import { isDuplicate, retryLater, settleOutbox, type Database } from '@vend/platform';
import type { VendingService } from '@vend/vending';
import type { WakeHandler } from '../jobs';

const RETRY_BOUND_SECONDS = 30;

/**
 * Works stored top-up events. The recharge's business key (provider, transaction id) makes a second event about
 * the same payment, or a second worker on the same event, find the first one's vend. Money for a meter that we do
 * not know is booked as unspent and left to a person.
 */
export class InboxHandler implements WakeHandler {
  constructor(
    private readonly database: Database,
    private readonly inbox: InboxService,
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly ledger: LedgerService,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    await Promise.all(
      refIds.map(async (inboxId) => {
        try {
          await this.work(inboxId);
        } catch (error) {
          later.push(inboxId);
          this.log.warn({ inboxId, err: error }, 'callback could not be worked; trying again');
        }
      }),
    );
    await retryLater(this.database, 'inbox', later, RETRY_BOUND_SECONDS, new Date());
  }

  private async work(inboxId: Id): Promise<void> {
    const item = await this.inbox.take(inboxId);
    if (item?.state !== 'RECEIVED') {
      await this.database.transaction((tx) => settleOutbox(tx, 'inbox', [inboxId]));
      return;
    }
    const { topUp, partnerCode } = item;
    let meterId: Id;
    try {
      const meter = await this.meters.resolve(topUp.reference);
      if (!meter) throw new DomainError('meter-not-found');
      meterId = meter.meterId;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.openCase(item, error.code);
      return;
    }
    try {
      const { record } = await this.vending.recharge({
        source: `provider:${partnerCode}`,
        sourceRef: topUp.transactionId,
        channel: 'callback',
        actor: `partner:${partnerCode}`,
        meterId,
        grossPaisa: topUp.amountPaisa,
        moneyIsTaken: true,
        keepWhenRefused: true,
      });
      const outcome = record.vend ? 'vended' : record.state === 'RECEIVED' ? 'pending' : (record.refusalCode ?? 'kept');
      await this.database.transaction((tx) => this.inbox.conclude(tx, inboxId, 'DONE', outcome, record.rechargeId));
    } catch (error) {
      // The provider used one transaction id for two payments: a person must ask which is true.
      if (!(error instanceof DomainError) || error.code !== 'transaction-conflict') throw error;
      await this.database.transaction((tx) => this.inbox.conclude(tx, inboxId, 'CASE', error.code));
    }
  }

  /** Money without a meter: booked as received and unspent, once per transaction id, and left to a person. */
  private async openCase(item: InboxItem, code: string): Promise<void> {
    const { partnerCode, topUp } = item;
    const funds = `receivable:${partnerCode}` as const;
    const businessId = idOfName(`provider:${partnerCode}|${topUp.transactionId}`);
    await this.ledger.open([funds]);
    const conclude = (booked: boolean) =>
      this.database.transaction(async (tx) => {
        if (!(await this.inbox.conclude(tx, item.inboxId, 'CASE', code)) || booked) return;
        const fact = { businessId, bookedAt: item.receivedAt, meterId: null };
        await this.ledger.post(tx, [paymentEntry(fact, funds, topUp.amountPaisa)]);
      });
    try {
      await conclude(false);
    } catch (error) {
      // Another event told of the same payment first: its money is in the books already.
      if (!isDuplicate(error)) throw error;
      await conclude(true);
    }
  }
}
