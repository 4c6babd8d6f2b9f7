import { COMMAND_NAMES, LAYOUTS } from './layout';
import { COMMANDS, HEADER_OCTETS, PDU_MAX_OCTETS, SHORT_MESSAGE_MAX_OCTETS } from './pdu';
import type { Pdu, Tlv } from './pdu';

/**
 * Bytes that are no PDU. `unknown-command` leaves the stream readable: the peer is told and the link goes on. After any
 * other fault nobody knows where the next PDU begins, or what the peer meant: the link must be reset.
 */
export class SmppDecodeError extends Error {
  override readonly name = 'SmppDecodeError';

  /** @param sequence of the faulty PDU, 0 where it cannot be told; the message never repeats its content */
  constructor(
    readonly fault: 'length' | 'unknown-command' | 'body',
    readonly sequence: number,
    what: string,
  ) {
    super(what);
  }
}

/** Grows no further: a PDU is written here and copied out whole. */
const scratch = Buffer.allocUnsafe(PDU_MAX_OCTETS);

/**
 * A PDU's octets, length included.
 *
 * @throws {RangeError} for a field that does not fit its place: too long, not Latin-1, a NUL inside, not an octet
 * @example encodePdu({ command: 'enquire_link', status: 0, sequence: 1 }).toString('hex') // '00000010000000150000000000000001'
 */
export function encodePdu(pdu: Pdu): Buffer {
  const layout = LAYOUTS[pdu.command];
  const values = pdu as unknown as Readonly<Record<string, unknown>>;
  scratch.writeUInt32BE(COMMANDS[pdu.command], 4);
  scratch.writeUInt32BE(pdu.status, 8);
  scratch.writeUInt32BE(pdu.sequence, 12);
  let at = HEADER_OCTETS;
  for (const [name, maxOctets] of layout.fields) {
    at = maxOctets === 0 ? writeOctet(values[name], name, at) : writeText(values[name], name, maxOctets, at);
  }
  if (layout.shortMessage) at = writeShortMessage(values['shortMessage'] as Buffer, at);
  if (layout.tlvs) for (const tlv of values['tlvs'] as readonly Tlv[]) at = writeTlv(tlv, at);
  scratch.writeUInt32BE(at, 0);
  return Buffer.from(scratch.subarray(0, at));
}

function writeOctet(value: unknown, name: string, at: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 255) {
    throw new RangeError(`${name} is one octet`);
  }
  scratch[at] = value;
  return at + 1;
}

function writeText(value: unknown, name: string, maxOctets: number, at: number): number {
  const text = value as string;
  if (text.length >= maxOctets) throw new RangeError(`${name} has at most ${maxOctets - 1} characters`);
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    if (code === 0 || code > 255) throw new RangeError(`${name} is Latin-1 text without a NUL`);
    scratch[at + n] = code;
  }
  scratch[at + text.length] = 0;
  return at + text.length + 1;
}

function writeShortMessage(octets: Buffer, at: number): number {
  if (octets.length > SHORT_MESSAGE_MAX_OCTETS) {
    throw new RangeError(`shortMessage has at most ${SHORT_MESSAGE_MAX_OCTETS} octets`);
  }
  scratch[at] = octets.length;
  octets.copy(scratch, at + 1);
  return at + 1 + octets.length;
}

function writeTlv({ tag, value }: Tlv, at: number): number {
  if (value.length > 0xffff || at + 4 + value.length > PDU_MAX_OCTETS) {
    throw new RangeError(`the optional parameters do not fit into ${PDU_MAX_OCTETS} octets`);
  }
  scratch.writeUInt16BE(tag, at);
  scratch.writeUInt16BE(value.length, at + 2);
  value.copy(scratch, at + 4);
  return at + 4 + value.length;
}

/**
 * The PDU in a whole frame, as `FrameReader` cuts them. Its buffers are windows into the frame, not copies.
 *
 * @throws {SmppDecodeError} and nothing else, whatever the octets are
 * @example decodePdu(Buffer.from('00000010800000150000000000000001', 'hex')).command // 'enquire_link_resp'
 */
export function decodePdu(frame: Buffer): Pdu {
  if (frame.length < HEADER_OCTETS) throw new SmppDecodeError('length', 0, 'shorter than a header');
  const sequence = frame.readUInt32BE(12);
  if (frame.readUInt32BE(0) !== frame.length) throw new SmppDecodeError('length', sequence, 'not of its own length');
  const command = COMMAND_NAMES.get(frame.readUInt32BE(4));
  if (command === undefined) throw new SmppDecodeError('unknown-command', sequence, 'no operation of this client');
  const layout = LAYOUTS[command];
  const pdu: Record<string, unknown> = { command, status: frame.readUInt32BE(8), sequence };
  const empty = frame.length === HEADER_OCTETS && layout.mayBeEmpty;
  let at = HEADER_OCTETS;
  for (const [name, maxOctets] of layout.fields) {
    if (empty) {
      pdu[name] = '';
    } else if (maxOctets === 0) {
      if (at >= frame.length) throw new SmppDecodeError('body', sequence, `ends before ${name}`);
      pdu[name] = frame[at++];
    } else {
      const end = endOfText(frame, at, maxOctets);
      if (end < 0) throw new SmppDecodeError('body', sequence, `${name} has no end within ${maxOctets} octets`);
      pdu[name] = frame.toString('latin1', at, end);
      at = end + 1;
    }
  }
  if (layout.shortMessage) at = readShortMessage(frame, at, sequence, pdu);
  if (layout.tlvs) pdu['tlvs'] = readTlvs(frame, at, sequence);
  else if (at !== frame.length) throw new SmppDecodeError('body', sequence, 'goes on after its end');
  return pdu as unknown as Pdu;
}

function endOfText(frame: Buffer, at: number, maxOctets: number): number {
  const limit = Math.min(at + maxOctets, frame.length);
  for (let end = at; end < limit; end++) if (frame[end] === 0) return end;
  return -1;
}

function readShortMessage(frame: Buffer, at: number, sequence: number, pdu: Record<string, unknown>): number {
  const length = frame[at];
  if (length === undefined || at + 1 + length > frame.length) {
    throw new SmppDecodeError('body', sequence, 'ends inside its short_message');
  }
  pdu['shortMessage'] = frame.subarray(at + 1, at + 1 + length);
  return at + 1 + length;
}

function readTlvs(frame: Buffer, start: number, sequence: number): readonly Tlv[] {
  const tlvs: Tlv[] = [];
  for (let at = start; at < frame.length;) {
    if (at + 4 > frame.length) throw new SmppDecodeError('body', sequence, 'ends inside an optional parameter');
    const end = at + 4 + frame.readUInt16BE(at + 2);
    if (end > frame.length) throw new SmppDecodeError('body', sequence, 'ends inside an optional parameter');
    tlvs.push({ tag: frame.readUInt16BE(at), value: frame.subarray(at + 4, end) });
    at = end;
  }
  return tlvs;
}

/** The value of an optional parameter, if it is there. */
export function tlvOf(tlvs: readonly Tlv[], tag: number): Buffer | undefined {
  return tlvs.find((each) => each.tag === tag)?.value;
}
