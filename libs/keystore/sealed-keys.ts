import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import type { KeystoreErrorCode } from './keystore.errors';
import { parseSealedFile } from './sealed-file.format';
import type { SealedKey } from './sealed-file.format';
import { assertVendingKey, checkValue } from './vending-key';
import type { OpenVendingKey, VendingKeyAttributes } from './vending-key';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals vending keys: each value under AES-256-GCM with its attributes as additional data, so that a key
 * cannot be given another supply group, base date or expiry; and the list under HMAC-SHA-256, so that no key
 * can be left out, doubled or brought in from another file.
 *
 * @param kek 32 bytes
 * @throws {DomainError} `vending-key-invalid`
 * @example writeFileSync(path, sealKeys(kek, [{ sgc: '201457', krn: 1, …, value }]), { mode: 0o600 })
 */
export function sealKeys(
  kek: Buffer,
  keys: readonly (VendingKeyAttributes & { readonly value: Buffer })[],
  generation = 1,
): string {
  const secrets = subkeys(kek);
  try {
    const sealed = keys.map((key) => sealOne(secrets.seal, key));
    refuseDuplicates(sealed);
    const body = { format: 'vend-sealed-keys' as const, version: 1 as const, generation, kekCheck: secrets.check };
    return `${JSON.stringify({ ...body, keys: sealed, mac: macOf(secrets.list, generation, sealed) }, null, 2)}\n`;
  } finally {
    secrets.erase();
  }
}

/**
 * Opens a sealed file in memory.
 *
 * @param kek 32 bytes; not kept
 * @returns the keys with their values; the caller zeroes them
 * @throws {DomainError} `key-file-malformed`, `kek-wrong`, `key-file-tampered`, `vending-key-invalid`
 * @example const keys = openSealedKeys(kek, readFileSync(path))
 */
export function openSealedKeys(kek: Buffer, content: Uint8Array): OpenVendingKey[] {
  const file = parseSealedFile(content);
  const secrets = subkeys(kek);
  const opened: OpenVendingKey[] = [];
  try {
    if (!equal(file.kekCheck, secrets.check)) throw new DomainError<KeystoreErrorCode>('kek-wrong');
    if (!equal(file.mac, macOf(secrets.list, file.generation, file.keys))) throw tampered();
    for (const key of file.keys) opened.push(openOne(secrets.seal, key));
    refuseDuplicates(opened);
    return opened;
  } catch (error) {
    for (const key of opened) key.value.fill(0);
    throw error;
  } finally {
    secrets.erase();
  }
}

function sealOne(seal: Buffer, key: VendingKeyAttributes & { readonly value: Buffer }): SealedKey {
  assertVendingKey(key, key.value);
  const { sgc, krn, kind, dkga, baseDate, ken } = key;
  const attributes = { sgc, krn, kind, dkga, baseDate, ken, kcv: checkValue(dkga, key.value) };
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', seal, iv, { authTagLength: TAG_BYTES }).setAAD(boundTo(attributes));
  const sealed = Buffer.concat([cipher.update(key.value), cipher.final(), cipher.getAuthTag()]);
  return { ...attributes, iv: iv.toString('base64'), sealed: sealed.toString('base64') };
}

function openOne(seal: Buffer, key: SealedKey): OpenVendingKey {
  const { iv, sealed, ...attributes } = key;
  const bytes = Buffer.from(sealed, 'base64');
  const nonce = Buffer.from(iv, 'base64');
  if (nonce.length !== IV_BYTES || bytes.length <= TAG_BYTES) throw tampered();
  const decipher = createDecipheriv('aes-256-gcm', seal, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(attributes)).setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const value = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
  try {
    decipher.final();
    assertVendingKey(attributes, value);
    if (checkValue(attributes.dkga, value) !== attributes.kcv) throw tampered();
  } catch (error) {
    // GCM hands out the bytes before it has judged them.
    value.fill(0);
    throw error instanceof DomainError ? error : tampered();
  }
  return { ...attributes, state: 'active', issuedUntil: null, value };
}

/** The attributes in one fixed order and spelling. */
function boundTo(key: VendingKeyAttributes & { readonly kcv: string }): Buffer {
  return Buffer.from(
    JSON.stringify(['vend-vending-key', 1, key.sgc, key.krn, key.kind, key.dkga, key.baseDate, key.ken, key.kcv]),
  );
}

function macOf(list: Buffer, generation: number, keys: readonly SealedKey[]): string {
  const mac = createHmac('sha256', list).update(JSON.stringify(['vend-sealed-keys', 1, generation, keys.length]));
  for (const key of keys) mac.update(boundTo(key)).update(JSON.stringify([key.iv, key.sealed]));
  return mac.digest('hex');
}

/** One key for each use, so that a flaw in one construction does not reach the other. */
function subkeys(kek: Buffer) {
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', kek, Buffer.alloc(0), `vend/keystore/1/${use}`, 32));
  const seal = derive('seal');
  const list = derive('list');
  const check = derive('check');
  const checkHex = check.toString('hex', 0, 8);
  return {
    seal,
    list,
    /** Tells a wrong KEK from a changed file; 64 bits of a one-way function of a 256-bit key. */
    check: checkHex,
    erase: () => [seal, list, check].forEach((key) => key.fill(0)),
  };
}

function refuseDuplicates(keys: readonly VendingKeyAttributes[]): void {
  const seen = new Set<string>();
  for (const { sgc, krn } of keys) {
    if (seen.has(`${sgc}/${krn}`)) throw new DomainError('vending-key-invalid', { field: 'duplicate', sgc, krn });
    seen.add(`${sgc}/${krn}`);
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function tampered(): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>('key-file-tampered');
}
