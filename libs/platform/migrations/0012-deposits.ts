import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deposits of the former system, one row for each paper: the ledger's account says how much is held in all, these whose
 * it is, and that each is given back once.
 */
const STATEMENTS = [
  `CREATE TABLE deposits (
    id BINARY(16) PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    paper VARCHAR(60) NOT NULL,
    amount_paisa BIGINT NOT NULL,
    entered_at DATETIME(3) NOT NULL,
    returned_by BINARY(16) NULL UNIQUE,
    UNIQUE KEY uq_deposits_paper (customer_id, paper),
    CONSTRAINT fk_deposits_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT fk_deposits_vend FOREIGN KEY (returned_by) REFERENCES vends (id),
    CONSTRAINT ck_deposits_amount CHECK (amount_paisa > 0)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
];

export class Deposits1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
