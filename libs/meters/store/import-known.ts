import { idFromBytes, type Id } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { Known, KnownCustomer, KnownMeter } from '../import/plan';
import type { ImportRow } from '../import/row';

/** What the database holds of the customers and meters in these rows. */
export async function loadKnown(reader: Reader, rows: readonly ImportRow[]): Promise<Known> {
  if (rows.length === 0) return { customers: new Map(), meters: new Map() };
  // Meters before customers: each statement sees what is committed by then, so a meter that another import has
  // just stored is never seen without its customer. The other way round the unique keys catch it, and we read anew.
  const [meters, customers] = await Promise.all([
    reader.read(
      `SELECT m.id, m.connection_id, m.pan, m.drn, m.status, m.owner, m.crediting, m.installed_on, m.rent_until,
         m.model_id, m.closed_on, m.ea, m.sgc, m.krn, m.ti, m.kt, m.ken, m.base_date, m.updated_at,
         n.customer_id, n.address, n.tariff_class, n.phase, n.sanctioned_w, n.supply, n.disconnected_on,
         n.updated_at AS connection_updated_at
       FROM meters m JOIN connections n ON n.id = m.connection_id WHERE m.pan IN (?)`,
      [rows.map((row) => row.meterNo.pan)],
    ),
    reader.read(
      `SELECT id, customer_no, name, mobile, address, office, language, closed_on, updated_at
       FROM customers WHERE customer_no IN (?)`,
      [[...new Set(rows.map((row) => row.customerNo))]],
    ),
  ]);
  const former = await formerKeys(reader, meters);
  return {
    customers: new Map(customers.map((row) => [row['customer_no'] as string, customerOf(row)])),
    meters: new Map(
      meters.map((row) => [
        row['pan'] as string,
        knownMeterOf(row, former.get(idFromBytes(row['id'] as Buffer)) ?? []),
      ]),
    ),
  };
}

async function formerKeys(reader: Reader, meters: readonly Row[]): Promise<Map<Id, KnownMeter['meter']['keys'][]>> {
  const byMeter = new Map<Id, KnownMeter['meter']['keys'][]>();
  if (meters.length === 0) return byMeter;
  const rows = await reader.read(
    `SELECT k.meter_id, m.ea, k.from_sgc AS sgc, k.from_krn AS krn, k.from_ti AS ti, k.from_kt AS kt,
       k.from_ken AS ken, k.from_base_date AS base_date
     FROM key_changes k JOIN meters m ON m.id = k.meter_id
     WHERE k.meter_id IN (?) AND k.state IN ('ISSUED', 'CONFIRMED')`,
    [meters.map((row) => row['id'])],
  );
  for (const row of rows) {
    const id = idFromBytes(row['meter_id'] as Buffer);
    byMeter.set(id, [...(byMeter.get(id) ?? []), keysOf(row)]);
  }
  return byMeter;
}

function customerOf(row: Row): KnownCustomer {
  const written = {
    name: row['name'] as string,
    mobile: row['mobile'] as string | null,
    address: row['address'] as string,
    office: row['office'] as string,
    language: row['language'] as KnownCustomer['language'],
  };
  return {
    ...written,
    id: idFromBytes(row['id'] as Buffer),
    customerNo: row['customer_no'] as string,
    since: timeOf(row['updated_at']),
    content: () => ({ ...written, closedOn: row['closed_on'] as string | null }),
  };
}

function knownMeterOf(row: Row, formerKeys: KnownMeter['formerKeys']): KnownMeter {
  return { connection: connectionOf(row), meter: meterOf(row), formerKeys };
}

function connectionOf(row: Row): KnownMeter['connection'] {
  const terms = { tariffClass: row['tariff_class'] as string, phase: row['phase'] as 1 | 3 };
  const sanctionedW = BigInt(row['sanctioned_w'] as number);
  return {
    ...terms,
    sanctionedW,
    id: idFromBytes(row['connection_id'] as Buffer),
    customerId: idFromBytes(row['customer_id'] as Buffer),
    since: timeOf(row['connection_updated_at']),
    content: () => ({
      ...terms,
      sanctionedW: String(sanctionedW),
      address: row['address'] as string | null,
      supply: row['supply'] as 'connected' | 'disconnected' | 'closed',
      disconnectedOn: row['disconnected_on'] as string | null,
    }),
  };
}

function meterOf(row: Row): KnownMeter['meter'] {
  const keys = keysOf(row);
  const status = row['status'] as KnownMeter['meter']['status'];
  const modelId = row['model_id'] as Buffer | null;
  const fitted = {
    owner: row['owner'] as KnownMeter['meter']['owner'],
    crediting: row['crediting'] as KnownMeter['meter']['crediting'],
    installedOn: row['installed_on'] as string,
  };
  return {
    ...fitted,
    keys,
    status,
    connectionId: idFromBytes(row['connection_id'] as Buffer),
    id: idFromBytes(row['id'] as Buffer),
    pan: row['pan'] as string,
    drn: row['drn'] as string,
    since: timeOf(row['updated_at']),
    content: () => ({
      ...fitted,
      ...keys,
      rentUntil: row['rent_until'] as string | null,
      modelId: modelId && idFromBytes(modelId),
      status,
      closedOn: row['closed_on'] as string | null,
    }),
  };
}

const timeOf = (value: unknown): number => (value as Date).getTime();

function keysOf(row: Row): KnownMeter['meter']['keys'] {
  return {
    ea: row['ea'] as '07' | '11',
    sgc: row['sgc'] as string,
    krn: row['krn'] as number,
    ti: row['ti'] as string,
    kt: row['kt'] as 0 | 1 | 2 | 3,
    ken: row['ken'] as number,
    baseDate: row['base_date'] as 1993 | 2014 | 2035,
  };
}
