/*
 * Proves on a real database, with the application's rights, that a message is queued once however often it is asked for,
 * that a row remembers its last outcome, and that what was sent stays sent.
 */
import { newId } from '@vend/kernel';
import { takeDue } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import {
  findMessages,
  findReceipts,
  queueMessages,
  receiptStates,
  saveAttempts,
  type MessageAttempt,
  type QueuedMessage,
} from './index';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());

const message = (over: Partial<QueuedMessage> = {}): QueuedMessage => ({
  ...{ template: 'refund', subject: { kind: 'payment', id: newId() }, recipient: { kind: 'customer', id: newId() } },
  values: { amount: '500.00' },
  ...over,
});
const queue = (messages: readonly QueuedMessage[], now = new Date()) =>
  fresh.database.transaction((tx) => queueMessages(tx, messages, now));
const due = async (at = Date.now() + 1_000) =>
  (await takeDue(fresh.database, 1_000, 86_400_000, new Date(at))).map(({ topic, refId }) => ({ topic, refId }));

describe('queueing', () => {
  it('makes a row and one wake-up in the queue of its class, and drops a second of the same', async () => {
    const one = message();
    await queue([one, message({ ...one, template: 'one-time-code', subject: { kind: 'code', id: newId() } })]);
    await queue([one]);
    await Promise.all(Array.from({ length: 20 }, () => queue([one, one])));
    const woken = await due();
    expect(woken.map(({ topic }) => topic).sort()).toEqual(['sms-code', 'sms-notice']);
    const [stored] = await findMessages(fresh.database, [woken.find(({ topic }) => topic === 'sms-notice')!.refId]);
    expect(stored).toMatchObject({
      ...{ template: 'refund', messageClass: 'notice', subject: one.subject, recipient: one.recipient, attempts: 0 },
      ...{ state: 'QUEUED', values: { amount: '500.00' }, once: '' },
    });
    expect(stored!.csmsId).toMatch(/^[a-z2-7]{20}$/);
  });

  it('sends again what is meant to be sent again, and nothing before its time', async () => {
    const one = message();
    const later = Date.now() + 3_600_000;
    await queue([one, { ...one, once: 'resend:2', dueAt: later }]);
    expect(await due()).toHaveLength(1);
    expect(await due(later + 1_000)).toHaveLength(1);
  });

  it('leaves nothing when its cause is rolled back', async () => {
    const failing = fresh.database.transaction(async (tx) => {
      await queueMessages(tx, [message()], new Date());
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await due()).toEqual([]);
  });
});

describe('the receipt of a vend', () => {
  const vendId = newId();
  const key: Pick<MessageAttempt, 'template' | 'messageClass' | 'subject' | 'recipient' | 'once'> = {
    ...{ template: 'receipt', messageClass: 'token', subject: { kind: 'vend', id: vendId }, once: '' },
    recipient: { kind: 'customer', id: newId() },
  };
  const save = (over: Partial<MessageAttempt>) =>
    fresh.database.transaction((tx) =>
      saveAttempts(
        tx,
        [
          {
            ...key,
            ...{ messageId: newId(), csmsId: 'a'.repeat(20), language: 'bn', state: 'QUEUED', gateway: 'first' },
            ...{ escalated: false, maybeTakenOn: null, referenceId: null, outcome: 'accepted', parts: 1 },
            ...{ queuedAt: Date.now(), givenUp: false },
            ...over,
          },
        ],
        new Date(),
      ),
    );
  const stored = async () => (await findReceipts(fresh.database, [vendId])).get(vendId);

  it('goes from no row through a failed attempt to sent, and stays there', async () => {
    expect(await stored()).toBeUndefined();
    await save({ outcome: 'gateway-timeout', maybeTakenOn: '2026-11-22' });
    expect(await stored()).toMatchObject([
      { state: 'QUEUED', outcome: 'gateway-timeout', attempts: 1, maybeTakenOn: '2026-11-22' },
    ]);
    await save({ state: 'SENT', gateway: 'second', escalated: true });
    await save({ outcome: 'gateway-timeout' });
    await save({ state: 'FAILED', outcome: 'recipient-invalid' });
    expect(await stored()).toMatchObject([
      { state: 'SENT', outcome: 'accepted', gateway: 'second', escalated: true, attempts: 4 },
    ]);
    expect((await receiptStates(fresh.database, [vendId])).get(vendId)).toBe('SENT');
  });
});
