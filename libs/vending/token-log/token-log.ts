import { createHash } from 'node:crypto';

/** How an audit log stands, as its server says. */
export interface TokenLogStatus {
  /** Number of the last line; 0 while it is empty. */
  readonly lines: number;
  /** The key that signs its checkpoints: Ed25519, SPKI in base64. */
  readonly publicKey: string;
}

/**
 * The audit log of a token server, read from outside. `libs/issuer` fills it over gRPC; only a caller with the role of
 * an auditor may read.
 */
export interface TokenLogReader {
  /** Which log this is: where it is read from. */
  readonly address: string;
  status(): Promise<TokenLogStatus>;
  /** Whole lines from a number on, block by block, as they stand in the log. */
  read(fromLine: number): AsyncIterable<readonly string[]>;
}

/**
 * Names a token without showing it: the first 16 bytes of SHA-256(request id | "|" | digits), as the token server
 * writes it beside each line.
 *
 * @example tokenFingerprint('…:6612482:5', digits).toString('hex') // 32 digits
 */
export function tokenFingerprint(requestId: string, digits: string): Buffer {
  return createHash('sha256').update(`${requestId}|${digits}`).digest().subarray(0, 16);
}
