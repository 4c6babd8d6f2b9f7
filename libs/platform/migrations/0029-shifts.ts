import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** Shifts at the counter, cash on its way to the bank, and agents. It only adds. */
const STATEMENTS = [
  // A drawer between two shifts stands still: its two sums are written down, and any posting would move one of them.
  `ALTER TABLE ledger_balances
    ADD COLUMN sealed_debit_paisa BIGINT NULL,
    ADD COLUMN sealed_credit_paisa BIGINT NULL,
    ADD CONSTRAINT ck_ledger_balances_sealed CHECK (
      sealed_debit_paisa IS NULL OR (debit_paisa = sealed_debit_paisa AND credit_paisa = sealed_credit_paisa))`,
  `INSERT INTO ledger_chart (family, kind, never_overdrawn, suffixed, per_meter, name_en, name_bn) VALUES
    ('cash-over-short', 'expense', FALSE, FALSE, FALSE, 'Cash over and short', 'নগদ কম-বেশি'),
    ('cash-in-transit', 'asset', TRUE, FALSE, FALSE, 'Cash on its way to the bank', 'ব্যাংকের পথে নগদ')`,
  // How a station sells; one that is not here keeps no shifts and takes cash.
  `CREATE TABLE station_terms (
    station VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    keeps_shifts BOOLEAN NOT NULL,
    vendor VARCHAR(32) CHARACTER SET ascii NULL,
    changed_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_station_terms_station FOREIGN KEY (station) REFERENCES stations (code),
    CONSTRAINT ck_station_terms_one CHECK (vendor IS NULL OR NOT keeps_shifts)
  ) ${TABLE}`,
  // after_entry and last_entry: the places in the drawer's statement between which its postings are this shift's.
  `CREATE TABLE shifts (
    id BINARY(16) PRIMARY KEY,
    open_key BINARY(16) NOT NULL UNIQUE,
    station VARCHAR(32) CHARACTER SET ascii NOT NULL,
    till VARCHAR(7) CHARACTER SET ascii NOT NULL,
    clerk VARCHAR(40) CHARACTER SET ascii NOT NULL,
    business_day DATE NOT NULL,
    state ENUM('OPEN', 'COUNTED', 'CLOSED') NOT NULL,
    float_paisa BIGINT UNSIGNED NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    before_paisa BIGINT NOT NULL,
    after_entry BINARY(16) NOT NULL,
    last_entry BINARY(16) NULL,
    counts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    closed_at DATETIME(3) NULL,
    closed_by VARCHAR(40) CHARACTER SET ascii NULL,
    close_key BINARY(16) NULL,
    open_clerk VARCHAR(40) CHARACTER SET ascii AS (IF(state = 'CLOSED', NULL, clerk)) STORED,
    open_till VARCHAR(40) CHARACTER SET ascii AS (IF(state = 'CLOSED', NULL, CONCAT(station, '.', till))) STORED,
    UNIQUE KEY uq_shifts_clerk (open_clerk),
    UNIQUE KEY uq_shifts_till (open_till),
    INDEX ix_shifts_station (station, id),
    INDEX ix_shifts_clerk (clerk, id),
    INDEX ix_shifts_day (station, business_day),
    CONSTRAINT fk_shifts_station FOREIGN KEY (station) REFERENCES stations (code),
    CONSTRAINT ck_shifts_closed CHECK ((state = 'CLOSED') = (closed_by IS NOT NULL) AND closed_by <> clerk)
  ) ${TABLE}`,
  // Each time the clerk counted the drawer; the last one is what the supervisor closes.
  `CREATE TABLE shift_counts (
    shift_id BINARY(16) NOT NULL,
    no SMALLINT UNSIGNED NOT NULL,
    counted_at DATETIME(3) NOT NULL,
    pieces JSON NOT NULL,
    counted_paisa BIGINT UNSIGNED NOT NULL,
    expected_paisa BIGINT NOT NULL,
    explanation VARCHAR(300) NULL,
    PRIMARY KEY (shift_id, no),
    CONSTRAINT fk_shift_counts_shift FOREIGN KEY (shift_id) REFERENCES shifts (id),
    CONSTRAINT ck_shift_counts_explained CHECK (counted_paisa = expected_paisa OR explanation IS NOT NULL)
  ) ${TABLE}`,
  `CREATE TABLE bank_deposits (
    id BINARY(16) PRIMARY KEY,
    request_key BINARY(16) NOT NULL UNIQUE,
    station VARCHAR(32) CHARACTER SET ascii NOT NULL,
    bank VARCHAR(40) CHARACTER SET ascii NOT NULL,
    business_day DATE NOT NULL,
    pieces JSON NOT NULL,
    amount_paisa BIGINT UNSIGNED NOT NULL,
    state ENUM('SENT', 'BANKED') NOT NULL,
    sent_by VARCHAR(40) CHARACTER SET ascii NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    banked_by VARCHAR(40) CHARACTER SET ascii NULL,
    banked_at DATETIME(3) NULL,
    reference VARCHAR(40) CHARACTER SET ascii NULL,
    INDEX ix_bank_deposits_station (station, id),
    CONSTRAINT fk_bank_deposits_station FOREIGN KEY (station) REFERENCES stations (code),
    CONSTRAINT ck_bank_deposits_amount CHECK (amount_paisa > 0),
    CONSTRAINT ck_bank_deposits_banked CHECK (
      (state = 'BANKED') = (banked_by IS NOT NULL AND reference IS NOT NULL) AND banked_by <> sent_by)
  ) ${TABLE}`,
  /*
   * Lets a drawer's account move (sealed = 0) or holds it as it is (1). The rows that the caller posts to next are locked
   * with it, in the order of the accounts, so that two never wait for each other in a circle.
   */
  `CREATE PROCEDURE ledger_seal(IN drawer INT UNSIGNED, IN beside JSON, IN sealed BOOLEAN)
    SQL SECURITY DEFINER MODIFIES SQL DATA
  BEGIN
    DECLARE next_account, locked INT UNSIGNED;
    DECLARE done BOOLEAN DEFAULT FALSE;
    DECLARE in_order CURSOR FOR
      SELECT drawer AS id UNION SELECT j.id FROM JSON_TABLE(beside, '$[*]' COLUMNS (id INT PATH '$')) j ORDER BY id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
    IF NOT EXISTS (SELECT 1 FROM ledger_accounts WHERE id = drawer AND family = 'cash') THEN
      SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = 'ledger-account-unknown';
    END IF;
    OPEN in_order;
    hold: LOOP
      FETCH in_order INTO next_account;
      IF done THEN LEAVE hold; END IF;
      SELECT account_id INTO locked FROM ledger_balances WHERE account_id = next_account FOR UPDATE;
    END LOOP;
    CLOSE in_order;
    UPDATE ledger_balances SET sealed_debit_paisa = IF(sealed, debit_paisa, NULL),
      sealed_credit_paisa = IF(sealed, credit_paisa, NULL) WHERE account_id = drawer;
  END`,
];

/** Template, debit family, credit family. */
const TEMPLATE_ROWS: readonly (readonly [string, string, string])[] = [
  ['shift-float', 'cash', 'cash'],
  ['shift-close', 'cash', 'cash'],
  ['shift-close', 'cash-over-short', 'cash'],
  ['shift-close', 'cash', 'cash-over-short'],
  ['cash-sent', 'cash-in-transit', 'cash'],
  ['reversal:cash-sent', 'cash', 'cash-in-transit'],
  ['cash-received', 'bank', 'cash-in-transit'],
  ['reversal:cash-received', 'cash-in-transit', 'bank'],
];

export class Shifts1700000000029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    await runner.query('INSERT INTO ledger_templates (template, debit_family, credit_family) VALUES ?', [
      TEMPLATE_ROWS,
    ]);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
