import { connect, type Socket } from 'node:net';
import { decodePdu, encodePdu, SmppDecodeError } from './codec';
import type { SmppClock } from './clock';
import { FrameReader } from './frames';
import { SEQUENCE_MAX, type MessageBody, type MessageRequest, type DataRequest, type Pdu } from './pdu';
import { PendingRequests, type Answer } from './pending';
import { isCredentialFault, STATUS } from './status';

/** One account at one SMSC, and how its connection is kept. */
export interface SmppSessionOptions {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  /** At most 8 characters. Secret: it leaves this process only in the bind. */
  readonly password: string;
  readonly systemType: string;
  readonly bindAs: 'transceiver' | 'transmitter' | 'receiver';
  /** Connection and bind together. */
  readonly bindTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly enquireLinkMs: number;
  /** Submits that may wait for their answer at once. */
  readonly windowSize: number;
}

export type IncomingMessage = (MessageRequest & { readonly command: 'deliver_sm' }) | DataRequest;

export interface SmppSessionEvents {
  /** A receipt or a customer's message; answered 0 when it resolves, "try again" when it rejects. */
  readonly onIncoming: (message: IncomingMessage) => Promise<void>;
  /** A slot of the window is free again. */
  readonly onRoom: () => void;
  /** The connection is gone, once; nothing is answered any more. */
  readonly onLost: (why: LostReason) => void;
}

export type LostReason =
  | 'unreachable' // no connection, or it broke
  | 'bind-timeout'
  | 'bind-refused'
  | 'credentials-refused'
  | 'garbage' // what came is no SMPP
  | 'silent' // enquire_link or a whole window stayed without an answer
  | 'flooded' // it reads nothing of what we send
  | 'unbound' // the SMSC said goodbye
  | 'closed'; // we did

const ENQUIRE_MISSES_MAX = 2;
const INCOMING_MAX = 500;
const GOODBYE_MS = 1000;
const UNSENT_MAX_OCTETS = 1_000_000;

/**
 * One bound TCP connection to an SMSC: window, response timers, enquire_link. It ends once and for all with `onLost`;
 * whoever holds it opens another.
 */
export class SmppSession {
  private readonly reader = new FrameReader();
  private readonly pending: PendingRequests;
  private readonly socket: Socket;
  private sequence = 0;
  private state: 'binding' | 'bound' | 'leaving' | 'gone' = 'binding';
  private window = 0;
  private incoming = 0;
  private enquiries = 0;
  private silentSubmits = 0;
  private corked = false;
  private stopTimer: () => void;

  private constructor(
    private readonly options: SmppSessionOptions,
    private readonly clock: SmppClock,
    private readonly events: SmppSessionEvents,
    private readonly onBound: () => void,
  ) {
    this.pending = new PendingRequests(clock, options.responseTimeoutMs);
    this.stopTimer = clock.after(options.bindTimeoutMs, () => this.lose('bind-timeout'));
    this.socket = connect({ host: options.host, port: options.port, noDelay: true });
    this.socket.on('connect', () => this.bind());
    this.socket.on('data', (chunk) => this.read(chunk));
    this.socket.on('error', () => this.lose('unreachable'));
    this.socket.on('close', () => this.lose('unreachable'));
  }

  /** Connects and binds; `onBound` or `onLost` tells how it went. */
  static open(
    options: SmppSessionOptions,
    clock: SmppClock,
    events: SmppSessionEvents,
    onBound: () => void,
  ): SmppSession {
    return new SmppSession(options, clock, events, onBound);
  }

  /** Submits that would be sent at once. */
  get room(): number {
    return this.state === 'bound' ? this.options.windowSize - this.window : 0;
  }

  /** Sends a message; the caller has seen that there is `room`. `done` is called once, whatever happens. */
  submit(body: MessageBody, done: (answer: Answer) => void): void {
    this.window++;
    const sequence = this.next();
    this.pending.add(sequence, (answer) => {
      if (answer.kind === 'answered' && answer.late) return done(answer);
      this.window--;
      this.silentSubmits = answer.kind === 'silent' ? this.silentSubmits + 1 : 0;
      done(answer);
      if (this.silentSubmits >= this.options.windowSize) this.lose('silent');
      else if (this.state === 'bound') this.events.onRoom();
      else if (this.state === 'leaving' && this.window === 0) this.sayGoodbye();
    });
    this.send({ command: 'submit_sm', status: 0, sequence, ...body });
  }

  /** Sends nothing new, waits for what is on its way, unbinds. `onLost('closed')` comes at the end. */
  close(): void {
    if (this.state === 'binding') return this.lose('closed');
    if (this.state !== 'bound') return;
    this.state = 'leaving';
    if (this.window === 0) this.sayGoodbye();
  }

  private sayGoodbye(): void {
    const sequence = this.next();
    this.pending.add(sequence, () => this.lose('closed'));
    this.send({ command: 'unbind', status: 0, sequence });
  }

