import { z } from 'zod';
import type { PackFileItem } from './pack-file';

/** A line of the counter's journal: an item was handed out. No token and no name stands in it. */
const LINE = z.object({ pack: z.uuid(), item: z.uuid(), usedAt: z.iso.datetime({ offset: true }) });
export type JournalLine = z.infer<typeof LINE>;

/** @example journalText({ pack, item, usedAt: '2026-11-21T10:00:00.000+06:00' }) */
export function journalText(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads a journal. A last line without an end was cut off by a power cut before its item was shown: it does not count.
 *
 * @throws {RangeError} naming the line that is none
 */
export function readJournal(text: string): JournalLine[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      try {
        return LINE.parse(JSON.parse(line));
      } catch (error) {
        throw new RangeError(`line ${index + 1} of the journal cannot be read`, { cause: error });
      }
    });
}

/** The next item of a meter that was not handed out; undefined when there is none left. */
export function nextItem(
  items: readonly PackFileItem[],
  journal: readonly JournalLine[],
  meterNo: string,
): PackFileItem | undefined {
  const used = new Set(journal.map(({ item }) => item));
  return [...items]
    .sort((a, b) => a.place - b.place)
    .find((item) => item.meterNo === meterNo && !used.has(item.itemId));
}

/** The item of a meter that was handed out last: to be shown again to a customer who lost it. */
export function lastItem(
  items: readonly PackFileItem[],
  journal: readonly JournalLine[],
  meterNo: string,
): PackFileItem | undefined {
  const own = new Map(items.filter((item) => item.meterNo === meterNo).map((item) => [item.itemId, item]));
  const last = journal.findLast(({ item }) => own.has(item));
  return last && own.get(last.item);
}
