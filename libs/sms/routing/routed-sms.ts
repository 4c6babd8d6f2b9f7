import { checkCsmsId, faultOf } from '../message-checks';
import type { SmsGateway, SmsMessage, SmsMessageClass, SmsOutcome } from '../sms-gateway';
import { systemClock, type SmppClock } from '../smpp/clock';
import { CLASS_POLICY, CLASSES } from './class-policy';
import { SentMemory } from './sent-memory';
import type { SmsPace } from './pace';
import { RouteHealth, routesFor, type SmsRoute } from './route';

/** A message, and what an earlier process knows of it. */
export interface RoutedMessage extends SmsMessage {
  /** The gateway that may have taken it, or has, and for how long it has been tried. */
  readonly before?: { readonly gateway: string; readonly forMs: number };
}

/** What became of a message, and by whom. */
export interface RoutedOutcome {
  readonly outcome: SmsOutcome;
  /** Who was tried last; null when nobody was. */
  readonly gateway: string | null;
  /** Another than the first choice. */
  readonly escalated: boolean;
  /** For `rate-share`: how long until there is room. */
  readonly waitMs?: number;
}

export interface RoutedSmsOptions {
  readonly pace: SmsPace;
  /** How long a call waits for room under a rate before it gives messages back. Default 1500. */
  readonly patienceMs?: number;
  /** Messages remembered with their gateway. Default 100 000. */
  readonly rememberMax?: number;
  readonly clock?: SmppClock;
}

/** How a route is, for a health page. */
export interface RouteReport {
  readonly gateway: string;
  readonly healthy: boolean;
  /** Why its last call failed; null when it went well. */
  readonly lastFault: string | null;
}

interface Way {
  readonly message: RoutedMessage;
  readonly candidates: readonly RouteHealth[];
  readonly firstChoice: RouteHealth | undefined;
  tried: number;
}

const CALL_MAX = 100;

/**
 * Several gateways as one: the `SmsGateway` contract over routes chosen by the phone's prefix, health, priority and
 * cost. A message that a gateway has certainly not taken goes on to the next at once. One that may have been taken stays
 * with its gateway, which knows it again, until the time of its class is over; then, since none is worse than two, it
 * goes by another. Rates hold for each gateway and each class; a class in no hurry leaves room for tokens.
 *
 * @throws {RangeError} from `sendMany` and `deliver` for a `csmsId` that is empty or longer than 20
 * @example
 * const sms = new RoutedSms({ pace: new RedisPace(redis) });
 * sms.use([{ code: 'default', gateway, prefixes: [], costPaisa: 25, priority: 0, maxPerSecond: 100 }]);
 * const [{ outcome, gateway }] = await sms.deliver([{ csmsId, msisdn, text, messageClass: 'token' }]);
 */
