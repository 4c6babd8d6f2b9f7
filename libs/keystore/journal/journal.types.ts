import type { InstantMs } from '@vend/kernel';

/** What a line tells of. The last five are the journal's own. */
export type LineKind =
  | 'credit'
  | 'management'
  | 'key-change'
  | 'key-operation'
  | 'refusal'
  | 'journal-opened'
  | 'journal-recovered'
  | 'journal-closed'
  | 'results-lost'
  | 'checkpoint';

/** Safe to print for ever: never a token, a key, a PIN or a phone number. */
export type LineDetail = Readonly<Record<string, string | number | boolean>>;

/** What a line says besides who asked and when. */
export interface RecordFields {
  readonly kind: LineKind;
  /** MeterPAN, 18 digits. */
  readonly pan?: string;
  readonly subclass?: number;
  /** In the unit of the token's subclass. */
  readonly units?: bigint | number | string;
  readonly sgc?: string;
  readonly krn?: number;
  readonly tid?: number;
  /** One for each token made, by `tokenFingerprint`; such a line must have an answer that is kept. */
  readonly fingerprints?: readonly string[];
  /** `issued`, `done`, or the code of a refusal. */
  readonly outcome: string;
  readonly detail?: LineDetail;
}

/** A line to be written. */
export interface JournalRecord extends RecordFields {
  /** Who asked: the common name of its certificate; an operator's name in a ceremony. */
  readonly caller: string;
  readonly requestId: string;
}

/** A line as it is read back. */
export interface AuditLine extends Omit<JournalRecord, 'units'> {
  /** Counts from 1. */
  readonly number: number;
  readonly at: InstantMs;
  readonly units?: string;
  /** Hash of the line before, 64 hexadecimal digits. */
  readonly previousHash: string;
  /** Hash of this line. */
  readonly hash: string;
}

/** What was answered to a request id, and to which request. */
export interface StoredResult {
  /** Canonical text of the request; equal only for the same request. */
  readonly content: string;
  readonly answer: Uint8Array;
}

/** The end of the chain. */
export interface Head {
  /** Number of the last line; 0 before the first. */
  readonly number: number;
  readonly hash: string;
}

/** The hash before the first line. */
export const NO_HASH = '0'.repeat(64);
