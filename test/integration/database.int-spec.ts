/*
 * Proves the door to the database: errors carry no values, transient refusals run the whole work again from a
 * fresh BEGIN, statements that travel together fall together and nothing is sent after the end, the books cannot be changed even by raw SQL as the application's user, and a bad profile is refused.
 */
import { newId, idToBytes } from '@vend/kernel';
import { DatabaseFailure, databaseProfileFaults, isDuplicate } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { payment, VendingBench } from '../support/vending';

let fresh: FreshDatabase;
const retried: number[] = [];
beforeAll(async () => {
  fresh = await freshDatabase({ retried: (errno) => retried.push(errno) });
});
afterAll(() => fresh?.drop());

it('says what failed without the values that were in the statement', async () => {
  const secret = '12345678901234567890';
  const failures = [
    fresh.database.read('SELECT * FROM no_such_table WHERE digits = ?', [secret]),
    fresh.database.read('SELECT * FROM vends WHERE receipt_no = ? AND', [secret]),
    fresh.database.transaction((tx) =>
      tx.write('INSERT INTO stations (code, name, office) VALUES (?, ?, ?), (?, ?, ?)', [
        secret,
        'x',
        'y',
        secret,
        'x',
        'y',
      ]),
    ),
  ];
  for (const failure of failures) {
    const error = await failure.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DatabaseFailure);
    const everything = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack);
    expect(everything).not.toContain(secret);
  }
});

it('recognises a duplicate key through its own error', async () => {
  const insert = () =>
    fresh.database.transaction((tx) =>
      tx.write("INSERT INTO stations (code, name, office) VALUES ('TWICE', 'x', 'y')", []),
    );
  await insert();
  const error = await insert().catch((reason: unknown) => reason);
  expect(isDuplicate(error)).toBe(true);
});

it('runs both sides of a deadlock to their end, the loser from a fresh BEGIN', async () => {
  await fresh.admin.transaction((tx) =>
    tx.write("INSERT INTO stations (code, name, office) VALUES ('A', '0', 'y'), ('B', '0', 'y')", []),
  );
  let inside = 0;
  let open: () => void = () => undefined;
  const bothInside = new Promise<void>((resolve) => (open = resolve));
  const bump = (first: string, second: string) => {
    let attempt = 0;
    return fresh.database.transaction(async (tx) => {
      attempt += 1;
      await tx.write('UPDATE stations SET name = name + 1 WHERE code = ?', [first]);
      if (attempt === 1 && ++inside === 2) open();
      if (attempt === 1) await bothInside;
      await tx.write('UPDATE stations SET name = name + 1 WHERE code = ?', [second]);
      return attempt;
    });
  };
  const attempts = await Promise.all([bump('A', 'B'), bump('B', 'A')]);
  expect(attempts.sort()).toEqual([1, 2]);
  expect(retried).toEqual([1213]);
  const rows = await fresh.admin.read<{ name: string }>("SELECT name FROM stations WHERE code IN ('A', 'B')");
  expect(rows.map((row) => row.name)).toEqual(['2', '2']);
});

it("refuses to let the application's user change or delete what is booked", async () => {
  const bench = new VendingBench(fresh);
  const [meterId] = await bench.install({ serial: 900 });
  await bench.vending.recharge(payment(meterId!));
  const attempts = [
    'UPDATE ledger_postings SET amount_paisa = 1',
    'DELETE FROM ledger_postings',
    'UPDATE ledger_entries SET business_day = NOW()',
    'DELETE FROM ledger_entries',
    "UPDATE vend_tokens SET digits = '00000000000000000000'",
    'DELETE FROM vend_tokens',
    'UPDATE vends SET gross_paisa = 1',
    'DELETE FROM vends',
    'UPDATE recharges SET gross_paisa = 1',
    'DELETE FROM recharges',
    'UPDATE audit_events SET actor = 1',
    'DELETE FROM audit_events',
    'UPDATE ledger_balances SET never_overdrawn = 0',
    'UPDATE ledger_balances SET credit_paisa = credit_paisa + 1',
    'DELETE FROM ledger_balances',
    'DROP TABLE vends',
    'TRUNCATE TABLE outbox',
  ];
  for (const sql of attempts) {
    const error = await fresh.database.read(sql).catch((reason: unknown) => reason);
    // 1142 command denied, 1143 column denied, 1044/1227 right denied.
    expect({ sql, errno: (error as DatabaseFailure).errno }).toEqual({ sql, errno: expect.any(Number) as number });
    expect([1142, 1143, 1044, 1227]).toContain((error as DatabaseFailure).errno);
  }
});

it('refuses an account that may not go negative, and parts that do not add up, by constraint', async () => {
  const negative = fresh.admin.transaction((tx) =>
    tx.write(
      `UPDATE ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id
       SET b.debit_paisa = b.credit_paisa + 1 WHERE a.code = 'unspent-payments'`,
    ),
  );
  await expect(negative).rejects.toMatchObject({ errno: 4025 });
  const entryId = idToBytes(newId(1_795_000_000_000));
  const onItself = fresh.admin.transaction(async (tx) => {
    await tx.write(
      'INSERT INTO ledger_entries (id, template, business_id, business_day, booked_at) VALUES (?, ?, ?, ?, ?)',
      [entryId, 'vend', entryId, '2026-11-18', new Date(1_795_000_000_000)],
    );
    await tx.write(
      `INSERT INTO ledger_postings (entry_id, line, debit_account_id, credit_account_id, amount_paisa) VALUES (?, 1, 1, 1, 5)`,
      [entryId],
    );
  });
  await expect(onItself).rejects.toMatchObject({ errno: 4025 });
});

