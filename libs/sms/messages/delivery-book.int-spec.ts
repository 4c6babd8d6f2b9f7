/*
 * Proves on a real database that receipts move messages to what became of them, whichever of receipt, part and row is
 * written first, twice, after a restart, and with parts that were sent twice.
 */
import { idToBytes, newId, type Id } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import {
  DeliveryBook,
  concludeDeliveries,
  forgetParts,
  lockParts,
  saveAttempts,
  type AcceptedPart,
  type DeliveryReceipt,
} from '../index';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());

let serial = 0;
/** A message of so many parts, and what happens to it. */
function message(parts = 1) {
  const csmsId = `delivery-${String(++serial).padStart(11, '0')}`;
  const messageId = newId();
  const part = (n: number, copy = 'a'): AcceptedPart => {
    return { csmsId, part: n, parts, link: 'first', smsc: 'first', messageId: `${csmsId}-${n}-${copy}` };
  };
  const receipt = (n: number, fate: DeliveryReceipt['fate'], copy = 'a'): DeliveryReceipt => ({
    ...{ smsc: 'first', messageId: part(n, copy).messageId, csmsId: null, part: null, fate, messageFate: null },
    ...{ stat: fate === 'delivered' ? 'DELIVRD' : 'EXPIRED', errorCode: null },
  });
  return { csmsId, messageId, part, receipt };
}
/** What the worker writes when a gateway took it. */
async function sent(csmsId: string, messageId: Id): Promise<void> {
  const now = new Date();
  await fresh.database.transaction(async (tx) => {
    await Promise.all([
      lockParts(tx, [csmsId]),
      saveAttempts(
        tx,
        [
          {
            ...{ messageId, template: 'refund', messageClass: 'notice', subject: { kind: 'payment', id: newId() } },
            ...{ recipient: { kind: 'customer', id: newId() }, once: '', csmsId, language: 'bn', state: 'SENT' },
            ...{
              gateway: 'first',
              escalated: false,
              maybeTakenOn: null,
              referenceId: 'r',
              outcome: 'accepted',
              parts: 1,
            },
            ...{ queuedAt: now.getTime(), givenUp: false },
          },
        ],
        now,
      ),
      concludeDeliveries(tx, [csmsId], now),
    ]);
  });
}
async function stateOf(messageId: Id): Promise<string | undefined> {
  const [row] = await fresh.database.read<{ state: string }>('SELECT state FROM notices WHERE id = ?', [
    idToBytes(messageId),
  ]);
  return row?.state;
}
const newBook = () => new DeliveryBook(fresh.database);

it('delivered when every part is, and not before', async () => {
  const { csmsId, messageId, part, receipt } = message(3);
  const book = newBook();
  for (const n of [1, 2, 3]) book.accepted(part(n));
  await book.settled();
  await sent(csmsId, messageId);
  await book.receive(receipt(3, 'delivered'));
  await book.receive(receipt(1, 'delivered'));
  await book.receive(receipt(1, 'delivered'));
  expect(await stateOf(messageId)).toBe('SENT');
  await book.receive(receipt(2, 'pending'));
  expect(await stateOf(messageId)).toBe('SENT');
  await book.receive(receipt(2, 'delivered'));
  expect(await stateOf(messageId)).toBe('DELIVERED');
  await book.receive(receipt(2, 'failed'));
  expect(await stateOf(messageId)).toBe('DELIVERED');
});

it('failed when a part is lost for good and nothing is open', async () => {
  const { csmsId, messageId, part, receipt } = message(2);
  const book = newBook();
  book.accepted(part(1));
  book.accepted(part(2));
  await book.settled();
  await sent(csmsId, messageId);
  await book.receive(receipt(1, 'failed'));
  expect(await stateOf(messageId)).toBe('SENT');
  await book.receive(receipt(2, 'delivered'));
  expect(await stateOf(messageId)).toBe('FAILED');
});

