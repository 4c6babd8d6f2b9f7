/**
 * An expected refusal: something a caller did or met that the system answers on purpose.
 * It carries a stable machine code; every room lists its codes in a closed table, so that a new
 * code without an HTTP status or a Bangla sentence does not compile.
 *
 * @example throw new DomainError('meter-not-found', { reference: 'not shown' });
 */
export class DomainError<Code extends string = string> extends Error {
  override readonly name = 'DomainError';

  /**
   * @param code stable, kebab-case; part of the API
   * @param facts safe to show to the caller and to log: never a token, key, PIN, password or phone number
   */
  constructor(
    readonly code: Code,
    readonly facts: Readonly<Record<string, string | number | boolean>> = {},
    options?: { cause?: unknown },
  ) {
    super(code, options);
  }
}

/**
 * Tells a refusal from an accident.
 *
 * @example if (!isDomainError(error)) throw error;
 */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/** What the edge needs to know to answer a refusal in the caller's dialect. */
export interface ErrorDescription {
  /** HTTP status the problem answer carries. */
  readonly status: number;
  /** One English sentence: what happened, whether money moved, what to do next. */
  readonly en: string;
  /** The same in Bangla. */
  readonly bn: string;
  /** True when the same request, with the same key, may succeed later. */
  readonly retryable: boolean;
}

/** A total table of a room's error codes. */
export type ErrorTable<Code extends string> = Readonly<Record<Code, ErrorDescription>>;
