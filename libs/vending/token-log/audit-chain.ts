import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A place in the log: the last line read, and its hash. */
export interface ChainHead {
  readonly line: number;
  /** 64 hexadecimal digits; zeros before the first line. */
  readonly hash: string;
}

export const CHAIN_START: ChainHead = { line: 0, hash: '0'.repeat(64) };

/** What the match needs of a line. */
export interface ChainedLine {
  readonly line: number;
  readonly at: number;
  readonly kind: string;
  readonly requestId: string;
  /** One for each token made, 32 hexadecimal digits; empty for refusals and key operations. */
  readonly fingerprints: readonly string[];
  /** The whole line, when it is a checkpoint. */
  readonly checkpoint: string | null;
}

/** The log is not what it was, or not what its server may have written. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';
}

const HASH_FIELD = ',"hash":"';
const HEX64 = /^[0-9a-f]{64}$/;
const parsedLine = z.object({
  n: z.number().int().min(1),
  at: z.string(),
  kind: z.string().max(24),
  id: z.string().max(200),
  fp: z.array(z.string().regex(/^[0-9a-f]{32}$/)).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  prev: z.string().regex(HEX64),
  hash: z.string().regex(HEX64),
});

/** The key that signs checkpoints, out of its base64 SPKI form. */
export function checkpointKey(publicKey: string): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
}

/**
 * Reads a line in its place behind `head`. Written apart from the token server's own code, so that a fault of the
 * one is not the fault of the other: the hash covers all bytes before the `hash` field, and among them is the hash
 * of the line before; a checkpoint is signed over the log's id and the line before it.
 *
 * @throws {BrokenChain} naming the line
 * @example const { line, next } = followChain(CHAIN_START, text, key)
 */
export function followChain(head: ChainHead, text: string, key: KeyObject): { line: ChainedLine; next: ChainHead } {
  const number = head.line + 1;
  const refuse = (what: string): never => {
    throw new BrokenChain(`audit log, line ${number}: ${what}`);
  };
  const bodyEnd = text.lastIndexOf(HASH_FIELD);
  const parsed = parsedLine.safeParse(jsonOf(text));
  if (!parsed.success || bodyEnd < 0) return refuse('is not a line');
  const { n, at, kind, id, fp = [], detail = {}, prev, hash } = parsed.data;
  if (n !== number) refuse(`its number is ${n}`);
  if (prev !== head.hash) refuse('does not follow the line before it');
  if (createHash('sha256').update(text.slice(0, bodyEnd)).digest('hex') !== hash) refuse('was changed');
  const isCheckpoint = kind === 'checkpoint';
  if (isCheckpoint && !isSigned(detail, head, at, key)) refuse('is a checkpoint that its key did not sign');
  return {
    line: {
      line: number,
      at: Date.parse(at),
      kind,
      requestId: id,
      fingerprints: fp,
      checkpoint: isCheckpoint ? text : null,
    },
    next: { line: number, hash },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSigned(detail: Record<string, unknown>, head: ChainHead, at: string, key: KeyObject): boolean {
  const { log, signature } = detail;
  if (typeof log !== 'string' || typeof signature !== 'string') return false;
  const signed = ['vend-audit-checkpoint-1', log, head.line, head.hash, at].join('\n');
  return verify(null, Buffer.from(signed), key, Buffer.from(signature, 'base64'));
}
