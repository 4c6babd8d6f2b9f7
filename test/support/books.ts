import { noTokenSql, recomputedBalances, storedBalances, vendTemplateSql } from '@vend/ledger';
import type { Database } from '@vend/platform';

/**
 * The laws that must hold of the books at any moment nobody is writing, checked by SQL over everything there is:
 * one sentence per breach, empty when all hold. Run after every test that moved money.
 */
export async function brokenLaws(database: Database): Promise<string[]> {
  const broken: string[] = [];
  const counts = async (what: string, sql: string) => {
    const [row] = await database.read<{ n: string }>(sql);
    if (Number(row!.n) > 0) broken.push(`${what}: ${row!.n}`);
  };
  const stored = await storedBalances(database);
  const recomputed = await recomputedBalances(database);
  if (JSON.stringify(texts(stored)) !== JSON.stringify(texts(recomputed))) {
    broken.push(`balances are not the sum of their postings: ${JSON.stringify(texts(stored))}`);
  }
  const net = stored.reduce((sum, account) => sum + account.debitPaisa - account.creditPaisa, 0n);
  if (net !== 0n) broken.push(`all postings do not sum to zero but to ${net}`);
  await counts(
    'entries without postings',
    `SELECT COUNT(*) AS n FROM ledger_entries e
    WHERE NOT EXISTS (SELECT 1 FROM ledger_postings p WHERE p.entry_id = e.id)`,
  );
  await counts(
    'vends without exactly the entry of their kind',
    `SELECT COUNT(*) AS n FROM vends v WHERE
    (SELECT COUNT(*) FROM ledger_entries e WHERE e.template = ${vendTemplateSql('v')} AND e.business_id = v.recharge_id)
      <> (${vendTemplateSql('v')} IS NOT NULL)`,
  );
  await counts(
    'vends of kinds that move no value, with an entry',
    `SELECT COUNT(*) AS n FROM vends v JOIN ledger_entries e ON e.business_id = v.recharge_id
    WHERE ${vendTemplateSql('v')} IS NULL`,
  );
  await counts(
    'vends of another kind than their claim',
    `SELECT COUNT(*) AS n FROM vends v JOIN recharges r ON r.id = v.recharge_id
    WHERE r.kind <> v.kind OR r.gross_paisa <> v.gross_paisa`,
  );
  await counts(
    'vend entries without a vend',
    `SELECT COUNT(*) AS n FROM ledger_entries e
    WHERE e.template = 'vend' AND NOT EXISTS (SELECT 1 FROM vends v WHERE v.recharge_id = e.business_id)`,
  );
  await counts(
    'vends without exactly their tokens',
    `SELECT COUNT(*) AS n FROM vends v
    WHERE (SELECT COUNT(*) FROM vend_tokens t WHERE t.vend_id = v.id) <> COALESCE(
      (SELECT MAX(t.of_count) FROM vend_tokens t WHERE t.vend_id = v.id), ${noTokenSql('v')})`,
  );
  await counts(
    'tokens without a vend',
    `SELECT COUNT(*) AS n FROM vend_tokens t
    WHERE NOT EXISTS (SELECT 1 FROM vends v WHERE v.id = t.vend_id)`,
  );
  await counts(
    'applied payments without a vend, or vends of others',
    `SELECT COUNT(*) AS n FROM recharges r
    WHERE (r.state = 'APPLIED') <> EXISTS (SELECT 1 FROM vends v WHERE v.recharge_id = r.id AND v.state = 'ISSUED')`,
  );
  await counts(
    'kept payments that nobody owns',
    `SELECT COUNT(*) AS n FROM recharges r WHERE r.state = 'RECEIVED'
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.topic = 'pending-vend' AND o.ref_id = r.id)`,
  );
  await counts(
    'payments owed back that nobody is told of',
    `SELECT COUNT(*) AS n FROM recharges r WHERE r.state = 'REFUND_DUE'
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.topic = 'case' AND o.ref_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.recharge_id = r.id AND c.state <> 'CLOSED')`,
  );
  await counts(
    'payments paid back without exactly one refund entry',
    `SELECT COUNT(*) AS n FROM recharges r WHERE (r.state = 'REFUNDED') <>
    ((SELECT COUNT(*) FROM ledger_entries e WHERE e.template = 'refund' AND e.business_id = r.id) = 1)`,
  );
  await counts(
    'papers due that their meter does not hold',
    `SELECT COUNT(*) AS n FROM (SELECT meter_id, SUM(IF(kind = 'power-factor', amount_paisa, 0)) AS pfc,
        SUM(IF(kind = 'tampering', amount_paisa, 0)) AS penalty FROM penalties WHERE state = 'DUE' GROUP BY meter_id) p
    LEFT JOIN meter_states s ON s.meter_id = p.meter_id
    WHERE s.meter_id IS NULL OR s.pfc_due_paisa < p.pfc OR s.penalty_due_paisa < p.penalty`,
  );
  await counts(
    'kept payments that are not booked',
    `SELECT COUNT(*) AS n FROM recharges r
    WHERE r.state IN ('RECEIVED', 'REFUND_DUE') AND NOT EXISTS
      (SELECT 1 FROM ledger_entries e WHERE e.template IN ('payment', 'cancellation') AND e.business_id = r.id)`,
  );
  await counts(
    'meters whose last TID is not their latest token',
    `SELECT COUNT(*) AS n FROM meter_states s JOIN meters m ON m.id = s.meter_id
    WHERE s.last_tid <> GREATEST(
      COALESCE((SELECT MAX(t.tid) FROM vend_tokens t WHERE t.meter_id = s.meter_id AND t.base_date = m.base_date), 0),
      COALESCE((SELECT MAX(i.tid) FROM offline_pack_items i
        WHERE i.meter_id = s.meter_id AND i.base_date = m.base_date), 0))`,
  );
  await counts(
    'items of offline packs whose TID another token has',
    `SELECT COUNT(*) AS n FROM offline_pack_items i JOIN vend_tokens t
      ON t.meter_id = i.meter_id AND t.base_date = i.base_date AND t.tid = i.tid
    WHERE i.vend_id IS NULL OR t.vend_id <> i.vend_id`,
  );
  await counts(
    'vends of offline packs that are not exactly the used items',
    `SELECT COUNT(*) AS n FROM vends v LEFT JOIN offline_pack_items i ON i.vend_id = v.id
    WHERE (v.kind = 'offline-pack') <> (i.id IS NOT NULL AND i.gross_paisa = v.gross_paisa)`,
  );
  await counts(
    'vends whose tokens are not key changes, then what their kind is for',
    `SELECT COUNT(*) AS n FROM vend_tokens t JOIN vends v ON v.id = t.vend_id
    WHERE IF(v.kind = 'key-change', t.kind <> 'key-change',
      IF(t.sequence = t.of_count, t.kind = 'key-change' OR (t.kind = 'credit') = (v.kind = 'engineering'),
        t.kind <> 'key-change' AND v.kind <> 'engineering'))`,
  );
  await counts(
    'key-change tokens behind others',
    `SELECT COUNT(*) AS n FROM vend_tokens t JOIN vend_tokens first
      ON first.vend_id = t.vend_id AND first.sequence < t.sequence AND first.kind <> 'key-change'
    WHERE t.kind = 'key-change'`,
  );
  await counts(
    'key-change tokens that are not the set of an issued change',
    `SELECT COUNT(*) AS n FROM (
      SELECT t.vend_id, GROUP_CONCAT(t.digits ORDER BY t.sequence SEPARATOR ' ') AS tokens
      FROM vend_tokens t WHERE t.kind = 'key-change' GROUP BY t.vend_id) v
    LEFT JOIN key_changes k ON k.vend_id = v.vend_id LEFT JOIN key_change_sets s ON s.change_id = k.id
    WHERE s.tokens IS NULL OR s.tokens <> v.tokens`,
  );
  await counts(
    'issued changes whose vend lacks their tokens',
    `SELECT COUNT(*) AS n FROM key_changes k WHERE k.vend_id IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM vend_tokens t WHERE t.vend_id = k.vend_id AND t.kind = 'key-change')`,
  );
  await counts(
    'meters whose flag is not their waiting key change',
    `SELECT COUNT(*) AS n FROM meter_states s WHERE s.key_change_due <> EXISTS (
      SELECT 1 FROM key_changes k JOIN key_change_sets x ON x.change_id = k.id
      WHERE k.open_meter = s.meter_id AND k.vend_id IS NULL)`,
  );
  await counts(
    'cancelled vends without exactly one cancellation and its entry',
    `SELECT COUNT(*) AS n FROM vends v WHERE (v.state = 'CANCELLED') <> EXISTS
      (SELECT 1 FROM vend_cancellations c WHERE c.vend_id = v.id)
    OR (v.state = 'CANCELLED') <> ((SELECT COUNT(*) FROM ledger_entries e
      WHERE e.template = 'cancellation' AND e.business_id = v.recharge_id) = 1)`,
  );
  await counts(
    'meters whose remainder is not their part of the account',
    `SELECT COUNT(*) AS n FROM (
      SELECT s.meter_id FROM (
        SELECT meter_id, remainder_paisa AS paisa FROM meter_states
        UNION ALL SELECT p.meter_id, IF(p.credit_account_id = a.id, -1, 1) * p.amount_paisa
        FROM ledger_accounts a JOIN ledger_postings p ON a.id IN (p.credit_account_id, p.debit_account_id)
        WHERE a.code = 'customer-remainder') s GROUP BY s.meter_id HAVING SUM(s.paisa) <> 0) wrong`,
  );
  await counts(
    'drawers between two shifts that hold cash, or would take some',
    `SELECT COUNT(*) AS n FROM (SELECT DISTINCT station, till FROM shifts) d
    JOIN ledger_accounts a ON a.code = CONCAT('cash:', d.station, '.', d.till)
    JOIN ledger_balances b ON b.account_id = a.id
    WHERE NOT EXISTS (SELECT 1 FROM shifts s WHERE s.open_till = CONCAT(d.station, '.', d.till))
      AND (b.debit_paisa <> b.credit_paisa OR b.sealed_debit_paisa IS NULL)`,
  );
  await counts(
    'sums that left a meter and reached none',
    `SELECT COUNT(*) AS n FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id
     WHERE a.code = 'meter-transfers' AND b.debit_paisa <> b.credit_paisa`,
  );
  return broken;
}

function texts(balances: Awaited<ReturnType<typeof storedBalances>>): string[][] {
  return balances.map((b) => [b.code, b.debitPaisa.toString(), b.creditPaisa.toString()]);
}
