import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** Customers by the words of their names, and bulk imports that go on after a kill (docs/adr/0022-search-and-import.md). */
const STATEMENTS = [
  // A row for each word of a name: the name as searched, turned so that this word comes first. The office leads, so
  // that a person who may see one office reads the rows of one office. Every column is in the key: a covering index.
  `CREATE TABLE customer_words (
    office INT UNSIGNED NOT NULL,
    turned VARBINARY(250) NOT NULL,
    customer_id BINARY(16) NOT NULL,
    PRIMARY KEY (office, turned, customer_id)
  ) ${TABLE}`,
  // One row: how far the customers that were there before the table have got their words, by which rule.
  `CREATE TABLE customer_words_fill (
    id TINYINT UNSIGNED PRIMARY KEY,
    rule SMALLINT UNSIGNED NOT NULL,
    after_id BINARY(16) NOT NULL,
    finished BOOLEAN NOT NULL,
    CONSTRAINT ck_customer_words_fill_one CHECK (id = 1)
  ) ${TABLE}`,
  `CREATE TABLE imports (
    id BINARY(16) PRIMARY KEY,
    state ENUM('QUEUED', 'RUNNING', 'DONE', 'FAILED') NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    file_kind ENUM('csv', 'xlsx') NOT NULL,
    file_sha256 BINARY(32) NOT NULL,
    made_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    made_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    refusal_code VARCHAR(48) CHARACTER SET ascii NULL,
    refusal_facts VARCHAR(600) NULL,
    total_bytes BIGINT UNSIGNED NOT NULL,
    done_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_line INT UNSIGNED NOT NULL DEFAULT 0,
    rows_done INT UNSIGNED NOT NULL DEFAULT 0,
    rows_inserted INT UNSIGNED NOT NULL DEFAULT 0,
    rows_updated INT UNSIGNED NOT NULL DEFAULT 0,
    rows_unchanged INT UNSIGNED NOT NULL DEFAULT 0,
    rows_rejected INT UNSIGNED NOT NULL DEFAULT 0,
    faults INT UNSIGNED NOT NULL DEFAULT 0,
    busy_ms BIGINT UNSIGNED NOT NULL DEFAULT 0,
    fence INT UNSIGNED NOT NULL DEFAULT 0,
    lease_until DATETIME(3) NULL,
    INDEX ix_imports_made (made_at),
    INDEX ix_imports_file (file_sha256, state),
    CONSTRAINT ck_imports_rows
      CHECK (rows_done = rows_inserted + rows_updated + rows_unchanged + rows_rejected),
    CONSTRAINT ck_imports_failed CHECK ((state = 'FAILED') = (refusal_code IS NOT NULL)),
    CONSTRAINT ck_imports_ended CHECK ((state IN ('DONE', 'FAILED')) = (ended_at IS NOT NULL))
  ) ${TABLE}`,
  // Where, and why; the row itself is in the file, which the report reads again.
  `CREATE TABLE import_faults (
    import_id BINARY(16) NOT NULL,
    line INT UNSIGNED NOT NULL,
    place TINYINT UNSIGNED NOT NULL,
    column_name VARCHAR(40) CHARACTER SET ascii NULL,
    code VARCHAR(40) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (import_id, line, place),
    CONSTRAINT fk_import_faults_import FOREIGN KEY (import_id) REFERENCES imports (id)
  ) ${TABLE}`,
];

export class SearchImport1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
