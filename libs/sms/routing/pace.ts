import type { SmsMessageClass } from '../sms-gateway';
import { CLASS_POLICY } from './class-policy';

/** What a gateway may be given, all processes together. */
export interface RateLimits {
  readonly gateway: string;
  readonly maxPerSecond: number;
  /** Over `CLASS_POLICY`: part of the rate by class, above 0, at most 1. */
  readonly shares?: Readonly<Partial<Record<SmsMessageClass, number>>>;
}

/** Leave for some messages, and how long to wait for more: 0 when all may go. */
export interface Leave {
  readonly granted: number;
  readonly waitMs: number;
}

/** Who may send how much now. Asking for leave uses it up. */
export interface SmsPace {
  take(limits: RateLimits, messageClass: SmsMessageClass, wanted: number): Promise<Leave>;
}

/** One of the two allowances that a message must find room in: its class's own, and the whole gateway's. */
export interface Allowance {
  readonly key: string;
  /** Milliseconds that one message pays for. */
  readonly eachMs: number;
  /** How far ahead of the clock the account may run. */
  readonly aheadMs: number;
}

const BURST_MS = 1_000;

/**
 * The allowances of a class at a gateway (the generic cell rate algorithm: an account is paid up to some instant, and
 * may run ahead of the clock by a bounded time). The class's own holds its share; the gateway's is common, and a class
 * that is not urgent finds it closed while there is still room for those that are.
 */
export function allowancesOf(
  { gateway, maxPerSecond, shares }: RateLimits,
  messageClass: SmsMessageClass,
): Allowance[] {
  const { share, headroom } = CLASS_POLICY[messageClass];
  const eachMs = 1_000 / maxPerSecond;
  const whole = { key: gateway, eachMs, aheadMs: Math.max(eachMs, BURST_MS * headroom) };
  if (messageClass === 'token') return [whole];
  const ownMs = eachMs / (shares?.[messageClass] ?? share);
  return [{ key: `${gateway}:${messageClass}`, eachMs: ownMs, aheadMs: Math.max(ownMs, BURST_MS * headroom) }, whole];
}

/**
 * What accounts paid up to these instants leave for now, all of them agreeing.
 *
 * @example leaveOf([{ key: 'a', eachMs: 100, aheadMs: 1000 }], [0], 5000, 50) // { granted: 10, waitMs: 100 }
 */
function leaveOf(
  allowances: readonly Allowance[],
  paidUntilMs: readonly number[],
  nowMs: number,
  wanted: number,
): Leave {
  let granted = wanted;
  let waitMs = 0;
  allowances.forEach(({ eachMs, aheadMs }, index) => {
    const aheadNowMs = Math.max(paidUntilMs[index]! - nowMs, 0);
    // A hair more, for what adding up fractions has lost.
    const room = Math.max(0, Math.floor((aheadMs - aheadNowMs) / eachMs + 1e-6));
    if (room < granted) granted = room;
  });
  if (granted === wanted) return { granted, waitMs };
  allowances.forEach(({ eachMs, aheadMs }, index) => {
    const paid = Math.max(paidUntilMs[index]!, nowMs) + (granted + 1) * eachMs;
    waitMs = Math.max(waitMs, paid - aheadMs - nowMs);
  });
  return { granted, waitMs: Math.max(1, Math.ceil(waitMs)) };
}

/** The pace of one process: what holds while Redis is away, and in tests. */
export class LocalPace implements SmsPace {
  private readonly paidUntilMs = new Map<string, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  take(limits: RateLimits, messageClass: SmsMessageClass, wanted: number): Promise<Leave> {
    const allowances = allowancesOf(limits, messageClass);
    const nowMs = this.now();
    const paid = allowances.map(({ key }) => this.paidUntilMs.get(key) ?? -Infinity);
    const leave = leaveOf(allowances, paid, nowMs, wanted);
    allowances.forEach(({ key, eachMs }, index) => {
      if (leave.granted > 0) this.paidUntilMs.set(key, Math.max(paid[index]!, nowMs) + leave.granted * eachMs);
    });
    return Promise.resolve(leave);
  }
}
