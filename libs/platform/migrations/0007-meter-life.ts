import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CHANGES, CHART, TABLES, TEMPLATE_ROWS } from './meter-life/tables';

/** The life of customers, connections and meters: their history, replacements, models, people, and what is owed when. */
export class MeterLife1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...CHANGES]) await runner.query(statement);
    await runner.query(
      'INSERT INTO ledger_chart (family, kind, never_overdrawn, suffixed, per_meter, name_en, name_bn) VALUES ?',
      [CHART],
    );
    await runner.query('INSERT INTO ledger_templates (template, debit_family, credit_family) VALUES ?', [
      TEMPLATE_ROWS,
    ]);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
