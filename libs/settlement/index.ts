export { BreakActions, type ActAnswer, type ActOnBreak } from './actions';
export {
  actionsFor,
  BREAK_ACTION_NAMES,
  BREAK_ACTIONS,
  BREAK_BUCKETS,
  BREAK_STATES,
  dayAfter,
  isDay,
  sumOf,
  type Break,
  type BreakAction,
  type BreakBucket,
  type BreakState,
} from './breaks';
export { BUCKETS, type Bucket } from './match/classify';
export { matchDay, type Matched } from './match/match-day';
export type { Total } from './match/day-totals';
export type { FoundMoney, FoundPayment, SettlementPorts } from './ports';
export { csvReport, htmlReport } from './report';
export * from './settlement';
export { SETTLEMENT_ERRORS, type SettlementErrorCode } from './settlement.errors';
export type { ImportRule, StatementImport, StatementImportState, StatementOrder } from './statement/import-job';
export { statementFiles, StatementImports, type StatementTry } from './statement/statement-imports';
export { listStatementImports } from './store/imports';
export type { BatchSums } from './store/totals';
