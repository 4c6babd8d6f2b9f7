/* Proves on a real database, with a clock of its own and a gateway that remembers, that a notice reaches each phone of its audience once, in its hours and at its rate, whoever pauses, dies or works beside. */
import { newId, type Id } from '@vend/kernel';
import { BroadcastBench, storeCustomers, type ToldCustomer } from '../../test/support/broadcasts';
import { TakingGateway } from '../../test/support/taking-gateway';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { BroadcastSender, openBroadcasts, prepareBatch, type OptOuts, type OptOutsBetween } from '.';

/** 10:00 in Dhaka. */
const MORNING = Date.parse('2026-11-22T10:00:00+06:00');
const LEASE_MS = 20_000;
const MINUTE_MS = 60_000;

let now = MORNING;
let fresh: FreshDatabase;
let bench: BroadcastBench;
let gateway: TakingGateway;
const unwilling = new Set<Id>();
const optedOut: OptOuts = (_reader, ids) => Promise.resolve(new Set(ids.filter((id) => unwilling.has(id))));
const optedOutBetween: OptOutsBetween = (_reader, after, through) =>
  Promise.resolve(new Set([...unwilling].filter((id) => id > (after ?? '') && id <= through)));
let customers: Id[];

/** 250 of two offices; every fifth reads English, every tenth has the phone of the one before, two have none. */
const CUSTOMERS: readonly ToldCustomer[] = Array.from({ length: 250 }, (_, index) => ({
  index,
  office: index % 2 === 0 ? 'Rajshahi' : 'Bogura',
  language: index % 5 === 0 ? 'en' : 'bn',
  mobile: index >= 248 ? null : String(8_801_710_000_000 + (index % 10 === 9 ? index - 1 : index)),
  tariffClass: index < 30 ? 'LT-E' : 'LT-A',
  arrearsPaisa: index < 40 ? BigInt(index) * 10_000n : 0n,
}));
const PHONES = new Set(CUSTOMERS.flatMap(({ mobile }) => mobile ?? [])).size;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new BroadcastBench(fresh.database, () => now);
  await bench.open();
  customers = await storeCustomers(fresh.admin, CUSTOMERS);
});
afterAll(() => fresh?.drop());
beforeEach(async () => {
  now = MORNING;
  gateway = new TakingGateway();
  unwilling.clear();
  await fresh.admin.read('DELETE FROM broadcast_recipients');
  await fresh.admin.read('DELETE FROM broadcasts');
});

const worker = () => new BroadcastSender(fresh.database, { gateway, optedOut, now: () => now, leaseMs: LEASE_MS });

async function prepared(...how: Parameters<BroadcastBench['compose']>): Promise<Id> {
  const id = await bench.compose(...how);
  while (await prepareBatch(fresh.database, optedOutBetween, id, now));
  return id;
}
async function launched(...how: Parameters<BroadcastBench['compose']>): Promise<Id> {
  const id = await prepared(...how);
  await bench.launch(id);
  return id;
}
/** Sends until there is nothing to do, the clock going on meanwhile. */
async function sendAll(id: Id, sender = worker(), seconds = 600): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    const outcome = await sender.sendChunk(id);
    if (outcome === 'over') return;
    now += outcome === 'sent' ? 1_000 : 20_000;
  }
  throw new Error('the notice did not end');
}
const show = (id: Id) => bench.broadcasts.byId(id);
const states = async (id: Id) =>
  Object.fromEntries(
    (await bench.broadcasts.statuses(id)).map(({ state, outcome, count }) => [`${state} ${outcome}`, count]),
  );
const phones = () => [...gateway.taken.values()].map(({ msisdn }) => msisdn);

