/**
 * What a caller filled in, by name, whatever the case and however the words are joined: `refNo1`, `refno1`, `REF_NO_1` are
 * one. Contracts and their own samples disagree about this.
 *
 * A field that is empty is one that is missing. One that is said twice and differently is `contradicted`.
 */
export class Fields {
  private readonly values = new Map<string, string>();
  private readonly contradictions = new Set<string>();

  constructor(entries: Iterable<readonly [name: string, value: string]>) {
    for (const [name, value] of entries) {
      if (value === '') continue;
      const key = folded(name);
      const known = this.values.get(key);
      if (known !== undefined && known !== value) this.contradictions.add(key);
      this.values.set(key, value);
    }
  }

  /** The first of these names that is filled in, without blanks around it. */
  text(...names: readonly string[]): string | undefined {
    return this.all(...names)[0];
  }

  /** As it came: blanks may belong to a password. */
  secret(...names: readonly string[]): string | undefined {
    return names.map((name) => this.values.get(folded(name))).find((value) => value !== undefined);
  }

  /** What is filled in under these names, each value once. Two: the caller contradicts itself. */
  all(...names: readonly string[]): string[] {
    const said = names.map((name) => this.values.get(folded(name))?.trim()).filter((value) => value);
    return [...new Set(said as string[])];
  }

  /** One of these names was said twice, and differently. */
  contradicted(...names: readonly string[]): boolean {
    return names.some((name) => this.contradictions.has(folded(name)));
  }
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
