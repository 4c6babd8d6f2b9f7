import { bookOfDocuments } from './book';
import { reviewedDocuments } from './data/reviewed';
import type { TariffBook } from './tariff';

const books: readonly TariffBook[] = [...new Set(reviewedDocuments.flatMap(({ books: names }) => names))].map((id) =>
  bookOfDocuments(
    id,
    reviewedDocuments.filter((one) => one.books.includes(id)).map((one) => one.document),
  ),
);

/**
 * The project's default: the complete tariff of 2020 and NESCO's rebate of 1 % / 1.01, without an end date, so that it
 * prices today. Source: issue "First light" and MONEY.md 1.
 *
 * @example price(state, 100000n, Date.now(), firstLightBook).rebatePaisa // 903n for a new 2 kW LT-A connection
 */
export const firstLightBook: TariffBook = bookById('first-light');

/** NESCO through the years: every version we have, the rebate of 2021 and of 2025. MT and HT end in January 2023. */
export const historicalBook: TariffBook = bookById('nesco-history');

/** The names that `bookById` knows. */
export function bookIds(): string[] {
  return books.map((book) => book.id);
}

/**
 * A built-in book by its name: `first-light`, `nesco-history`, `desco-history`, `bpdb-history`. The running system
 * prices with the published books of the database (libs/pricebook); these are the same documents without one.
 *
 * @throws {RangeError} when there is none of that name; the message lists the names
 * @example bookById('first-light') === firstLightBook // true
 */
export function bookById(id: string): TariffBook {
  const book = books.find((one) => one.id === id);
  if (!book) throw new RangeError(`no tariff book of that name; there are: ${bookIds().join(', ')}`);
  return book;
}
