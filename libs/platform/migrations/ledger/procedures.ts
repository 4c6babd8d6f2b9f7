/**
 * The only ways to write the ledger. They run with the rights of the account that owns the tables; the application
 * may call them and has no other right to write (docs/adr/0016-ledger-behind-procedures.md).
 *
 * A refusal is SQLSTATE 45000 with a number of its own and the code that `libs/ledger/ledger.errors.ts` knows.
 */
const refuse = (errno: number, code: string) =>
  `SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = '${code}';`;

/**
 * All or nothing within the caller's transaction: after an error the statements before it are undone, so that the
 * caller could not commit half an entry even if it wanted to. Without a transaction each statement would commit by
 * itself: RELEASE fails then, because the savepoint ended with its statement. Where the server has rolled back the
 * whole transaction already (1213, 1020, 1047) there is no savepoint to go back to.
 */
const ATOMIC = `
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
    BEGIN DECLARE CONTINUE HANDLER FOR 1305 BEGIN END; ROLLBACK TO SAVEPOINT ledger_writes; END;
    RESIGNAL;
  END;`;
const IN_TRANSACTION = `
  BEGIN
    DECLARE EXIT HANDLER FOR 1305 ${refuse(30001, 'ledger-no-transaction')}
    SAVEPOINT ledger_asks;
    RELEASE SAVEPOINT ledger_asks;
  END;
`;

/** The database's own clock, in milliseconds since 1970; SYSDATE cannot be set by a session, NOW can. */
const NOW_MS = 'CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)';
const dayOf = (ms: string) => `CAST('1970-01-01 06:00:00' + INTERVAL (${ms}) * 1000 MICROSECOND AS DATE)`;
/** The last id of an instant: ids up to it were booked at that millisecond or before. */
const lastIdAt = (ms: string) => `UNHEX(CONCAT(LPAD(CONV(${ms}, 10, 16), 12, '0'), REPEAT('F', 20)))`;

const OPEN_ACCOUNTS = `CREATE PROCEDURE ledger_open_accounts(IN codes JSON)
  SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  IF EXISTS (
    SELECT 1 FROM JSON_TABLE(codes, '$[*]' COLUMNS (code VARCHAR(64) PATH '$')) j
    LEFT JOIN ledger_chart c ON c.family = SUBSTRING_INDEX(j.code, ':', 1)
    WHERE c.family IS NULL
      OR NOT j.code REGEXP IF(c.suffixed, '^[a-z-]+:[A-Za-z0-9._-]{1,40}$', '^[a-z-]+$')
  ) THEN ${refuse(30002, 'ledger-account-unknown')} END IF;
  INSERT IGNORE INTO ledger_accounts (code, kind, family)
    SELECT j.code, c.kind, c.family FROM JSON_TABLE(codes, '$[*]' COLUMNS (code VARCHAR(64) PATH '$')) j
    JOIN ledger_chart c ON c.family = SUBSTRING_INDEX(j.code, ':', 1);
  INSERT IGNORE INTO ledger_balances (account_id, never_overdrawn, credit_normal)
    SELECT a.id, c.never_overdrawn, c.kind IN ('liability', 'revenue', 'equity')
    FROM JSON_TABLE(codes, '$[*]' COLUMNS (code VARCHAR(64) PATH '$')) j
    JOIN ledger_accounts a ON a.code = j.code JOIN ledger_chart c ON c.family = a.family ORDER BY a.id;
END`;

/**
 * Posts entries: [[bookedMs, last 20 hex digits of the id, template, business id, meter id, office,
 * [[debit account, credit account, paisa], …]], …], ids in hex. An entry that comes late, behind the settled
 * instant, is booked just after it: on an open day the order of a second does not matter, a closed day does.
 */
