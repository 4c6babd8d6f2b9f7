import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * What we tell partners by ourselves: who wants to hear of what and where, what happened, and what became of the telling
 * (ADR 0037). And partners who only try: what they were answered, so that a repeat is answered the same.
 */
const STATEMENTS = [
  // A partner's or a provider's code: payments of both have the source `provider:<code>`.
  `CREATE TABLE webhook_endpoints (
    id BINARY(16) PRIMARY KEY,
    owner VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    url VARCHAR(300) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    types VARCHAR(200) CHARACTER SET ascii NOT NULL,
    secret_sealed VARBINARY(200) NOT NULL,
    former_sealed VARBINARY(200) NULL,
    former_until DATETIME(3) NULL,
    active BOOLEAN NOT NULL,
    disabled_reason ENUM('person', 'gone', 'failing') NULL,
    failing_since DATETIME(3) NULL,
    version INT UNSIGNED NOT NULL,
    changed_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_webhook_endpoints (owner, url),
    CONSTRAINT ck_webhook_endpoints_former CHECK ((former_sealed IS NULL) = (former_until IS NULL)),
    CONSTRAINT ck_webhook_endpoints_disabled CHECK (active = (disabled_reason IS NULL))
  ) ${TABLE}`,
  // Written in the transaction of its cause, once, and never changed: every receiver gets these very bytes.
  `CREATE TABLE webhook_events (
    id BINARY(16) PRIMARY KEY,
    owner VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    type VARCHAR(32) CHARACTER SET ascii NOT NULL,
    subject_id BINARY(16) NOT NULL,
    sequence INT UNSIGNED NOT NULL,
    body VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    occurred_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_webhook_events_sequence (subject_id, sequence),
    CONSTRAINT ck_webhook_events_sequence CHECK (sequence >= 1)
  ) ${TABLE}`,
  // No key into the endpoints: a sale would wait for whoever notes how an endpoint is doing.
  `CREATE TABLE webhook_messages (
    id BINARY(16) PRIMARY KEY,
    endpoint_id BINARY(16) NOT NULL,
    event_id BINARY(16) NOT NULL,
    state ENUM('PENDING', 'DELIVERED', 'DEAD') NOT NULL,
    due_at DATETIME(3) NOT NULL,
    tried_since DATETIME(3) NOT NULL,
    attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    last_outcome VARCHAR(32) CHARACTER SET ascii NULL,
    concluded_at DATETIME(3) NULL,
    UNIQUE KEY uq_webhook_messages (event_id, endpoint_id),
    INDEX ix_webhook_messages_due (state, endpoint_id, due_at),
    INDEX ix_webhook_messages_endpoint (endpoint_id, id),
    CONSTRAINT fk_webhook_messages_event FOREIGN KEY (event_id) REFERENCES webhook_events (id),
    CONSTRAINT ck_webhook_messages_end CHECK ((state = 'PENDING') = (concluded_at IS NULL))
  ) ${TABLE}`,
  `CREATE TABLE webhook_attempts (
    id BINARY(16) PRIMARY KEY,
    message_id BINARY(16) NOT NULL,
    at DATETIME(3) NOT NULL,
    took_ms INT UNSIGNED NOT NULL,
    outcome VARCHAR(32) CHARACTER SET ascii NOT NULL,
    INDEX ix_webhook_attempts_message (message_id, id),
    CONSTRAINT fk_webhook_attempts_message FOREIGN KEY (message_id) REFERENCES webhook_messages (id)
  ) ${TABLE}`,
  `ALTER TABLE partners ADD COLUMN mode ENUM('live', 'sandbox') NOT NULL DEFAULT 'live'`,
  // Nothing here is money: no entry, vend or meter knows of it.
  `CREATE TABLE sandbox_payments (
    provider VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    trx_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    id BINARY(16) NOT NULL UNIQUE,
    content_sha256 BINARY(32) NOT NULL,
    reference VARCHAR(64) CHARACTER SET ascii NOT NULL,
    amount_paisa BIGINT NOT NULL,
    state ENUM('vended', 'in-progress', 'refused', 'refund-due', 'reversed') NOT NULL,
    refusal_code VARCHAR(48) CHARACTER SET ascii NULL,
    token_count TINYINT UNSIGNED NOT NULL,
    ends_as ENUM('vended', 'refund-due', 'reversed') NULL,
    after_asks TINYINT UNSIGNED NULL,
    ends_at DATETIME(3) NULL,
    booked_at DATETIME(3) NOT NULL,
    acknowledged_at DATETIME(3) NULL,
    PRIMARY KEY (provider, trx_id),
    INDEX ix_sandbox_payments_day (provider, booked_at, trx_id),
    CONSTRAINT ck_sandbox_payments_way CHECK (
      ends_as IS NULL OR (state = 'in-progress' AND (after_asks IS NULL OR ends_at IS NULL)))
  ) ${TABLE}`,
  `CREATE TABLE sandbox_events (
    provider VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body_sha256 BINARY(32) NOT NULL,
    received_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, event_key)
  ) ${TABLE}`,
];

export class Webhooks1700000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
