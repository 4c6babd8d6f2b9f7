import type { MigrationInterface, QueryRunner } from 'typeorm';

const ID = 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';

/**
 * A statement's transaction id may be as long as a payment's key: the quote ids that a vendor pays under are longer than
 * the 56 characters that statements had. InnoDB changes no row for it.
 */
export class StatementIds1700000000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['statement_rows', 'settlement_breaks']) {
      await runner.query(`ALTER TABLE ${table} MODIFY trx_id ${ID}`);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
