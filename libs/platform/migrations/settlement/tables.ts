const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';
const CODE = 'VARCHAR(32) CHARACTER SET ascii';
const ACTOR = 'VARCHAR(60) CHARACTER SET ascii';
const TEXT = (length: number) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`;

/** What providers and banks send. A row of a file is written once; whether it counts, its import says. */
const FILES: readonly string[] = [
  `CREATE TABLE statement_formats (
    provider ${CODE} NOT NULL,
    version INT UNSIGNED NOT NULL,
    content JSON NOT NULL,
    set_by ${ACTOR} NOT NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, version)
  ) ${TABLE}`,
  // The same file for the same provider and day is one import, unless it failed.
  `CREATE TABLE statement_imports (
    id BINARY(16) PRIMARY KEY,
    serial INT UNSIGNED NOT NULL AUTO_INCREMENT,
    kind ENUM('statement', 'bank') NOT NULL,
    provider ${CODE} NOT NULL,
    day DATE NOT NULL,
    rule ENUM('add', 'replace') NOT NULL,
    format_version INT UNSIGNED NULL,
    state ENUM('QUEUED', 'RUNNING', 'DONE', 'FAILED') NOT NULL,
    counts_now BOOLEAN NOT NULL DEFAULT FALSE,
    file_name VARCHAR(120) NOT NULL,
    file_kind ENUM('csv', 'xlsx') NOT NULL,
    file_sha256 BINARY(32) NOT NULL,
    made_by ${ACTOR} NOT NULL,
    made_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    refusal_code VARCHAR(48) CHARACTER SET ascii NULL,
    refusal_facts VARCHAR(600) NULL,
    total_bytes BIGINT UNSIGNED NOT NULL,
    done_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_line INT UNSIGNED NOT NULL DEFAULT 0,
    rows_done INT UNSIGNED NOT NULL DEFAULT 0,
    rows_stored INT UNSIGNED NOT NULL DEFAULT 0,
    rows_known INT UNSIGNED NOT NULL DEFAULT 0,
    rows_rejected INT UNSIGNED NOT NULL DEFAULT 0,
    fence INT UNSIGNED NOT NULL DEFAULT 0,
    lease_until DATETIME(3) NULL,
    standing_file BINARY(32) AS (CASE WHEN state = 'FAILED' THEN NULL ELSE file_sha256 END) STORED,
    UNIQUE KEY uq_statement_imports_serial (serial),
    UNIQUE KEY uq_statement_imports_file (kind, provider, day, standing_file),
    CONSTRAINT ck_statement_imports_rows CHECK (rows_done = rows_stored + rows_known + rows_rejected),
    CONSTRAINT ck_statement_imports_failed CHECK ((state = 'FAILED') = (refusal_code IS NOT NULL)),
    CONSTRAINT ck_statement_imports_counts CHECK (NOT counts_now OR state = 'DONE')
  ) ${TABLE}`,
  `CREATE TABLE statement_faults (
    import_no INT UNSIGNED NOT NULL,
    line INT UNSIGNED NOT NULL,
    column_name VARCHAR(40) CHARACTER SET ascii NOT NULL,
    code VARCHAR(40) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (import_no, line)
  ) ${TABLE}`,
  // In the order of the file, so that a million rows go to the end of the table; found again by transaction id.
  `CREATE TABLE statement_rows (
    import_no INT UNSIGNED NOT NULL,
    line INT UNSIGNED NOT NULL,
    trx_id ${TEXT(56)} NOT NULL,
    status ENUM('PAID', 'REVERSED', 'VOID') NOT NULL,
    amount_paisa BIGINT NOT NULL,
    fee_paisa BIGINT NOT NULL,
    trx_at DATETIME(3) NULL,
    biller_ref ${TEXT(40)} NOT NULL,
    our_order_no ${TEXT(64)} NOT NULL,
    batch ${TEXT(40)} NOT NULL,
    PRIMARY KEY (import_no, line),
    INDEX ix_statement_rows_trx (trx_id, import_no),
    CONSTRAINT ck_statement_rows_amount CHECK (amount_paisa > 0 AND fee_paisa >= 0 AND fee_paisa <= amount_paisa)
  ) ${TABLE}`,
  // The n-th equal line of a file is the n-th credit: a file that overlaps an earlier one adds what is new.
  `CREATE TABLE bank_credits (
    id BINARY(16) PRIMARY KEY,
    account VARCHAR(64) CHARACTER SET ascii NOT NULL,
    value_date DATE NOT NULL,
    provider ${CODE} NOT NULL,
    batch ${TEXT(40)} NOT NULL,
    bank_ref ${TEXT(40)} NOT NULL,
    amount_paisa BIGINT NOT NULL,
    occurrence INT UNSIGNED NOT NULL,
    import_no INT UNSIGNED NOT NULL,
    line INT UNSIGNED NOT NULL,
    booked_at DATETIME(3) NULL,
    UNIQUE KEY uq_bank_credits_credit (account, value_date, provider, batch, bank_ref, amount_paisa, occurrence),
    INDEX ix_bank_credits_batch (provider, batch),
    INDEX ix_bank_credits_unbooked (booked_at, id),
    CONSTRAINT ck_bank_credits_amount CHECK (amount_paisa > 0)
  ) ${TABLE}`,
];

/** What was found when they were compared with our books, and what became of it. */
const FINDINGS: readonly string[] = [
  `CREATE TABLE settlement_days (
    provider ${CODE} NOT NULL,
    day DATE NOT NULL,
    matched_at DATETIME(3) NOT NULL,
    matched_rows INT UNSIGNED NOT NULL,
    PRIMARY KEY (provider, day)
  ) ${TABLE}`,
  `CREATE TABLE settlement_totals (
    provider ${CODE} NOT NULL,
    day DATE NOT NULL,
    side ENUM('ours', 'theirs') NOT NULL,
    bucket ENUM('matched', 'ours-only', 'theirs-only', 'amount-differs', 'duplicate', 'reversed') NOT NULL,
    batch ${TEXT(40)} NOT NULL,
    item_count INT UNSIGNED NOT NULL,
    amount_paisa BIGINT NOT NULL,
    fee_paisa BIGINT NOT NULL,
    vat_paisa BIGINT NOT NULL,
    PRIMARY KEY (provider, day, side, bucket, batch),
    INDEX ix_settlement_totals_batch (provider, batch, side)
  ) ${TABLE}`,
  // What of a batch's day is in the books: the commission, and the VAT share that came in one sum with the rest.
  `CREATE TABLE settlement_batch_days (
    provider ${CODE} NOT NULL,
    batch ${TEXT(40)} NOT NULL,
    day DATE NOT NULL,
    booked_fee_paisa BIGINT NOT NULL DEFAULT 0,
    moved_vat_paisa BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, batch, day)
  ) ${TABLE}`,
  `CREATE TABLE settlement_breaks (
    id BINARY(16) PRIMARY KEY,
    provider ${CODE} NOT NULL,
    trx_id ${TEXT(56)} NOT NULL,
    place SMALLINT UNSIGNED NOT NULL,
    bucket ENUM('ours-only', 'theirs-only', 'amount-differs', 'duplicate', 'bank-differs') NOT NULL,
    day DATE NOT NULL,
    state ENUM('OPEN', 'CLAIMED', 'SETTLED', 'HEALED') NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    ours_paisa BIGINT NOT NULL,
    theirs_paisa BIGINT NOT NULL,
    recharge_id BINARY(16) NULL,
    meter_id BINARY(16) NULL,
    biller_ref ${TEXT(40)} NOT NULL,
    batch ${TEXT(40)} NOT NULL,
    case_id BINARY(16) NULL,
    raised_at DATETIME(3) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_settlement_breaks_of (provider, trx_id, place, bucket),
    INDEX ix_settlement_breaks_day (provider, day, state, id),
    INDEX ix_settlement_breaks_state (state, id),
    INDEX ix_settlement_breaks_case (case_id),
    CONSTRAINT fk_settlement_breaks_recharge FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT fk_settlement_breaks_case FOREIGN KEY (case_id) REFERENCES cases (id)
  ) ${TABLE}`,
  // What people did about them; the id is the request's key.
  `CREATE TABLE settlement_actions (
    id BINARY(16) PRIMARY KEY,
    break_id BINARY(16) NOT NULL,
    action VARCHAR(20) CHARACTER SET ascii NOT NULL,
    amount_paisa BIGINT NOT NULL,
    recharge_id BINARY(16) NULL,
    approval_id BINARY(16) NULL,
    reason VARCHAR(200) NOT NULL,
    done_by ${ACTOR} NOT NULL,
    done_at DATETIME(3) NOT NULL,
    INDEX ix_settlement_actions_break (break_id, id),
    CONSTRAINT fk_settlement_actions_break FOREIGN KEY (break_id) REFERENCES settlement_breaks (id),
    CONSTRAINT fk_settlement_actions_recharge FOREIGN KEY (recharge_id) REFERENCES recharges (id)
  ) ${TABLE}`,
  // A case about a break may be about money of which our books know nothing.
  `ALTER TABLE cases
    DROP CONSTRAINT ck_cases_subject,
    ADD CONSTRAINT ck_cases_subject CHECK (
      kind = 'settlement-break' OR COALESCE(recharge_id, vend_id, meter_id, customer_id, inbox_id) IS NOT NULL)`,
];

export const STATEMENTS: readonly string[] = [...FILES, ...FINDINGS];

/** Template, debit family, credit family: what settlement posts beside what the first release let it. */
export const TEMPLATE_ROWS: readonly (readonly [string, string, string])[] = [
  ['claim-to-debt', 'customer-arrears', 'receivable'],
  ['reversal:claim-to-debt', 'receivable', 'customer-arrears'],
  ['settlement-back', 'receivable', 'bank'],
  ['settlement-back', 'receivable', 'commission'],
  ['reversal:settlement-back', 'bank', 'receivable'],
  ['reversal:settlement-back', 'commission', 'receivable'],
  ['vat-transfer', 'bank', 'bank'],
  ['reversal:vat-transfer', 'bank', 'bank'],
];
