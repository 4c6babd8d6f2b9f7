import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, leaveToWorker, leaveToWorkerAgain, offerAt, settleOutbox, type Database } from '@vend/platform';
import type { CheckoutErrorCode } from './checkout.errors';
import type { GatewayClaim, GatewayMessage } from './gateway';
import type { Gateways } from './gateways';
import type { CheckoutOrder } from './order';
import type { OrderWorker } from './order-worker';
import { concludeMessage, findMessage, insertAccepted, insertRefused, type StoredMessage } from './store/messages';
import { findOrder, lockOrder, saveOrder } from './store/orders';

const MESSAGE_MAX_BYTES = 65_536;
/** Of one provider in one hour: enough to see what is tried, and too few to fill a disk. */
const REFUSED_KEPT = { most: 500, hourMs: 3_600_000 } as const;
/** After how long a gateway that does not say is asked again about a second payment. */
const SECOND_LOOK_MS = 30_000;

/** Of payments without an order: how long a gateway that does not say is asked, and with which pauses. */
const LOOK_UP = { withinMs: 3 * 86_400_000, leastPauseMs: 30_000, mostPauseMs: 6 * 3_600_000 } as const;
/** Anybody may bring a browser's way back with a number that he made up: a process asks no more than so many a minute. */
const LOOK_UPS_PER_MINUTE = 60;

/** What became of a message at the door. */
export type MessageReceipt =
  | { readonly verdict: 'accepted'; readonly claim: GatewayClaim; readonly duplicate: boolean }
  | { readonly verdict: 'refused'; readonly refusal: string };

/**
 * Where the messages of gateways are written down before anybody acts on them. Each is kept with its verdict; an accepted
 * one is known to the worker by the same commit. No message moves an order: it is a reason to ask the gateway.
 */
export class MessageInbox {
  private lookUps = { minute: 0, made: 0 };

