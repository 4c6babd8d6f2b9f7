import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { CheckoutProfileName, Provider } from '@vend/payments';
import type { Database } from '@vend/platform';
import type { VendingService } from '@vend/vending';
import type { SnsTrust } from './sns/sns-trust';

/** What a gateway is told of a payment that is to be made. */
export interface GatewayOrder {
  readonly orderId: Id;
  /** Ours, unique at the gateway: at most 30 of A-Z 0-9. */
  readonly orderNo: string;
  readonly amountPaisa: Paisa;
  /** Meter or customer number: what the payer is shown there. No phone number, no name. */
  readonly reference: string;
  /** Where the payer's browser comes back to: proves nothing. */
  readonly returnUrl: string;
  /** Where the gateway tells us by itself. */
  readonly noticeUrl: string;
  readonly createdAt: InstantMs;
}

/** Where the payer goes, and the gateway's name for the payment: kept before anybody is sent there. */
export interface GatewayStart {
  readonly payUrl: string;
  /** bKash paymentID, Nagad paymentReferenceId, SSLCommerz sessionkey. */
  readonly gatewayRef: string;
}

/** What the gateway itself says when it is asked: the only proof. */
export type GatewayVerdict =
  | { readonly kind: 'paid'; readonly trxId: string; readonly amountPaisa: Paisa; readonly paidAt: InstantMs | null }
  /** Paid, and the gateway thinks that it may be stolen: a person decides before anything is vended. */
  | { readonly kind: 'held'; readonly trxId: string; readonly amountPaisa: Paisa; readonly reason: string }
  /** The payer has not ended it; it may still be paid. */
  | { readonly kind: 'open' }
  /** Not paid, says the gateway. It may still change its mind to `paid` later; the other way it may not. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'expired' }
  /** Given back at the gateway. */
  | { readonly kind: 'refunded'; readonly trxId: string }
  /** It did not say: a time-out, a page that is no answer, an error that proves nothing. Ask again later. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type GatewayRefund =
  | { readonly kind: 'refunded'; readonly refundRef: string }
  | { readonly kind: 'processing'; readonly refundRef: string | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a message from outside claims; a reason to ask the gateway, never a proof. */
export interface GatewayClaim {
  /** The same when the message is brought again. */
  readonly eventKey: string;
  readonly orderNo: string | null;
  readonly gatewayRef: string | null;
  readonly trxId: string | null;
  /** What the gateway must be asked about to prove the claim, where that is not its name for the payment: `val_id`. */
  readonly claimRef?: string | null;
  readonly claims: 'paid' | 'failed' | 'cancelled' | 'expired' | 'other';
}

/** A message as it came: kept whole, with its verdict. */
export interface GatewayMessage {
  /** `return`: the payer's browser. `notice`: the gateway itself. */
  readonly way: 'return' | 'notice';
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
  readonly receivedAt: InstantMs;
}

/** What a message turned out to be. */
export type ReadMessage = { readonly claim: GatewayClaim } | { readonly refused: string };

/**
 * A checkout gateway, as we need it. Every call has a deadline; none retries by itself; nothing here books anything.
 * Made for one provider's row; all processes share what must be shared (a granted token) through the database.
 */
export interface CheckoutGateway {
  readonly profile: CheckoutProfileName;
  /** @throws {DomainError} gateway-unavailable (nothing was charged, try again), gateway-refused (amount, configuration) */
  start(order: GatewayOrder): Promise<GatewayStart>;
  /**
   * Reads what came from outside. @returns `refused`: the signature or the form is wrong; kept with this verdict, and
   * nothing is done. May wait: a notice's certificate can have to be fetched first.
   *
   * @throws {DomainError} gateway-unavailable: it cannot be checked now, and its sender should bring it again
   */
  readMessage(message: GatewayMessage): ReadMessage | Promise<ReadMessage>;
  /** Asks the gateway, and where its contract wants that (bKash), makes the payment final. May be called at any time. */
  settle(order: GatewayOrder, refs: GatewayRefs): Promise<GatewayVerdict>;
  /** What the gateway has of a payment for which we know no order. It is only asked: nothing is made final there. */
  lookUp(claim: GatewayClaim): Promise<GatewayVerdict>;
  /** Gives the money back. The same `refundNo` again is the same refund. */
  refund(
    order: GatewayOrder,
    refs: GatewayRefs,
    refund: { readonly refundNo: string; readonly amountPaisa: Paisa; readonly reason: string },
  ): Promise<GatewayRefund>;
  /** What became of a refund that was left open. */
  refundStatus(
    order: GatewayOrder,
    refs: GatewayRefs,
    refund: { readonly refundNo: string; readonly refundRef: string | null },
  ): Promise<GatewayRefund>;
  close(): Promise<void>;
}

/** What is known of a payment at the gateway. */
export interface GatewayRefs {
  readonly gatewayRef: string;
  readonly trxId: string | null;
  /** SSLCommerz val_id, as a message claimed it: to be asked about. */
  readonly claimRef: string | null;
}

/** What every process shares through the database: a granted token, a certificate. */
export interface GatewayRooms {
  readonly database: Database;
  /** Seals what must not lie open in a table. */
  readonly sealingSecret: Buffer;
}

/** An accepted message that waits to be worked. */
export interface KeptMessage {
  readonly messageId: Id;
  readonly provider: Provider;
  readonly claim: GatewayClaim;
  readonly rawBody: Buffer;
  readonly receivedAt: InstantMs;
}

/** What came of one turn of work on a message: it is concluded, or looked at again later. */
export type MessageTurn = { readonly done: string } | { readonly againAt: InstantMs };

/**
 * Tells of money beside the way it came (the bKash webhook): it starts no payments. Its messages are kept as a gateway's
 * are, and worked by itself.
 */
export interface NoticeListener {
  /** As of a gateway. */
  readMessage(message: GatewayMessage): ReadMessage | Promise<ReadMessage>;
  /** Works an accepted message; may be called again for the same one, at once or after a death. */
  work(message: KeptMessage): Promise<MessageTurn>;
  close(): Promise<void>;
}

/** What a listener needs besides: what is known of payments, and where money without an order is booked. */
export interface NoticeRooms extends GatewayRooms {
  readonly vending: Pick<VendingService, 'findByKey' | 'recharge'>;
  /** The order that a gateway's payment was seen for, by provider and transaction id. */
  readonly orderOfTrx: (provider: string, trxId: string) => Promise<Id | undefined>;
  readonly snsTrust: SnsTrust;
}

/** One contract as the table of gateways has it: how it is made for a row, and what the row must say. */
export interface Contract<Rooms, Made> {
  readonly credentialNames: readonly string[];
  readonly settingNames: readonly { readonly name: string; readonly optional: boolean }[];
  /** @throws {DomainError} provider-misconfigured, naming the setting and never its value */
  open(provider: Provider, rooms: Rooms): Made;
}
