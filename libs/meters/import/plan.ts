import type { Id, InstantMs, YearMonth } from '@vend/kernel';
import type { ConnectionContent, CustomerContent, FormerVersion, MeterContent } from '../life/history';
import type { Language, MeterCard } from '../meters';
import type { ImportRow } from './row';
import type { RowFault } from './row-faults';

/** A customer as the import knows one. */
interface CustomerRecord {
  readonly id: Id;
  readonly customerNo: string;
  readonly name: string;
  readonly mobile: string | null;
  readonly address: string;
  readonly office: string;
  readonly language: Language;
}

interface ConnectionRecord {
  readonly id: Id;
  readonly customerId: Id;
  readonly tariffClass: string;
  readonly phase: 1 | 3;
  readonly sanctionedW: bigint;
}

type MeterRecord = Pick<MeterCard, 'pan' | 'drn' | 'owner' | 'crediting' | 'installedOn'> & {
  readonly id: Id;
  readonly connectionId: Id;
  readonly keys: Omit<MeterCard['keys'], 'pan' | 'tct'>;
};

/** What a stored record has beside what an import writes: its history keeps that too. */
interface Stored<Content> {
  /** Since when it is as it is. */
  readonly since: InstantMs;
  /** All of it; asked for when it changes, which it seldom does. */
  readonly content: () => Content;
}
export type KnownCustomer = CustomerRecord & Stored<CustomerContent>;

/** A meter with what hangs on it. */
export interface KnownMeter {
  readonly meter: MeterRecord & Stored<MeterContent> & { readonly status: MeterContent['status'] };
  readonly connection: ConnectionRecord & Stored<ConnectionContent>;
  /** Keys that it had before key changes: a file may be older than they are. */
  readonly formerKeys: readonly MeterRecord['keys'][];
}

/** What the database holds already of a batch's customers (by number) and meters (by PAN). */
export interface Known {
  readonly customers: ReadonlyMap<string, KnownCustomer>;
  readonly meters: ReadonlyMap<string, KnownMeter>;
}

/** What one batch does to the database, and what its report says. */
export interface ImportPlan {
  readonly newCustomers: CustomerRecord[];
  readonly newConnections: ConnectionRecord[];
  readonly newMeters: (MeterRecord & { readonly chargedThrough: YearMonth | null })[];
  readonly changedCustomers: Map<Id, CustomerRecord>;
  readonly changedConnections: ConnectionRecord[];
  readonly changedMeters: MeterRecord[];
  /** What the changed records are until then. */
  readonly former: FormerVersion[];
  /** Names and offices of changed customers, for the index of names. */
  readonly renamed: { readonly before: CustomerRecord; readonly after: CustomerRecord }[];
  readonly faults: RowFault[];
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
}

/**
 * Columns that are fixed once a meter is stored: changing them takes a key change or a replacement. A row with the
 * key that the meter had before a key change is older than that, and says nothing about the key.
 */
const FIXED = ['ea', 'sgc', 'krn', 'ti', 'kt', 'ken', 'baseDate'] as const;

/**
 * Compares rows with what is stored. A new meter comes with its connection, and with its customer unless known;
 * of a known meter the customer's and the connection's data, the owner and the installation day may change.
 * Pure but for the new ids: planning a batch again after it was stored finds nothing to do.
 */
export function planBatch(rows: readonly ImportRow[], known: Known, nextId: () => Id): ImportPlan {
  const plan = emptyPlan();
  // What the customers will be after the rows so far, so that the second row of a customer sees the first.
  const customers = new Map<string, CustomerRecord>(known.customers);
  for (const row of rows) {
    const stored = known.meters.get(row.meterNo.pan);
    const fault = stored && contradiction(row, stored, known.customers.get(row.customerNo));
    if (fault) {
      plan.faults.push({ line: row.line, ...fault });
      plan.rejected++;
      continue;
    }
    const { customer, changed } = planCustomer(row, customers, known, plan, nextId);
    if (!stored) {
      planNewMeter(row, customer, plan, nextId);
      plan.inserted++;
    } else if (planKnownMeter(row, stored, plan) || changed) plan.updated++;
    else plan.unchanged++;
  }
  return plan;
}

