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

/**
 * Tokens made ahead for an outage. What a pack holds never changes; only what became of it does. A token is sealed until
 * it is booked: whoever reads the table cannot use what nobody has paid for.
 */
export const PACKS: readonly string[] = [
  `CREATE TABLE offline_packs (
    id BINARY(16) PRIMARY KEY,
    station VARCHAR(32) CHARACTER SET ascii NOT NULL,
    content_hash BINARY(32) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    prepared_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    prepared_at DATETIME(3) NOT NULL,
    state ENUM('OPEN', 'WITHDRAWN') NOT NULL,
    withdrawn_by VARCHAR(60) CHARACTER SET ascii NULL,
    withdrawn_at DATETIME(3) NULL,
    INDEX ix_offline_packs_station (station, id),
    CONSTRAINT fk_offline_packs_station FOREIGN KEY (station) REFERENCES stations (code),
    CONSTRAINT ck_offline_packs_withdrawn CHECK (
      (state = 'OPEN') = (withdrawn_by IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL))
  ) ${TABLE}`,
  `CREATE TABLE offline_pack_items (
    id BINARY(16) PRIMARY KEY,
    pack_id BINARY(16) NOT NULL,
    meter_id BINARY(16) NOT NULL,
    place TINYINT UNSIGNED NOT NULL,
    gross_paisa BIGINT NOT NULL,
    vat_paisa BIGINT NOT NULL,
    rebate_paisa BIGINT NOT NULL,
    energy_paisa BIGINT NOT NULL,
    remainder_out_paisa BIGINT NOT NULL,
    energy_wh BIGINT NULL,
    estimated_wh BIGINT NULL,
    tariff_book VARCHAR(40) CHARACTER SET ascii NOT NULL,
    price_revision INT UNSIGNED NOT NULL,
    tariff_version VARCHAR(40) CHARACTER SET ascii NOT NULL,
    rebate_profile VARCHAR(40) CHARACTER SET ascii NOT NULL,
    pricing_input JSON NOT NULL,
    base_date SMALLINT UNSIGNED NOT NULL,
    tid INT UNSIGNED NOT NULL,
    rnd TINYINT UNSIGNED NOT NULL,
    subclass TINYINT UNSIGNED NOT NULL,
    amount_units BIGINT NOT NULL,
    credited_units BIGINT NOT NULL,
    sample_tables BOOLEAN NOT NULL,
    token_sealed VARBINARY(80) NOT NULL,
    state ENUM('OPEN', 'USED', 'WITHDRAWN') NOT NULL,
    used_at DATETIME(3) NULL,
    vend_id BINARY(16) NULL UNIQUE,
    UNIQUE KEY uq_offline_pack_items_place (pack_id, meter_id, place),
    UNIQUE KEY uq_offline_pack_items_tid (meter_id, base_date, tid),
    CONSTRAINT fk_offline_pack_items_pack FOREIGN KEY (pack_id) REFERENCES offline_packs (id),
    CONSTRAINT fk_offline_pack_items_meter FOREIGN KEY (meter_id) REFERENCES meters (id),
    CONSTRAINT fk_offline_pack_items_vend FOREIGN KEY (vend_id) REFERENCES vends (id),
    CONSTRAINT ck_offline_pack_items_sum CHECK (
      gross_paisa = vat_paisa - rebate_paisa + energy_paisa + remainder_out_paisa),
    CONSTRAINT ck_offline_pack_items_used CHECK (
      (state = 'USED') = (vend_id IS NOT NULL) AND (state = 'USED') = (used_at IS NOT NULL))
  ) ${TABLE}`,
  `INSERT INTO vend_limits (id, scope, channel, limit_paisa, effective_from, reason, set_by, set_at) VALUES
    (UNHEX('00000000000070008000000000000001'), 'pack-item', NULL, 500000, '1970-01-01 00:00:00', 'As in July 2024', 'release', '1970-01-01 00:00:00'),
    (UNHEX('00000000000070008000000000000002'), 'pack', NULL, 100000000, '1970-01-01 00:00:00', 'A station''s day', 'release', '1970-01-01 00:00:00')`,
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
