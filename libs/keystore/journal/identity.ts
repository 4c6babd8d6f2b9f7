import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, newId } from '@vend/kernel';
import { z } from 'zod';
import { writeSecretFile } from '../secret-file';
import { listSegments } from './audit-segments';
import type { JournalErrorCode } from './journal.errors';

const NAME = 'journal.json';
const identitySchema = z.object({ format: z.literal(1), log: z.uuid() });

/**
 * The id of the log in a directory: a checkpoint of one log says nothing about another. Made once, and
 * written into the log's own lines too.
 *
 * @throws {DomainError} `journal-malformed`
 */
export async function identityOf(directory: string): Promise<string> {
  const known = await readIdentity(directory);
  if (known !== undefined) return known;
  if ((await listSegments(directory)).length > 0) throw malformed('id missing');
  const log = newId();
  writeSecretFile(join(directory, NAME), `${JSON.stringify({ format: 1, log })}\n`, 'refuse');
  return log;
}

/**
 * @returns undefined when there is none
 * @throws {DomainError} `journal-malformed`
 */
export async function readIdentity(directory: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, NAME), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return identitySchema.parse(JSON.parse(text)).log;
  } catch {
    throw malformed('id unreadable');
  }
}

function malformed(reason: string): DomainError<JournalErrorCode> {
  return new DomainError('journal-malformed', { reason });
}
