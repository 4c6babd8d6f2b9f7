import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * Loading over the air: the head-ends, which meter is behind which, one load for each vend of such a meter, and what
 * the head-ends said. And what a question about one token needs to find it (ADR 0024).
 */
const STATEMENTS = [
  `CREATE TABLE head_ends (
    code VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    url VARCHAR(200) CHARACTER SET ascii NOT NULL,
    key_id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    secret_sealed VARBINARY(200) NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at DATETIME(3) NOT NULL
  ) ${TABLE}`,
  `ALTER TABLE meters
    ADD COLUMN head_end VARCHAR(32) CHARACTER SET ascii NULL,
    ADD CONSTRAINT fk_meters_head_end FOREIGN KEY (head_end) REFERENCES head_ends (code)`,
  // Written in the vend's transaction, under the meter's lock: `turn` is the order in which the meter must get them.
  `CREATE TABLE remote_loads (
    id BINARY(16) PRIMARY KEY,
    vend_id BINARY(16) NOT NULL UNIQUE,
    meter_id BINARY(16) NOT NULL,
    turn INT UNSIGNED NOT NULL,
    head_end VARCHAR(32) CHARACTER SET ascii NOT NULL,
    state ENUM('UNSENT', 'SENT', 'LOADED', 'FAILED') NOT NULL,
    round SMALLINT UNSIGNED NOT NULL DEFAULT 1,
    attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    reason VARCHAR(48) CHARACTER SET ascii NULL,
    created_at DATETIME(3) NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    concluded_at DATETIME(3) NULL,
    INDEX ix_remote_loads_state (state, id),
    UNIQUE KEY uq_remote_loads_turn (meter_id, turn),
    CONSTRAINT fk_remote_loads_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT fk_remote_loads_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT fk_remote_loads_head_end FOREIGN KEY (head_end) REFERENCES head_ends (code),
    CONSTRAINT ck_remote_loads_round CHECK (round >= 1),
    CONSTRAINT ck_remote_loads_sent CHECK (state <> 'SENT' OR sent_at IS NOT NULL),
    CONSTRAINT ck_remote_loads_end CHECK ((state IN ('LOADED', 'FAILED')) = (concluded_at IS NOT NULL))
  ) ${TABLE}`,
  `CREATE TABLE meter_link_events (
    id BINARY(16) PRIMARY KEY,
    head_end VARCHAR(32) CHARACTER SET ascii NOT NULL,
    event_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    raw_body VARBINARY(4096) NOT NULL,
    received_at DATETIME(3) NOT NULL,
    state ENUM('RECEIVED', 'DONE') NOT NULL,
    outcome VARCHAR(48) CHARACTER SET ascii NULL,
    UNIQUE KEY uq_meter_link_events (head_end, event_key),
    CONSTRAINT fk_meter_link_events_head_end FOREIGN KEY (head_end) REFERENCES head_ends (code)
  ) ${TABLE}`,
  // Finds a vend by a token that somebody reads out, without the token standing in a statement. Computed on reading,
  // stored in the index alone; not keyed, since the digits stand in the same row (ADR 0024).
  `ALTER TABLE vend_tokens
    ADD COLUMN print INT UNSIGNED AS (CRC32(RTRIM(digits))) VIRTUAL,
    ADD INDEX ix_vend_tokens_print (print)`,
];

export class RemoteLoad1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
