import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { ReceiptAddress } from '../../meters';

/** Somebody beside the customer whom receipts go to. The mobile number must not reach a log, a URL or job data. */
export interface ReceiptPerson extends ReceiptAddress {
  readonly personId: Id;
  readonly mobile: string;
}

/**
 * Who else gets the receipts of these meters: owners, tenants and payers of their connections who asked for it.
 *
 * @example (await receiptPeople(database, [meterId])).get(meterId)?.length // 1
 */
export async function receiptPeople(reader: Reader, meterIds: readonly Id[]): Promise<Map<Id, ReceiptPerson[]>> {
  const people = new Map<Id, ReceiptPerson[]>();
  if (meterIds.length === 0) return people;
  const rows = await reader.read<Row & { meter_id: Buffer; id: Buffer }>(
    `SELECT m.id AS meter_id, p.id, p.mobile, p.language FROM meters m
     JOIN connection_people p ON p.connection_id = m.connection_id
     WHERE m.id IN (?) AND p.receives_sms AND p.removed_at IS NULL ORDER BY p.id`,
    [[...new Set(meterIds)].map(idToBytes)],
  );
  for (const row of rows) {
    const meterId = idFromBytes(row.meter_id);
    const { mobile, language } = row as unknown as Pick<ReceiptPerson, 'mobile' | 'language'>;
    people.set(meterId, [...(people.get(meterId) ?? []), { personId: idFromBytes(row.id), mobile, language }]);
  }
  return people;
}
