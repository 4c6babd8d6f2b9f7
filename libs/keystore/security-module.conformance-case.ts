import assert from 'node:assert/strict';
import { DomainError } from '@vend/kernel';
import type { TokenRefusalCode } from './keystore.errors';
import type { SecurityModule } from './security-module';
import type { VendingKeyAttributes } from './vending-key';

// What both halves of the conformance suite share.

/** A check that every security module must pass; the test runner of the caller runs it. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A vending key in the open: for keys that were printed in public. */
export type PublicKeyLine = VendingKeyAttributes & { readonly hex: string };

/** Opens a fresh module with these keys and the IEC sample tables, keeping at most `cacheSize` decoder keys. */
export type OpenModule = (cacheSize: number, keys?: readonly PublicKeyLine[]) => Promise<SecurityModule>;

/** Asserts that a promise is refused with this code. */
export async function refused(code: TokenRefusalCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}
