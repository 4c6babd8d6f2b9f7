import { dhakaDay, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import type { RecordVersion } from './history';
import type { StoredModel } from './models';
import { readHistory } from './store/history';
import { loadMeterModels } from './store/models';
import {
  connectionById,
  connectionsOf,
  customerById,
  findCustomer,
  meterByPan,
  metersOf,
  peopleOf,
  type StandingConnection,
  type StandingCustomer,
  type StandingMeter,
  type StandingPerson,
} from './store/records';

/** A connection with everything that hangs on it. */
export interface ConnectionCard {
  readonly connection: StandingConnection;
  /** The one on the wall first, then the former ones. */
  readonly meters: readonly StandingMeter[];
  readonly people: readonly StandingPerson[];
}

export interface CustomerCard {
  readonly customer: StandingCustomer;
  readonly connections: readonly ConnectionCard[];
}

export interface WholeMeterCard {
  readonly customer: StandingCustomer;
  readonly connection: StandingConnection;
  readonly meter: StandingMeter;
  readonly model: StoredModel | undefined;
  readonly people: readonly StandingPerson[];
}

/** The versions of a meter, of the connection it hangs on, and of its customer. */
export interface MeterHistory {
  readonly meter: readonly RecordVersion<'meter'>[];
  readonly connection: readonly RecordVersion<'connection'>[];
  readonly customer: readonly RecordVersion<'customer'>[];
}

/** What the office sees of customers, connections and meters: now, and as they were. */
export class LifeCards {
  private readonly reader: Pick<Tx, 'query'>;

  constructor(
    database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.reader = { query: (sql, parameters) => database.read(sql, parameters) };
  }

  /** @example (await cards.customer('40000001'))?.connections[0]?.meters[0]?.pan */
  async customer(customerNo: string): Promise<CustomerCard | undefined> {
    const customer = await findCustomer(this.reader, customerNo);
    if (!customer) return undefined;
    const connections = await connectionsOf(this.reader, customer.recordId);
    const ids = connections.map(({ recordId }) => recordId);
    const [meters, people] = await Promise.all([metersOf(this.reader, ids), peopleOf(this.reader, ids)]);
    const cards = connections.map((connection): ConnectionCard => ({
      connection: this.asOfToday(connection),
      meters: meters
        .filter(({ connectionId }) => connectionId === connection.recordId)
        .sort((a, b) => Number(b.content.status === 'active') - Number(a.content.status === 'active')),
      people: people.filter(({ connectionId }) => connectionId === connection.recordId),
    }));
    return { customer, connections: cards };
  }

  /** @param pan 18 digits */
  async meter(pan: string): Promise<WholeMeterCard | undefined> {
    const meter = await meterByPan(this.reader, pan);
    if (!meter) return undefined;
    const connection = await connectionById(this.reader, meter.connectionId);
    const [customer, people, models] = await Promise.all([
      customerById(this.reader, connection.customerId),
      peopleOf(this.reader, [connection.recordId]),
      loadMeterModels(this.reader, [meter.recordId]),
    ]);
    return { customer, connection: this.asOfToday(connection), meter, model: models.get(meter.recordId), people };
  }

  async history({ meter, connection, customer }: WholeMeterCard): Promise<MeterHistory> {
    const [ofMeter, ofConnection, ofCustomer] = await Promise.all([
      readHistory<'meter'>(this.reader, meter),
      readHistory<'connection'>(this.reader, connection),
      readHistory<'customer'>(this.reader, customer),
    ]);
    return { meter: ofMeter, connection: ofConnection, customer: ofCustomer };
  }

  customerHistory(customer: StandingCustomer): Promise<RecordVersion<'customer'>[]> {
    return readHistory(this.reader, customer);
  }

  connectionHistory(connection: StandingConnection): Promise<RecordVersion<'connection'>[]> {
    return readHistory(this.reader, connection);
  }

  /** Load and class count from their day on, whether or not they have been written down. */
  private asOfToday(connection: StandingConnection): StandingConnection {
    const { next, content } = connection;
    if (next === null || dhakaDay(this.now()) < next.from) return connection;
    const terms = { tariffClass: next.tariffClass, sanctionedW: next.sanctionedW.toString() };
    return { ...connection, next: null, content: { ...content, ...terms } };
  }
}
