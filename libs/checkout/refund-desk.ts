import { DomainError, idToBytes, type Id } from '@vend/kernel';
import type { AskedRefund, ProviderRefunds } from '@vend/cases';
import { leaveToWorker, type Database, type Tx } from '@vend/platform';
import type { DuesErrorCode } from '@vend/vending';
import { findOrder } from './store/orders';
import { findRefund, insertRefund, refundIsOpen } from './store/refunds';

/** Takes refunds of checkout payments from the cases, and leaves them to the worker. */
export class RefundDesk implements ProviderRefunds {
  constructor(private readonly database: Database) {}

  async covers(rechargeId: Id): Promise<boolean> {
    return (await findOrder(this.database, { rechargeId })) !== undefined;
  }

  asked(key: Id): Promise<Pick<AskedRefund, 'rechargeId' | 'reference'> | undefined> {
    return findRefund(this.database, key);
  }

  underWay(tx: Tx, rechargeId: Id): Promise<boolean> {
    return refundIsOpen(tx, rechargeId);
  }

  async ask(tx: Tx, refund: AskedRefund): Promise<void> {
    const { key, rechargeId, caseId, approvalId, amountPaisa, reference, reason, by, at } = refund;
    const [payment] = await tx.query<{ state: string }>('SELECT state FROM recharges WHERE id = ? FOR UPDATE', [
      idToBytes(rechargeId),
    ]);
    // Vended or paid back since it was looked at: nothing may go back twice, or after its token.
    if (payment?.state !== 'REFUND_DUE') throw new DomainError<DuesErrorCode>('payment-not-owed');
    const order = (await findOrder({ read: (sql, parameters) => tx.query(sql, parameters) }, { rechargeId }))!;
    await insertRefund(tx, {
      ...{ refundId: key, orderId: order.orderId, rechargeId, state: 'ASKED', refundNo: refundNoOf(key) },
      ...{ refundRef: null, amountPaisa, caseId, approvalId, reference, why: reason, askedBy: by, askedAt: at },
      ...{ asked: 0, reason: null },
    });
    await leaveToWorker(tx, [{ topic: 'checkout-refund', refId: key }], new Date(at));
  }
}

/** A function of the key, at most 30 letters, as gateways take them: all of a UUID but the first three of its 32 digits. */
function refundNoOf(key: Id): string {
  return `R${key.replaceAll('-', '').slice(3).toUpperCase()}`;
}
