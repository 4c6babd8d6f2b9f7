import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LIMITS, PACKS, RULES, TEMPLATE_ROWS, WATCH } from './counter-money/tables';

const RELEASED = '1970-01-01 00:00:00';

/** Money at the counter beside the recharge: limits, and the list of what looks unusual. */
export class CounterMoney1700000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...LIMITS, ...WATCH, ...PACKS]) await runner.query(statement);
    await runner.query(
      `INSERT INTO watch_rules (rule, measure, subject_kind, threshold, window_seconds, active, set_by, set_at) VALUES ?`,
      [RULES.map((rule) => [...rule, true, 'release', RELEASED])],
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
