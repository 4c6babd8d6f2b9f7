import { hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { formatInstant } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import { parseAuditLine } from './audit-line';
import type { Head, RecordFields } from './journal.types';

/**
 * The signed head of a log at one moment. Kept elsewhere it proves later that the log still has this line,
 * with all that stood before it.
 */
export interface AuditCheckpoint {
  /** Id of the log: every journal has its own. */
  readonly log: string;
  /** The last line that it covers. */
  readonly number: number;
  /** The hash of that line, 64 hexadecimal digits. */
  readonly hash: string;
  /** RFC 3339 with offset. */
  readonly at: string;
  /** Which key signed, as `keyIdOf` names it. */
  readonly keyId: string;
  /** Ed25519, base64. */
  readonly signature: string;
}

/** A public key's short name: 16 hexadecimal digits of SHA-256 over its SPKI form. */
export function keyIdOf(publicKey: KeyObject): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16);
}

export function makeCheckpoint(
  signingKey: KeyObject,
  facts: { readonly log: string; readonly head: Head; readonly at: InstantMs; readonly keyId: string },
): AuditCheckpoint {
  const { log, head, at, keyId } = facts;
  const unsigned = { log, number: head.number, hash: head.hash, at: formatInstant(at), keyId };
  return { ...unsigned, signature: sign(null, signedText(unsigned), signingKey).toString('base64') };
}

/**
 * True when one of the keys signed this checkpoint.
 *
 * @example isSigned(checkpoint, [publicKey])
 */
export function isSigned(checkpoint: AuditCheckpoint, publicKeys: readonly KeyObject[]): boolean {
  const signature = Buffer.from(checkpoint.signature, 'base64');
  return publicKeys.some(
    (key) => keyIdOf(key) === checkpoint.keyId && verify(null, signedText(checkpoint), key, signature),
  );
}

function signedText({ log, number, hash: lineHash, at }: Omit<AuditCheckpoint, 'signature'>): Buffer {
  return Buffer.from(['vend-audit-checkpoint-1', log, number, lineHash, at].join('\n'));
}

/** The checkpoint as a line of the log: number and hash are those of the line before it. */
export function checkpointFields({ log, keyId, signature }: AuditCheckpoint): RecordFields {
  return { kind: 'checkpoint', outcome: 'done', detail: { log, key: keyId, signature } };
}

/**
 * The checkpoint in a line of the log, to be kept elsewhere.
 *
 * @param text a line as it stands in the log
 * @returns undefined when the line is another one
 * @example for (const text of lines) store(checkpointOf(text))
 */
export function checkpointOf(text: string): AuditCheckpoint | undefined {
  if (!text.includes(',"kind":"checkpoint",')) return undefined;
  const line = parseAuditLine(text);
  if (line?.kind !== 'checkpoint') return undefined;
  const { log, key, signature } = line.detail ?? {};
  return {
    log: String(log),
    number: line.number - 1,
    hash: line.previousHash,
    at: formatInstant(line.at),
    keyId: String(key),
    signature: String(signature),
  };
}
