export { FINDING_WORDS, type FindingCode, type Words } from './trace/finding-words';
export * from './trace/trace';
export { findingsOf, type Finding } from './trace/trace.findings';
export { Trace, type TraceAnswer } from './trace/trace.service';
