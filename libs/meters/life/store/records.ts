import { DomainError, idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import type { MeterKeys } from '../../meters';
import type {
  ConnectionContent,
  CustomerContent,
  FormerVersion,
  MeterContent,
  PersonContent,
  RecordContents,
  RecordKind,
} from '../history';
import type { LifeErrorCode } from '../life.errors';

type Reading = Pick<Tx, 'query'>;

/** A record as it stands, in the form in which its history keeps it. */
interface Standing<Kind extends RecordKind> extends FormerVersion<Kind> {
  readonly content: RecordContents[Kind];
}

export interface StandingCustomer extends Standing<'customer'> {
  readonly customerNo: string;
}
/** A load or class that is to count from a later day. */
export interface NextTerms {
  readonly from: LocalDay;
  readonly tariffClass: string;
  readonly sanctionedW: bigint;
  readonly by: string;
  readonly reason: string;
}
export interface StandingConnection extends Standing<'connection'> {
  readonly customerId: Id;
  readonly next: NextTerms | null;
}
export interface StandingMeter extends Standing<'meter'> {
  readonly pan: string;
  readonly drn: string;
  readonly connectionId: Id;
}
export interface StandingPerson extends Standing<'person'> {
  readonly connectionId: Id;
}

const CUSTOMER =
  'SELECT id, customer_no, name, mobile, address, office, language, sms_form, closed_on, updated_at FROM customers';
const CONNECTION = `SELECT id, customer_id, address, tariff_class, phase, sanctioned_w, supply, disconnected_on, next_from,
  next_tariff_class, next_sanctioned_w, next_by, next_reason, updated_at FROM connections`;
const METER = `SELECT id, connection_id, pan, drn, owner, crediting, installed_on, rent_until, model_id, status, closed_on,
  ea, sgc, krn, ti, kt, ken, base_date, updated_at FROM meters`;
const PERSON = `SELECT id, connection_id, role, name, mobile, language, receives_sms, removed_at, updated_at
  FROM connection_people`;

/** @param hold locks the row: changes of one customer then come one after the other */
export async function findCustomer(
  reader: Reading,
  customerNo: string,
  hold = false,
): Promise<StandingCustomer | undefined> {
  const [row] = await reader.query(`${CUSTOMER} WHERE customer_no = ?${hold ? ' FOR UPDATE' : ''}`, [customerNo]);
  return row && customerOf(row);
}

export async function customerById(reader: Reading, customerId: Id): Promise<StandingCustomer> {
  const [row] = await reader.query(`${CUSTOMER} WHERE id = ?`, [idToBytes(customerId)]);
  if (!row) throw new DomainError<LifeErrorCode>('customer-not-found');
  return customerOf(row);
}

/** Locks the row. Whoever changes a connection holds the states of its meters first. */
export async function holdConnection(tx: Tx, connectionId: Id): Promise<StandingConnection> {
  const [row] = await tx.query(`${CONNECTION} WHERE id = ? FOR UPDATE`, [idToBytes(connectionId)]);
  if (!row) throw new DomainError<LifeErrorCode>('connection-not-found');
  return connectionOf(row);
}

export async function connectionsOf(reader: Reading, customerId: Id): Promise<StandingConnection[]> {
  return (await reader.query(`${CONNECTION} WHERE customer_id = ? ORDER BY id`, [idToBytes(customerId)])).map(
    connectionOf,
  );
}

export async function connectionById(reader: Reading, connectionId: Id): Promise<StandingConnection> {
  const [row] = await reader.query(`${CONNECTION} WHERE id = ?`, [idToBytes(connectionId)]);
  if (!row) throw new DomainError<LifeErrorCode>('connection-not-found');
  return connectionOf(row);
}

export async function meterByPan(reader: Reading, pan: string): Promise<StandingMeter | undefined> {
  const [row] = await reader.query(`${METER} WHERE pan = ?`, [pan]);
  return row && meterOf(row);
}

/** Every meter that ever hung on these connections, the latest first. */
export async function metersOf(reader: Reading, connectionIds: readonly Id[]): Promise<StandingMeter[]> {
  if (connectionIds.length === 0) return [];
  const rows = await reader.query(`${METER} WHERE connection_id IN (?) ORDER BY id DESC`, [
    connectionIds.map(idToBytes),
  ]);
  return rows.map(meterOf);
}

/** People of these connections who have not been removed. */
export async function peopleOf(reader: Reading, connectionIds: readonly Id[]): Promise<StandingPerson[]> {
  if (connectionIds.length === 0) return [];
  const rows = await reader.query(`${PERSON} WHERE connection_id IN (?) AND removed_at IS NULL ORDER BY id`, [
    connectionIds.map(idToBytes),
  ]);
  return rows.map(personOf);
}

/** Locks the row. */
export async function holdPerson(tx: Tx, personId: Id): Promise<StandingPerson> {
  const [row] = await tx.query(`${PERSON} WHERE id = ? AND removed_at IS NULL FOR UPDATE`, [idToBytes(personId)]);
  if (!row) throw new DomainError<LifeErrorCode>('connection-person-not-found');
  return personOf(row);
}

function customerOf(row: Row): StandingCustomer {
  const content: CustomerContent = {
    name: row['name'] as string,
    mobile: row['mobile'] as string | null,
    address: row['address'] as string,
    office: row['office'] as string,
    language: row['language'] as CustomerContent['language'],
    smsForm: row['sms_form'] as CustomerContent['smsForm'],
    closedOn: row['closed_on'] as string | null,
  };
  return { record: 'customer', ...standing(row), content, customerNo: row['customer_no'] as string };
}

function connectionOf(row: Row): StandingConnection {
  const content: ConnectionContent = {
    address: row['address'] as string | null,
    tariffClass: row['tariff_class'] as string,
    phase: row['phase'] as ConnectionContent['phase'],
    sanctionedW: String(row['sanctioned_w']),
    supply: row['supply'] as ConnectionContent['supply'],
    disconnectedOn: row['disconnected_on'] as string | null,
  };
  const from = row['next_from'] as string | null;
  const next = from === null ? null : nextOf(row, from);
  return { record: 'connection', ...standing(row), content, customerId: idIn(row, 'customer_id'), next };
}

function nextOf(row: Row, from: LocalDay): NextTerms {
  return {
    from,
    tariffClass: row['next_tariff_class'] as string,
    sanctionedW: BigInt(row['next_sanctioned_w'] as number),
    by: row['next_by'] as string,
    reason: row['next_reason'] as string,
  };
}

function meterOf(row: Row): StandingMeter {
  const content: MeterContent = {
    owner: row['owner'] as MeterContent['owner'],
    crediting: row['crediting'] as MeterContent['crediting'],
    installedOn: row['installed_on'] as string,
    rentUntil: row['rent_until'] as string | null,
    modelId: row['model_id'] === null ? null : idIn(row, 'model_id'),
    status: row['status'] as MeterContent['status'],
    closedOn: row['closed_on'] as string | null,
    ea: row['ea'] as MeterKeys['ea'],
    sgc: row['sgc'] as string,
    krn: row['krn'] as number,
    ti: row['ti'] as string,
    kt: row['kt'] as MeterKeys['kt'],
    ken: row['ken'] as number,
    baseDate: row['base_date'] as MeterKeys['baseDate'],
  };
  const { pan, drn } = row as { pan: string; drn: string } & Row;
  return { record: 'meter', ...standing(row), content, pan, drn, connectionId: idIn(row, 'connection_id') };
}

function personOf(row: Row): StandingPerson {
  const content: PersonContent = {
    role: row['role'] as PersonContent['role'],
    name: row['name'] as string,
    mobile: row['mobile'] as string | null,
    language: row['language'] as PersonContent['language'],
    receivesSms: Boolean(row['receives_sms']),
    removed: row['removed_at'] !== null,
  };
  return { record: 'person', ...standing(row), content, connectionId: idIn(row, 'connection_id') };
}

function standing(row: Row): { recordId: Id; validFrom: InstantMs } {
  return { recordId: idIn(row, 'id'), validFrom: (row['updated_at'] as Date).getTime() };
}

function idIn(row: Row, column: string): Id {
  return idFromBytes(row[column] as Buffer);
}
