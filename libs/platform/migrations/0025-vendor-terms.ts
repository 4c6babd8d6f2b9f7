import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What settlement does about vendors that pay in advance: their float takes part, and a low one is seen. It only adds. */
const STATEMENTS = [
  // A vendor's commission of a day is reckoned at the rate of its first booking, whatever its row says later.
  `ALTER TABLE settlement_batch_days ADD COLUMN rate_basis_points SMALLINT UNSIGNED NULL`,
  `ALTER TABLE payment_providers
    ADD COLUMN low_float_paisa BIGINT UNSIGNED NULL AFTER prepaid,
    ADD CONSTRAINT ck_payment_providers_low_float CHECK (low_float_paisa IS NULL OR prepaid)`,
  `ALTER TABLE watch_rules
    MODIFY measure ENUM('vends', 'free-issues', 'cancellations', 'tamper-tokens', 'twin-stations', 'low-floats') NOT NULL,
    MODIFY subject_kind ENUM('meter', 'station', 'person', 'vendor') NOT NULL`,
  `INSERT INTO watch_rules (rule, measure, subject_kind, threshold, window_seconds, active, set_by, set_at)
   VALUES ('low-float-vendor', 'low-floats', 'vendor', 1, 86400, TRUE, 'release', '2026-11-22 00:00:00.000')`,
];

/** Template, debit family, credit family. */
const TEMPLATE_ROWS: readonly (readonly [string, string, string])[] = [
  ['commission-back', 'float', 'commission'],
  ['reversal:commission-back', 'commission', 'float'],
  ['claim-to-debt', 'customer-arrears', 'float'],
  ['reversal:claim-to-debt', 'float', 'customer-arrears'],
  ['write-off', 'write-offs', 'float'],
  ['reversal:write-off', 'float', 'write-offs'],
];

export class VendorTerms1700000000025 implements MigrationInterface {
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
