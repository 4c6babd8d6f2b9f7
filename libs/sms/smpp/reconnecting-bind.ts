import type { SmppClock } from './clock';
import type { SmppLinkSettings } from './link-options';
import type { Answer } from './pending';
import type { MessageBody } from './pdu';
import { SmppSession, type IncomingMessage, type LostReason } from './session';
import { STATUS } from './status';

export interface BindEvents {
  readonly onBound: () => void;
  readonly onRoom: () => void;
  readonly onLost: (why: LostReason, nextTryMs: number | undefined) => void;
  readonly onIncoming: (message: IncomingMessage) => Promise<void>;
}

/**
 * One connection of a link, opened again whenever it is lost. The wait doubles from try to try and is drawn from its
 * upper half at random, so that many clients do not all come back at once; it starts afresh when a message was taken.
 */
export class ReconnectingBind {
  private session: SmppSession | undefined;
  private isBound = false;
  private failures = 0;
  private closing = false;
  private stopTimer: () => void = () => undefined;
  private onClosed: () => void = () => undefined;

  constructor(
    private readonly settings: SmppLinkSettings,
    private readonly clock: SmppClock,
    private readonly random: () => number,
    private readonly events: BindEvents,
  ) {
    this.open();
  }

  get bound(): boolean {
    return this.isBound;
  }

  get room(): number {
    return this.isBound ? this.session!.room : 0;
  }

  submit(body: MessageBody, done: (answer: Answer) => void): void {
    this.session!.submit(body, (answer) => {
      if (answer.kind === 'answered' && answer.status === STATUS.ok) this.failures = 0;
      done(answer);
    });
  }

  /** Resolves when what was on its way is answered or given up, and the connection is gone. */
  close(): Promise<void> {
    this.closing = true;
    this.stopTimer();
    if (!this.session) return Promise.resolve();
    const closed = new Promise<void>((resolve) => (this.onClosed = resolve));
    this.session.close();
    return closed;
  }

  private open(): void {
    const { events } = this;
    const onLost = (why: LostReason): void => this.lost(why);
    const onBound = (): void => {
      this.isBound = true;
      events.onBound();
    };
    const { onRoom, onIncoming } = events;
    this.session = SmppSession.open(this.settings, this.clock, { onIncoming, onRoom, onLost }, onBound);
  }

  private lost(why: LostReason): void {
    this.isBound = false;
    this.session = undefined;
    if (this.closing) {
      this.events.onLost(why, undefined);
      this.onClosed();
      return;
    }
    const { reconnectMinMs, reconnectMaxMs } = this.settings;
    const grown = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(this.failures++, 20));
    // A wrong password does not become right by asking often, and locks the account.
    const waitMs = (why === 'credentials-refused' ? reconnectMaxMs : grown) * (0.5 + this.random() / 2);
    this.stopTimer = this.clock.after(waitMs, () => this.open());
    this.events.onLost(why, waitMs);
  }
}
