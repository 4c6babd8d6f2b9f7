import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createKeyFile, SoftwareKek, writeKeyFile, writeSecretFile } from '@vend/keystore';
import type { VendingKeyAttributes } from '@vend/keystore';

/** A vending key in the open, as only a test has it. */
export type TestKey = VendingKeyAttributes & { readonly hex: string };

const DES = 'abababababababab';
const HMAC = 'abababababababab949494949494949401234567';
const vudk = { kind: 'VUDK', ken: 255 } as const;

/** Keys printed in public documents; two whose base date has gone by, and the ones to go to from there. */
export const ROLLOVER_KEYS: readonly TestKey[] = [
  { ...vudk, sgc: '123456', krn: 1, dkga: 2, baseDate: 1993, hex: DES },
  { ...vudk, sgc: '123456', krn: 2, dkga: 2, baseDate: 2014, hex: 'fedcba9876543210' },
  { ...vudk, sgc: '201457', krn: 1, dkga: 4, baseDate: 1993, hex: HMAC },
  { ...vudk, sgc: '201457', krn: 2, dkga: 4, baseDate: 2014, hex: '0123456789abcdef0123456789abcdef01234567' },
];

/** Seals keys under a KEK of their own; answers the paths of both. */
export async function sealTestKeys(
  folder: string,
  keys: readonly TestKey[],
): Promise<{ keyFile: string; kekFile: string }> {
  const kekFile = join(folder, 'kek');
  const keyFile = join(folder, 'sealed.json');
  const master = randomBytes(32);
  writeSecretFile(kekFile, `${master.toString('hex')}\n`, 'refuse');
  const kek = new SoftwareKek(master);
  const inForce = { state: 'active', issuedUntil: null } as const;
  const plain = keys.map(({ hex, ...key }) => ({ ...key, ...inForce, value: Buffer.from(hex, 'hex') }));
  writeKeyFile(keyFile, await createKeyFile(kek, plain, Date.now()), 'refuse');
  kek.close();
  return { keyFile, kekFile };
}
