import { formatTaka, isDomainError, type InstantMs, type Paisa } from '@vend/kernel';
import type { GatewayOrder, GatewayRefs, GatewayRefund } from '../gateway';
import type { BkashClient } from './bkash-client';
import { bkashFault } from './bkash.codes';
import { refundAnswer, refundsAnswer, type BkashAnswer } from './bkash.wire';

/** After that bKash gives nothing back by itself: a person does. */
const REFUND_WITHIN_MS = 15 * 86_400_000;
const NOT_FOUND = 'refund-not-found';
/** What bKash says of a payment of which nothing went back. */
const NOTHING_GIVEN_BACK = new Set(['2028', '2033']);

/**
 * Refunds of both versions. bKash has no key of ours for a refund, so it is asked first whether the money went back
 * already: the status call makes a repeat harmless, and a repeat that slips past it meets bKash's own limit, the amount
 * of the payment. Therefore a payment is given back once, and whole.
 */
export class BkashRefunds {
  constructor(
    private readonly client: BkashClient,
    private readonly now: () => InstantMs,
  ) {}

  async give(
    order: GatewayOrder,
    refs: GatewayRefs,
    refund: { readonly refundNo: string; readonly amountPaisa: Paisa; readonly reason: string },
  ): Promise<GatewayRefund> {
    const known = await this.status(refs);
    if (known.kind !== 'refused' || known.reason !== NOT_FOUND) return known;
    if (this.now() - order.createdAt > REFUND_WITHIN_MS) return { kind: 'refused', reason: 'refund-too-late' };
    return this.answered(async () => {
      const answer = await this.ask(refs, refund);
      if (answer.kind === 'ok') return refundOf(answer.body);
      if (answer.kind === 'code') {
        const { fault, name } = bkashFault(answer.code);
        // Somebody was quicker with the same refund.
        if (fault === 'done') return orUnknown(await this.status(refs), name);
        return fault === 'again' ? { kind: 'unknown', reason: name } : { kind: 'refused', reason: name };
      }
      return { kind: 'unknown', reason: answer.kind === 'none' ? answer.reason : 'token-refused' };
    });
  }

  /** @returns refused with `refund-not-found` when bKash says that it gave nothing back */
  status({ gatewayRef, trxId }: GatewayRefs): Promise<GatewayRefund> {
    return this.answered(async () => {
      if (trxId === null) return { kind: 'refused', reason: 'not-paid' };
      const answer = await this.askStatus(gatewayRef, trxId);
      if (answer.kind === 'ok') return refundOf(answer.body);
      if (answer.kind === 'code') {
        if (NOTHING_GIVEN_BACK.has(answer.code)) return { kind: 'refused', reason: NOT_FOUND };
        return { kind: 'unknown', reason: bkashFault(answer.code).name };
      }
      return { kind: 'unknown', reason: answer.kind === 'none' ? answer.reason : 'token-refused' };
    });
  }

  private ask(
    { gatewayRef, trxId }: GatewayRefs,
    { refundNo, amountPaisa, reason }: { refundNo: string; amountPaisa: Paisa; reason: string },
  ): Promise<BkashAnswer> {
    const words = { sku: refundNo, reason: reason.replace(/[<>&]/g, '').slice(0, 200) };
    const amount = formatTaka(amountPaisa);
    return this.client.settings.refundApi === 'v1'
      ? this.client.checkout('payment/refund', { paymentID: gatewayRef, trxID: trxId, amount, ...words })
      : this.client.refundV2('payment/transaction', {
          ...{ paymentId: gatewayRef, trxId, refundAmount: amount, ...words },
        });
  }

  private askStatus(gatewayRef: string, trxId: string): Promise<BkashAnswer> {
    return this.client.settings.refundApi === 'v1'
      ? this.client.checkout('payment/refund', { paymentID: gatewayRef, trxID: trxId })
      : this.client.refundV2('payment/status', { paymentId: gatewayRef, trxId });
  }

  private async answered(work: () => Promise<GatewayRefund>): Promise<GatewayRefund> {
    try {
      return await work();
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'gateway-unavailable') throw error;
      return { kind: 'unknown', reason: String(error.facts['reason'] ?? error.code) };
    }
  }
}

function orUnknown(refund: GatewayRefund, reason: string): GatewayRefund {
  return refund.kind === 'refused' ? { kind: 'unknown', reason } : refund;
}

function refundOf(body: Readonly<Record<string, unknown>>): GatewayRefund {
  const listed = 'refundTransactions' in body;
  const said = listed ? refundsAnswer.safeParse(body).data?.refundTransactions : [refundAnswer.safeParse(body).data];
  if (!said) return { kind: 'unknown', reason: 'answer-unreadable' };
  if (listed && said.length === 0) return { kind: 'refused', reason: NOT_FOUND };
  const done = said.find((refund) => refund?.status === 'Completed' && refund.refundRef !== undefined);
  if (done) return { kind: 'refunded', refundRef: done.refundRef! };
  const [first] = said;
  if (first?.refundRef !== undefined) return { kind: 'processing', refundRef: first.refundRef };
  return { kind: 'unknown', reason: 'answer-unreadable' };
}
