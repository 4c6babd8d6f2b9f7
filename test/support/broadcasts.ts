/** Customers to write to, somebody to agree, and a gateway that takes what it is given. */
import { idToBytes, newId, type Id } from '@vend/kernel';
import { Approvals, upsertStation, type PersonRole, type SessionUser } from '@vend/identity';
import { Broadcasts, type BroadcastOrder, type FixedWording } from '@vend/broadcasts';
import type { Database } from '@vend/platform';
import { meterNo } from '../builders/meters';

const DAY = new Date(Date.UTC(2026, 0, 1));

/** A customer with one connection and one meter. */
export interface ToldCustomer {
  readonly index: number;
  readonly name?: string;
  readonly mobile: string | null;
  readonly office: string;
  readonly language: 'bn' | 'en';
  readonly tariffClass?: string;
  readonly arrearsPaisa?: bigint;
}

/** Stores customers as they are, without the import's checks. @returns their ids, rising */
export async function storeCustomers(admin: Database, customers: readonly ToldCustomer[]): Promise<Id[]> {
  // Ids of one millisecond are in no order by themselves.
  const ids = customers.map(() => newId()).sort();
  const rows = customers.map((customer, place) => ({ ...customer, id: ids[place]!, ...meterNo(customer.index) }));
  const bytes = rows.map(({ id }) => idToBytes(id));
  await admin.transaction(async (tx) => {
    await tx.write(
      'INSERT INTO customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at) VALUES ?',
      [
        rows.map(({ index, name = 'Karim', mobile, office, language }, i) => [
          bytes[i],
          `T${String(index).padStart(6, '0')}`,
          name,
          mobile,
          'Rajshahi',
          office,
          language,
          DAY,
          DAY,
        ]),
      ],
    );
    await tx.write(
      'INSERT INTO connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at) VALUES ?',
      [rows.map(({ tariffClass = 'LT-A' }, i) => [bytes[i], bytes[i], tariffClass, 1, 2_000, DAY, DAY])],
    );
    const key = ['07', '123456', 1, '01', 2, 255, 2014];
    await tx.write(
      `INSERT INTO meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken,
         base_date, created_at, updated_at) VALUES ?`,
      [
        rows.map(({ pan, drn }, i) => [
          bytes[i],
          bytes[i],
          pan,
          drn,
          'utility',
          'currency',
          '2026-01-01',
          ...key,
          DAY,
          DAY,
        ]),
      ],
    );
    await tx.write('INSERT INTO meter_states (meter_id, arrears_paisa) VALUES ?', [
      rows.map(({ arrearsPaisa = 0n }, i) => [bytes[i], arrearsPaisa]),
    ]);
  });
  return ids;
}

const person = (username: string, role: PersonRole): SessionUser => ({
  ...{ userId: newId(), username, name: username, role, station: 'RAJ-1' },
});

/** Notices as two people make them, by a clock of the test's. */
export class BroadcastBench {
  readonly broadcasts: Broadcasts;
  readonly approvals: Approvals;
  readonly maker = person('shirin', 'call-centre');
  private readonly second = person('selim', 'supervisor');

  constructor(
    readonly database: Database,
    readonly now: () => number,
  ) {
    this.broadcasts = new Broadcasts(database, now);
    this.approvals = new Approvals(database, now);
  }

  async open(): Promise<void> {
    const by = { actor: 'cli:test', at: this.now() };
    await this.database.transaction((tx) =>
      upsertStation(tx, { code: 'RAJ-1', name: 'RAJ-1', office: 'Rajshahi' }, by),
    );
  }

  order(changes: Partial<BroadcastOrder> = {}): BroadcastOrder {
    return {
      ...{ id: newId(), name: 'Shutdown', template: 'notice', texts: { bn: 'বিদ্যুৎ থাকবে না।', en: 'No power.' } },
      audience: { offices: null, tariffClasses: null, arrearsOverPaisa: null },
      ...{ ratePerSecond: 1_000, quietHours: 'none', startsAt: null, endsAt: this.now() + 7 * 86_400_000 },
      ...{ office: 'Rajshahi', by: 'user:shirin', ...changes },
    };
  }

  compose(changes: Partial<BroadcastOrder> = {}, wording: Partial<FixedWording> = {}): Promise<Id> {
    const order = this.order(changes);
    const bodies = order.texts
      ? { bn: '{text}', en: '{text}' }
      : { bn: 'মিটার {meter}: {amount} টাকা', en: 'Meter {meter}: Tk {amount}' };
    const fixed = { templateVersion: 1, bodies, parts: { bn: 1, en: 1 }, partCostPaisa: 45n, ...wording };
    return this.broadcasts.compose(order, () => Promise.resolve(fixed)).then(({ id }) => id);
  }

  /** Asked for by one and agreed to by another. */
  async launch(id: Id): Promise<void> {
    const request = {
      kind: 'broadcast',
      key: newId(),
      subject: `broadcast:${id}`,
      content: { id },
      reason: 'test',
      by: this.maker,
    } as const;
    const { approvalId } = await this.approvals.gate(request);
    await this.approvals.decide(this.second, approvalId, 'APPROVED', null);
    await this.broadcasts.launch(id, approvalId, this.maker);
  }
}
