import { TABLE } from './table';

/**
 * What a second person is asked for, with exactly what it is about. What was asked cannot be changed: the application
 * may only update what was answered. The last wall against one person alone is a CHECK.
 */
export const APPROVALS = [
  `CREATE TABLE approvals (
    id BINARY(16) PRIMARY KEY,
    kind VARCHAR(24) CHARACTER SET ascii NOT NULL,
    request_key BINARY(16) NOT NULL,
    subject VARCHAR(80) CHARACTER SET ascii NOT NULL,
    content JSON NOT NULL,
    content_sha256 BINARY(32) NOT NULL,
    reason VARCHAR(300) NOT NULL,
    requested_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    station VARCHAR(32) CHARACTER SET ascii NOT NULL,
    office VARCHAR(60) NOT NULL,
    requested_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    state ENUM('PENDING', 'APPROVED', 'REFUSED', 'EXPIRED', 'USED') NOT NULL,
    decided_by VARCHAR(60) CHARACTER SET ascii NULL,
    decided_at DATETIME(3) NULL,
    note VARCHAR(300) NULL,
    effect VARCHAR(80) CHARACTER SET ascii NULL,
    used_at DATETIME(3) NULL,
    UNIQUE KEY uq_approvals_request (kind, request_key),
    INDEX ix_approvals_waiting (state, kind, id),
    INDEX ix_approvals_requester (requested_by, id),
    INDEX ix_approvals_subject (subject, id),
    CONSTRAINT ck_approvals_two_people CHECK (decided_by IS NULL OR decided_by <> requested_by),
    CONSTRAINT ck_approvals_decided CHECK ((state IN ('APPROVED', 'REFUSED', 'USED')) <= (decided_by IS NOT NULL AND decided_at IS NOT NULL)),
    CONSTRAINT ck_approvals_used CHECK ((state = 'USED') = (effect IS NOT NULL) AND (effect IS NULL) = (used_at IS NULL))
  ) ${TABLE}`,
];

/** From where, before and after; and the four questions that are asked of the trail, each newest first by its id. */
export const AUDIT = [
  `ALTER TABLE audit_events
    ADD COLUMN was JSON NULL,
    ADD COLUMN became JSON NULL,
    ADD COLUMN origin_address VARCHAR(45) CHARACTER SET ascii NULL,
    ADD COLUMN origin_agent CHAR(16) CHARACTER SET ascii NULL,
    ADD COLUMN origin_station VARCHAR(32) CHARACTER SET ascii NULL,
    ADD COLUMN request_id VARCHAR(64) CHARACTER SET ascii NULL,
    ADD INDEX ix_audit_events_actor (actor, id),
    ADD INDEX ix_audit_events_subject (subject, id),
    ADD INDEX ix_audit_events_action (action, id),
    ADD INDEX ix_audit_events_actor_action (actor, action, id)`,
];
