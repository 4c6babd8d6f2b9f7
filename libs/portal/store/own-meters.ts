import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

/** A working meter that answers to a phone. */
export interface OwnMeter {
  readonly meterId: Id;
  /** As printed on the meter. */
  readonly meterNo: string;
  readonly customerId: Id;
  readonly customerNo: string;
  readonly crediting: 'energy' | 'currency';
  /** What its customer calls it; null: nothing. */
  readonly nickname: string | null;
}

/** More than these no page shows. */
const METERS_MAX = 50;

/** The working meters of every customer whose own phone this is. */
export async function metersOfPhone(reader: Reader, mobile: string): Promise<OwnMeter[]> {
  const rows = await reader.read<
    Row & {
      id: Buffer;
      pan: string;
      customer_id: Buffer;
      customer_no: string;
      crediting: OwnMeter['crediting'];
      nickname: string | null;
    }
  >(
    `SELECT m.id, m.pan, m.crediting, c.id AS customer_id, c.customer_no, k.nickname FROM customers c
       JOIN connections n ON n.customer_id = c.id JOIN meters m ON m.connection_id = n.id
       LEFT JOIN meter_nicknames k ON k.customer_id = c.id AND k.meter_id = m.id
     WHERE c.mobile = ? AND m.status = 'active' ORDER BY c.customer_no, m.pan LIMIT ?`,
    [mobile, METERS_MAX],
  );
  return rows.map(({ id, pan: meterNo, customer_id, customer_no: customerNo, crediting, nickname }) => ({
    ...{ meterId: idFromBytes(id), meterNo, customerId: idFromBytes(customer_id), customerNo },
    ...{ crediting, nickname: nickname === null || nickname === '' ? null : nickname },
  }));
}

/** Keeps what a customer calls a meter; '' is nothing. */
export async function saveNickname(tx: Tx, customerId: Id, meterId: Id, nickname: string): Promise<void> {
  await tx.write(
    `INSERT INTO meter_nicknames (customer_id, meter_id, nickname) VALUES (?)
     ON DUPLICATE KEY UPDATE nickname = VALUES(nickname)`,
    [[idToBytes(customerId), idToBytes(meterId), nickname]],
  );
}
