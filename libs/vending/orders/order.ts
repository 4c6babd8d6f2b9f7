import { createHash } from 'node:crypto';
import { idFromBytes, type Id, type InstantMs, type WattHours } from '@vend/kernel';
import type { AccountCode, Entry, VendKind } from '@vend/ledger';
import type { DueKeyChange, MeterState, VendingMeter } from '@vend/meters';
import type { Tx } from '@vend/platform';
import type { PublishedBook } from '@vend/pricebook';
import type { ManagementKind } from '../ports';
import type { NewToken } from '../store/vend.store';
import type { Channel, VendAmounts, VendDetail, VendPricing, VendRecord } from '../recharge';

/**
 * Something asked of a meter that is not a recharge: each kind is one file that makes these. (source, sourceRef) is its
 * business key; `asked` is all that decides what comes of it, so that the same key with other content is a conflict.
 */
export interface Order<Extra = unknown> {
  readonly kind: Exclude<VendKind, 'credit'>;
  /** `till:<station>`. */
  readonly source: string;
  /** The till's Idempotency-Key. */
  readonly sourceRef: string;
  readonly channel: Channel;
  /** `user:<username>`. */
  readonly actor: string;
  readonly meterId: Id;
  /** Meters besides its own whose state must stand still meanwhile. */
  readonly alsoLocks?: readonly Id[];
  readonly asked: VendDetail;
  /** True: also for a meter that is closed. */
  readonly closedToo?: boolean;
  /** The accounts with a suffix that its entries touch: `cash:NESCO-RAJ-01`. */
  readonly accounts?: readonly AccountCode[];
  /** True: the plan prices, and is given the price book, held to the commit. */
  readonly priced?: boolean;
  /** What else the plan depends on: read, and locked, when the meter's lock is held. */
  readonly read?: (tx: Tx, now: InstantMs) => Promise<Extra>;
  /** Pure: what comes of the order. @throws {DomainError} the kind's refusals: nothing is changed then */
  readonly plan: (facts: OrderFacts<Extra>) => OrderPlan;
  /** What belongs to the same fact and is others' to write: the audit trail, an approval that is used up. */
  readonly alongside?: (tx: Tx, vend: VendRecord) => Promise<void>;
}

/** What a plan is made from, as of the meter's lock. */
export interface OrderFacts<Extra = unknown> {
  readonly orderId: Id;
  readonly now: InstantMs;
  /** With the key that is in it now; tokens are made under the new one when a key change goes out first. */
  readonly meter: VendingMeter;
  readonly state: MeterState;
  /** The set that waits for the meter, if it fits; it goes out before the first token that has a TID. */
  readonly keyChange: DueKeyChange | null;
  /** null unless the order is `priced`. */
  readonly book: PublishedBook | null;
  readonly extra: Extra;
}

/** A token to be made. TID and RND are the engine's. */
export type TokenWish =
  | {
      readonly kind: 'credit';
      /** 0 electricity in 0.1 kWh, 4 electricity in 0.00001 Taka. */
      readonly subclass: 0 | 4;
      readonly amountUnits: bigint;
    }
  | {
      readonly kind: ManagementKind;
      /** Watts of a limit, the register to clear, 0 for clear-tamper. */
      readonly value: bigint;
    }
  | {
      readonly kind: 'test-display';
      readonly subclass: 0 | 1;
      readonly manufacturer: number;
      readonly control: bigint;
    };

/** What comes of an order: one vend. */
export interface OrderPlan {
  /** What is not named is zero; together they obey the law of `VendAmounts`. */
  readonly amounts?: Partial<VendAmounts>;
  /** In the order in which they are typed, behind the sections of a key change. */
  readonly tokens: readonly TokenWish[];
  /** Tokens that were made before, in place of `tokens`: an item of an offline pack that was handed out in an outage. */
  readonly made?: readonly NewToken[];
  /** True: the waiting key change goes out although no token here needs it. */
  readonly withKeyChange?: boolean;
  readonly energyWh?: WattHours | null;
  readonly estimatedWh?: WattHours | null;
  readonly pricing?: VendPricing | null;
  readonly detail?: VendDetail;
  /** What it changes of the meter besides its last TID. */
  readonly next?: Partial<Omit<MeterState, 'meterId' | 'lastTid' | 'keyChangeDue' | 'arrearsPlanJson'>>;
  /** None, or the one that `VEND_ENTRIES` names for the kind; the business id is the order's. */
  readonly entries?: readonly Entry[];
  /** Rows of the kind's own, written once the vend is. */
  readonly also?: (tx: Tx, vend: VendRecord) => Promise<void>;
}

/** The hash of what an order asks for: the same key with another content is a conflict, never a replay. */
export function orderHash({ kind, meterId, asked }: Pick<Order, 'kind' | 'meterId' | 'asked'>): Buffer {
  const content = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([kind, meterId, content]))
    .digest();
}

/**
 * The id of an order: a function of its business key and its content, so that one that is asked again, after whatever
 * went wrong, asks the token server for the very same tokens (RFC 9562, 5.8).
 *
 * @example orderId(order) // the same at every repeat
 */
export function orderId(order: Pick<Order, 'kind' | 'meterId' | 'asked' | 'source' | 'sourceRef'>): Id {
  const bytes = createHash('sha256')
    .update(`${order.source}\n${order.sourceRef}\n`)
    .update(orderHash(order))
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return idFromBytes(bytes);
}

/** The RND of a token: a function of the order and the token's place, so that a repeat gives the same digits. */
export function orderRnd(id: Id, place: number): number {
  return createHash('sha256').update(`${id}:${place}`).digest()[0]! & 0x0f;
}

/** The id under which an order's token is asked for; the audit log names it. */
export function orderRequestId(id: Id, place: number, made: { readonly tid: number; readonly rnd: number } | null) {
  return made ? `${id}:${place}:${made.tid}:${made.rnd}` : `${id}:${place}`;
}
