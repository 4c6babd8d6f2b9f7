import { setImmediate as breathe } from 'node:timers/promises';
import { idToBytes, risingIds, type Id, type InstantMs } from '@vend/kernel';
import {
  idLiteral,
  instantLiteral,
  integerLiteral,
  isDuplicate,
  textLiteral,
  type Database,
  type Reader,
  type Tx,
} from '@vend/platform';
import { planBatch, type ImportPlan } from '../import/plan';
import type { ImportRow } from '../import/row';
import { keepFormer } from '../life/store/history';
import { reindexCustomers, wordsStatement } from './customer-words';
import { loadKnown } from './import-known';

/** Times that a batch is planned again because somebody else stored the same customer or meter meanwhile. */
const RACES_MAX = 3;

/** Who changes records by an import, and when: what their history says of it. */
export interface ImportedBy {
  readonly by: string;
  readonly nowMs: InstantMs;
}

/** A batch that was compared with what is stored, and what is to be sent for it. */
export interface PreparedBatch {
  readonly rows: readonly ImportRow[];
  readonly plan: ImportPlan;
  /** What inserts the new records, in this order: what refers to a row comes after it. */
  readonly inserts: readonly string[];
}

/**
 * Looks up what is stored of a batch and writes out what is new, without storing anything and without a lock: this may
 * go on while the batch before it is stored, if no customer is in both.
 */
export async function prepareBatch(
  database: Database,
  rows: readonly ImportRow[],
  { nowMs }: ImportedBy,
): Promise<PreparedBatch> {
  const known = await database.reads((reader) => loadKnown(reader, rows));
  await breathe();
  return withInserts(rows, planBatch(rows, known, risingIds()), nowMs);
}

/**
 * Stores a batch of valid rows in one transaction and says what it did. Running it again does nothing more.
 *
 * @param alongside what else belongs into the transaction
 * @throws {CommitOutcomeUnknown} when the connection died on COMMIT; importing the file again is safe
 */
export async function storeBatch(
  database: Database,
  prepared: PreparedBatch,
  imported: ImportedBy,
  alongside: (tx: Tx, plan: ImportPlan) => Promise<void> = () => Promise.resolve(),
): Promise<ImportPlan> {
  for (let race = 0; ; race++) {
    try {
      return await database.transaction(async (tx) => {
        // New rows need no lock: the unique keys refuse what somebody else has stored since it was looked up.
        const asPrepared = race === 0 && prepared.plan.former.length === 0;
        const { plan, inserts } = asPrepared ? prepared : await planned(tx, prepared.rows, imported.nowMs);
        // Sent together, in this order.
        await Promise.all([...inserts.map((statement) => tx.write(statement)), alongside(tx, plan)]);
        if (plan.former.length > 0) await writeChanges(tx, plan, imported);
        return plan;
      });
    } catch (error) {
      if (race === RACES_MAX || !isDuplicate(error)) throw error;
    }
  }
}

/** What is to be changed is locked and looked at again: between the look and the change somebody may have changed it. */
async function planned(tx: Tx, rows: readonly ImportRow[], nowMs: number): Promise<PreparedBatch> {
  const reader: Reader = { read: (sql, values) => tx.query(sql, values) };
  let plan = planBatch(rows, await loadKnown(reader, rows), risingIds());
  if (plan.former.length > 0) {
    await lockRows(tx, 'customers', [...plan.changedCustomers.keys()]);
    await lockRows(tx, 'connections', idsOf(plan.changedConnections));
    await lockRows(tx, 'meters', idsOf(plan.changedMeters));
    plan = planBatch(rows, await loadKnown(reader, rows), risingIds());
  }
  return withInserts(rows, plan, nowMs);
}

async function lockRows(tx: Tx, table: 'customers' | 'connections' | 'meters', ids: readonly Id[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(`SELECT id FROM ${table} WHERE id IN (?) ORDER BY id FOR UPDATE`, [ids.map(idToBytes)]);
}

const idsOf = (records: readonly { readonly id: Id }[]): Id[] => records.map(({ id }) => id);

/** Writing them out takes a while; between two of them others have their turn. */
async function withInserts(rows: readonly ImportRow[], plan: ImportPlan, nowMs: number): Promise<PreparedBatch> {
  const inserts: string[] = [];
  const now = instantLiteral(nowMs);
  for (const statement of [
    customersStatement,
    connectionsStatement,
    metersStatement,
    statesStatement,
    namesStatement,
  ]) {
    const text = statement(plan, now);
    if (text !== undefined) inserts.push(text);
    await breathe();
  }
  return { rows, plan, inserts };
}

function customersStatement(plan: ImportPlan, now: string): string | undefined {
  return insertion(
    'customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at)',
    plan.newCustomers,
    (c) =>
      `(${idLiteral(c.id)},${textLiteral(c.customerNo)},${textLiteral(c.name)},${textLiteral(c.mobile)},` +
      `${textLiteral(c.address)},${textLiteral(c.office)},${textLiteral(c.language)},${now},${now})`,
  );
}

function connectionsStatement(plan: ImportPlan, now: string): string | undefined {
  return insertion(
    'connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at)',
    plan.newConnections,
    (n) =>
      `(${idLiteral(n.id)},${idLiteral(n.customerId)},${textLiteral(n.tariffClass)},${integerLiteral(n.phase)},` +
      `${integerLiteral(n.sanctionedW)},${now},${now})`,
  );
}

function metersStatement(plan: ImportPlan, now: string): string | undefined {
  return insertion(
    `meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken, base_date,
       created_at, updated_at)`,
    plan.newMeters,
    ({ keys, ...m }) =>
      `(${idLiteral(m.id)},${idLiteral(m.connectionId)},${textLiteral(m.pan)},${textLiteral(m.drn)},` +
      `${textLiteral(m.owner)},${textLiteral(m.crediting)},${textLiteral(m.installedOn)},${textLiteral(keys.ea)},` +
      `${textLiteral(keys.sgc)},${integerLiteral(keys.krn)},${textLiteral(keys.ti)},${integerLiteral(keys.kt)},` +
      `${integerLiteral(keys.ken)},${integerLiteral(keys.baseDate)},${now},${now})`,
  );
}

/** The row that every vend locks is there from the first day, so that a lock never has to make it. */
function statesStatement(plan: ImportPlan): string | undefined {
  return insertion(
    'meter_states (meter_id, charged_through)',
    plan.newMeters,
    (m) => `(${idLiteral(m.id)},${m.chargedThrough === null ? 'NULL' : integerLiteral(m.chargedThrough)})`,
  );
}

const namesStatement = (plan: ImportPlan): string | undefined => wordsStatement(plan.newCustomers);

function insertion<T>(table: string, records: readonly T[], values: (record: T) => string): string | undefined {
  return records.length === 0 ? undefined : `INSERT INTO ${table} VALUES ${records.map(values).join()}`;
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

function inIdOrder<T extends { readonly id: string }>(records: readonly T[]): T[] {
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
}
