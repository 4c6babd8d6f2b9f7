import { isDomainError, type Id, type InstantMs } from '@vend/kernel';
import type { MetersService } from '@vend/meters';
import { isDuplicate, offerAt, settleOutbox, type Database, type Tx } from '@vend/platform';
import type { RechargeCommand, RechargeRecord, VendingService } from '@vend/vending';
import type { CheckoutErrorCode } from './checkout.errors';
import type { GatewayClaim, GatewayVerdict } from './gateway';
import type { Gateways } from './gateways';
import { gatewayOrderOf, refsOf, type CheckoutOrder, type PublicUrl } from './order';
import { mayMove, type OrderState } from './order.lifecycle';
import { findOrder, lockOrder, saveOrder } from './store/orders';

/** How patient we are. */
export interface OrderWorkerSettings {
  readonly publicUrl: PublicUrl;
  /** Between the first two questions; it doubles with each, up to an hour. */
  readonly askMs: number;
}

export interface OrderWorkerRooms {
  readonly database: Database;
  readonly gateways: Pick<Gateways, 'gateway'>;
  readonly meters: Pick<MetersService, 'resolve'>;
  readonly vending: Pick<VendingService, 'recharge' | 'findByKey'>;
}

/** What became of one turn of work on an order. */
export type OrderTurn = 'gone' | 'booked' | 'waiting' | 'unknown' | 'over';

const LONGEST_PAUSE_MS = 3_600_000;
/** What is not paid is asked about for so long: a day, as gateways keep a payment, and the lateness of their clocks. */
const ASKED_FOR_MS = 26 * 3_600_000;
/** Nobody was sent to the gateway if it was not done by now. */
const STARTING_MS = 120_000;

/**
 * Takes orders to their end: asks the gateway until it says something final, writes that down, and only then books the
 * payment under the gateway's transaction id. A death between any two steps leaves the order's outbox row, and the next
 * turn goes on from what is written. It is the janitor too: an order of which no message ever comes is asked about.
 */
