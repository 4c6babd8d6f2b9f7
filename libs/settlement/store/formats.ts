import type { InstantMs } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import { NEUTRAL_FORMAT, STATEMENT_FORMAT, type StatementFormat } from '../statement/format';

/** The format in force for a provider; version null: the neutral one, because it has no row. */
export async function loadFormat(
  reader: Reader,
  provider: string,
): Promise<{ readonly version: number | null; readonly format: StatementFormat }> {
  const [row] = await reader.read<{ version: number; content: string }>(
    'SELECT version, content FROM statement_formats WHERE provider = ? ORDER BY version DESC LIMIT 1',
    [provider],
  );
  if (!row) return { version: null, format: NEUTRAL_FORMAT };
  const content: unknown = typeof row.content === 'string' ? JSON.parse(row.content) : row.content;
  return { version: Number(row.version), format: STATEMENT_FORMAT.parse(content) };
}

/** Writes the next version. @throws a duplicate key: somebody else was faster */
export async function insertFormat(
  tx: Tx,
  { provider, format, by, at }: { provider: string; format: StatementFormat; by: string; at: InstantMs },
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    'SELECT COALESCE(MAX(version), 0) + 1 AS version FROM statement_formats WHERE provider = ?',
    [provider],
  );
  const version = Number(row!.version);
  await tx.write('INSERT INTO statement_formats (provider, version, content, set_by, set_at) VALUES (?)', [
    [provider, version, JSON.stringify(format), by, new Date(at)],
  ]);
  return version;
}
