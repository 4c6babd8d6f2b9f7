import { hash } from 'node:crypto';
import { formatInstant } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import type { AuditLine, Head, JournalRecord, LineDetail, LineKind } from './journal.types';

/** The end of every line: what the hash covers is all that stands before it. */
const HASH_FIELD = ',"hash":"';
const SUFFIX_LENGTH = HASH_FIELD.length + 64 + '"}'.length;
const PREVIOUS_FIELD = ',"prev":"';
const SHORTEST = SUFFIX_LENGTH + PREVIOUS_FIELD.length + 64;
/** Printable ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
const HEX64 = /^[0-9a-f]{64}$/;

/**
 * Writes a line of the log: one JSON object, ASCII only, its hash last. The hash is SHA-256 over the exact
 * bytes before the `hash` field, and among those is the hash of the line before: that is the chain.
 *
 * @param at already formatted, since a group of lines shares it
 * @param head the line before; the answer's head follows it
 */
export function formatLine(head: Head, at: string, record: JournalRecord): { text: string; head: Head } {
  const number = head.number + 1;
  const body = `{"n":${number},"at":"${at}"${fieldsOf(record)}${PREVIOUS_FIELD}${head.hash}"`;
  const lineHash = hash('sha256', body, 'hex');
  return { text: `${body}${HASH_FIELD}${lineHash}"}`, head: { number, hash: lineHash } };
}

/** One time for all lines of a group. */
export function formatLineTime(at: InstantMs): string {
  return formatInstant(at);
}

function fieldsOf(record: JournalRecord): string {
  const { pan, subclass, units, sgc, krn, tid, fingerprints, detail } = record;
  let text = `,"kind":"${record.kind}","caller":${quoted(record.caller)},"id":${quoted(record.requestId)}`;
  if (pan !== undefined) text += `,"pan":${quoted(pan)}`;
  if (subclass !== undefined) text += `,"sub":${subclass}`;
  if (units !== undefined) text += `,"units":${quoted(String(units))}`;
  if (sgc !== undefined) text += `,"sgc":${quoted(sgc)}`;
  if (krn !== undefined) text += `,"krn":${krn}`;
  if (tid !== undefined) text += `,"tid":${tid}`;
  if (fingerprints !== undefined && fingerprints.length > 0) text += `,"fp":["${fingerprints.join('","')}"]`;
  text += `,"outcome":${quoted(record.outcome)}`;
  if (detail !== undefined) text += `,"detail":${ascii(JSON.stringify(detail))}`;
  return text;
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

/** True when the line says that tokens were made: its result must be among the stored ones. */
export function tellsOfTokens(text: string): boolean {
  return text.includes(',"fp":["');
}
