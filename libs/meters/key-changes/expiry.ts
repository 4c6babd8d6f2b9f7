import { dhakaMinutesSince, type InstantMs } from '@vend/kernel';

/** KEN of a key that never expires. */
const NEVER = 255;
/** One step of KEN in minutes: the upper eight of a TID's 24 bits (STS.md 7). */
const KEN_MINUTES = 65_536;
/** After this many minutes a base date has no TID left (STS.md 3.4). */
const BASE_DATE_MINUTES = 0x1000000;
const DAY_MS = 86_400_000;

/** What decides how long a meter takes credit. */
export interface KeyLife {
  /** 0-255; 255 never expires. */
  readonly ken: number;
  readonly baseDate: number;
}

/**
 * The first instant at which no credit token can be made under a key: its KEN has passed, or its base date has run
 * out of TIDs. A key with KEN 255 on base date 2014 ends on 24 November 2045.
 *
 * Source: STS.md 3.4 and 7 (`TID >> 16 > KEN` is expired), minutes counted in Dhaka's civil time.
 *
 * @example new Date(keyEndsAt({ ken: 255, baseDate: 1993 })).toISOString() // '2024-11-24T14:16:00.000Z'
 */
export function keyEndsAt({ ken, baseDate }: KeyLife): InstantMs {
  const minutes = ken === NEVER ? BASE_DATE_MINUTES : Math.min((ken + 1) * KEN_MINUTES, BASE_DATE_MINUTES);
  // Dhaka keeps UTC+06:00, so the distance in minutes at any instant gives the base date's own instant.
  const base = -dhakaMinutesSince(baseDate, 0) * 60_000;
  return base + minutes * 60_000;
}

/** True when no credit can be made under it any more. @example isExpired({ ken: 170, baseDate: 1993 }, Date.now()) // true */
export function isExpired(life: KeyLife, now: InstantMs): boolean {
  return now >= keyEndsAt(life);
}

/**
 * The life of a meter's key: whichever of meter and vending key ends first. An unknown vending key adds nothing.
 *
 * @example effectiveLife({ ken: 200, baseDate: 2014 }, { ken: 100, baseDate: 2014 }).ken // 100
 */
export function effectiveLife(meter: KeyLife, vendingKey: KeyLife | undefined): KeyLife {
  return { baseDate: meter.baseDate, ken: Math.min(meter.ken, vendingKey?.ken ?? NEVER) };
}

/** Whole days left, 0 on the last one and below zero once expired. */
export function daysLeft(life: KeyLife, now: InstantMs): number {
  return Math.floor((keyEndsAt(life) - now) / DAY_MS);
}
