import type { CreditToken, KeyChangeSet, ManagementToken, MeterKey } from '@vend/keystore';
import { varintLength, writeVarint } from './reader';

// Answers as they leave, fields as in proto/vend/token/v1/token_server.proto. Tokens, management tokens and key-change
// sets are written once, stored in that form, and put into every answer as they are: a repeat is the same to the byte.

/** Why a member, or a whole call, is refused. */
export interface WireTokenError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** What became of one request: exactly one of the two. */
export interface WireOutcome {
  readonly requestId: string;
  /** The encoded token. */
  readonly ok?: Uint8Array;
  readonly error?: WireTokenError;
}

/** The number of each kind within BulkIssueResponse and FetchResultResponse. */
const GROUP_FIELD = { credit: 1, management: 2, 'key-change': 3 } as const;
export type IssueKind = keyof typeof GROUP_FIELD;

/** vend.token.v1.CreditToken */
export function encodeCreditToken(token: CreditToken, sampleTables: boolean): Buffer {
  const { digits, creditedUnits, kcv } = token;
  if (creditedUnits > 0xffff_ffffn || creditedUnits <= 0n || kcv === '')
    return encodeAnyCreditToken(token, sampleTables);
  // The usual token, written in one go into as many bytes as it takes.
  const units = Number(creditedUnits);
  const length = 2 + digits.length + 1 + varintLength(units) + 2 + kcv.length + (sampleTables ? 2 : 0);
  const bytes = Buffer.allocUnsafe(length);
  bytes[0] = 0x0a;
  bytes[1] = digits.length;
  let at = 2 + bytes.write(digits, 2, 'latin1');
  bytes[at++] = 0x10;
  at = writeVarint(bytes, at, units);
  bytes[at++] = 0x1a;
  bytes[at++] = kcv.length;
  at += bytes.write(kcv, at, 'latin1');
  if (sampleTables) bytes.writeUInt16BE(0x2001, at);
  return bytes;
}

function encodeAnyCreditToken(token: CreditToken, sampleTables: boolean): Buffer {
  const writer = new SmallWriter(64);
  writer.text(1, token.digits);
  writer.number(2, token.creditedUnits);
  writer.text(3, token.kcv);
  writer.bool(4, sampleTables);
  return writer.done();
}

/** vend.token.v1.ManagementToken; `kcv` is empty for class 1, which no key takes part in. */
export function encodeManagementToken(
  token: ManagementToken & { readonly tokenClass: 1 | 2 },
  sampleTables: boolean,
): Buffer {
  const writer = new SmallWriter(64);
  writer.text(1, token.digits);
  writer.number(2, BigInt(token.tokenClass));
  writer.number(3, BigInt(token.subclass));
  writer.number(4, token.value);
  writer.text(5, token.kcv);
  writer.bool(6, sampleTables);
  return writer.done();
}

/** vend.token.v1.KeyChangeSet */
export function encodeKeyChangeSet(set: KeyChangeSet, sampleTables: boolean): Buffer {
  const writer = new SmallWriter(256);
  for (const digits of set.tokens) writer.text(1, digits);
  writer.message(2, encodeMeter(set.after));
  writer.bool(3, set.rollover);
  writer.text(4, set.fromKcv);
  writer.text(5, set.toKcv);
  writer.bool(6, sampleTables);
  return writer.done();
}

function encodeMeter(meter: MeterKey): Buffer {
  const writer = new SmallWriter(96);
  writer.text(1, meter.pan);
  writer.number(2, BigInt(meter.ea));
  writer.number(3, BigInt(meter.tct));
  writer.text(4, meter.sgc);
  writer.number(5, BigInt(meter.krn));
  writer.text(6, meter.ti);
  writer.number(7, BigInt(meter.kt));
  writer.number(8, BigInt(meter.ken));
  writer.number(9, BigInt(meter.baseDate));
  return writer.done();
}

/** Issue...Response, the same for all three kinds: outcomes in the order given. */
export function encodeOutcomes(outcomes: readonly WireOutcome[]): Buffer {
  const bytes = Buffer.allocUnsafe(outcomesLength(outcomes));
  writeOutcomes(bytes, 0, outcomes);
  return bytes;
}

