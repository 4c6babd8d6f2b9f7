import type { SmsGateway, SmsMessageClass, SmsOutcome, SmsRetryReason } from '../sms-gateway';

/** A gateway among others: which phones it serves, what it costs, and what it may be given. */
export interface SmsRoute {
  /** In rows, figures and logs: `default`. */
  readonly code: string;
  readonly gateway: SmsGateway;
  /** Beginnings of the numbers it serves, `88017`; none: every number. */
  readonly prefixes: readonly string[];
  /** Of one part, in paisa. */
  readonly costPaisa: number;
  /** Lower goes first, before cost is looked at. */
  readonly priority: number;
  /** All processes together; null: as fast as it takes them. */
  readonly maxPerSecond: number | null;
  readonly shares?: Readonly<Partial<Record<SmsMessageClass, number>>>;
  /** False when the gateway itself knows that it has no connection. */
  readonly connected?: () => boolean;
}

/** What says that the gateway, and not the message, is at fault. */
const GATEWAY_FAULTS: ReadonlySet<SmsRetryReason> = new Set([
  'gateway-unreachable',
  'gateway-timeout',
  'gateway-unreadable',
  'gateway-error',
  'gateway-configuration',
  'gateway-throttled',
]);

const PAUSE_MIN_MS = 5_000;
const PAUSE_MAX_MS = 60_000;

/** A route as its last calls left it: after a call that failed whole it stands back for a while, longer each time. */
export class RouteHealth {
  private failures = 0;
  private pausedUntilMs = -Infinity;
  private reason: SmsRetryReason | null = null;

  constructor(readonly route: SmsRoute) {}

  /** The same health under changed settings. */
  as(route: SmsRoute): RouteHealth {
    const same = new RouteHealth(route);
    [same.failures, same.pausedUntilMs, same.reason] = [this.failures, this.pausedUntilMs, this.reason];
    return same;
  }

  /** False while others should be tried first. */
  healthy(nowMs: number): boolean {
    return nowMs >= this.pausedUntilMs && this.route.connected?.() !== false;
  }

  /** Why it last failed; null when its last call went well. */
  get lastFault(): SmsRetryReason | null {
    return this.reason;
  }

  /** Reads a call's outcomes: one message that was taken, or refused by itself, proves that somebody is there. */
  learn(outcomes: readonly SmsOutcome[], nowMs: number): void {
    if (outcomes.length === 0) return;
    const faults = outcomes.flatMap((each) =>
      each.kind === 'retry-later' && GATEWAY_FAULTS.has(each.reason) ? [each.reason] : [],
    );
    if (faults.length < outcomes.length) {
      this.failures = 0;
      this.pausedUntilMs = -Infinity;
      this.reason = null;
      return;
    }
    this.reason = faults[0]!;
    this.pausedUntilMs = nowMs + Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 10);
  }
}

/**
 * The routes that serve a phone, the best first: healthy ones, then those of its operator's prefix, the longest first,
 * then by priority, by cost, and by name.
 *
 * @param nowMs null: whatever their health
 * @example routesFor(routes, '8801700000000', now).map(({ route }) => route.code) // ['gp-direct', 'default']
 */
export function routesFor(routes: readonly RouteHealth[], msisdn: string, nowMs: number | null): RouteHealth[] {
  const serving = routes.flatMap((health) => {
    const { prefixes, priority, costPaisa, code } = health.route;
    const fit =
      prefixes.length === 0 ? 0 : Math.max(-1, ...prefixes.map((p) => (msisdn.startsWith(p) ? p.length : -1)));
    if (fit < 0) return [];
    return [
      { health, order: [nowMs === null || health.healthy(nowMs) ? 0 : 1, -fit, priority, costPaisa] as const, code },
    ];
  });
  serving.sort((a, b) => {
    const differing = a.order.findIndex((value, index) => value !== b.order[index]);
    if (differing >= 0) return a.order[differing]! - b.order[differing]!;
    return a.code < b.code ? -1 : 1;
  });
  return serving.map(({ health }) => health);
}
