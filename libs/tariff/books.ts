import { tariffBook } from './book';
import { bdRetail2023Feb, bdRetail2023Mar, bdRetail2024Feb } from './data/bd-retail-later';
import { bdRetail2020 } from './data/bd-retail-2020';
import { bpdb2024, desco2022, nesco2021, nesco2025 } from './data/rebates';
import { readTariffVersion } from './source';
import type { RebateProfile, TariffBook } from './tariff';

const version2020 = readTariffVersion(bdRetail2020);
const allVersions = [version2020, ...[bdRetail2023Feb, bdRetail2023Mar, bdRetail2024Feb].map(readTariffVersion)];

/**
 * The project's default: the complete tariff of 2020 and NESCO's rebate of 1 % / 1.01, without an end date, so that it
 * prices today. Source: issue "First light" and MONEY.md 1.
 *
 * @example price(state, 100000n, Date.now(), firstLightBook).rebatePaisa // 903n for a new 2 kW LT-A connection
 */
export const firstLightBook: TariffBook = tariffBook({
  id: 'first-light',
  versions: [version2020],
  rebateProfiles: [nesco2021],
});

/** NESCO through the years: every version we have, the rebate of 2021 and of 2025. MT and HT end in January 2023. */
export const historicalBook: TariffBook = history('nesco-history', [nesco2021, nesco2025]);

const books: readonly TariffBook[] = [
  firstLightBook,
  historicalBook,
  history('desco-history', [desco2022]),
  history('bpdb-history', [bpdb2024]),
];

function history(id: string, rebateProfiles: readonly RebateProfile[]): TariffBook {
  return tariffBook({ id, versions: allVersions, rebateProfiles });
}

/** The names that `bookById` knows. */
export function bookIds(): string[] {
  return books.map((book) => book.id);
}

/**
 * A built-in book by its name, for configuration: `first-light`, `nesco-history`, `desco-history`, `bpdb-history`.
 *
 * @throws {RangeError} when there is none of that name; the message lists the names
 * @example bookById('first-light') === firstLightBook // true
 */
export function bookById(id: string): TariffBook {
  const book = books.find((one) => one.id === id);
  if (!book) throw new RangeError(`no tariff book of that name; there are: ${bookIds().join(', ')}`);
  return book;
}
