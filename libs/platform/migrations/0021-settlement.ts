import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STATEMENTS, TEMPLATE_ROWS } from './settlement/tables';

/** What providers say they took and what the bank has, against what we vended. It adds, and changes no row that is there. */
export class Settlement1700000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    await runner.query('INSERT INTO ledger_templates (template, debit_family, credit_family) VALUES ?', [
      TEMPLATE_ROWS,
    ]);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
