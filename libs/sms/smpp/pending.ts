import type { SmppClock } from './clock';

/** What became of a request. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly messageId: string; readonly late?: true }
  /** No answer in time. `done` may be called once more, with `late`, if it comes after all. */
  | { readonly kind: 'silent' }
  /** The connection went before the answer: the peer may have done it or not. */
  | { readonly kind: 'lost' };

type Done = (answer: Answer) => void;

/** Answers that came too late are worth something: they say that a message was taken, and under which id. */
const LATE_MAX = 1000;

/** The requests of one connection that wait for their answers, with one timer for all: their time is the same. */
export class PendingRequests {
  private readonly waiting = new Map<number, { readonly done: Done; readonly dueMs: number }>();
  private readonly overdue = new Map<number, Done>();
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly clock: SmppClock,
    private readonly timeoutMs: number,
  ) {}

  add(sequence: number, done: Done): void {
    this.waiting.set(sequence, { done, dueMs: this.clock.now() + this.timeoutMs });
    this.stopTimer ??= this.clock.after(this.timeoutMs, () => this.expire());
  }

  /** An answer to no request of ours is passed over. */
  answered(sequence: number, status: number, messageId: string): void {
    const request = this.waiting.get(sequence);
    if (request) {
      this.waiting.delete(sequence);
      request.done({ kind: 'answered', status, messageId });
      return;
    }
    const overdue = this.overdue.get(sequence);
    this.overdue.delete(sequence);
    overdue?.({ kind: 'answered', status, messageId, late: true });
  }

  /** The connection is gone. */
  lost(): void {
    this.stopTimer?.();
    this.stopTimer = () => undefined;
    const requests = [...this.waiting.values()];
    this.waiting.clear();
    for (const { done } of requests) done({ kind: 'lost' });
  }

  private expire(): void {
    this.stopTimer = undefined;
    const nowMs = this.clock.now();
    for (const [sequence, { done, dueMs }] of this.waiting) {
      if (dueMs > nowMs) {
        this.stopTimer = this.clock.after(dueMs - nowMs, () => this.expire());
        return;
      }
      this.waiting.delete(sequence);
      this.overdue.set(sequence, done);
      if (this.overdue.size > LATE_MAX) this.overdue.delete(this.overdue.keys().next().value!);
      done({ kind: 'silent' });
    }
  }
}
