import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * The token that a gateway has granted, one row for all processes (ADR 0035), with the times at which it was asked for
 * one: a gateway that is asked too often stops answering for an hour.
 */
const STATEMENTS = [
  `CREATE TABLE gateway_tokens (
    provider VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    token_sealed BLOB NULL,
    granted_at DATETIME(3) NULL,
    refresh_after DATETIME(3) NULL,
    expires_at DATETIME(3) NULL,
    asked_last DATETIME(3) NULL,
    asked_before DATETIME(3) NULL,
    asking_until DATETIME(3) NULL,
    CONSTRAINT ck_gateway_tokens_whole CHECK (
      (token_sealed IS NULL) = (granted_at IS NULL) AND (token_sealed IS NULL) = (refresh_after IS NULL)
      AND (token_sealed IS NULL) = (expires_at IS NULL)),
    CONSTRAINT ck_gateway_tokens_asked CHECK (asked_before IS NULL OR asked_last IS NOT NULL)
  ) ${TABLE}`,
  // What the payer typed of money that a notice told of and nobody else: a hint for who looks into it.
  `CREATE TABLE money_notices (
    recharge_id BINARY(16) PRIMARY KEY,
    typed VARCHAR(64) NOT NULL,
    CONSTRAINT fk_money_notices_payment FOREIGN KEY (recharge_id) REFERENCES recharges (id)
  ) ${TABLE}`,
];

export class GatewayTokens1700000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
