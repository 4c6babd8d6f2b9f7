import type { Database } from '@vend/platform';
import {
  estimateNameRows,
  findNameHits,
  indexedOffices,
  type NameHit,
  type NamedCustomer,
} from '../store/customer-words';
import { beginsWith, searchedWords, type IndexPlace, type NameQuestion, type RowPlace } from './name-question';
import { officeKey, turnedNames } from './name-words';

/** Whose customers somebody may see: everybody's, or those of the offices of these names. */
export type SeenOffices = 'all' | readonly string[];

/** Rows are fetched in portions; a name that has two words with the typed beginning has two rows. */
const PORTION = 64;
/** Two common words may have no name in common: an answer walks about so many rows, and the next page goes on. */
const WALKED_MAX = 40_000;
/** So many rows a statement; after each of them there may be enough. */
const SLICE_ROWS = 10_000;
/** After every row of an office. */
const OFFICE_END = { turned: Buffer.of(0xff), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' } as const;

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
 * itself, so that nothing but the index is read for a name that does not fit. A page may have fewer customers than
 * asked for, or none, and yet a next one.
 *
 * @param after `next` of the page before
 * @example await searchNames(database, 'আব্দুল কর', { offices: 'all', limit: 20 })
 */
export async function searchNames(
  database: Database,
  typed: string,
  {
    offices,
    limit,
    after,
  }: { readonly offices: SeenOffices; readonly limit: number; readonly after?: IndexPlace | undefined },
): Promise<NamePage> {
  const words = searchedWords(typed);
  if (words.length === 0) return { customers: [], next: undefined };
  const seen = offices === 'all' ? await indexedOffices(database) : [...new Set(offices.map(officeKey))];
  const asked = await askedByRarest(database, words, seen, after?.leading);
  const next = (place: RowPlace): IndexPlace => ({ ...place, leading: words.indexOf(asked.word) });
  const found: NameHit[] = [];
  let place: RowPlace | undefined = after;
  for (const slice of slicesOf(asked, place)) {
    for (let rows: NameHit[] | undefined; rows === undefined || rows.length === PORTION; place = rows.at(-1)) {
      rows = await findNameHits(database, slice, place, PORTION);
      for (const row of rows) {
        if (!counts(row, asked.word, offices)) continue;
        // One more than asked for says that there is a next page.
        if (found.length === limit) return { customers: found, next: next(found.at(-1)!) };
        found.push(row);
      }
    }
    place = { officeKey: slice.offices.at(-1)!, ...OFFICE_END };
  }
  const walkedAll = place === undefined || place.officeKey >= asked.offices.at(-1)!;
  return { customers: found, next: walkedAll ? undefined : next(place!) };
}

interface Asked extends NameQuestion {
  /** About how many rows begin with the leading word. */
  readonly rows: number;
}

async function askedByRarest(
  database: Database,
  words: readonly Buffer[],
  seen: readonly number[],
  leading: number | undefined,
): Promise<Asked> {
  const offices = [...seen].sort((a, b) => a - b);
  // One word alone finds with every row that it reads.
  if (words.length === 1) return { offices, word: words[0]!, others: [], rows: 0 };
  const estimates = await database.reads((reader) =>
    Promise.all(words.map(async (word) => ({ word, rows: await estimateNameRows(reader, offices, word) }))),
  );
  const begun = leading === undefined ? undefined : estimates[leading];
  const { word, rows } = begun ?? estimates.reduce((a, b) => (b.rows < a.rows ? b : a));
  return { offices, word, others: words.filter((other) => other !== word), rows };
}

/** The question in parts of some offices each, from the place on, as many as one answer may walk. */
function slicesOf({ offices, word, others, rows }: Asked, place: RowPlace | undefined): NameQuestion[] {
  const left = offices.filter((office) => place === undefined || office >= place.officeKey);
  const rowsEach = Math.max(rows / Math.max(1, offices.length), 1);
  const size = rows === 0 ? left.length : Math.max(1, Math.floor(SLICE_ROWS / rowsEach));
  const slices: NameQuestion[] = [];
  for (let at = 0; at < left.length && at * rowsEach < WALKED_MAX; at += size) {
    slices.push({ offices: left.slice(at, at + size), word, others });
  }
  return slices;
}

/**
 * Whether a row stands for its customer: it must be of the name and the office as they are now, the office one that may
 * be seen, and of a name's rows that begin with the word it must be the first, for one customer is shown once.
 */
function counts(row: NameHit, word: Buffer, offices: SeenOffices): boolean {
  if (officeKey(row.office) !== row.officeKey) return false;
  if (offices !== 'all' && !offices.some((name) => name.trim().toLowerCase() === row.office.trim().toLowerCase()))
    return false;
  const first = turnedNames(row.name)
    .filter((turned) => beginsWith(turned, word))
    .sort((a, b) => a.compare(b))[0];
  return first !== undefined && first.equals(row.turned);
}
