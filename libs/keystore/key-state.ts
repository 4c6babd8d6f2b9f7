import { DomainError, startOfDay } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import type { KeystoreErrorCode } from './keystore.errors';
import { refusal } from './token-making';
import type { VendingKeyInfo, VendingKeyStanding, VendingKeyState } from './vending-key';

/** From which state a vending key may go to which; there is no way back from `retired` but `active`. */
const VENDING_KEY_MOVES: Readonly<Record<VendingKeyState, readonly VendingKeyState[]>> = {
  loaded: ['active'],
  active: ['retired'],
  // A meter that missed its key change can make it necessary to vend under the old key for a while.
  retired: ['active'],
};

const DAY_MS = 86_400_000;
/** A KEN counts blocks of 2^16 minutes of TIDs; the block with the number itself still counts (STS.md §7). */
const KEN_BLOCK_MS = 65_536 * 60_000;

/**
 * The first instant at which no token is made under a key any more: its KEN or its issued-until day, whichever ends
 * first; null when it has neither.
 *
 * @example endOfKey({ baseDate: 2014, ken: 255, issuedUntil: '2031-12-31' }) // 1 January 2032, 00:00 in Dhaka
 */
export function endOfKey(key: Pick<VendingKeyInfo, 'baseDate' | 'ken' | 'issuedUntil'>): InstantMs | null {
  const byDay = key.issuedUntil === null ? Infinity : startOfDay(key.issuedUntil) + DAY_MS;
  const byKen = key.ken === 255 ? Infinity : startOfDay(`${key.baseDate}-01-01`) + (key.ken + 1) * KEN_BLOCK_MS;
  const end = Math.min(byDay, byKen);
  return end === Infinity ? null : end;
}

/**
 * The standing after a move.
 *
 * @throws {DomainError} `key-state-move-refused`
 * @example moved(key, 'retired').state // 'retired', when the key was active
 */
export function moved<Key extends VendingKeyInfo>(key: Key, state: VendingKeyState): Key {
  if (VENDING_KEY_MOVES[key.state].includes(state)) return { ...key, state };
  throw new DomainError<KeystoreErrorCode>('key-state-move-refused', { from: key.state, to: state });
}

/** A vending key's standing, ready to be asked for every token. */
export class KeyGate {
  private readonly endMs: InstantMs;

  constructor(
    private readonly standing: VendingKeyStanding,
    private readonly now: () => InstantMs,
  ) {
    // The KEN is judged by the library, token by token: it counts TIDs, not the clock.
    this.endMs = standing.issuedUntil === null ? Infinity : startOfDay(standing.issuedUntil) + DAY_MS;
  }

  /** Credit and management tokens. @throws {DomainError} `key-not-active`, `key-expired` */
  refuseTokens(): void {
    if (this.standing.state !== 'active') throw refusal('key-not-active');
    if (this.endMs !== Infinity && this.now() >= this.endMs) throw refusal('key-expired');
  }

  /** Leading a meter away from the key: also when it is retired or has ended. @throws {DomainError} `key-not-active` */
  refuseLeaving(): void {
    if (this.standing.state === 'loaded') throw refusal('key-not-active');
  }

  /** Leading a meter to the key. @throws {DomainError} `key-not-active`, `target-key-expired` */
  refuseArriving(): void {
    if (this.standing.state !== 'active') throw refusal('key-not-active');
    if (this.endMs !== Infinity && this.now() >= this.endMs) throw refusal('target-key-expired');
  }
}
