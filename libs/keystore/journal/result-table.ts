/** A name, hashed to 64 bits: two words that a table can hold. */
export interface NameHash {
  readonly high: number;
  readonly low: number;
}

/**
 * Hashes a name for the tables: quick, spread well, no secret. Two names may share a hash; whoever finds a
 * hash looks at the name itself before believing it.
 */
export function hashName(name: string): NameHash {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let i = 0; i < name.length; i += 1) {
    const unit = name.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return { high: mixed(high ^ (low >>> 7)), low: mixed(low ^ name.length) };
}

function mixed(word: number): number {
  let mix = word ^ (word >>> 16);
  mix = Math.imul(mix, 0x85ebca6b);
  mix ^= mix >>> 13;
  mix = Math.imul(mix, 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

/** Words of a slot: both words of the hash, and the number of the chunk plus one (zero: the slot is free). */
export const SLOT_WORDS = 3;
const FIRST_SLOTS = 4096;

/** Which chunk holds which name, for the part that is being written: open addressing, half full at most. */
export class ResultTable {
  words = new Uint32Array(FIRST_SLOTS * SLOT_WORDS);
  entries = 0;

  get slots(): number {
    return this.words.length / SLOT_WORDS;
  }

  add({ high, low }: NameHash, chunk: number): void {
    if (this.entries * 2 >= this.slots) this.grow();
    this.entries += 1;
    this.put(high, low, chunk + 1);
  }

  /** Chunks that may hold the name, the newest last. */
  find(name: NameHash): readonly number[] {
    // Most names asked for are new: their own slot is free.
    return this.words[(name.low & (this.slots - 1)) * SLOT_WORDS + 2] === 0
      ? NONE
      : findIn(this.words, this.slots, name).chunks;
  }

  private put(high: number, low: number, value: number): void {
    const mask = this.slots - 1;
    let slot = low & mask;
    while (this.words[slot * SLOT_WORDS + 2] !== 0) slot = (slot + 1) & mask;
    this.words[slot * SLOT_WORDS] = high;
    this.words[slot * SLOT_WORDS + 1] = low;
    this.words[slot * SLOT_WORDS + 2] = value;
  }

  private grow(): void {
    const old = this.words;
    this.words = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      if (old[at + 2] !== 0) this.put(old[at]!, old[at + 1]!, old[at + 2]!);
    }
  }
}

const NONE: readonly number[] = [];

/**
 * Looks through a run of slots, from the name's own slot, or `startSlot`, to the first free one.
 *
 * @param words all slots, or the piece of them that begins with `startSlot`
 * @param slots how many there are in all
 * @returns the chunks, and whether the run ended inside the piece
 */
export function findIn(
  words: Uint32Array,
  slots: number,
  { high, low }: NameHash,
  startSlot?: number,
): { chunks: number[]; ended: boolean } {
  const chunks: number[] = [];
  const held = words.length / SLOT_WORDS;
  const first = startSlot === undefined ? low & (slots - 1) : 0;
  for (let step = 0; step < held; step += 1) {
    const at = ((first + step) % held) * SLOT_WORDS;
    if (words[at + 2] === 0) return { chunks, ended: true };
    if (words[at] === high && words[at + 1] === low) chunks.push(words[at + 2]! - 1);
  }
  return { chunks, ended: held === slots };
}

const BLOCK_WORDS = 16;
const BITS_PER_ENTRY = 10;

/** Answers "certainly not here" for most names that are not: a blocked Bloom filter, one cache line a question. */
export class NameFilter {
  constructor(readonly words: Uint32Array) {}

  static forEntries(entries: number): NameFilter {
    const blocks = Math.max(1, Math.ceil((entries * BITS_PER_ENTRY) / (BLOCK_WORDS * 32)));
    return new NameFilter(new Uint32Array(blocks * BLOCK_WORDS));
  }

  add(name: NameHash): void {
    this.visit(name, (word, bit) => {
      this.words[word]! |= bit;
      return true;
    });
  }

  mayHold(name: NameHash): boolean {
    return this.visit(name, (word, bit) => (this.words[word]! & bit) !== 0);
  }

  private visit({ high, low }: NameHash, look: (word: number, bit: number) => boolean): boolean {
    const block = (low % (this.words.length / BLOCK_WORDS)) * BLOCK_WORDS;
    let bits = high;
    for (let round = 0; round < 6; round += 1) {
      if (round === 3) bits = mixed(high ^ low);
      if (!look(block + ((bits >>> 5) & 15), 1 << (bits & 31))) return false;
      bits >>>= 9;
    }
    return true;
  }
}
