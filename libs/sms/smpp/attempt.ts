import type { SmsOutcome, SmsRefusalReason, SmsRetryReason } from '../sms-gateway';
import type { MessageProgress, PartProgress } from './message-memory';

/** Why a part was not taken in this attempt. */
export type PartFailure =
  | { readonly kind: 'refused'; readonly reason: SmsRefusalReason }
  | { readonly kind: 'retry-later'; readonly reason: SmsRetryReason };

/** One call's try at one message: its parts still to go, and what came of them. */
export class Attempt {
  /** Parts of this attempt whose end is not known. */
  private open = 0;
  private failure: PartFailure | undefined;

  constructor(
    readonly message: MessageProgress,
    readonly text: string,
    readonly deadlineMs: number,
    private readonly finish: (outcome: SmsOutcome) => void,
  ) {}

  /** Parts that this attempt is to send. */
  begin(parts: number): void {
    this.open = parts;
  }

  partDone(failure?: PartFailure): void {
    // A refusal is final for the whole message, whatever became of the other parts.
    if (failure && this.failure?.kind !== 'refused') this.failure = failure;
    if (--this.open > 0) return;
    this.end(this.failure);
  }

  /** Ends an attempt, also one that sent nothing. */
  end(failure: PartFailure | undefined): void {
    const { csmsId, parts, maybeDuplicate } = this.message;
    if (failure?.kind === 'refused') return this.finish({ csmsId, ...failure });
    if (failure) {
      const maybeAccepted = maybeDuplicate || parts.some(({ state }) => state === 'accepted');
      return this.finish({ csmsId, ...failure, maybeAccepted });
    }
    const referenceId = parts[0]?.messageId || null;
    this.finish({ csmsId, kind: 'accepted', referenceId, ...(maybeDuplicate && { maybeDuplicate }) });
  }
}

/** One part of an attempt, encoded when it is sent. */
export interface PartJob {
  readonly attempt: Attempt;
  /** From 0. */
  readonly index: number;
  readonly part: PartProgress;
  readonly text: string;
  readonly alphabet: 'gsm-7' | 'ucs-2';
}
