import type { Text } from '../../shared/words';

/** An import as the server tells of it; test/unit/pages-answers.spec.ts holds the API's type against this. */
export interface Import {
  readonly id: string;
  readonly state: 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED';
  readonly fileName: string;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly faults: number;
  readonly percent: number;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number | null;
  /** With FAILED: why the whole file was refused. */
  readonly refusal: Text | null;
}
