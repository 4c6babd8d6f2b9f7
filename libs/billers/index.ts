export { BILLER_ERROR_CODES, refusalKindOf, type BillerErrorCode, type RefusalKind } from './biller.codes';
export type * from './core';
export type * from './profile';
