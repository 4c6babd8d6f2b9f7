import { mkdir } from 'node:fs/promises';
import { DomainError } from '@vend/kernel';
import { chainOf, tellsOfTokens } from './audit-line';
import { auditFolder } from './audit-segments';
import { AuditWriter } from './audit-writer';
import { checkpointOf } from './checkpoint';
import { CheckpointCopies, readCheckpoints } from './checkpoint-copies';
import { identityOf } from './identity';
import type { JournalErrorCode } from './journal.errors';
import type { JournalSettings } from './journal.options';
import type { RecordFields } from './journal.types';
import { readLines } from './read-lines';
import { ResultStore } from './result-store';

const DAY_MS = 86_400_000;

/** A journal's files, sound and open. */
export interface OpenFiles {
  /** Id of the log. */
  readonly log: string;
  readonly lines: AuditWriter;
  readonly results: ResultStore | undefined;
  readonly copies: CheckpointCopies | undefined;
  /** What was found on the way and belongs into the log. */
  readonly found: readonly RecordFields[];
}

/**
 * Opens the files of a journal and brings them to the last group that was promised: a torn end is cut off,
 * anything else that does not fit is refused.
 *
 * @throws {DomainError} a JournalOpeningErrorCode
 */
export async function openFiles(settings: JournalSettings): Promise<OpenFiles> {
  const { directory, checkpointDirectory } = settings;
  await mkdir(auditFolder(directory), { recursive: true, mode: 0o700 });
  const log = await identityOf(directory);
  const { writer: lines, tornBytes } = await AuditWriter.open(directory, settings.segmentBytes);
  let results: ResultStore | undefined;
  try {
    const found: RecordFields[] = [];
    let cutBytes = tornBytes;
    const opened = await openResults(settings, lines);
    if (opened) {
      results = opened.store;
      if (opened.unfinishedFrom !== undefined) cutBytes += await lines.cutFrom(opened.unfinishedFrom);
      // An operator has moved the results away, or they were never kept here.
      if (opened.made && lines.head.number > 0) found.push({ kind: 'results-lost', outcome: 'done' });
    }
    if (checkpointDirectory !== undefined) await compareWithCopies(log, lines, directory, checkpointDirectory);
    if (cutBytes > 0) found.push({ kind: 'journal-recovered', outcome: 'done', detail: { cutBytes } });
    const copies =
      checkpointDirectory === undefined ? undefined : await CheckpointCopies.open(checkpointDirectory, log);
    return { log, lines, results, copies, found };
  } catch (error) {
    await lines.close();
    await results?.close();
    throw error;
  }
}

async function openResults(
  settings: JournalSettings,
  lines: AuditWriter,
): Promise<Awaited<ReturnType<typeof ResultStore.open>> | undefined> {
  const { directory, resultsKey, partEntries, resultsKeptDays, now, onTrouble } = settings;
  if (!resultsKey) return undefined;
  const tokensMade = async (afterLine: number, upToLine: number): Promise<boolean> => {
    for await (const block of readLines(directory, afterLine + 1, lines.durableEnd, upToLine - afterLine)) {
      if (block.some(tellsOfTokens)) return true;
    }
    return false;
  };
  const keptMs = resultsKeptDays * DAY_MS;
  return ResultStore.open(
    { directory, resultsKey, partEntries, keptMs, now, tokensMade, onTrouble },
    lines.head.number,
  );
}

/** The log must still hold the last line that a checkpoint elsewhere speaks of. */
async function compareWithCopies(log: string, lines: AuditWriter, directory: string, elsewhere: string): Promise<void> {
  const copies = await readCheckpoints(elsewhere, log);
  const latest = copies.reduce((best, one) => (best && best.number >= one.number ? best : one), copies[0]);
  if (!latest) return;
  // The line that it covers, and its own behind that: copies are made of lines that are on the disk.
  const texts: string[] = [];
  for await (const block of readLines(directory, latest.number, lines.durableEnd, 2)) texts.push(...block);
  const [covered, own] = texts;
  if (covered && chainOf(covered)?.hash === latest.hash && own && checkpointOf(own)) return;
  throw new DomainError<JournalErrorCode>('audit-log-rolled-back', { line: latest.number });
}