/** BulkIssueResponse: the outcomes of one piece. */
export function encodeBulkPiece(kind: IssueKind, outcomes: readonly WireOutcome[]): Buffer {
  const length = outcomesLength(outcomes);
  const bytes = Buffer.allocUnsafe(1 + varintLength(length) + length);
  bytes[0] = (GROUP_FIELD[kind] << 3) | 2;
  writeOutcomes(bytes, writeVarint(bytes, 1, length), outcomes);
  return bytes;
}

/** FetchResultResponse: the stored answer as it is, or the refusal. */
export function encodeFetched(found: { kind: IssueKind; answer: Uint8Array } | WireTokenError): Buffer {
  const [field, body] = 'answer' in found ? [GROUP_FIELD[found.kind], found.answer] : [4, encodeError(found)];
  const writer = new SmallWriter(body.length + 8);
  writer.message(field, body);
  return writer.done();
}

function bodyOf({ ok, error }: WireOutcome): Uint8Array {
  return ok ?? encodeError(error!);
}

/** Refusals are few kinds of sentences, said many times. */
const encodedErrors = new Map<string, Buffer>();

function encodeError(error: WireTokenError): Buffer {
  const known = encodedErrors.get(error.code);
  if (known) return known;
  const writer = new SmallWriter(error.code.length + error.message.length + 16);
  writer.text(1, error.code);
  writer.text(2, error.message);
  writer.bool(3, error.retryable);
  const bytes = writer.done();
  encodedErrors.set(error.code, bytes);
  return bytes;
}

function outcomeLength(outcome: WireOutcome): number {
  const id = outcome.requestId.length;
  const body = bodyOf(outcome).length;
  return (id === 0 ? 0 : 1 + varintLength(id) + id) + 1 + varintLength(body) + body;
}

function outcomesLength(outcomes: readonly WireOutcome[]): number {
  let total = 0;
  for (const outcome of outcomes) {
    const length = outcomeLength(outcome);
    total += 1 + varintLength(length) + length;
  }
  return total;
}

function writeOutcomes(bytes: Buffer, from: number, outcomes: readonly WireOutcome[]): void {
  let at = from;
  for (const outcome of outcomes) {
    const { requestId, ok } = outcome;
    const body = bodyOf(outcome);
    bytes[at++] = 0x0a;
    at = writeVarint(bytes, at, outcomeLength(outcome));
    if (requestId.length > 0) {
      bytes[at++] = 0x0a;
      at = writeVarint(bytes, at, requestId.length);
      at += bytes.write(requestId, at, 'latin1');
    }
    bytes[at++] = ok ? 0x12 : 0x1a;
    at = writeVarint(bytes, at, body.length);
    bytes.set(body, at);
    at += body.length;
  }
}

/** For one small message of ASCII texts; a field with its default value is left out, as protobuf 3 does. */
class SmallWriter {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(sizeLimit: number) {
    this.bytes = Buffer.allocUnsafe(sizeLimit);
  }

  text(field: number, value: string): void {
    if (value === '') return;
    this.bytes[this.at++] = (field << 3) | 2;
    this.at = writeVarint(this.bytes, this.at, value.length);
    this.at += this.bytes.write(value, this.at, 'latin1');
  }

  number(field: number, value: bigint): void {
    if (value === 0n) return;
    this.bytes[this.at++] = field << 3;
    let rest = value;
    for (; rest > 0xffff_ffffn; rest >>= 7n) this.bytes[this.at++] = Number(rest & 0x7fn) | 0x80;
    this.at = writeVarint(this.bytes, this.at, Number(rest));
  }

  bool(field: number, value: boolean): void {
    if (value) this.number(field, 1n);
  }

  message(field: number, body: Uint8Array): void {
    this.bytes[this.at++] = (field << 3) | 2;
    this.at = writeVarint(this.bytes, this.at, body.length);
    this.bytes.set(body, this.at);
    this.at += body.length;
  }

  done(): Buffer {
    // Node ignores what is written past the end of a buffer.
    if (this.at > this.bytes.length) throw new RangeError('message longer than its limit');
    return this.bytes.subarray(0, this.at);
  }
}
