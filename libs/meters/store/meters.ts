import { dhakaDay, idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Database, Reader, Row, Tx } from '@vend/platform';
import type { SeenOffices } from '../search/name-search';
import type { MeterCard, MeterKeys, MeterRef, ReceiptAddress, VendingMeter } from '../meters';

/** The most that one search answers: a counter shows a short list, never the whole book. */
const SEARCH_LIMIT = 50;

const VENDING_COLUMNS = `m.id, m.pan, m.drn, m.status, m.owner, m.crediting, m.installed_on, m.rent_until,
  m.ea, m.tct, m.sgc, m.krn, m.ti, m.kt, m.ken, m.base_date, m.head_end,
  d.register_max_wh, d.register_max_paisa, n.tariff_class, n.phase, n.sanctioned_w, n.supply, n.next_from, n.next_tariff_class, n.next_sanctioned_w,
  c.id AS customer_id, c.customer_no, c.name AS customer_name, c.language`;
const JOINED = `meters m JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id`;

/** With what its model can do, where that is on record. */
const WITH_MODEL = `${JOINED} LEFT JOIN meter_models d ON d.id = m.model_id`;

/** How the store finds meters; each is an indexed column. */
export type MeterKey = 'pan' | 'drn' | 'customer-no' | 'mobile';
const KEY_COLUMN: Readonly<Record<MeterKey, string>> = {
  pan: 'm.pan',
  drn: 'm.drn',
  'customer-no': 'c.customer_no',
  mobile: 'c.mobile',
};

/**
 * Reads what the lane needs of these meters; an unknown meter is missing from the answer. A change of load or class
 * counts from its day on.
 *
 * @example const meters = await loadVendingMeters(tx, [meterId]); meters.get(meterId)?.keys.sgc
 */
export async function loadVendingMeters(
  tx: Pick<Tx, 'query'>,
  meterIds: readonly Id[],
  at: InstantMs = Date.now(),
): Promise<Map<Id, VendingMeter>> {
  if (meterIds.length === 0) return new Map();
  const today = dhakaDay(at);
  const rows = await tx.query(`SELECT ${VENDING_COLUMNS} FROM ${WITH_MODEL} WHERE m.id IN (?)`, [
    [...new Set(meterIds)].map(idToBytes),
  ]);
  return new Map(
    rows.map((row) => {
      const meter = vendingMeterOf(row, today);
      return [meter.meterId, meter];
    }),
  );
}

/**
 * Cards by one key, active meters first; at most SEARCH_LIMIT.
 *
 * @param offices names of those whose customers may be seen
 */
export async function findMeterCards(
  database: Database,
  key: MeterKey,
  value: string,
  offices: SeenOffices = 'all',
): Promise<MeterCard[]> {
  if (offices.length === 0) return [];
  const [narrowed, names] = offices === 'all' ? ['', []] : ['AND c.office IN (?)', [offices]];
  const rows = await database.read(
    `SELECT ${VENDING_COLUMNS}, c.address, c.office FROM ${WITH_MODEL} WHERE ${KEY_COLUMN[key]} = ? ${narrowed}
     ORDER BY m.status, m.installed_on DESC, m.id LIMIT ${SEARCH_LIMIT}`,
    [value, ...names],
  );
  return cardsOf(rows);
}

/** Cards of these customers' meters, in the order of the customers, active meters first; at most 200. */
export async function findCardsOfCustomers(reader: Reader, customerIds: readonly Id[]): Promise<MeterCard[]> {
  if (customerIds.length === 0) return [];
  const ids = customerIds.map(idToBytes);
  const rows = await reader.read(
    `SELECT ${VENDING_COLUMNS}, c.address, c.office FROM ${WITH_MODEL} WHERE c.id IN (?)
     ORDER BY FIELD(c.id, ?), m.status, m.installed_on DESC, m.id LIMIT 200`,
    [ids, ids],
  );
  return cardsOf(rows);
}

function cardsOf(rows: readonly Row[]): MeterCard[] {
  const today = dhakaDay(Date.now());
  return rows.map((row) => ({
    ...vendingMeterOf(row, today),
    address: row['address'] as string,
    office: row['office'] as string,
  }));
}

const REF_COLUMNS = 'm.id, m.status, m.pan, m.drn, m.installed_on, m.head_end, c.customer_no, c.name';
const REF_KEY_COLUMNS = { pan: 'm.pan', drn: 'm.drn', 'customer-no': 'c.customer_no' } as const;

interface RefRow extends Row {
  id: Buffer;
  status: MeterRef['status'];
  pan: string;
  drn: string;
  installed_on: string;
  head_end: string | null;
  customer_no: string;
  name: string;
}

/** What a payer typed, and the columns it may stand in. */
export interface ReferenceQuestion {
  readonly keys: readonly (keyof typeof REF_KEY_COLUMNS)[];
  readonly reference: string;
}

/**
 * The meters that each reference may mean, in the order of the questions, the latest installed first. One round
 * trip for all of them: an index walk per kind of reference.
 */
