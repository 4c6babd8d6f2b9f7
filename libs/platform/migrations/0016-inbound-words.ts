import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** What customers write to us, how often each phone was answered, and who wants no notices. It only adds. */
const STATEMENTS = [
  // Written before the message centre is told that all is well. The words go when they have been worked: a customer may
  // write anything, even a token. The key says which copies are one message.
  `CREATE TABLE sms_inbound (
    id BINARY(16) PRIMARY KEY,
    gateway VARCHAR(40) CHARACTER SET ascii NOT NULL,
    message_key BINARY(32) NOT NULL,
    phone VARCHAR(15) CHARACTER SET ascii NULL,
    words VARCHAR(500) NULL,
    received_at DATETIME(3) NOT NULL,
    state ENUM('RECEIVED', 'ANSWERED', 'SILENT') NOT NULL,
    word VARCHAR(8) CHARACTER SET ascii NULL,
    outcome VARCHAR(24) CHARACTER SET ascii NULL,
    language ENUM('bn', 'en') NULL,
    customer_id BINARY(16) NULL,
    meter_id BINARY(16) NULL,
    vend_id BINARY(16) NULL,
    worked_at DATETIME(3) NULL,
    UNIQUE KEY uq_sms_inbound_message (gateway, message_key),
    INDEX ix_sms_inbound_phone (phone, received_at),
    INDEX ix_sms_inbound_customer (customer_id, received_at),
    CONSTRAINT fk_sms_inbound_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT fk_sms_inbound_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT fk_sms_inbound_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT ck_sms_inbound_worked CHECK ((state = 'RECEIVED') = (worked_at IS NULL)),
    CONSTRAINT ck_sms_inbound_answered CHECK (state <> 'ANSWERED' OR phone IS NOT NULL)
  ) ${TABLE}`,
  // One row a phone: its lock puts what one phone writes in a line, over all processes.
  `CREATE TABLE sms_askers (
    phone VARCHAR(15) CHARACTER SET ascii PRIMARY KEY,
    hour_from DATETIME(3) NOT NULL,
    hour_answers SMALLINT UNSIGNED NOT NULL,
    day_from DATETIME(3) NOT NULL,
    day_neutral SMALLINT UNSIGNED NOT NULL
  ) ${TABLE}`,
  // Who has ever said STOP or START; without a row a customer gets notices.
  `CREATE TABLE sms_notice_choices (
    customer_id BINARY(16) PRIMARY KEY,
    wanted BOOLEAN NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    changed_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    CONSTRAINT fk_sms_notice_choices_customer FOREIGN KEY (customer_id) REFERENCES customers (id)
  ) ${TABLE}`,
];

export class InboundWords1700000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under what customers said. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
