import type { Id, InstantMs } from '@vend/kernel';
import { counter, gauge, type Database } from '@vend/platform';
import {
  firstLineAt,
  knownLog,
  markKeyChangeSets,
  matchedTo,
  matchPage,
  openGaps,
  storeLines,
  unsoldTokens,
  type UnsoldToken,
} from '../store/token-log.store';
import { BrokenChain, checkpointKey, followChain, type ChainedLine } from './audit-chain';
import type { TokenLogReader } from './token-log';

/** A vend younger than this may still be under way: its commit comes after its token. */
const UNDER_WAY_MS = 10 * 60_000;
const PAGE_VENDS = 2_000;
const SHOWN_MAX = 100;

/** What a match found. */
export interface TokenMatch {
  /** What must never be: a broken log, a vend without its line. One sentence each, without secrets. */
  readonly faults: readonly string[];
  /** Tokens made but never sold, the oldest first, at most a hundred of them: groups that were rolled back. Expected, and listed. */
  readonly unsold: readonly UnsoldToken[];
  readonly figures: {
    readonly linesRead: number;
    readonly tokensMatched: number;
    readonly vendsWithoutLine: number;
    readonly unsoldTokens: number;
    readonly keyChangeTokensKept: number;
    readonly keyChangeTokensLoose: number;
  };
}

/**
 * Reads the audit logs of the token servers on from where the last match stopped, proving the chain as it goes, and
 * matches them with the vends: every sold token must have its line. May be killed and run again, and run twice at
 * once; takes the same memory however much there is.
 *
 * @throws whatever the reader throws when a log cannot be reached: the match is tried again later
 * @example const { faults } = await new TokenMatcher(database, [reader]).run()
 */
export class TokenMatcher {
  private readonly without = gauge(
    'vend_token_match_vends_without_line',
    'Vends with a token that no audit line tells of',
  );
  private readonly unsold = gauge('vend_token_match_unsold', 'Tokens in the audit log that nobody was given');
  private readonly broken = counter('vend_token_log_broken_total', 'Looks at an audit log whose chain did not hold');

  constructor(
    private readonly database: Database,
    private readonly readers: readonly TokenLogReader[],
    private readonly now: () => InstantMs = Date.now,
  ) {}

  async run(): Promise<TokenMatch> {
    const faults: string[] = [];
    // Before the logs are read: whatever is sold by then has its line in them.
    const upTo = vendIdAt(this.now() - UNDER_WAY_MS);
    let linesRead = 0;
    for (const reader of this.readers) {
      try {
        linesRead += await this.readOn(reader);
      } catch (error) {
        if (!(error instanceof BrokenChain)) throw error;
        this.broken.inc();
        faults.push(`${reader.address}: ${error.message}`);
      }
    }
    // Without the rest of a broken log every later vend would seem to lack its line: the break is what to look at.
    const tokensMatched = faults.length > 0 ? 0 : await this.matchVends(upTo);
    const gaps = await openGaps(this.database, SHOWN_MAX, this.now());
    faults.push(...gaps.map((vendId: Id) => `vend ${vendId} has a token that no audit line tells of`));
    const { kept, loose } = await markKeyChangeSets(this.database, PAGE_VENDS);
    const { count, first } = await unsoldTokens(this.database, this.now() - UNDER_WAY_MS, SHOWN_MAX);
    this.without.set(gaps.length);
    this.unsold.set(count);
    return {
      faults,
      unsold: first,
      figures: {
        linesRead,
        tokensMatched,
        vendsWithoutLine: gaps.length,
        unsoldTokens: count,
        keyChangeTokensKept: kept,
        keyChangeTokensLoose: loose,
      },
    };
  }

  /** @returns how many lines were new @throws {BrokenChain} nothing from the broken line on is kept */
  private async readOn(reader: TokenLogReader): Promise<number> {
    const { lines, publicKey } = await reader.status();
    let known = await knownLog(this.database, reader.address, publicKey, this.now());
    if (known.publicKey !== publicKey) throw new BrokenChain('audit log: it is signed by another key than before');
    if (lines < known.head.line) {
      throw new BrokenChain(`audit log: ${known.head.line} lines were read before, and now it has ${lines}`);
    }
    const key = checkpointKey(publicKey);
    const from = known.head.line;
    // With the last known line: whether it is still the same tells whether the log is still the same.
    for await (const block of reader.read(Math.max(1, from))) {
      let { head } = known;
      const chained: ChainedLine[] = [];
      for (const text of block) {
        if (from > 0 && head.line === from && isLine(text, from)) {
          if (!text.endsWith(`"hash":"${head.hash}"}`)) {
            throw new BrokenChain(`audit log, line ${from}: is not the line that was read before`);
          }
          continue;
        }
        const { line, next } = followChain(head, text, key);
        chained.push(line);
        head = next;
      }
      if (chained.length === 0) continue;
      if (!(await storeLines(this.database, known, chained, head, this.now()))) return known.head.line - from;
      known = { ...known, head };
    }
    return known.head.line - from;
  }

  private async matchVends(upTo: Buffer): Promise<number> {
    const first = await firstLineAt(this.database);
    if (first === null) return 0;
    // What was sold before there was a log has no line, and is not looked for.
    let after = (await matchedTo(this.database)) ?? vendIdAt(first);
    let tokens = 0;
    for (;;) {
      const page = await matchPage(this.database, after, upTo, PAGE_VENDS, this.now());
      if (!page) return tokens;
      after = page.after;
      tokens += page.tokens;
    }
  }
}

function isLine(text: string, number: number): boolean {
  return text.startsWith(`{"n":${number},`);
}

/** The least id that a vend of an instant can have: ids begin with their milliseconds (UUIDv7). */
function vendIdAt(at: InstantMs): Buffer {
  const id = Buffer.alloc(16);
  id.writeUIntBE(Math.max(0, Math.floor(at)), 0, 6);
  return id;
}
