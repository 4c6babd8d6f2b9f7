import { dhakaDay, idFromBytes, idToBytes, startOfDay, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import type { MeterState } from '../meters';
import { lockMeterStates, saveCharging } from '../store/meter-states';
import { withFormerTerms, type Terms } from './charging';
import type { ConnectionContent, MeterContent } from './history';
import { holdConnection, metersOf, type StandingConnection, type StandingMeter } from './store/records';
import { changeConnection } from './store/writes';

/** A connection with its meter, held against every vend and every other change until the end of the transaction. */
export interface HeldConnection {
  readonly connection: StandingConnection;
  /** On the wall; undefined: none. */
  readonly meter: StandingMeter | undefined;
  readonly state: MeterState | undefined;
}

/**
 * Locks a connection: the state of its meter first, as every vend does, then the connection's own row. What was to
 * count from a day that has come is written down on the way, so that the caller changes what holds now.
 *
 * @throws {DomainError} connection-not-found
 * @example const { connection, state } = await holdSupply(tx, connectionId, now);
 */
export async function holdSupply(tx: Tx, connectionId: Id, at: InstantMs): Promise<HeldConnection> {
  const known = await metersOf(tx, [connectionId]);
  await lockMeterStates(
    tx,
    known.map(({ recordId }) => recordId),
  );
  const connection = await holdConnection(tx, connectionId);
  // Read again: whoever replaced the meter meanwhile has committed by now.
  const meter = (await metersOf(tx, [connectionId])).find(({ content }) => content.status === 'active');
  const state = meter && (await lockMeterStates(tx, [meter.recordId])).get(meter.recordId);
  return settleTerms(tx, { connection, meter, state }, at);
}

/** What fixed charges of the time before a change are reckoned by. */
export function termsOf(connection: ConnectionContent, meter: MeterContent): Terms {
  const { tariffClass, phase, sanctionedW } = connection;
  return { tariffClass, phase, sanctionedW: BigInt(sanctionedW), meterOwner: meter.owner };
}

async function settleTerms(tx: Tx, held: HeldConnection, at: InstantMs): Promise<HeldConnection> {
  const { connection, meter, state } = held;
  const { next, content } = connection;
  if (next === null || dhakaDay(at) < next.from) return held;
  const to = { ...content, tariffClass: next.tariffClass, sanctionedW: next.sanctionedW.toString() };
  const note = { at: startOfDay(next.from), by: next.by, reason: next.reason };
  const settled = await changeConnection(tx, connection, to, null, note);
  if (!meter || !state) return { ...held, connection: settled };
  const charging = withFormerTerms(state.charging, termsOf(content, meter.content), next.from);
  await saveCharging(tx, meter.recordId, charging);
  return { connection: settled, meter, state: { ...state, charging } };
}

const PAGE = 200;

/**
 * Writes down every change of load or class whose day has come. Prices reckon with it already; this is for lists,
 * reports and the history. Any number of processes may, and any of them may die.
 *
 * @returns how many connections it moved
 * @example await settleDueTerms(database, Date.now());
 */
export async function settleDueTerms(database: Database, at: InstantMs): Promise<number> {
  for (let moved = 0; ;) {
    const due = await database.read<{ id: Buffer }>('SELECT id FROM connections WHERE next_from <= ? LIMIT ?', [
      dhakaDay(at),
      PAGE,
    ]);
    for (const { id } of due) await database.transaction((tx) => holdSupply(tx, idFromBytes(id), at));
    moved += due.length;
    if (due.length < PAGE) return moved;
  }
}

/** The connection of a meter, wherever it hangs. */
export async function connectionIdOf(reader: Pick<Tx, 'query'>, meterId: Id): Promise<Id | undefined> {
  const [row] = await reader.query<{ connection_id: Buffer }>('SELECT connection_id FROM meters WHERE id = ?', [
    idToBytes(meterId),
  ]);
  return row && idFromBytes(row.connection_id);
}
