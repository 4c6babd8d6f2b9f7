import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';

/** A page of a list has at most this many rows. */
const LIMIT_MAX = 100;
const LIMIT_USUAL = 50;

function Optional() {
  return ValidateIf((_query, value) => value !== undefined);
}

/** Where to go on, and how much at once: the query of every list whose cursor is an id. */
export class PageQuery {
  @ApiProperty({ required: false, description: 'nextCursor of the page before' })
  @Optional()
  @Matches(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  cursor?: string;

  @LimitField()
  limit?: string;
}

export function LimitField() {
  return applyDecorators(
    ApiProperty({ required: false, type: Number, minimum: 1, maximum: LIMIT_MAX, default: LIMIT_USUAL }),
    Optional(),
    Matches(/^(?:[1-9]\d?|100)$/),
  );
}

/** @example limitOf({ limit: '20' }) // 20 */
export function limitOf({ limit }: { readonly limit?: string }): number {
  return limit === undefined ? LIMIT_USUAL : Number(limit);
}

/** A page's rows and where the next begins: null when this was the last. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  idOf: (row: Row) => string,
): { items: View[]; nextCursor: string | null } {
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { items: rows.map(view), nextCursor: last === undefined ? null : idOf(last) };
}
