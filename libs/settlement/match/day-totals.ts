import type { Paisa } from '@vend/kernel';
import type { Bucket } from './classify';

export type Side = 'ours' | 'theirs';

/** What of a side is in a bucket and batch. */
export interface Total {
  readonly side: Side;
  readonly bucket: Bucket;
  /** '' on our side. */
  readonly batch: string;
  readonly count: number;
  /** Reversals below zero. */
  readonly amountPaisa: Paisa;
  readonly feePaisa: Paisa;
  /** VAT of our vends; of a statement's rows, of those that a vend stands behind. */
  readonly vatPaisa: Paisa;
}

/** Adds a day up by side, bucket and batch: as large as there are batches, whatever the number of rows. */
export class DayTotals {
  private readonly sums = new Map<string, { -readonly [K in keyof Total]: Total[K] }>();

  add(side: Side, bucket: Bucket, batch: string, [amount, fee, vat]: readonly [Paisa, Paisa, Paisa], count = 1): void {
    const key = `${side} ${bucket} ${batch}`;
    let sum = this.sums.get(key);
    if (!sum)
      this.sums.set(key, (sum = { side, bucket, batch, count: 0, amountPaisa: 0n, feePaisa: 0n, vatPaisa: 0n }));
    sum.count += count;
    sum.amountPaisa += amount;
    sum.feePaisa += fee;
    sum.vatPaisa += vat;
  }

  count(side: Side): number {
    return this.all().reduce((sum, total) => sum + (total.side === side ? total.count : 0), 0);
  }

  all(): Total[] {
    return [...this.sums.values()];
  }
}