const POST = `CREATE PROCEDURE ledger_post(IN entries JSON)
  SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE floor_ms, ahead_ms, first_ms, last_ms, more_debit, more_credit BIGINT;
  DECLARE without_vend, taking_back INT;
  DECLARE moved_account INT UNSIGNED;
  DECLARE closed DATE;
  DECLARE moves JSON;
  DECLARE done BOOLEAN DEFAULT FALSE;
  DECLARE by_account CURSOR FOR
    SELECT side.id, SUM(side.gets), SUM(side.gives) FROM (
      SELECT j.id, j.paisa AS gets, 0 AS gives
      FROM JSON_TABLE(moves, '$[*]' COLUMNS (id INT PATH '$[1]', paisa BIGINT PATH '$[3]')) j
      UNION ALL SELECT j.id, 0, j.paisa
      FROM JSON_TABLE(moves, '$[*]' COLUMNS (id INT PATH '$[2]', paisa BIGINT PATH '$[3]')) j) side
    GROUP BY side.id ORDER BY side.id;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
  ${ATOMIC}
  ${IN_TRANSACTION}
  SAVEPOINT ledger_writes;
  SELECT settled_ms + 1, closed_through, max_ahead_ms INTO floor_ms, closed, ahead_ms
    FROM ledger_horizon WHERE id = 1 LOCK IN SHARE MODE;
  SELECT MIN(j.at_ms), MAX(j.at_ms), SUM(j.template = 'vend' AND v.id IS NULL),
      SUM(j.template = 'cancellation' OR j.template LIKE 'reversal:%')
    INTO first_ms, last_ms, without_vend, taking_back
    FROM JSON_TABLE(entries, '$[*]' COLUMNS (at_ms BIGINT PATH '$[0]', template VARCHAR(24) PATH '$[2]',
      business CHAR(32) PATH '$[3]')) j
    LEFT JOIN vends v ON v.recharge_id = UNHEX(j.business);
  IF last_ms > ${NOW_MS} + ahead_ms THEN ${refuse(30003, 'ledger-date-ahead')} END IF;
  IF ${dayOf('first_ms')} <= closed THEN ${refuse(30004, 'ledger-day-closed')} END IF;
  IF without_vend > 0 THEN ${refuse(30006, 'ledger-vend-missing')} END IF;

  INSERT INTO ledger_entries (id, template, business_id, business_day, booked_at, office)
    SELECT UNHEX(CONCAT(LPAD(CONV(GREATEST(j.at_ms, floor_ms), 10, 16), 12, '0'), j.tail)), j.template,
      UNHEX(j.business), ${dayOf('GREATEST(j.at_ms, floor_ms)')},
      '1970-01-01 00:00:00' + INTERVAL GREATEST(j.at_ms, floor_ms) * 1000 MICROSECOND,
      COALESCE(u.office, j.office, '')
    FROM JSON_TABLE(entries, '$[*]' COLUMNS (at_ms BIGINT PATH '$[0]', tail CHAR(20) PATH '$[1]',
      template VARCHAR(24) PATH '$[2]', business CHAR(32) PATH '$[3]', meter CHAR(32) PATH '$[4]',
      office VARCHAR(60) PATH '$[5]')) j
    LEFT JOIN meters m ON m.id = UNHEX(j.meter)
    LEFT JOIN connections c ON c.id = m.connection_id LEFT JOIN customers u ON u.id = c.customer_id;
  INSERT INTO ledger_postings (entry_id, line, debit_account_id, credit_account_id, amount_paisa, meter_id)
    SELECT UNHEX(CONCAT(LPAD(CONV(GREATEST(j.at_ms, floor_ms), 10, 16), 12, '0'), j.tail)), j.line,
      j.debit, j.credit, j.paisa, UNHEX(j.meter)
    FROM JSON_TABLE(entries, '$[*]' COLUMNS (at_ms BIGINT PATH '$[0]', tail CHAR(20) PATH '$[1]',
      meter CHAR(32) PATH '$[4]', NESTED PATH '$[6][*]' COLUMNS (line FOR ORDINALITY,
        debit INT PATH '$[0]', credit INT PATH '$[1]', paisa BIGINT PATH '$[2]'))) j;

  IF taking_back > 0 THEN CALL ledger_check_mirrors(entries); END IF;
  SELECT JSON_ARRAYAGG(JSON_ARRAY(template, debit, credit, paisa)) INTO moves FROM (
    SELECT j.template, j.debit, j.credit, SUM(j.paisa) AS paisa
    FROM JSON_TABLE(entries, '$[*]' COLUMNS (template VARCHAR(24) PATH '$[2]',
      NESTED PATH '$[6][*]' COLUMNS (debit INT PATH '$[0]', credit INT PATH '$[1]', paisa BIGINT PATH '$[2]'))) j
    GROUP BY j.template, j.debit, j.credit) grouped;
  IF EXISTS (
    SELECT 1 FROM JSON_TABLE(moves, '$[*]' COLUMNS (template VARCHAR(24) PATH '$[0]', debit INT PATH '$[1]',
      credit INT PATH '$[2]')) j
    JOIN ledger_accounts d ON d.id = j.debit JOIN ledger_accounts c ON c.id = j.credit
    LEFT JOIN ledger_templates t
      ON t.template = j.template AND t.debit_family = d.family AND t.credit_family = c.family
    WHERE t.template IS NULL) THEN ${refuse(30005, 'ledger-posting-not-in-template')} END IF;

  -- One row at a time in the order of the accounts: two groups can never wait for each other in a circle. Last, so
  -- that the rows all groups share are held for the commit alone.
  SET done = FALSE;
  OPEN by_account;
  move: LOOP
    FETCH by_account INTO moved_account, more_debit, more_credit;
    IF done THEN LEAVE move; END IF;
    UPDATE ledger_balances SET debit_paisa = debit_paisa + more_debit, credit_paisa = credit_paisa + more_credit
      WHERE account_id = moved_account;
    IF ROW_COUNT() <> 1 THEN ${refuse(30002, 'ledger-account-unknown')} END IF;
  END LOOP;
  CLOSE by_account;
  RELEASE SAVEPOINT ledger_writes;
END`;

