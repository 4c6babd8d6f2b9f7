import type { Reader } from '@vend/platform';
import { countNameRows, findNameHits, indexedOffices, type NameHit, type NamedCustomer } from '../store/customer-words';
import { beginsWith, searchedWords, type IndexPlace, type NameQuestion } from './name-question';
import { officeKey, turnedNames } from './name-words';

/** Whose customers somebody may see: everybody's, or those of the offices of these names. */
export type SeenOffices = 'all' | readonly string[];

/** Which word is rarer is counted up to here: beyond, both are common and there are hits soon enough with either. */
const COUNT_MAX = 4_000;
/** Rows are fetched in portions; a name that has two words with the typed beginning has two rows. */
const PORTION = 64;

export interface NamePage {
  readonly customers: readonly NamedCustomer[];
  /** Where the next page begins; undefined: this was the last. */
  readonly next: IndexPlace | undefined;
}

/**
 * Customers who have every typed word as the beginning of a word of their name, whatever the order, each once. By
 * office, then by the found word. Words: see name-words.ts.
 *
 * The walk is along the rarest word, in the offices that may be seen, and the other words are looked for in the row
 * itself, so that nothing but the index is read for a name that does not fit.
 *
 * @param after `next` of the page before
 * @example await searchNames(database, 'আব্দুল কর', { offices: 'all', limit: 20 })
 */
export async function searchNames(
  reader: Reader,
  typed: string,
  { offices, limit, after }: { readonly offices: SeenOffices; readonly limit: number; readonly after?: IndexPlace },
): Promise<NamePage> {
  const words = searchedWords(typed);
  if (words.length === 0) return { customers: [], next: undefined };
  const keys = offices === 'all' ? await indexedOffices(reader) : [...new Set(offices.map(officeKey))];
  const question = await askedByRarest(reader, words, keys.sort((a, b) => a - b));
  const found: NameHit[] = [];
  let place = after;
  for (;;) {
    const rows = await findNameHits(reader, question, place, PORTION);
    for (const row of rows) {
      if (!counts(row, question.word, offices)) continue;
      // One more than asked for says that there is a next page.
      if (found.length === limit) return { customers: found, next: found.at(-1) };
      found.push(row);
    }
    if (rows.length < PORTION) return { customers: found, next: undefined };
    place = rows.at(-1);
  }
}

async function askedByRarest(reader: Reader, words: readonly Buffer[], offices: readonly number[]): Promise<NameQuestion> {
  if (words.length === 1) return { offices, word: words[0]!, others: [] };
  const counted = await Promise.all(
    words.map(async (word) => ({ word, rows: await countNameRows(reader, offices, word, COUNT_MAX) })),
  );
  // Of two common words the longer one is likely the rarer.
  const [rarest] = counted.sort((a, b) => a.rows - b.rows || b.word.length - a.word.length);
  return { offices, word: rarest!.word, others: words.filter((word) => word !== rarest!.word) };
}

/**
 * Whether a row stands for its customer: it must be of the name and the office as they are now, the office one that may
 * be seen, and of a name's rows that begin with the word it must be the first, for one customer is shown once.
 */
function counts(row: NameHit, word: Buffer, offices: SeenOffices): boolean {
  if (officeKey(row.office) !== row.officeKey) return false;
  if (offices !== 'all' && !offices.some((name) => name.trim().toLowerCase() === row.office.trim().toLowerCase())) return false;
  const first = turnedNames(row.name)
    .filter((turned) => beginsWith(turned, word))
    .sort(Buffer.compare)[0];
  return first !== undefined && first.equals(row.turned);
}
