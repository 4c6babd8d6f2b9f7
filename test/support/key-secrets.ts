/** Keys of a run, and where to look for them: what must stand in no log, no journal, no database and no queue. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyFile, openKeystore } from '@vend/keystore';
import type { Database } from '@vend/platform';
import { IEC_SAMPLE_TABLES } from '@vend/sts';

export interface KeySecret {
  readonly what: string;
  readonly bytes: Buffer;
}

/** Vending keys, their key-encryption key and the service keys of a token server, opened as it does. */
export async function keySecretsOf(files: { keyFile: string; kekFile: string }, scratch: string): Promise<KeySecret[]> {
  const secrets: KeySecret[] = [];
  for (const { sgc, krn, value } of await openKeyFile(files.keyFile, files.kekFile)) {
    secrets.push({ what: `vending key ${sgc}/${krn}`, bytes: Buffer.from(value) });
  }
  const kek = Buffer.from(readFileSync(files.kekFile, 'utf8').trim(), 'hex');
  secrets.push({ what: 'the key-encryption key', bytes: kek });
  const { serviceKeys, close } = await openKeystore({
    ...{ keyFile: files.keyFile, kek: { kind: 'software', source: files.kekFile } },
    ...{ seenFile: join(scratch, 'seen-by-the-test'), tables: IEC_SAMPLE_TABLES, cacheSize: 1 },
  }).then((keystore) => ({ serviceKeys: keystore.serviceKeys, close: () => keystore.close() }));
  secrets.push({ what: 'the key of the stored answers', bytes: Buffer.from(serviceKeys.resultsKey) });
  // PKCS#8 ends with the 32 bytes that matter.
  const signing = serviceKeys.auditSigningKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  secrets.push({ what: 'the signing key of the audit log', bytes: Buffer.from(signing) });
  close();
  return secrets;
}

/** Decoder keys of virtual meters, as keys-dev wrote them. */
export function decoderKeySecrets(file: string): KeySecret[] {
  const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { decoderKeyHex: string }>;
  return Object.entries(entries).map(([pan, { decoderKeyHex }]) => ({
    what: `the decoder key of meter ${pan}`,
    bytes: Buffer.from(decoderKeyHex, 'hex'),
  }));
}

/** Names the keys that some content holds: as bytes, in hex or in base64. */
export function keysFoundIn(where: string, content: Buffer, secrets: readonly KeySecret[]): string[] {
  const text = content.toString('latin1');
  const lower = text.toLowerCase();
  return secrets.flatMap(({ what, bytes }) => {
    // The last characters of base64 depend on what comes after.
    const inside = [bytes.toString('base64').slice(0, -3), bytes.toString('base64url').slice(0, -2)];
    const isThere =
      content.includes(bytes) || lower.includes(bytes.toString('hex')) || inside.some((form) => text.includes(form));
    return isThere ? [`${where} holds ${what}`] : [];
  });
}

/** Every file below a directory, with its content. */
export function* filesWithContent(directory: string): Generator<[path: string, content: Buffer]> {
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    yield [path, readFileSync(path)];
  }
}

/** Every row of every table, blobs in hex. */
export async function databaseContent(admin: Database): Promise<Buffer> {
  const tables = await admin.read<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    for (const row of await admin.read(`SELECT * FROM \`${name}\``)) {
      parts.push(JSON.stringify(row, (_key, value: unknown) => inHex(value)));
    }
  }
  return Buffer.from(parts.join('\n'));
}

/** JSON.stringify has made a Buffer into {type, data} before a replacer sees it. */
function inHex(value: unknown): unknown {
  const bytes = value as { type?: unknown; data?: unknown } | null;
  const isBuffer = bytes?.type === 'Buffer' && Array.isArray(bytes.data);
  return isBuffer
    ? Buffer.from(bytes.data as number[]).toString('hex')
    : typeof value === 'bigint'
      ? `${value}`
      : value;
}