/**
 * What takes an entry back, which is among the entries just written, must be that entry line by line the other way
 * round. A cancelled vend's money alone goes elsewhere than it came from: it is owed to the customer.
 */
const CHECK_MIRRORS = `CREATE PROCEDURE ledger_check_mirrors(IN entries JSON)
  SQL SECURITY DEFINER READS SQL DATA
BEGIN
  DECLARE originals, unlike INT;
  SELECT SUM(o.id IS NULL), SUM(
      (SELECT COUNT(*) FROM ledger_postings p WHERE p.entry_id = o.id) <>
        (SELECT COUNT(*) FROM ledger_postings p WHERE p.entry_id = r.id)
      OR EXISTS (
        SELECT 1 FROM ledger_postings back JOIN ledger_accounts owed ON owed.id = back.credit_account_id
        LEFT JOIN ledger_postings p ON p.entry_id = o.id AND p.line = back.line
        LEFT JOIN ledger_accounts paid ON paid.id = p.debit_account_id
        WHERE back.entry_id = r.id AND NOT COALESCE(
          p.amount_paisa = back.amount_paisa AND p.credit_account_id = back.debit_account_id
          AND p.meter_id <=> back.meter_id
          AND (p.debit_account_id = back.credit_account_id OR (r.template = 'cancellation'
            AND owed.code = 'unspent-payments' AND paid.family IN ('cash', 'receivable', 'float'))), FALSE)))
    INTO originals, unlike
    FROM JSON_TABLE(entries, '$[*]' COLUMNS (template VARCHAR(24) PATH '$[2]', business CHAR(32) PATH '$[3]')) j
    JOIN ledger_entries r ON r.template = j.template AND r.business_id = UNHEX(j.business)
    LEFT JOIN ledger_entries o ON o.business_id = r.business_id
      AND o.template = IF(r.template = 'cancellation', 'vend', SUBSTRING(r.template, 10))
    WHERE r.template = 'cancellation' OR r.template LIKE 'reversal:%';
  IF originals > 0 THEN ${refuse(30007, 'ledger-original-missing')} END IF;
  IF unlike > 0 THEN ${refuse(30008, 'ledger-not-a-mirror')} END IF;
END`;

