export { VendCancellation, type CancelAnswer, type CancelCommand } from './cancellation';
export * from './ports';
export * from './recharge';
export { PAYMENT_MOVES, type PaymentState } from './recharge.lifecycle';
export * from './vending.errors';
export * from './vending.module';
export { VendingService } from './vending.service';
export { differencesOf, type Difference, type RecomputedVend, type StoredVend } from './recompute';
export { readVendsOfDay } from './store/audit.store';
