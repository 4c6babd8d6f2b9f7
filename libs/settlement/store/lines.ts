import { idToBytes, newId, type InstantMs } from '@vend/kernel';
import { instantLiteral, integerLiteral, textLiteral, type Tx } from '@vend/platform';
import type { BankRow } from '../statement/bank-row';
import type { StatementRow } from '../statement/row';

/** Stores rows of a statement in one statement; the text is made by hand, as for other bulk imports. */
export async function insertStatementRows(tx: Tx, importNo: number, rows: readonly StatementRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) =>
    [
      importNo,
      row.line,
      textLiteral(row.trxId),
      textLiteral(row.status),
      integerLiteral(row.amountPaisa),
      integerLiteral(row.feePaisa),
      row.trxAt === null ? 'NULL' : instantLiteral(row.trxAt),
      textLiteral(row.billerRef),
      textLiteral(row.ourOrderNo),
      textLiteral(row.batch),
    ].join(','),
  );
  await tx.write(
    `INSERT INTO statement_rows (import_no, line, trx_id, status, amount_paisa, fee_paisa, trx_at, biller_ref,
       our_order_no, batch) VALUES (${values.join('),(')})`,
  );
}

/** A credit, and the how-many-eth of its like it is in its list. */
export type CountedCredit = BankRow & { readonly occurrence: number };

/** Stores what is new of them. @returns how many were */
export async function insertBankCredits(
  tx: Tx,
  importNo: number,
  rows: readonly CountedCredit[],
  at: InstantMs,
): Promise<number> {
  if (rows.length === 0) return 0;
  const { affectedRows } = await tx.write(
    `INSERT IGNORE INTO bank_credits (id, account, value_date, provider, batch, bank_ref, amount_paisa, occurrence,
       import_no, line) VALUES ?`,
    [
      rows.map((row) => [
        ...[idToBytes(newId(at)), row.account, row.valueDate, row.provider, row.batch, row.bankRef, row.amountPaisa],
        ...[row.occurrence, importNo, row.line],
      ]),
    ],
  );
  return affectedRows;
}
