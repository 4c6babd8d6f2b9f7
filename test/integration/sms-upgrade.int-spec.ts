/*
 * Proves that a database with receipts and notices about cases in it comes up to date with each as one message of its
 * template, what was sent still sent, and that what waited is still worked, by the queue of its class.
 */
import { idToBytes, newId } from '@vend/kernel';
import { takeDue } from '@vend/platform';
import { findMessages, findReceipts, queueMessages, receiptCsmsId } from '@vend/sms';
import { SmsQueues1700000000013 } from '../../libs/platform/migrations/0013-sms-queues';
import { databaseBefore, type EarlierDatabase } from '../support/upgrade';

let earlier: EarlierDatabase;
beforeAll(async () => {
  earlier = await databaseBefore(SmsQueues1700000000013);
});
afterAll(() => earlier?.drop());

it('keeps every message, and wakes the new queue for those that waited', async () => {
  const { runner, owner } = earlier;
  const now = new Date();
  const [vendId, caseId, receipt, opened, closed] = [newId(), newId(), newId(), newId(), newId()];
  // The vend and the case themselves are not what this is about.
  await runner.query('SET FOREIGN_KEY_CHECKS = 0');
  for (const [id, vend, about, kind, state] of [
    [receipt, idToBytes(vendId), null, 'receipt', 'SENT'],
    [opened, null, idToBytes(caseId), 'opened', 'QUEUED'],
    [closed, null, idToBytes(caseId), 'closed-2', 'FAILED'],
  ] as const) {
    await runner.query('INSERT INTO notices (id, vend_id, case_id, kind, state, outcome, updated_at) VALUES (?)', [
      [idToBytes(id), vend, about, kind, state, state === 'QUEUED' ? null : 'accepted', now],
    ]);
  }
  await runner.query('SET FOREIGN_KEY_CHECKS = 1');
  await runner.query('INSERT INTO outbox (id, topic, ref_id, created_at, due_at) VALUES (?)', [
    [idToBytes(newId()), 'notice', idToBytes(opened), now, now],
  ]);
  await earlier.upgrade('to-date');

  expect((await findReceipts(owner, [vendId])).get(vendId)).toMatchObject([
    { messageId: receipt, messageClass: 'token', state: 'SENT', csmsId: receiptCsmsId(vendId), attempts: 1 },
  ]);
  const about = await findMessages(owner, [opened, closed]);
  expect(about.map(({ template, once, state, attempts }) => [template, once, state, attempts]).sort()).toEqual([
    ['case-closed', 'closed-2', 'FAILED', 1],
    ['case-opened', '', 'QUEUED', 0],
  ]);
  const due = await takeDue(owner, 10, 60_000, new Date(now.getTime() + 1_000));
  expect(due.map(({ topic, refId }) => [topic, refId])).toEqual([['sms-notice', opened]]);

  // The same again is still the same.
  const { subject, recipient } = about.find(({ messageId }) => messageId === opened)!;
  await owner.transaction((tx) => queueMessages(tx, [{ template: 'case-opened', subject, recipient }], now));
  expect(await owner.read('SELECT id FROM notices')).toHaveLength(3);
});
