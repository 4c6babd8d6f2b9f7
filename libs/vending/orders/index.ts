export { arrearsPaymentOrder } from './arrears-payment';
export { depositCreditOrder } from './deposit-credit';
export { engineeringOrder, METER_TESTS, type EngineeringAsk, type MeterTest } from './engineering';
export { FREE_ISSUE_REASONS, freeIssueOrder, type FreeIssueAmount, type FreeIssueReason } from './free-issue';
export { feeFor, feeOrder, type FeeAsk } from './fee';
export { keyChangeOrder } from './key-change';
export { orderId, orderRequestId, type Order, type OrderFacts, type OrderPlan, type TokenWish } from './order';
export { replacementOrder, type ReplacementSource } from './replacement';
export { Orders, type OrdersSettings } from './orders';
