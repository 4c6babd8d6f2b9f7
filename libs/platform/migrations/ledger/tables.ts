/**
 * What the ledger's second migration adds to the tables of the first, which hold data already. Read it with
 * docs/adr/0016-ledger-behind-procedures.md: the application may read all of this and write none of it.
 */
const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

export const TABLES: readonly string[] = [
  // The chart as data: which families of accounts there are, and what must hold of each.
  `CREATE TABLE ledger_chart (
    family VARCHAR(24) CHARACTER SET ascii PRIMARY KEY,
    kind ENUM('asset', 'liability', 'revenue', 'expense', 'equity') NOT NULL,
    never_overdrawn BOOLEAN NOT NULL,
    suffixed BOOLEAN NOT NULL,
    per_meter BOOLEAN NOT NULL,
    name_en VARCHAR(60) NOT NULL,
    name_bn VARCHAR(60) NOT NULL
  ) ${TABLE}`,
  // A posting that is not here cannot be made, whoever asks.
  `CREATE TABLE ledger_templates (
    template VARCHAR(24) CHARACTER SET ascii NOT NULL,
    debit_family VARCHAR(24) CHARACTER SET ascii NOT NULL,
    credit_family VARCHAR(24) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (template, debit_family, credit_family),
    CONSTRAINT fk_ledger_templates_debit FOREIGN KEY (debit_family) REFERENCES ledger_chart (family),
    CONSTRAINT fk_ledger_templates_credit FOREIGN KEY (credit_family) REFERENCES ledger_chart (family)
  ) ${TABLE}`,
  // One row. Nothing booked at or before settled_ms, and no day up to closed_through, ever gains an entry: whoever
  // posts holds this row shared until the commit, whoever moves it waits for them.
  `CREATE TABLE ledger_horizon (
    id TINYINT UNSIGNED PRIMARY KEY,
    settled_ms BIGINT NOT NULL,
    closed_through DATE NOT NULL,
    max_ahead_ms BIGINT NOT NULL,
    CONSTRAINT ck_ledger_horizon_one CHECK (id = 1),
    CONSTRAINT ck_ledger_horizon_ahead CHECK (max_ahead_ms >= 0)
  ) ${TABLE}`,
  // One row: the totals below cover everything booked at or before rolled_ms.
  `CREATE TABLE ledger_rollup (
    id TINYINT UNSIGNED PRIMARY KEY,
    rolled_ms BIGINT NOT NULL,
    CONSTRAINT ck_ledger_rollup_one CHECK (id = 1)
  ) ${TABLE}`,
  `CREATE TABLE ledger_day_totals (
    business_day DATE NOT NULL,
    office VARCHAR(60) NOT NULL,
    template VARCHAR(24) CHARACTER SET ascii NOT NULL,
    account_id INT UNSIGNED NOT NULL,
    debit_paisa BIGINT NOT NULL,
    credit_paisa BIGINT NOT NULL,
    entries INT UNSIGNED NOT NULL,
    PRIMARY KEY (business_day, office, template, account_id),
    CONSTRAINT fk_ledger_day_totals_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
  ) ${TABLE}`,
  // An account's totals over all that was rolled up, and how many postings that is beyond its last snapshot.
  `CREATE TABLE ledger_rolled (
    account_id INT UNSIGNED PRIMARY KEY,
    debit_paisa BIGINT NOT NULL,
    credit_paisa BIGINT NOT NULL,
    beyond_snapshot INT UNSIGNED NOT NULL,
    CONSTRAINT fk_ledger_rolled_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
  ) ${TABLE}`,
  // An account's totals over everything booked at or before through_ms.
  `CREATE TABLE ledger_snapshots (
    account_id INT UNSIGNED NOT NULL,
    through_ms BIGINT NOT NULL,
    debit_paisa BIGINT NOT NULL,
    credit_paisa BIGINT NOT NULL,
    PRIMARY KEY (account_id, through_ms),
    CONSTRAINT fk_ledger_snapshots_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
  ) ${TABLE}`,
  `CREATE TABLE ledger_days (
    business_day DATE PRIMARY KEY,
    closed_at DATETIME(3) NOT NULL,
    closed_by VARCHAR(60) CHARACTER SET ascii NOT NULL
  ) ${TABLE}`,
  // One run of a night's task for one business day, whichever worker does it.
  `CREATE TABLE nightly_runs (
    task VARCHAR(40) CHARACTER SET ascii NOT NULL,
    business_day DATE NOT NULL,
    state ENUM('RUNNING', 'PROVED', 'FAULTS') NOT NULL,
    worker VARCHAR(60) CHARACTER SET ascii NOT NULL,
    lease_until DATETIME(3) NOT NULL,
    started_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    attempts SMALLINT UNSIGNED NOT NULL,
    figures JSON NULL,
    faults JSON NULL,
    PRIMARY KEY (task, business_day)
  ) ${TABLE}`,
];

/** Changes of the first tables; what is in them stays as it is. */
export const CHANGES: readonly string[] = [
  `ALTER TABLE ledger_accounts
    MODIFY kind ENUM('asset', 'liability', 'revenue', 'expense', 'equity') NOT NULL,
    ADD COLUMN family VARCHAR(24) CHARACTER SET ascii NOT NULL DEFAULT ''`,
  `UPDATE ledger_accounts SET family = SUBSTRING_INDEX(code, ':', 1)`,
  `ALTER TABLE ledger_accounts
    ADD CONSTRAINT fk_ledger_accounts_family FOREIGN KEY (family) REFERENCES ledger_chart (family)`,
  // The id of an entry begins with its instant, so a day, and any span of time, is a range of the primary key and
  // needs no index of its own. The business day is Dhaka's, whoever wrote the row.
  `ALTER TABLE ledger_entries
    ADD COLUMN office VARCHAR(60) NOT NULL DEFAULT '',
    DROP INDEX ix_ledger_entries_day,
    ADD CONSTRAINT ck_ledger_entries_day CHECK (business_day = CAST(booked_at + INTERVAL 6 HOUR AS DATE)),
    ADD CONSTRAINT ck_ledger_entries_time CHECK (
      CONV(HEX(LEFT(id, 6)), 16, 10) = TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', booked_at) DIV 1000)`,
  // In the order of time within an account, with the amount: sums and statements read nothing else.
  `ALTER TABLE ledger_postings
    ADD INDEX ix_ledger_postings_debit (debit_account_id, entry_id, line, amount_paisa),
    ADD INDEX ix_ledger_postings_credit (credit_account_id, entry_id, line, amount_paisa)`,
  `INSERT INTO ledger_horizon (id, settled_ms, closed_through, max_ahead_ms) VALUES (1, 0, '1970-01-01', 300000)`,
  `INSERT INTO ledger_rollup (id, rolled_ms) VALUES (1, 0)`,
];
