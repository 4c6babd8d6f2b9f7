import type { Id, InstantMs, LocalDay } from '@vend/kernel';
import type { FileKind } from '@vend/tables';

export type StatementImportState = 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED';
/** What another file of the same provider and day does to those before it. */
export type ImportRule = 'add' | 'replace';

/** Who wants a file taken in. */
export interface StatementOrder {
  /** The business key. */
  readonly id: Id;
  readonly kind: 'statement' | 'bank';
  /** '' for a bank's list, which may be of several. */
  readonly provider: string;
  /** Of the statement; for a bank's list the day on which it was sent. */
  readonly day: LocalDay;
  readonly rule: ImportRule;
  readonly fileName: string;
  readonly fileKind: FileKind;
  /** `user:rahima`. */
  readonly by: string;
  readonly at: InstantMs;
}

/** An import as it stands. */
export interface StatementImport extends Omit<StatementOrder, 'by' | 'at'> {
  /** Short number of it, by which its rows name it. */
  readonly importNo: number;
  readonly state: StatementImportState;
  /** True while its rows count: it is done, and no later file has replaced it. */
  readonly countsNow: boolean;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly formatVersion: number | null;
  readonly by: string;
  readonly madeAt: InstantMs;
  readonly endedAt: InstantMs | null;
  readonly refusal: { readonly code: string; readonly facts: Readonly<Record<string, string | number>> } | null;
  readonly rows: number;
  readonly stored: number;
  /** Credits that an earlier list had. */
  readonly known: number;
  readonly rejected: number;
  readonly totalBytes: number;
  readonly doneBytes: number;
  readonly lastLine: number;
}
