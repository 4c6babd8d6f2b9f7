import type { AskerTurns } from './store/phones';

/** Answers to one phone within an hour. */
export const HOUR_ANSWERS_MAX = 10;
/** Neutral sentences to one phone within a day: they cost money and say nothing. */
export const DAY_NEUTRAL_MAX = 3;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Whether a phone is answered once more, and what it has had then; null: it has had enough. Hours and days begin with the
 * first answer of each.
 *
 * @example nextTurn(turns, 'neutral', new Date())?.dayNeutral // 1
 */
export function nextTurn(turns: AskerTurns, answer: 'full' | 'neutral', now: Date): AskerTurns | null {
  const fresh = <T extends object>(from: Date, lengthMs: number, anew: T): T | undefined =>
    now.getTime() - from.getTime() >= lengthMs ? anew : undefined;
  const { hourFrom, hourAnswers } = fresh(turns.hourFrom, HOUR_MS, { hourFrom: now, hourAnswers: 0 }) ?? turns;
  const { dayFrom, dayNeutral } = fresh(turns.dayFrom, DAY_MS, { dayFrom: now, dayNeutral: 0 }) ?? turns;
  const neutral = answer === 'neutral' ? 1 : 0;
  if (hourAnswers >= HOUR_ANSWERS_MAX || dayNeutral + neutral > DAY_NEUTRAL_MAX) return null;
  return { hourFrom, hourAnswers: hourAnswers + 1, dayFrom, dayNeutral: dayNeutral + neutral };
}
