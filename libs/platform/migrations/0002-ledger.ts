import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CHART, TEMPLATE_ROWS } from './ledger/chart';
import { PROCEDURES } from './ledger/procedures';
import { CHANGES, TABLES } from './ledger/tables';

/**
 * The ledger's laws move into the database: the chart and the templates as data, the horizon behind which nothing
 * can be booked, totals and snapshots, and the procedures that are the only way to write any of it.
 */
export class Ledger1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
    await runner.query(
      'INSERT INTO ledger_chart (family, kind, never_overdrawn, suffixed, per_meter, name_en, name_bn) VALUES ?',
      [CHART],
    );
    await runner.query('INSERT INTO ledger_templates (template, debit_family, credit_family) VALUES ?', [
      TEMPLATE_ROWS,
    ]);
    for (const change of CHANGES) await runner.query(change);
    for (const procedure of PROCEDURES) await runner.query(procedure);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