export class RoutedSms implements SmsGateway {
  private routes: RouteHealth[] = [];
  private readonly memory: SentMemory;
  private readonly clock: SmppClock;
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly options: RoutedSmsOptions) {
    this.clock = options.clock ?? systemClock;
    this.memory = new SentMemory(options.rememberMax ?? 100_000);
  }

  /** The routes from now on; one whose gateway is the same object keeps its health. */
  use(routes: readonly SmsRoute[]): void {
    this.routes = routes.map((route) => {
      const known = this.routes.find((health) => health.route.gateway === route.gateway);
      return known ? known.as(route) : new RouteHealth(route);
    });
  }

  async sendMany(messages: readonly SmsMessage[]): Promise<SmsOutcome[]> {
    return (await this.deliver(messages)).map(({ outcome }) => outcome);
  }

  /** One outcome for each message, in their order. */
  async deliver(messages: readonly RoutedMessage[]): Promise<RoutedOutcome[]> {
    messages.forEach(checkCsmsId);
    const running = this.deliverAll(messages);
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }

  /** True when no gateway knows itself to be without a connection. */
  connected(): boolean {
    return this.routes.every(({ route }) => route.connected?.() !== false);
  }

  report(): RouteReport[] {
    const nowMs = this.clock.now();
    return this.routes.map((health) => ({
      gateway: health.route.code,
      healthy: health.healthy(nowMs),
      lastFault: health.lastFault,
    }));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.running);
    await Promise.all(this.routes.map(({ route }) => route.gateway.close()));
  }

  private async deliverAll(messages: readonly RoutedMessage[]): Promise<RoutedOutcome[]> {
    const outcomes = new Map<string, RoutedOutcome>();
    let open: Way[] = [];
    for (const message of new Map(messages.map((each) => [each.csmsId, each])).values()) {
      const { csmsId } = message;
      const reason = faultOf(message);
      const way = this.wayOf(message);
      if (reason)
        outcomes.set(csmsId, { outcome: { csmsId, kind: 'refused', reason }, gateway: null, escalated: false });
      else if (way.candidates.length > 0) open.push(way);
      else outcomes.set(csmsId, nobody(csmsId));
    }
    while (open.length > 0) {
      await Promise.all(
        [...byRoute(open)].map(async ([health, ways]) => {
          for (const routed of await this.sendBy(health, ways)) outcomes.set(routed.outcome.csmsId, routed);
        }),
      );
      open = open.filter((way) => {
        way.tried += 1;
        const { outcome } = outcomes.get(way.message.csmsId)!;
        return way.tried < way.candidates.length && mayGoOn(outcome, way.message.messageClass ?? 'token');
      });
    }
    return messages.map(({ csmsId }) => outcomes.get(csmsId)!);
  }

  /** Whom to ask, in order. */
  private wayOf(message: RoutedMessage): Way {
    const { csmsId, msisdn, messageClass = 'token', before } = message;
    const nowMs = this.clock.now();
    const candidates = routesFor(this.routes, msisdn, nowMs);
    const firstChoice = routesFor(this.routes, msisdn, null)[0];
    const known =
      this.memory.find(csmsId) ?? (before && { gateway: before.gateway, sinceMs: nowMs - before.forMs, taken: false });
    const keeper = known && candidates.find(({ route }) => route.code === known.gateway);
    if (!keeper) return { message, candidates, firstChoice, tried: 0 };
    const keeps = known.taken || nowMs - known.sinceMs < CLASS_POLICY[messageClass].escalateAfterMs;
    const others = candidates.filter((each) => each !== keeper);
    return { message, candidates: keeps ? [keeper] : [...others, keeper], firstChoice, tried: 0 };
  }

  private async sendBy(health: RouteHealth, ways: readonly Way[]): Promise<RoutedOutcome[]> {
    const routed: RoutedOutcome[] = [];
    for (const messageClass of CLASSES) {
      const line = ways.filter(({ message }) => (message.messageClass ?? 'token') === messageClass);
      if (line.length > 0) routed.push(...(await this.sendLine(health, messageClass, line)));
    }
    return routed;
  }

  /** Messages of one class by one route, as fast as their rate lets them. */
  private async sendLine(
    health: RouteHealth,
    messageClass: SmsMessageClass,
    line: readonly Way[],
  ): Promise<RoutedOutcome[]> {
    const { route } = health;
    const untilMs = this.clock.now() + (this.options.patienceMs ?? 1_500);
    const routed: RoutedOutcome[] = [];
    while (routed.length < line.length) {
      const rest = line.slice(routed.length);
      const { granted, waitMs } = await this.leave(route, messageClass, rest.length);
      if (granted > 0) routed.push(...(await this.call(health, rest.slice(0, granted))));
      if (routed.length === line.length) break;
      if (this.clock.now() + waitMs > untilMs) {
        const late = line.slice(routed.length);
        routed.push(...late.map((way) => ({ ...said(way, health, rateShare(way.message.csmsId)), waitMs })));
      } else if (waitMs > 0) {
        await new Promise<void>((resolve) => void this.clock.after(waitMs, resolve));
      }
    }
    return routed;
  }

  private leave({ code, maxPerSecond, shares }: SmsRoute, messageClass: SmsMessageClass, wanted: number) {
    if (maxPerSecond === null) return { granted: wanted, waitMs: 0 };
    const most = Math.min(wanted, CALL_MAX);
    return this.options.pace.take({ gateway: code, maxPerSecond, shares }, messageClass, most);
  }

  private async call(health: RouteHealth, ways: readonly Way[]): Promise<RoutedOutcome[]> {
    const outcomes = await health.route.gateway.sendMany(ways.map(({ message }) => message));
    const nowMs = this.clock.now();
    health.learn(outcomes, nowMs);
    for (const outcome of outcomes) this.memory.note(outcome, health.route.code, nowMs);
    return outcomes.map((outcome, index) => said(ways[index]!, health, outcome));
  }
}

function said(way: Way, health: RouteHealth, outcome: SmsOutcome): RoutedOutcome {
  return { outcome, gateway: health.route.code, escalated: health !== way.firstChoice };
}

function rateShare(csmsId: string): SmsOutcome {
  return { csmsId, kind: 'retry-later', reason: 'rate-share', maybeAccepted: false };
}

function nobody(csmsId: string): RoutedOutcome {
  const outcome: SmsOutcome = { csmsId, kind: 'retry-later', reason: 'gateway-configuration', maybeAccepted: false };
  return { outcome, gateway: null, escalated: false };
}

/** True when another gateway may be asked at once: this one has certainly not taken the message. */
function mayGoOn(outcome: SmsOutcome, messageClass: SmsMessageClass): boolean {
  if (outcome.kind === 'refused') return outcome.reason === 'gateway-refused';
  if (outcome.kind !== 'retry-later' || outcome.maybeAccepted) return false;
  // A token overflows to a gateway that may cost more; what can wait waits.
  return outcome.reason !== 'rate-share' || messageClass === 'token';
}

function byRoute(ways: readonly Way[]): Map<RouteHealth, Way[]> {
  const groups = new Map<RouteHealth, Way[]>();
  for (const way of ways) {
    const health = way.candidates[way.tried]!;
    groups.set(health, [...(groups.get(health) ?? []), way]);
  }
  return groups;
}
