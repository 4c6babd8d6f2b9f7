import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

const KINDS = `ENUM('credit', 'free-issue', 'replacement', 'key-change', 'engineering', 'fee', 'arrears-payment',
  'deposit-credit', 'offline-pack')`;
/** Kinds for which a customer pays; the others have no gross. */
const PAID = `('credit', 'fee', 'arrears-payment', 'offline-pack')`;

/**
 * Vends beside the credit vend: each a row of `recharges` (the claim: business key, kind, actor) and of `vends`, with
 * no, one or several tokens. What was there before is a credit vend, and stays as it is.
 */
const STATEMENTS = [
  // The default: an api of the release before knows only credit vends, and may still run while this one starts.
  `ALTER TABLE recharges
    ADD COLUMN kind ${KINDS} NOT NULL DEFAULT 'credit' AFTER channel,
    DROP CONSTRAINT ck_recharges_gross,
    ADD CONSTRAINT ck_recharges_gross CHECK (
      (kind IN ${PAID} AND gross_paisa > 0) OR (kind NOT IN ${PAID} AND gross_paisa = 0)),
    ADD CONSTRAINT ck_recharges_unpaid CHECK (gross_paisa > 0 OR state = 'APPLIED')`,
  // `granted` is the value that nobody pays for with this vend: given free, or carried over from another meter.
  `ALTER TABLE vends
    ADD COLUMN kind ${KINDS} NOT NULL DEFAULT 'credit' AFTER meter_id,
    ADD COLUMN fee_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN deposit_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN granted_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN detail JSON NULL,
    MODIFY COLUMN tariff_book VARCHAR(40) CHARACTER SET ascii NULL,
    MODIFY COLUMN price_revision INT UNSIGNED NULL,
    MODIFY COLUMN tariff_version VARCHAR(40) CHARACTER SET ascii NULL,
    MODIFY COLUMN rebate_profile VARCHAR(40) CHARACTER SET ascii NULL,
    MODIFY COLUMN pricing_input JSON NULL,
    DROP CONSTRAINT ck_vends_parts_sum,
    ADD CONSTRAINT ck_vends_parts_sum CHECK (
      gross_paisa = vat_paisa + rent_paisa + demand_paisa + arrears_paisa + pfc_paisa + penalty_paisa + adjustment_paisa
        + fee_paisa - deposit_paisa - granted_paisa
        - rebate_paisa - lifeline_credit_paisa + energy_paisa + remainder_out_paisa - remainder_in_paisa),
    ADD CONSTRAINT ck_vends_kind_parts CHECK (
      fee_paisa >= 0 AND deposit_paisa >= 0 AND granted_paisa >= 0
        AND (fee_paisa = 0 OR kind = 'fee') AND (deposit_paisa = 0 OR kind = 'deposit-credit')
        AND (granted_paisa = 0 OR kind IN ('free-issue', 'replacement'))),
    ADD CONSTRAINT ck_vends_pricing CHECK (
      (pricing_input IS NOT NULL AND tariff_book IS NOT NULL AND price_revision IS NOT NULL
        AND tariff_version IS NOT NULL AND rebate_profile IS NOT NULL)
      OR (kind <> 'credit' AND pricing_input IS NULL AND tariff_book IS NULL AND price_revision IS NULL
        AND tariff_version IS NULL AND rebate_profile IS NULL)),
    ADD INDEX ix_vends_kind (kind, business_day, id)`,
  // Management tokens (class 2) have TID, RND and a value; test and display tokens (class 1) and key changes none of them.
  // The request that made a token is kept for what the night cannot work out: everything but a credit vend's tokens.
  `ALTER TABLE vend_tokens
    ADD COLUMN request_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    DROP CONSTRAINT ck_vend_tokens_kind,
    ADD CONSTRAINT ck_vend_tokens_kind CHECK (
      (kind IN ('key-change', 'test-display') AND tid IS NULL AND rnd IS NULL AND amount_units IS NULL
        AND credited_units IS NULL)
      OR (kind IN ('credit', 'clear-tamper', 'clear-credit', 'max-power-limit', 'phase-unbalance-limit')
        AND tid IS NOT NULL AND rnd IS NOT NULL AND amount_units IS NOT NULL AND credited_units IS NOT NULL))`,
  `INSERT INTO ledger_chart (family, kind, never_overdrawn, suffixed, per_meter, name_en, name_bn) VALUES
    ('free-issues', 'expense', FALSE, FALSE, FALSE, 'Energy given free', 'বিনামূল্যে দেওয়া বিদ্যুৎ'),
    ('free-issues-given', 'expense', FALSE, FALSE, FALSE, 'Energy given free, contra', 'বিনামূল্যে দেওয়া বিদ্যুতের বিপরীত হিসাব')`,
  `INSERT INTO ledger_templates (template, debit_family, credit_family) VALUES
    ('free-issue', 'free-issues', 'free-issues-given'),
    ('reversal:free-issue', 'free-issues-given', 'free-issues')`,
  // How much may be given free in a Dhaka month, by one person and to one meter. Rows are added, the last one in force counts.
  `CREATE TABLE free_issue_limits (
    scope ENUM('person', 'meter') NOT NULL,
    effective_from DATE NOT NULL,
    issues_a_month SMALLINT UNSIGNED NOT NULL,
    value_paisa_a_month BIGINT NOT NULL,
    set_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    set_at DATETIME(3) NOT NULL,
    PRIMARY KEY (scope, effective_from, set_at),
    CONSTRAINT ck_free_issue_limits_value CHECK (value_paisa_a_month >= 0)
  ) ${TABLE}`,
  `INSERT INTO free_issue_limits (scope, effective_from, issues_a_month, value_paisa_a_month, set_by, set_at) VALUES
    ('person', '1970-01-01', 20, 1000000, 'release', '1970-01-01 00:00:00'),
    ('meter', '1970-01-01', 2, 200000, 'release', '1970-01-01 00:00:00')`,
  // What a person or a meter has had of a month; locked by whoever issues, so that two cannot exceed the limit together.
  `CREATE TABLE free_issue_use (
    subject VARCHAR(80) CHARACTER SET ascii NOT NULL,
    month INT UNSIGNED NOT NULL,
    issues INT UNSIGNED NOT NULL,
    value_paisa BIGINT NOT NULL,
    PRIMARY KEY (subject, month)
  ) ${TABLE}`,
  // Credit is carried over once for each reading of an old meter.
  `CREATE TABLE replacement_sources (
    vend_id BINARY(16) PRIMARY KEY,
    old_meter_id BINARY(16) NOT NULL,
    source_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    carried_units BIGINT NOT NULL,
    UNIQUE KEY uq_replacement_sources_once (old_meter_id, source_key),
    CONSTRAINT fk_replacement_sources_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT fk_replacement_sources_meter FOREIGN KEY (old_meter_id) REFERENCES meters (id),
    CONSTRAINT ck_replacement_sources_units CHECK (carried_units > 0)
  ) ${TABLE}`,
];

export class VendKinds1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
