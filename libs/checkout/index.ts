export type * from './gateway';
export { CHECKOUT_ERRORS, type CheckoutError, type CheckoutErrorCode } from './checkout.errors';
export {
  CheckoutService,
  type CheckoutSettings,
  type CheckoutStatus,
  type StartCheckout,
  type StartedCheckout,
} from './checkout.service';
export { CheckoutModule, type CheckoutModuleSettings } from './checkout.module';
export { CHECKOUT_CONTRACTS, NOTICE_CONTRACTS } from './contracts';
export { Gateways, type Counterpart, type ProviderRows } from './gateways';
export { MessageInbox, type MessageReceipt } from './message-inbox';
export type { CheckoutOrder, PublicUrl } from './order';
export { ORDER_MOVES, standingOf, type OrderStanding, type OrderState } from './order.lifecycle';
export { forgetGatewayMessages } from './store/message-history';
export { OrderWorker, type OrderTurn, type OrderWorkerSettings } from './order-worker';
export { RefundDesk } from './refund-desk';
export { RefundWorker, type RefundTurn } from './refund-worker';
export { AMAZON_ALONE, readSnsTrust } from './sns/sns-trust';