/** Moves the settled instant forward: waits for those who are posting, then nothing at or before it can come. */
const SETTLE = `CREATE PROCEDURE ledger_settle(IN through_ms BIGINT)
  SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  -- Never ahead of the database's own clock: what is posted now would be dated after it.
  SET through_ms = LEAST(through_ms, ${NOW_MS});
  UPDATE ledger_horizon SET settled_ms = through_ms WHERE id = 1 AND settled_ms < through_ms;
END`;

/** Closes every day up to this one, for ever. The day must have ended by the database's clock. */
const CLOSE_DAY = `CREATE PROCEDURE ledger_close_day(IN closing DATE, IN actor VARCHAR(60))
  SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE end_ms BIGINT;
  ${ATOMIC}
  ${IN_TRANSACTION}
  SAVEPOINT ledger_writes;
  SET end_ms = TIMESTAMPDIFF(MICROSECOND, '1970-01-01 06:00:00', closing + INTERVAL 1 DAY) DIV 1000 - 1;
  IF closing IS NULL OR end_ms > ${NOW_MS} THEN
    ${refuse(30009, 'ledger-day-not-over')}
  END IF;
  -- Waits for those who are posting; whoever comes after finds the day closed.
  UPDATE ledger_horizon SET closed_through = GREATEST(closed_through, closing),
    settled_ms = GREATEST(settled_ms, end_ms) WHERE id = 1;
  INSERT IGNORE INTO ledger_days (business_day, closed_at, closed_by) VALUES (closing, SYSDATE(3), actor);
  RELEASE SAVEPOINT ledger_writes;
END`;

/** Postings beyond its last snapshot after which an account gets the next one: what a reader adds up at most. */
const SNAPSHOT_EVERY = 2_000;

/**
 * Adds the next entries behind the settled instant to the totals: about `entry_count` of them, whole milliseconds,
 * and never across the end of a day. @returns a row: how many entries were added (0: nothing to do)
 */
