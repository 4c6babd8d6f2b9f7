import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments that some process has in hand longer than usual, so that every other process knows of them. It only adds. */
const TABLE = `CREATE TABLE payments_under_way (
  source VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  held_until DATETIME(3) NOT NULL,
  PRIMARY KEY (source, source_ref),
  INDEX ix_payments_under_way_until (held_until)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`;

export class PaymentsUnderWay1700000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
