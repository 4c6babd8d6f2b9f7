import { idFromBytes, type Id } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

/** A meter whose customer, or somebody of whose connection who gets its receipts, has a given phone. */
export interface PhoneMeter {
  readonly meterId: Id;
  /** As printed on the meter. */
  readonly meterNo: string;
  readonly drn: string;
  readonly customerNo: string;
  readonly customerId: Id;
  /** Of whoever has the phone. */
  readonly language: 'bn' | 'en';
}

/** What is known under a phone's number. */
export interface PhoneHolder {
  /** Customers whose own number it is. */
  readonly customers: readonly {
    readonly customerId: Id;
    readonly customerNo: string;
    readonly language: 'bn' | 'en';
  }[];
  /** Working meters, each once. */
  readonly meters: readonly PhoneMeter[];
}

/** More meters than this no phone is asked about. */
const METERS_MAX = 50;

const COLUMNS = 'm.id, m.pan, m.drn, c.customer_no, c.id AS customer_id';

/**
 * Everything that answers to a phone. A meter that is not here is not looked at, so that no answer, and no time that an
 * answer takes, tells a stranger whether it exists.
 */
export async function findPhoneHolder(reader: Reader, phone: string): Promise<PhoneHolder> {
  const [customers, rows] = await Promise.all([
    reader.read<Row & { id: Buffer; customer_no: string; language: 'bn' | 'en' }>(
      'SELECT id, customer_no, language FROM customers WHERE mobile = ? ORDER BY id LIMIT ?',
      [phone, METERS_MAX],
    ),
    reader.read<
      Row & { id: Buffer; pan: string; drn: string; customer_no: string; customer_id: Buffer; language: 'bn' | 'en' }
    >(
      `SELECT ${COLUMNS}, c.language, 1 AS place FROM customers c
         JOIN connections n ON n.customer_id = c.id JOIN meters m ON m.connection_id = n.id
         WHERE c.mobile = ? AND m.status = 'active'
       UNION ALL
       SELECT ${COLUMNS}, p.language, 2 AS place FROM connection_people p
         JOIN connections n ON n.id = p.connection_id JOIN customers c ON c.id = n.customer_id
         JOIN meters m ON m.connection_id = n.id
         WHERE p.mobile = ? AND p.receives_sms AND p.removed_at IS NULL AND m.status = 'active'
       ORDER BY place, pan LIMIT ?`,
      [phone, phone, METERS_MAX],
    ),
  ]);
  const meters = new Map<Id, PhoneMeter>();
  for (const row of rows) {
    const meterId = idFromBytes(row.id);
    if (meters.has(meterId)) continue;
    const { pan: meterNo, drn, customer_no: customerNo, language } = row;
    meters.set(meterId, { meterId, meterNo, drn, customerNo, customerId: idFromBytes(row.customer_id), language });
  }
  return {
    customers: customers.map((row) => ({
      customerId: idFromBytes(row.id),
      customerNo: row.customer_no,
      language: row.language,
    })),
    meters: [...meters.values()],
  };
}

/** What a phone has had lately. */
export interface AskerTurns {
  readonly hourFrom: Date;
  readonly hourAnswers: number;
  readonly dayFrom: Date;
  readonly dayNeutral: number;
}

/** Locks a phone's row until the end of the transaction: what it writes is answered one after the other. */
export async function lockAsker(tx: Tx, phone: string, now: Date): Promise<AskerTurns> {
  // The row is there before it is locked; and a second one in the same turn takes the exclusive lock at once.
  await tx.write(
    `INSERT INTO sms_askers (phone, hour_from, hour_answers, day_from, day_neutral) VALUES (?, ?, 0, ?, 0)
     ON DUPLICATE KEY UPDATE phone = VALUES(phone)`,
    [phone, now, now],
  );
  const [row] = await tx.query<{ hour_from: Date; hour_answers: number; day_from: Date; day_neutral: number }>(
    'SELECT hour_from, hour_answers, day_from, day_neutral FROM sms_askers WHERE phone = ? FOR UPDATE',
    [phone],
  );
  const { hour_from: hourFrom, hour_answers: hourAnswers, day_from: dayFrom, day_neutral: dayNeutral } = row!;
  return { hourFrom, hourAnswers, dayFrom, dayNeutral };
}

/** Writes what a phone has had now. The caller holds its lock. */
export async function saveAsker(tx: Tx, phone: string, turns: AskerTurns): Promise<void> {
  await tx.write(
    'UPDATE sms_askers SET hour_from = ?, hour_answers = ?, day_from = ?, day_neutral = ? WHERE phone = ?',
    [turns.hourFrom, turns.hourAnswers, turns.dayFrom, turns.dayNeutral, phone],
  );
}
