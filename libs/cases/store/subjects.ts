import { DomainError, idFromBytes, idToBytes, type Id } from '@vend/kernel';
import { parseMeterNumber } from '@vend/meters';
import type { Reader, Row } from '@vend/platform';
import type { CaseSubjectNames, CaseSubjects } from '../cases';
import type { CasesErrorCode } from '../cases.errors';

interface SubjectRow extends Row {
  recharge_id: Buffer | null;
  vend_id: Buffer | null;
  meter_id: Buffer | null;
  customer_id: Buffer | null;
  office: string | null;
}

const FROM_METER = `LEFT JOIN connections n ON n.id = m.connection_id LEFT JOIN customers c ON c.id = n.customer_id`;
const COLUMNS = `m.id AS meter_id, c.id AS customer_id, c.office`;
const QUESTIONS = {
  payment: `SELECT r.id AS recharge_id, v.id AS vend_id, ${COLUMNS} FROM recharges r
    LEFT JOIN vends v ON v.recharge_id = r.id LEFT JOIN meters m ON m.id = r.meter_id ${FROM_METER} WHERE r.id = ?`,
  receipt: `SELECT v.recharge_id, v.id AS vend_id, ${COLUMNS} FROM vends v
    JOIN meters m ON m.id = v.meter_id ${FROM_METER} WHERE v.receipt_no = ?`,
  meter: `SELECT NULL AS recharge_id, NULL AS vend_id, ${COLUMNS} FROM meters m ${FROM_METER}
    WHERE m.pan = ? ORDER BY m.status LIMIT 1`,
  customer: `SELECT NULL AS recharge_id, NULL AS vend_id, NULL AS meter_id, c.id AS customer_id, c.office
    FROM customers c WHERE c.customer_no = ?`,
} as const;

/**
 * Finds what a complaint is about. Several names must fit together: a receipt of another meter than the one named is a
 * slip of the tongue that would send the agent the wrong way.
 *
 * @throws {DomainError} case-subject-missing, case-subjects-differ; recharge-not-found, meter-not-found,
 *   meter-number-invalid, meter-check-digit-wrong
 */
export async function findSubjects(reader: Reader, names: CaseSubjectNames): Promise<CaseSubjects> {
  const { rechargeId, receiptNo, meterNo, customerNo } = names;
  const found: CaseSubjects[] = [];
  if (rechargeId !== undefined) {
    found.push(await ask(reader, QUESTIONS.payment, idToBytes(rechargeId), 'recharge-not-found'));
  }
  if (receiptNo !== undefined) found.push(await ask(reader, QUESTIONS.receipt, receiptNo, 'recharge-not-found'));
  if (meterNo !== undefined) {
    found.push(await ask(reader, QUESTIONS.meter, parseMeterNumber(meterNo).pan, 'meter-not-found'));
  }
  if (customerNo !== undefined) {
    found.push(await ask(reader, QUESTIONS.customer, customerNo.toUpperCase(), 'meter-not-found'));
  }
  const [first, ...rest] = found;
  if (!first) throw new DomainError<CasesErrorCode>('case-subject-missing');
  return rest.reduce(together, first);
}

/** The payment's, for the case that the machine opens. */
export function subjectsOfPayment(reader: Reader, rechargeId: Id): Promise<CaseSubjects> {
  return ask(reader, QUESTIONS.payment, idToBytes(rechargeId), 'recharge-not-found');
}

async function ask(reader: Reader, sql: string, value: string | Buffer, missing: string): Promise<CaseSubjects> {
  const [row] = await reader.read<SubjectRow>(sql, [value]);
  if (!row) throw new DomainError(missing);
  const id = (bytes: Buffer | null) => bytes && idFromBytes(bytes);
  return {
    rechargeId: id(row.recharge_id),
    vendId: id(row.vend_id),
    meterId: id(row.meter_id),
    customerId: id(row.customer_id),
    office: row.office,
  };
}

function together(a: CaseSubjects, b: CaseSubjects): CaseSubjects {
  const one = (x: Id | null, y: Id | null) => {
    if (x && y && x !== y) throw new DomainError<CasesErrorCode>('case-subjects-differ');
    return x ?? y;
  };
  return {
    rechargeId: one(a.rechargeId, b.rechargeId),
    vendId: one(a.vendId, b.vendId),
    meterId: one(a.meterId, b.meterId),
    customerId: one(a.customerId, b.customerId),
    office: a.office ?? b.office,
  };
}
