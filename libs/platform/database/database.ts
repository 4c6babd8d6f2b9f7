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

/**
 * Errors in which the server quotes names of tables, columns and constraints alone; in any other it may quote a
 * value. 1044, 1045, 1142, 1143, 1227: rights; 1049, 1054, 1146: unknown names; 1451, 1452, 4025: constraints.
 */
const QUOTES_NAMES_ONLY = new Set([1044, 1045, 1049, 1054, 1142, 1143, 1146, 1227, 1451, 1452, 4025]);

/**
 * A statement that the server or the connection refused, without the values that were in it. The driver's own
 * error carries the statement as sent, tokens and phone numbers included, and must never reach a log.
 */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';
  /** The server's error number, if the server spoke. */
  readonly errno: number | undefined;
  /** The driver's symbol: ER_DUP_ENTRY, PROTOCOL_CONNECTION_LOST, ECONNREFUSED … */
  readonly code: string | undefined;

  constructor(
    error: unknown,
    /** The statement with its question marks, before any value was put in. */
    readonly statement: string,
  ) {
    const { errno, code, text } = describe(error);
    const shown = QUOTES_NAMES_ONLY.has(errno ?? 0) ? text : text.replace(/'(?!(uq|fk|ck|ix)_)[^']*'/g, "'?'");
    super(`${code ?? 'database failure'}: ${shown}`);
    this.errno = errno;
    this.code = code;
  }
}

function describe(error: unknown): { errno?: number; code?: string; text: string } {
  const seen: { errno?: unknown; code?: unknown; sqlMessage?: unknown; message?: unknown }[] = [];
  for (let e = error as Record<string, unknown> | undefined; e && seen.length < 5;) {
    seen.push(e);
    e = (e['driverError'] ?? e['cause']) as typeof e;
  }
  const first = <T>(pick: (e: (typeof seen)[number]) => unknown, is: string) =>
    seen.map(pick).find((value) => typeof value === is) as T | undefined;
  return {
    errno: first<number>((e) => e.errno, 'number'),
    code: first<string>((e) => e.code, 'string'),
    text: first<string>((e) => e.sqlMessage, 'string') ?? first<string>((e) => e.message, 'string') ?? '',
  };
}

/** COMMIT was sent and its answer never came: the work is durable or it is not. Look the business key up, never guess. */
export class CommitOutcomeUnknown extends Error {
  override readonly name = 'CommitOutcomeUnknown';
}

/** 1213 deadlock, 1205 lock wait, 1020 record changed, 1047 node not ready: the server has rolled back already. */
const RETRYABLE = new Set([1213, 1205, 1020, 1047]);

/** The server's error number, if it is the database that failed. */
export function errorNumber(error: unknown): number | undefined {
  return error instanceof DatabaseFailure ? error.errno : undefined;
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
  if (!(error instanceof DatabaseFailure)) return false;
  // mysql2 has no code for the last two.
  return CONNECTION_CODES.has(error.code ?? '') || /Queue limit reached|in closed state/.test(error.message);
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
    try {
      return await this.dataSource.query<R[]>(sql, parameters as unknown[]);
    } catch (error) {
      throw new DatabaseFailure(error, sql);
    }
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
      await connect(runner);
      const tx = transactionOn(runner);
      await tx.query('START TRANSACTION');
      let result: T;
      try {
        result = await work(tx);
      } catch (error) {
        // The connection may be the very thing that failed: its ROLLBACK must not hide the first error.
        await tx.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
      try {
        await tx.query('COMMIT');
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

async function connect(runner: QueryRunner): Promise<void> {
  try {
    await runner.connect();
  } catch (error) {
    throw new DatabaseFailure(error, 'connect');
  }
}

function transactionOn(runner: QueryRunner): Tx {
  const run = async (sql: string, parameters: readonly unknown[] = []): Promise<unknown> => {
    try {
      return await runner.query(sql, parameters as unknown[]);
    } catch (error) {
      throw new DatabaseFailure(error, sql);
    }
  };
  return {
    query: <R extends Row>(sql: string, parameters?: readonly unknown[]) => run(sql, parameters) as Promise<R[]>,
    write: (sql, parameters) => run(sql, parameters) as Promise<WriteResult>,
  };
}
