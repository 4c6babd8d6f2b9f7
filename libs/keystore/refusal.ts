import type { ErrorDescription } from '@vend/kernel';

/** A row of an error table. @param status HTTP status that an answer carries @param retryable the same request may succeed later */
export function refusal(status: number, en: string, bn: string, retryable = false): ErrorDescription {
  return { status, en, bn, retryable };
}