it('finds a server that may forget commits', async () => {
  expect(await databaseProfileFaults(fresh.database)).toEqual([]);
  const faultsOf = async (settings: Record<string, string>) => {
    const rows = Object.entries(settings).map(([name, value]) => ({ Variable_name: name, Value: value }));
    const server = { read: () => Promise.resolve(rows) } as unknown as typeof fresh.database;
    return (await databaseProfileFaults(server)).map((fault) => fault.split(' ')[0]);
  };
  const forgetful = {
    innodb_flush_log_at_trx_commit: '2',
    transaction_isolation: 'REPEATABLE-READ',
    log_bin: 'ON',
    binlog_format: 'MIXED',
    sync_binlog: '0',
  };
  expect(await faultsOf(forgetful)).toEqual(Object.keys(forgetful).filter((name) => name !== 'log_bin'));
  // Without a binlog its settings do not matter.
  expect(await faultsOf({ innodb_flush_log_at_trx_commit: '1', log_bin: 'OFF', binlog_format: 'MIXED' })).toEqual([]);
});

describe('statements that travel together', () => {
  const insert = "INSERT INTO stations (code, name, office) VALUES (?, ?, 'y')";
  const stations = (codes: readonly string[]) =>
    fresh.admin.read<{ code: string }>('SELECT code FROM stations WHERE code IN (?) ORDER BY code', [codes]);

  it('are carried out in the order of their issue and answered each by itself', async () => {
    const [inserted, rows, changed] = await fresh.database.transaction((tx) =>
      Promise.all([
        tx.write(insert, ['T1', 'first?']),
        tx.query<{ name: string }>("SELECT name FROM stations WHERE code = 'T1'"),
        tx.write("UPDATE stations SET name = 'second' WHERE code IN (?)", [['T1', 'nobody']]),
      ]),
    );
    expect(inserted.affectedRows).toBe(1);
    expect(rows).toEqual([{ name: 'first?' }]);
    expect(changed.affectedRows).toBe(1);
  });

  it('fall together when one of them is refused, and leave nothing', async () => {
    const failed = fresh.database.transaction((tx) =>
      Promise.all([tx.write(insert, ['T2', 'x']), tx.write(insert, ['T2', 'again']), tx.write(insert, ['T3', 'x'])]),
    );
    await expect(failed).rejects.toMatchObject({ errno: 1062 });
    expect(await stations(['T2', 'T3'])).toEqual([]);
  });

  it('never lend a value to a neighbour that has one too few', async () => {
    const failed = fresh.database.transaction((tx) =>
      Promise.all([tx.write(insert, ['T4']), tx.write(insert, ['T5', 'x'])]),
    );
    await expect(failed).rejects.toMatchObject({ errno: 1064 });
    expect(await stations(['T4', 'T5'])).toEqual([]);
  });

  it('send nothing any more once the transaction is over', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const failed = fresh.database.transaction(async (tx) => {
      const slow = tx.query('SELECT SLEEP(0.2)').then(() => tx.write(insert, ['T6', 'x']));
      late = slow.catch((error: unknown) => error);
      await Promise.all([slow, Promise.reject(new Error('another part gave up'))]);
    });
    await expect(failed).rejects.toThrow('another part gave up');
    expect(await late).toMatchObject({ message: 'the transaction is over: nothing may be sent any more' });
    expect(await stations(['T6'])).toEqual([]);
  });

  it('do not commit what follows a deadlock that nobody looked at', async () => {
    await fresh.admin.transaction((tx) =>
      tx.write("INSERT INTO stations (code, name, office) VALUES ('T7', '0', 'y'), ('T8', '0', 'y')"),
    );
    let inside = 0;
    let open: () => void = () => undefined;
    const bothInside = new Promise<void>((resolve) => (open = resolve));
    let victims = 0;
    const careless = (mine: string, other: string) =>
      fresh.database.transaction(async (tx) => {
        await tx.write('UPDATE stations SET name = name + 1 WHERE code = ?', [mine]);
        if (++inside === 2) open();
        await bothInside;
        await tx.write('UPDATE stations SET name = name + 1 WHERE code = ?', [other]).catch(() => (victims += 1));
        await tx.write('UPDATE stations SET office = ? WHERE code = ?', [mine, mine]).catch(() => undefined);
      }, 1);
    const outcomes = await Promise.allSettled([careless('T7', 'T8'), careless('T8', 'T7')]);
    expect(victims).toBe(1);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    // The loser's last statement would have stood by itself had it been sent: one office changed, not two.
    const rows = await fresh.admin.read<{ name: string; office: string }>(
      "SELECT name, office FROM stations WHERE code IN ('T7', 'T8')",
    );
    expect(rows.map((row) => row.name)).toEqual(['1', '1']);
    expect(rows.filter((row) => row.office !== 'y')).toHaveLength(1);
  });
});
