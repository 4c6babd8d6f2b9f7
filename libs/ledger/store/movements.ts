import type { LocalDay, Paisa, YearMonth } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { AccountCode } from '../chart';
import type { EntryTemplate } from '../entry';
import { horizon } from './balances';
import { lastIdAt } from './positions';

/** What the entries of one template moved on one account, in one office. */
export interface Movement {
  readonly office: string;
  readonly template: EntryTemplate;
  readonly code: AccountCode;
  readonly debitPaisa: Paisa;
  readonly creditPaisa: Paisa;
  /** How many entries touched the account. */
  readonly entries: number;
}

export interface MovementQuestion {
  readonly fromDay: LocalDay;
  /** Included. */
  readonly toDay: LocalDay;
  readonly office?: string;
}

interface MovementRow extends Record<string, unknown> {
  office: string;
  template: EntryTemplate;
  code: AccountCode;
  debit: string;
  credit: string;
  entries: string;
  rolled_ms: string;
}

/**
 * Movements of whole business days: read from the day totals, and from the postings for the little that is not rolled
 * up yet. Both in one statement, so that nothing is counted twice or missed between them.
 *
 * @example await movements(database, { fromDay: '2026-11-21', toDay: '2026-11-21', office: 'Rajshahi-1' })
 */
export async function movements(database: Database, { fromDay, toDay, office }: MovementQuestion): Promise<Movement[]> {
  const within = office === undefined ? '' : 'AND office = ?';
  const asked = office === undefined ? [fromDay, toDay] : [fromDay, toDay, office];
  const tail = (side: 'debit' | 'credit') => `SELECT e.office, e.template, p.${side}_account_id,
      ${side === 'debit' ? 'p.amount_paisa, 0' : '0, p.amount_paisa'}, e.id, 0
    FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
    WHERE e.id > ? AND e.business_day BETWEEN ? AND ? ${within}`;
  for (let attempt = 1; ; attempt++) {
    const { rolledThrough } = await horizon(database);
    const since = lastIdAt(rolledThrough);
    const rows = await database.read<MovementRow>(
      `SELECT m.office, m.template, a.code, SUM(m.debit) AS debit, SUM(m.credit) AS credit,
         SUM(m.entries) + COUNT(DISTINCT m.entry_id) AS entries, (SELECT rolled_ms FROM ledger_rollup) AS rolled_ms
       FROM (
         SELECT office, template, account_id, debit_paisa AS debit, credit_paisa AS credit, NULL AS entry_id, entries
         FROM ledger_day_totals WHERE business_day BETWEEN ? AND ? ${within}
         UNION ALL ${tail('debit')} UNION ALL ${tail('credit')}
       ) m JOIN ledger_accounts a ON a.id = m.account_id
       GROUP BY m.office, m.template, a.code ORDER BY m.office, a.code, m.template`,
      [...asked, since, ...asked, since, ...asked],
    );
    // Rolled up between the two reads: some of it would be missing or double.
    const moved = rows.some((row) => Number(row.rolled_ms) !== rolledThrough);
    if (!moved || attempt === 5) {
      if (moved) throw new Error('the totals move faster than they can be read');
      return rows.map(({ debit, credit, entries, rolled_ms: _, ...row }) => ({
        ...row,
        debitPaisa: BigInt(debit),
        creditPaisa: BigInt(credit),
        entries: Number(entries),
      }));
    }
  }
}

/** First and last day of a Dhaka month. @example daysOfMonth(202602) // { fromDay: '2026-02-01', toDay: '2026-02-28' } */
export function daysOfMonth(month: YearMonth): { fromDay: LocalDay; toDay: LocalDay } {
  const first = Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1);
  const after = Date.UTC(Math.floor(month / 100), month % 100, 1);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { fromDay: day(first), toDay: day(after - 86_400_000) };
}
