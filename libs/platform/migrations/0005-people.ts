import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPROVALS, AUDIT } from './people/approvals';
import { LOGINS } from './people/logins';
import { OFFICES } from './people/offices';

/**
 * People at work: sessions that can be ended, second factors, lock-out after failed logins; the second person's word;
 * offices as a tree; and an audit trail that says from where, before and after.
 */
export class People1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...APPROVALS, ...AUDIT, ...LOGINS, ...OFFICES]) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
