import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of a till's day, by pages: the unique key begins with the source too, but its references are in no order. */
const INDEX = 'ALTER TABLE recharges ADD INDEX ix_recharges_till (source, business_day, id)';

export class TillDay1700000000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEX);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
