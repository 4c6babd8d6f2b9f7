import { decodeGsm7, encodeGsm7, packSeptets, unpackSeptets } from './gsm7';
import type { SegmentedText } from './segments';
import { SHORT_MESSAGE_MAX_OCTETS, TAG, type Tlv } from './pdu';
import { tlvOf } from './codec';

/** How an SMSC wants the GSM 7-bit alphabet under data_coding 0: one septet an octet, or packed as on the air. */
export type DefaultAlphabet = 'unpacked' | 'packed';

/** Which part of which message: the reference joins the parts of one message between two numbers. */
export interface Concatenation {
  readonly reference: number;
  readonly total: number;
  /** 1 to `total`. */
  readonly sequence: number;
}

/** esm_class (SMPP 3.4, 5.2.12). */
export const ESM = { udhIndicator: 0x40, typeMask: 0x3c, receipt: 0x04 } as const;
const DATA_CODING = { smscDefault: 0, ascii: 1, octets2: 2, latin1: 3, octets4: 4, ucs2: 8 } as const;

/** Information elements of a user data header (3GPP TS 23.040, 9.2.3.24). */
const IE_CONCAT_8 = 0x00;
const IE_CONCAT_16 = 0x08;

/** The fields of submit_sm that carry one part. */
export interface UserData {
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Buffer;
  readonly tlvs: readonly Tlv[];
}

const EMPTY = Buffer.alloc(0);

/**
 * One part, ready for submit_sm.
 *
 * @param concat of a part among several; undefined for a message alone, which may then go as message_payload
 */
export function encodeUserData(
  part: string,
  alphabet: SegmentedText['alphabet'],
  how: { readonly packed: boolean; readonly wideReference: boolean; readonly payload: boolean },
  concat?: Concatenation,
): UserData {
  const header = concat ? concatHeader(concat, how.wideReference) : EMPTY;
  const dataCoding = alphabet === 'ucs-2' ? DATA_CODING.ucs2 : DATA_CODING.smscDefault;
  const text = alphabet === 'ucs-2' ? encodeUcs2(part) : encodeDefault(part, header.length, how.packed);
  const octets = header.length === 0 ? text : Buffer.concat([header, text]);
  const esmClass = concat ? ESM.udhIndicator : 0;
  if (octets.length > SHORT_MESSAGE_MAX_OCTETS || (how.payload && octets.length > 140)) {
    return { esmClass, dataCoding, shortMessage: EMPTY, tlvs: [{ tag: TAG.messagePayload, value: octets }] };
  }
  return { esmClass, dataCoding, shortMessage: octets, tlvs: [] };
}

function concatHeader({ reference, total, sequence }: Concatenation, wide: boolean): Buffer {
  return wide
    ? Buffer.from([6, IE_CONCAT_16, 4, (reference >> 8) & 0xff, reference & 0xff, total, sequence])
    : Buffer.from([5, IE_CONCAT_8, 3, reference & 0xff, total, sequence]);
}

function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function encodeDefault(text: string, headerOctets: number, packed: boolean): Buffer {
  const septets = encodeGsm7(text);
  return packed ? packSeptets(septets, fillBitsOf(headerOctets)) : septets;
}

/** Septets begin on a septet boundary counted from the start of the header. */
function fillBitsOf(headerOctets: number): number {
  return (7 - ((headerOctets * 8) % 7)) % 7;
}

/** What a deliver_sm or data_sm brought. */
export interface ReceivedUserData {
  /** Undefined for octets that are no text (data_coding 2, 4 and anything unknown). */
  readonly text: string | undefined;
  readonly concat: Concatenation | undefined;
}

/** The fields that hold user data, of any PDU that brings some. */
export interface CarriedUserData {
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage?: Buffer;
  readonly tlvs: readonly Tlv[];
}

/**
 * Reads user data, from short_message or message_payload, joined by a header or by the sar parameters. Never throws: a
 * header that lies about its length is taken for text, an odd octet at the end of UCS-2 is dropped.
 */
export function decodeUserData(carried: CarriedUserData, alphabet: DefaultAlphabet): ReceivedUserData {
  const octets = carriedOctets(carried);
  const headerOctets = carried.esmClass & ESM.udhIndicator && octets.length > 0 ? octets[0]! + 1 : 0;
  const believed = headerOctets > octets.length ? 0 : headerOctets;
  const concat = believed > 0 ? concatOf(octets.subarray(1, believed)) : sarOf(carried.tlvs);
  return { text: textOf(octets.subarray(believed), carried.dataCoding, alphabet, believed), concat };
}

/** short_message, or message_payload where that is empty. */
export function carriedOctets({ shortMessage, tlvs }: CarriedUserData): Buffer {
  return shortMessage && shortMessage.length > 0 ? shortMessage : (tlvOf(tlvs, TAG.messagePayload) ?? EMPTY);
}

function textOf(octets: Buffer, coding: number, alphabet: DefaultAlphabet, headerOctets: number): string | undefined {
  switch (coding) {
    case DATA_CODING.smscDefault:
      return decodeGsm7(alphabet === 'packed' ? unpackSeptets(octets, fillBitsOf(headerOctets)) : octets);
    case DATA_CODING.ascii:
    case DATA_CODING.latin1:
      return octets.toString('latin1');
    case DATA_CODING.ucs2:
      return Buffer.from(octets.subarray(0, octets.length & ~1))
        .swap16()
        .toString('utf16le');
    default:
      return undefined;
  }
}

/** Information elements: identifier, length, data, one after the other; unknown ones are passed over. */
function concatOf(elements: Buffer): Concatenation | undefined {
  for (let at = 0; at + 2 <= elements.length;) {
    const id = elements[at]!;
    const length = elements[at + 1]!;
    const data = elements.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    if (data.length < length) return undefined;
    if (id === IE_CONCAT_8 && length === 3) return partOf(data[0]!, data[1]!, data[2]!);
    if (id === IE_CONCAT_16 && length === 4) return partOf(data.readUInt16BE(0), data[2]!, data[3]!);
  }
  return undefined;
}

function sarOf(tlvs: readonly Tlv[]): Concatenation | undefined {
  const [reference, total, sequence] = [TAG.sarReference, TAG.sarTotal, TAG.sarSequence].map((tag) => tlvOf(tlvs, tag));
  if (reference?.length !== 2 || total?.length !== 1 || sequence?.length !== 1) return undefined;
  return partOf(reference.readUInt16BE(0), total[0]!, sequence[0]!);
}

function partOf(reference: number, total: number, sequence: number): Concatenation | undefined {
  return total < 2 || sequence < 1 || sequence > total ? undefined : { reference, total, sequence };
}
