import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { ReceiptAddress } from '../../meters';

/**
 * Where messages to these customers go, for the SMS worker only; an unknown customer is missing.
 *
 * @example (await customerAddresses(database, [customerId])).get(customerId)?.language // 'bn'
 */
export function customerAddresses(reader: Reader, customerIds: readonly Id[]): Promise<Map<Id, ReceiptAddress>> {
  return read(reader, 'SELECT id, mobile, language, sms_form FROM customers WHERE id IN (?)', customerIds);
}

/** The same for people of a connection beside the customer; one who was removed is missing. */
export function personAddresses(reader: Reader, personIds: readonly Id[]): Promise<Map<Id, ReceiptAddress>> {
  const sql = 'SELECT id, mobile, language FROM connection_people WHERE id IN (?) AND removed_at IS NULL';
  return read(reader, sql, personIds);
}

async function read(reader: Reader, sql: string, ids: readonly Id[]): Promise<Map<Id, ReceiptAddress>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.read<Row & { id: Buffer }>(sql, [ids.map(idToBytes)]);
  return new Map(
    rows.map((row) => {
      const { id, mobile, language, sms_form: smsForm } = row;
      return [idFromBytes(id), { mobile, language, smsForm } as ReceiptAddress];
    }),
  );
}
