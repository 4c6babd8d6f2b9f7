import { idFromBytes, idToBytes } from '@vend/kernel';
import { isDuplicate, type Database, type Row, type Tx } from '@vend/platform';
import { planBatch, type CustomerRecord, type ImportPlan, type Known, type KnownMeter } from '../import/plan';
import type { ImportRow } from '../import/row';

/** Times that a batch is planned again because somebody else stored the same customer or meter meanwhile. */
const RACES_MAX = 3;

/**
 * Stores a batch of valid rows in one transaction and says what it did. Running it again does nothing more.
 *
 * @throws {CommitOutcomeUnknown} when the connection died on COMMIT; importing the file again is safe
 */
export async function storeBatch(database: Database, rows: readonly ImportRow[], nowMs: number): Promise<ImportPlan> {
  for (let race = 0; ; race++) {
    try {
      return await database.transaction(async (tx) => {
        const plan = planBatch(rows, await loadKnown(tx, rows), nowMs);
        await writePlan(tx, plan, new Date(nowMs));
        return plan;
      });
    } catch (error) {
      if (race === RACES_MAX || !isDuplicate(error)) throw error;
    }
  }
}

async function loadKnown(tx: Tx, rows: readonly ImportRow[]): Promise<Known> {
  if (rows.length === 0) return { customers: new Map(), meters: new Map() };
  // Meters before customers: each statement sees what is committed by then, so a meter that another import has
  // just stored is never seen without its customer. The other way round the unique keys catch it, and we read anew.
  const meters = await tx.query(
    `SELECT m.id, m.connection_id, m.pan, m.drn, m.owner, m.crediting, m.installed_on,
       m.ea, m.sgc, m.krn, m.ti, m.kt, m.ken, m.base_date,
       n.customer_id, n.tariff_class, n.phase, n.sanctioned_w
     FROM meters m JOIN connections n ON n.id = m.connection_id WHERE m.pan IN (?)`,
    [rows.map((row) => row.meterNo.pan)],
  );
  const former = await tx.query(
    `SELECT k.meter_id, m.ea, k.from_sgc AS sgc, k.from_krn AS krn, k.from_ti AS ti, k.from_kt AS kt,
       k.from_ken AS ken, k.from_base_date AS base_date
     FROM meters m JOIN key_changes k ON k.meter_id = m.id AND k.state IN ('ISSUED', 'CONFIRMED')
     WHERE m.pan IN (?)`,
    [rows.map((row) => row.meterNo.pan)],
  );
  const customers = await tx.query(
    'SELECT id, customer_no, name, mobile, address, office, language FROM customers WHERE customer_no IN (?)',
    [[...new Set(rows.map((row) => row.customerNo))]],
  );
  return {
    customers: new Map(customers.map((row) => [row['customer_no'] as string, customerOf(row)])),
    meters: new Map(meters.map((row) => [row['pan'] as string, knownMeterOf(row, former)])),
  };
}

async function writePlan(tx: Tx, plan: ImportPlan, now: Date): Promise<void> {
  await insert(
    tx,
    'customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at)',
    plan.newCustomers.map((c) => customerValues(c, now)),
  );
  await insert(
    tx,
    'connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at)',
    plan.newConnections.map((n) => [
      idToBytes(n.id),
      idToBytes(n.customerId),
      n.tariffClass,
      n.phase,
      n.sanctionedW,
      now,
      now,
    ]),
  );
  await insert(
    tx,
    `meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken, base_date,
       created_at, updated_at)`,
    plan.newMeters.map(({ keys, ...m }) => [
      idToBytes(m.id),
      idToBytes(m.connectionId),
      m.pan,
      m.drn,
      m.owner,
      m.crediting,
      m.installedOn,
      keys.ea,
      keys.sgc,
      keys.krn,
      keys.ti,
      keys.kt,
      keys.ken,
      keys.baseDate,
      now,
      now,
    ]),
  );
  // The row that every vend locks is there from the first day, so that a lock never has to make it.
  await insert(
    tx,
    'meter_states (meter_id, charged_through)',
    plan.newMeters.map((m) => [idToBytes(m.id), m.chargedThrough]),
  );
  await writeChanges(tx, plan, now);
}

/** Changes are few beside insertions, so one statement each; in id order, as every lock of many rows. */
async function writeChanges(tx: Tx, plan: ImportPlan, now: Date): Promise<void> {
  for (const c of inIdOrder([...plan.changedCustomers.values()])) {
    await tx.write(
      'UPDATE customers SET name = ?, mobile = ?, address = ?, office = ?, language = ?, updated_at = ? WHERE id = ?',
      [c.name, c.mobile, c.address, c.office, c.language, now, idToBytes(c.id)],
    );
  }
  for (const n of inIdOrder(plan.changedConnections)) {
    await tx.write(
      'UPDATE connections SET tariff_class = ?, phase = ?, sanctioned_w = ?, updated_at = ? WHERE id = ?',
      [n.tariffClass, n.phase, n.sanctionedW, now, idToBytes(n.id)],
    );
  }
  for (const m of inIdOrder(plan.changedMeters)) {
    await tx.write('UPDATE meters SET owner = ?, installed_on = ?, updated_at = ? WHERE id = ?', [
      m.owner,
      m.installedOn,
      now,
      idToBytes(m.id),
    ]);
  }
}

async function insert(tx: Tx, table: string, rows: readonly (readonly unknown[])[]): Promise<void> {
  if (rows.length > 0) await tx.write(`INSERT INTO ${table} VALUES ?`, [rows]);
}

function inIdOrder<T extends { readonly id: string }>(records: readonly T[]): T[] {
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function customerValues(c: CustomerRecord, now: Date): unknown[] {
  return [idToBytes(c.id), c.customerNo, c.name, c.mobile, c.address, c.office, c.language, now, now];
}

function customerOf(row: Row): CustomerRecord {
  return {
    id: idFromBytes(row['id'] as Buffer),
    customerNo: row['customer_no'] as string,
    name: row['name'] as string,
    mobile: row['mobile'] as string | null,
    address: row['address'] as string,
    office: row['office'] as string,
    language: row['language'] as CustomerRecord['language'],
  };
}

function knownMeterOf(row: Row, former: readonly Row[]): KnownMeter {
  const connectionId = idFromBytes(row['connection_id'] as Buffer);
  return {
    connection: {
      id: connectionId,
      customerId: idFromBytes(row['customer_id'] as Buffer),
      tariffClass: row['tariff_class'] as string,
      phase: row['phase'] as 1 | 3,
      sanctionedW: BigInt(row['sanctioned_w'] as number),
    },
    meter: {
      id: idFromBytes(row['id'] as Buffer),
      connectionId,
      pan: row['pan'] as string,
      drn: row['drn'] as string,
      owner: row['owner'] as KnownMeter['meter']['owner'],
      crediting: row['crediting'] as KnownMeter['meter']['crediting'],
      installedOn: row['installed_on'] as string,
      keys: keysOf(row),
    },
    formerKeys: former.filter((each) => (row['id'] as Buffer).equals(each['meter_id'] as Buffer)).map(keysOf),
  };
}

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
