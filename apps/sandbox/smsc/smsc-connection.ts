import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Outlet, SmscMailbox } from './smsc-mailbox';
import type { FaultShare, SmscFaults } from './smsc-settings';
import {
  ANSWER,
  CODE,
  OP,
  readBind,
  readSubmit,
  takeFrames,
  text,
  WireError,
  writeDelivery,
  writeFrame,
} from './smsc-wire';
import type { Delivery, Frame, SubmittedPart } from './smsc-wire';

const BINDS: Readonly<Record<number, 'receiver' | 'transmitter' | 'transceiver'>> = {
  [OP.bindReceiver]: 'receiver',
  [OP.bindTransmitter]: 'transmitter',
  [OP.bindTransceiver]: 'transceiver',
};

export type SmscCount = 'taken' | 'throttled' | 'refused' | 'unreadable' | 'unknown' | 'acknowledged';

/** The centre behind the connections. */
export interface SmscHost {
  readonly faults: SmscFaults;
  /** Why this bind is refused, as a command_status; 0 when it is not. */
  bindFault(systemId: string, password: string): number;
  bound(connection: SmscConnection): void;
  left(connection: SmscConnection, unacknowledged: Iterable<Delivery>): void;
  mailboxOf(systemId: string): SmscMailbox;
  /** True when the fault of this share happens now. */
  hits(name: FaultShare): boolean;
  /** Counts a submit against the second's allowance. */
  tooFast(): boolean;
  /** Takes a part for good, answers with its id, and sends its receipt before, after, twice or never. */
  take(systemId: string, part: SubmittedPart, answer: (messageId: string) => void): Promise<void>;
  count(what: SmscCount): void;
  record(way: 'in' | 'out', octets: Buffer): void;
}

/** One ESME's connection, and the faults that happen on it. */
export class SmscConnection implements Outlet {
  systemId: string | undefined;
  as: 'receiver' | 'transmitter' | 'transceiver' | undefined;
  private arrived: Buffer = Buffer.alloc(0);
  private sequence = 0;
  private readonly unacknowledged = new Map<number, Delivery>();
  /** Answers that wait for their latency, the first due first. */
  private readonly delayed: { readonly dueMs: number; readonly answer: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private unanswered = 0;
  private gone = false;
  private torn: Promise<void> = Promise.resolve();
  private corked = false;

  constructor(
    private readonly center: SmscHost,
    private readonly socket: Socket,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.end());
  }

  drop(): void {
    this.socket.destroy();
    this.end();
  }

  deliver(delivery: Delivery): void {
    const sequence = ++this.sequence;
    this.unacknowledged.set(sequence, delivery);
    this.write(writeDelivery(sequence, delivery));
  }

  private end(): void {
    if (this.gone) return;
    this.gone = true;
    clearTimeout(this.timer);
    this.center.left(this, this.unacknowledged.values());
  }

