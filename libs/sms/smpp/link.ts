import type { SmppClock } from './clock';
import { addressType, relativeTime, type SmppLinkSettings } from './link-options';
import type { Answer } from './pending';
import type { MessageBody } from './pdu';
import { ReconnectingBind } from './reconnecting-bind';
import type { IncomingMessage, LostReason } from './session';
import { STATUS, submitVerdict } from './status';
import type { UserData } from './user-data';

export interface LinkEvents {
  /** The link can take something that it could not take before. */
  readonly onRoom: () => void;
  readonly onIncoming: (message: IncomingMessage) => Promise<void>;
  readonly onChange: (change: LinkChange) => void;
}

/** What happened to a link: for logs and figures. Holds no secret and no message. */
export type LinkChange =
  | { readonly link: string; readonly change: 'bound' }
  | { readonly link: string; readonly change: 'lost'; readonly why: LostReason; readonly nextTryMs: number | undefined }
  | { readonly link: string; readonly change: 'throttled'; readonly status: number; readonly pauseMs: number };

/** A tenth of a second's worth may leave in one go. */
const BURSTS_A_SECOND = 10;

/** The connections of one account, and its pace: "slow down" is said to the account, not to a connection. */
export class SmppLink {
  private readonly binds: ReconnectingBind[];
  private readonly body: Omit<MessageBody, 'destination' | keyof UserData>;
  private turn = 0;
  private pauseMs = 0;
  private pausedSinceMs = -Infinity;
  private pausedUntilMs = -Infinity;
  /** When the account's allowance will be whole again. */
  private paidUntilMs = -Infinity;
  private stopTimer: (() => void) | undefined;
  private closing = false;

  constructor(
    readonly settings: SmppLinkSettings,
    private readonly clock: SmppClock,
    private readonly random: () => number,
    private readonly events: LinkEvents,
  ) {
    this.body = fixedFields(settings);
    const { name: link } = settings;
    this.binds = Array.from(
      { length: settings.binds },
      () =>
        new ReconnectingBind(settings, clock, random, {
          onBound: () => {
            this.events.onChange({ link, change: 'bound' });
            this.events.onRoom();
          },
          onRoom: () => this.events.onRoom(),
          onLost: (why, nextTryMs) => this.events.onChange({ link, change: 'lost', why, nextTryMs }),
          onIncoming: (message) => this.events.onIncoming(message),
        }),
    );
  }

  /** Connections that are bound now. */
  get bound(): number {
    return this.binds.filter((bind) => bind.bound).length;
  }

  /** True when messages may be given to this link now, though its window may be full for the moment. */
  get open(): boolean {
    return (
      !this.closing && this.settings.bindAs !== 'receiver' && !this.paused && this.binds.some((bind) => bind.bound)
    );
  }

  get paused(): boolean {
    return this.clock.now() < this.pausedUntilMs;
  }

  /** True when one submit would leave at once. */
  hasRoom(): boolean {
    return this.open && this.binds.some((bind) => bind.room > 0) && this.allowed();
  }

  /** Sends one part; the caller has seen `hasRoom`. `done` is called with the answer, and perhaps again with a late one. */
  submit(destination: string, data: UserData, done: (answer: Answer) => void): void {
    const sentMs = this.clock.now();
    this.spend(sentMs);
    this.pickBind().submit({ ...this.body, ...data, destination }, (answer) => {
      if (answer.kind === 'answered') this.keepPace(answer.status, sentMs);
      done(answer);
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    this.stopTimer?.();
    await Promise.all(this.binds.map((bind) => bind.close()));
  }

  /** The connections take turns. */
  private pickBind(): ReconnectingBind {
    for (let tries = 0; tries < this.binds.length; tries++) {
      const bind = this.binds[this.turn++ % this.binds.length]!;
      if (bind.room > 0) return bind;
    }
    throw new Error('a submit without room');
  }

  private keepPace(status: number, sentMs: number): void {
    const nowMs = this.clock.now();
    if (status === STATUS.ok) {
      // Going well again for as long as the last pause was: the next one starts small.
      if (this.pauseMs > 0 && nowMs - this.pausedUntilMs > this.pauseMs) this.pauseMs = 0;
      return;
    }
    if (submitVerdict(status).kind !== 'slow-down') return;
    // The rest of a window that was sent before the pause says nothing new.
    if (sentMs < this.pausedSinceMs || this.paused) return;
    const { throttleMinMs, throttleMaxMs, name: link } = this.settings;
    this.pauseMs = Math.min(throttleMaxMs, Math.max(throttleMinMs, this.pauseMs * 2));
    const pauseMs = this.pauseMs * (1 + this.random() / 4);
    this.pausedSinceMs = nowMs;
    this.pausedUntilMs = nowMs + pauseMs;
    this.events.onChange({ link, change: 'throttled', status, pauseMs });
    this.wakeIn(pauseMs);
  }

  private allowed(): boolean {
    const { maxPerSecond } = this.settings;
    if (maxPerSecond === undefined) return true;
    const tooEarlyMs = this.paidUntilMs - 1000 / BURSTS_A_SECOND - this.clock.now();
    if (tooEarlyMs <= 0) return true;
    if (!this.stopTimer) this.wakeIn(tooEarlyMs);
    return false;
  }

  private spend(nowMs: number): void {
    const { maxPerSecond } = this.settings;
    if (maxPerSecond !== undefined) this.paidUntilMs = Math.max(this.paidUntilMs, nowMs) + 1000 / maxPerSecond;
  }

  private wakeIn(delayMs: number): void {
    if (this.closing) return;
    this.stopTimer?.();
    this.stopTimer = this.clock.after(Math.ceil(delayMs), () => {
      this.stopTimer = undefined;
      // A timer may run a moment early by this clock.
      if (this.paused) this.wakeIn(this.pausedUntilMs - this.clock.now());
      else this.events.onRoom();
    });
  }
}

function fixedFields(settings: SmppLinkSettings): Omit<MessageBody, 'destination' | keyof UserData> {
  const from = addressType(settings.source);
  return {
    serviceType: '',
    sourceTon: from.ton,
    sourceNpi: from.npi,
    source: settings.source,
    destinationTon: 1,
    destinationNpi: 1,
    protocolId: 0,
    priority: 0,
    scheduleAt: '',
    validity: settings.validityS === undefined ? '' : relativeTime(settings.validityS),
    registeredDelivery: 1,
    replaceIfPresent: 0,
    defaultMessageId: 0,
  };
}
