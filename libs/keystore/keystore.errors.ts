import type { ErrorTable } from '@vend/kernel';
import { CEREMONY_ERRORS } from './key-ceremony.errors';
import type { CeremonyErrorCode } from './key-ceremony.errors';
import { KEY_OPENING_ERRORS } from './key-opening.errors';
import type { KeyOpeningErrorCode } from './key-opening.errors';
import { TOKEN_REFUSAL_ERRORS } from './token-refusal.errors';
import type { TokenRefusalCode } from './token-refusal.errors';

export type { KeyOpeningErrorCode } from './key-opening.errors';
export type { TokenRefusalCode } from './token-refusal.errors';

export type KeystoreErrorCode = KeyOpeningErrorCode | TokenRefusalCode | CeremonyErrorCode;

/** Every code of this room with its sentence. */
export const KEYSTORE_ERRORS: ErrorTable<KeystoreErrorCode> = {
  ...KEY_OPENING_ERRORS,
  ...TOKEN_REFUSAL_ERRORS,
  ...CEREMONY_ERRORS,
};
