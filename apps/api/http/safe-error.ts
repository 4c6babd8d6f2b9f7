/** An error as a log may have it. */
export interface SafeError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: SafeError;
}

/**
 * Keeps what tells where and why, and drops the rest: TypeORM hangs the statement's parameters on its errors, and
 * those hold names, digits and bodies.
 */
export function safeError(thrown: unknown, depth = 3): SafeError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: 'not an Error' };
  const { cause, code } = thrown as { cause?: unknown; code?: unknown };
  return {
    type: thrown.constructor.name,
    message: thrown.message,
    code,
    stack: thrown.stack,
    cause: cause !== undefined && depth > 0 ? safeError(cause, depth - 1) : undefined,
  };
}
