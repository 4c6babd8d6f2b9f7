import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** Companies that take customers' money for us, and the register of what billers told us to vend. It only adds. */
const STATEMENTS = [
  // Whether it pays in advance is written once: it decides under which source a payment is looked for.
  `CREATE TABLE payment_providers (
    code VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    profile VARCHAR(24) CHARACTER SET ascii NOT NULL,
    mode ENUM('live', 'sandbox') NOT NULL,
    active BOOLEAN NOT NULL,
    credentials_sealed VARBINARY(16384) NOT NULL,
    settings JSON NOT NULL,
    allowed_addresses JSON NOT NULL,
    minimum_paisa BIGINT UNSIGNED NULL,
    maximum_paisa BIGINT UNSIGNED NULL,
    prepaid BOOLEAN NOT NULL,
    commission_basis_points SMALLINT UNSIGNED NOT NULL,
    settlement_bank VARCHAR(46) CHARACTER SET ascii NOT NULL,
    vat_bank VARCHAR(46) CHARACTER SET ascii NULL,
    version INT UNSIGNED NOT NULL,
    changed_by VARCHAR(60) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_payment_providers_limits CHECK (
      minimum_paisa IS NULL OR maximum_paisa IS NULL OR minimum_paisa <= maximum_paisa),
    CONSTRAINT ck_payment_providers_commission CHECK (commission_basis_points <= 10000)
  ) ${TABLE}`,
  // A payment is registered before anything is done with it: from then on nobody is told that it was not found. due_at:
  // when the worker looks at it, because nobody else has ended it; NULL when there is nothing left to do. taken_by: who
  // works it until then. What became of the money is in recharges; refusal_code is for what was refused before any money
  // was booked.
  `CREATE TABLE biller_commits (
    provider VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    trx_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    request_sha256 BINARY(32) NOT NULL,
    reference VARCHAR(64) CHARACTER SET ascii NULL,
    amount_paisa BIGINT UNSIGNED NULL,
    quote_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    state ENUM('WORKING', 'BOOKED', 'REFUSED') NOT NULL,
    refusal_code VARCHAR(48) CHARACTER SET ascii NULL,
    accepted_at DATETIME(3) NOT NULL,
    due_at DATETIME(3) NULL,
    taken_by BINARY(8) NOT NULL,
    answer_sealed VARBINARY(16384) NULL,
    acknowledged_at DATETIME(3) NULL,
    PRIMARY KEY (provider, trx_id),
    INDEX ix_biller_commits_due (due_at),
    INDEX ix_biller_commits_day (provider, accepted_at, trx_id),
    CONSTRAINT ck_biller_commits_asked CHECK (
      quote_id IS NOT NULL OR (reference IS NOT NULL AND amount_paisa IS NOT NULL)),
    CONSTRAINT ck_biller_commits_refused CHECK ((state = 'REFUSED') = (refusal_code IS NOT NULL))
  ) ${TABLE}`,
  // A vendor who pays in advance pays from its float at once, also for what is vended a little later; what is never
  // vended goes back to it.
  `INSERT INTO ledger_templates (template, debit_family, credit_family) VALUES
    ('payment', 'float', 'unspent-payments'), ('reversal:payment', 'unspent-payments', 'float'),
    ('refund', 'unspent-payments', 'float'), ('reversal:refund', 'float', 'unspent-payments')`,
];

export class Providers1700000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
