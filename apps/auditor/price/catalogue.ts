import {
  bookIds,
  bookById,
  readRebateProfile,
  readTariffVersion,
  tariffBook,
  type RebateProfile,
  type TariffBook,
  type TariffVersion,
} from '@vend/tariff';
import { BadRequest, type PriceRequest, type RebateChoice, type VersionChoice } from './request';

/** A book that was put together for one request is likely asked for again by the next. */
const MADE_MAX = 1_000;
/** Before every day there is: who chooses a version or a rebate by hand wants it whatever its dates. */
const ALWAYS = '1900-01-01';

/** The books, versions and rebates that requests may name, and the books put together from them. */
export class Catalogue {
  private readonly books: ReadonlyMap<string, TariffBook>;
  private readonly versions = new Map<string, TariffVersion>();
  private readonly rebates = new Map<string, RebateProfile>();
  private readonly made = new Map<string, TariffBook>();

  /** @param books the released ones unless told: `--published` brings those of the database */
  constructor(books: readonly TariffBook[] = bookIds().map(bookById)) {
    this.books = new Map(books.map((book) => [book.id, book]));
    for (const book of books) {
      for (const version of book.versions) this.versions.set(version.id, version);
      for (const rebate of book.rebateProfiles) this.rebates.set(rebate.id, rebate);
    }
  }

  /** The names, for whoever has mistyped one. */
  get names(): { books: string[]; versions: string[]; rebates: string[] } {
    return {
      books: [...this.books.keys()],
      versions: [...this.versions.keys()],
      rebates: [...this.rebates.keys()],
    };
  }

  /** The book that a request is priced with. @throws {BadRequest} a name that nobody knows */
  bookOf({ book: id, version, versions, rebate }: PriceRequest): TariffBook {
    const base = this.books.get(id);
    if (!base) throw unknown('book', id, this.books.keys());
    if (version === undefined && versions === undefined && rebate === undefined) return base;
    const key = JSON.stringify([id, version, versions, rebate]);
    let made = this.made.get(key);
    if (!made) {
      if (this.made.size >= MADE_MAX) this.made.clear();
      made = tariffBook({
        id,
        versions:
          version === undefined
            ? (versions?.map((each) => this.versionOf(each)) ?? base.versions)
            : [this.always(version)],
        rebateProfiles: rebate === undefined ? base.rebateProfiles : [this.rebateOf(rebate)],
        limits: base.limits,
        feeSchedules: base.feeSchedules,
      });
      this.made.set(key, made);
    }
    return made;
  }

  private versionOf(choice: VersionChoice): TariffVersion {
    if (typeof choice !== 'string') return readTariffVersion(choice);
    const version = this.versions.get(choice);
    if (!version) throw unknown('version', choice, this.versions.keys());
    return version;
  }

  private always(choice: VersionChoice): TariffVersion {
    return { ...this.versionOf(choice), publishedOn: null, effectiveFrom: ALWAYS, endsOn: null, revokedOn: null };
  }

  private rebateOf(choice: RebateChoice): RebateProfile {
    if (typeof choice !== 'string') {
      return readRebateProfile({ ...choice, id: `${choice.percent}/${choice.divisor}`, effectiveFrom: ALWAYS });
    }
    const rebate = this.rebates.get(choice);
    if (!rebate) throw unknown('rebate', choice, this.rebates.keys());
    return { ...rebate, effectiveFrom: ALWAYS, endsOn: null };
  }
}

function unknown(where: string, name: string, known: Iterable<string>): BadRequest {
  return new BadRequest(where, `there is no ${where} ${name}; there are: ${[...known].join(', ')}`);
}
