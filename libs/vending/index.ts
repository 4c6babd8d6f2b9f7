export * from './ports';
export * from './recharge';
export { PAYMENT_MOVES, type PaymentState } from './recharge.lifecycle';
export * from './vending.errors';
export * from './vending.module';
export { VendingService } from './vending.service';
