import { hash } from 'node:crypto';
import { formatInstant } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import { NO_HASH } from './journal.types';
import type { AuditLine, Head, LineDetail, LineKind, RecordFields } from './journal.types';

/** The end of every line: what the hash covers is all that stands before it. */
const HASH_FIELD = ',"hash":"';
const SUFFIX_LENGTH = HASH_FIELD.length + 64 + '"}'.length;
const PREVIOUS_FIELD = ',"prev":"';
const SHORTEST = SUFFIX_LENGTH + PREVIOUS_FIELD.length + 64;
/** Printable ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
const HEX64 = /^[0-9a-f]{64}$/;

const FIRST_BUFFER_BYTES = 64 * 1024;

/**
 * Writes lines of the log: one JSON object each, ASCII only, its hash last. The hash is SHA-256 over the exact
 * bytes before the `hash` field, and among those is the hash of the line before: that is the chain.
 *
 * It writes straight into one buffer that is used again for every group: strings of a group that live until
 * they are on the disk were a third of the time.
 */
export class LineWriter {
  private buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  private end = 0;
  private at = '';
  /** The hash and the end of the line written last, still to be written. */
  private open = '';
  /** The line written last. */
  head: Head = { number: 0, hash: NO_HASH };

  /** Begins a group behind `head`; its lines share one time. */
  begin(head: Head, at: InstantMs): void {
    this.end = 0;
    this.open = '';
    this.head = head;
    this.at = formatInstant(at);
  }

  /** @param fields as `fieldsText` wrote them */
  add(fields: string): void {
    const number = this.head.number + 1;
    const body = `{"n":${number},"at":"${this.at}"${fields}${PREVIOUS_FIELD}${this.head.hash}"`;
    // The end of the line before comes along: a call less for each line.
    const text = this.open + body;
    this.reserve(text.length + SUFFIX_LENGTH + 1);
    const start = this.end + this.open.length;
    this.end += this.buffer.write(text, this.end, 'latin1');
    const lineHash = hash('sha256', this.buffer.subarray(start, this.end), 'hex');
    this.open = `${HASH_FIELD}${lineHash}"}\n`;
    this.head = { number, hash: lineHash };
  }

  /** Ends the group: its lines with their line ends, good until the next `begin`. */
  finish(): Buffer {
    this.end += this.buffer.write(this.open, this.end, 'latin1');
    this.open = '';
    return this.buffer.subarray(0, this.end);
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.end + bytes));
    this.buffer.copy(wider, 0, 0, this.end);
    this.buffer = wider;
  }
}

/**
 * What a line says, as JSON from the second field on. Made as soon as the facts are known, so that a group
 * that waits for the disk is strings and not objects.
 */
export function fieldsText(caller: string, requestId: string, fields: RecordFields): string {
  const { pan, subclass, units, sgc, krn, tid, fingerprints, detail } = fields;
  let text = `,"kind":"${fields.kind}","caller":${quoted(caller)},"id":${quoted(requestId)}`;
  if (pan !== undefined) text += `,"pan":${quoted(pan)}`;
  if (subclass !== undefined) text += `,"sub":${subclass}`;
  if (units !== undefined) text += `,"units":${quoted(String(units))}`;
  if (sgc !== undefined) text += `,"sgc":${quoted(sgc)}`;
  if (krn !== undefined) text += `,"krn":${krn}`;
  if (tid !== undefined) text += `,"tid":${tid}`;
  if (hasTokens(fields)) text += `,"fp":["${fingerprints!.join('","')}"]`;
  text += `,"outcome":${quoted(fields.outcome)}`;
  if (detail !== undefined) text += `,"detail":${ascii(JSON.stringify(detail))}`;
  return text;
}

/** True when the line says that tokens were made: its result must be among the stored ones. */
export function hasTokens({ fingerprints }: RecordFields): boolean {
  return fingerprints !== undefined && fingerprints.length > 0;
}

/** The same of a line as it stands in the log. */
export function tellsOfTokens(text: string): boolean {
  return text.includes(',"fp":["');
}

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : ascii(JSON.stringify(text));
}

/** Beyond ASCII as \u escapes, so that a character is a byte and no line separator hides in a line. */
function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The chain of a line without reading the rest: its number, its hashes, and whether its own hash is right.
 *
 * @returns undefined when the text has not the form of a line
 */
export function chainOf(
  text: string,
): { number: number; previousHash: string; hash: string; sound: boolean } | undefined {
  if (text.length < SHORTEST || !text.startsWith('{"n":') || !text.endsWith('"}')) return undefined;
  const bodyEnd = text.length - SUFFIX_LENGTH;
  const previousAt = bodyEnd - 1 - 64;
  if (!text.startsWith(HASH_FIELD, bodyEnd) || !text.startsWith(PREVIOUS_FIELD, previousAt - PREVIOUS_FIELD.length)) {
    return undefined;
  }
  const number = Number(/^\{"n":([1-9]\d{0,15}),"at":"/.exec(text)?.[1]);
  const previousHash = text.slice(previousAt, bodyEnd - 1);
  const lineHash = text.slice(bodyEnd + HASH_FIELD.length, -2);
  if (!Number.isSafeInteger(number) || !HEX64.test(previousHash) || !HEX64.test(lineHash)) return undefined;
  return { number, previousHash, hash: lineHash, sound: hash('sha256', text.slice(0, bodyEnd), 'hex') === lineHash };
}

interface WrittenLine {
  n: number;
  at: string;
  kind: LineKind;
  caller: string;
  id: string;
  pan?: string;
  sub?: number;
  units?: string;
  sgc?: string;
  krn?: number;
  tid?: number;
  fp?: string[];
  outcome: string;
  detail?: LineDetail;
  prev: string;
  hash: string;
}

/**
 * Reads a line of the log, for whoever matches it with the vends.
 *
 * @returns undefined when the text is not a line whose own hash is right; whether it stands in its place in
 *   the chain is for `verifyLog` to say
 * @example parseAuditLine(text)?.fingerprints
 */
export function parseAuditLine(text: string): AuditLine | undefined {
  if (chainOf(text)?.sound !== true) return undefined;
  const line = JSON.parse(text) as WrittenLine;
  return {
    number: line.n,
    at: Date.parse(line.at),
    kind: line.kind,
    caller: line.caller,
    requestId: line.id,
    ...(line.pan !== undefined && { pan: line.pan }),
    ...(line.sub !== undefined && { subclass: line.sub }),
    ...(line.units !== undefined && { units: line.units }),
    ...(line.sgc !== undefined && { sgc: line.sgc }),
    ...(line.krn !== undefined && { krn: line.krn }),
    ...(line.tid !== undefined && { tid: line.tid }),
    ...(line.fp !== undefined && { fingerprints: line.fp }),
    outcome: line.outcome,
    ...(line.detail !== undefined && { detail: line.detail }),
    previousHash: line.prev,
    hash: line.hash,
  };
}
