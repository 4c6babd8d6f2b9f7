import { combineShares, thresholdOf } from './custodian-shares';
import { promptHidden } from './hidden-prompt';
import { readKek } from './kek';
import type { KeyEncryptionKey } from './key-encryption-key';
import { Pkcs11Kek } from './pkcs11/pkcs11-kek';
import { openPkcs11Token } from './pkcs11/pkcs11-token';
import type { Pkcs11Access } from './pkcs11/pkcs11-token';
import { SoftwareKek } from './software-kek';

/** How to come to the KEK. */
export type KekAccess =
  | {
      readonly kind: 'software';
      /** Path, `fd:3` or `prompt`. */
      readonly source: string;
    }
  | ({ readonly kind: 'pkcs11' } & Pkcs11Access);

/**
 * Opens the KEK.
 *
 * @param id of the KEK wanted: a token may hold several, an old one and a new one
 * @throws {DomainError} the refusals of `readKek`, `kek-wrong`, and of the PKCS#11 token
 */
export async function openKek(access: KekAccess, id: string): Promise<KeyEncryptionKey> {
  if (access.kind === 'pkcs11') return Pkcs11Kek.find(await openPkcs11Token(access), id);
  const master = access.source === 'prompt' ? await promptForShares() : await readKek(access.source);
  const kek = new SoftwareKek(master);
  master.fill(0);
  return kek;
}

/** Asks custodians at the terminal, one after another, until there are enough. */
async function promptForShares(): Promise<Buffer> {
  const lines: Buffer[] = [];
  try {
    for (let wanted = 1; lines.length < wanted;) {
      const of = lines.length > 0 ? ` of ${wanted}` : '';
      lines.push(await promptHidden(`Custodian ${lines.length + 1}${of}, your share (not shown): `));
      wanted = Math.max(wanted, thresholdOf(lines[0]!));
    }
    return await combineShares(lines);
  } finally {
    for (const line of lines) line.fill(0);
  }
}
