import { endOutsideQuiet, parseQuietHours, type InstantMs } from '@vend/kernel';
import { totalOf, type Broadcast } from './broadcast';

/** How fast a notice leaves, and how long it may still take. */
export interface Pace {
  /** 0 to 100, whole. */
  readonly percent: number;
  /** Recipients a second while it was leaving; 0 before the first chunk. */
  readonly perSecond: number;
  /** Of leaving, quiet hours not counted; null when it is not leaving. */
  readonly secondsLeft: number | null;
  /** When the last one leaves, quiet hours counted; null when it is not leaving. */
  readonly endsAbout: InstantMs | null;
}

type Measured = Pick<
  Broadcast,
  'state' | 'recipients' | 'settled' | 'activeMs' | 'ratePerSecond' | 'quietHours' | 'startsAt'
>;

/**
 * Progress from the counts. Before the first chunk the time left is what the allowed rate makes it.
 *
 * @example paceOf(broadcast, Date.now()).secondsLeft // 840
 */
export function paceOf(broadcast: Measured, now: InstantMs): Pace {
  const { state, settled, activeMs, ratePerSecond } = broadcast;
  const total = totalOf(broadcast);
  const measured = activeMs === 0 ? 0 : (settled * 1_000) / activeMs;
  const perSecond = Math.min(measured === 0 ? ratePerSecond : measured, ratePerSecond);
  const pace = { percent: total === 0 ? 0 : Math.floor((settled * 100) / total), perSecond: round(measured) };
  if (state !== 'RUNNING' && state !== 'SCHEDULED') return { ...pace, secondsLeft: null, endsAbout: null };
  const leftMs = ((total - settled) * 1_000) / perSecond;
  const from = Math.max(now, broadcast.startsAt ?? now);
  return {
    ...pace,
    secondsLeft: Math.ceil(leftMs / 1_000),
    endsAbout: Math.ceil(endOutsideQuiet(parseQuietHours(broadcast.quietHours), from, leftMs)),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
