import type { ImportRow } from './row';
import type { RowFault } from './row-faults';

const CUSTOMER_COLUMNS = ['name', 'mobile', 'address', 'office', 'language'] as const;

/**
 * What a file has said so far: which meters, and which data of each customer. A customer with several meters has
 * several rows, which must agree; a fingerprint of the data is enough to see whether they do.
 */
export class FileMemory {
  private readonly pans = new Set<string>();
  private readonly customers = new Map<string, readonly number[]>();

  /** The fault of a row that contradicts an earlier one; otherwise the row is remembered. */
  contradictionOf(row: ImportRow): RowFault | undefined {
    const { line } = row;
    if (this.pans.has(row.meterNo.pan)) return { line, column: 'meterNo', code: 'meter-duplicate' };
    const prints = CUSTOMER_COLUMNS.map((column) => fingerprint(row[column] ?? ''));
    const earlier = this.customers.get(row.customerNo);
    const differing = earlier ? CUSTOMER_COLUMNS.find((_, i) => prints[i] !== earlier[i]) : undefined;
    if (differing) return { line, column: differing, code: 'customer-contradicts' };
    this.pans.add(row.meterNo.pan);
    this.customers.set(row.customerNo, prints);
    return undefined;
  }
}

/** 53 bits of a text (FNV-1a from two starts). It guards against mistakes, not forgers: a collision passes unseen. */
function fingerprint(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x5bd1e995;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x01000193);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
