import type { SmsOutcome } from '../sms-gateway';

/** Which gateway has, or may have, a message. */
export interface Sent {
  readonly gateway: string;
  /** Since when it is with this one. */
  readonly sinceMs: number;
  readonly taken: boolean;
}

/** Which gateway knows which message: its repeat is recognised there and nowhere else. The oldest are forgotten first. */
export class SentMemory {
  private readonly sent = new Map<string, Sent>();

  constructor(private readonly max: number) {}

  find(csmsId: string): Sent | undefined {
    return this.sent.get(csmsId);
  }

  note(outcome: SmsOutcome, gateway: string, nowMs: number): void {
    const { csmsId } = outcome;
    const taken = outcome.kind === 'accepted' || outcome.kind === 'duplicate';
    if (!taken && !(outcome.kind === 'retry-later' && outcome.maybeAccepted)) return;
    const known = this.sent.get(csmsId);
    const sinceMs = known?.gateway === gateway ? known.sinceMs : nowMs;
    this.sent.delete(csmsId);
    this.sent.set(csmsId, { gateway, sinceMs, taken });
    if (this.sent.size > this.max) this.sent.delete(this.sent.keys().next().value!);
  }
}
