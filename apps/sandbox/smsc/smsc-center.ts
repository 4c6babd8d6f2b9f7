import { createServer, type AddressInfo, type Server } from 'node:net';
import { SmscConnection, type SmscCount, type SmscHost } from './smsc-connection';
import { SmscMailbox } from './smsc-mailbox';
import { SmscPhones, type ShownMessage } from './smsc-phones';
import { SmscReceipts } from './smsc-receipts';
import { Shares, smscFaults, type FaultShare, type SmscAccount, type SmscFaults } from './smsc-settings';
import { readPart, writeParts } from './smsc-text';
import { CODE, type Delivery, type SubmittedPart } from './smsc-wire';

export interface SmscOptions {
  /** Told of each message that a phone shows for the first time; a submit is answered after that. */
  readonly show?: (msisdn: string, message: ShownMessage) => Promise<void> | void;
}

/** One PDU as it was on the wire. */
export interface RecordedPdu {
  readonly way: 'in' | 'out';
  readonly hex: string;
}

const RECORDS_MAX = 20_000;

/** A short message centre over SMPP 3.4, with phones behind it and faults on request. */
export class SmscCenter implements SmscHost {
  faults: SmscFaults = smscFaults.parse({});
  readonly phones: SmscPhones;
  private accounts: readonly SmscAccount[] | undefined;
  private readonly connections = new Set<SmscConnection>();
  private readonly mailboxes = new Map<string, SmscMailbox>();
  private readonly receipts: SmscReceipts;
  private readonly shares = new Shares();
  private readonly server: Server;
  private readonly counts: Record<SmscCount, number> = {
    taken: 0,
    throttled: 0,
    refused: 0,
    unreadable: 0,
    unknown: 0,
    acknowledged: 0,
  };
  private records: RecordedPdu[] = [];
  private lastMessageId = 0x1_0000_0000;
  private references = 0;
  private second = { startedMs: 0, taken: 0 };

  constructor(options: SmscOptions = {}) {
    this.phones = new SmscPhones(options.show);
    this.receipts = new SmscReceipts(
      () => this.faults,
      (name) => this.hits(name),
    );
    this.server = createServer((socket) => this.connections.add(new SmscConnection(this, socket)));
  }

  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = this.server.listening ? new Promise((resolve) => this.server.close(resolve)) : undefined;
    this.dropAll();
    for (const mailbox of this.mailboxes.values()) mailbox.close();
    await closed;
  }

  setFaults(faults: SmscFaults): void {
    this.faults = faults;
    this.shares.clear();
    if (!faults.record) this.records = [];
  }

  /** From now on only these may bind; undefined: whoever names a system id and a password. */
  setAccounts(accounts: readonly SmscAccount[] | undefined): void {
    this.accounts = accounts;
  }

  /** A customer writes to a number or short code; it comes to every ESME's account that is named, or to the only one. */
  write(systemId: string, from: string, to: string, text: string): void {
    for (const part of writeParts(text, ++this.references)) {
      const delivery: Delivery = { source: from, destination: to, parameters: [], ...part };
      this.mailboxOf(systemId).put(delivery);
    }
  }

  dropAll(): void {
    for (const connection of [...this.connections]) connection.drop();
  }

  /** The port is 0 while nobody can bind. */
  state(): { port: number; bound: { systemId: string; as: string }[]; counts: Readonly<Record<SmscCount, number>> } {
    const bound = [...this.connections].flatMap(({ systemId, as }) => (systemId && as ? [{ systemId, as }] : []));
    const port = this.server.listening ? (this.server.address() as AddressInfo).port : 0;
    return { port, bound, counts: { ...this.counts } };
  }

  pdus(): readonly RecordedPdu[] {
    return this.records;
  }

  // What connections ask: see SmscHost.

  bindFault(systemId: string, password: string): number {
    if (systemId === '') return CODE.badSystemId;
    const account = this.accounts?.find((each) => each.systemId === systemId);
    if (this.accounts && !account) return CODE.badSystemId;
    if (account ? account.password !== password : password === '') return CODE.badPassword;
    const binds = [...this.connections].filter((each) => each.systemId === systemId).length;
    return binds >= (account?.bindsMax ?? 100) ? CODE.bindFailed : CODE.ok;
  }

  bound(connection: SmscConnection): void {
    if (connection.as !== 'transmitter') this.mailboxOf(connection.systemId!).join(connection);
  }

  left(connection: SmscConnection, unacknowledged: Iterable<Delivery>): void {
    this.connections.delete(connection);
    if (connection.systemId) this.mailboxOf(connection.systemId).leave(connection, [...unacknowledged]);
  }

  mailboxOf(systemId: string): SmscMailbox {
    const mailbox = this.mailboxes.get(systemId) ?? new SmscMailbox();
    this.mailboxes.set(systemId, mailbox);
    return mailbox;
  }

  hits(name: FaultShare): boolean {
    return this.shares.hits(name, this.faults[name]);
  }

  tooFast(): boolean {
    const { perSecondMax } = this.faults;
    if (perSecondMax === null) return false;
    const nowMs = performance.now();
    if (nowMs - this.second.startedMs >= 1000) this.second = { startedMs: nowMs, taken: 0 };
    if (this.second.taken >= perSecondMax) return true;
    this.second.taken++;
    return false;
  }

  async take(systemId: string, part: SubmittedPart, answer: (messageId: string) => void): Promise<void> {
    this.count('taken');
    const id = ++this.lastMessageId;
    const read = readPart(part.octets, part.esmClass, part.coding, this.faults.packed);
    const shown = this.phones.receive(part.destination, part.source, read);
    const receipts = part.wantsReceipt ? this.receipts.of(id, part, read.text) : undefined;
    const mailbox = this.mailboxOf(systemId);
    await shown;
    for (const each of receipts?.early ?? []) mailbox.put(each);
    answer(this.faults.responseIds === 'hex' ? id.toString(16).toUpperCase() : id.toString());
    // After the answer's own latency, or it would be an early one.
    const { latencyMs, receiptDelayMs } = this.faults;
    for (const each of receipts?.late ?? []) mailbox.putLater(each, latencyMs + receiptDelayMs);
  }

  count(what: SmscCount): void {
    this.counts[what]++;
  }

  record(way: RecordedPdu['way'], octets: Buffer): void {
    if (this.faults.record && this.records.length < RECORDS_MAX)
      this.records.push({ way, hex: octets.toString('hex') });
  }
}
