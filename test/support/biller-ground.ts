/** The world that biller profiles are tested in: the real api in process, a provider's row, and meters to sell to. */
import { BILLERS } from '@vend/billers';
import { isDomainError, newId, type Id, type Paisa } from '@vend/kernel';
import { floatTopUpEntry, LedgerService } from '@vend/ledger';
import { sourceOfProvider, type BillerProfileName, type ProviderDraft } from '@vend/payments';
import { VendingService } from '@vend/vending';
import type { BillerGround } from '../../libs/billers/biller-profile.conformance';
import type { ApiWorld } from './api';
import { seedProvider } from './providers';

/** A provider's row as a suite of a profile wants it. */
export type BillerRow = Pick<ProviderDraft, 'code' | 'prepaid'> & {
  readonly profile: BillerProfileName;
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
};

const INSIDE = '127.0.0.1';

/** Meters of an api's world that nobody has sold to, those with the least fixed charges first: one world serves the suites of all profiles. */
export class FreshCustomers {
  private used = 0;

  private constructor(private readonly numbers: readonly string[]) {}

  static async of(world: ApiWorld): Promise<FreshCustomers> {
    const rows = await world.fresh.admin.read<{ customerNo: string }>(
      `SELECT c.customer_no AS customerNo FROM meters m JOIN connections n ON n.id = m.connection_id
       JOIN customers c ON c.id = n.customer_id WHERE n.tariff_class = 'LT-A' ORDER BY n.sanctioned_w, m.pan`,
    );
    return new FreshCustomers(rows.map(({ customerNo }) => customerNo));
  }

  /** @throws {Error} when there is none left */
  take(): { readonly customerNo: string } {
    const customerNo = this.numbers[this.used++];
    if (customerNo === undefined) throw new Error('too few sample customers');
    return { customerNo };
  }
}

/** Writes the rows, all before the first call: an api keeps what it has read of them for some seconds. */
export async function seedBillers(world: ApiWorld, rows: readonly BillerRow[]): Promise<void> {
  for (const row of rows) {
    await seedProvider(world.fresh.database, world.sealingSecret, row, BILLERS[row.profile]);
    if (row.prepaid) await payIn(world, row.code);
  }
}

/** Gives a suite what it asks of the world; the row must be there. */
export function openBillerGround(world: ApiWorld, customers: FreshCustomers, row: BillerRow): BillerGround {
  const source = sourceOfProvider(row);
  return {
    meter: () => customers.take(),
    send: async ({ method, path, headers, body }, from = INSIDE) => {
      const url = `/v1/billers/${row.code}${path}`;
      const answer = await world.app.inject({ method, url, headers, payload: body, remoteAddress: from });
      return { httpStatus: answer.statusCode, body: answer.payload };
    },
    booked: async (trxId) => {
      const rows = await world.fresh.admin.read<{ id: Buffer; vend: Buffer | null; digits: string | null }>(
        `SELECT r.id, v.id AS vend, t.digits FROM recharges r LEFT JOIN vends v ON v.recharge_id = r.id
         LEFT JOIN vend_tokens t ON t.vend_id = v.id WHERE r.source = ? AND r.source_ref = ? ORDER BY v.id, t.sequence`,
        [source, trxId],
      );
      const unique = (ids: readonly (Buffer | null)[]) =>
        new Set(ids.filter((id) => id !== null).map((id) => id.toString('hex'))).size;
      return {
        payments: unique(rows.map(({ id }) => id)),
        vends: unique(rows.map(({ vend }) => vend)),
        tokens: rows.map(({ digits }) => digits).filter((digits) => digits !== null),
      };
    },
    footprint: () => world.footprint(),
    holdTokens: () => world.holdTokenServer(),
    workOn: () => workOn(world, source),
    logged: () => world.logged,
    secrets: Object.values(row.credentials),
  };
}

/** A vendor pays into its float, so that it can sell. */
async function payIn(world: Pick<ApiWorld, 'fresh'>, code: string, amountPaisa: Paisa = 100_000_000n): Promise<void> {
  const ledger = new LedgerService(world.fresh.database);
  await ledger.open([`float:${code}`, 'bank:demo']);
  const entry = floatTopUpEntry(
    { businessId: newId(), bookedAt: Date.now() },
    'bank:demo',
    `float:${code}`,
    amountPaisa,
  );
  await world.fresh.database.transaction((tx) => ledger.post(tx, [entry]));
}

/** Vends what was kept, as the worker does. */
async function workOn(world: ApiWorld, source: string): Promise<void> {
  const kept = await world.fresh.database.read<{ id: Id }>(
    `SELECT id FROM recharges WHERE source = ? AND state = 'RECEIVED' AND meter_id IS NOT NULL`,
    [source],
  );
  const vending = world.app.get(VendingService, { strict: false });
  for (const { id } of kept) {
    await vending.complete(id).catch((error: unknown) => {
      if (!isDomainError(error)) throw error;
    });
  }
}