const ROLL_UP = `CREATE PROCEDURE ledger_roll_up(IN entry_count INT)
  SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE from_ms, to_ms, settled, end_ms BIGINT;
  DECLARE first_day DATE;
  DECLARE added INT DEFAULT 0;
  ${ATOMIC}
  ${IN_TRANSACTION}
  SAVEPOINT ledger_writes;
  SELECT rolled_ms INTO from_ms FROM ledger_rollup WHERE id = 1 FOR UPDATE;
  SELECT settled_ms INTO settled FROM ledger_horizon WHERE id = 1;
  SELECT COUNT(*), MIN(n.business_day), CONV(HEX(LEFT(MAX(n.id), 6)), 16, 10) INTO added, first_day, to_ms FROM (
    SELECT id, business_day FROM ledger_entries
    WHERE id > ${lastIdAt('from_ms')} AND id <= ${lastIdAt('settled')} ORDER BY id LIMIT entry_count) n;
  -- The day that was rolled up last has ended and nothing more of it comes: its snapshots are at its end.
  SET end_ms = TIMESTAMPDIFF(MICROSECOND, '1970-01-01 06:00:00', ${dayOf('from_ms + 1')} + INTERVAL 1 DAY) DIV 1000 - 1;
  IF settled >= end_ms AND (added = 0 OR first_day > ${dayOf('from_ms + 1')}) THEN
    INSERT INTO ledger_snapshots (account_id, through_ms, debit_paisa, credit_paisa)
      SELECT account_id, end_ms, debit_paisa, credit_paisa FROM ledger_rolled WHERE beyond_snapshot > 0;
    UPDATE ledger_rolled SET beyond_snapshot = 0 WHERE beyond_snapshot > 0;
  END IF;
  SET end_ms = IF(added = 0, settled, TIMESTAMPDIFF(MICROSECOND, '1970-01-01 06:00:00', first_day + INTERVAL 1 DAY) DIV 1000 - 1);
  SET to_ms = IF(added < entry_count, LEAST(settled, end_ms), LEAST(to_ms, end_ms));
  IF added > 0 THEN
    DROP TEMPORARY TABLE IF EXISTS ledger_chunk;
    CREATE TEMPORARY TABLE ledger_chunk (
      business_day DATE, office VARCHAR(60), template VARCHAR(24) CHARACTER SET ascii, account_id INT UNSIGNED,
      debit BIGINT, credit BIGINT, entries INT UNSIGNED, postings INT UNSIGNED
    ) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
    INSERT INTO ledger_chunk
      SELECT s.business_day, s.office, s.template, s.account_id, SUM(s.debit), SUM(s.credit), COUNT(DISTINCT s.id),
        COUNT(*)
      FROM (
        SELECT e.business_day, e.office, e.template, p.debit_account_id AS account_id, p.amount_paisa AS debit,
          0 AS credit, e.id
        FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
        WHERE e.id > ${lastIdAt('from_ms')} AND e.id <= ${lastIdAt('to_ms')}
        UNION ALL
        SELECT e.business_day, e.office, e.template, p.credit_account_id, 0, p.amount_paisa, e.id
        FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
        WHERE e.id > ${lastIdAt('from_ms')} AND e.id <= ${lastIdAt('to_ms')}) s
      GROUP BY s.business_day, s.office, s.template, s.account_id;
    INSERT INTO ledger_day_totals (business_day, office, template, account_id, debit_paisa, credit_paisa, entries)
      SELECT c.business_day, c.office, c.template, c.account_id, c.debit, c.credit, c.entries FROM ledger_chunk c
      ON DUPLICATE KEY UPDATE debit_paisa = debit_paisa + VALUES(debit_paisa),
        credit_paisa = credit_paisa + VALUES(credit_paisa), entries = ledger_day_totals.entries + VALUES(entries);
    INSERT INTO ledger_rolled (account_id, debit_paisa, credit_paisa, beyond_snapshot)
      SELECT account_id, SUM(debit), SUM(credit), SUM(postings) FROM ledger_chunk GROUP BY account_id
      ON DUPLICATE KEY UPDATE debit_paisa = debit_paisa + VALUES(debit_paisa),
        credit_paisa = credit_paisa + VALUES(credit_paisa), beyond_snapshot = beyond_snapshot + VALUES(beyond_snapshot);
    DROP TEMPORARY TABLE ledger_chunk;
    SELECT COUNT(*) INTO added FROM ledger_entries
      WHERE id > ${lastIdAt('from_ms')} AND id <= ${lastIdAt('to_ms')};
    -- A busy account gets its snapshots within the day, every account that moved one at the day's end.
    INSERT INTO ledger_snapshots (account_id, through_ms, debit_paisa, credit_paisa)
      SELECT account_id, to_ms, debit_paisa, credit_paisa FROM ledger_rolled
      WHERE beyond_snapshot >= IF(to_ms = end_ms, 1, ${SNAPSHOT_EVERY});
    UPDATE ledger_rolled SET beyond_snapshot = 0 WHERE beyond_snapshot >= IF(to_ms = end_ms, 1, ${SNAPSHOT_EVERY});
  END IF;
  UPDATE ledger_rollup SET rolled_ms = GREATEST(rolled_ms, to_ms) WHERE id = 1;
  RELEASE SAVEPOINT ledger_writes;
  SELECT added AS entries, to_ms AS rolled_ms;
END`;

export const PROCEDURES: readonly string[] = [OPEN_ACCOUNTS, CHECK_MIRRORS, POST, SETTLE, CLOSE_DAY, ROLL_UP];
