import type { RefundBooking } from '@vend/cases';
import type { Id, InstantMs } from '@vend/kernel';
import { offerAt, settleOutbox, type Database, type Tx } from '@vend/platform';
import type { GatewayRefund } from './gateway';
import type { Gateways } from './gateways';
import { gatewayOrderOf, refsOf, type PublicUrl } from './order';
import { findOrder } from './store/orders';
import { lockRefund, saveRefund, type CheckoutRefund } from './store/refunds';

/** What became of one turn of work on a refund. */
export type RefundTurn = 'gone' | 'refunded' | 'refused' | 'waiting';

const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Has gateways give money back. A refund is booked when the gateway says that it is done, and never before: what is
 * processing or unknown is asked about again, for as long as it takes.
 */
export class RefundWorker {
  constructor(
    private readonly rooms: {
      readonly database: Database;
      readonly gateways: Pick<Gateways, 'gateway'>;
      readonly booking: RefundBooking;
    },
    private readonly settings: { readonly publicUrl: PublicUrl; readonly askMs: number },
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** One turn of work on a refund; any number of workers at once. @example await refunds.work(refundId) // 'refunded' */
  async work(refundId: Id): Promise<RefundTurn> {
    const { database } = this.rooms;
    const refund = await database.transaction((tx) => this.begin(tx, refundId));
    if (!refund) return 'gone';
    const heard = await this.ask(refund);
    const { rechargeId, caseId, approvalId, amountPaisa, reference, why: reason, askedBy: by, askedAt: at } = refund;
    const asked = { key: refundId, rechargeId, caseId, approvalId, amountPaisa, reference, reason, by, at };
    switch (heard.kind) {
      case 'refunded':
        await this.rooms.booking.done(asked, heard.refundRef, (tx) =>
          this.end(tx, refundId, { state: 'REFUNDED', refundRef: heard.refundRef.slice(0, 64), reason: null }),
        );
        return 'refunded';
      case 'refused':
        await this.rooms.booking.refused(asked, heard.reason, (tx) =>
          this.end(tx, refundId, { state: 'REFUSED', reason: heard.reason.slice(0, 64) }),
        );
        return 'refused';
      case 'processing':
      case 'unknown':
        await this.later(refundId, heard);
        return 'waiting';
    }
  }

  /** The attempt is on record before the gateway hears of it: from here on it may have been made. */
  private async begin(tx: Tx, refundId: Id): Promise<CheckoutRefund | undefined> {
    const refund = await lockRefund(tx, refundId);
    if (refund?.state !== 'ASKED') {
      await settleOutbox(tx, 'checkout-refund', [refundId]);
      return undefined;
    }
    await saveRefund(tx, refund, { asked: refund.asked + 1 }, this.now());
    return refund;
  }

  private async ask(refund: CheckoutRefund): Promise<GatewayRefund> {
    const order = (await findOrder(this.rooms.database, { orderId: refund.orderId }))!;
    const gateway = await this.rooms.gateways.gateway(order.provider);
    const told = gatewayOrderOf(order, this.settings.publicUrl);
    const refs = refsOf(order);
    const { refundNo, refundRef, amountPaisa, why: reason } = refund;
    if (refund.asked > 0) {
      const status = await gateway.refundStatus(told, refs, { refundNo, refundRef });
      // Without a number of its own it may never have heard of it; and it knows a repeat by our number.
      const settled = status.kind === 'refunded' || status.kind === 'processing' || refundRef !== null;
      if (settled) return status;
    }
    return gateway.refund(told, refs, { refundNo, amountPaisa, reason });
  }

  private async end(
    tx: Tx,
    refundId: Id,
    change: Partial<Pick<CheckoutRefund, 'state' | 'refundRef' | 'reason'>>,
  ): Promise<boolean> {
    const refund = await lockRefund(tx, refundId);
    await settleOutbox(tx, 'checkout-refund', [refundId]);
    if (refund?.state !== 'ASKED') return false;
    await saveRefund(tx, refund, change, this.now());
    return true;
  }

  private later(refundId: Id, heard: Extract<GatewayRefund, { kind: 'processing' | 'unknown' }>): Promise<void> {
    return this.rooms.database.transaction(async (tx) => {
      const refund = await lockRefund(tx, refundId);
      if (refund?.state !== 'ASKED') return;
      const refundRef = (heard.kind === 'processing' ? heard.refundRef : null) ?? refund.refundRef;
      const reason = heard.kind === 'unknown' ? heard.reason.slice(0, 64) : 'processing';
      await saveRefund(tx, refund, { refundRef, reason }, this.now());
      const pause = Math.min(LONGEST_PAUSE_MS, this.settings.askMs * 2 ** Math.min(refund.asked, 20));
      await offerAt(tx, 'checkout-refund', [refundId], new Date(this.now() + pause));
    });
  }
}
