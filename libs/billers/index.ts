export { BILLER_ERROR_CODES, refusalKindOf, type BillerErrorCode, type RefusalKind } from './biller.codes';
export type * from './core';
export type * from './profile';
export { AnswerLost, TriggerBiller } from './sandbox/trigger-biller';
export { SANDBOX_TRIGGERS, type SandboxTrigger } from './sandbox/triggers';
