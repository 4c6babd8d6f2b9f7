import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** Notices to all: what is told, to whom, who agreed, and how far it has come. */
const STATEMENTS = [
  // What is told and to whom is written once; the application may not change those columns. Nothing is scheduled
  // without a second person's word, whatever the code believed.
  `CREATE TABLE broadcasts (
    id BINARY(16) PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    state ENUM('PREPARING', 'READY', 'SCHEDULED', 'RUNNING', 'PAUSED', 'DONE', 'STOPPED') NOT NULL,
    template VARCHAR(24) CHARACTER SET ascii NOT NULL,
    template_version INT UNSIGNED NOT NULL,
    body_bn VARCHAR(2000) NOT NULL,
    body_en VARCHAR(2000) NOT NULL,
    text_bn VARCHAR(1000) NULL,
    text_en VARCHAR(1000) NULL,
    audience JSON NOT NULL,
    content_sha256 BINARY(32) NOT NULL,
    phone_salt BINARY(16) NOT NULL,
    rate_per_second SMALLINT UNSIGNED NOT NULL,
    quiet_hours VARCHAR(11) CHARACTER SET ascii NOT NULL,
    starts_at DATETIME(3) NULL,
    ends_at DATETIME(3) NOT NULL,
    office VARCHAR(60) NOT NULL,
    made_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    made_at DATETIME(3) NOT NULL,
    prepared_through BINARY(16) NOT NULL,
    prepared_at DATETIME(3) NULL,
    part_cost_paisa INT UNSIGNED NOT NULL,
    parts_bn TINYINT UNSIGNED NOT NULL,
    parts_en TINYINT UNSIGNED NOT NULL,
    customers INT UNSIGNED NOT NULL DEFAULT 0,
    same_phone INT UNSIGNED NOT NULL DEFAULT 0,
    opted_out INT UNSIGNED NOT NULL DEFAULT 0,
    recipients_bn INT UNSIGNED NOT NULL DEFAULT 0,
    recipients_en INT UNSIGNED NOT NULL DEFAULT 0,
    approval_id BINARY(16) NULL UNIQUE,
    launched_by VARCHAR(60) CHARACTER SET ascii NULL,
    launched_at DATETIME(3) NULL,
    began_at DATETIME(3) NULL,
    ended_at DATETIME(3) NULL,
    end_reason VARCHAR(24) CHARACTER SET ascii NULL,
    next_chunk_at DATETIME(3) NULL,
    fruitless SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    waiting_for VARCHAR(48) CHARACTER SET ascii NULL,
    settled INT UNSIGNED NOT NULL DEFAULT 0,
    active_ms BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_chunk_at DATETIME(3) NULL,
    is_open BOOLEAN AS (CASE WHEN state IN ('PREPARING', 'SCHEDULED', 'RUNNING') THEN TRUE ELSE NULL END) STORED,
    INDEX ix_broadcasts_open (is_open, id),
    CONSTRAINT fk_broadcasts_approval FOREIGN KEY (approval_id) REFERENCES approvals (id),
    CONSTRAINT ck_broadcasts_two_people CHECK (state IN ('PREPARING', 'READY', 'STOPPED') OR approval_id IS NOT NULL),
    CONSTRAINT ck_broadcasts_launched CHECK (
      (approval_id IS NULL) = (launched_by IS NULL) AND (approval_id IS NULL) = (launched_at IS NULL)),
    CONSTRAINT ck_broadcasts_prepared CHECK (state IN ('PREPARING', 'STOPPED') OR prepared_at IS NOT NULL),
    CONSTRAINT ck_broadcasts_ended CHECK ((state IN ('DONE', 'STOPPED')) = (ended_at IS NOT NULL)),
    CONSTRAINT ck_broadcasts_span CHECK (ends_at > COALESCE(starts_at, made_at)),
    CONSTRAINT ck_broadcasts_texts CHECK (
      (template = 'notice') = (text_bn IS NOT NULL) AND (text_bn IS NULL) = (text_en IS NULL)),
    CONSTRAINT ck_broadcasts_rate CHECK (rate_per_second > 0)
  ) ${TABLE}`,
  // One row for each phone, by its first customer. The number itself is with the customer; the tag, salted for each
  // notice, says only that two customers have the same. due_at: not before, or until when somebody has it in hand.
  `CREATE TABLE broadcast_recipients (
    broadcast_id BINARY(16) NOT NULL,
    customer_id BINARY(16) NOT NULL,
    phone_tag BINARY(16) NOT NULL,
    language ENUM('bn', 'en') NOT NULL,
    state ENUM('QUEUED', 'TAKEN', 'SENT', 'FAILED', 'SKIPPED') NOT NULL DEFAULT 'QUEUED',
    due_at DATETIME(3) NOT NULL,
    taken_by BINARY(16) NULL,
    attempts TINYINT UNSIGNED NOT NULL DEFAULT 0,
    outcome VARCHAR(48) CHARACTER SET ascii NULL,
    customers INT UNSIGNED NOT NULL DEFAULT 1,
    sent_at DATETIME(3) NULL,
    PRIMARY KEY (broadcast_id, customer_id),
    UNIQUE KEY uq_broadcast_recipients_phone (broadcast_id, phone_tag),
    INDEX ix_broadcast_recipients_due (broadcast_id, state, due_at),
    CONSTRAINT fk_broadcast_recipients_broadcast FOREIGN KEY (broadcast_id) REFERENCES broadcasts (id),
    CONSTRAINT ck_broadcast_recipients_taken CHECK ((state = 'TAKEN') = (taken_by IS NOT NULL))
  ) ${TABLE}`,
];

export class NoticesToAll1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded work. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