export class OrderWorker {
  constructor(
    private readonly rooms: OrderWorkerRooms,
    private readonly settings: OrderWorkerSettings,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * One turn of work on an order. Any number of workers may do it at once: each verdict is written under the order's
   * lock, and the payment's business key makes one vend of all of them.
   *
   * @example await orders.work(orderId) // 'booked'
   */
  async work(orderId: Id): Promise<OrderTurn> {
    const order = await this.rooms.database.transaction((tx) => this.begin(tx, orderId));
    if (!order) return 'gone';
    if (order.trxId !== null) return this.book(order);
    const gateway = await this.rooms.gateways.gateway(order.provider);
    const verdict = await gateway.settle(gatewayOrderOf(order, this.settings.publicUrl), refsOf(order));
    const known = await this.heard(order, verdict);
    if (known === 'waiting' || known === 'unknown' || known === 'over') return known;
    return this.book(known);
  }

  /**
   * A message tells of a payment beside the one that the order has: when the gateway says so too, it is money of its own,
   * kept and never vended by itself.
   *
   * @returns what it was: `paid-twice`, `repeated`; undefined: the gateway does not say, ask again later
   */
  async second(order: CheckoutOrder, claim: { trxId: string; claimRef: string | null }): Promise<string | undefined> {
    const gateway = await this.rooms.gateways.gateway(order.provider);
    const refs = { gatewayRef: order.gatewayRef ?? '', ...claim };
    const verdict = await gateway.settle(gatewayOrderOf(order, this.settings.publicUrl), refs);
    if (verdict.kind === 'unknown') return undefined;
    if ((verdict.kind !== 'paid' && verdict.kind !== 'held') || verdict.trxId === order.trxId) return 'repeated';
    const hold: CheckoutErrorCode = 'checkout-paid-twice';
    await this.recharge({ ...order, trxId: verdict.trxId, paidPaisa: verdict.amountPaisa }, hold);
    return 'paid-twice';
  }

  /**
   * A message tells of a payment for which no order is known. What the gateway, asked, has taken is kept as owed back, with
   * a case for a person; whose meter it was for nobody knows, so nothing is vended.
   *
   * @returns what it was: `money-without-order`, `known`, `order-unknown`; undefined: the gateway does not say, ask again
   */
  async withoutOrder(provider: string, claim: GatewayClaim): Promise<string | undefined> {
    const { database, gateways, vending } = this.rooms;
    const gateway = await gateways.gateway(provider);
    const verdict = await gateway.lookUp(claim);
    if (verdict.kind === 'unknown') return undefined;
    if (verdict.kind !== 'paid' && verdict.kind !== 'held') return 'order-unknown';
    const { trxId, amountPaisa: grossPaisa } = verdict;
    const source = `provider:${provider}`;
    if ((await findOrder(database, { provider, trxId })) || (await vending.findByKey(source, trxId))) return 'known';
    await vending.recharge({
      ...{ source, sourceRef: trxId, channel: 'checkout', actor: `partner:${provider}`, grossPaisa },
      ...{ meterId: null, unresolvedCode: 'money-without-order', reference: claim.orderNo ?? claim.gatewayRef ?? '' },
      ...{ moneyIsTaken: true, keepWhenRefused: true },
    });
    return 'money-without-order';
  }

  /** The order as it stands, with the question on record; undefined when there is nothing left to do. */
  private async begin(tx: Tx, orderId: Id): Promise<CheckoutOrder | undefined> {
    const order = await lockOrder(tx, { orderId });
    const nothing =
      !order ||
      order.rechargeId !== null ||
      // The gateway refused to begin it, or was never told of it.
      (order.gatewayRef === null && order.claimed === null && order.state !== 'CREATED');
    if (nothing) {
      await settleOutbox(tx, 'checkout', [orderId]);
      return undefined;
    }
    if (order.trxId !== null) return order;
    if (order.gatewayRef === null && order.claimed === null) {
      await this.giveUpStarting(tx, order);
      return undefined;
    }
    return saveOrder(tx, order, { asked: order.asked + 1 }, this.now());
  }

  private async giveUpStarting(tx: Tx, order: CheckoutOrder): Promise<void> {
    const { orderId, createdAt } = order;
    if (this.now() < createdAt + STARTING_MS) {
      await offerAt(tx, 'checkout', [orderId], new Date(createdAt + STARTING_MS));
      return;
    }
    await saveOrder(tx, order, { state: 'EXPIRED', reason: 'not-started' }, this.now());
    await settleOutbox(tx, 'checkout', [orderId]);
  }

  /** Writes down what the gateway said. @returns the order when it is paid, else how it goes on */
  private async heard(
    asked: CheckoutOrder,
    verdict: GatewayVerdict,
  ): Promise<CheckoutOrder | 'waiting' | 'unknown' | 'over'> {
    try {
      return await this.rooms.database.transaction(async (tx) => {
        const order = (await lockOrder(tx, { orderId: asked.orderId }))!;
        // Another worker was told so already; what the gateway says of it later changes nothing.
        if (order.trxId !== null) return order;
        if (verdict.kind === 'paid' || verdict.kind === 'held') return await this.paid(tx, order, verdict);
        return await this.notPaid(tx, order, asked, verdict);
      });
    } catch (error) {
      // The gateway names a transaction that is another order's: that money has its place, and this order has none.
      if (!isDuplicate(error)) throw error;
      return this.rooms.database.transaction(async (tx) => {
        const order = (await lockOrder(tx, { orderId: asked.orderId }))!;
        return this.notPaid(tx, order, asked, { kind: 'failed', reason: 'trx-of-another-order' });
      });
    }
  }

  private paid(
    tx: Tx,
    order: CheckoutOrder,
    verdict: Extract<GatewayVerdict, { kind: 'paid' | 'held' }>,
  ): Promise<CheckoutOrder> {
    const { trxId, amountPaisa: paidPaisa } = verdict;
    const change =
      verdict.kind === 'paid'
        ? ({ state: 'PAID', paidAt: verdict.paidAt, reason: null } as const)
        : ({ state: 'HELD', paidAt: null, reason: verdict.reason.slice(0, 64) } as const);
    return saveOrder(tx, order, { ...change, trxId, paidPaisa }, this.now());
  }

  private async notPaid(
    tx: Tx,
    order: CheckoutOrder,
    asked: CheckoutOrder,
    verdict: Exclude<GatewayVerdict, { kind: 'paid' | 'held' }>,
  ): Promise<'waiting' | 'unknown' | 'over'> {
    const now = this.now();
    const state = unpaidState(order, verdict, now);
    const reason = 'reason' in verdict ? verdict.reason.slice(0, 64) : verdict.kind;
    await saveOrder(tx, order, state && mayMove(order.state, state) ? { state, reason } : { reason }, now);
    const ended = verdict.kind !== 'unknown' && (state !== undefined || !mayMove(order.state, 'EXPIRED'));
    if (ended && now > order.createdAt + ASKED_FOR_MS) {
      await settleOutbox(tx, 'checkout', [order.orderId]);
      return 'over';
    }
    // A message that came while the gateway was asked has set the count back: it may know more by now.
    const pause = order.asked === asked.asked ? this.pauseMs(order.asked) : 0;
    await offerAt(tx, 'checkout', [order.orderId], new Date(now + pause));
    return verdict.kind === 'unknown' ? 'unknown' : 'waiting';
  }

  private pauseMs(asked: number): number {
    return Math.min(LONGEST_PAUSE_MS, this.settings.askMs * 2 ** Math.min(Math.max(asked - 1, 0), 20));
  }

  /** Books the payment, and with it vends; then the order knows its payment and is done. */
  private async book(order: CheckoutOrder): Promise<OrderTurn> {
    const record = await this.recharge(order, holdOf(order));
    await this.rooms.database.transaction(async (tx) => {
      const present = (await lockOrder(tx, { orderId: order.orderId }))!;
      if (present.rechargeId === null) {
        await saveOrder(tx, present, { rechargeId: record.rechargeId }, this.now());
      }
      await settleOutbox(tx, 'checkout', [order.orderId]);
    });
    return 'booked';
  }

  private async recharge(order: CheckoutOrder, holdCode: CheckoutErrorCode | undefined): Promise<RechargeRecord> {
    const { provider, reference } = order;
    const source = `provider:${provider}`;
    const sourceRef = order.trxId!;
    try {
      const { record } = await this.rooms.vending.recharge({
        ...{ source, sourceRef, channel: 'checkout', actor: `partner:${provider}`, reference },
        ...(await this.meterOf(reference)),
        ...(holdCode && { holdCode }),
        // What the gateway took, and not what we asked for: one payment is one vend, and no difference is left over.
        grossPaisa: order.paidPaisa!,
        moneyIsTaken: true,
        keepWhenRefused: true,
      });
      return record;
    } catch (error) {
      // Booked before under other words, say as money without an order: it stays what it is, and a case has it.
      if (!isDomainError(error) || error.code !== 'transaction-conflict') throw error;
      const record = await this.rooms.vending.findByKey(source, sourceRef);
      if (!record) throw error;
      return record;
    }
  }

  private async meterOf(reference: string): Promise<Pick<RechargeCommand, 'meterId' | 'unresolvedCode'>> {
    try {
      return { meterId: (await this.rooms.meters.resolve(reference))?.meterId ?? null };
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return { meterId: null, unresolvedCode: error.code };
    }
  }
}

/** Why nothing is vended by itself, although the gateway has the money. */
function holdOf({ state, paidPaisa, amountPaisa }: CheckoutOrder): CheckoutErrorCode | undefined {
  if (state === 'HELD') return 'checkout-held';
  return paidPaisa! < amountPaisa ? 'checkout-amount-less' : undefined;
}

/** Where an order goes that is not paid; undefined: it waits. */
function unpaidState(
  { claimed, expiresAt }: CheckoutOrder,
  verdict: Exclude<GatewayVerdict, { kind: 'paid' | 'held' }>,
  now: InstantMs,
): OrderState | undefined {
  switch (verdict.kind) {
    case 'failed':
      return verdict.reason === 'cancelled' ? 'CANCELLED' : 'FAILED';
    case 'refunded':
      return 'FAILED';
    case 'expired':
      return 'EXPIRED';
    case 'open':
      if (now > expiresAt) return 'EXPIRED';
      return claimed === 'cancelled' ? 'CANCELLED' : undefined;
    case 'unknown':
      return undefined;
  }
}