describe('the audience', () => {
  it('is everybody with a phone, each phone once, in its customer’s language', async () => {
    const id = await prepared();
    expect(await show(id)).toMatchObject({
      state: 'READY',
      ...{ customers: 248, samePhone: 248 - PHONES, optedOut: 0, recipients: { bn: PHONES - 50, en: 50 } },
    });
    await bench.launch(id);
    await sendAll(id);
    expect(phones().sort()).toEqual([...new Set(CUSTOMERS.flatMap(({ mobile }) => mobile ?? []))].sort());
    const english = [...gateway.taken.values()].filter(({ text }) => text === 'No power.');
    expect(english).toHaveLength(50);
    expect(await show(id)).toMatchObject({ state: 'DONE', endReason: 'all-tried', settled: PHONES });
  });

  it.each([
    ['an office', { offices: ['Bogura'] }, CUSTOMERS.filter((c) => c.office === 'Bogura')],
    ['a class', { tariffClasses: ['LT-E'] }, CUSTOMERS.slice(0, 30)],
    ['arrears over an amount', { arrearsOverPaisa: 250_000n }, CUSTOMERS.slice(26, 40)],
    [
      'all three',
      { offices: ['Rajshahi'], tariffClasses: ['LT-E'], arrearsOverPaisa: 250_000n },
      [CUSTOMERS[26]!, CUSTOMERS[28]!],
    ],
  ])('can be %s, and is counted as it is prepared', async (_, narrowed, meant) => {
    const audience = { offices: null, tariffClasses: null, arrearsOverPaisa: null, ...narrowed };
    const expected = new Set(meant.flatMap(({ mobile }) => mobile ?? [])).size;
    const id = await prepared({ audience });
    const { recipients } = await show(id);
    expect(recipients.bn + recipients.en).toBe(expected);
    expect(await bench.broadcasts.estimate(audience)).toEqual(recipients);
  });

  it('is without those who want none: then, and when it leaves', async () => {
    unwilling.add(customers[0]!);
    const id = await prepared();
    expect(await show(id)).toMatchObject({ customers: 248, optedOut: 1 });
    unwilling.add(customers[1]!);
    await bench.launch(id);
    await sendAll(id);
    expect(await states(id)).toEqual({ 'SENT accepted': PHONES - 2, 'SKIPPED opted-out': 1 });
    expect(phones()).not.toContain(CUSTOMERS[0]!.mobile);
    expect(phones()).not.toContain(CUSTOMERS[1]!.mobile);
  });

  it('with nobody in it ends by itself', async () => {
    const id = await prepared({ audience: { offices: ['Nowhere'], tariffClasses: null, arrearsOverPaisa: null } });
    expect(await show(id)).toMatchObject({ state: 'STOPPED', endReason: 'nobody' });
  });

  it('is written down once by any number of workers, and goes on where one died', async () => {
    const id = await bench.compose();
    const failing: OptOutsBetween = () => Promise.reject(new Error('died here'));
    await expect(prepareBatch(fresh.database, failing, id, now)).rejects.toThrow('died here');
    await Promise.all(
      [1, 2, 3].map(async () => {
        while (await prepareBatch(fresh.database, optedOutBetween, id, now));
      }),
    );
    expect(await show(id)).toMatchObject({ state: 'READY', customers: 248, recipients: { bn: PHONES - 50, en: 50 } });
  });
});

describe('a second person', () => {
  it('stands before everything that leaves, for the database too', async () => {
    const id = await prepared();
    expect(await worker().sendChunk(id)).toBe('over');
    await expect(
      fresh.database.read(`UPDATE broadcasts SET state = 'SCHEDULED' WHERE state = 'READY'`),
    ).rejects.toMatchObject({ errno: 4025 });
    await expect(bench.broadcasts.launch(id, newId(), bench.maker)).rejects.toMatchObject({ code: 'approval-used' });
    expect(gateway.taken.size).toBe(0);
  });

  it.each(['body_bn', 'text_en', 'audience', 'ends_at', 'content_sha256', 'rate_per_second', 'quiet_hours'])(
    'has agreed to a %s that the application cannot change',
    async (column) => {
      await expect(fresh.database.read(`UPDATE broadcasts SET ${column} = ''`)).rejects.toMatchObject({ errno: 1143 });
    },
  );
});

