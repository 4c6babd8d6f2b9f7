import { DomainError, dhakaDay, startOfDay, type Id, type LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { PriceBooks } from '@vend/pricebook';
import { differencesOf, readVendsOfDay, type Difference, type RecomputedVend, type StoredVend } from '@vend/vending';

/** Rows a step: enough to keep the database busy, few enough to keep memory flat. */
const BATCH = 2_000;
const DAY_MS = 86_400_000;

export interface RecomputeTotals {
  readonly vends: number;
  readonly differing: number;
}

/** Prices stored vends again, day by day, and tells of each that does not come out the same. */
export class Recomputation {
  private readonly books: PriceBooks;
  private vends = 0;
  private differing = 0;

  constructor(
    private readonly database: Database,
    private readonly report: (vend: RecomputedVend) => Promise<void>,
    private readonly onProgress: (vends: number) => void = () => undefined,
  ) {
    this.books = new PriceBooks(database);
  }

  /** Every vend of the business days from one to the other, both included. @throws {RangeError} days out of order */
  async run(from: LocalDay, to: LocalDay): Promise<RecomputeTotals> {
    if (startOfDay(from) > startOfDay(to)) throw new RangeError('--from is after --to');
    for (let at = startOfDay(from); at <= startOfDay(to); at += DAY_MS) await this.day(dhakaDay(at));
    return { vends: this.vends, differing: this.differing };
  }

  private async day(day: LocalDay): Promise<void> {
    let after: Id | undefined;
    for (;;) {
      const vends = await readVendsOfDay(this.database, day, after, BATCH);
      for (const vend of vends) await this.one(vend);
      this.onProgress(this.vends);
      if (vends.length < BATCH) return;
      after = vends.at(-1)!.vendId;
    }
  }

  private async one(vend: StoredVend): Promise<void> {
    this.vends += 1;
    const differences = await this.differences(vend);
    if (differences.length === 0) return;
    this.differing += 1;
    await this.report({ vendId: vend.vendId, receiptNo: vend.receiptNo, differences });
  }

  private async differences(vend: StoredVend): Promise<Difference[]> {
    const { tariffBook, priceRevision } = vend;
    try {
      const book = this.books.known(tariffBook, priceRevision) ?? (await this.books.at(tariffBook, priceRevision));
      return differencesOf(vend, book.tariffs);
    } catch (error) {
      // A book that is gone or tampered with is a finding about each vend that was priced with it.
      if (!(error instanceof DomainError)) throw error;
      const facts = Object.values(error.facts).join(' ');
      const recomputed = `refused: ${String(error.code)} ${facts}`.trim();
      return [{ field: 'price book', stored: `${tariffBook}@${priceRevision}`, recomputed }];
    }
  }
}
