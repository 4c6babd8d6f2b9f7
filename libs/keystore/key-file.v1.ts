import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import { parseVersion1 } from './key-file.format';
import type { Version1File } from './key-file.format';
import type { KeystoreErrorCode } from './keystore.errors';
import { assertVendingKey, checkValue } from './vending-key';
import type { OpenVendingKey } from './vending-key';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Opens a key file of version 1, to bring it up to date. Its keys have no state and no last day: they are in force.
 *
 * @param kek 32 bytes; not kept
 * @returns the keys with their values; the caller zeroes them
 * @throws {DomainError} `key-file-malformed`, `kek-wrong`, `key-file-tampered`, `vending-key-invalid`
 */
export function openVersion1(kek: Buffer, content: Uint8Array): OpenVendingKey[] {
  const file = parseVersion1(content);
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', kek, Buffer.alloc(0), `vend/keystore/1/${use}`, 32));
  const [seal, list, check] = [derive('seal'), derive('list'), derive('check')];
  const opened: OpenVendingKey[] = [];
  try {
    if (!equal(file.kekCheck, check.toString('hex', 0, 8))) throw new DomainError<KeystoreErrorCode>('kek-wrong');
    if (!equal(file.mac, macOf(list, file))) throw tampered();
    for (const key of file.keys) opened.push(openOne(seal, key));
    return opened;
  } catch (error) {
    for (const key of opened) key.value.fill(0);
    throw error;
  } finally {
    for (const key of [seal, list, check]) key.fill(0);
  }
}

function openOne(seal: Buffer, { iv, sealed, ...attributes }: Version1File['keys'][number]): OpenVendingKey {
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
    value.fill(0);
    throw error instanceof DomainError ? error : tampered();
  }
  return { ...attributes, state: 'active', issuedUntil: null, value };
}

function boundTo(key: Omit<Version1File['keys'][number], 'iv' | 'sealed'>): Buffer {
  return Buffer.from(
    JSON.stringify(['vend-vending-key', 1, key.sgc, key.krn, key.kind, key.dkga, key.baseDate, key.ken, key.kcv]),
  );
}

function macOf(list: Buffer, { generation, keys }: Version1File): string {
  const mac = createHmac('sha256', list).update(JSON.stringify(['vend-sealed-keys', 1, generation, keys.length]));
  for (const key of keys) mac.update(boundTo(key)).update(JSON.stringify([key.iv, key.sealed]));
  return mac.digest('hex');
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function tampered(): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>('key-file-tampered');
}
