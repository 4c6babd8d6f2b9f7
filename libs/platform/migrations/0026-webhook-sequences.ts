import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the numbers of a payment's webhook events ended when the events themselves were forgotten (ADR 0041): its next
 * event, be it years later, goes on counting. It only adds.
 */
export class WebhookSequences1700000000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE webhook_sequences (
      subject_id BINARY(16) PRIMARY KEY,
      sequence INT UNSIGNED NOT NULL,
      CONSTRAINT ck_webhook_sequences CHECK (sequence >= 1)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