export async function findMeterRefs(
  database: Database,
  questions: readonly ReferenceQuestion[],
): Promise<MeterRef[][]> {
  const asked = new Map<keyof typeof REF_KEY_COLUMNS, string[]>();
  for (const { keys, reference } of questions) {
    for (const key of keys) asked.set(key, [...(asked.get(key) ?? []), reference]);
  }
  const selects = [...asked.keys()].map(
    (key) => `SELECT ${REF_COLUMNS} FROM ${JOINED} WHERE ${REF_KEY_COLUMNS[key]} IN (?)`,
  );
  const rows = await database.read<RefRow>(selects.join(' UNION '), [...asked.values()]);
  const found = new Map<string, RefRow[]>();
  const note = (key: string, text: string, row: RefRow) => {
    const name = `${key} ${text.toUpperCase()}`;
    found.set(name, [...(found.get(name) ?? []), row]);
  };
  for (const row of rows) {
    note('pan', row.pan, row);
    note('drn', row.drn, row);
    note('customer-no', row.customer_no, row);
  }
  return questions.map(({ keys, reference }) => {
    const matching = new Set(keys.flatMap((key) => found.get(`${key} ${reference}`) ?? []));
    return [...matching].sort((a, b) => (a.installed_on < b.installed_on ? 1 : -1)).map(refOf);
  });
}

/** The meter of an id, as a reference would have found it. */
export async function findMeterRef(database: Database, meterId: Id): Promise<MeterRef | undefined> {
  const [row] = await database.read<RefRow>(`SELECT ${REF_COLUMNS} FROM ${JOINED} WHERE m.id = ?`, [
    idToBytes(meterId),
  ]);
  return row && refOf(row);
}

function refOf(row: RefRow): MeterRef {
  return {
    meterId: idFromBytes(row.id),
    status: row.status,
    pan: row.pan,
    customerNo: row.customer_no,
    customerName: row.name,
    headEnd: row.head_end,
  };
}

/**
 * Where the receipts of these meters go, for the SMS worker only.
 *
 * @example (await receiptAddresses(database, [meterId])).get(meterId)?.language // 'bn'
 */
export async function receiptAddresses(reader: Reader, meterIds: readonly Id[]): Promise<Map<Id, ReceiptAddress>> {
  if (meterIds.length === 0) return new Map();
  const rows = await reader.read<{ id: Buffer } & Row>(
    `SELECT m.id, c.mobile, c.language, c.sms_form FROM ${JOINED} WHERE m.id IN (?)`,
    [[...new Set(meterIds)].map(idToBytes)],
  );
  return new Map(
    rows.map((row) => {
      const { mobile, language, sms_form: smsForm } = row;
      return [idFromBytes(row.id), { mobile, language, smsForm } as ReceiptAddress];
    }),
  );
}

function vendingMeterOf(row: Row, today: LocalDay): VendingMeter {
  return {
    meterId: idFromBytes(row['id'] as Buffer),
    pan: row['pan'] as string,
    drn: row['drn'] as string,
    status: row['status'] as VendingMeter['status'],
    owner: row['owner'] as VendingMeter['owner'],
    crediting: row['crediting'] as VendingMeter['crediting'],
    installedOn: row['installed_on'] as string,
    rentUntil: row['rent_until'] as string | null,
    customerId: idFromBytes(row['customer_id'] as Buffer),
    customerNo: row['customer_no'] as string,
    customerName: row['customer_name'] as string,
    language: row['language'] as VendingMeter['language'],
    phase: row['phase'] as VendingMeter['phase'],
    supply: row['supply'] as VendingMeter['supply'],
    ...termsOf(row, today),
    keys: keysOf(row),
    headEnd: row['head_end'] as string | null,
    registerMaxWh: wholeOf(row['register_max_wh']),
    registerMaxPaisa: wholeOf(row['register_max_paisa']),
  };
}

function wholeOf(value: unknown): bigint | null {
  return value === null ? null : BigInt(value as string | number);
}

/** Load and class of a day: the next ones from their own day on, whether or not anybody has moved them over yet. */
function termsOf(row: Row, today: LocalDay): Pick<VendingMeter, 'tariffClass' | 'sanctionedW' | 'former'> {
  const stored = { tariffClass: row['tariff_class'] as string, sanctionedW: BigInt(row['sanctioned_w'] as number) };
  const from = row['next_from'] as LocalDay | null;
  if (from === null || today < from) return { ...stored, former: null };
  const tariffClass = row['next_tariff_class'] as string;
  return { tariffClass, sanctionedW: BigInt(row['next_sanctioned_w'] as number), former: { from, ...stored } };
}

function keysOf(row: Row): MeterKeys {
  return {
    pan: row['pan'] as string,
    ea: row['ea'] as MeterKeys['ea'],
    tct: row['tct'] as MeterKeys['tct'],
    sgc: row['sgc'] as string,
    krn: row['krn'] as number,
    ti: row['ti'] as string,
    kt: row['kt'] as MeterKeys['kt'],
    ken: row['ken'] as number,
    baseDate: row['base_date'] as MeterKeys['baseDate'],
  };
}
