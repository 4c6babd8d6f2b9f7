import { createHash } from 'node:crypto';
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

function fingerprint(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