  private bind(): void {
    const { systemId, password, systemType, bindAs } = this.options;
    const sequence = this.next();
    this.pending.add(sequence, (answer) => this.afterBind(answer));
    const range = { interfaceVersion: 0x34, addressTon: 0, addressNpi: 0, addressRange: '' };
    this.send({ command: `bind_${bindAs}`, status: 0, sequence, systemId, password, systemType, ...range });
  }

  private afterBind(answer: Answer): void {
    if (answer.kind !== 'answered') return this.lose('bind-timeout');
    if (answer.status !== STATUS.ok) {
      return this.lose(isCredentialFault(answer.status) ? 'credentials-refused' : 'bind-refused');
    }
    this.stopTimer();
    this.state = 'bound';
    this.stopTimer = this.clock.after(this.options.enquireLinkMs, () => this.enquire());
    this.onBound();
  }

  private enquire(): void {
    if (this.enquiries >= ENQUIRE_MISSES_MAX) return this.lose('silent');
    this.enquiries++;
    const sequence = this.next();
    // An enquiry that nobody answers is counted; its timer says nothing new.
    this.pending.add(sequence, (answer) => answer.kind === 'answered' && (this.enquiries = 0));
    this.send({ command: 'enquire_link', status: 0, sequence });
    this.stopTimer = this.clock.after(this.options.enquireLinkMs, () => this.enquire());
  }

  private read(chunk: Buffer): void {
    try {
      for (const frame of this.reader.push(chunk)) {
        if (this.state === 'gone') return;
        this.readFrame(frame);
      }
    } catch (error) {
      if (!(error instanceof SmppDecodeError)) throw error;
      this.send({ command: 'generic_nack', status: STATUS.invalidLength, sequence: 0 });
      this.lose('garbage');
    }
  }

  private readFrame(frame: Buffer): void {
    let pdu: Pdu;
    try {
      pdu = decodePdu(frame);
    } catch (error) {
      if (!(error instanceof SmppDecodeError) || error.fault !== 'unknown-command') throw error;
      this.send({ command: 'generic_nack', status: STATUS.invalidCommand, sequence: error.sequence });
      return;
    }
    this.handle(pdu);
  }

  private handle(pdu: Pdu): void {
    switch (pdu.command) {
      case 'submit_sm_resp':
        return this.pending.answered(pdu.sequence, pdu.status, pdu.messageId);
      case 'bind_transceiver_resp':
      case 'bind_transmitter_resp':
      case 'bind_receiver_resp':
      case 'enquire_link_resp':
      case 'unbind_resp':
      case 'generic_nack':
        return this.pending.answered(pdu.sequence, pdu.status, '');
      case 'enquire_link':
        return this.send({ command: 'enquire_link_resp', status: 0, sequence: pdu.sequence });
      case 'deliver_sm':
      case 'data_sm':
        return this.receive(pdu as IncomingMessage);
      case 'unbind':
        this.send({ command: 'unbind_resp', status: 0, sequence: pdu.sequence });
        return this.lose('unbound');
      default:
        this.send({ command: 'generic_nack', status: STATUS.invalidCommand, sequence: pdu.sequence });
    }
  }

  private receive(message: IncomingMessage): void {
    const command = message.command === 'data_sm' ? 'data_sm_resp' : 'deliver_sm_resp';
    const answer = (status: number): void => {
      this.incoming--;
      this.send({ command, status, sequence: message.sequence, messageId: '', tlvs: [] });
    };
    // More than can be handled at once: the SMSC keeps it and brings it again.
    if (++this.incoming > INCOMING_MAX) return answer(STATUS.temporaryError);
    this.events.onIncoming(message).then(
      () => answer(STATUS.ok),
      () => answer(STATUS.temporaryError),
    );
  }

  /** Whatever is written in one turn of the loop leaves in one packet where it fits. */
  private send(pdu: Pdu): void {
    if (this.state === 'gone') return;
    if (!this.corked) {
      this.corked = true;
      this.socket.cork();
      process.nextTick(() => {
        this.corked = false;
        this.socket.uncork();
      });
    }
    this.socket.write(encodePdu(pdu));
    if (this.socket.writableLength > UNSENT_MAX_OCTETS) this.lose('flooded');
  }

  private next(): number {
    this.sequence = this.sequence === SEQUENCE_MAX ? 1 : this.sequence + 1;
    return this.sequence;
  }

  private lose(why: LostReason): void {
    if (this.state === 'gone') return;
    const last = this.state;
    this.state = 'gone';
    this.stopTimer();
    const polite = why === 'garbage' || why === 'unbound' || (why === 'closed' && last === 'leaving');
    if (polite) {
      // What was just written may still leave, but a peer that is stuck is not waited for.
      const giveUp = this.clock.after(GOODBYE_MS, () => this.socket.destroy());
      this.socket.once('close', giveUp);
      this.socket.destroySoon();
    } else {
      this.socket.destroy();
    }
    this.pending.lost();
    this.events.onLost(why);
  }
}
