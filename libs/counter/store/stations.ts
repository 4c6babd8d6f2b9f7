import type { Reader, Row, Tx } from '@vend/platform';

/** How a station sells. */
export interface StationTerms {
  readonly station: string;
  readonly name: string;
  readonly office: string;
  /** True: its cash is in the drawers of shifts, and who has none open sells nothing. */
  readonly keepsShifts: boolean;
  /** The vendor from whose float it sells; null: it takes the utility's cash. */
  readonly vendor: string | null;
}

interface TermsRow extends Row {
  station: string;
  name: string;
  office: string;
  keeps_shifts: number | null;
  vendor: string | null;
}

const SELECT = `SELECT s.code AS station, s.name, s.office, t.keeps_shifts, t.vendor
  FROM stations s LEFT JOIN station_terms t ON t.station = s.code`;

function termsOf({ station, name, office, keeps_shifts, vendor }: TermsRow): StationTerms {
  return { station, name, office, keepsShifts: Boolean(keeps_shifts), vendor };
}

export async function readTerms(reader: Reader, station: string): Promise<StationTerms | undefined> {
  const rows = await reader.read<TermsRow>(`${SELECT} WHERE s.code = ?`, [station]);
  return rows[0] && termsOf(rows[0]);
}

/** By code, after a code. */
export async function listTerms(
  reader: Reader,
  {
    offices,
    after,
    limit,
  }: { readonly offices: 'all' | readonly string[]; readonly after: string; readonly limit: number },
): Promise<StationTerms[]> {
  const within = offices === 'all' ? '' : 'AND s.office IN (?)';
  const rows = await reader.read<TermsRow>(`${SELECT} WHERE s.code > ? ${within} ORDER BY s.code LIMIT ?`, [
    after,
    ...(offices === 'all' ? [] : [offices]),
    limit,
  ]);
  return rows.map(termsOf);
}

export async function saveTerms(
  tx: Tx,
  { station, keepsShifts, vendor }: Pick<StationTerms, 'station' | 'keepsShifts' | 'vendor'>,
  { by, at }: { readonly by: string; readonly at: number },
): Promise<void> {
  await tx.write(
    `INSERT INTO station_terms (station, keeps_shifts, vendor, changed_by, changed_at) VALUES (?)
     ON DUPLICATE KEY UPDATE keeps_shifts = VALUES(keeps_shifts), vendor = VALUES(vendor),
       changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
    [[station, keepsShifts, vendor, by, new Date(at)]],
  );
}

/** Holds a station's row to the commit: its deposits come one after the other. */
export async function lockStation(tx: Tx, station: string): Promise<{ readonly office: string } | undefined> {
  const [row] = await tx.query<{ office: string }>('SELECT office FROM stations WHERE code = ? FOR UPDATE', [station]);
  return row;
}
