import type { AuditLine, JournalRecord, RecordFields } from '@vend/keystore';
import type { InstantMs } from '@vend/kernel';
import type { WireTokenError } from '../wire/answers';

/** What became of a request that was really worked on: an answer with its line, or a refusal, perhaps with one. */
export type Made =
  | { readonly line: RecordFields; readonly answer: Uint8Array }
  | { readonly refusal: WireTokenError; readonly line?: RecordFields };

/** What a caller gets for its request id. */
export type Issued =
  | { readonly kind: 'answer'; readonly answer: Uint8Array; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly refusal: WireTokenError }
  | { readonly kind: 'conflict' };

/**
 * What this process needs of the journal (`TokenJournal` of @vend/keystore): each request id is worked on once, its line
 * is on the disk before its answer is given, and the answer is kept.
 */
export interface Journal {
  /** @throws {DomainError} `journal-unavailable`: nothing was answered; a repeat with the same ids is right */
  issueOnce(
    caller: string,
    asks: readonly { readonly requestId: string; readonly content: string }[],
    make: (fresh: readonly number[]) => Promise<Made[]>,
  ): Promise<Issued[]>;
  /** Only what is on the disk. */
  lookup(caller: string, requestId: string): { readonly content: string; readonly answer: Uint8Array } | undefined;
  append(records: readonly JournalRecord[]): Promise<void>;
  status(): {
    readonly lines: number;
    readonly head: string;
    readonly publicKey: string;
    readonly available: boolean;
  };
  /** Blocks of whole lines without their ends. */
  read(fromLine: number, limit?: number): AsyncIterable<readonly string[]>;
  entriesSince(since: InstantMs): AsyncIterable<AuditLine>;
}
