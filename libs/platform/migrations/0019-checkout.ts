import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';
const CHANNELS = `ENUM('counter', 'mobile-money', 'callback', 'checkout')`;

/**
 * Payments on our own page (ADR 0034): an order for each, every message of a gateway with its verdict, and refunds that
 * the gateway makes. A new channel stands behind the old ones, so that no row is written again.
 */
const STATEMENTS = [
  `ALTER TABLE recharges MODIFY COLUMN channel ${CHANNELS} NOT NULL`,
  `ALTER TABLE vend_limits MODIFY COLUMN channel ${CHANNELS} NULL`,
  // `claim_ref` and `claimed` are what messages said; the rest is what the gateway answered when it was asked.
  `CREATE TABLE checkout_orders (
    id BINARY(16) PRIMARY KEY,
    order_no VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    request_id BINARY(16) NOT NULL,
    provider VARCHAR(32) CHARACTER SET ascii NOT NULL,
    reference VARCHAR(40) NOT NULL,
    amount_paisa BIGINT NOT NULL,
    language ENUM('bn', 'en') NOT NULL,
    address VARCHAR(64) CHARACTER SET ascii NOT NULL,
    state ENUM('CREATED', 'STARTED', 'PAID', 'HELD', 'FAILED', 'CANCELLED', 'EXPIRED') NOT NULL,
    gateway_ref VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    pay_url VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NULL,
    claim_ref VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    claimed ENUM('paid', 'failed', 'cancelled', 'expired', 'other') NULL,
    trx_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    paid_paisa BIGINT NULL,
    paid_at DATETIME(3) NULL,
    recharge_id BINARY(16) NULL,
    reason VARCHAR(64) CHARACTER SET ascii NULL,
    asked SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_checkout_orders_no (order_no),
    UNIQUE KEY uq_checkout_orders_request (request_id),
    UNIQUE KEY uq_checkout_orders_ref (provider, gateway_ref),
    UNIQUE KEY uq_checkout_orders_trx (provider, trx_id),
    UNIQUE KEY uq_checkout_orders_payment (recharge_id),
    INDEX ix_checkout_orders_address (address, created_at),
    CONSTRAINT fk_checkout_orders_payment FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT ck_checkout_orders_amount CHECK (amount_paisa > 0),
    CONSTRAINT ck_checkout_orders_started CHECK ((gateway_ref IS NULL) = (pay_url IS NULL)),
    CONSTRAINT ck_checkout_orders_paid CHECK (
      (state IN ('PAID', 'HELD')) = (trx_id IS NOT NULL) AND (trx_id IS NULL) = (paid_paisa IS NULL)),
    CONSTRAINT ck_checkout_orders_booked CHECK (recharge_id IS NULL OR trx_id IS NOT NULL)
  ) ${TABLE}`,
  // The bytes are sealed: a gateway may tell a phone number or a masked card. Refused ones have no key: each is new.
  `CREATE TABLE gateway_messages (
    id BINARY(16) PRIMARY KEY,
    provider VARCHAR(32) CHARACTER SET ascii NOT NULL,
    way ENUM('return', 'notice') NOT NULL,
    event_key BINARY(32) NULL,
    raw_sealed MEDIUMBLOB NOT NULL,
    received_at DATETIME(3) NOT NULL,
    verdict ENUM('ACCEPTED', 'REFUSED') NOT NULL,
    refusal VARCHAR(64) CHARACTER SET ascii NULL,
    claims VARCHAR(12) CHARACTER SET ascii NULL,
    order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    gateway_ref VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    trx_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    claim_ref VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    state ENUM('RECEIVED', 'DONE') NOT NULL,
    outcome VARCHAR(64) CHARACTER SET ascii NULL,
    UNIQUE KEY uq_gateway_messages_event (provider, event_key),
    INDEX ix_gateway_messages_verdict (provider, verdict, received_at),
    CONSTRAINT ck_gateway_messages_verdict CHECK (
      (verdict = 'REFUSED') = (refusal IS NOT NULL) AND (verdict = 'REFUSED') = (claims IS NULL)
      AND (verdict = 'REFUSED') = (event_key IS NULL))
  ) ${TABLE}`,
  // Asked for in the case by a person and approved by another; booked when the gateway says that it is done.
  `CREATE TABLE checkout_refunds (
    id BINARY(16) PRIMARY KEY,
    order_id BINARY(16) NOT NULL,
    recharge_id BINARY(16) NOT NULL,
    state ENUM('ASKED', 'REFUNDED', 'REFUSED') NOT NULL,
    refund_no VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    refund_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    amount_paisa BIGINT NOT NULL,
    case_id BINARY(16) NOT NULL,
    approval_id BINARY(16) NOT NULL,
    reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    why VARCHAR(200) NOT NULL,
    asked_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    asked SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    reason VARCHAR(64) CHARACTER SET ascii NULL,
    ended_at DATETIME(3) NULL,
    open_payment BINARY(16) AS (CASE WHEN state = 'ASKED' THEN recharge_id ELSE NULL END) STORED,
    UNIQUE KEY uq_checkout_refunds_no (refund_no),
    UNIQUE KEY uq_checkout_refunds_open (open_payment),
    INDEX ix_checkout_refunds_payment (recharge_id),
    CONSTRAINT fk_checkout_refunds_order FOREIGN KEY (order_id) REFERENCES checkout_orders (id),
    CONSTRAINT fk_checkout_refunds_payment FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT fk_checkout_refunds_case FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT ck_checkout_refunds_amount CHECK (amount_paisa > 0),
    CONSTRAINT ck_checkout_refunds_ended CHECK ((state = 'ASKED') = (ended_at IS NULL))
  ) ${TABLE}`,
];

export class Checkout1700000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