  constructor(
    private readonly database: Database,
    private readonly gateways: Pick<Gateways, 'of'>,
    private readonly sealingSecret: Buffer,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Checks a message on the very bytes that came, then keeps it. The same event again is answered the same.
   *
   * @throws {DomainError} gateway-not-offered: no such gateway; message-too-large: nothing was kept
   * @example await inbox.receive('demo-cards', { way: 'notice', query, headers, rawBody, receivedAt })
   */
  async receive(provider: string, message: GatewayMessage): Promise<MessageReceipt> {
    if (message.rawBody.length > MESSAGE_MAX_BYTES) throw new DomainError<CheckoutErrorCode>('message-too-large');
    const counterpart = await this.gateways.of(provider);
    if (!counterpart) throw new DomainError<CheckoutErrorCode>('gateway-not-offered');
    const reader = counterpart.kind === 'gateway' ? counterpart.gateway : counterpart.listener;
    const read = await reader.readMessage(message);
    const kept = {
      ...{ messageId: newId(message.receivedAt), provider, way: message.way, receivedAt: message.receivedAt },
      rawBody: bytesOf(message),
    };
    if ('refused' in read) {
      const bound = { since: message.receivedAt - REFUSED_KEPT.hourMs, most: REFUSED_KEPT.most };
      await this.database.transaction((tx) => insertRefused(tx, this.sealingSecret, kept, read.refused, bound));
      return { verdict: 'refused', refusal: read.refused };
    }
    const { claim } = read;
    try {
      await this.database.transaction(async (tx) => {
        await insertAccepted(tx, this.sealingSecret, kept, claim);
        await leaveToWorker(tx, [{ topic: 'gateway-message', refId: kept.messageId }], new Date(message.receivedAt));
      });
      return { verdict: 'accepted', claim, duplicate: false };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return { verdict: 'accepted', claim, duplicate: true };
    }
  }

  /**
   * Works one accepted message: the order that it speaks of is looked at, or the listener does what it does.
   *
   * @returns what came of it, for the record
   * @example await inbox.work(messageId, orders) // 'order-woken'
   */
  async work(messageId: Id, orders: OrderWorker): Promise<string> {
    const message = await findMessage(this.database, this.sealingSecret, messageId);
    if (message?.state !== 'RECEIVED') return this.end(messageId, 'gone');
    const counterpart = await this.gateways.of(message.provider);
    if (!counterpart) return this.end(messageId, 'provider-gone');
    if (counterpart.kind === 'gateway') return this.ofGateway(message, orders);
    const { claim, rawBody, receivedAt } = message;
    const { provider, listener } = counterpart;
    const turn = await listener.work({ messageId, provider, claim, rawBody, receivedAt });
    return 'done' in turn ? this.end(messageId, turn.done) : this.again(messageId, turn.againAt);
  }

  private async ofGateway(message: StoredMessage, orders: OrderWorker): Promise<string> {
    const { messageId, provider, claim } = message;
    const order = await this.orderOf(provider, claim);
    if (!order) return this.withoutOrder(message, orders);
    const { trxId, claimRef = null } = claim;
    if (order.trxId !== null && claim.claims === 'paid' && trxId !== null && trxId !== order.trxId) {
      const outcome = await orders.second(order, { trxId, claimRef });
      return outcome === undefined ? this.again(messageId, this.now() + SECOND_LOOK_MS) : this.end(messageId, outcome);
    }
    if (order.rechargeId !== null) return this.end(messageId, 'repeated');
    await this.database.transaction(async (tx) => {
      const present = (await lockOrder(tx, { orderId: order.orderId }))!;
      // That somebody claims it was paid is worth asking about, whatever is claimed afterwards.
      const claimed = present.claimed === 'paid' ? 'paid' : claim.claims;
      const change = { claimed, asked: 0, ...(claimRef !== null && { claimRef }) };
      await saveOrder(tx, present, change, this.now());
      await leaveToWorkerAgain(tx, 'checkout', [order.orderId], new Date(this.now()));
      await concludeMessage(tx, messageId, 'order-woken');
      await settleOutbox(tx, 'gateway-message', [messageId]);
    });
    return 'order-woken';
  }

  /** Money of which nobody here knows is not lost for that: the gateway is asked about it too. */
  private async withoutOrder({ messageId, provider, claim, receivedAt }: StoredMessage, orders: OrderWorker) {
    const now = this.now();
    const pause = Math.min(Math.max((now - receivedAt) / 2, LOOK_UP.leastPauseMs), LOOK_UP.mostPauseMs);
    // Its turn comes later, and with the same pauses: made-up numbers must not crowd out the messages of orders.
    const outcome = this.mayLookUp(now) ? await orders.withoutOrder(provider, claim) : undefined;
    if (outcome !== undefined) return this.end(messageId, outcome);
    if (now - receivedAt > LOOK_UP.withinMs) return this.end(messageId, 'gateway-never-said');
    return this.again(messageId, Math.round(now + pause));
  }

  private mayLookUp(now: InstantMs): boolean {
    const minute = Math.floor(now / 60_000);
    this.lookUps = { minute, made: this.lookUps.minute === minute ? this.lookUps.made + 1 : 1 };
    return this.lookUps.made <= LOOK_UPS_PER_MINUTE;
  }

  private async orderOf(provider: string, { orderNo, gatewayRef }: GatewayClaim): Promise<CheckoutOrder | undefined> {
    if (orderNo !== null) return findOrder(this.database, { provider, orderNo });
    return gatewayRef === null ? undefined : findOrder(this.database, { provider, gatewayRef });
  }

  private async end(messageId: Id, outcome: string): Promise<string> {
    await this.database.transaction(async (tx) => {
      await concludeMessage(tx, messageId, outcome);
      await settleOutbox(tx, 'gateway-message', [messageId]);
    });
    return outcome;
  }

  private async again(messageId: Id, at: InstantMs): Promise<string> {
    await this.database.transaction((tx) => offerAt(tx, 'gateway-message', [messageId], new Date(at)));
    return 'again';
  }
}

/** What came, whole: a return by GET says everything in its address. */
function bytesOf({ rawBody, query }: GatewayMessage): Buffer {
  if (Object.keys(query).length === 0) return rawBody;
  return Buffer.concat([Buffer.from(`?${new URLSearchParams(query).toString()}\n`), rawBody]);
}
