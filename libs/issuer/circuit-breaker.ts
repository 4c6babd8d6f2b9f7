/** When the breaker opens and for how long. */
export interface BreakerRules {
  /** How long calls are refused at once after it has opened. */
  readonly openMs: number;
  /** Deadlines missed in a row that open it; a lost connection opens it by itself. */
  readonly missedDeadlines: number;
  /** A rising clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Spares callers the wait for a server that has just been seen to be away: a recharge holds row locks while
 * it waits. Closed: calls pass. Open: refused at once. After `openMs` one call, the probe, passes; its
 * outcome closes or reopens.
 *
 * @example if (!breaker.admits()) throw new TokenServerUnavailable(); … breaker.succeeded();
 */
export class CircuitBreaker {
  private openUntilMs: number | null = null;
  private probing = false;
  private missed = 0;

  constructor(private readonly rules: BreakerRules) {}

  /** True when a call may go out now; the caller then owes exactly one of the three reports below. */
  admits(): boolean {
    if (this.openUntilMs === null) return true;
    if (this.probing || this.rules.now() < this.openUntilMs) return false;
    this.probing = true;
    return true;
  }

  succeeded(): void {
    this.openUntilMs = null;
    this.probing = false;
    this.missed = 0;
  }

  connectionFailed(): void {
    this.open();
  }

  deadlineMissed(): void {
    this.missed += 1;
    if (this.probing || this.missed >= this.rules.missedDeadlines) this.open();
  }

  private open(): void {
    this.openUntilMs = this.rules.now() + this.rules.openMs;
    this.probing = false;
    this.missed = 0;
  }
}
