import { dhakaDay, idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import { LANGUAGES, type Audience, type Language, type PerLanguage } from '../broadcast';
import type { HeldBroadcast } from './broadcasts';

/** What a customer owes on the meters that are in use. */
const ARREARS = `(SELECT COALESCE(SUM(s.arrears_paisa), 0) FROM connections n
  JOIN meters m ON m.connection_id = n.id AND m.status = 'active' JOIN meter_states s ON s.meter_id = m.id
  WHERE n.customer_id = c.id)`;

interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The audience as a condition on `customers c`. A change of class counts from its day on. */
function conditionOf({ offices, tariffClasses, arrearsOverPaisa }: Audience, at: InstantMs): Condition {
  const parts = ['c.closed_on IS NULL', 'c.mobile IS NOT NULL'];
  const values: unknown[] = [];
  if (offices !== null) {
    parts.push('c.office IN (?)');
    values.push(offices);
  }
  if (tariffClasses !== null) {
    parts.push(`EXISTS (SELECT 1 FROM connections n WHERE n.customer_id = c.id AND n.supply <> 'closed'
      AND IF(n.next_from <= ?, n.next_tariff_class, n.tariff_class) IN (?))`);
    values.push(dhakaDay(at), tariffClasses);
  }
  if (arrearsOverPaisa !== null) {
    parts.push(`${ARREARS} > ?`);
    values.push(arrearsOverPaisa);
  }
  return { sql: parts.join(' AND '), values };
}

/** How many phones would ring in each language, by what is known now; a phone in two languages counts in both. */
export async function countPhones(reader: Reader, audience: Audience, at: InstantMs): Promise<PerLanguage<number>> {
  const { sql, values } = conditionOf(audience, at);
  const rows = await reader.read<{ language: Language; n: string }>(
    `SELECT c.language, COUNT(DISTINCT c.mobile) AS n FROM customers c WHERE ${sql} GROUP BY c.language`,
    values,
  );
  return countsOf(rows);
}

/** Customers after an id, so many at a time. @returns undefined when there are none left */
export async function nextCustomers(tx: Tx, after: Buffer, limit: number): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ through: Buffer | null }>(
    'SELECT MAX(id) AS through FROM (SELECT id FROM customers WHERE id > ? ORDER BY id LIMIT ?) AS batch',
    [after, limit],
  );
  return row?.through ?? undefined;
}

/** A stretch of customers by id: after one, up to and with another. */
export interface Stretch {
  readonly after: Buffer;
  readonly through: Buffer;
}

/** Those of these customers who are of the audience. */
export async function audienceAmong(tx: Tx, audience: Audience, ids: readonly Id[], at: InstantMs): Promise<Id[]> {
  if (ids.length === 0) return [];
  const { sql, values } = conditionOf(audience, at);
  const rows = await tx.query<{ id: Buffer }>(`SELECT c.id FROM customers c WHERE c.id IN (?) AND ${sql}`, [
    ids.map(idToBytes),
    ...values,
  ]);
  return rows.map(({ id }) => idFromBytes(id));
}

/**
 * Writes the recipients of a stretch down, without their leaving the database; a phone that is there already is counted
 * on its row. Numbers stay with the customers.
 *
 * @returns how many were added in each language, and how many customers had the phone of one before
 */
export async function writeRecipients(
  tx: Tx,
  { broadcast, phoneSalt }: Pick<HeldBroadcast, 'broadcast' | 'phoneSalt'>,
  stretch: Stretch,
  without: readonly Id[],
  at: InstantMs,
): Promise<PerLanguage<number> & { readonly samePhone: number }> {
  const { sql, values } = conditionOf(broadcast.audience, at);
  const id = idToBytes(broadcast.id);
  const except = without.length === 0 ? '' : 'AND c.id NOT IN (?)';
  const [{ affectedRows }, counts] = await Promise.all([
    tx.write(
      `INSERT INTO broadcast_recipients (broadcast_id, customer_id, phone_tag, language, due_at)
       SELECT ?, c.id, LEFT(UNHEX(SHA2(CONCAT(?, c.mobile), 256)), 16), c.language, ?
       FROM customers c WHERE c.id > ? AND c.id <= ? AND ${sql} ${except} ORDER BY c.id
       ON DUPLICATE KEY UPDATE customers = customers + 1`,
      [
        ...[id, phoneSalt.toString('hex'), new Date(at), stretch.after, stretch.through, ...values],
        ...(without.length === 0 ? [] : [without.map(idToBytes)]),
      ],
    ),
    tx.query<{ language: Language; n: string }>(
      `SELECT language, COUNT(*) AS n FROM broadcast_recipients
       WHERE broadcast_id = ? AND customer_id > ? AND customer_id <= ? GROUP BY language`,
      [id, stretch.after, stretch.through],
    ),
  ]);
  const added = countsOf(counts);
  // A row that is new counts once, one that was there twice.
  return { ...added, samePhone: (affectedRows - added.bn - added.en) / 2 };
}

function countsOf(rows: readonly { language: Language; n: string }[]): PerLanguage<number> {
  const of = (language: Language) => Number(rows.find((row) => row.language === language)?.n ?? 0);
  return Object.fromEntries(LANGUAGES.map((language) => [language, of(language)])) as Record<Language, number>;
}
