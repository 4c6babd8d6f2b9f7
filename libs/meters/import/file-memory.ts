import type { ImportRow } from './row';
import type { RowFault } from './row-faults';

const CUSTOMER_COLUMNS = ['name', 'mobile', 'address', 'office', 'language'] as const;

/**
 * What a file has said so far: which meters, and which data of each customer. A customer with several meters has
 * several rows, which must agree; fingerprints are enough to see whether they do, and half a million rows of them take
 * some 40 MB, whatever the rows hold.
 */
export class FileMemory {
  private readonly meters = new PrintTable(0);
  private readonly customers = new PrintTable(CUSTOMER_COLUMNS.length);
  private readonly prints = new Uint32Array(CUSTOMER_COLUMNS.length);

  /** The fault of a row that contradicts an earlier one; otherwise the row is remembered. */
  contradictionOf(row: ImportRow): RowFault | undefined {
    const { line } = row;
    const meter = fingerprint(row.meterNo.pan);
    if (this.meters.find(meter) !== undefined) return { line, column: 'meterNo', code: 'meter-duplicate' };
    CUSTOMER_COLUMNS.forEach((column, i) => (this.prints[i] = fingerprint(row[column] ?? '') % 2 ** 32));
    const key = fingerprint(row.customerNo);
    const earlier = this.customers.find(key);
    const differing = earlier && CUSTOMER_COLUMNS.find((_, i) => this.prints[i] !== earlier[i]);
    if (differing) return { line, column: differing, code: 'customer-contradicts' };
    this.meters.add(meter, this.prints.subarray(0, 0));
    if (!earlier) this.customers.add(key, this.prints);
    return undefined;
  }
}

/** A hash table of 53-bit keys with some 32-bit values each, in flat arrays: objects would cost five times as much. */
class PrintTable {
  private keys = new Float64Array(1_024);
  private values: Uint32Array;
  private used = 0;

  constructor(private readonly width: number) {
    this.values = new Uint32Array(1_024 * width);
  }

  find(key: number): Uint32Array | undefined {
    const slot = this.slotOf(key);
    return this.keys[slot] === 0 ? undefined : this.valuesAt(slot);
  }

  add(key: number, values: Uint32Array): void {
    if (this.used * 2 >= this.keys.length) this.grow();
    const slot = this.slotOf(key);
    this.keys[slot] = key;
    this.valuesAt(slot).set(values);
    this.used++;
  }

  private valuesAt(slot: number): Uint32Array {
    return this.values.subarray(slot * this.width, (slot + 1) * this.width);
  }

  /** Where the key is, or the free place where it would be: zero is nobody's key. */
  private slotOf(key: number): number {
    let slot = key % this.keys.length;
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = slot + 1 === this.keys.length ? 0 : slot + 1;
    return slot;
  }

  private grow(): void {
    const { keys, values, width } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.values = new Uint32Array(this.keys.length * width);
    this.used = 0;
    keys.forEach((key, slot) => {
      if (key !== 0) this.add(key, values.subarray(slot * width, (slot + 1) * width));
    });
  }
}

/**
 * 53 bits of a text (FNV-1a from two starts), never zero. It guards against mistakes, not forgers: among half a million
 * meters the odds that two are taken for one are one in 70,000.
 */
function fingerprint(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x5bd1e995;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995) ^ (low >>> 15);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0) || 1;
}
