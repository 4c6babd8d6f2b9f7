import { TABLE } from './table';

/** Second factors, sessions with their refresh tokens (hashes only), and what failed logins have led to. */
export const LOGINS = [
  `ALTER TABLE users
    ADD COLUMN totp_sealed VARBINARY(120) NULL,
    ADD COLUMN totp_enrolled_at DATETIME(3) NULL,
    ADD COLUMN totp_last_step BIGINT UNSIGNED NULL`,
  `CREATE TABLE recovery_codes (
    user_id BINARY(16) NOT NULL,
    code_sha256 BINARY(32) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    used_at DATETIME(3) NULL,
    void_at DATETIME(3) NULL,
    PRIMARY KEY (user_id, code_sha256),
    CONSTRAINT fk_recovery_codes_user FOREIGN KEY (user_id) REFERENCES users (id)
  ) ${TABLE}`,
  `CREATE TABLE sessions (
    id BINARY(16) PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    station VARCHAR(32) CHARACTER SET ascii NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    refreshed_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    origin_address VARCHAR(45) CHARACTER SET ascii NULL,
    agent VARCHAR(120) CHARACTER SET ascii NULL,
    ended_at DATETIME(3) NULL,
    ended_by VARCHAR(60) CHARACTER SET ascii NULL,
    end_reason ENUM('logout', 'revoked', 'reuse', 'user-changed') NULL,
    INDEX ix_sessions_user (user_id, ended_at, id),
    CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_sessions_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
  ) ${TABLE}`,
  // A chain for each session: at most one token of it is alive, the latest that is neither used nor superseded.
  `CREATE TABLE refresh_tokens (
    token_sha256 BINARY(32) PRIMARY KEY,
    session_id BINARY(16) NOT NULL,
    parent_sha256 BINARY(32) NULL,
    issued_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    used_at DATETIME(3) NULL,
    superseded_at DATETIME(3) NULL,
    INDEX ix_refresh_tokens_session (session_id, issued_at),
    INDEX ix_refresh_tokens_parent (parent_sha256),
    CONSTRAINT fk_refresh_tokens_session FOREIGN KEY (session_id) REFERENCES sessions (id)
  ) ${TABLE}`,
  `CREATE TABLE login_failures (
    subject VARCHAR(60) CHARACTER SET ascii PRIMARY KEY,
    failures INT UNSIGNED NOT NULL,
    failed_at DATETIME(3) NOT NULL,
    locked_until DATETIME(3) NULL
  ) ${TABLE}`,
];
