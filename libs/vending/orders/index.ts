export { engineeringOrder, METER_TESTS, type EngineeringAsk, type MeterTest } from './engineering';
export { keyChangeOrder } from './key-change';
export { orderId, orderRequestId, type Order, type OrderFacts, type OrderPlan, type TokenWish } from './order';
export { Orders, type OrdersSettings } from './orders';
