import { fieldsText, hasTokens } from './audit-line';
import type { RecordFields, StoredResult } from './journal.types';
import { resultName } from './sealed-chunk';
import type { NamedResult } from './sealed-chunk';

/** A request under its id. */
export interface Ask {
  readonly requestId: string;
  /** Canonical text of the request: equal only for the same request. It is kept sealed, so it needs no hash. */
  readonly content: string;
}

/** What the maker made of a request: an answer with its line, or a refusal, which is not kept. */
export type Made<Refusal> =
  | { readonly line: RecordFields; readonly answer: Uint8Array }
  | { readonly refusal: Refusal; readonly line?: RecordFields };

/** What a request is answered. */
export type Issued<Refusal> =
  | { readonly kind: 'answer'; readonly answer: Uint8Array; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'conflict' };

/** Makes the requests that nobody has asked before: one answer or refusal for each index, in their order. */
export type Maker<Refusal> = (fresh: readonly number[]) => Promise<readonly Made<Refusal>[]> | readonly Made<Refusal>[];

/** What `issueOnce` needs of the journal. */
export interface IssuePorts {
  find(name: string): StoredResult | undefined;
  /** Resolves when lines and results are durable and `find` finds them. */
  write(lines: readonly string[], results: readonly NamedResult[]): Promise<void>;
}

/** A call under way, and what its own requests come to. */
interface Call {
  readonly outcomes: Promise<readonly Issued<unknown>[]>;
}

interface Flight {
  readonly content: string;
  readonly call: Call;
  readonly index: number;
}

/** How the requests of a call are served: now known, to be made, or being made by somebody. */
interface Claim<Refusal> {
  readonly outcomes: Issued<Refusal>[];
  readonly fresh: number[];
  readonly waits: [index: number, flight: Flight][];
}

/**
 * One token for a request id: an id that was answered is answered again from the store, an id that is being
 * made waits for its maker, and only a new id is made. All of it in one process, which the journal's lock sees to.
 */
export class IssueOnce {
  private readonly flights = new Map<string, Flight>();

  constructor(private readonly ports: IssuePorts) {}

  async issue<Refusal>(caller: string, asks: readonly Ask[], make: Maker<Refusal>): Promise<Issued<Refusal>[]> {
    const { promise, resolve, reject } = withResolvers<readonly Issued<unknown>[]>();
    const names = asks.map(({ requestId }) => resultName(caller, requestId));
    const claim: Claim<Refusal> = { outcomes: new Array<Issued<Refusal>>(asks.length), fresh: [], waits: [] };
    try {
      this.claim(asks, names, { outcomes: promise }, claim);
      if (claim.fresh.length > 0) await this.makeAndWrite(caller, asks, names, claim, make);
      resolve(claim.outcomes);
    } catch (error) {
      reject(error);
      throw error;
    } finally {
      for (const index of claim.fresh) this.flights.delete(names[index]!);
    }
    // Only now: two calls that wait for each other have both finished their own part.
    for (const [index, flight] of claim.waits) {
      const outcome = (await flight.call.outcomes)[flight.index] as Issued<Refusal>;
      claim.outcomes[index] = outcome.kind === 'answer' ? { ...outcome, repeated: true } : outcome;
    }
    return claim.outcomes;
  }

  /** Tells the new from the known. It never waits, so nobody comes between looking and claiming. */
  private claim<Refusal>(asks: readonly Ask[], names: readonly string[], call: Call, claim: Claim<Refusal>): void {
    for (const [index, { content }] of asks.entries()) {
      const name = names[index]!;
      const flight = this.flights.get(name);
      const known = flight ?? this.ports.find(name);
      if (!known) {
        this.flights.set(name, { content, call, index });
        claim.fresh.push(index);
      } else if (known.content !== content) {
        claim.outcomes[index] = { kind: 'conflict' };
      } else if ('answer' in known) {
        claim.outcomes[index] = { kind: 'answer', answer: known.answer, repeated: true };
      } else {
        claim.waits.push([index, known]);
      }
    }
  }

  private async makeAndWrite<Refusal>(
    caller: string,
    asks: readonly Ask[],
    names: readonly string[],
    { fresh, outcomes }: Claim<Refusal>,
    make: Maker<Refusal>,
  ): Promise<void> {
    const made = await make(fresh);
    if (made.length !== fresh.length) throw new RangeError('make must answer every request it was given');
    const lines: string[] = [];
    const results: NamedResult[] = [];
    for (const [i, index] of fresh.entries()) {
      const one = made[i]!;
      const { requestId, content } = asks[index]!;
      if (one.line) lines.push(fieldsText(caller, requestId, one.line));
      if ('answer' in one) {
        if (!hasTokens(one.line)) throw new TypeError('an answer needs the fingerprints of its tokens in its line');
        results.push({ name: names[index]!, content, answer: one.answer });
        outcomes[index] = { kind: 'answer', answer: one.answer, repeated: false };
      } else {
        if (one.line && hasTokens(one.line)) throw new TypeError('a refusal has no tokens');
        outcomes[index] = { kind: 'refused', refusal: one.refusal };
      }
    }
    if (lines.length > 0) await this.ports.write(lines, results);
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  // Usually nobody else waits for it.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
