import type { Id, InstantMs } from '@vend/kernel';
import type { MeterKeys } from '../meters';

/** What a meter's key depends on and a key change may alter; the meter's number and algorithm stay. */
export type KeyAttributes = Pick<MeterKeys, 'sgc' | 'krn' | 'ti' | 'kt' | 'ken' | 'baseDate'>;

const ATTRIBUTES = ['sgc', 'krn', 'ti', 'kt', 'ken', 'baseDate'] as const;

/** True when both name the same key. @example sameKey(change.from, meter.keys) */
export function sameKey(a: KeyAttributes, b: KeyAttributes): boolean {
  return ATTRIBUTES.every((name) => a[name] === b[name]);
}

/** Without the meter's number, for storing and comparing. */
export function keyAttributesOf(keys: KeyAttributes): KeyAttributes {
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, keys[name]])) as unknown as KeyAttributes;
}

/**
 * A set of key-change tokens that waits for its meter's next vend. It is bound to the key that it was made from:
 * in a meter with another key no section of it would be accepted.
 */
export interface DueKeyChange {
  readonly changeId: Id;
  readonly meterId: Id;
  readonly from: KeyAttributes;
  readonly to: KeyAttributes;
  /** 20 digits each; two, three or four, in the order in which they are printed and typed. */
  readonly tokens: readonly string[];
  readonly sampleTables: boolean;
}

/** A due change, and the vend that carries its tokens. */
export interface IssuedKeyChange {
  readonly changeId: Id;
  readonly vendId: Id;
}

/** STS subclasses of the sections, in their order (STS.md 5.1). */
export const SECTION_SUBCLASSES = [3, 4, 8, 9] as const;

/** The request id under which a change's set is made; the audit log of the token server names it. */
export function keyChangeRequestId(changeId: Id): string {
  return `key-change:${changeId}`;
}

/** Asks for one set. The same request gives the same tokens: a set has neither TID nor RND (STS.md 5.1). */
export interface KeySetRequest {
  readonly requestId: string;
  readonly meter: MeterKeys;
  readonly target: Pick<MeterKeys, 'sgc' | 'krn' | 'ti' | 'kt'>;
  /** EA07: a third section brings the supply group code; EA11 always takes four. */
  readonly withSupplyGroup: boolean;
}

export interface KeySet {
  readonly tokens: readonly string[];
  /** The meter's key once all are accepted. */
  readonly after: KeyAttributes;
  /** The base date changes: the meter forgets its TIDs, and its count of minutes starts anew. */
  readonly rollover: boolean;
  /** Check values of the two vending keys, 6 hexadecimal digits. */
  readonly fromKcv: string;
  readonly toKcv: string;
  readonly sampleTables: boolean;
}

export type KeySetOutcome =
  | { readonly requestId: string; readonly ok: true; readonly set: KeySet }
  | { readonly requestId: string; readonly ok: false; readonly code: string; readonly retryable: boolean };

/** A vending key as far as anybody may know it. */
export interface VendingKeyFacts {
  readonly sgc: string;
  readonly krn: number;
  /** VUDK vends; VDDK is a default key; VCDK is common. */
  readonly kind: string;
  readonly baseDate: number;
  /** 0-255; 255 never expires. */
  readonly ken: number;
  /** Only an active key can be gone to. */
  readonly state: string;
}

/**
 * Who makes the sets: the token server, asked with the certificate of the key-management role. The api has no such
 * right, which is why sets are made when a campaign is and not when a meter is vended.
 */
export interface KeySetIssuer {
  /** Groups stream in, outcomes stream back: group by group, each in the order of its requests. */
  makeSets(groups: AsyncIterable<readonly KeySetRequest[]>): AsyncIterable<readonly KeySetOutcome[]>;
  /** The vending keys that the token server holds. */
  vendingKeys(): Promise<readonly VendingKeyFacts[]>;
}

/** One meter's place in a campaign, for whoever confirms it. */
export interface KeyChangeCard {
  readonly changeId: Id;
  readonly campaign: string;
  /** 18 digits. */
  readonly pan: string;
  readonly from: KeyAttributes;
  readonly to: Pick<KeyAttributes, 'sgc' | 'krn' | 'ti' | 'kt'>;
  readonly state: KeyChangeState;
  /** The tokens were on this vend's receipt; null: in a file for field staff, or not handed out yet. */
  readonly vendId: Id | null;
  readonly issuedAt: InstantMs | null;
  readonly confirmedAt: InstantMs | null;
}

export const KEY_CHANGE_STATES = ['DUE', 'ISSUED', 'CONFIRMED', 'STALE', 'CANCELLED'] as const;
export type KeyChangeState = (typeof KEY_CHANGE_STATES)[number];

/**
 * The life of one meter's key change. DUE: its tokens wait, or are still to be made. ISSUED: they are on a receipt
 * or in a file, so the meter may have either key. CONFIRMED: somebody saw the meter on the new key. STALE: the
 * meter's key changed otherwise, the set fits no longer. While one is DUE or ISSUED the meter takes no other.
 */
export const KEY_CHANGE_MOVES: Readonly<Record<KeyChangeState, readonly KeyChangeState[]>> = {
  DUE: ['ISSUED', 'STALE', 'CANCELLED'],
  ISSUED: ['CONFIRMED', 'STALE'],
  CONFIRMED: [],
  STALE: [],
  CANCELLED: [],
};
