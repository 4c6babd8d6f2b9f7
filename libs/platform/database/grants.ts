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
  meter_models: 'all',
  connection_people: 'all',
  // The meter: a kept payment goes with the customer when the meter is replaced, one owed back to where it was meant.
  recharges: 'state, refusal_code, meter_id',
  vends: 'state',
  outbox: 'due_at, attempts',
  inbox: 'state, outcome, recharge_id',
  // What was ordered stays as it was ordered, and what a gateway sent as it was sent.
  checkout_orders: `state, gateway_ref, pay_url, claim_ref, claimed, trx_id, paid_paisa, paid_at, recharge_id, reason, asked,
    changed_at`,
  gateway_messages: 'state, outcome',
  checkout_refunds: 'state, refund_ref, asked, reason, ended_at',
  notices: 'all',
  one_time_codes: 'attempts, used_at',
  sms_inbound: 'state, words, word, outcome, language, customer_id, meter_id, vend_id, worked_at',
  sms_askers: 'all',
  sms_notice_choices: 'all',
  sms_parts: 'all',
  sms_gateways: 'all',
  sms_gateway_health: 'all',
  // What is told and to whom stays as it was approved.
  broadcasts: `state, prepared_through, prepared_at, customers, same_phone, opted_out, recipients_bn, recipients_en,
    approval_id, launched_by, launched_at, began_at, ended_at, end_reason, next_chunk_at, fruitless, waiting_for, settled,
    active_ms, last_chunk_at`,
  broadcast_recipients: 'all',
  nightly_runs: 'all',
  campaigns: 'state',
  free_issue_use: 'all',
  deposits: 'returned_by',
  key_changes: 'state, refusal_code, vend_id, exported_at, issued_at, closed_at, closed_by',
  token_logs: 'lines_read, head, first_line_at, read_at',
  token_log_tokens: 'sold',
  token_matches: 'all',
  token_log_gaps: 'resolved_at',
  watch_rules: 'threshold, window_seconds, active, set_by, set_at',
  watch_cursors: 'through',
  head_ends: 'all',
  remote_loads: 'state, round, attempts, reason, opened_at, sent_at, concluded_at',
  meter_link_events: 'state, outcome',
  review_items: 'all',
  customer_words_fill: 'all',
  imports: 'all',
  statement_imports: 'all',
  bank_credits: 'booked_at',
  settlement_days: 'matched_at, matched_rows',
  settlement_batch_days: 'booked_fee_paisa, moved_vat_paisa',
  settlement_breaks: `bucket, day, state, version, ours_paisa, theirs_paisa, recharge_id, meter_id, biller_ref, batch,
    case_id, changed_at`,
  cases: 'state, version, queue, owner, due_at, waiting_for, outcome, outcome_words, closed_at, closed_by, closings',
  penalties:
    'state, meter_id, vend_id, withdrawal_key, withdrawal_approval_id, withdrawn_by, withdrawn_at, withdrawal_reason',
  offline_packs: 'state, withdrawn_by, withdrawn_at',
  offline_pack_items: 'state, used_at, vend_id',
  // Not to change anything: publishing needs the right to lock the row of the book.
  price_books: 'locked_at',
  // What was asked stays as it was asked.
  approvals: 'state, expires_at, decided_by, decided_at, note, effect, used_at',
  sessions: 'refreshed_at, ended_at, ended_by, end_reason',
  refresh_tokens: 'used_at, superseded_at',
  recovery_codes: 'used_at, void_at',
  login_failures: 'all',
  offices: 'all',
  payment_providers: 'all',
  // What was asked stays as it was asked.
  biller_commits: 'state, refusal_code, due_at, taken_by, answer_sealed, acknowledged_at',
  webhook_endpoints: 'all',
  // What happened stays as it was written; how often it was told of may be noted.
  webhook_messages: 'state, due_at, tried_since, attempts, last_outcome, concluded_at',
  webhook_sequences: 'all',
  sandbox_payments: 'state, ends_as, after_asks, acknowledged_at',
  gateway_tokens: 'all',
  portal_asks: 'worked_at, customer_id, code_id, tries, opened_at',
  portal_counts: 'all',
  portal_sessions: 'ended_at',
  meter_nicknames: 'all',
  sales_hour_counts: 'counted_at',
  station_terms: 'all',
  // What was opened and counted stays as it was.
  shifts: 'state, last_entry, counts, closed_at, closed_by, close_key',
  bank_deposits: 'state, banked_by, banked_at, reference',
};
const DELETES = [
  ...['outbox', 'customer_words', 'sms_parts', 'sms_gateway_health', 'refresh_tokens', 'login_failures'],
  'payments_under_way',
  // What companies and we told each other, when it is old: no money is booked by it (ADR 0041).
  ...['webhook_messages', 'webhook_attempts', 'webhook_events', 'gateway_messages'],
  ...['portal_asks', 'portal_counts', 'portal_sessions'],
  // Reckoned anew each time.
  ...['settlement_totals', 'sales_hours'],
];
/**
 * Tables of which some columns may not even be inserted: `origin` tells what a release brought from what two people
 * published, and only a migration may say the former.
 */
