import assert from 'node:assert/strict';
import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import type { TokenRefusalCode } from './keystore.errors';
import type { SecurityModule } from './security-module';
import type { VendingKeyAttributes, VendingKeyStanding } from './vending-key';

// What both halves of the conformance suite share.

/** A check that every security module must pass; the test runner of the caller runs it. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A vending key in the open: for keys that were printed in public. */
export type PublicKeyLine = VendingKeyAttributes & Partial<VendingKeyStanding> & { readonly hex: string };

/** The standing of a key of which nothing is said. */
export const IN_FORCE: VendingKeyStanding = { state: 'active', issuedUntil: null };

/** Opens a fresh module with these keys and the IEC sample tables, keeping at most `cacheSize` decoder keys. */
export type OpenModule = (
  cacheSize: number,
  keys?: readonly PublicKeyLine[],
  now?: () => InstantMs,
) => Promise<SecurityModule>;

/** Asserts that a promise is refused with this code. */
export async function refused(code: TokenRefusalCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}
