export { FINDING_WORDS, type FindingCode, type Words } from './trace/finding-words';
export * from './trace/trace';
export { findingsOf, type Finding } from './trace/trace.findings';
export { Trace, type TraceAnswer } from './trace/trace.service';
export type { SalesDay, SalesFigures, SalesSum } from './sales/sales';
export { Sales } from './sales/sales.service';
export {
  ATTENTION_KINDS,
  type Attention,
  type AttentionKind,
  type PaymentHealth,
  type SmsToday,
} from './health/attention';
export { Health } from './health/health.service';
