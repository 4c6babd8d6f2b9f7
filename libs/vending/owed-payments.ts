import { DomainError, type Id, type InstantMs } from '@vend/kernel';
import { refundEntry, reversalEntry, type AccountOf, type LedgerService } from '@vend/ledger';
import type { Tx } from '@vend/platform';
import { announce, paymentFacts } from '@vend/webhooks';
import { assertMove } from './recharge.lifecycle';
import { moveOwed, readOwed } from './store/owed-payments.store';
import type { DuesErrorCode } from './dues.errors';

type RefundFrom = AccountOf<'cash' | 'receivable' | 'float'>;

/**
 * The two ways out for a payment that is owed back (REFUND_DUE): it is taken up again for a meter, and vended as any
 * payment that waits; or it is paid back. Each moves the payment's row from REFUND_DUE by one conditional update, so of
 * two that try, whatever each of them wants, one wins and the other finds nothing owed.
 */
export class OwedPayments {
  constructor(private readonly ledger: LedgerService) {}

  /**
   * Takes the payment up for this meter: from the commit on the worker vends it, unless `VendingService.complete` does
   * so first. Its business key stays: a repeat of the provider's call finds this payment.
   *
   * @throws {DomainError<DuesErrorCode>} payment-not-owed; payment-was-vended: its vend was cancelled, and a payment
   *   has one vend, so that it can only be paid back
   * @example await owed.takeUp(tx, { rechargeId, meterId, at }); … await vending.complete(rechargeId);
   */
  async takeUp(tx: Tx, payment: { rechargeId: Id; meterId: Id; at: InstantMs }): Promise<void> {
    const owed = await readOwed(tx, payment.rechargeId);
    if (owed?.vended) throw new DomainError<DuesErrorCode>('payment-was-vended');
    assertMove('REFUND_DUE', 'RECEIVED');
    if (!(await moveOwed(tx, payment.rechargeId, { to: 'RECEIVED', meterId: payment.meterId, at: payment.at }))) {
      throw new DomainError<DuesErrorCode>('payment-not-owed');
    }
    if (owed) await announce(tx, paymentFacts({ ...owed, type: 'payment.pending', at: payment.at }));
  }

  /**
   * Makes the accounts known that `refund` will post to: the one that pays, and those of what an agent kept of the sale,
   * whose float may be another than the one that pays. Before the transaction.
   *
   * @example await owed.open({ rechargeId, from: 'float:udc-118' }); await database.transaction((tx) => owed.refund(tx, …));
   */
  async open({ rechargeId, from }: { rechargeId: Id; from: RefundFrom }): Promise<void> {
    const kept = from.startsWith('float:') ? await this.ledger.entry('commission', rechargeId) : undefined;
    await this.ledger.open([from, ...(kept?.postings ?? []).flatMap(({ debit, credit }) => [debit, credit])]);
  }

  /**
   * Books that the payment was paid back whole. The caller has opened its accounts (`open`) and calls this last: it ends
   * with the ledger's shared rows.
   *
   * @param from the station's cash, or what the provider owes us (a vendor's float): it
   *   then gives the money back; an agent's float gives back what the agent kept of the sale, too
   * @throws {DomainError<DuesErrorCode>} payment-not-owed
   * @example await owed.refund(tx, { rechargeId, from: 'cash:NESCO-RAJ-01', at })
   */
  async refund(tx: Tx, refund: { rechargeId: Id; from: RefundFrom; at: InstantMs }): Promise<void> {
    const { rechargeId, from, at } = refund;
    assertMove('REFUND_DUE', 'REFUNDED');
    const owed = await readOwed(tx, rechargeId);
    if (!owed || !(await moveOwed(tx, rechargeId, { to: 'REFUNDED', at }))) {
      throw new DomainError<DuesErrorCode>('payment-not-owed');
    }
    await announce(tx, paymentFacts({ ...owed, type: 'payment.refunded', at }));
    const fact = { businessId: rechargeId, bookedAt: at, meterId: owed.meterId };
    const kept = from.startsWith('float:') ? await this.ledger.entry('commission', rechargeId, tx) : undefined;
    const back = kept ? [reversalEntry(fact, 'commission', kept.postings)] : [];
    await this.ledger.post(tx, [refundEntry(fact, from, owed.grossPaisa), ...back]);
  }
}
