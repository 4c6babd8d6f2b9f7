import { SmppDecodeError } from './codec';
import { HEADER_OCTETS, PDU_MAX_OCTETS } from './pdu';

const LENGTH_OCTETS = 4;

/**
 * Cuts a TCP stream into whole PDUs, however the network tore or joined them. What it keeps is bounded: a length that
 * no PDU can have is refused as soon as its four octets are there, before anything is stored for it.
 *
 * @example new FrameReader().push(chunk).map(decodePdu)
 */
export class FrameReader {
  private waiting: Buffer[] = [];
  private have = 0;
  private need = LENGTH_OCTETS;

  constructor(private readonly maxOctets = PDU_MAX_OCTETS) {}

  /** Octets kept for a PDU that is not whole yet. */
  get kept(): number {
    return this.have;
  }

  /**
   * The PDUs that this chunk completes.
   *
   * @throws {SmppDecodeError} `length`: the stream cannot be read any further
   */
  push(chunk: Buffer): Buffer[] {
    this.waiting.push(chunk);
    this.have += chunk.length;
    if (this.have < this.need) return [];
    const bytes = this.waiting.length === 1 ? chunk : Buffer.concat(this.waiting, this.have);
    const frames: Buffer[] = [];
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      this.need = left < LENGTH_OCTETS ? LENGTH_OCTETS : this.lengthAt(bytes, at);
      if (left < this.need) break;
      frames.push(bytes.subarray(at, at + this.need));
      at += this.need;
    }
    this.have = bytes.length - at;
    this.waiting = this.have === 0 ? [] : [bytes.subarray(at)];
    return frames;
  }

  private lengthAt(bytes: Buffer, at: number): number {
    const length = bytes.readUInt32BE(at);
    if (length < HEADER_OCTETS || length > this.maxOctets) {
      throw new SmppDecodeError('length', 0, `a length outside ${HEADER_OCTETS} to ${this.maxOctets} octets`);
    }
    return length;
  }
}
