import type { EntryTemplate } from './entry';

/**
 * The kinds of vend, and the one entry that a vend of each kind has; null: it moves no value and has none. Law 5 is
 * reckoned from this table: by the night's proof, by the tests, and by docs/LEDGER.md.
 */
export const VEND_ENTRIES = {
  credit: 'vend',
  'free-issue': 'free-issue',
  replacement: null,
  'key-change': null,
  engineering: null,
  fee: 'fee',
  'arrears-payment': 'arrears-payment',
  'deposit-credit': 'deposit-credit',
  'offline-pack': 'vend',
} as const satisfies Record<string, EntryTemplate | null>;

/** One of the kinds of vend. */
export type VendKind = keyof typeof VEND_ENTRIES;

export const VEND_KINDS = Object.keys(VEND_ENTRIES) as VendKind[];

/**
 * SQL for the template that the vends of a table alias must have an entry of; NULL for kinds without one.
 *
 * @example `… ON e.template = ${vendTemplateSql('v')}`
 */
export function vendTemplateSql(alias: string): string {
  const cases = Object.entries(VEND_ENTRIES).flatMap(([kind, template]) =>
    template === null ? [] : [`WHEN '${kind}' THEN '${template}'`],
  );
  return `CASE ${alias}.kind ${cases.join(' ')} END`;
}

/** Kinds whose vend may have no token: money that pays for something else than energy. */
export const KINDS_WITHOUT_TOKEN: readonly VendKind[] = ['fee', 'arrears-payment', 'deposit-credit'];

/** SQL for how many tokens a vend without any must have: none for some kinds, and for the others that is a fault. */
export function noTokenSql(alias: string): string {
  return `IF(${alias}.kind IN (${KINDS_WITHOUT_TOKEN.map((kind) => `'${kind}'`).join(', ')}), 0, -1)`;
}
