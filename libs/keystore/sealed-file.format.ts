import { DomainError } from '@vend/kernel';
import { z } from 'zod';

const sealedKey = z.strictObject({
  sgc: z.string().regex(/^\d{6}$/),
  krn: z.int().min(1).max(9),
  kind: z.enum(['VUDK', 'VDDK', 'VCDK']),
  dkga: z.union([z.literal(2), z.literal(4)]),
  baseDate: z.union([z.literal(1993), z.literal(2014), z.literal(2035)]),
  ken: z.int().min(0).max(255),
  kcv: z.string().regex(/^[0-9A-F]{6}$/),
  iv: z.base64().max(32),
  sealed: z.base64().max(128),
});

const sealedFile = z.strictObject({
  format: z.literal('vend-sealed-keys'),
  version: z.literal(1),
  /** Counts up with every change of the file, so that an older one can be told from this one. */
  generation: z.int().min(1),
  kekCheck: z.string().regex(/^[0-9a-f]{16}$/),
  keys: z.array(sealedKey).max(10_000),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
});

/** One key of the file: its attributes in the clear, its value under AES-256-GCM. */
export type SealedKey = z.infer<typeof sealedKey>;
export type SealedFile = z.infer<typeof sealedFile>;

/** @throws {DomainError} `key-file-malformed`, naming where, never what stood there */
export function parseSealedFile(content: Uint8Array): SealedFile {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    throw new DomainError('key-file-malformed', { at: 'not JSON' });
  }
  const parsed = sealedFile.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DomainError('key-file-malformed', { at: parsed.error.issues[0]?.path.join('.') || 'top' });
}
