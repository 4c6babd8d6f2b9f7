import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * Key-change campaigns: what a campaign is, one row for each meter in it, and the token sets. A vend may carry
 * key-change tokens before its credit token; these have no TID, no RND and no amount.
 */
const STATEMENTS = [
  `CREATE TABLE campaigns (
    id BINARY(16) PRIMARY KEY,
    name VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    kind ENUM('supply-group', 'key-revision', 'base-date') NOT NULL,
    to_sgc CHAR(6) CHARACTER SET ascii NOT NULL,
    to_krn TINYINT UNSIGNED NOT NULL,
    to_ken SMALLINT UNSIGNED NOT NULL,
    to_base_date SMALLINT UNSIGNED NOT NULL,
    selection VARCHAR(400) NOT NULL,
    definition_hash BINARY(32) NOT NULL,
    state ENUM('SELECTING', 'OPEN', 'CANCELLED') NOT NULL,
    made_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    made_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_campaigns_krn CHECK (to_krn BETWEEN 1 AND 9)
  ) ${TABLE}`,
  // One open change for each meter: the unique key on a generated column holds it, whatever the code believes.
  `CREATE TABLE key_changes (
    id BINARY(16) PRIMARY KEY,
    campaign_id BINARY(16) NOT NULL,
    meter_id BINARY(16) NOT NULL,
    from_sgc CHAR(6) CHARACTER SET ascii NOT NULL,
    from_krn TINYINT UNSIGNED NOT NULL,
    from_ti CHAR(2) CHARACTER SET ascii NOT NULL,
    from_kt TINYINT UNSIGNED NOT NULL,
    from_ken SMALLINT UNSIGNED NOT NULL,
    from_base_date SMALLINT UNSIGNED NOT NULL,
    to_sgc CHAR(6) CHARACTER SET ascii NOT NULL,
    to_krn TINYINT UNSIGNED NOT NULL,
    to_ti CHAR(2) CHARACTER SET ascii NOT NULL,
    to_kt TINYINT UNSIGNED NOT NULL,
    state ENUM('DUE', 'ISSUED', 'CONFIRMED', 'STALE', 'CANCELLED') NOT NULL,
    refusal_code VARCHAR(48) CHARACTER SET ascii NULL,
    vend_id BINARY(16) NULL UNIQUE,
    created_at DATETIME(3) NOT NULL,
    exported_at DATETIME(3) NULL,
    issued_at DATETIME(3) NULL,
    closed_at DATETIME(3) NULL,
    closed_by VARCHAR(60) CHARACTER SET ascii NULL,
    open_meter BINARY(16) AS (CASE WHEN state IN ('DUE', 'ISSUED') THEN meter_id ELSE NULL END) STORED,
    UNIQUE KEY uq_key_changes_open (open_meter),
    UNIQUE KEY uq_key_changes_meter (campaign_id, meter_id),
    INDEX ix_key_changes_state (campaign_id, state, id),
    INDEX ix_key_changes_history (meter_id, state),
    CONSTRAINT fk_key_changes_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id),
    CONSTRAINT fk_key_changes_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT fk_key_changes_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT ck_key_changes_issued CHECK (state NOT IN ('ISSUED', 'CONFIRMED') OR issued_at IS NOT NULL),
    CONSTRAINT ck_key_changes_vend CHECK (vend_id IS NULL OR state IN ('ISSUED', 'CONFIRMED'))
  ) ${TABLE}`,
  // Inserted once and never changed: a reprint next year shows the same digits. No UPDATE for the application.
  `CREATE TABLE key_change_sets (
    change_id BINARY(16) PRIMARY KEY,
    tokens VARCHAR(83) CHARACTER SET ascii NOT NULL,
    ken SMALLINT UNSIGNED NOT NULL,
    base_date SMALLINT UNSIGNED NOT NULL,
    rollover BOOLEAN NOT NULL,
    from_kcv CHAR(6) CHARACTER SET ascii NOT NULL,
    to_kcv CHAR(6) CHARACTER SET ascii NOT NULL,
    sample_tables BOOLEAN NOT NULL,
    made_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_key_change_sets_change FOREIGN KEY (change_id) REFERENCES key_changes (id),
    CONSTRAINT ck_key_change_sets_tokens CHECK (CHAR_LENGTH(tokens) IN (41, 62, 83)),
    CONSTRAINT ck_key_change_sets_ken CHECK (ken BETWEEN 0 AND 255),
    CONSTRAINT ck_key_change_sets_base CHECK (base_date IN (1993, 2014, 2035))
  ) ${TABLE}`,
  // Beside what every vend locks anyway: a meter without a change due costs the lane nothing.
  `ALTER TABLE meter_states ADD COLUMN key_change_due BOOLEAN NOT NULL DEFAULT FALSE`,
  `ALTER TABLE vend_tokens
    MODIFY COLUMN tid INT UNSIGNED NULL,
    MODIFY COLUMN rnd TINYINT UNSIGNED NULL,
    MODIFY COLUMN amount_units BIGINT NULL,
    MODIFY COLUMN credited_units BIGINT NULL,
    ADD CONSTRAINT ck_vend_tokens_kind CHECK (
      (kind = 'key-change' AND tid IS NULL AND rnd IS NULL AND amount_units IS NULL AND credited_units IS NULL)
      OR (kind <> 'key-change' AND tid IS NOT NULL AND rnd IS NOT NULL AND amount_units IS NOT NULL
        AND credited_units IS NOT NULL))`,
  // What the audit log of a token server said, as far as the nightly match needs it: no token, only fingerprints.
  `CREATE TABLE token_logs (
    id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    address VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    public_key VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    lines_read BIGINT UNSIGNED NOT NULL,
    head BINARY(32) NOT NULL,
    first_line_at DATETIME(3) NULL,
    read_at DATETIME(3) NOT NULL
  ) ${TABLE}`,
  `CREATE TABLE token_log_tokens (
    log_id INT UNSIGNED NOT NULL,
    line BIGINT UNSIGNED NOT NULL,
    place TINYINT UNSIGNED NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii NOT NULL,
    request_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    fingerprint BINARY(16) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    sold BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (log_id, line, place),
    INDEX ix_token_log_tokens_fingerprint (fingerprint),
    INDEX ix_token_log_tokens_unsold (sold, made_at),
    CONSTRAINT fk_token_log_tokens_log FOREIGN KEY (log_id) REFERENCES token_logs (id)
  ) ${TABLE}`,
  // Signed heads of the log, kept away from the machine that writes it: whoever cuts the log cannot cut these.
  `CREATE TABLE token_log_checkpoints (
    log_id INT UNSIGNED NOT NULL,
    line BIGINT UNSIGNED NOT NULL,
    content VARCHAR(1000) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (log_id, line),
    CONSTRAINT fk_token_log_checkpoints_log FOREIGN KEY (log_id) REFERENCES token_logs (id)
  ) ${TABLE}`,
  `CREATE TABLE token_matches (
    subject VARCHAR(20) CHARACTER SET ascii PRIMARY KEY,
    matched_to BINARY(16) NOT NULL,
    matched_at DATETIME(3) NOT NULL
  ) ${TABLE}`,
  // Vends with a token that no line tells of: none, unless something is very wrong. Looked for again every night.
  `CREATE TABLE token_log_gaps (
    vend_id BINARY(16) PRIMARY KEY,
    found_at DATETIME(3) NOT NULL,
    resolved_at DATETIME(3) NULL,
    CONSTRAINT fk_token_log_gaps_vend FOREIGN KEY (vend_id) REFERENCES vends (id)
  ) ${TABLE}`,
];

export class KeyChanges1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
