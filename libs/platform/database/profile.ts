import type { Database } from './database';

const REQUIRED: readonly { name: string; accept: readonly string[]; why: string }[] = [
  { name: 'innodb_flush_log_at_trx_commit', accept: ['1'], why: 'an acknowledged recharge must survive a crash' },
  { name: 'transaction_isolation', accept: ['READ-COMMITTED'], why: 'row locks must see the latest commit' },
  { name: 'tx_isolation', accept: ['READ-COMMITTED'], why: 'row locks must see the latest commit' },
];

/**
 * Reads the server's durability settings and says what is wrong with them (RELIABILITY.md, database profile).
 * An app that finds a fault refuses to start: a fast database that forgets is not a database for money.
 *
 * @returns one sentence per fault; empty when the profile holds
 */
export async function databaseProfileFaults(database: Database): Promise<string[]> {
  const names = [...REQUIRED.map((r) => r.name), 'sync_binlog', 'log_bin', 'binlog_format', 'sql_mode'];
  const rows = await database.read<{ Variable_name: string; Value: string }>(
    `SHOW VARIABLES WHERE Variable_name IN (${names.map(() => '?').join(', ')})`,
    names,
  );
  const values = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
  const faults: string[] = [];
  for (const { name, accept, why } of REQUIRED) {
    const value = values.get(name);
    if (value !== undefined && !accept.includes(value))
      faults.push(`${name} is ${value}, must be ${accept[0]}: ${why}`);
  }
  if (values.get('sql_mode')?.includes('NO_BACKSLASH_ESCAPES')) {
    faults.push('sql_mode has NO_BACKSLASH_ESCAPES, which must be off: values are escaped with backslashes');
  }
  const logged = values.get('log_bin') === 'ON';
  if (logged && values.get('binlog_format') !== 'ROW') {
    faults.push(`binlog_format is ${values.get('binlog_format')}, must be ROW: statements replicate differently`);
  }
  if (logged && values.get('sync_binlog') !== '1') {
    faults.push(`sync_binlog is ${values.get('sync_binlog')}, must be 1: the binlog must not lag behind a commit`);
  }
  return faults;
}
