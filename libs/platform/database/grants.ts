/**
 * What the application's database user may do beyond SELECT and INSERT, table by table. What is not here it
 * cannot do, even by raw SQL: entries, postings, tokens and audit events can be neither changed nor deleted.
 */
const UPDATES: Readonly<Record<string, string>> = {
  stations: 'all',
  users: 'all',
  partners: 'all',
  customers: 'all',
  connections: 'all',
  meters: 'all',
  meter_states: 'all',
  recharges: 'state, refusal_code',
  vends: 'state',
  ledger_balances: 'debit_paisa, credit_paisa',
  outbox: 'due_at, attempts',
  inbox: 'state, outcome, recharge_id',
  notices: 'all',
  campaigns: 'state',
  key_changes: 'state, refusal_code, vend_id, exported_at, issued_at, closed_at, closed_by',
  token_logs: 'lines_read, head, first_line_at, read_at',
  token_log_tokens: 'sold',
  token_matches: 'all',
};
const DELETES = ['outbox'];

/** The GRANT statements for the application's user; `user` is already quoted (`'vend_app'@'%'`). */
export function applicationGrants(database: string, user: string, tables: readonly string[]): string[] {
  const grants = tables.map((table) => `GRANT SELECT, INSERT ON \`${database}\`.\`${table}\` TO ${user}`);
  for (const [table, columns] of Object.entries(UPDATES)) {
    const privilege = columns === 'all' ? 'UPDATE' : `UPDATE (${columns})`;
    grants.push(`GRANT ${privilege} ON \`${database}\`.\`${table}\` TO ${user}`);
  }
  for (const table of DELETES) grants.push(`GRANT DELETE ON \`${database}\`.\`${table}\` TO ${user}`);
  return grants;
}
