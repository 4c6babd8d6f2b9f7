/** A message that is not protobuf, or not in bounds: the call fails before anybody looks at its contents. */
export class WireFormatError extends Error {
  override readonly name = 'WireFormatError';
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const TWO_32 = 4_294_967_296;

/**
 * Reads protobuf fields from a buffer that a stranger may have sent. Every read is checked against the end of the
 * message that is open; text is taken byte by byte (Latin-1), because every text of this protocol is ASCII and
 * anything else has to fail its own check later, unharmed.
 *
 * @example for (const reader = new WireReader(bytes); reader.next();) if (reader.field === 1) id = reader.text();
 */
export class WireReader {
  /** The field that `next` has stopped at. */
  field = 0;
  private wireType = 0;
  private at = 0;
  private end: number;

  constructor(private readonly bytes: Buffer) {
    this.end = bytes.length;
  }

  /** Goes to the next field; false at the end of the open message. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new WireFormatError('field number 0');
    return true;
  }

  text(): string {
    const length = this.length();
    const from = this.at;
    this.at += length;
    return this.bytes.toString('latin1', from, this.at);
  }

  uint32(): number {
    this.expect(VARINT);
    return this.varint32();
  }

  bool(): boolean {
    this.expect(VARINT);
    return this.varint64() !== 0n;
  }

  uint64(): bigint {
    this.expect(VARINT);
    return this.varint64();
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  /** Opens a message within this one; give the answer to `leave`. */
  enter(): number {
    const length = this.length();
    const outer = this.end;
    this.end = this.at + length;
    return outer;
  }

  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
  }

  /** Passes over a field that nobody here knows: a newer caller may send some. */
  skip(): void {
    switch (this.wireType) {
      case VARINT:
        this.varint64();
        return;
      case BYTES: {
        const length = this.length();
        this.at += length;
        return;
      }
      case FIXED64:
      case FIXED32: {
        const length = this.wireType === FIXED64 ? 8 : 4;
        if (this.at + length > this.end) throw new WireFormatError('cut short');
        this.at += length;
        return;
      }
      default:
        throw new WireFormatError('unknown wire type');
    }
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) throw new WireFormatError(`field ${this.field} has another type`);
  }

  private length(): number {
    this.expect(BYTES);
    const length = this.varint32();
    if (this.at + length > this.end) throw new WireFormatError('cut short');
    return length;
  }

  private byte(): number {
    if (this.at >= this.end) throw new WireFormatError('cut short');
    return this.bytes[this.at++]!;
  }

  /** The low 32 bits, as protobuf asks of a field that is narrower than what was sent. */
  private varint32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new WireFormatError('number too long');
  }

  private varint64(): bigint {
    let low = 0;
    // Whole numbers below 2^49 fit a double: seven bytes, and nearly every amount there is.
    let weight = 1;
    for (let n = 0; n < 7; n += 1) {
      const byte = this.byte();
      low += (byte & 0x7f) * weight;
      if (byte < 0x80) return BigInt(low);
      weight *= 128;
    }
    let high = 0;
    for (let n = 0; n < 3; n += 1) {
      const byte = this.byte();
      high += (byte & 0x7f) * 128 ** n;
      if (byte < 0x80) return BigInt.asUintN(64, (BigInt(high) << 49n) | BigInt(low));
    }
    throw new WireFormatError('number too long');
  }
}

/** Bytes of a varint below 2^53. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

/** Writes a varint below 2^53; answers the place after it. */
export function writeVarint(into: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= TWO_32) {
    into[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    into[at++] = (rest & 0x7f) | 0x80;
    rest = rest >>> 7;
  }
  into[at++] = rest;
  return at;
}
