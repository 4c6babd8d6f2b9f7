/**
 * SMPP 3.4 as the SMSC's side sees it. Written apart from the vending server's own codec, and sharing nothing with it:
 * what both misread would otherwise never be seen.
 */
export const OP = {
  genericNack: 0x80000000,
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submit: 0x04,
  deliver: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
} as const;
export const ANSWER = 0x80000000;

export const CODE = {
  ok: 0x00,
  badLength: 0x02,
  badCommand: 0x03,
  notBound: 0x04,
  alreadyBound: 0x05,
  badDestination: 0x0b,
  bindFailed: 0x0d,
  badPassword: 0x0e,
  badSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
} as const;

const HEADER = 16;
const LENGTH_MAX = 70_000;

export interface Frame {
  readonly op: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Buffer;
  readonly raw: Buffer;
}

/** What a peer sent cannot be read. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Takes whole frames off the front of what has arrived. */
export function takeFrames(arrived: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let rest = arrived;
  while (rest.length >= 4) {
    const length = rest.readUInt32BE(0);
    if (length < HEADER || length > LENGTH_MAX) throw new WireError('a length that cannot be');
    if (rest.length < length) break;
    const raw = rest.subarray(0, length);
    rest = rest.subarray(length);
    frames.push({
      op: raw.readUInt32BE(4),
      status: raw.readUInt32BE(8),
      sequence: raw.readUInt32BE(12),
      body: raw.subarray(HEADER),
      raw,
    });
  }
  return { frames, rest };
}

class Cursor {
  private at = 0;

  constructor(private readonly octets: Buffer) {}

  octet(): number {
    const value = this.octets[this.at++];
    if (value === undefined) throw new WireError('ends too early');
    return value;
  }

  text(): string {
    const end = this.octets.indexOf(0, this.at);
    if (end < 0) throw new WireError('a text without an end');
    const text = this.octets.toString('latin1', this.at, end);
    this.at = end + 1;
    return text;
  }

  take(count: number): Buffer {
    if (this.at + count > this.octets.length) throw new WireError('ends too early');
    const octets = this.octets.subarray(this.at, this.at + count);
    this.at += count;
    return octets;
  }

  parameters(): Map<number, Buffer> {
    const found = new Map<number, Buffer>();
    while (this.at < this.octets.length) {
      const head = this.take(4);
      found.set(head.readUInt16BE(0), this.take(head.readUInt16BE(2)));
    }
    return found;
  }
}

export function readBind(body: Buffer): { systemId: string; password: string } {
  const cursor = new Cursor(body);
  return { systemId: cursor.text(), password: cursor.text() };
}

/** A submitted part as it came. */
export interface SubmittedPart {
  readonly source: string;
  readonly destination: string;
  readonly esmClass: number;
  readonly wantsReceipt: boolean;
  readonly coding: number;
  /** The short message, or the payload where that is empty. */
  readonly octets: Buffer;
  /** user_message_reference, as it came. */
  readonly reference: Buffer | undefined;
}

export function readSubmit(body: Buffer): SubmittedPart {
  const cursor = new Cursor(body);
  cursor.text(); // service_type
  cursor.take(2);
  const source = cursor.text();
  cursor.take(2);
  const destination = cursor.text();
  const esmClass = cursor.octet();
  cursor.take(2); // protocol_id, priority_flag
  cursor.text(); // schedule_delivery_time
  cursor.text(); // validity_period
  const wantsReceipt = (cursor.octet() & 3) !== 0;
  cursor.octet(); // replace_if_present_flag
  const coding = cursor.octet();
  cursor.octet(); // sm_default_msg_id
  const short = cursor.take(cursor.octet());
  const parameters = cursor.parameters();
  const octets = short.length > 0 ? short : (parameters.get(0x0424) ?? short);
  return { source, destination, esmClass, wantsReceipt, coding, octets, reference: parameters.get(0x0204) };
}

export function writeFrame(op: number, status: number, sequence: number, ...body: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(HEADER);
  head.writeUInt32BE(HEADER + body.reduce((sum, each) => sum + each.length, 0), 0);
  head.writeUInt32BE(op >>> 0, 4);
  head.writeUInt32BE(status, 8);
  head.writeUInt32BE(sequence, 12);
  return Buffer.concat([head, ...body]);
}

export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'latin1');
}

/** What a deliver_sm says. */
export interface Delivery {
  readonly source: string;
  readonly destination: string;
  readonly esmClass: number;
  readonly coding: number;
  readonly octets: Buffer;
  readonly parameters: readonly (readonly [tag: number, value: Buffer])[];
}

export function writeDelivery(sequence: number, delivery: Delivery): Buffer {
  const parameters = delivery.parameters.map(([tag, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(value.length, 2);
    return Buffer.concat([head, value]);
  });
  return writeFrame(
    OP.deliver,
    0,
    sequence,
    text(''),
    Buffer.from([1, 1]),
    text(delivery.source),
    Buffer.from([0, 0]),
    text(delivery.destination),
    Buffer.from([delivery.esmClass, 0, 0, 0, 0, 0, 0, delivery.coding, 0, delivery.octets.length]),
    delivery.octets,
    ...parameters,
  );
}
