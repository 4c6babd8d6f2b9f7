import type { SmsGateway } from '../sms-gateway';
import { SmsHttpV3Gateway } from '../sms-http-v3';
import { SmppGateway, type InboundSms } from '../smpp';
import type { DeliveryBook } from '../messages/delivery-book';
import type { OpenedGateway } from '../store/gateways';
import type { SmsRoute } from './route';

/** What gateways tell besides outcomes. */
export interface FleetEvents {
  readonly book: DeliveryBook;
  /** A customer's message, by the gateway it came over; the centre brings it again when this rejects. */
  readonly onInbound?: (gateway: string, sms: InboundSms) => Promise<void>;
}

interface Ship {
  readonly record: OpenedGateway;
  readonly route: SmsRoute;
}

/**
 * The gateways of a process, made from their rows: one that has not changed keeps its connections, one that is gone or
 * changed is closed after what it is sending.
 *
 * @example const routes = fleet.sail(await openGateways(database, sealingSecret)); sms.use(routes)
 */
export class GatewayFleet {
  private ships = new Map<string, Ship>();

  constructor(private readonly events: FleetEvents) {}

  /** The routes of these rows. */
  sail(records: readonly OpenedGateway[]): SmsRoute[] {
    const before = this.ships;
    this.ships = new Map(
      records.map((record) => {
        const known = before.get(record.code);
        const ship = known && sameConnection(known.record, record) ? this.again(known, record) : this.build(record);
        return [record.code, ship];
      }),
    );
    for (const [code, { route }] of before) {
      if (this.ships.get(code)?.route.gateway !== route.gateway) void route.gateway.close();
    }
    return [...this.ships.values()].map(({ route }) => route);
  }

  private again(known: Ship, record: OpenedGateway): Ship {
    const { gateway, connected } = known.route;
    return { record, route: { ...termsOf(record), gateway, connected } };
  }

  private build(record: OpenedGateway): Ship {
    const { code } = record;
    if (record.profile === 'sms-http-v3') {
      const gateway = new SmsHttpV3Gateway({ ...record.settings, apiToken: record.secret });
      return { record, route: { ...termsOf(record), gateway } };
    }
    const { book, onInbound } = this.events;
    const smpp = new SmppGateway({
      links: [{ ...record.settings, name: code, password: record.secret }],
      onAccepted: (part) => book.accepted(part),
      onReceipt: (receipt) => book.receive(receipt),
      onInbound: onInbound && ((sms) => onInbound(code, sms)),
    });
    const connected = () => smpp.health().some(({ bound }) => bound > 0);
    return { record, route: { ...termsOf(record), gateway: storingParts(smpp, book), connected } };
  }
}

/** Says that a message is sent when its parts are stored, and not before. */
function storingParts(smpp: SmppGateway, book: DeliveryBook): SmsGateway {
  return {
    async sendMany(messages) {
      const outcomes = await smpp.sendMany(messages);
      await book.settled();
      return outcomes;
    },
    close: () => smpp.close(),
  };
}

function termsOf(record: OpenedGateway): Omit<SmsRoute, 'gateway' | 'connected'> {
  const { code, prefixes, costPaisa, priority, maxPerSecond, shares } = record;
  return { code, prefixes, costPaisa, priority, maxPerSecond, shares };
}

function sameConnection(a: OpenedGateway, b: OpenedGateway): boolean {
  return a.profile === b.profile && a.secret === b.secret && JSON.stringify(a.settings) === JSON.stringify(b.settings);
}
