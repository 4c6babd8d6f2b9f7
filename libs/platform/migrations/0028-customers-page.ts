import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** How customers come to their own page: what was asked for, how often, who is in, what they call their meters. It only adds. */
const STATEMENTS = [
  // Whatever anybody types makes a row: whether it means a customer is found out by the worker, after the answer.
  `CREATE TABLE portal_asks (
    id BINARY(16) PRIMARY KEY,
    reference VARCHAR(20) CHARACTER SET ascii NOT NULL,
    mobile VARCHAR(15) CHARACTER SET ascii NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    worked_at DATETIME(3) NULL,
    customer_id BINARY(16) NULL,
    code_id BINARY(16) NULL,
    tries TINYINT UNSIGNED NOT NULL DEFAULT 0,
    opened_at DATETIME(3) NULL,
    INDEX ix_portal_asks_asked (asked_at),
    CONSTRAINT fk_portal_asks_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT fk_portal_asks_code FOREIGN KEY (code_id) REFERENCES one_time_codes (id),
    CONSTRAINT ck_portal_asks_code CHECK ((customer_id IS NULL) = (code_id IS NULL)),
    CONSTRAINT ck_portal_asks_opened CHECK (opened_at IS NULL OR code_id IS NOT NULL),
    CONSTRAINT ck_portal_asks_tries CHECK (tries <= 5)
  ) ${TABLE}`,
  // A phone, a meter's number or an address, as a hash; its lock puts those who ask at once in a line, over all processes.
  `CREATE TABLE portal_counts (
    subject BINARY(32) PRIMARY KEY,
    began_at DATETIME(3) NOT NULL,
    n SMALLINT UNSIGNED NOT NULL,
    INDEX ix_portal_counts_began (began_at)
  ) ${TABLE}`,
  // The cookie is in no table: its hash is. A session ends when the phone is no longer the customer's.
  `CREATE TABLE portal_sessions (
    token_hash BINARY(32) PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    mobile VARCHAR(15) CHARACTER SET ascii NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    INDEX ix_portal_sessions_expires (expires_at),
    CONSTRAINT fk_portal_sessions_customer FOREIGN KEY (customer_id) REFERENCES customers (id)
  ) ${TABLE}`,
  `CREATE TABLE meter_nicknames (
    customer_id BINARY(16) NOT NULL,
    meter_id BINARY(16) NOT NULL,
    nickname VARCHAR(40) NOT NULL,
    PRIMARY KEY (customer_id, meter_id),
    CONSTRAINT fk_meter_nicknames_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT fk_meter_nicknames_meter FOREIGN KEY (meter_id) REFERENCES meters (id)
  ) ${TABLE}`,
];

export class CustomersPage1700000000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under what customers entrusted. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
