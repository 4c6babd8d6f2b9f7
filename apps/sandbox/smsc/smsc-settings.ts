import { z } from 'zod';

const share = z.number().min(0).max(1).default(0);
const ms = z.number().int().min(0).max(600_000);

/** How the SMSC behaves; what is not named is as it is in a healthy one. Shares are met exactly and evenly spread. */
export const smscFaults = z.strictObject({
  /** From a submit to its answer. */
  latencyMs: ms.default(0),
  /** Submits above this a second are answered 0x58 (throttled). */
  perSecondMax: z.number().int().min(1).nullable().default(null),
  /** Unanswered submits of one connection above this are answered 0x14 (queue full). */
  windowMax: z.number().int().min(1).nullable().default(null),
  queueFull: share,
  /** Taken, and never answered. */
  silent: share,
  /** The connection breaks, the submit not taken. */
  dropBefore: share,
  /** The connection breaks, the submit taken. */
  dropAfter: share,
  /** Octets that are no SMPP come after the answer. */
  garbage: share,
  /** A PDU that claims two gigabytes comes after the answer. */
  oversized: share,
  /** An operation that nobody knows comes after the answer. */
  unknownCommand: share,
  /** Everything is written octet by octet, as a line at its worst would bring it. */
  torn: z.boolean().default(false),
  enquireLink: z.enum(['answered', 'silent']).default('answered'),
  /** Of the receipts that were asked for. */
  receiptsMissing: share,
  receiptsTwice: share,
  /** Before the answer to their own submit. */
  receiptsEarly: share,
  receiptDelayMs: ms.default(0),
  /** Receipts leave in another order than their messages came. */
  receiptsShuffled: z.boolean().default(false),
  receiptState: z.enum(['DELIVRD', 'UNDELIV', 'EXPIRED', 'ACCEPTD']).default('DELIVRD'),
  /** Receipts carry receipted_message_id and message_state besides their text. */
  receiptParameters: z.boolean().default(true),
  /** user_message_reference comes back in the receipt. */
  echoReference: z.boolean().default(false),
  responseIds: z.enum(['hex', 'decimal']).default('decimal'),
  receiptIds: z.enum(['hex', 'decimal']).default('decimal'),
  /** data_coding 0 comes packed. */
  packed: z.boolean().default(false),
  /** Keep the octets of every PDU for `GET /smsc/pdus`. */
  record: z.boolean().default(false),
});
export type SmscFaults = Readonly<z.output<typeof smscFaults>>;

/** The faults that happen to a share of the cases. */
export type FaultShare = {
  [Name in keyof SmscFaults]: SmscFaults[Name] extends number ? Name : never;
}[keyof SmscFaults];

export const smscAccounts = z
  .array(
    z.strictObject({
      systemId: z.string().min(1).max(15),
      password: z.string().max(8),
      bindsMax: z.number().int().min(1).default(10),
    }),
  )
  .max(100);
export type SmscAccount = z.output<typeof smscAccounts>[number];

/** True for exactly the wanted share of the askings, evenly spread: a test knows which ones. */
export class Shares {
  private readonly due = new Map<string, number>();

  hits(name: string, wanted: number): boolean {
    if (wanted === 0) return false;
    const due = (this.due.get(name) ?? 0) + wanted;
    // The sum of many tenths stays a hair below one.
    const hit = due >= 1 - 1e-9;
    this.due.set(name, hit ? due - 1 : due);
    return hit;
  }

  clear(): void {
    this.due.clear();
  }
}
