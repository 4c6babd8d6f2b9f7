import { createHash } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import { z } from 'zod';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const sealedVendingKey = z.strictObject({
  sgc: z.string().regex(/^\d{6}$/),
  krn: z.int().min(1).max(9),
  kind: z.enum(['VUDK', 'VDDK', 'VCDK']),
  dkga: z.union([z.literal(2), z.literal(4)]),
  baseDate: z.union([z.literal(1993), z.literal(2014), z.literal(2035)]),
  ken: z.int().min(0).max(255),
  kcv: z.string().regex(/^[0-9A-F]{6}$/),
  state: z.enum(['loaded', 'active', 'retired']),
  issuedUntil: z.iso.date().nullable(),
  /** `sealed`: AES-256-GCM with the attributes bound. `wrapped`: inside a PKCS#11 token, which alone unwraps it. */
  method: z.enum(['sealed', 'wrapped']),
  value: z.base64().max(256),
});

export const SERVICE_KEY_NAMES = ['results', 'audit-signing', 'key-load', 'generation'] as const;

const sealedServiceKey = z.strictObject({
  name: z.enum(SERVICE_KEY_NAMES),
  /** SPKI, for those that are half of a pair. */
  publicKey: z.base64().max(256).nullable(),
  value: z.base64().max(512),
});

const keyFile = z.strictObject({
  format: z.literal('vend-sealed-keys'),
  version: z.literal(2),
  /** Tells this key file and all its later generations from every other key file. */
  set: hex(32),
  /** Counts up by one with every change. */
  generation: z.int().min(1),
  /** Fingerprints of the generations before this one, the last of them last: its pedigree. */
  lineage: z.array(hex(32)).max(1024),
  changedAt: z.string().max(40),
  /** Id of the key-encryption key that opens it. */
  kek: hex(16),
  keys: z.array(sealedVendingKey).max(10_000),
  services: z.array(sealedServiceKey).max(SERVICE_KEY_NAMES.length),
  /** Everything above, sealed under the KEK as one fingerprint: nothing can be added, left out or exchanged. */
  seal: z.base64().max(256),
});

/** One vending key of the file: what may be known of it in the clear, its value sealed. */
export type SealedVendingKey = z.infer<typeof sealedVendingKey>;
export type SealedServiceKey = z.infer<typeof sealedServiceKey>;
export type ServiceKeyName = SealedServiceKey['name'];
/** A key file as it lies on disk; not yet verified. */
export type SealedKeyFile = z.infer<typeof keyFile>;

/** @throws {DomainError} `key-file-outdated`, `key-file-malformed`, naming where, never what stood there */
export function parseKeyFile(content: Uint8Array): SealedKeyFile {
  const json = parseJson(content);
  const parsed = keyFile.safeParse(json);
  if (parsed.success) return parsed.data;
  if (isVersion1(json)) throw new DomainError('key-file-outdated');
  throw malformed(parsed.error);
}

export function renderKeyFile(file: SealedKeyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** SHA-256 over everything in the file but the seal, in one fixed order and spelling. */
export function statementOf(file: Omit<SealedKeyFile, 'seal'>): Buffer {
  const { set, generation, lineage, changedAt, kek, keys, services } = file;
  const lines = [
    ['vend-sealed-keys', 2, set, generation, lineage, changedAt, kek, keys.length, services.length],
    ...keys.map((key) => [...attributesOf(key), key.method, key.value]),
    ...services.map(({ name, publicKey, value }) => [name, publicKey, value]),
  ];
  return createHash('sha256')
    .update(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    .digest();
}

/** 32 hexadecimal digits by which a generation is known to its successors. */
export function fingerprintOf(file: SealedKeyFile): string {
  return statementOf(file).toString('hex', 0, 16);
}

/** The attributes of a key in one fixed order: what its value is bound to. */
export function attributesOf(key: Omit<SealedVendingKey, 'method' | 'value'>): (string | number | null)[] {
  const { sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil } = key;
  return [sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil];
}

const version1 = z.strictObject({
  format: z.literal('vend-sealed-keys'),
  version: z.literal(1),
  generation: z.int().min(1),
  kekCheck: hex(16),
  keys: z
    .array(
      z.strictObject({
        ...sealedVendingKey.omit({ state: true, issuedUntil: true, method: true, value: true }).shape,
        iv: z.base64().max(32),
        sealed: z.base64().max(128),
      }),
    )
    .max(10_000),
  mac: hex(64),
});

/** The form before states, service keys and pedigree. */
export type Version1File = z.infer<typeof version1>;

/** @throws {DomainError} `key-file-malformed` */
export function parseVersion1(content: Uint8Array): Version1File {
  const parsed = version1.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  throw malformed(parsed.error);
}

/** @throws {DomainError} `key-file-malformed` */
export function versionOf(content: Uint8Array): 1 | 2 {
  return isVersion1(parseJson(content)) ? 1 : 2;
}

function isVersion1(json: unknown): boolean {
  return version1.safeParse(json).success;
}

function parseJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8'));
  } catch {
    throw new DomainError('key-file-malformed', { at: 'not JSON' });
  }
}

function malformed(error: z.ZodError): DomainError {
  return new DomainError('key-file-malformed', { at: error.issues[0]?.path.join('.') || 'top' });
}
