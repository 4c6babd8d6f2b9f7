import { startOfDay, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { AccountCode } from '../chart';
import { noTokenSql, vendTemplateSql } from '../vend-entries';
import { lastIdAt } from './positions';

/** The ids of everything booked on a business day: after the first, up to and with the second. */
function idsOfDay(day: LocalDay): [Buffer, Buffer] {
  const start = startOfDay(day);
  return [lastIdAt(start - 1), lastIdAt(endOfDay(day))];
}

/** The last millisecond of a Dhaka day. */
function endOfDay(day: LocalDay): InstantMs {
  return startOfDay(day) + 86_400_000 - 1;
}

/** The business days that the totals know, up to one. */
export async function daysWithTotals(database: Database, through: LocalDay): Promise<LocalDay[]> {
  const rows = await database.read<{ business_day: string }>(
    'SELECT DISTINCT business_day FROM ledger_day_totals WHERE business_day <= ? ORDER BY business_day',
    [through],
  );
  return rows.map((row) => row.business_day);
}

const SHOWN = 20;

/** Totals of a day that are not the sum of its postings; reads every posting of the day. */
export async function wrongDayTotals(database: Database, day: LocalDay): Promise<string[]> {
  const side = (name: 'debit' | 'credit') => `SELECT e.office, e.template, p.${name}_account_id AS account_id,
      ${name === 'debit' ? '-p.amount_paisa AS debit, 0 AS credit' : '0 AS debit, -p.amount_paisa AS credit'}, e.id
    FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id WHERE e.id > ? AND e.id <= ?`;
  const ids = idsOfDay(day);
  const rows = await database.read<{ office: string; template: string; code: string }>(
    `SELECT office, template, code FROM (
       SELECT t.office, t.template, t.account_id, t.debit_paisa AS debit, t.credit_paisa AS credit, t.entries AS counted,
         NULL AS id FROM ledger_day_totals t WHERE t.business_day = ?
       UNION ALL
       SELECT s.office, s.template, s.account_id, s.debit, s.credit, 0, s.id
       FROM (${side('debit')} UNION ALL ${side('credit')}) s
     ) both_sides JOIN ledger_accounts a ON a.id = both_sides.account_id
     GROUP BY office, template, code
     HAVING SUM(debit) <> 0 OR SUM(credit) <> 0 OR SUM(counted) <> COUNT(DISTINCT both_sides.id)
     ORDER BY code LIMIT ${SHOWN}`,
    [day, ...ids, ...ids],
  );
  return rows.map(
    (r) => `${day}: the day total of ${r.code} (${r.template}, office '${r.office}') is not its postings`,
  );
}

interface SnapshotRow extends Record<string, unknown> {
  id: number;
  code: AccountCode;
  through_ms: string;
  debit: string;
  credit: string;
}

/** How many snapshots are looked at with one statement. */
const TOGETHER = 40;

/** Snapshots of a day that are not the one before it plus the postings between; reads every posting of the day. */
export async function wrongSnapshots(database: Database, day: LocalDay): Promise<string[]> {
  const from = startOfDay(day);
  const snapshots = await database.read<SnapshotRow>(
    `SELECT a.id, a.code, s.through_ms, s.debit_paisa AS debit, s.credit_paisa AS credit
     FROM ledger_accounts a JOIN ledger_snapshots s ON s.account_id = a.id
     WHERE s.through_ms >= ? AND s.through_ms <= ? ORDER BY a.id, s.through_ms`,
    [from, endOfDay(day)],
  );
  const before = new Map<number, SnapshotRow>();
  const first = [...new Set(snapshots.map(({ id }) => id))];
  if (first.length > 0) {
    const rows = await database.read<SnapshotRow>(
      `SELECT s.account_id AS id, s.through_ms, s.debit_paisa AS debit, s.credit_paisa AS credit FROM ledger_snapshots s
       JOIN (SELECT account_id, MAX(through_ms) AS through_ms FROM ledger_snapshots
             WHERE account_id IN (?) AND through_ms < ? GROUP BY account_id) m
         ON m.account_id = s.account_id AND m.through_ms = s.through_ms`,
      [first, from],
    );
    for (const row of rows) before.set(row.id, row);
  }
  const wrong: string[] = [];
  for (let i = 0; i < snapshots.length; i += TOGETHER) {
    const group = snapshots.slice(i, i + TOGETHER);
    const spans = group.map((snapshot) => {
      const previous = before.get(snapshot.id);
      before.set(snapshot.id, snapshot);
      return { snapshot, previous };
    });
    const sums = await sumsBetween(database, spans);
    spans.forEach(({ snapshot, previous }, place) => {
      const { debit, credit } = sums[place]!;
      const fits =
        BigInt(snapshot.debit) === BigInt(previous?.debit ?? 0) + debit &&
        BigInt(snapshot.credit) === BigInt(previous?.credit ?? 0) + credit;
      if (!fits && wrong.length < SHOWN) {
        wrong.push(`${day}: the snapshot of ${snapshot.code} at ${snapshot.through_ms} is not the sum of its postings`);
      }
    });
  }
  return wrong;
}

async function sumsBetween(
  database: Database,
  spans: readonly { snapshot: SnapshotRow; previous: SnapshotRow | undefined }[],
): Promise<{ debit: Paisa; credit: Paisa }[]> {
  const side = (name: string) => `(SELECT COALESCE(SUM(amount_paisa), 0)
    FROM ledger_postings FORCE INDEX (ix_ledger_postings_${name})
    WHERE ${name}_account_id = ? AND entry_id > ? AND entry_id <= ?) AS ${name}`;
  const parameters = spans.flatMap(({ snapshot, previous }, place) => {
    const range = [snapshot.id, lastIdAt(Number(previous?.through_ms ?? 0)), lastIdAt(Number(snapshot.through_ms))];
    return [place, ...range, ...range];
  });
  const rows = await database.read<{ place: number; debit: string; credit: string }>(
    `SELECT * FROM (${spans.map(() => `SELECT ? AS place, ${side('debit')}, ${side('credit')}`).join(' UNION ALL ')}) s
     ORDER BY place`,
    parameters,
  );
  return rows.map(({ debit, credit }) => ({ debit: BigInt(debit), credit: BigInt(credit) }));
}

/** Entries of a day without postings, or with postings that their template does not have. */
export async function strangeEntries(database: Database, day: LocalDay): Promise<string[]> {
  const rows = await database.read<{ id: string; template: string }>(
    `SELECT DISTINCT HEX(e.id) AS id, e.template FROM ledger_entries e
     LEFT JOIN ledger_postings p ON p.entry_id = e.id
     LEFT JOIN ledger_accounts d ON d.id = p.debit_account_id LEFT JOIN ledger_accounts c ON c.id = p.credit_account_id
     LEFT JOIN ledger_templates t
       ON t.template = e.template AND t.debit_family = d.family AND t.credit_family = c.family
     WHERE e.id > ? AND e.id <= ? AND t.template IS NULL LIMIT ${SHOWN}`,
    idsOfDay(day),
  );
  return rows.map(({ id, template }) => `${day}: entry ${id} has no postings, or such as '${template}' may not have`);
}

/** The parts of a vend: the account, the column of `vends`, and the side on which the part grows. */
const PARTS: readonly (readonly [AccountCode, string])[] = [
  ['vat-payable', 'MAX(v.vat_paisa)'],
  ['rent-revenue', 'MAX(v.rent_paisa)'],
  ['demand-revenue', 'MAX(v.demand_paisa)'],
  ['customer-arrears', 'MAX(v.arrears_paisa)'],
  ['pfc-revenue', 'MAX(v.pfc_paisa)'],
  ['penalty-revenue', 'MAX(v.penalty_paisa)'],
  ['tariff-adjustments', 'MAX(v.adjustment_paisa)'],
  ['energy-revenue', 'MAX(v.energy_paisa)'],
  ['rebate', '-MAX(v.rebate_paisa)'],
  ['lifeline-credit', '-MAX(v.lifeline_credit_paisa)'],
  ['customer-remainder', 'MAX(v.remainder_out_paisa) - MAX(v.remainder_in_paisa)'],
];

/** Vends of a day whose entry is missing or is not their parts, entries without their vend, vends without tokens. */
export async function wrongVends(database: Database, day: LocalDay): Promise<string[]> {
  const ids = idsOfDay(day);
  const accounts = await database.read<{ id: number; code: AccountCode }>('SELECT id, code FROM ledger_accounts');
  const idOf = new Map(accounts.map(({ id, code }) => [code, id]));
  const parts = PARTS.map(
    ([code, column]) => `SUM(IF(p.credit_account_id = ${idOf.get(code) ?? 0}, p.amount_paisa, 0))
      - SUM(IF(p.debit_account_id = ${idOf.get(code) ?? 0}, p.amount_paisa, 0)) <> ${column}`,
  );
  const [unlike, without, tokens] = await Promise.all([
    database.read<{ id: string }>(
      `SELECT HEX(e.id) AS id FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
       LEFT JOIN vends v ON v.recharge_id = e.business_id
       WHERE e.id > ? AND e.id <= ? AND e.template = 'vend'
       GROUP BY e.id HAVING MAX(v.id) IS NULL OR ${parts.join(' OR ')} LIMIT ${SHOWN}`,
      ids,
    ),
    database.read<{ receipt_no: string }>(
      `SELECT v.receipt_no FROM vends v
       LEFT JOIN ledger_entries e ON e.template = ${vendTemplateSql('v')} AND e.business_id = v.recharge_id
       LEFT JOIN ledger_entries c ON c.template = 'cancellation' AND c.business_id = v.recharge_id
       WHERE v.business_day = ? AND (
         (e.id IS NULL) = (${vendTemplateSql('v')} IS NOT NULL) OR (v.state = 'CANCELLED') <> (c.id IS NOT NULL)) LIMIT ${SHOWN}`,
      [day],
    ),
    database.read<{ receipt_no: string }>(
      `SELECT v.receipt_no FROM vends v LEFT JOIN vend_tokens t ON t.vend_id = v.id WHERE v.business_day = ?
       GROUP BY v.id, v.receipt_no, v.kind HAVING COUNT(t.vend_id) <> COALESCE(MAX(t.of_count), ${noTokenSql('v')}) LIMIT ${SHOWN}`,
      [day],
    ),
  ]);
  return [
    ...unlike.map(({ id }) => `${day}: vend entry ${id} is not the parts of its vend`),
    ...without.map((v) => `${day}: vend ${v.receipt_no} is not booked as it stands`),
    ...tokens.map((v) => `${day}: vend ${v.receipt_no} has not exactly its tokens`),
  ];
}