describe('while it leaves', () => {
  it('keeps its rate over two workers', async () => {
    const id = await launched({ ratePerSecond: 10 });
    const [one, other] = [worker(), worker()];
    const bySecond: number[] = [];
    for (let second = 0; second < 10; second++) {
      const before = gateway.taken.size;
      for (let turn = 0; turn < 10; turn++) {
        await Promise.all([one.sendChunk(id), other.sendChunk(id)]);
        now += 100;
      }
      bySecond.push(gateway.taken.size - before);
    }
    // A chunk of what was allowed meanwhile, and never more ahead.
    expect(gateway.taken.size).toBeGreaterThanOrEqual(90);
    expect(gateway.taken.size).toBeLessThanOrEqual(110);
    expect(Math.max(...bySecond)).toBeLessThanOrEqual(20);
    expect(await show(id)).toMatchObject({ state: 'RUNNING' });
  });

  it('is never sent twice by two workers at once', async () => {
    const id = await launched();
    const workers = [worker(), worker(), worker()];
    while ((await show(id)).state !== 'DONE') {
      await Promise.all(workers.map((each) => each.sendChunk(id)));
      now += 1_000;
    }
    expect(gateway.calls.reduce((sum, size) => sum + size, 0)).toBe(PHONES);
    expect(new Set(phones()).size).toBe(PHONES);
  });

  it('is taken up again, under the same ids, when a worker died with a chunk in hand', async () => {
    const id = await launched();
    gateway.before = () => Promise.reject(new Error('SIGKILL'));
    await expect(worker().sendChunk(id)).rejects.toThrow('SIGKILL');
    // And one that died after the gateway had taken all of it.
    gateway.before = () => Promise.resolve();
    const original = gateway.sendMany.bind(gateway);
    gateway.sendMany = async (messages) => {
      await original(messages);
      throw new Error('SIGKILL');
    };
    now += 1_000;
    await expect(worker().sendChunk(id)).rejects.toThrow('SIGKILL');
    gateway.sendMany = original;
    expect(gateway.taken.size).toBe(100);
    await sendAll(id);
    expect(new Set(phones()).size).toBe(PHONES);
    expect(await states(id)).toEqual({ 'SENT accepted': PHONES - 100, 'SENT duplicate': 100 });
  });

  it('leaves nothing in the quiet hours, nor on their edge', async () => {
    now = Date.parse('2026-11-22T21:58:30+06:00');
    const id = await launched({ quietHours: '22:00-08:00', ratePerSecond: 2 });
    const sent: string[] = [];
    gateway.before = () => {
      sent.push(new Date(now + 6 * 3_600_000).toISOString().slice(11, 19));
      return Promise.resolve();
    };
    const sender = worker();
    const deepIn = [Date.parse('2026-11-22T22:05:00+06:00'), Date.parse('2026-11-23T07:55:00+06:00')] as const;
    while (now < Date.parse('2026-11-23T08:02:00+06:00')) {
      await sender.sendChunk(id);
      now += now >= deepIn[0] && now < deepIn[1] ? 300_000 : 30_000;
    }
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.filter((at) => at >= '21:59:00' || at < '08:00:00')).toEqual([]);
    expect(sent).toEqual(expect.arrayContaining(['21:58:30', '08:00:00']));
    expect(await show(id)).toMatchObject({ state: 'RUNNING' });
  });

  it('waits for its hour, and ends when its time is over', async () => {
    const [startsAt, endsAt] = [now + 60 * MINUTE_MS, now + 61 * MINUTE_MS];
    const id = await launched({ startsAt, endsAt, ratePerSecond: 1 });
    const sender = worker();
    expect(await sender.sendChunk(id)).toBe('waiting');
    now = startsAt;
    expect(await sender.sendChunk(id)).toBe('sent');
    now = endsAt;
    expect(await sender.sendChunk(id)).toBe('over');
    expect(await show(id)).toMatchObject({ state: 'DONE', endReason: 'time-over', settled: 1 });
    expect(await states(id)).toEqual({ 'QUEUED null': PHONES - 1, 'SENT accepted': 1 });
  });

  it('stops within the chunk when it is paused, goes on where it was, and ends for good when stopped', async () => {
    const id = await launched();
    let pausing: Promise<unknown> | undefined;
    gateway.before = async () => {
      pausing ??= bench.broadcasts.pause(id, bench.maker, 'too many calls');
      await pausing;
    };
    const sender = worker();
    expect(await sender.sendChunk(id)).toBe('sent');
    now += 1_000;
    expect(await sender.sendChunk(id)).toBe('over');
    expect(gateway.taken.size).toBe(100);
    expect(await show(id)).toMatchObject({ state: 'PAUSED', settled: 100 });
    expect(await openBroadcasts(fresh.database)).toEqual([]);
    await bench.broadcasts.resume(id, bench.maker, 'quiet again');
    expect(await show(id)).toMatchObject({ state: 'RUNNING' });
    expect(await sender.sendChunk(id)).toBe('sent');
    await bench.broadcasts.stop(id, bench.maker, 'power is back');
    now += 1_000;
    expect(await sender.sendChunk(id)).toBe('over');
    expect(await states(id)).toEqual({ 'QUEUED null': PHONES - 200, 'SENT accepted': 200 });
    await expect(bench.broadcasts.resume(id, bench.maker, 'again')).rejects.toMatchObject({
      code: 'broadcast-not-now',
    });
    await expect(bench.broadcasts.pause(id, bench.maker, 'again')).rejects.toMatchObject({ code: 'broadcast-not-now' });
  });

  it('outlasts a gateway that is away, without holding it against anybody', async () => {
    const id = await launched();
    gateway.away = true;
    const sender = worker();
    for (let i = 0; i < 60; i++) {
      await sender.sendChunk(id);
      now += 10_000;
    }
    expect(await show(id)).toMatchObject({ state: 'RUNNING', settled: 0, waitingFor: 'gateway-unreachable' });
    // Less and less often.
    expect(gateway.calls.length).toBeLessThan(20);
    gateway.away = false;
    now += MINUTE_MS;
    await sendAll(id);
    expect(await states(id)).toEqual({ 'SENT accepted': PHONES });
    expect(await show(id)).toMatchObject({ waitingFor: null });
  });

  it('gives one up that no answer is certain of, and one that is refused', async () => {
    const [doubtful, refused] = [CUSTOMERS[0]!.mobile!, CUSTOMERS[1]!.mobile!];
    gateway.answer = ({ msisdn, csmsId }) => {
      if (msisdn === doubtful)
        return { csmsId, kind: 'retry-later', reason: 'gateway-unexplained', maybeAccepted: true };
      return msisdn === refused ? { csmsId, kind: 'refused', reason: 'recipient-invalid' } : undefined;
    };
    const id = await launched();
    await sendAll(id, worker(), 5_000);
    expect(await states(id)).toEqual({
      'SENT accepted': PHONES - 2,
      'FAILED gateway-unexplained': 1,
      'FAILED recipient-invalid': 1,
    });
    const [row] = await fresh.admin.read(
      `SELECT attempts FROM broadcast_recipients WHERE outcome = 'gateway-unexplained'`,
    );
    expect(Number(row!['attempts'])).toBe(10);
  });

  it('skips whose phone is another’s by now, or is gone', async () => {
    const id = await launched();
    const [changed, gone] = [customers[2]!, customers[3]!].map((each) => Buffer.from(each.replaceAll('-', ''), 'hex'));
    try {
      await fresh.admin.read('UPDATE customers SET mobile = ? WHERE id = ?', [CUSTOMERS[4]!.mobile, changed]);
      await fresh.admin.read('UPDATE customers SET mobile = NULL WHERE id = ?', [gone]);
      await sendAll(id);
      expect(await states(id)).toEqual({
        'SENT accepted': PHONES - 2,
        ...{ 'SKIPPED phone-changed': 1, 'SKIPPED no-phone': 1 },
      });
      expect(new Set(phones()).size).toBe(phones().length);
    } finally {
      await fresh.admin.read('UPDATE customers SET mobile = ? WHERE id = ?', [CUSTOMERS[2]!.mobile, changed]);
      await fresh.admin.read('UPDATE customers SET mobile = ? WHERE id = ?', [CUSTOMERS[3]!.mobile, gone]);
    }
  });
});

