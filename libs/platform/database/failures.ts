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
