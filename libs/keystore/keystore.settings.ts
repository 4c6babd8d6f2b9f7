import { z } from 'zod';
import type { KeystoreConfig } from './keystore';

const path = z.string().min(1);

/** The settings of whoever opens keys, to be spread into the one schema of the process. */
export const KEYSTORE_SETTINGS = {
  /** Sealed vending keys. */
  KEY_FILE: path,
  /** The key-encryption key or custodian shares: path, `fd:3`, or `prompt` to ask at the terminal. Not for pkcs11. */
  KEK_FILE: path.optional(),
  /** Record of the highest generation of the key file used, in a place of its own; `<KEY_FILE>.seen` when left out. */
  KEY_SEEN_FILE: path.optional(),
  /** Where keys are opened: in this process, or in a PKCS#11 token. */
  KEY_MODULE: z.enum(['software', 'pkcs11']).default('software'),
  /** Path of the PKCS#11 library of the token's maker. */
  PKCS11_LIBRARY: path.optional(),
  /** Label of the token that holds the KEK. */
  PKCS11_TOKEN: path.optional(),
  /** The token's user PIN: path, `fd:3`, or `prompt`. */
  PKCS11_PIN_FILE: path.optional(),
} as const;

type KeystoreSettings = z.infer<z.ZodObject<typeof KEYSTORE_SETTINGS>>;

/** What the settings say of a keystore; tables, cache and clock are the caller's. */
export type KeystoreAccess = Pick<KeystoreConfig, 'keyFile' | 'kek' | 'seenFile'>;

/**
 * Sums up the settings.
 *
 * @returns the access, or the faults that only show when settings are seen together: `NAME: what is wrong`
 * @example const access = keystoreAccessOf(parsed.data);
 */
export function keystoreAccessOf(of: KeystoreSettings): KeystoreAccess | { readonly faults: readonly string[] } {
  const { KEY_FILE: keyFile, KEY_SEEN_FILE: seenFile = `${keyFile}.seen` } = of;
  const needs = of.KEY_MODULE === 'software' ? (['KEK_FILE'] as const) : PKCS11_NEEDS;
  const faults = needs.filter((name) => !of[name]).map((name) => `${name}: needed with KEY_MODULE=${of.KEY_MODULE}`);
  if (faults.length > 0) return { faults };
  const kek =
    of.KEY_MODULE === 'software'
      ? ({ kind: 'software', source: of.KEK_FILE! } as const)
      : ({
          kind: 'pkcs11',
          library: of.PKCS11_LIBRARY!,
          tokenLabel: of.PKCS11_TOKEN!,
          pinSource: of.PKCS11_PIN_FILE!,
        } as const);
  return { keyFile, kek, seenFile };
}

const PKCS11_NEEDS = ['PKCS11_LIBRARY', 'PKCS11_TOKEN', 'PKCS11_PIN_FILE'] as const;