describe('a bill of arrears', () => {
  const audience = { offices: null, tariffClasses: null, arrearsOverPaisa: 250_000n };

  it('says what each phone owes when it leaves, its customers together, and nothing to who has paid', async () => {
    const id = await launched({ template: 'arrears-bill', texts: null, audience });
    const paid = Buffer.from(customers[27]!.replaceAll('-', ''), 'hex');
    await fresh.admin.read('UPDATE meter_states SET arrears_paisa = 0 WHERE meter_id = ?', [paid]);
    try {
      await sendAll(id);
    } finally {
      await fresh.admin.read('UPDATE meter_states SET arrears_paisa = 270000 WHERE meter_id = ?', [paid]);
    }
    const texts = new Map([...gateway.taken.values()].map(({ msisdn, text }) => [msisdn, text]));
    expect(texts.get(CUSTOMERS[30]!.mobile!)).toMatch(/^Meter \d{18}: Tk 3000\.00$/);
    expect(texts.get(CUSTOMERS[31]!.mobile!)).toMatch(/^মিটার \d{18}: 3100\.00 টাকা$/);
    // Customers 38 and 39 have one phone; 39 owes more.
    expect(texts.get(CUSTOMERS[38]!.mobile!)).toMatch(/^মিটার \d{18} \+1: 7700\.00 টাকা$/);
    expect(await states(id)).toMatchObject({ 'SKIPPED nothing-owed': 1 });
  });

  it('goes to those as well who want no notices', async () => {
    for (const id of customers) unwilling.add(id);
    const id = await launched({ template: 'arrears-bill', texts: null, audience });
    await sendAll(id);
    expect((await show(id)).optedOut).toBe(0);
    expect(gateway.taken.size).toBeGreaterThan(10);
  });
});