function emptyPlan(): ImportPlan {
  return {
    newCustomers: [],
    newConnections: [],
    newMeters: [],
    changedCustomers: new Map(),
    changedConnections: [],
    changedMeters: [],
    former: [],
    renamed: [],
    faults: [],
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
  };
}

function contradiction(
  row: ImportRow,
  stored: KnownMeter,
  customer: CustomerRecord | undefined,
): Omit<RowFault, 'line'> | undefined {
  if (stored.connection.customerId !== customer?.id) return { column: 'customerNo', code: 'meter-of-another-customer' };
  if (stored.meter.status === 'closed') return { column: 'meterNo', code: 'meter-closed' };
  if (stored.meter.crediting !== row.crediting) return { column: 'crediting', code: 'meter-differs' };
  const column = differingKey(row, stored.meter.keys);
  if (!column || stored.formerKeys.some((keys) => !differingKey(row, keys))) return undefined;
  return { column, code: 'meter-differs' };
}

function differingKey(row: ImportRow, keys: MeterRecord['keys']): (typeof FIXED)[number] | undefined {
  return FIXED.find((name) => keys[name] !== row[name]);
}

function planCustomer(
  row: ImportRow,
  customers: Map<string, CustomerRecord>,
  known: Known,
  plan: ImportPlan,
  nextId: () => Id,
): { customer: CustomerRecord; changed: boolean } {
  const stored = customers.get(row.customerNo);
  const customer: CustomerRecord = {
    id: stored?.id ?? nextId(),
    customerNo: row.customerNo,
    name: row.name,
    mobile: row.mobile,
    address: row.address,
    office: row.office,
    // A file without the column says nothing about the language.
    language: row.language ?? stored?.language ?? 'bn',
  };
  const changed =
    stored !== undefined && differs(stored, customer, ['name', 'mobile', 'address', 'office', 'language']);
  if (!stored) plan.newCustomers.push(customer);
  const before = known.customers.get(row.customerNo);
  if (changed && before) {
    plan.changedCustomers.set(customer.id, customer);
    plan.former.push({ record: 'customer', recordId: before.id, validFrom: before.since, content: before.content() });
    plan.renamed.push({ before, after: customer });
  }
  customers.set(row.customerNo, customer);
  return { customer, changed };
}

function planNewMeter(row: ImportRow, customer: CustomerRecord, plan: ImportPlan, nextId: () => Id): void {
  const connection: ConnectionRecord = {
    id: nextId(),
    customerId: customer.id,
    tariffClass: row.tariffClass,
    phase: row.phase,
    sanctionedW: row.sanctionedKw,
  };
  const { ea, sgc, krn, ti, kt, ken, baseDate } = row;
  plan.newConnections.push(connection);
  plan.newMeters.push({
    id: nextId(),
    connectionId: connection.id,
    pan: row.meterNo.pan,
    drn: row.meterNo.drn,
    owner: row.owner,
    crediting: row.crediting,
    installedOn: row.installedOn,
    keys: { ea, sgc, krn, ti, kt, ken, baseDate },
    // Without it the first recharge owes every month since the installation.
    chargedThrough: row.chargedThrough ?? null,
  });
}

function planKnownMeter(row: ImportRow, { meter, connection }: KnownMeter, plan: ImportPlan): boolean {
  const { tariffClass, phase, sanctionedKw: sanctionedW, owner, installedOn } = row;
  const connectionChanged =
    connection.tariffClass !== tariffClass || connection.phase !== phase || connection.sanctionedW !== sanctionedW;
  const meterChanged = meter.owner !== owner || meter.installedOn !== installedOn;
  if (connectionChanged) {
    const { id: recordId, since: validFrom } = connection;
    plan.changedConnections.push({ ...connection, tariffClass, phase, sanctionedW });
    plan.former.push({ record: 'connection', recordId, validFrom, content: connection.content() });
  }
  if (meterChanged) {
    const { id: recordId, since: validFrom } = meter;
    plan.changedMeters.push({ ...meter, owner, installedOn });
    plan.former.push({ record: 'meter', recordId, validFrom, content: meter.content() });
  }
  return connectionChanged || meterChanged;
}

function differs<T>(a: T, b: T, names: readonly (keyof T)[]): boolean {
  return names.some((name) => a[name] !== b[name]);
}
