import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import { z } from 'zod';
import { fingerprintOf } from './key-file.format';
import type { SealedKeyFile } from './key-file.format';
import type { KeystoreErrorCode } from './keystore.errors';
import { readGuardedFile, writeSecretFile } from './secret-file';

const record = z.strictObject({
  format: z.literal('vend-key-generation'),
  version: z.literal(1),
  set: z.string().regex(/^[0-9a-f]{32}$/),
  generation: z.int().min(1),
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
});

type GenerationRecord = z.infer<typeof record>;

/** Why a key file is no successor of the one used last. */
type RollbackReason = 'older' | 'forked' | 'another-key-file';

/**
 * Holds a verified key file against the highest generation ever used here, which is kept in a place of its own: an
 * old copy brought back, with a retired key active again, is refused. Then remembers this one.
 *
 * A newer file must descend from the one remembered: its pedigree names that generation's fingerprint, so an old copy
 * that was changed a few times does not pass for a new one.
 *
 * @param path of the record; a backup of the key file must not contain it
 * @param generationKey authenticates the record
 * @throws {DomainError} `key-file-rolled-back` (with `reason`), `key-generation-unknown` (no record, and the file is
 * not new), `key-generation-tampered`
 */
export function admitGeneration(path: string, generationKey: Buffer, file: SealedKeyFile): void {
  const known = readRecord(path);
  if (known === undefined) {
    // A new installation: nothing can be older than the first generation.
    if (file.generation !== 1) throw refuse('key-generation-unknown', { generation: file.generation });
    return rememberGeneration(path, generationKey, file);
  }
  if (known.set !== file.set) throw rolledBack('another-key-file', file, known);
  if (!isAuthentic(known, generationKey)) throw refuse('key-generation-tampered');
  if (file.generation < known.generation) throw rolledBack('older', file, known);
  const steps = file.generation - known.generation;
  const ancestor = steps === 0 ? fingerprintOf(file) : file.lineage[file.lineage.length - steps];
  if (ancestor !== known.fingerprint) throw rolledBack('forked', file, known);
  if (steps > 0) rememberGeneration(path, generationKey, file);
}

/** Writes the record whatever stood there: at the first admission, and when two people accept a restored file. */
export function rememberGeneration(path: string, generationKey: Buffer, file: SealedKeyFile): void {
  const { set, generation } = file;
  const body = {
    format: 'vend-key-generation',
    version: 1,
    set,
    generation,
    fingerprint: fingerprintOf(file),
  } as const;
  writeSecretFile(path, `${JSON.stringify({ ...body, mac: macOf(body, generationKey) })}\n`, 'replace');
}

function readRecord(path: string): GenerationRecord | undefined {
  let content: Buffer;
  try {
    content = readGuardedFile(path, {
      forbiddenMode: 0o077,
      unreadable: 'key-generation-unknown',
      permissive: 'key-generation-tampered',
    });
  } catch (error) {
    if (error instanceof DomainError && error.facts['reason'] === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return record.parse(JSON.parse(content.toString('utf8')));
  } catch {
    throw refuse('key-generation-tampered');
  }
}

function isAuthentic(known: GenerationRecord, key: Buffer): boolean {
  return timingSafeEqual(Buffer.from(known.mac), Buffer.from(macOf(known, key)));
}

function macOf({ set, generation, fingerprint }: Omit<GenerationRecord, 'mac'>, key: Buffer): string {
  const text = JSON.stringify(['vend-key-generation', 1, set, generation, fingerprint]);
  return createHmac('sha256', key).update(text).digest('hex');
}

function rolledBack(reason: RollbackReason, file: SealedKeyFile, known: GenerationRecord) {
  return refuse('key-file-rolled-back', { reason, generation: file.generation, known: known.generation });
}

function refuse(code: KeystoreErrorCode, facts: Record<string, string | number> = {}): DomainError<KeystoreErrorCode> {
  return new DomainError(code, facts);
}
