import { DomainError } from '@vend/kernel';
import type { VendingErrorCode } from './vending.errors';

/** The last TID there is: 24 bits (IEC 62055-41, 6.3.5; STS.md 3.4). */
const LAST_TID = 0xffffff;
const MINUTES_PER_DAY = 1_440;

/**
 * The next TID of a meter: the minute of the clock, or the minute after the last one issued, whichever is later.
 * Minute 00:01 of each day is kept for special tokens and skipped. The TIDs of a meter only rise, so a clock that
 * jumps back changes nothing, and a burst on one meter runs ahead of the clock for a bounded number of minutes.
 *
 * @param lastTid the last TID issued to the meter, 0 for none
 * @param nowTid minutes from the meter's base date to now
 * @param maxRunAheadMinutes how far past now a TID may lie
 * @throws {DomainError} tid-too-far-ahead, tid-exhausted (also before the base date)
 * @example nextTid(0, 6778695, 120) // 6778695
 */
export function nextTid(lastTid: number, nowTid: number, maxRunAheadMinutes: number): number {
  if (nowTid < 0 || nowTid > LAST_TID) throw new DomainError<VendingErrorCode>('tid-exhausted');
  let tid = Math.max(lastTid + 1, nowTid);
  if (tid % MINUTES_PER_DAY === 1) tid += 1;
  if (tid > LAST_TID) throw new DomainError<VendingErrorCode>('tid-exhausted');
  if (tid > nowTid + maxRunAheadMinutes) throw new DomainError<VendingErrorCode>('tid-too-far-ahead');
  return tid;
}
