import { newId, type Paisa } from '@vend/kernel';
import type { CheckoutGateway, GatewayMessage, GatewayOrder, GatewayRefs, GatewayStart } from './gateway';

/** How the gateway's server behaves towards us; in all but `healthy` and `down` it does its work before it fails. */
type GatewayMode = 'healthy' | 'down' | 'silent' | 'html-page' | 'http-500' | 'empty';

/** A gateway under test, and its simulator over HTTP. Everything is healthy when it is opened. */
export interface CheckoutWorld {
  /** Patient where an answer is expected; a world may give a hasty one while its gateway is `silent`. */
  readonly gateway: CheckoutGateway;
  /** Passwords, keys and granted tokens, so that the suite can see that nobody says them. */
  readonly secrets: readonly string[];
  /** False: the contract has no refund, and each one is refused, so that a person pays back. */
  readonly refunds: boolean;
  /** The payer at the pay page. @returns what comes to us of it: the browser's return and the gateway's notices */
  visit(start: GatewayStart, action: 'pay' | 'fail' | 'cancel'): Promise<readonly GatewayMessage[]>;
  /** The payer has let the gateway's time for this payment run out. */
  expire(start: GatewayStart): Promise<void>;
  play(mode: GatewayMode): Promise<void>;
  /** From here on the gateway takes this much for whatever it is asked for. */
  takeInstead(amountPaisa: Paisa): Promise<void>;
  /** What the gateway's own books have of an order. */
  book(orderNo: string): Promise<{ payments: number; takenPaisa: Paisa; refunds: number; refundedPaisa: Paisa }>;
  /** Spoilt forms of messages that came: forged, foreign, truncated, by the name of what is wrong with them. */
  spoil(messages: readonly GatewayMessage[]): readonly (readonly [string, GatewayMessage])[];
  /** The same adapter in another process. */
  another(): Promise<CheckoutGateway>;
  close(): Promise<void>;
}

/** What an order is for, unless told, in paisa. */
export const AMOUNT = 50_050n;
/** Ways of a server in which it does its work and does not say so. */
export const FAULTS = ['silent', 'html-page', 'http-500', 'empty'] as const;

let made = 0;
/** An order that no other test of this process or another has. */
export function anOrder(amountPaisa: Paisa = AMOUNT): GatewayOrder {
  const unique = `${Date.now().toString(36)}${process.pid.toString(36)}${(made++).toString(36)}`;
  return {
    orderId: newId(),
    orderNo: `CO${unique.toUpperCase()}`,
    amountPaisa,
    reference: '40012345',
    returnUrl: 'http://127.0.0.1:9/v1/checkout/return/under-test',
    noticeUrl: 'http://127.0.0.1:9/v1/callbacks/gateways/under-test',
    createdAt: Date.now(),
  };
}

/** A payment that a payer was sent to. */
export interface Begun {
  readonly order: GatewayOrder;
  readonly start: GatewayStart;
  readonly refs: GatewayRefs;
}

/** Begins a payment at the gateway of a world. */
export async function begin(world: CheckoutWorld, amountPaisa = AMOUNT): Promise<Begun> {
  const order = anOrder(amountPaisa);
  const start = await world.gateway.start(order);
  return { order, start, refs: { gatewayRef: start.gatewayRef, trxId: null, claimRef: null } };
}

/** Begun, paid by the payer, and settled. */
export async function paid(world: CheckoutWorld, amountPaisa = AMOUNT): Promise<Begun & { readonly trxId: string }> {
  const begun = await begin(world, amountPaisa);
  await world.visit(begun.start, 'pay');
  const verdict = await world.gateway.settle(begun.order, begun.refs);
  if (verdict.kind !== 'paid') throw new Error(`the payment is ${verdict.kind}, not paid`);
  return { ...begun, trxId: verdict.trxId, refs: { ...begun.refs, trxId: verdict.trxId } };
}
