import { randomBytes } from 'node:crypto';
import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { GatewayClaim, GatewayOrder, GatewayRefs } from './gateway';
import type { OrderState } from './order.lifecycle';

/** A payment on our own page. */
export interface CheckoutOrder {
  readonly orderId: Id;
  /** Who has it may ask how the order stands: 95 random bits. */
  readonly orderNo: string;
  /** The Idempotency-Key it was made with. */
  readonly requestId: Id;
  /** Code of the gateway's row. */
  readonly provider: string;
  /** Meter or customer number, as typed. */
  readonly reference: string;
  readonly amountPaisa: Paisa;
  readonly language: 'bn' | 'en';
  /** Who asked for it: one IPv4 address, or an IPv6 network. */
  readonly address: string;
  readonly state: OrderState;
  readonly gatewayRef: string | null;
  readonly payUrl: string | null;
  /** What messages claimed last. */
  readonly claimRef: string | null;
  readonly claimed: GatewayClaim['claims'] | null;
  /** What the gateway said: its transaction, what it took, when. */
  readonly trxId: string | null;
  readonly paidPaisa: Paisa | null;
  readonly paidAt: InstantMs | null;
  /** The payment in the books, once it is there. */
  readonly rechargeId: Id | null;
  /** Why it is as it is: a machine code. */
  readonly reason: string | null;
  /** How often the gateway was asked. */
  readonly asked: number;
  readonly createdAt: InstantMs;
  readonly expiresAt: InstantMs;
}

/** Where the outside finds us: the address that browsers and gateways know, without a slash at the end. */
export type PublicUrl = () => string;

/** What the gateway is told of an order. */
export function gatewayOrderOf(order: CheckoutOrder, publicUrl: PublicUrl): GatewayOrder {
  const { orderId, orderNo, amountPaisa, reference, createdAt, provider } = order;
  return {
    ...{ orderId, orderNo, amountPaisa, reference, createdAt },
    // With the number: a browser that brings nothing else still finds its own page.
    returnUrl: `${publicUrl()}/v1/checkout/return/${provider}/${orderNo}`,
    noticeUrl: `${publicUrl()}/v1/callbacks/gateways/${provider}`,
  };
}

export function refsOf({ gatewayRef, trxId, claimRef }: CheckoutOrder): GatewayRefs {
  return { gatewayRef: gatewayRef ?? '', trxId, claimRef };
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new order number: V and 19 letters of 32. @example newOrderNo() // 'V7K3M9QXA2T4HB6N0CDWF' */
export function newOrderNo(): string {
  return `V${[...randomBytes(19)].map((byte) => LETTERS[byte & 31]).join('')}`;
}
