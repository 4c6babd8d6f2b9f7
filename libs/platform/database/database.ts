import type { DataSource, QueryRunner } from 'typeorm';

/** A row as the driver gives it: BIGINT as string, BINARY as Buffer, DATETIME as Date. */
export type Row = Record<string, unknown>;

export interface WriteResult {
  readonly affectedRows: number;
}

/**
 * An open transaction. It is the first, required argument of everything that writes, so that no write can
 * happen outside one by mistake (STYLE.md, house rule 5).
 */
export interface Tx {
  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  write(sql: string, parameters?: readonly unknown[]): Promise<WriteResult>;
}

/** COMMIT was sent and its answer never came: the work is durable or it is not. Look the business key up, never guess. */
export class CommitOutcomeUnknown extends Error {
  override readonly name = 'CommitOutcomeUnknown';
}

/** 1213 deadlock, 1205 lock wait, 1020 record changed, 1047 node not ready: the server has rolled back already. */
const RETRYABLE = new Set([1213, 1205, 1020, 1047]);

/** The server's error number, wherever the driver or TypeORM put it. */
export function errorNumber(error: unknown): number | undefined {
  for (let e = error as { errno?: unknown; driverError?: unknown; cause?: unknown } | undefined; e;) {
    if (typeof e.errno === 'number') return e.errno;
    e = (e.driverError ?? e.cause) as typeof e;
  }
  return undefined;
}

/** True when the same work may succeed from a fresh BEGIN. */
export function isTransient(error: unknown): boolean {
  return RETRYABLE.has(errorNumber(error) ?? 0);
}

/** True for ER_DUP_ENTRY: a unique key caught a race. */
export function isDuplicate(error: unknown): boolean {
  return errorNumber(error) === 1062;
}

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_QUERY_INTERRUPTED',
  'ER_CONNECTION_KILLED',
]);

/** True when the database could not be reached, or went away before COMMIT: what was begun is rolled back. */
export function isConnectionLost(error: unknown): boolean {
  for (let e = error as { code?: unknown; driverError?: unknown; cause?: unknown } | undefined; e; ) {
    if (typeof e.code === 'string' && CONNECTION_CODES.has(e.code)) return true;
    e = (e.driverError ?? e.cause) as typeof e;
  }
  // mysql2 has no code for these two.
  return error instanceof Error && /Queue limit reached|connection is in closed state/.test(error.message);
}

export interface RetryCounter {
  retried(errno: number): void;
}

/** Doors to the database: reads on their own, and transactions that retry only from a fresh BEGIN. */
export class Database {
  constructor(
    readonly dataSource: DataSource,
    private readonly counter: RetryCounter = { retried: () => undefined },
  ) {}

  /** A read outside any transaction: a snapshot of now, on any pooled connection. */
  async read<R extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return this.dataSource.query<R[]>(sql, parameters as unknown[]);
  }

  /**
   * Runs the work in one transaction. A transient refusal of the database (deadlock, lock wait) runs the whole
   * work again from a fresh BEGIN, at most `attempts` times: the server has rolled back what came before, so
   * re-running single statements would commit half of it.
   *
   * @throws {CommitOutcomeUnknown} when the connection died on COMMIT
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, attempts = 4): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt >= attempts || !isTransient(error)) throw error;
        this.counter.retried(errorNumber(error)!);
      }
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
      await runner.query('START TRANSACTION');
      let result: T;
      try {
        result = await work(transactionOn(runner));
      } catch (error) {
        // The connection may be the very thing that failed: its ROLLBACK must not hide the first error.
        await runner.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
      try {
        await runner.query('COMMIT');
      } catch (error) {
        if (isTransient(error)) throw error;
        throw new CommitOutcomeUnknown('no answer to COMMIT', { cause: error });
      }
      return result;
    } finally {
      await runner.release();
    }
  }
}

function transactionOn(runner: QueryRunner): Tx {
  return {
    query: <R extends Row>(sql: string, parameters: readonly unknown[] = []) =>
      runner.query(sql, parameters as unknown[]) as Promise<R[]>,
    write: async (sql, parameters = []) => (await runner.query(sql, parameters as unknown[])) as unknown as WriteResult,
  };
}
