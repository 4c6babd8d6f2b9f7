import { z } from 'zod';
import { TokenServerProtocolError } from './wire';

/** A vending key as the token server tells of it: never its value. */
export interface HeldVendingKey {
  readonly sgc: string;
  readonly krn: number;
  /** VUDK (vending), VDDK (default) or VCDK (common). */
  readonly kind: string;
  readonly dkga: number;
  readonly baseDate: number;
  readonly ken: number;
  /** Check value: tells two keys apart, and neither from anything. */
  readonly kcv: string;
  /** RFC 3339; null: it never expires. */
  readonly expiresAt: string | null;
  /** Whole days until then, 0 once expired; null: never. */
  readonly daysLeft: number | null;
  /** `active`, `retired`, `loaded`. */
  readonly state: string;
}

/** What the token server says of itself, for pages and warnings. */
export interface TokenServerStatus {
  readonly staTables: string;
  readonly warnings: readonly string[];
  /** Since the process started. */
  readonly tokensIssued: number;
  readonly requestsRefused: number;
  /** Lines of its audit log. */
  readonly auditLines: number;
  readonly modules: readonly { readonly kind: string; readonly keys: readonly HeldVendingKey[] }[];
}

const count = z.coerce.number().int().min(0);
const heldKey = z
  .object({
    sgc: z.string(),
    krn: z.number(),
    kind: z.string(),
    dkga: z.number(),
    baseDate: z.number(),
    ken: z.number(),
    kcv: z.string(),
    expiresAt: z.string(),
    daysLeft: z.number(),
    state: z.string(),
  })
  .transform(({ expiresAt, daysLeft, ...key }): HeldVendingKey => ({
    ...key,
    expiresAt: expiresAt === '' ? null : expiresAt,
    daysLeft: expiresAt === '' ? null : daysLeft,
  }));
const statusAnswer = z.object({
  staTables: z.string(),
  warnings: z.array(z.string()),
  tokensIssued: count,
  requestsRefused: count,
  auditLines: count,
  modules: z.array(z.object({ kind: z.string(), keys: z.array(heldKey) })),
});

/** Reads a status: what we do not know of it, we do not pass on. @throws {TokenServerProtocolError} */
export function tokenServerStatusFromWire(answer: unknown): TokenServerStatus {
  const parsed = statusAnswer.safeParse(answer);
  if (!parsed.success) throw new TokenServerProtocolError('a status is malformed');
  return parsed.data;
}
