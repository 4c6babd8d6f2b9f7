/*
 * Proves that a database of the first release, with entries in it and the rights of that release given, comes up to
 * date with nothing lost: its books are rolled up and proved, and the application can write them by procedure alone.
 */
import { dhakaDay, idToBytes, newId } from '@vend/kernel';
import { balanceAt, depositTakenEntry, LedgerService, proveAll, statement } from '@vend/ledger';
import { createDataSource, Database, migrate } from '@vend/platform';
import { FirstLight1700000000001 } from '../../libs/platform/migrations/0001-first-light';
import { createTestDatabase, type TestDatabase } from '../support/servers';

jest.setTimeout(60_000);
let empty: TestDatabase;
const open: Database[] = [];
beforeAll(async () => {
  empty = await createTestDatabase();
});
afterAll(async () => {
  for (const database of open) await database.dataSource.destroy();
  await empty?.drop();
});

async function connect(url: string, withMigrations: boolean): Promise<Database> {
  const database = new Database(await createDataSource({ url, poolSize: 2, withMigrations }).initialize());
  open.push(database);
  return database;
}

/** The first release's tables, rights, and two days of deposits as that release wrote entries. */
async function firstRelease(owner: Database, appUser: string): Promise<number> {
  const runner = owner.dataSource.createQueryRunner();
  await new FirstLight1700000000001().up(runner);
  await runner.query(
    'CREATE TABLE schema_migrations (id INT AUTO_INCREMENT PRIMARY KEY, timestamp BIGINT NOT NULL, name VARCHAR(255) NOT NULL)',
  );
  await runner.query(
    `INSERT INTO schema_migrations (timestamp, name) VALUES (1700000000001, 'FirstLight1700000000001')`,
  );
  for (const table of ['ledger_accounts', 'ledger_balances', 'ledger_entries', 'ledger_postings']) {
    await runner.query(`GRANT SELECT, INSERT ON ${table} TO '${appUser}'@'%'`);
  }
  await runner.query(`GRANT UPDATE (debit_paisa, credit_paisa) ON ledger_balances TO '${appUser}'@'%'`);
  await runner.query(
    `INSERT INTO ledger_accounts (id, code, kind) VALUES (1, 'unspent-payments', 'liability'), (2, 'receivable:P-1', 'asset')`,
  );
  await runner.query('INSERT INTO ledger_balances VALUES (1, TRUE, TRUE, 0, 700), (2, FALSE, FALSE, 700, 0)');
  const midnight = Date.parse(`${dhakaDay(Date.now())}T00:00:00+06:00`);
  for (let i = 0; i < 7; i++) {
    const at = midnight - 86_400_000 * (1 + (i % 2)) + i;
    const id = idToBytes(newId(at));
    await runner.query('INSERT INTO ledger_entries VALUES (?)', [
      [id, 'payment', idToBytes(newId()), dhakaDay(at), new Date(at)],
    ]);
    await runner.query('INSERT INTO ledger_postings VALUES (?)', [[id, 1, 2, 1, 100, null]]);
  }
  await runner.release();
  return midnight;
}

it('brings the books of the first release along', async () => {
  const owner = await connect(empty.migrationUrl, true);
  const midnight = await firstRelease(owner, empty.appUser);
  const applied = await migrate(owner.dataSource, `'${empty.appUser}'@'%'`);
  expect(applied[0]).toBe('Ledger1700000000002');

  const application = await connect(empty.appUrl, false);
  const ledger = new LedgerService(application);
  await ledger.open(['receivable:P-1']);
  const yesterday = dhakaDay(midnight - 1);
  await ledger.closeDay(yesterday, 'user:selim');
  expect((await balanceAt(application, 'unspent-payments', midnight - 86_400_000)).balancePaisa).toBe(400n);
  expect((await statement(application, 'receivable:P-1', { from: 0 })).lines).toHaveLength(7);
  // These payments have no recharge behind them in this test.
  const { faults, days } = await proveAll(application, yesterday);
  expect([days, faults]).toEqual([2, ['unspent-payments holds 700 paisa, open payments are 0']]);

  const fact = { businessId: newId(), bookedAt: Date.now() };
  await application.transaction((tx) => ledger.post(tx, [depositTakenEntry(fact, 'receivable:P-1', 5n)]));
  for (const sql of [
    'UPDATE ledger_balances SET debit_paisa = 0',
    "INSERT INTO ledger_accounts (code, kind) VALUES ('x', 'asset')",
  ]) {
    await expect(application.read(sql)).rejects.toMatchObject({ errno: expect.any(Number) as number });
  }
  expect((await application.read<{ n: string }>('SELECT COUNT(*) AS n FROM ledger_entries'))[0]!.n).toBe('8');
  // Again changes nothing, and takes no right twice.
  expect(await migrate(owner.dataSource, `'${empty.appUser}'@'%'`)).toEqual([]);
});
