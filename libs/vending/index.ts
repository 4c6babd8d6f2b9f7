export { VendCancellation, type CancelAnswer, type CancelCommand } from './cancellation';
export * from './orders';
export * from './ports';
export { LIMIT_SCOPES, type LimitScope } from './limits/limits';
export { readPricingState } from './pricing';
export { quoteIdExpiry } from './quote-id';
export * from './recharge';
export { PAYMENT_MOVES, type PaymentState } from './recharge.lifecycle';
export * from './vending.errors';
export * from './vending.module';
export { VendingService, type MeterAccount } from './vending.service';
export { differencesOf, type Difference, type RecomputedVend, type StoredVend } from './recompute';
export { readCancelledOfDay, type CancelledVend } from './store/cancellation.store';
export { readLookalike, readTillDay, type TillVend } from './store/till.store';
export { readVendsOfDay } from './store/audit.store';
export { RetroactiveAdjustment, type AdjustmentTotals } from './retroactive';
export type { TokenLogReader, TokenLogStatus } from './token-log/token-log';
export { TokenMatcher, type TokenMatch } from './token-log/token-match';
export { MeterDues } from './dues';
export { insertFreeIssueLimit, readFreeIssueLimits } from './store/free-issue.store';
export { insertLimit, listLimits, type DatedLimit } from './store/limits.store';
export * from './dues.errors';
export { OwedPayments } from './owed-payments';
export { PaymentReversal, type ReverseCommand } from './reversal';
export {
  Penalties,
  type EnterPenalty,
  type Penalty,
  type PenaltyKind,
  type PenaltyPaper,
  type PenaltyState,
} from './penalties';
export * from './packs/pack';
export { OfflinePacks, type PackOrder } from './packs/packs.service';
export { arrearsLeftPaisa, receiptOf } from './receipt-of';
export { idleMeters, metersInArrears, type MeterToRemind, type WalkPage } from './store/reminders.store';