const INSERTS: Readonly<Record<string, string>> = {
  price_documents: 'id, kind, code, content, content_sha256, made_by, made_at',
  price_proposals: 'id, action, book, document_id, reason, proposed_by, proposed_at',
  sms_templates: 'id, code, version, body_bn, body_en, request_key, reason, made_by, made_at',
  sms_template_publications: 'id, template_id, request_key, asked_by, approved_by, approval_id, published_at',
  price_decisions: 'proposal_id, action, book, document_id, revision, proposed_by, approved_by, approved_at',
};

/** Written by stored procedures alone, which check every law first (docs/adr/0016-ledger-behind-procedures.md). */
const isLedger = (table: string) => table.startsWith('ledger_');
/** The procedures that the application may call; others are called by these. */
const PROCEDURES = [
  'ledger_open_accounts',
  'ledger_post',
  'ledger_settle',
  'ledger_close_day',
  'ledger_roll_up',
  'ledger_seal',
];

/**
 * What an earlier release has granted and this one takes back. A REVOKE of what was never granted is an error of
 * its own (1147) and means the same.
 */
export function applicationRevocations(database: string, user: string): string[] {
  const written = ['ledger_accounts', 'ledger_balances', 'ledger_entries', 'ledger_postings'];
  return [
    ...written.map((table) => `REVOKE INSERT ON \`${database}\`.\`${table}\` FROM ${user}`),
    `REVOKE UPDATE (debit_paisa, credit_paisa) ON \`${database}\`.\`ledger_balances\` FROM ${user}`,
  ];
}

/** The GRANT statements for the application's user; `user` is already quoted (`'vend_app'@'%'`). */
export function applicationGrants(database: string, user: string, tables: readonly string[]): string[] {
  const grants = tables.map((table) => {
    if (isLedger(table)) return `GRANT SELECT ON \`${database}\`.\`${table}\` TO ${user}`;
    const insert = INSERTS[table] === undefined ? 'INSERT' : `INSERT (${INSERTS[table]})`;
    return `GRANT SELECT, ${insert} ON \`${database}\`.\`${table}\` TO ${user}`;
  });
  for (const [table, columns] of Object.entries(UPDATES)) {
    const privilege = columns === 'all' ? 'UPDATE' : `UPDATE (${columns})`;
    grants.push(`GRANT ${privilege} ON \`${database}\`.\`${table}\` TO ${user}`);
  }
  for (const procedure of PROCEDURES) {
    grants.push(`GRANT EXECUTE ON PROCEDURE \`${database}\`.\`${procedure}\` TO ${user}`);
  }
  for (const table of DELETES) grants.push(`GRANT DELETE ON \`${database}\`.\`${table}\` TO ${user}`);
  return grants;
}
