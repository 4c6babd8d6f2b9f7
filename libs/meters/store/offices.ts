import type { Reader } from '@vend/platform';

/**
 * The office names that customers have.
 *
 * @example await database.transaction(async (tx) => adoptOffices(tx, await officesOfCustomers(database)));
 */
export async function officesOfCustomers(reader: Reader): Promise<string[]> {
  const rows = await reader.read<{ office: string }>('SELECT DISTINCT office FROM customers');
  return rows.map(({ office }) => office);
}
