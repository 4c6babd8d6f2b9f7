import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the night forgets is found by its age: a walk along an index, not through every login there ever was. */
const STATEMENTS = [
  'CREATE INDEX ix_refresh_tokens_expires ON refresh_tokens (expires_at)',
  'CREATE INDEX ix_login_failures_failed ON login_failures (failed_at)',
];

export class ForgetLogins1700000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
