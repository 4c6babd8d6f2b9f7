import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Tx } from '@vend/platform';
import type { AccountCode } from '../chart';
import type { EntryTemplate } from '../entry';
import { lastIdAt } from './positions';

/** What the entries of one template moved on an account. */
export interface TemplateTotal {
  readonly template: EntryTemplate;
  readonly debitPaisa: Paisa;
  readonly creditPaisa: Paisa;
  readonly entries: number;
}

/** A place in the order of the books: an entry, or the end of a millisecond. */
type Place = Id | InstantMs;

/** Before every entry. */
const FIRST_PLACE: Id = '00000000-0000-7000-8000-000000000000';

/**
 * What moved on accounts between two places of the books, by template. It reads those postings: for a shift or a day of a
 * station, not for a history.
 *
 * @param span `after` does not count, `through` does; left out, everything there is
 * @example await templateTotals(tx, ['cash:NESCO-RAJ-01.1'], { after: startOfDay('2026-11-22') - 1 })
 */
export async function templateTotals(
  on: Pick<Tx, 'query'>,
  codes: readonly AccountCode[],
  span: { readonly after: Place; readonly through?: Place },
): Promise<TemplateTotal[]> {
  if (codes.length === 0) return [];
  const range = [codes, bytesOf(span.after), bytesOf(span.through ?? 2 ** 48 - 1)];
  const side = (column: 'debit' | 'credit') => `SELECT p.entry_id,
      ${column === 'debit' ? 'p.amount_paisa' : '0'} AS debit, ${column === 'credit' ? 'p.amount_paisa' : '0'} AS credit
    FROM ledger_accounts a
    JOIN ledger_postings p FORCE INDEX (ix_ledger_postings_${column}) ON p.${column}_account_id = a.id
    WHERE a.code IN (?) AND p.entry_id > ? AND p.entry_id <= ?`;
  const rows = await on.query<{ template: EntryTemplate; debit: string; credit: string; entries: string }>(
    `SELECT e.template, SUM(m.debit) AS debit, SUM(m.credit) AS credit, COUNT(DISTINCT e.id) AS entries
     FROM (${side('debit')} UNION ALL ${side('credit')}) m JOIN ledger_entries e ON e.id = m.entry_id
     GROUP BY e.template ORDER BY e.template`,
    [...range, ...range],
  );
  return rows.map(({ template, debit, credit, entries }) => ({
    template,
    debitPaisa: BigInt(debit),
    creditPaisa: BigInt(credit),
    entries: Number(entries),
  }));
}

/** The last entry that touched an account; `FIRST_PLACE` when none has. */
export async function lastEntryOf(on: Pick<Tx, 'query'>, code: AccountCode): Promise<Id> {
  const side = (column: string) => `(SELECT entry_id FROM ledger_postings FORCE INDEX (ix_ledger_postings_${column})
    WHERE ${column}_account_id = (SELECT id FROM ledger_accounts WHERE code = ?) ORDER BY entry_id DESC LIMIT 1)`;
  const rows = await on.query<{ entry_id: Buffer }>(
    `SELECT entry_id FROM (${side('debit')} UNION ALL ${side('credit')}) l ORDER BY entry_id DESC LIMIT 1`,
    [code, code],
  );
  return rows[0] ? idFromBytes(rows[0].entry_id) : FIRST_PLACE;
}

function bytesOf(place: Place): Buffer {
  return typeof place === 'number' ? lastIdAt(place) : idToBytes(place);
}
