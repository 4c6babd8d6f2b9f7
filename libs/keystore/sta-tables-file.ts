import { readFileSync } from 'node:fs';
import { DomainError } from '@vend/kernel';
import { IEC_SAMPLE_TABLES, parseStaTables, StsError } from '@vend/sts';
import type { StaTables } from '@vend/sts';
import type { KeystoreErrorCode } from './keystore.errors';

/**
 * The substitution tables EA07 runs on: the operator's file, or the sample tables when there is none.
 *
 * @param path a file in one of the forms of `parseStaTables`, or null
 * @throws {DomainError} `sta-tables-unreadable`, `sta-tables-malformed`
 * @example loadStaTables(null).kind // 'iec-sample'
 */
export function loadStaTables(path: string | null): StaTables {
  if (path === null) return IEC_SAMPLE_TABLES;
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new DomainError<KeystoreErrorCode>('sta-tables-unreadable', { reason });
  }
  try {
    return parseStaTables(content);
  } catch (error) {
    if (error instanceof StsError) throw new DomainError('sta-tables-malformed', { reason: error.code });
    throw error;
  }
}
