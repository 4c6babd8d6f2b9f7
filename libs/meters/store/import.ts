import { idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { planBatch, type CustomerRecord, type ImportPlan } from '../import/plan';
import type { ImportRow } from '../import/row';
import { keepFormer } from '../life/store/history';
import { indexCustomers, reindexCustomers } from './customer-words';
import { loadKnown } from './import-known';

/** Times that a batch is planned again because somebody else stored the same customer or meter meanwhile. */
const RACES_MAX = 3;

/** Who changes records by an import, and when: what their history says of it. */
export interface ImportedBy {
  readonly by: string;
  readonly nowMs: InstantMs;
}

/**
 * Stores a batch of valid rows in one transaction and says what it did. Running it again does nothing more.
 *
 * @param alongside what else belongs into the transaction
 * @throws {CommitOutcomeUnknown} when the connection died on COMMIT; importing the file again is safe
 */
export async function storeBatch(
  database: Database,
  rows: readonly ImportRow[],
  imported: ImportedBy,
  alongside: (tx: Tx, plan: ImportPlan) => Promise<void> = () => Promise.resolve(),
): Promise<ImportPlan> {
  for (let race = 0; ; race++) {
    try {
      return await database.transaction(async (tx) => {
        const plan = await planned(tx, rows, imported.nowMs);
        // Sent together, in this order: what refers to a row comes after it.
        await Promise.all([...inserts(tx, plan, new Date(imported.nowMs)), alongside(tx, plan)]);
        await writeChanges(tx, plan, imported);
        return plan;
      });
    } catch (error) {
      if (race === RACES_MAX || !isDuplicate(error)) throw error;
    }
  }
}

/** What is to be changed is locked and looked at again: between the look and the change somebody may have changed it. */
async function planned(tx: Tx, rows: readonly ImportRow[], nowMs: number): Promise<ImportPlan> {
  const plan = planBatch(rows, await loadKnown(tx, rows), nowMs);
  if (plan.former.length === 0) return plan;
  await lockRows(tx, 'customers', [...plan.changedCustomers.keys()]);
  await lockRows(tx, 'connections', idsOf(plan.changedConnections));
  await lockRows(tx, 'meters', idsOf(plan.changedMeters));
  return planBatch(rows, await loadKnown(tx, rows), nowMs);
}

async function lockRows(tx: Tx, table: 'customers' | 'connections' | 'meters', ids: readonly Id[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(`SELECT id FROM ${table} WHERE id IN (?) ORDER BY id FOR UPDATE`, [ids.map(idToBytes)]);
}

const idsOf = (records: readonly { readonly id: Id }[]): Id[] => records.map(({ id }) => id);

function inserts(tx: Tx, plan: ImportPlan, now: Date): Promise<void>[] {
  return [
    insert(
      tx,
      'customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at)',
      plan.newCustomers.map((c) => customerValues(c, now)),
    ),
    insert(
      tx,
      'connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at)',
      plan.newConnections.map((n) => [
        ...[idToBytes(n.id), idToBytes(n.customerId)],
        ...[n.tariffClass, n.phase, n.sanctionedW, now, now],
      ]),
    ),
    insert(
      tx,
      `meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken, base_date,
         created_at, updated_at)`,
      plan.newMeters.map(({ keys, ...m }) => [
        ...[idToBytes(m.id), idToBytes(m.connectionId), m.pan, m.drn, m.owner, m.crediting, m.installedOn],
        ...[keys.ea, keys.sgc, keys.krn, keys.ti, keys.kt, keys.ken, keys.baseDate, now, now],
      ]),
    ),
    // The row that every vend locks is there from the first day, so that a lock never has to make it.
    insert(
      tx,
      'meter_states (meter_id, charged_through)',
      plan.newMeters.map((m) => [idToBytes(m.id), m.chargedThrough]),
    ),
    indexCustomers(tx, plan.newCustomers),
  ];
}

/** Changes are few beside insertions, so one statement each; in id order, as every lock of many rows. */
async function writeChanges(tx: Tx, plan: ImportPlan, { by, nowMs }: ImportedBy): Promise<void> {
  const now = new Date(nowMs);
  const customers = inIdOrder([...plan.changedCustomers.values()]).map((c) =>
    tx.write(
      'UPDATE customers SET name = ?, mobile = ?, address = ?, office = ?, language = ?, updated_at = ? WHERE id = ?',
      [c.name, c.mobile, c.address, c.office, c.language, now, idToBytes(c.id)],
    ),
  );
  const connections = inIdOrder(plan.changedConnections).map((n) =>
    tx.write('UPDATE connections SET tariff_class = ?, phase = ?, sanctioned_w = ?, updated_at = ? WHERE id = ?', [
      ...[n.tariffClass, n.phase, n.sanctionedW, now, idToBytes(n.id)],
    ]),
  );
  const meters = inIdOrder(plan.changedMeters).map((m) =>
    tx.write('UPDATE meters SET owner = ?, installed_on = ?, updated_at = ? WHERE id = ?', [
      ...[m.owner, m.installedOn, now, idToBytes(m.id)],
    ]),
  );
  const note = { at: nowMs, by, reason: 'import' };
  await Promise.all([
    ...[...customers, ...connections, ...meters],
    keepFormer(tx, plan.former, note),
    reindexCustomers(tx, plan.renamed),
  ]);
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
