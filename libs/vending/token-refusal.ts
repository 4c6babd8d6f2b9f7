import { DomainError } from '@vend/kernel';
import type { VendingErrorCode } from './vending.errors';

/** The token server's refusal of one token, in vending's words. @example throw tokenRefusal(outcome) */
export function tokenRefusal(outcome: {
  readonly code: string;
  readonly retryable: boolean;
}): DomainError<VendingErrorCode> {
  if (outcome.code === 'key-expired') return new DomainError('meter-key-expired');
  return new DomainError(outcome.retryable ? 'token-server-down' : 'token-refused', { reason: outcome.code });
}
