/**
 * Keeps the most recently used values, at most `limit` of them; a value that leaves is erased.
 * Map keeps insertion order, so the first entry is always the one that was used longest ago.
 *
 * @example const cache = new ErasingCache<DecoderKey>(50_000, (key) => key.destroy());
 */
export class ErasingCache<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(
    private readonly limit: number,
    private readonly erase: (value: Value) => void,
  ) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError('limit must be a whole number above 0');
  }

  get size(): number {
    return this.entries.size;
  }

  get(name: string): Value | undefined {
    const value = this.entries.get(name);
    if (value === undefined) return undefined;
    this.entries.delete(name);
    this.entries.set(name, value);
    return value;
  }

  /** A value already under this name is erased. */
  put(name: string, value: Value): void {
    this.drop(name);
    if (this.entries.size >= this.limit) this.drop(this.entries.keys().next().value as string);
    this.entries.set(name, value);
  }

  clear(): void {
    for (const value of this.entries.values()) this.erase(value);
    this.entries.clear();
  }

  private drop(name: string): void {
    const value = this.entries.get(name);
    if (value === undefined) return;
    this.entries.delete(name);
    this.erase(value);
  }
}
