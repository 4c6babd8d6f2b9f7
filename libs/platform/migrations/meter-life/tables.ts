const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

export const TABLES: readonly string[] = [
  // What a record was until it was changed. Inserted once, never changed: the record itself is the present version,
  // so whoever is never changed has no row here, and who reads the present pays nothing for the past.
  `CREATE TABLE record_history (
    id BINARY(16) PRIMARY KEY,
    record ENUM('customer', 'connection', 'meter', 'person') NOT NULL,
    record_id BINARY(16) NOT NULL,
    valid_from DATETIME(3) NOT NULL,
    valid_to DATETIME(3) NOT NULL,
    content JSON NOT NULL,
    changed_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    reason VARCHAR(200) NOT NULL,
    INDEX ix_record_history (record, record_id, valid_to),
    CONSTRAINT ck_record_history_span CHECK (valid_from <= valid_to)
  ) ${TABLE}`,
  // What a person asked for once, by the key of the request: asked again, the stored answer is given.
  `CREATE TABLE life_operations (
    id BINARY(16) PRIMARY KEY,
    kind VARCHAR(24) CHARACTER SET ascii NOT NULL,
    subject_id BINARY(16) NOT NULL,
    content_hash BINARY(32) NOT NULL,
    result JSON NOT NULL,
    made_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    made_at DATETIME(3) NOT NULL,
    INDEX ix_life_operations_subject (subject_id, made_at)
  ) ${TABLE}`,
  // One meter is replaced once, by one meter; the sums moved with the customer.
  `CREATE TABLE meter_replacements (
    id BINARY(16) PRIMARY KEY,
    connection_id BINARY(16) NOT NULL,
    old_meter_id BINARY(16) NOT NULL UNIQUE,
    new_meter_id BINARY(16) NOT NULL UNIQUE,
    old_reading VARCHAR(16) CHARACTER SET ascii NULL,
    remainder_paisa BIGINT NOT NULL,
    arrears_paisa BIGINT NOT NULL,
    payments_moved INT UNSIGNED NOT NULL,
    reason VARCHAR(200) NOT NULL,
    replaced_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    replaced_at DATETIME(3) NOT NULL,
    INDEX ix_meter_replacements_connection (connection_id, replaced_at),
    CONSTRAINT fk_meter_replacements_connection FOREIGN KEY (connection_id) REFERENCES connections (id),
    CONSTRAINT fk_meter_replacements_old FOREIGN KEY (old_meter_id) REFERENCES meters (id),
    CONSTRAINT fk_meter_replacements_new FOREIGN KEY (new_meter_id) REFERENCES meters (id),
    CONSTRAINT ck_meter_replacements_two CHECK (old_meter_id <> new_meter_id),
    CONSTRAINT ck_meter_replacements_sums CHECK (remainder_paisa >= 0 AND arrears_paisa >= 0)
  ) ${TABLE}`,
  // What a manufacturer's model can do. A meter without a model is taken to do what its own row says.
  `CREATE TABLE meter_models (
    id BINARY(16) PRIMARY KEY,
    manufacturer VARCHAR(4) CHARACTER SET ascii NOT NULL,
    model VARCHAR(40) CHARACTER SET ascii NOT NULL,
    phase TINYINT UNSIGNED NOT NULL,
    algorithms SET('07', '11') NOT NULL,
    crediting SET('currency', 'energy') NOT NULL,
    services SET('clear-credit', 'clear-tamper', 'power-limit', 'phase-unbalance', 'meter-test') NOT NULL,
    register_max_wh BIGINT NULL,
    register_max_paisa BIGINT NULL,
    power_max_w INT UNSIGNED NULL,
    updated_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_meter_models (manufacturer, model),
    CONSTRAINT ck_meter_models_phase CHECK (phase IN (1, 3)),
    CONSTRAINT ck_meter_models_sets CHECK (algorithms <> '' AND crediting <> ''),
    CONSTRAINT ck_meter_models_limits CHECK (
      COALESCE(register_max_wh, 1) > 0 AND COALESCE(register_max_paisa, 1) > 0 AND COALESCE(power_max_w, 1) > 0)
  ) ${TABLE}`,
  // Who else has to do with a connection beside its customer; they stay when the meter is replaced.
  `CREATE TABLE connection_people (
    id BINARY(16) PRIMARY KEY,
    connection_id BINARY(16) NOT NULL,
    role ENUM('owner', 'tenant', 'payer') NOT NULL,
    name VARCHAR(120) NOT NULL,
    mobile VARCHAR(15) CHARACTER SET ascii NULL,
    language CHAR(2) CHARACTER SET ascii NOT NULL,
    receives_sms BOOLEAN NOT NULL,
    removed_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    INDEX ix_connection_people_connection (connection_id),
    INDEX ix_connection_people_mobile (mobile),
    CONSTRAINT fk_connection_people_connection FOREIGN KEY (connection_id) REFERENCES connections (id),
    CONSTRAINT ck_connection_people_sms CHECK (NOT receives_sms OR mobile IS NOT NULL)
  ) ${TABLE}`,
];

