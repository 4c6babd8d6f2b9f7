import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE_END = ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * Every outgoing message in one table, what the gateways took of it part by part, and the gateways themselves. A row of
 * `notices` is one message to one recipient; neither its text nor a phone number is in it. What was queued before goes
 * on: a wake-up for a notice about a case moves to the queue of its class.
 */
const STATEMENTS = [
  `ALTER TABLE notices
    ADD COLUMN template VARCHAR(24) CHARACTER SET ascii NULL AFTER id,
    ADD COLUMN class VARCHAR(16) CHARACTER SET ascii NULL AFTER template,
    ADD COLUMN subject_kind VARCHAR(12) CHARACTER SET ascii NULL AFTER class,
    ADD COLUMN subject_id BINARY(16) NULL AFTER subject_kind,
    ADD COLUMN recipient_kind VARCHAR(12) CHARACTER SET ascii NULL AFTER subject_id,
    ADD COLUMN recipient_id BINARY(16) NULL AFTER recipient_kind,
    ADD COLUMN once VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' AFTER recipient_id,
    ADD COLUMN csms_id CHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER once,
    ADD COLUMN known JSON NULL,
    ADD COLUMN language CHAR(2) CHARACTER SET ascii NULL,
    ADD COLUMN gateway VARCHAR(32) CHARACTER SET ascii NULL,
    ADD COLUMN attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN escalated BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN maybe_taken_on DATE NULL,
    ADD COLUMN queued_at DATETIME(3) NULL,
    ADD COLUMN due_at DATETIME(3) NULL,
    ADD COLUMN sent_at DATETIME(3) NULL,
    ADD COLUMN concluded_at DATETIME(3) NULL,
    ADD COLUMN given_up_at DATETIME(3) NULL`,
  `UPDATE notices n
     LEFT JOIN vends v ON v.id = n.vend_id
     LEFT JOIN recharges r ON r.id = v.recharge_id
     LEFT JOIN meters m ON m.id = r.meter_id
     LEFT JOIN connections k ON k.id = m.connection_id
     LEFT JOIN cases c ON c.id = n.case_id
   SET n.template = CASE WHEN n.vend_id IS NOT NULL THEN 'receipt' WHEN n.kind = 'opened' THEN 'case-opened' ELSE 'case-closed' END,
     n.class = IF(n.vend_id IS NULL, 'notice', 'token'),
     n.subject_kind = IF(n.vend_id IS NULL, 'case', 'vend'),
     n.subject_id = COALESCE(n.vend_id, n.case_id),
     n.recipient_kind = 'customer',
     n.recipient_id = COALESCE(k.customer_id, c.customer_id, n.vend_id, n.case_id),
     n.once = IF(n.kind LIKE 'closed-%', n.kind, ''),
     n.attempts = IF(n.outcome IS NULL, 0, 1),
     n.queued_at = n.updated_at,
     n.sent_at = IF(n.state IN ('SENT', 'DELIVERED'), n.updated_at, NULL),
     n.concluded_at = IF(n.state IN ('DELIVERED', 'FAILED'), n.updated_at, NULL)`,
  `ALTER TABLE notices DROP FOREIGN KEY fk_notices_vend, DROP FOREIGN KEY fk_notices_case`,
  `ALTER TABLE notices DROP CONSTRAINT ck_notices_subject`,
  `ALTER TABLE notices
    DROP INDEX uq_notices_vend,
    DROP INDEX uq_notices_case,
    DROP COLUMN vend_id,
    DROP COLUMN case_id,
    DROP COLUMN kind,
    MODIFY COLUMN template VARCHAR(24) CHARACTER SET ascii NOT NULL,
    MODIFY COLUMN class VARCHAR(16) CHARACTER SET ascii NOT NULL,
    MODIFY COLUMN subject_kind VARCHAR(12) CHARACTER SET ascii NOT NULL,
    MODIFY COLUMN subject_id BINARY(16) NOT NULL,
    MODIFY COLUMN recipient_kind VARCHAR(12) CHARACTER SET ascii NOT NULL,
    MODIFY COLUMN recipient_id BINARY(16) NOT NULL,
    MODIFY COLUMN queued_at DATETIME(3) NOT NULL,
    ADD UNIQUE KEY uq_notices_message (subject_id, template, recipient_id, once),
    ADD UNIQUE KEY uq_notices_csms (csms_id),
    ADD INDEX ix_notices_state (state, id)`,
  `UPDATE outbox SET topic = 'sms-notice' WHERE topic = 'notice'`,
  // Each topic is looked at by itself, so that a long line in one cannot stand before another.
  `ALTER TABLE outbox DROP INDEX ix_outbox_due, ADD INDEX ix_outbox_due (topic, due_at)`,
  // A receipt may come before the row of its part is written, so that either may be first.
  `CREATE TABLE sms_parts (
    smsc VARCHAR(64) CHARACTER SET ascii NOT NULL,
    message_id VARCHAR(65) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    csms_id CHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    part TINYINT UNSIGNED NULL,
    parts TINYINT UNSIGNED NULL,
    fate ENUM('pending', 'delivered', 'failed', 'unknown') NULL,
    stat VARCHAR(10) CHARACTER SET ascii NULL,
    error_code VARCHAR(10) CHARACTER SET ascii NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (smsc, message_id),
    INDEX ix_sms_parts_message (csms_id),
    INDEX ix_sms_parts_age (updated_at)
  ${TABLE_END}`,
  `CREATE TABLE sms_gateways (
    code VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    profile VARCHAR(16) CHARACTER SET ascii NOT NULL,
    settings JSON NOT NULL,
    secret_sealed VARBINARY(1024) NOT NULL,
    prefixes JSON NOT NULL,
    cost_paisa INT UNSIGNED NOT NULL,
    priority SMALLINT UNSIGNED NOT NULL,
    max_per_second SMALLINT UNSIGNED NULL,
    shares JSON NULL,
    enabled BOOLEAN NOT NULL,
    version INT UNSIGNED NOT NULL,
    changed_by VARCHAR(60) NOT NULL,
    changed_at DATETIME(3) NOT NULL
  ${TABLE_END}`,
  // What each worker sees of each gateway; a worker that is gone is one whose row is old.
  `CREATE TABLE sms_gateway_health (
    gateway VARCHAR(32) CHARACTER SET ascii NOT NULL,
    worker VARCHAR(40) CHARACTER SET ascii NOT NULL,
    healthy BOOLEAN NOT NULL,
    detail JSON NOT NULL,
    seen_at DATETIME(3) NOT NULL,
    PRIMARY KEY (gateway, worker)
  ${TABLE_END}`,
];

export class SmsQueues1700000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
