// Proves that phones keep their SMS and the gateway its csms_ids of the Dhaka day, through restarts, on real files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PhoneInbox } from './phone-inbox';

const PHONE = '8801700000000';
let directory: string;
let nowMs = Date.UTC(2026, 10, 20, 17, 59, 59); // 23:59:59 in Dhaka

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'phone-inbox-'));
});
afterEach(() => rm(directory, { recursive: true }));

const texts = (inbox: PhoneInbox, msisdn = PHONE): string[] => inbox.messages(msisdn).map(({ text }) => text);

describe('PhoneInbox', () => {
  it('finds its SMS and the day’s csms_ids after a restart, and goes on counting', async () => {
    const first = await PhoneInbox.open(directory, () => nowMs);
    await first.receive({ csmsId: 'a', msisdn: PHONE, text: 'টোকেন' });
    await first.receive({ csmsId: 'b', msisdn: '8801800000000', text: 'other' });
    await first.close();
    const second = await PhoneInbox.open(directory, () => nowMs);
    expect(texts(second)).toEqual(['টোকেন']);
    expect([second.hasTaken('a'), second.hasTaken('b'), second.hasTaken('c')]).toEqual([true, true, false]);
    const { id } = await second.receive({ csmsId: 'c', msisdn: PHONE, text: 'again' });
    expect(id).toBe(3);
    expect(second.recentPhones(5)).toEqual([PHONE, '8801800000000']);
    await second.close();
  });

  it('forgets a csms_id at midnight in Dhaka, running or not', async () => {
    const before = await PhoneInbox.open(directory, () => nowMs);
    await before.receive({ csmsId: 'a', msisdn: PHONE, text: '1' });
    nowMs += 1000;
    expect(before.hasTaken('a')).toBe(false);
    await before.close();
    const after = await PhoneInbox.open(directory, () => nowMs);
    expect(after.hasTaken('a')).toBe(false);
    expect(texts(after)).toEqual(['1']);
    await after.close();
  });

  it('is bounded per phone and in all, and still knows a csms_id whose SMS it let go', async () => {
    const inbox = await PhoneInbox.open(directory, () => nowMs, { perPhone: 2, inAll: 3 });
    for (const text of ['1', '2', '3']) await inbox.receive({ csmsId: text, msisdn: PHONE, text });
    expect(texts(inbox)).toEqual(['2', '3']);
    for (const text of ['4', '5']) await inbox.receive({ csmsId: text, msisdn: '8801800000000', text });
    expect(texts(inbox)).toEqual(['3']);
    await inbox.close();
    const again = await PhoneInbox.open(directory, () => nowMs, { perPhone: 2, inAll: 3 });
    expect([texts(again), texts(again, '8801800000000')]).toEqual([['3'], ['4', '5']]);
    expect(again.hasTaken('1')).toBe(true);
    await again.close();
  });
});