/** Columns beside what is there; every existing row keeps its meaning. */
export const CHANGES: readonly string[] = [
  `ALTER TABLE customers ADD COLUMN closed_on DATE NULL`,
  // The next terms take effect by their date alone: whoever reads the connection compares it with the day.
  `ALTER TABLE connections
    ADD COLUMN address VARCHAR(200) NULL,
    ADD COLUMN supply ENUM('connected', 'disconnected', 'closed') NOT NULL DEFAULT 'connected',
    ADD COLUMN disconnected_on DATE NULL,
    ADD COLUMN next_from DATE NULL,
    ADD COLUMN next_tariff_class VARCHAR(8) CHARACTER SET ascii NULL,
    ADD COLUMN next_sanctioned_w INT UNSIGNED NULL,
    ADD COLUMN next_by VARCHAR(60) CHARACTER SET ascii NULL,
    ADD COLUMN next_reason VARCHAR(200) NULL,
    ADD INDEX ix_connections_next (next_from),
    ADD CONSTRAINT ck_connections_next CHECK (
      (next_from IS NULL) = (next_tariff_class IS NULL) AND (next_from IS NULL) = (next_sanctioned_w IS NULL)),
    ADD CONSTRAINT ck_connections_off CHECK ((supply = 'disconnected') = (disconnected_on IS NOT NULL))`,
  `ALTER TABLE meters
    ADD COLUMN model_id BINARY(16) NULL,
    ADD COLUMN closed_on DATE NULL,
    ADD INDEX ix_meters_connection (connection_id, status),
    ADD CONSTRAINT fk_meters_model FOREIGN KEY (model_id) REFERENCES meter_models (id)`,
  // Which months are owed no fixed charges, or owed under earlier terms; null for nearly every meter.
  `ALTER TABLE meter_states ADD COLUMN charging VARCHAR(4000) CHARACTER SET ascii NULL`,
  // What the payer typed, hashed: a repeat says the same although the number means another meter by now.
  `ALTER TABLE recharges ADD COLUMN reference_hash BINARY(32) NULL`,
];

/** An account through which sums pass from one meter to another; it is empty whenever nobody is writing. */
export const CHART: readonly (readonly [string, string, boolean, boolean, boolean, string, string])[] = [
  ['meter-transfers', 'liability', false, false, false, 'Between two meters', 'এক মিটার থেকে আরেক মিটারে'],
];

/** Template, debit family, credit family. A move is not taken back: the next replacement moves on. */
export const TEMPLATE_ROWS: readonly (readonly [string, string, string])[] = [
  ['meter-move-out', 'customer-remainder', 'meter-transfers'],
  ['meter-move-out', 'meter-transfers', 'customer-arrears'],
  ['meter-move-in', 'meter-transfers', 'customer-remainder'],
  ['meter-move-in', 'customer-arrears', 'meter-transfers'],
  ['carried-refund', 'customer-remainder', 'cash'],
  ['carried-refund', 'customer-remainder', 'bank'],
  ['reversal:carried-refund', 'cash', 'customer-remainder'],
  ['reversal:carried-refund', 'bank', 'customer-remainder'],
  ['deposit-import', 'opening-balances', 'customer-deposits'],
  ['reversal:deposit-import', 'customer-deposits', 'opening-balances'],
];
