import { idFromBytes } from '@vend/kernel';
import type { Row } from '@vend/platform';
import type { MeterKeys } from '../../meters';
import type { KeyAttributes } from '../key-change';

/** Columns of the key that a change starts from, and of the meter's present one, for a query over k and m. */
export const FROM_COLUMNS = 'k.from_sgc, k.from_krn, k.from_ti, k.from_kt, k.from_ken, k.from_base_date';
export const TO_COLUMNS = 'k.to_sgc, k.to_krn, k.to_ti, k.to_kt';

/** SQL: true when the meter (m) still has the key that the change (k) was made from. */
export const FITS = `(m.sgc = k.from_sgc AND m.krn = k.from_krn AND m.ti = k.from_ti AND m.kt = k.from_kt
  AND m.ken = k.from_ken AND m.base_date = k.from_base_date)`;

/** The key attributes out of columns with this prefix: `from_`, or none for the meter's own. */
export function keyOf(row: Row, prefix = ''): KeyAttributes {
  return {
    sgc: row[`${prefix}sgc`] as string,
    krn: row[`${prefix}krn`] as number,
    ti: row[`${prefix}ti`] as string,
    kt: row[`${prefix}kt`] as MeterKeys['kt'],
    ken: row[`${prefix}ken`] as number,
    baseDate: row[`${prefix}base_date`] as MeterKeys['baseDate'],
  };
}

export function idOf(row: Row, column: string): string {
  return idFromBytes(row[column] as Buffer);
}

/** `CASE id WHEN ? THEN ? … END` and its parameters: many rows, one statement. */
export function caseOf(column: string, values: readonly (readonly [key: unknown, value: unknown])[]) {
  return { sql: `CASE ${column}${' WHEN ? THEN ?'.repeat(values.length)} END`, parameters: values.flat() };
}
