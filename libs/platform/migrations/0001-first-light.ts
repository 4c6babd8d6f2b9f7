import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables of the first recharge. Read it top to bottom: people and meters, then the recharge and its vend,
 * then the ledger, then what carries work to the worker (outbox, inbox, notices).
 *
 * Conventions: ids are UUIDv7 in BINARY(16); money is BIGINT paisa; energy BIGINT Wh; instants DATETIME(3) in UTC;
 * `business_day` is the Asia/Dhaka calendar day. The CHECK constraints are the last wall behind the code.
 */
const STATEMENTS = [
  `CREATE TABLE stations (
    code VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    office VARCHAR(60) NOT NULL
  )`,
  `CREATE TABLE users (
    id BINARY(16) PRIMARY KEY,
    username VARCHAR(40) CHARACTER SET ascii NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    role VARCHAR(20) CHARACTER SET ascii NOT NULL,
    station_code VARCHAR(32) CHARACTER SET ascii NOT NULL,
    password_hash VARCHAR(160) CHARACTER SET ascii NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_users_station FOREIGN KEY (station_code) REFERENCES stations (code)
  )`,
  `CREATE TABLE partners (
    id BINARY(16) PRIMARY KEY,
    code VARCHAR(32) CHARACTER SET ascii NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    kind VARCHAR(20) CHARACTER SET ascii NOT NULL,
    key_id VARCHAR(40) CHARACTER SET ascii NOT NULL UNIQUE,
    secret_sealed VARBINARY(200) NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at DATETIME(3) NOT NULL
  )`,
  `CREATE TABLE audit_events (
    id BINARY(16) PRIMARY KEY,
    at DATETIME(3) NOT NULL,
    actor VARCHAR(60) CHARACTER SET ascii NOT NULL,
    action VARCHAR(40) CHARACTER SET ascii NOT NULL,
    subject VARCHAR(80) CHARACTER SET ascii NOT NULL,
    detail JSON NULL
  )`,
  `CREATE TABLE customers (
    id BINARY(16) PRIMARY KEY,
    customer_no VARCHAR(20) CHARACTER SET ascii NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    mobile VARCHAR(15) CHARACTER SET ascii NULL,
    address VARCHAR(200) NOT NULL,
    office VARCHAR(60) NOT NULL,
    language CHAR(2) CHARACTER SET ascii NOT NULL DEFAULT 'bn',
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    INDEX ix_customers_mobile (mobile)
  )`,
  `CREATE TABLE connections (
    id BINARY(16) PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    tariff_class VARCHAR(8) CHARACTER SET ascii NOT NULL,
    phase TINYINT UNSIGNED NOT NULL,
    sanctioned_w INT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_connections_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT ck_connections_phase CHECK (phase IN (1, 3)),
    CONSTRAINT ck_connections_load CHECK (sanctioned_w > 0)
  )`,
  `CREATE TABLE meters (
    id BINARY(16) PRIMARY KEY,
    connection_id BINARY(16) NOT NULL,
    pan CHAR(18) CHARACTER SET ascii NOT NULL UNIQUE,
    drn VARCHAR(13) CHARACTER SET ascii NOT NULL,
    owner ENUM('utility', 'customer') NOT NULL,
    crediting ENUM('currency', 'energy') NOT NULL,
    installed_on DATE NOT NULL,
    rent_until DATE NULL,
    status ENUM('active', 'closed') NOT NULL DEFAULT 'active',
    ea CHAR(2) CHARACTER SET ascii NOT NULL,
    tct CHAR(2) CHARACTER SET ascii NOT NULL DEFAULT '02',
    sgc CHAR(6) CHARACTER SET ascii NOT NULL,
    krn TINYINT UNSIGNED NOT NULL,
    ti CHAR(2) CHARACTER SET ascii NOT NULL,
    kt TINYINT UNSIGNED NOT NULL,
    ken SMALLINT UNSIGNED NOT NULL,
    base_date SMALLINT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    INDEX ix_meters_drn (drn),
    CONSTRAINT fk_meters_connection FOREIGN KEY (connection_id) REFERENCES connections (id),
    CONSTRAINT ck_meters_ea CHECK (ea IN ('07', '11')),
    CONSTRAINT ck_meters_krn CHECK (krn BETWEEN 1 AND 9),
    CONSTRAINT ck_meters_kt CHECK (kt BETWEEN 0 AND 3),
    CONSTRAINT ck_meters_ken CHECK (ken BETWEEN 0 AND 255),
    CONSTRAINT ck_meters_base CHECK (base_date IN (1993, 2014, 2035))
  )`,
  // One row per meter that every vend locks: what pricing and the TID need, and nothing else.
  `CREATE TABLE meter_states (
    meter_id BINARY(16) PRIMARY KEY,
    last_tid INT UNSIGNED NOT NULL DEFAULT 0,
    charged_through INT UNSIGNED NULL,
    sold_month INT UNSIGNED NULL,
    sold_wh BIGINT NOT NULL DEFAULT 0,
    arrears_paisa BIGINT NOT NULL DEFAULT 0,
    remainder_paisa BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT fk_meter_states_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT ck_meter_states_tid CHECK (last_tid <= 16777215),
    CONSTRAINT ck_meter_states_signs CHECK (sold_wh >= 0 AND arrears_paisa >= 0 AND remainder_paisa >= 0)
  )`,
  // The record of a payment; without a meter it is money that came in for one we do not know. (source, source_ref) is the business key: one effect, for as long as the row lives.
  `CREATE TABLE recharges (
    id BINARY(16) PRIMARY KEY,
    source VARCHAR(48) CHARACTER SET ascii NOT NULL,
    source_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body_hash BINARY(32) NOT NULL,
    channel ENUM('counter', 'mobile-money', 'callback') NOT NULL,
    meter_id BINARY(16) NULL,
    gross_paisa BIGINT NOT NULL,
    state ENUM('RECEIVED', 'APPLIED', 'REFUND_DUE', 'REFUNDED') NOT NULL,
    refusal_code VARCHAR(48) CHARACTER SET ascii NULL,
    actor VARCHAR(60) CHARACTER SET ascii NOT NULL,
    received_at DATETIME(3) NOT NULL,
    business_day DATE NOT NULL,
    UNIQUE KEY uq_recharges_business_key (source, source_ref),
    INDEX ix_recharges_meter (meter_id, received_at),
    CONSTRAINT ck_recharges_gross CHECK (gross_paisa > 0),
    CONSTRAINT ck_recharges_meter CHECK (meter_id IS NOT NULL OR state IN ('REFUND_DUE', 'REFUNDED'))
  )`,
  `CREATE TABLE vends (
    id BINARY(16) PRIMARY KEY,
    recharge_id BINARY(16) NOT NULL UNIQUE,
    meter_id BINARY(16) NOT NULL,
    receipt_no CHAR(20) CHARACTER SET ascii NOT NULL UNIQUE,
    state ENUM('ISSUED', 'CANCELLED') NOT NULL,
    issued_at DATETIME(3) NOT NULL,
    business_day DATE NOT NULL,
    gross_paisa BIGINT NOT NULL,
    vat_paisa BIGINT NOT NULL,
    rent_paisa BIGINT NOT NULL,
    demand_paisa BIGINT NOT NULL,
    arrears_paisa BIGINT NOT NULL,
    pfc_paisa BIGINT NOT NULL,
    penalty_paisa BIGINT NOT NULL,
    rebate_paisa BIGINT NOT NULL,
    energy_paisa BIGINT NOT NULL,
    remainder_in_paisa BIGINT NOT NULL,
    remainder_out_paisa BIGINT NOT NULL,
    energy_wh BIGINT NULL,
    estimated_wh BIGINT NULL,
    tariff_book VARCHAR(40) CHARACTER SET ascii NOT NULL,
    tariff_version VARCHAR(40) CHARACTER SET ascii NOT NULL,
    rebate_profile VARCHAR(40) CHARACTER SET ascii NOT NULL,
    pricing_input JSON NOT NULL,
    INDEX ix_vends_day (business_day),
    CONSTRAINT fk_vends_recharge FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT ck_vends_parts_sum CHECK (
      gross_paisa = vat_paisa + rent_paisa + demand_paisa + arrears_paisa + pfc_paisa + penalty_paisa
        - rebate_paisa + energy_paisa + remainder_out_paisa - remainder_in_paisa),
    CONSTRAINT ck_vends_signs CHECK (
      vat_paisa >= 0 AND rent_paisa >= 0 AND demand_paisa >= 0 AND arrears_paisa >= 0 AND pfc_paisa >= 0
        AND penalty_paisa >= 0 AND rebate_paisa >= 0 AND energy_paisa >= 0
        AND remainder_in_paisa >= 0 AND remainder_out_paisa >= 0)
  )`,
  `CREATE TABLE vend_tokens (
    vend_id BINARY(16) NOT NULL,
    sequence TINYINT UNSIGNED NOT NULL,
    of_count TINYINT UNSIGNED NOT NULL,
    kind VARCHAR(24) CHARACTER SET ascii NOT NULL,
    subclass TINYINT UNSIGNED NOT NULL,
    meter_id BINARY(16) NOT NULL,
    base_date SMALLINT UNSIGNED NOT NULL,
    tid INT UNSIGNED NOT NULL,
    rnd TINYINT UNSIGNED NOT NULL,
    digits CHAR(20) CHARACTER SET ascii NOT NULL,
    amount_units BIGINT NOT NULL,
    credited_units BIGINT NOT NULL,
    sample_tables BOOLEAN NOT NULL,
    PRIMARY KEY (vend_id, sequence),
    UNIQUE KEY uq_vend_tokens_tid (meter_id, base_date, tid),
    CONSTRAINT fk_vend_tokens_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT ck_vend_tokens_digits CHECK (CHAR_LENGTH(digits) = 20),
    CONSTRAINT ck_vend_tokens_order CHECK (sequence BETWEEN 1 AND of_count)
  )`,
  `CREATE TABLE ledger_accounts (
    id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    code VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE,
    kind ENUM('asset', 'liability', 'revenue', 'expense') NOT NULL
  )`,
  // Totals beside the postings, moved in the same transaction. An account marked never_overdrawn cannot go
  // against its kind: the database refuses the row, whatever the code believed.
  `CREATE TABLE ledger_balances (
    account_id INT UNSIGNED PRIMARY KEY,
    never_overdrawn BOOLEAN NOT NULL,
    credit_normal BOOLEAN NOT NULL,
    debit_paisa BIGINT NOT NULL DEFAULT 0,
    credit_paisa BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT fk_ledger_balances_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT ck_ledger_balances_rising CHECK (debit_paisa >= 0 AND credit_paisa >= 0),
    CONSTRAINT ck_ledger_balances_limit CHECK (
      NOT never_overdrawn
      OR (credit_normal AND credit_paisa >= debit_paisa)
      OR (NOT credit_normal AND debit_paisa >= credit_paisa))
  )`,
  // (template, business_id) unique: one business fact, one entry.
  `CREATE TABLE ledger_entries (
    id BINARY(16) PRIMARY KEY,
    template VARCHAR(24) CHARACTER SET ascii NOT NULL,
    business_id BINARY(16) NOT NULL,
    business_day DATE NOT NULL,
    booked_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_ledger_entries_fact (template, business_id),
    INDEX ix_ledger_entries_day (business_day)
  )`,
  // A posting moves one amount from the account it credits to the account it debits, so a row cannot be
  // unbalanced, and an entry, being a set of rows, cannot either.
  `CREATE TABLE ledger_postings (
    entry_id BINARY(16) NOT NULL,
    line TINYINT UNSIGNED NOT NULL,
    debit_account_id INT UNSIGNED NOT NULL,
    credit_account_id INT UNSIGNED NOT NULL,
    amount_paisa BIGINT NOT NULL,
    meter_id BINARY(16) NULL,
    PRIMARY KEY (entry_id, line),
    CONSTRAINT fk_ledger_postings_entry FOREIGN KEY (entry_id) REFERENCES ledger_entries (id),
    CONSTRAINT fk_ledger_postings_debit FOREIGN KEY (debit_account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT fk_ledger_postings_credit FOREIGN KEY (credit_account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT ck_ledger_postings_amount CHECK (amount_paisa > 0),
    CONSTRAINT ck_ledger_postings_accounts CHECK (debit_account_id <> credit_account_id)
  )`,
  // A row is here from the commit of its cause until its effect is done; due_at moves forward while somebody tries.
  `CREATE TABLE outbox (
    id BINARY(16) PRIMARY KEY,
    topic VARCHAR(24) CHARACTER SET ascii NOT NULL,
    ref_id BINARY(16) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    due_at DATETIME(3) NOT NULL,
    attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    UNIQUE KEY uq_outbox_effect (topic, ref_id),
    INDEX ix_outbox_due (due_at)
  )`,
  `CREATE TABLE inbox (
    id BINARY(16) PRIMARY KEY,
    partner_code VARCHAR(32) CHARACTER SET ascii NOT NULL,
    event_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    raw_body VARBINARY(16384) NOT NULL,
    received_at DATETIME(3) NOT NULL,
    state ENUM('RECEIVED', 'DONE', 'CASE') NOT NULL,
    outcome VARCHAR(64) CHARACTER SET ascii NULL,
    recharge_id BINARY(16) NULL,
    UNIQUE KEY uq_inbox_event (partner_code, event_key)
  )`,
  `CREATE TABLE notices (
    id BINARY(16) PRIMARY KEY,
    vend_id BINARY(16) NOT NULL,
    kind VARCHAR(24) CHARACTER SET ascii NOT NULL,
    state ENUM('QUEUED', 'SENT', 'DELIVERED', 'FAILED') NOT NULL,
    reference_id VARCHAR(64) CHARACTER SET ascii NULL,
    outcome VARCHAR(48) CHARACTER SET ascii NULL,
    parts TINYINT UNSIGNED NULL,
    updated_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_notices_vend (vend_id, kind),
    CONSTRAINT fk_notices_vend FOREIGN KEY (vend_id) REFERENCES vends (id)
  )`,
];

export class FirstLight1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) {
      await runner.query(`${statement} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`);
    }
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
