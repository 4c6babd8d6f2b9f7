import { idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { Counted } from '../counted';

/** A deposit slip: cash that left a station for the bank. */
export interface BankDeposit {
  readonly depositId: Id;
  readonly station: string;
  /** The account's name in the books, without `bank:`. */
  readonly bank: string;
  readonly businessDay: LocalDay;
  readonly counted: Counted;
  readonly amountPaisa: Paisa;
  readonly state: 'SENT' | 'BANKED';
  readonly sentBy: string;
  readonly sentAt: InstantMs;
  readonly bankedBy: string | null;
  readonly bankedAt: InstantMs | null;
  /** The bank's own number of the credit. */
  readonly reference: string | null;
}

interface DepositRow extends Row {
  id: Buffer;
  station: string;
  bank: string;
  business_day: string;
  pieces: string | Counted;
  amount_paisa: string;
  state: 'SENT' | 'BANKED';
  sent_by: string;
  sent_at: Date;
  banked_by: string | null;
  banked_at: Date | null;
  reference: string | null;
}

const COLUMNS =
  'id, station, bank, business_day, pieces, amount_paisa, state, sent_by, sent_at, banked_by, banked_at, reference';

function depositOf(row: DepositRow): BankDeposit {
  return {
    depositId: idFromBytes(row.id),
    station: row.station,
    bank: row.bank,
    businessDay: row.business_day,
    counted: typeof row.pieces === 'string' ? (JSON.parse(row.pieces) as Counted) : row.pieces,
    amountPaisa: BigInt(row.amount_paisa),
    state: row.state,
    sentBy: row.sent_by,
    sentAt: row.sent_at.getTime(),
    bankedBy: row.banked_by,
    bankedAt: row.banked_at && row.banked_at.getTime(),
    reference: row.reference,
  };
}

export async function insertDeposit(tx: Tx, key: Id, deposit: BankDeposit): Promise<void> {
  const { depositId, station, bank, businessDay, counted, amountPaisa, state, sentBy, sentAt } = deposit;
  await tx.write(
    `INSERT INTO bank_deposits (id, request_key, station, bank, business_day, pieces, amount_paisa, state, sent_by, sent_at)
     VALUES (?)`,
    [
      [
        ...[idToBytes(depositId), idToBytes(key), station, bank, businessDay, JSON.stringify(counted)],
        ...[amountPaisa, state, sentBy, new Date(sentAt)],
      ],
    ],
  );
}

export async function depositOfKey(tx: Pick<Tx, 'query'>, key: Id): Promise<BankDeposit | undefined> {
  const rows = await tx.query<DepositRow>(`SELECT ${COLUMNS} FROM bank_deposits WHERE request_key = ?`, [
    idToBytes(key),
  ]);
  return rows[0] && depositOf(rows[0]);
}

export async function readDeposit(reader: Reader, depositId: Id): Promise<BankDeposit | undefined> {
  const rows = await reader.read<DepositRow>(`SELECT ${COLUMNS} FROM bank_deposits WHERE id = ?`, [
    idToBytes(depositId),
  ]);
  return rows[0] && depositOf(rows[0]);
}

export async function lockDeposit(tx: Tx, depositId: Id): Promise<BankDeposit | undefined> {
  const rows = await tx.query<DepositRow>(`SELECT ${COLUMNS} FROM bank_deposits WHERE id = ? FOR UPDATE`, [
    idToBytes(depositId),
  ]);
  return rows[0] && depositOf(rows[0]);
}

export async function bankDeposit(
  tx: Tx,
  depositId: Id,
  { by, at, reference }: { readonly by: string; readonly at: InstantMs; readonly reference: string },
): Promise<void> {
  await tx.write(
    `UPDATE bank_deposits SET state = 'BANKED', banked_by = ?, banked_at = ?, reference = ? WHERE id = ?`,
    [by, new Date(at), reference, idToBytes(depositId)],
  );
}

/** Newest first. */
export async function listDeposits(
  reader: Reader,
  question: { readonly offices: 'all' | readonly string[]; readonly before?: Id | undefined; readonly limit: number },
): Promise<BankDeposit[]> {
  const { offices, before, limit } = question;
  const within = offices === 'all' ? 'TRUE' : 'station IN (SELECT code FROM stations WHERE office IN (?))';
  const rows = await reader.read<DepositRow>(
    `SELECT ${COLUMNS} FROM bank_deposits WHERE ${within} ${before === undefined ? '' : 'AND id < ?'}
     ORDER BY id DESC LIMIT ?`,
    [...(offices === 'all' ? [] : [offices]), ...(before === undefined ? [] : [idToBytes(before)]), limit],
  );
  return rows.map(depositOf);
}

export async function depositsOfDay(reader: Reader, station: string, day: LocalDay): Promise<BankDeposit[]> {
  const rows = await reader.read<DepositRow>(
    `SELECT ${COLUMNS} FROM bank_deposits WHERE station = ? AND business_day = ? ORDER BY id`,
    [station, day],
  );
  return rows.map(depositOf);
}
