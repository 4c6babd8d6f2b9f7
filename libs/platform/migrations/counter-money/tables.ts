const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';
const MEASURES = `ENUM('vends', 'free-issues', 'cancellations', 'tamper-tokens', 'twin-stations')`;

/** How much may be sold: rows are added, and the last one in force counts; a row without an amount lifts the limit. */
export const LIMITS: readonly string[] = [
  `CREATE TABLE vend_limits (
    id BINARY(16) PRIMARY KEY,
    scope ENUM('transaction', 'meter-day', 'person-day', 'pack-item', 'pack') NOT NULL,
    channel ENUM('counter', 'mobile-money', 'callback') NULL,
    limit_paisa BIGINT NULL,
    effective_from DATETIME(3) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    set_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    set_at DATETIME(3) NOT NULL,
    INDEX ix_vend_limits_order (effective_from, id),
    CONSTRAINT ck_vend_limits_amount CHECK (limit_paisa IS NULL OR limit_paisa > 0),
    CONSTRAINT ck_vend_limits_person CHECK (scope NOT IN ('person-day', 'pack-item', 'pack') OR channel IS NULL)
  ) ${TABLE}`,
  // Only for the sum of a person's day, and only while such a limit is set; the day comes first, so that new rows lie together.
  `ALTER TABLE recharges ADD INDEX ix_recharges_day_actor (business_day, actor)`,
];

/** What looks unusual, and what became of it. */
export const WATCH: readonly string[] = [
  `CREATE TABLE watch_rules (
    rule VARCHAR(40) CHARACTER SET ascii PRIMARY KEY,
    measure ${MEASURES} NOT NULL,
    subject_kind ENUM('meter', 'station', 'person') NOT NULL,
    threshold INT UNSIGNED NOT NULL,
    window_seconds INT UNSIGNED NOT NULL,
    active BOOLEAN NOT NULL,
    set_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    set_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_watch_rules_threshold CHECK (threshold > 0),
    CONSTRAINT ck_watch_rules_window CHECK (window_seconds BETWEEN 60 AND 2678400)
  ) ${TABLE}`,
  // Seldom events, kept to be counted over days without reading the days again.
  `CREATE TABLE watch_events (
    measure ${MEASURES} NOT NULL,
    event_id BINARY(16) NOT NULL,
    meter_no CHAR(18) CHARACTER SET ascii NOT NULL,
    source VARCHAR(48) CHARACTER SET ascii NOT NULL,
    actor VARCHAR(60) CHARACTER SET ascii NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (measure, event_id),
    INDEX ix_watch_events_at (measure, at)
  ) ${TABLE}`,
  `CREATE TABLE watch_cursors (
    name VARCHAR(20) CHARACTER SET ascii PRIMARY KEY,
    through DATETIME(3) NOT NULL
  ) ${TABLE}`,
  `CREATE TABLE review_items (
    id BINARY(16) PRIMARY KEY,
    rule VARCHAR(40) CHARACTER SET ascii NOT NULL,
    subject VARCHAR(80) CHARACTER SET ascii NOT NULL,
    window_start DATETIME(3) NOT NULL,
    office VARCHAR(60) NULL,
    facts JSON NOT NULL,
    first_seen DATETIME(3) NOT NULL,
    last_seen DATETIME(3) NOT NULL,
    events INT UNSIGNED NOT NULL,
    state ENUM('OPEN', 'EXPLAINED', 'ESCALATED') NOT NULL DEFAULT 'OPEN',
    decided_by VARCHAR(60) CHARACTER SET ascii NULL,
    decided_at DATETIME(3) NULL,
    note VARCHAR(500) NULL,
    UNIQUE KEY uq_review_items_window (rule, subject, window_start),
    INDEX ix_review_items_state (state, id),
    INDEX ix_review_items_subject (subject, id),
    CONSTRAINT fk_review_items_rule FOREIGN KEY (rule) REFERENCES watch_rules (rule),
    CONSTRAINT ck_review_items_decided CHECK (
      (state = 'OPEN') = (decided_by IS NULL) AND (state = 'OPEN') = (decided_at IS NULL) AND (state = 'OPEN') = (note IS NULL))
  ) ${TABLE}`,
  `ALTER TABLE vend_cancellations ADD INDEX ix_vend_cancellations_at (cancelled_at)`,
];

/** Rule, measure, per whom, how many are still usual, within how many seconds. */
export const RULES: readonly (readonly [string, string, string, number, number])[] = [
  ['many-vends-meter', 'vends', 'meter', 3, 60],
  ['many-vends-station', 'vends', 'station', 120, 60],
  ['many-vends-person', 'vends', 'person', 30, 60],
  ['free-issues-person', 'free-issues', 'person', 5, 86_400],
  ['cancellations-person', 'cancellations', 'person', 5, 86_400],
  ['cancellations-meter', 'cancellations', 'meter', 2, 604_800],
  ['tamper-tokens-meter', 'tamper-tokens', 'meter', 1, 2_592_000],
  ['twin-vends-meter', 'twin-stations', 'meter', 1, 600],
];

/** Template, debit family, credit family. */
export const TEMPLATE_ROWS: readonly (readonly [string, string, string])[] = [
  ['arrears-payment', 'cash', 'customer-arrears'],
  ['reversal:arrears-payment', 'customer-arrears', 'cash'],
  ...['customer-arrears', 'energy-revenue', 'customer-remainder'].flatMap((account): [string, string, string][] => [
    ['deposit-credit', 'customer-deposits', account],
    ['reversal:deposit-credit', account, 'customer-deposits'],
  ]),
];
