import type { Reader } from '@vend/platform';

/** Names of a station's office and of those below it; the office's own name even when no tree knows it yet. */
export async function officesBelow(reader: Reader, station: string): Promise<string[]> {
  const rows = await reader.read<{ name: string }>(
    `SELECT s.office AS name FROM stations s WHERE s.code = ?
     UNION
     SELECT below.name FROM stations s JOIN offices own ON own.name = s.office
       JOIN offices below ON below.path LIKE CONCAT(own.path, '%') WHERE s.code = ?`,
    [station, station],
  );
  return rows.map(({ name }) => name);
}
