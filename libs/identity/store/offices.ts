import type { Reader, Tx } from '@vend/platform';
import type { Station } from '../identity';

export interface OfficeRecord {
  readonly code: string;
  readonly name: string;
  readonly nameBn: string | null;
  readonly kind: 'zone' | 'division';
  readonly parent: string | null;
  /** Codes from the root down: `/NORTH/RAJ-1/`. */
  readonly path: string;
}

type OfficeRow = OfficeRecord & Record<string, unknown>;
type StationRow = Station & Record<string, unknown>;
const COLUMNS = 'code, name, name_bn AS nameBn, kind, parent, path';

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

export function allOffices(reader: Reader): Promise<OfficeRecord[]> {
  return reader.read<OfficeRow>(`SELECT ${COLUMNS} FROM offices ORDER BY name`);
}

export function allStations(reader: Reader): Promise<Station[]> {
  return reader.read<StationRow>('SELECT code, name, office FROM stations ORDER BY code');
}

export function lockOffices(tx: Tx): Promise<OfficeRecord[]> {
  return tx.query<OfficeRow>(`SELECT ${COLUMNS} FROM offices ORDER BY code FOR UPDATE`);
}

export async function insertOffice(tx: Tx, office: OfficeRecord): Promise<void> {
  const { code, name, nameBn, kind, parent, path } = office;
  await tx.write('INSERT INTO offices (code, name, name_bn, kind, parent, path) VALUES (?)', [
    [code, name, nameBn, kind, parent, path],
  ]);
}

/** A name that is there already, under whatever code, stays as it is. */
export async function adoptOffice(tx: Tx, code: string, name: string, parent?: OfficeRecord): Promise<void> {
  await tx.write(
    `INSERT INTO offices (code, name, kind, parent, path) VALUES (?, ?, 'division', ?, ?)
     ON DUPLICATE KEY UPDATE name = offices.name`,
    [code, name, parent?.code ?? null, `${parent?.path ?? '/'}${code}/`],
  );
}

/** Gives an office its parent, and everything below it its new path. */
export async function moveOffice(
  tx: Tx,
  move: { code: string; parent: string | null; from: string; to: string },
): Promise<void> {
  await tx.write('UPDATE offices SET parent = ? WHERE code = ?', [move.parent, move.code]);
  await tx.write('UPDATE offices SET path = CONCAT(?, SUBSTRING(path, ?)) WHERE path LIKE ?', [
    move.to,
    move.from.length + 1,
    `${move.from}%`,
  ]);
}

export async function stationOf(tx: Tx, code: string): Promise<Station | undefined> {
  const [row] = await tx.query<StationRow>('SELECT code, name, office FROM stations WHERE code = ? FOR UPDATE', [code]);
  return row;
}

export async function stationExists(tx: Tx, code: string): Promise<boolean> {
  return (await stationOf(tx, code)) !== undefined;
}

export async function moveStation(tx: Tx, code: string, office: string): Promise<void> {
  await tx.write('UPDATE stations SET office = ? WHERE code = ?', [office, code]);
}
