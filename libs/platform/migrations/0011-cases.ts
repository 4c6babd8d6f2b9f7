import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/**
 * Cases and what they lead to: complaints with their number, owner, deadline and outcome; the two ways out for a payment
 * that was not vended; and penalties with their paper reference. It adds, and changes no row that is there.
 */
const STATEMENTS = [
  // The serial makes the number that the customer is told; it may have gaps. One case of the machine's for each payment.
  `CREATE TABLE cases (
    id BINARY(16) PRIMARY KEY,
    serial INT UNSIGNED NOT NULL AUTO_INCREMENT,
    opened_year SMALLINT UNSIGNED NOT NULL,
    request_id BINARY(16) NULL,
    content_hash BINARY(32) NULL,
    kind VARCHAR(24) CHARACTER SET ascii NOT NULL,
    state ENUM('OPEN', 'ASSIGNED', 'WAITING', 'CLOSED') NOT NULL,
    version INT UNSIGNED NOT NULL DEFAULT 1,
    office VARCHAR(60) NOT NULL,
    queue VARCHAR(20) CHARACTER SET ascii NOT NULL,
    owner VARCHAR(40) CHARACTER SET ascii NULL,
    automatic BOOLEAN NOT NULL,
    recharge_id BINARY(16) NULL,
    vend_id BINARY(16) NULL,
    meter_id BINARY(16) NULL,
    customer_id BINARY(16) NULL,
    inbox_id BINARY(16) NULL,
    words VARCHAR(1000) NOT NULL,
    opened_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    due_at DATETIME(3) NOT NULL,
    waiting_for VARCHAR(200) NULL,
    outcome VARCHAR(24) CHARACTER SET ascii NULL,
    outcome_words VARCHAR(1000) NULL,
    closed_at DATETIME(3) NULL,
    closed_by VARCHAR(60) CHARACTER SET ascii NULL,
    closings SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    own_payment BINARY(16) AS (CASE WHEN automatic THEN recharge_id ELSE NULL END) STORED,
    open_due DATETIME(3) AS (CASE WHEN state = 'CLOSED' THEN NULL ELSE due_at END) STORED,
    UNIQUE KEY uq_cases_serial (serial),
    UNIQUE KEY uq_cases_request (request_id),
    UNIQUE KEY uq_cases_own_payment (own_payment),
    INDEX ix_cases_due (open_due, id),
    INDEX ix_cases_owner (owner, open_due, id),
    INDEX ix_cases_recharge (recharge_id),
    INDEX ix_cases_meter (meter_id),
    INDEX ix_cases_customer (customer_id),
    CONSTRAINT fk_cases_recharge FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT fk_cases_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT fk_cases_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT fk_cases_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT fk_cases_inbox FOREIGN KEY (inbox_id) REFERENCES inbox (id),
    CONSTRAINT ck_cases_subject CHECK (
      COALESCE(recharge_id, vend_id, meter_id, customer_id, inbox_id) IS NOT NULL),
    CONSTRAINT ck_cases_owner CHECK (state <> 'ASSIGNED' OR owner IS NOT NULL),
    CONSTRAINT ck_cases_closed CHECK ((state = 'CLOSED') = (outcome IS NOT NULL)),
    CONSTRAINT ck_cases_closed_by CHECK ((outcome IS NULL) = (closed_at IS NULL) AND (outcome IS NULL) = (closed_by IS NULL))
  ) AUTO_INCREMENT = 1001 ${TABLE}`,
  // What happened, in order: inserted, never changed. Notes of people are among it.
  `CREATE TABLE case_events (
    id BINARY(16) PRIMARY KEY,
    case_id BINARY(16) NOT NULL,
    at DATETIME(3) NOT NULL,
    actor VARCHAR(60) CHARACTER SET ascii NOT NULL,
    what VARCHAR(24) CHARACTER SET ascii NOT NULL,
    words VARCHAR(1000) NULL,
    detail JSON NULL,
    INDEX ix_case_events_case (case_id, id),
    CONSTRAINT fk_case_events_case FOREIGN KEY (case_id) REFERENCES cases (id)
  ) ${TABLE}`,
  // An event of a provider that no machine could work is in one case, however often it is looked at.
  `CREATE TABLE case_inbox (
    inbox_id BINARY(16) PRIMARY KEY,
    case_id BINARY(16) NOT NULL,
    CONSTRAINT fk_case_inbox_inbox FOREIGN KEY (inbox_id) REFERENCES inbox (id),
    CONSTRAINT fk_case_inbox_case FOREIGN KEY (case_id) REFERENCES cases (id)
  ) ${TABLE}`,
  // A payment that was owed back is taken up again for a meter; the id is the request's key.
  `CREATE TABLE payment_moves (
    id BINARY(16) PRIMARY KEY,
    recharge_id BINARY(16) NOT NULL,
    from_meter_id BINARY(16) NULL,
    to_meter_id BINARY(16) NOT NULL,
    case_id BINARY(16) NOT NULL,
    approval_id BINARY(16) NULL,
    reason VARCHAR(200) NOT NULL,
    moved_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    moved_at DATETIME(3) NOT NULL,
    INDEX ix_payment_moves_recharge (recharge_id),
    CONSTRAINT fk_payment_moves_recharge FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT fk_payment_moves_meter FOREIGN KEY (to_meter_id) REFERENCES meters (id),
    CONSTRAINT fk_payment_moves_case FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT ck_payment_moves_approved CHECK (approval_id IS NOT NULL OR from_meter_id = to_meter_id)
  ) ${TABLE}`,
  // Money goes back once: the payment is the key.
  `CREATE TABLE payment_refunds (
    recharge_id BINARY(16) PRIMARY KEY,
    request_id BINARY(16) NOT NULL UNIQUE,
    case_id BINARY(16) NOT NULL,
    approval_id BINARY(16) NOT NULL,
    paid_from VARCHAR(64) CHARACTER SET ascii NOT NULL,
    reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount_paisa BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    paid_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    paid_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_payment_refunds_recharge FOREIGN KEY (recharge_id) REFERENCES recharges (id),
    CONSTRAINT fk_payment_refunds_case FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT ck_payment_refunds_amount CHECK (amount_paisa > 0)
  ) ${TABLE}`,
  // A paper is entered once, whatever becomes of it; the id is the request's key.
  `CREATE TABLE penalties (
    id BINARY(16) PRIMARY KEY,
    meter_id BINARY(16) NOT NULL,
    kind ENUM('tampering', 'power-factor') NOT NULL,
    state ENUM('DUE', 'COLLECTED', 'WITHDRAWN') NOT NULL,
    amount_paisa BIGINT NOT NULL,
    notice_no VARCHAR(40) CHARACTER SET ascii NOT NULL,
    notice_date DATE NOT NULL,
    power_factor_hundredths TINYINT UNSIGNED NULL,
    energy_charge_paisa BIGINT NULL,
    reason VARCHAR(200) NOT NULL,
    approval_id BINARY(16) NOT NULL,
    entered_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    entered_at DATETIME(3) NOT NULL,
    vend_id BINARY(16) NULL,
    withdrawal_key BINARY(16) NULL,
    withdrawal_approval_id BINARY(16) NULL,
    withdrawn_by VARCHAR(60) CHARACTER SET ascii NULL,
    withdrawn_at DATETIME(3) NULL,
    withdrawal_reason VARCHAR(200) NULL,
    UNIQUE KEY uq_penalties_paper (notice_no),
    INDEX ix_penalties_meter (meter_id, state),
    INDEX ix_penalties_vend (vend_id),
    CONSTRAINT fk_penalties_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT fk_penalties_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT ck_penalties_amount CHECK (amount_paisa > 0),
    CONSTRAINT ck_penalties_reading CHECK (
      (kind = 'power-factor') = (power_factor_hundredths IS NOT NULL)
      AND (kind = 'power-factor') = (energy_charge_paisa IS NOT NULL)),
    CONSTRAINT ck_penalties_collected CHECK ((state = 'COLLECTED') = (vend_id IS NOT NULL)),
    CONSTRAINT ck_penalties_withdrawn CHECK (
      (state = 'WITHDRAWN') = (withdrawn_by IS NOT NULL)
      AND (state = 'WITHDRAWN') = (withdrawn_at IS NOT NULL)
      AND (state = 'WITHDRAWN') = (withdrawal_key IS NOT NULL)
      AND (state = 'WITHDRAWN') = (withdrawal_approval_id IS NOT NULL))
  ) ${TABLE}`,
  // A notice is about a vend or about a case, and each kind goes out once for it.
  `ALTER TABLE notices
    MODIFY COLUMN vend_id BINARY(16) NULL,
    ADD COLUMN case_id BINARY(16) NULL,
    ADD UNIQUE KEY uq_notices_case (case_id, kind),
    ADD CONSTRAINT fk_notices_case FOREIGN KEY (case_id) REFERENCES cases (id),
    ADD CONSTRAINT ck_notices_subject CHECK ((vend_id IS NULL) <> (case_id IS NULL))`,
  `ALTER TABLE inbox ADD INDEX ix_inbox_recharge (recharge_id)`,
  // Money that was owed back before there were cases gets its case from the worker, like all that comes later.
  `INSERT INTO outbox (id, topic, ref_id, created_at, due_at)
    SELECT id, 'case', id, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM recharges WHERE state = 'REFUND_DUE'`,
  `INSERT INTO outbox (id, topic, ref_id, created_at, due_at)
    SELECT id, 'case', id, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM inbox WHERE state = 'CASE' AND recharge_id IS NULL`,
];

export class Cases1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Forward only: an applied migration is corrected by the next one, never undone under recorded money. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
