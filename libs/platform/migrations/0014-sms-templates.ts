import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import released from './0014-sms-templates.data.json';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * The texts of every SMS, a version at a time, both languages in one row: inserted once and never changed. What is sent
 * is the version that was published last, so that an older one comes back by being published again. `release` marks what
 * came with a migration, reviewed as code; the application's user cannot write that mark (grants.ts). What people publish
 * took two of them. A customer may have receipts as a line for programs instead.
 */
const STATEMENTS = [
  `CREATE TABLE sms_templates (
    id BINARY(16) PRIMARY KEY,
    origin ENUM('people', 'release') NOT NULL DEFAULT 'people',
    code VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version SMALLINT UNSIGNED NOT NULL,
    body_bn VARCHAR(1000) COLLATE utf8mb4_bin NOT NULL,
    body_en VARCHAR(1000) COLLATE utf8mb4_bin NOT NULL,
    request_key BINARY(16) NULL UNIQUE,
    reason VARCHAR(300) NULL,
    made_by VARCHAR(60) CHARACTER SET ascii NULL,
    made_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_sms_templates_version (code, version),
    UNIQUE KEY uq_sms_templates_maker (id, made_by),
    CONSTRAINT ck_sms_templates_origin CHECK (
      (origin = 'people') = (made_by IS NOT NULL AND reason IS NOT NULL AND request_key IS NOT NULL)),
    CONSTRAINT ck_sms_templates_bodies CHECK (body_bn <> '' AND body_en <> '')
  ) ${TABLE}`,
  `CREATE TABLE sms_template_publications (
    id BINARY(16) PRIMARY KEY,
    origin ENUM('people', 'release') NOT NULL DEFAULT 'people',
    template_id BINARY(16) NOT NULL,
    request_key BINARY(16) NULL UNIQUE,
    asked_by VARCHAR(60) CHARACTER SET ascii NULL,
    approved_by VARCHAR(60) CHARACTER SET ascii NULL,
    approval_id BINARY(16) NULL UNIQUE,
    published_at DATETIME(3) NOT NULL,
    INDEX ix_sms_template_publications (template_id, published_at),
    CONSTRAINT fk_sms_template_publications FOREIGN KEY (template_id) REFERENCES sms_templates (id),
    CONSTRAINT fk_sms_template_publications_approval FOREIGN KEY (approval_id) REFERENCES approvals (id),
    CONSTRAINT ck_sms_template_publications_origin CHECK (
      (origin = 'people') = (asked_by IS NOT NULL AND approved_by IS NOT NULL AND approval_id IS NOT NULL
        AND request_key IS NOT NULL)),
    CONSTRAINT ck_sms_template_publications_two CHECK (asked_by <> approved_by)
  ) ${TABLE}`,
  // What a customer types to be let in. The code itself is reckoned from the id when it is sent, and stored nowhere.
  `CREATE TABLE one_time_codes (
    id BINARY(16) PRIMARY KEY,
    purpose VARCHAR(24) CHARACTER SET ascii NOT NULL,
    customer_id BINARY(16) NOT NULL,
    issued_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    attempts TINYINT UNSIGNED NOT NULL DEFAULT 0,
    used_at DATETIME(3) NULL,
    INDEX ix_one_time_codes_customer (customer_id, issued_at),
    CONSTRAINT fk_one_time_codes_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT ck_one_time_codes_attempts CHECK (attempts <= 5)
  ) ${TABLE}`,
  `ALTER TABLE customers ADD COLUMN sms_form ENUM('words', 'line') NOT NULL DEFAULT 'words' AFTER language`,
];

const idBytes = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

export class SmsTemplates1700000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    for (const { code, bn, en } of released) {
      const templateId = idBytes();
      await runner.query(
        `INSERT INTO sms_templates (id, origin, code, version, body_bn, body_en, made_at)
         VALUES (?, 'release', ?, 1, ?, ?, UTC_TIMESTAMP(3))`,
        [templateId, code, bn.normalize('NFC'), en.normalize('NFC')],
      );
      await runner.query(
        `INSERT INTO sms_template_publications (id, origin, template_id, published_at)
         VALUES (?, 'release', ?, UTC_TIMESTAMP(3))`,
        [idBytes(), templateId],
      );
    }
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
