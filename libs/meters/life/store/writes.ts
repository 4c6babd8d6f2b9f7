import { idToBytes, type Id } from '@vend/kernel';
import type { Tx } from '@vend/platform';
import type { MeterNumber } from '../../identity';
import type { ChangeNote, ConnectionContent, CustomerContent, MeterContent, PersonContent } from '../history';
import { keepFormer } from './history';
import { indexCustomers, reindexCustomers } from '../../store/customer-words';
import type { NextTerms, StandingConnection, StandingCustomer, StandingMeter, StandingPerson } from './records';

/** Every change of a record here keeps what it was, in the same transaction. */

export async function insertCustomer(
  tx: Tx,
  id: Id,
  customerNo: string,
  c: CustomerContent,
  note: ChangeNote,
): Promise<void> {
  const at = new Date(note.at);
  await tx.write(
    `INSERT INTO customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at) VALUES (?)`,
    [[idToBytes(id), customerNo, c.name, c.mobile, c.address, c.office, c.language, at, at]],
  );
  await indexCustomers(tx, [{ id, name: c.name, office: c.office }]);
}

export async function changeCustomer(
  tx: Tx,
  was: StandingCustomer,
  to: CustomerContent,
  note: ChangeNote,
): Promise<void> {
  await tx.write(
    `UPDATE customers SET name = ?, mobile = ?, address = ?, office = ?, language = ?, sms_form = ?, closed_on = ?,
       updated_at = ? WHERE id = ?`,
    [
      ...[to.name, to.mobile, to.address, to.office, to.language, to.smsForm ?? 'words', to.closedOn],
      ...[new Date(note.at), idToBytes(was.recordId)],
    ],
  );
  await keepFormer(tx, [was], note);
  const { recordId: id, content } = was;
  await reindexCustomers(tx, [{ before: { ...content, id }, after: { ...to, id } }]);
}

export async function insertConnection(
  tx: Tx,
  { id, customerId }: { readonly id: Id; readonly customerId: Id },
  n: ConnectionContent,
  note: ChangeNote,
): Promise<void> {
  const at = new Date(note.at);
  await tx.write(
    `INSERT INTO connections (id, customer_id, address, tariff_class, phase, sanctioned_w, supply, created_at, updated_at)
     VALUES (?)`,
    [[idToBytes(id), idToBytes(customerId), n.address, n.tariffClass, n.phase, n.sanctionedW, n.supply, at, at]],
  );
}

/** Changes what counts now, and what is to count from a later day. */
export async function changeConnection(
  tx: Tx,
  was: StandingConnection,
  to: ConnectionContent,
  next: NextTerms | null,
  note: ChangeNote,
): Promise<StandingConnection> {
  await tx.write(
    `UPDATE connections SET address = ?, tariff_class = ?, phase = ?, sanctioned_w = ?, supply = ?, disconnected_on = ?,
       next_from = ?, next_tariff_class = ?, next_sanctioned_w = ?, next_by = ?, next_reason = ?, updated_at = ?
     WHERE id = ?`,
    [
      ...[to.address, to.tariffClass, to.phase, to.sanctionedW, to.supply, to.disconnectedOn],
      ...[next?.from ?? null, next?.tariffClass ?? null, next?.sanctionedW.toString() ?? null],
      ...[next?.by ?? null, next?.reason ?? null, new Date(note.at), idToBytes(was.recordId)],
    ],
  );
  await keepFormer(tx, [was], note);
  return { ...was, content: to, next, validFrom: note.at };
}

export async function insertMeter(
  tx: Tx,
  { id, connectionId }: { readonly id: Id; readonly connectionId: Id },
  number: MeterNumber,
  m: MeterContent,
  note: ChangeNote,
): Promise<void> {
  const at = new Date(note.at);
  await tx.write(
    `INSERT INTO meters (id, connection_id, pan, drn, owner, crediting, installed_on, rent_until, model_id, ea, sgc, krn,
       ti, kt, ken, base_date, created_at, updated_at) VALUES (?)`,
    [
      [
        ...[idToBytes(id), idToBytes(connectionId), number.pan, number.drn, m.owner, m.crediting, m.installedOn],
        ...[m.rentUntil, m.modelId && idToBytes(m.modelId), m.ea, m.sgc, m.krn, m.ti, m.kt, m.ken, m.baseDate, at, at],
      ],
    ],
  );
}

/** The meter is off the wall; its number and keys stay as they were. */
export async function closeMeter(tx: Tx, was: StandingMeter, closedOn: string, note: ChangeNote): Promise<void> {
  await tx.write(`UPDATE meters SET status = 'closed', closed_on = ?, updated_at = ? WHERE id = ?`, [
    closedOn,
    new Date(note.at),
    idToBytes(was.recordId),
  ]);
  await keepFormer(tx, [was], note);
}

export async function insertPerson(
  tx: Tx,
  id: Id,
  connectionId: Id,
  p: PersonContent,
  note: ChangeNote,
): Promise<void> {
  const at = new Date(note.at);
  await tx.write(
    `INSERT INTO connection_people (id, connection_id, role, name, mobile, language, receives_sms, created_at, updated_at)
     VALUES (?)`,
    [[idToBytes(id), idToBytes(connectionId), p.role, p.name, p.mobile, p.language, p.receivesSms, at, at]],
  );
}

export async function changePerson(tx: Tx, was: StandingPerson, to: PersonContent, note: ChangeNote): Promise<void> {
  const at = new Date(note.at);
  await tx.write(
    `UPDATE connection_people SET role = ?, name = ?, mobile = ?, language = ?, receives_sms = ?, removed_at = ?,
       updated_at = ? WHERE id = ?`,
    [to.role, to.name, to.mobile, to.language, to.receivesSms, to.removed ? at : null, at, idToBytes(was.recordId)],
  );
  await keepFormer(tx, [was], note);
}
