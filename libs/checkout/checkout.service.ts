import { DomainError, formatTaka, isDomainError, newId, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { MetersService } from '@vend/meters';
import type { Provider } from '@vend/payments';
import { isDuplicate, leaveToWorker, leaveToWorkerAgain, type Database } from '@vend/platform';
import type { VendingService } from '@vend/vending';
import type { CheckoutErrorCode } from './checkout.errors';
import type { GatewayStart } from './gateway';
import { isOffered, type Gateways } from './gateways';
import { gatewayOrderOf, newOrderNo, type CheckoutOrder, type PublicUrl } from './order';
import { standingOf, type OrderStanding } from './order.lifecycle';
import { findOrder, insertOrder, lockOrder, ordersOfAddress, saveOrder } from './store/orders';

export interface CheckoutSettings {
  readonly publicUrl: PublicUrl;
  /** How long the payer has; a payment that comes later is vended all the same. */
  readonly orderTtlMs: number;
  /** How many orders one address may begin in ten minutes. */
  readonly ordersPerAddress: number;
}

/** A payer wants to pay. */
export interface StartCheckout {
  /** The Idempotency-Key: the same key is the same order. */
  readonly key: Id;
  readonly gateway: string;
  /** Meter or customer number, as typed. */
  readonly reference: string;
  readonly amountPaisa: Paisa;
  readonly language: 'bn' | 'en';
  /** Who asks: one IPv4 address, or an IPv6 network. */
  readonly address: string;
}

export interface StartedCheckout {
  readonly orderNo: string;
  readonly payUrl: string;
  readonly expiresAt: InstantMs;
  readonly replayed: boolean;
}

/** How an order stands, without anything secret. */
export interface CheckoutStatus {
  readonly order: CheckoutOrder;
  readonly standing: OrderStanding;
}

interface Rooms {
  readonly database: Database;
  readonly gateways: Pick<Gateways, 'gateway' | 'offered'>;
  readonly meters: Pick<MetersService, 'resolve'>;
  readonly vending: Pick<VendingService, 'quote' | 'find'>;
}

const ADDRESS_WINDOW_MS = 600_000;
/** The worker looks first when a quick payer may be done; a message wakes it before. */
const FIRST_LOOK_MS = 30_000;

/** Paying on our own page: an order of ours first, then the gateway's page. Nothing here is believed or vended. */
export class CheckoutService {
  constructor(
    private readonly rooms: Rooms,
    private readonly settings: CheckoutSettings,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** The gateways that can be chosen at present. */
  offered(): Promise<readonly Provider[]> {
    return this.rooms.gateways.offered();
  }

  /**
   * Begins a payment. What the meter or the tariff would refuse is refused here, before any money moves. The order is
   * durable before the gateway hears of it, so that whatever it says later finds it.
   *
   * @throws {DomainError} gateway-not-offered, gateway-unavailable, gateway-refused, order-key-conflict,
   *   order-amount-outside, too-many-orders; meter-not-found and what a quote refuses. Nothing was charged then.
   * @example (await checkout.start({ key, gateway: 'demo-cards', reference: '40012345', … })).payUrl
   */
  async start(asked: StartCheckout): Promise<StartedCheckout> {
    const earlier = await findOrder(this.rooms.database, { requestId: asked.key });
    if (earlier) return this.repeated(earlier, asked);
    const provider = (await this.offered()).find(({ code }) => code === asked.gateway);
    if (!provider || !isOffered(provider)) throw new DomainError<CheckoutErrorCode>('gateway-not-offered');
    assertInside(asked.amountPaisa, provider);
    const meter = await this.rooms.meters.resolve(asked.reference);
    if (!meter) throw new DomainError('meter-not-found');
    await this.rooms.vending.quote(meter.meterId, asked.amountPaisa, 'checkout');
    await this.assertNotTooMany(asked.address);
    const order = this.newOrder(asked);
    try {
      await this.rooms.database.transaction(async (tx) => {
        await insertOrder(tx, order);
        const dueAt = new Date(order.createdAt + FIRST_LOOK_MS);
        await leaveToWorker(tx, [{ topic: 'checkout', refId: order.orderId, dueAt }], new Date(order.createdAt));
      });
    } catch (error) {
      // A twin with the same key was quicker.
      const twin = isDuplicate(error) ? await findOrder(this.rooms.database, { requestId: asked.key }) : undefined;
      if (!twin) throw error;
      return this.repeated(twin, asked);
    }
    return this.send(order, false);
  }

  /**
   * How an order stands.
   *
   * @throws {DomainError<CheckoutErrorCode>} order-not-found
   * @example (await checkout.status('V7K3M9QXA2T4HB6N0CDWF')).standing // 'VENDED'
   */
  async status(orderNo: string): Promise<CheckoutStatus> {
    const order = await findOrder(this.rooms.database, { orderNo });
    if (!order) throw new DomainError<CheckoutErrorCode>('order-not-found');
    const payment = order.rechargeId === null ? undefined : await this.rooms.vending.find(order.rechargeId);
    return { order, standing: standingOf(order.state, payment?.state ?? null) };
  }

  /** The payer is back, whatever that means: the gateway is asked at once. */
  async wake(orderNo: string): Promise<void> {
    const order = await findOrder(this.rooms.database, { orderNo });
    if (!order || order.rechargeId !== null) return;
    await this.rooms.database.transaction((tx) =>
      leaveToWorkerAgain(tx, 'checkout', [order.orderId], new Date(this.now())),
    );
  }

  private newOrder({ key, gateway, reference, amountPaisa, language, address }: StartCheckout): CheckoutOrder {
    const createdAt = this.now();
    return {
      ...{ orderId: newId(createdAt), orderNo: newOrderNo(), requestId: key, provider: gateway },
      ...{ reference, amountPaisa, language, address, state: 'CREATED' },
      ...{ gatewayRef: null, payUrl: null, claimRef: null, claimed: null, trxId: null, paidPaisa: null, paidAt: null },
      ...{ rechargeId: null, reason: null, asked: 0, createdAt, expiresAt: createdAt + this.settings.orderTtlMs },
    };
  }

  private async repeated(order: CheckoutOrder, asked: StartCheckout): Promise<StartedCheckout> {
    const same =
      order.provider === asked.gateway &&
      order.amountPaisa === asked.amountPaisa &&
      order.reference === asked.reference;
    if (!same) throw new DomainError<CheckoutErrorCode>('order-key-conflict');
    if (order.payUrl !== null) return startedOf(order, order.payUrl, true);
    if (order.state !== 'CREATED') throw new DomainError<CheckoutErrorCode>('gateway-refused');
    return this.send(order, true);
  }

  /** Tells the gateway of the order. Two that do so at once leave one page that a payer is ever sent to. */
  private async send(order: CheckoutOrder, replayed: boolean): Promise<StartedCheckout> {
    let start: GatewayStart;
    try {
      const gateway = await this.rooms.gateways.gateway(order.provider);
      start = await gateway.start(gatewayOrderOf(order, this.settings.publicUrl));
    } catch (error) {
      if (isDomainError(error) && error.code === 'gateway-refused') await this.refused(order);
      throw error;
    }
    return this.rooms.database.transaction(async (tx) => {
      const present = (await lockOrder(tx, { orderId: order.orderId }))!;
      if (present.payUrl !== null) return startedOf(present, present.payUrl, true);
      // The worker has given it up meanwhile, and nobody was sent there yet.
      if (present.state !== 'CREATED') throw new DomainError<CheckoutErrorCode>('gateway-unavailable');
      await saveOrder(tx, present, { ...start, state: 'STARTED' }, this.now());
      return startedOf(present, start.payUrl, replayed);
    });
  }

  private refused({ orderId }: CheckoutOrder): Promise<void> {
    return this.rooms.database.transaction(async (tx) => {
      const present = (await lockOrder(tx, { orderId }))!;
      if (present.state !== 'CREATED') return;
      await saveOrder(tx, present, { state: 'FAILED', reason: 'gateway-refused' }, this.now());
    });
  }

  /** Those who ask at the same instant may be a few more; it is the thousands that are kept away. */
  private async assertNotTooMany(address: string): Promise<void> {
    const { ordersPerAddress } = this.settings;
    const now = this.now();
    const begun = await ordersOfAddress(this.rooms.database, address, now - ADDRESS_WINDOW_MS, ordersPerAddress);
    if (begun.length < ordersPerAddress) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((begun[0]! + ADDRESS_WINDOW_MS - now) / 1_000));
    throw new DomainError<CheckoutErrorCode>('too-many-orders', { retryAfterSeconds });
  }
}

function startedOf({ orderNo, expiresAt }: CheckoutOrder, payUrl: string, replayed: boolean): StartedCheckout {
  return { orderNo, payUrl, expiresAt, replayed };
}

function assertInside(amountPaisa: Paisa, { minimumPaisa, maximumPaisa }: Provider): void {
  const tooLittle = minimumPaisa !== null && amountPaisa < minimumPaisa;
  const tooMuch = maximumPaisa !== null && amountPaisa > maximumPaisa;
  if (!tooLittle && !tooMuch) return;
  throw new DomainError<CheckoutErrorCode>('order-amount-outside', {
    ...(minimumPaisa !== null && { minimumTaka: formatTaka(minimumPaisa) }),
    ...(maximumPaisa !== null && { maximumTaka: formatTaka(maximumPaisa) }),
  });
}
