/*
 * Proves that the price book's migration works on a database that has sold before it: the vends keep their parts, and
 * name the revision under which the released book prices them as they were.
 */
import { idToBytes, newId } from '@vend/kernel';
import { createDataSource, Database, migrate } from '@vend/platform';
import { PriceBooks } from '@vend/pricebook';
import { firstLightBook, price, type PricingState } from '@vend/tariff';
import { FirstLight1700000000001 } from '../../libs/platform/migrations/0001-first-light';
import { createTestDatabase, type TestDatabase } from '../support/servers';

let empty: TestDatabase;
beforeAll(async () => {
  empty = await createTestDatabase();
});
afterAll(() => empty?.drop());

const at = Date.UTC(2026, 9, 5, 6);
const state: PricingState = {
  tariffClass: 'LT-A',
  phase: 1,
  sanctionedW: 2_000n,
  meterOwner: 'utility',
  crediting: 'currency',
  installedOn: '2026-10-01',
  rentUntil: null,
  chargedThrough: null,
  soldMonth: null,
  soldWh: 0n,
  arrearsPaisa: 0n,
  arrearsPlan: null,
  remainderPaisa: 0n,
};

/** A vend as the release of before wrote it. */
async function vendOfBefore(database: Database): Promise<void> {
  const [rechargeId, meterId] = [newId(at), newId(at)].map(idToBytes);
  const quote = price(state, 100_000n, at, firstLightBook);
  const input = JSON.stringify(state, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
  await database.transaction(async (tx) => {
    await tx.write(
      `INSERT INTO recharges (id, source, source_ref, body_hash, channel, meter_id, gross_paisa, state, actor, received_at,
         business_day) VALUES (?, 'till:X', 'one', ?, 'counter', ?, 100000, 'APPLIED', 'user:x', ?, '2026-10-05')`,
      [rechargeId, Buffer.alloc(32), meterId, new Date(at)],
    );
    await tx.write(
      `INSERT INTO vends (id, recharge_id, meter_id, receipt_no, state, issued_at, business_day, gross_paisa, vat_paisa,
         rent_paisa, demand_paisa, arrears_paisa, pfc_paisa, penalty_paisa, rebate_paisa, energy_paisa,
         remainder_in_paisa, remainder_out_paisa, tariff_book, tariff_version, rebate_profile, pricing_input)
       VALUES (?, ?, ?, 'NV-261005-0000000001', 'ISSUED', ?, '2026-10-05', 100000, ?, ?, ?, 0, 0, 0, ?, ?, 0, 0,
         'first-light', ?, ?, ?)`,
      [
        idToBytes(newId(at)),
        rechargeId,
        meterId,
        new Date(at),
        ...[quote.vatPaisa, quote.rentPaisa, quote.demandPaisa, quote.rebatePaisa, quote.energyPaisa].map(String),
        quote.tariffVersion,
        quote.rebateProfile,
        input,
      ],
    );
  });
}

it('prices the vends of before as they were', async () => {
  const old = createDataSource({ url: empty.migrationUrl, poolSize: 2 });
  old.setOptions({ migrations: [FirstLight1700000000001] });
  await old.initialize();
  await old.runMigrations({ transaction: 'none' });
  await vendOfBefore(new Database(old));
  await old.destroy();

  const now = createDataSource({ url: empty.migrationUrl, poolSize: 4, withMigrations: true });
  await now.initialize();
  try {
    const applied = await migrate(now, `'${empty.appUser}'@'%'`);
    expect(applied).toContain('PriceBook1700000000003');
    const database = new Database(now);
    const [vend] = await database.read<Record<string, string | number>>('SELECT * FROM vends');
    expect(vend).toMatchObject({ lifeline_credit_paisa: '0', adjustment_paisa: '0', energy_paisa: '86141' });
    const { tariffs, revision } = await new PriceBooks(database).at('first-light', Number(vend!['price_revision']));
    expect(revision).toBe((await new PriceBooks(database).latest('first-light')).revision);
    expect(price(state, 100_000n, at, tariffs)).toMatchObject({ energyPaisa: 86_141n, rebatePaisa: 903n });
    // A second run changes nothing.
    expect(await migrate(now, `'${empty.appUser}'@'%'`)).toEqual([]);
    // From now on every vend must say its revision.
    await expect(
      database.transaction((tx) =>
        tx.write(`INSERT INTO vends (id, recharge_id, meter_id, receipt_no, state, issued_at, business_day)
          SELECT id, recharge_id, meter_id, 'x', state, issued_at, business_day FROM vends`),
      ),
    ).rejects.toThrow(/default value/);
  } finally {
    await now.destroy();
  }
});