  private read(chunk: Buffer): void {
    try {
      const { frames, rest } = takeFrames(this.arrived.length === 0 ? chunk : Buffer.concat([this.arrived, chunk]));
      this.arrived = rest;
      for (const frame of frames) {
        if (this.gone) return;
        this.center.record('in', frame.raw);
        this.handle(frame);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.center.count('unreadable');
      this.write(writeFrame(OP.genericNack, CODE.badLength, 0));
      this.socket.end();
      this.end();
    }
  }

  private handle(frame: Frame): void {
    const { op, sequence } = frame;
    if (BINDS[op]) return this.bind(frame);
    switch (op) {
      case OP.submit:
        return this.submit(frame);
      case OP.enquireLink:
        if (this.center.faults.enquireLink === 'answered') this.answer(op, CODE.ok, sequence);
        return;
      case OP.unbind:
        this.answer(op, CODE.ok, sequence);
        this.socket.end();
        return;
      case (OP.deliver | ANSWER) >>> 0:
        return this.acknowledged(frame);
      case OP.genericNack:
      case (OP.enquireLink | ANSWER) >>> 0:
      case (OP.unbind | ANSWER) >>> 0:
        return;
      default:
        this.center.count('unknown');
        this.write(writeFrame(OP.genericNack, CODE.badCommand, sequence));
    }
  }

  private bind({ op, sequence, body }: Frame): void {
    if (this.as) return this.answer(op, CODE.alreadyBound, sequence);
    const { systemId, password } = readBind(body);
    const fault = this.center.bindFault(systemId, password);
    if (fault) {
      this.answer(op, fault, sequence);
      this.socket.end();
      return;
    }
    this.systemId = systemId;
    this.as = BINDS[op];
    this.answer(op, CODE.ok, sequence, text('SANDBOX'));
    this.center.bound(this);
  }

  private submit({ sequence, body }: Frame): void {
    if (this.as !== 'transmitter' && this.as !== 'transceiver') return this.refuse(CODE.notBound, sequence);
    const part = readSubmit(body);
    const { center } = this;
    const { faults } = center;
    if (center.hits('dropBefore')) return this.drop();
    this.unanswered++;
    if (faults.windowMax !== null && this.unanswered > faults.windowMax) return this.refuse(CODE.queueFull, sequence);
    if (center.tooFast()) return this.refuse(CODE.throttled, sequence);
    if (center.hits('queueFull')) return this.refuse(CODE.queueFull, sequence);
    if (!/^\d{3,15}$/.test(part.destination)) return this.refuse(CODE.badDestination, sequence);
    const answer = (messageId: string): void => this.afterLatency(() => this.taken(sequence, messageId));
    // What cannot be kept is not answered: the ESME must not believe that it was.
    center.take(this.systemId!, part, answer).catch(() => this.drop());
  }

  /** The submit is in its phone for good: answer it, unless a fault of the moment says otherwise. */
  private taken(sequence: number, messageId: string): void {
    const { center } = this;
    this.unanswered--;
    if (center.hits('dropAfter')) return this.drop();
    if (!center.hits('silent')) this.answer(OP.submit, CODE.ok, sequence, text(messageId));
    if (center.hits('garbage')) this.write(Buffer.from('\x00\x00\x00\x05HTTP/1.1 400 Bad Request\r\n\r\n', 'latin1'));
    if (center.hits('oversized')) this.write(Buffer.from('7fffffff80000004000000000000000141', 'hex'));
    if (center.hits('unknownCommand')) this.write(writeFrame(0x0111, 0, 77));
  }

  private refuse(status: number, sequence: number): void {
    this.center.count(status === CODE.throttled || status === CODE.queueFull ? 'throttled' : 'refused');
    this.afterLatency(() => {
      this.unanswered--;
      // Kannel and others read a message_id even here (CHANNELS.md S4).
      this.answer(OP.submit, status, sequence, text(''));
    });
  }

  private acknowledged({ status, sequence }: Frame): void {
    const delivery = this.unacknowledged.get(sequence);
    if (!delivery) return;
    this.unacknowledged.delete(sequence);
    if (status === CODE.ok) this.center.count('acknowledged');
    else this.center.mailboxOf(this.systemId!).redeliver(delivery);
  }

  private answer(op: number, status: number, sequence: number, ...body: Buffer[]): void {
    this.write(writeFrame(op | ANSWER, status, sequence, ...body));
  }

  /** All answers wait equally long, so the first to wait is the first to go: one timer for all. */
  private afterLatency(answer: () => void): void {
    const { latencyMs } = this.center.faults;
    if (latencyMs === 0) return answer();
    this.delayed.push({ dueMs: performance.now() + latencyMs, answer });
    this.timer ??= setTimeout(() => this.release(), latencyMs);
  }

  private release(): void {
    const nowMs = performance.now();
    let count = 0;
    while (count < this.delayed.length && this.delayed[count]!.dueMs <= nowMs + 0.5) count++;
    const due = this.delayed.splice(0, count);
    const next = this.delayed[0];
    this.timer = next && setTimeout(() => this.release(), Math.max(1, next.dueMs - nowMs));
    for (const { answer } of due) if (!this.gone) answer();
  }

  private write(octets: Buffer): void {
    if (this.gone) return;
    this.center.record('out', octets);
    if (this.center.faults.torn) {
      this.torn = this.torn.then(() => this.writeTorn(octets));
      return;
    }
    if (!this.corked) {
      this.corked = true;
      this.socket.cork();
      process.nextTick(() => {
        this.corked = false;
        this.socket.uncork();
      });
    }
    this.socket.write(octets);
  }

  private async writeTorn(octets: Buffer): Promise<void> {
    for (const octet of octets) {
      if (this.gone) return;
      this.socket.write(Buffer.from([octet]));
      await turn();
    }
  }
}
