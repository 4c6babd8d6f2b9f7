import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { counter, type Database } from '@vend/platform';
import {
  DeliveryBook,
  GatewayFleet,
  openGateways,
  RedisPace,
  reportHealth,
  RoutedSms,
  type InboundSms,
  type OpenedGateway,
} from '@vend/sms';

/** How soon a changed gateway is used, and how often workers say how they see them. */
const LOOK_EVERY_MS = 10_000;
/** A gateway that takes longer to connect is away: the others begin without it. */
const CONNECTED_WITHIN_MS = 5_000;
const CONNECTED_LOOK_MS = 50;

export interface SmsRoutesSettings {
  readonly sealingSecret: Buffer;
  /** Used while the table has no gateway at all. */
  readonly fallback: OpenedGateway;
  /** A customer's message; the centre brings it again when this rejects. */
  readonly onInbound?: (gateway: string, sms: InboundSms) => Promise<void>;
}

/** The gateways of this process, kept as their rows say: changed without a restart. */
export class SmsRoutes {
  readonly sms: RoutedSms;
  private readonly fleet: GatewayFleet;
  private readonly worker = randomUUID();
  private readonly looks = counter('vend_sms_gateway_looks_total', 'Times the gateways were read anew', ['outcome']);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    redis: Redis,
    private readonly settings: SmsRoutesSettings,
    private readonly log: Logger,
  ) {
    const book = new DeliveryBook(database, (error) => log.warn({ err: error }, 'a part could not be stored'));
    this.fleet = new GatewayFleet({ book, onInbound: settings.onInbound });
    this.sms = new RoutedSms({ pace: new RedisPace(redis) });
  }

  /**
   * Reads the gateways, then again and again. Connections have a moment to come up first: what a worker that died had
   * given to one of them should go there again, where it is known.
   */
  async start(): Promise<void> {
    await this.look();
    const deadlineMs = performance.now() + CONNECTED_WITHIN_MS;
    while (!this.sms.connected() && performance.now() < deadlineMs) await pause(CONNECTED_LOOK_MS);
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.sms.close();
  }

  /** Without the database the gateways stay as they are. */
  private async look(): Promise<void> {
    try {
      const { opened, any } = await openGateways(this.database, this.settings.sealingSecret);
      this.sms.use(this.fleet.sail(any ? opened : [this.settings.fallback]));
      await this.database.transaction((tx) => reportHealth(tx, this.worker, this.sms.report(), new Date()));
      this.looks.inc({ outcome: 'read' });
    } catch (error) {
      this.looks.inc({ outcome: 'failed' });
      this.log.warn({ err: error }, 'the SMS gateways could not be read; trying again');
    }
  }
}

/** The gateway of the settings, for a table that has none. */
export function fallbackGateway(baseUrl: string, apiToken: string, sid: string): OpenedGateway {
  return {
    ...{ code: 'default', profile: 'sms-http-v3', settings: { baseUrl, sid }, secret: apiToken, prefixes: [] },
    ...{ costPaisa: 0, priority: 0, maxPerSecond: null, enabled: true, version: 0 },
    ...{ changedBy: 'settings', changedAt: new Date(0) },
  };
}
