import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * What was sold in each hour, for the dashboard (ADR 0047): counted by the worker from the payments themselves, and
 * counted again as long as they may change. No truth of its own: an empty table fills itself. It only adds.
 */
const STATEMENTS = [
  // Waiting: paid, and neither vended nor paid back yet. An empty office: a payment whose meter nobody knows.
  `CREATE TABLE sales_hours (
    hour_start DATETIME NOT NULL,
    source VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(16) CHARACTER SET ascii NOT NULL,
    office VARCHAR(60) NOT NULL,
    sold_count INT UNSIGNED NOT NULL,
    sold_paisa BIGINT NOT NULL,
    waiting_count INT UNSIGNED NOT NULL,
    waiting_paisa BIGINT NOT NULL,
    returned_count INT UNSIGNED NOT NULL,
    returned_paisa BIGINT NOT NULL,
    PRIMARY KEY (hour_start, source, channel, office)
  ) ${TABLE}`,
  // The row that a count of its hour holds, so that two workers do not count it at once.
  `CREATE TABLE sales_hour_counts (
    hour_start DATETIME PRIMARY KEY,
    counted_at DATETIME(3) NOT NULL
  ) ${TABLE}`,
];

export class SalesHours1700000000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