it('of a part that was sent twice one copy on the phone is enough', async () => {
  const { csmsId, messageId, part, receipt } = message(1);
  const book = newBook();
  book.accepted(part(1, 'a'));
  book.accepted(part(1, 'b'));
  await book.settled();
  await sent(csmsId, messageId);
  await book.receive(receipt(1, 'failed', 'a'));
  expect(await stateOf(messageId)).toBe('SENT');
  await book.receive(receipt(1, 'delivered', 'b'));
  expect(await stateOf(messageId)).toBe('DELIVERED');
});

it.each(['receipt, part, row', 'receipt, row, part', 'part, receipt, row', 'part, row, receipt'] as const)(
  'in the order %s, each by a process of its own',
  async (order) => {
    const { csmsId, messageId, part, receipt } = message(1);
    for (const step of order.split(', ')) {
      const book = newBook();
      if (step === 'part') book.accepted(part(1));
      else if (step === 'receipt') await book.receive(receipt(1, 'delivered'));
      else await sent(csmsId, messageId);
      await book.settled();
    }
    expect(await stateOf(messageId)).toBe('DELIVERED');
  },
);

it('100 messages whose receipts race their rows all come to be delivered', async () => {
  const book = newBook();
  const messages = Array.from({ length: 100 }, () => message(2));
  await Promise.all(
    messages.map(async ({ csmsId, messageId, part, receipt }) => {
      book.accepted(part(1));
      book.accepted(part(2));
      await book.settled();
      await Promise.all([
        sent(csmsId, messageId),
        book.receive(receipt(1, 'delivered')),
        newBook().receive(receipt(2, 'delivered')),
      ]);
    }),
  );
  const states = await Promise.all(messages.map(({ messageId }) => stateOf(messageId)));
  expect(states.filter((state) => state !== 'DELIVERED')).toEqual([]);
});

it('an id that the centre gives out anew says nothing of the message that had it before', async () => {
  const [first, second] = [message(1), message(1)];
  const book = newBook();
  book.accepted(first.part(1));
  await book.settled();
  await sent(first.csmsId, first.messageId);
  await book.receive(first.receipt(1, 'delivered'));
  book.accepted({ ...second.part(1), messageId: first.part(1).messageId });
  await book.settled();
  await sent(second.csmsId, second.messageId);
  expect(await stateOf(second.messageId)).toBe('SENT');
  await book.receive(first.receipt(1, 'failed'));
  expect([await stateOf(first.messageId), await stateOf(second.messageId)]).toEqual(['DELIVERED', 'FAILED']);
});

it('a receipt that cannot be stored is not acknowledged', async () => {
  const { receipt } = message(1);
  await expect(newBook().receive({ ...receipt(1, 'delivered'), smsc: 'x'.repeat(65) })).rejects.toThrow();
});

it('is settled when the parts until then are stored, however many come meanwhile', async () => {
  const book = new DeliveryBook(fresh.database);
  const { csmsId, part } = message();
  book.accepted(part(1));
  let coming = true;
  const others = (async () => {
    while (coming) {
      book.accepted(message().part(1));
      await fresh.database.read('SELECT 1');
    }
  })();
  await book.settled();
  const rows = await fresh.database.read('SELECT 1 FROM sms_parts WHERE csms_id = ?', [csmsId]);
  coming = false;
  await others;
  await book.settled();
  expect(rows).toHaveLength(1);
});

it('old parts are forgotten, however many, and others kept', async () => {
  const old = new Date('2026-01-02T00:00:00Z');
  const row = (n: number, at: Date) => ['old', `old-${n}`, null, at];
  await fresh.database.transaction(async (tx) => {
    const rows = [
      ...Array.from({ length: 5_001 }, (_, n) => row(n, old)),
      row(9_999, new Date('2026-02-01T00:00:00Z')),
    ];
    await tx.write('INSERT INTO sms_parts (smsc, message_id, csms_id, updated_at) VALUES ?', [rows]);
  });
  expect(await forgetParts(fresh.database, new Date('2026-01-03T00:00:00Z'))).toBe(5_001);
  const left = await fresh.database.read(`SELECT message_id FROM sms_parts WHERE smsc = 'old'`);
  expect(left).toEqual([{ message_id: 'old-9999' }]);
});
