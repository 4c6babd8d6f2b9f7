import { Metadata, status } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import type { WireTokenError } from '../wire/answers';

const STATUS_OF: Readonly<Record<string, status>> = {
  'unknown-caller': status.PERMISSION_DENIED,
  'not-permitted': status.PERMISSION_DENIED,
  'group-size': status.INVALID_ARGUMENT,
  'request-malformed': status.INVALID_ARGUMENT,
  'journal-unavailable': status.UNAVAILABLE,
  'module-closed': status.UNAVAILABLE,
  'module-unavailable': status.UNAVAILABLE,
};

/** Names under which a whole call that failed tells why, beside the status; the code is one of docs/TOKEN-SERVER.md. */
export const CODE_METADATA = 'vend-error-code';
const RETRYABLE_METADATA = 'vend-retryable';

/** A whole call that failed: nothing of it was done. */
export function statusOf(refusal: WireTokenError): StatusObject {
  const metadata = new Metadata();
  metadata.set(CODE_METADATA, refusal.code);
  metadata.set(RETRYABLE_METADATA, String(refusal.retryable));
  return { code: STATUS_OF[refusal.code] ?? status.FAILED_PRECONDITION, details: refusal.message, metadata };
}

/** What is neither a token nor a refusal; the log has the error, the caller does not. */
export function internalStatus(): StatusObject {
  return { code: status.INTERNAL, details: 'the token server failed; see its log', metadata: new Metadata() };
}
