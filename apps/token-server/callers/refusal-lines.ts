import type { InstantMs } from '@vend/kernel';

const WINDOW_MS = 60_000;

/**
 * Holds back a flood of refusals in the audit log: a caller that has lost its mind, or was taken over, must not fill the
 * disk with what it did not get. The first lines of a minute are written; what was left out is counted in the next one.
 *
 * @example const detail = lines.admit('api', Date.now()); if (detail) write({ kind: 'refusal', detail });
 */
export class RefusalLines {
  private readonly callers = new Map<string, { windowFrom: InstantMs; written: number; leftOut: number }>();

  constructor(private readonly perMinute = 120) {}

  /** Null: leave this line out. Otherwise what the line should say besides. */
  admit(caller: string, now: InstantMs): { leftOut?: number } | null {
    let state = this.callers.get(caller);
    if (!state || now - state.windowFrom >= WINDOW_MS || now < state.windowFrom) {
      state = { windowFrom: now, written: 0, leftOut: state?.leftOut ?? 0 };
      this.callers.set(caller, state);
    }
    if (state.written >= this.perMinute) {
      state.leftOut += 1;
      return null;
    }
    state.written += 1;
    const { leftOut } = state;
    state.leftOut = 0;
    return leftOut > 0 ? { leftOut } : {};
  }
}
