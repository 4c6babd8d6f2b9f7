import { DomainError } from '@vend/kernel';
import type { KeystoreErrorCode } from '../keystore.errors';

/** Names of return codes (PKCS#11 v2.40, 11.1) after which the session, the token or the device is gone. */
const GONE: readonly string[] = [
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_FUNCTION_FAILED',
  'CKR_GENERAL_ERROR',
  'CKR_HOST_MEMORY',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SLOT_ID_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_USER_NOT_LOGGED_IN',
];

const LOGIN: Readonly<Record<string, KeystoreErrorCode>> = {
  CKR_PIN_INCORRECT: 'pkcs11-pin-wrong',
  CKR_PIN_INVALID: 'pkcs11-pin-wrong',
  CKR_PIN_LEN_RANGE: 'pkcs11-pin-wrong',
  CKR_PIN_LOCKED: 'pkcs11-pin-locked',
};

/** The return code's name, or null for an error of another origin. */
export function returnCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof DomainError) return null;
  return /^CKR_[A-Z0-9_]+/.exec(error.message)?.[0] ?? null;
}

/** True when the connection to the token has to be made anew. */
export function meansGone(error: unknown): boolean {
  const code = returnCodeOf(error);
  return code !== null && GONE.includes(code);
}

/** A refusal that names the return code, which tells nothing of keys or PIN. */
export function unavailable(error: unknown): unknown {
  const reason = returnCodeOf(error);
  if (reason === null) return error;
  return new DomainError<KeystoreErrorCode>('module-unavailable', { reason });
}

/** Why a login failed. */
export function loginRefusal(error: unknown): unknown {
  const code = LOGIN[returnCodeOf(error) ?? ''];
  return code ? new DomainError<KeystoreErrorCode>(code) : unavailable(error);
}
