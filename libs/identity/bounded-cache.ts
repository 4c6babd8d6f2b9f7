/**
 * Remembers answers for a while, the latest `size` of them. Callers that ask for the same key at once share one
 * lookup; a failed lookup is forgotten.
 */
export class BoundedCache<V> {
  private readonly entries = new Map<string, { readonly value: Promise<V>; readonly until: number }>();

  constructor(
    private readonly size: number,
    private readonly ttlMs: number,
    private readonly now: () => number,
  ) {}

  /** Asks anew next time. */
  forget(key: string): void {
    this.entries.delete(key);
  }

  get(key: string, lookup: () => Promise<V>): Promise<V> {
    const known = this.entries.get(key);
    if (known && known.until > this.now()) return known.value;
    const value = lookup();
    const entry = { value, until: this.now() + this.ttlMs };
    this.entries.delete(key);
    this.entries.set(key, entry);
    // A Map keeps the order of insertion: the first key is the oldest.
    if (this.entries.size > this.size) this.entries.delete(this.entries.keys().next().value!);
    value.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return value;
  }
}
