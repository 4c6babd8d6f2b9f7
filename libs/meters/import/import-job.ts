import type { Id, InstantMs } from '@vend/kernel';
import type { FileKind } from '@vend/tables';
import type { RowCounts } from './import-run';

/** How an import goes on: QUEUED, RUNNING (also after a kill, until somebody takes it up), then one of the others. */
export type ImportState = 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED';

/** Who wants a file imported. */
export interface ImportOrder {
  /** The business key: the same with the same file is the same import. */
  readonly id: Id;
  readonly fileName: string;
  readonly kind: FileKind;
  /** `user:rahima`, `cli:import-meters`. */
  readonly by: string;
  readonly at: InstantMs;
}

/** An import as it stands. */
export interface ImportJob {
  readonly id: Id;
  readonly state: ImportState;
  readonly fileName: string;
  readonly kind: FileKind;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly by: string;
  readonly madeAt: InstantMs;
  readonly endedAt: InstantMs | null;
  /** Why it FAILED. */
  readonly refusal: { readonly code: string; readonly facts: Readonly<Record<string, string | number>> } | null;
  readonly counts: RowCounts;
  readonly faults: number;
  readonly totalBytes: number;
  readonly doneBytes: number;
  /** The last line whose outcome is stored. */
  readonly lastLine: number;
  /** Time that was worked on it. */
  readonly busyMs: number;
}

/** How fast it goes, and how long it may still take. */
export interface Pace {
  /** 0 to 100, whole. */
  readonly percent: number;
  readonly rowsPerSecond: number;
  /** null: it has not begun, or has ended. */
  readonly secondsLeft: number | null;
}

/** @example paceOf(job).secondsLeft // 84 */
export function paceOf(job: Pick<ImportJob, 'state' | 'counts' | 'totalBytes' | 'doneBytes' | 'busyMs'>): Pace {
  const { state, counts, totalBytes, doneBytes, busyMs } = job;
  const part = state === 'DONE' ? 1 : totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes);
  const running = (state === 'RUNNING' || state === 'QUEUED') && doneBytes > 0 && busyMs > 0;
  return {
    percent: Math.floor(part * 100),
    rowsPerSecond: busyMs === 0 ? 0 : Math.round((counts.rows * 1_000) / busyMs),
    secondsLeft: running ? Math.round((busyMs * (1 - part)) / part / 1_000) : null,
  };
}
