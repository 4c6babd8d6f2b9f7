// Proves on the running system that a notice to all reaches every phone once, though its worker is killed with messages
// at the gateway and Redis is emptied, that nothing leaves while it is paused, and that no log holds a number or a text.
import { randomUUID } from 'node:crypto';
import { Clerk } from '../support/callers';
import { filesWithContent } from '../support/key-secrets';
import { eventually } from '../support/system';
import { World } from '../support/world';

jest.setTimeout(360_000);

const PHONES = 48;
const EN = 'No power on Friday from 9 am to noon.';
const BN = 'শুক্রবার সকাল ৯টা থেকে দুপুর ১২টা পর্যন্ত বিদ্যুৎ থাকবে না।';

let world: World;
let maker: Clerk;
let second: Clerk;
beforeAll(async () => {
  world = await World.start({ name: 'broadcast', meters: PHONES, settings: { OUTBOX_LEASE_SECONDS: '3' } });
  const login = (role: string) =>
    Clerk.login(
      world.system.apiUrl,
      world.system.logins.find((each) => each.role === role)!,
    );
  [maker, second] = [await login('call-centre'), await login('accounts')];
}, 240_000);
afterAll(() => world?.stop(), 120_000);

const show = async (id: string) => (await maker.get(`/v1/broadcasts/${id}`)).body;
const isNow = (id: string, state: string) =>
  eventually(`the notice is ${state}`, async () => (await show(id)).state === state);
const move = (id: string, what: string) => maker.post(`/v1/broadcasts/${id}/${what}`, { reason: 'a test' });

/** Composed by one, agreed to by another, on its way. */
async function launched(texts: { textBn: string; textEn: string }, ratePerSecond: number): Promise<string> {
  const id = randomUUID();
  const endsAt = new Date(Date.now() + 86_400_000).toISOString();
  const order = { name: 'Works', template: 'notice', ...texts, endsAt, quietHours: 'none', ratePerSecond };
  expect(await maker.post('/v1/broadcasts', order, { 'idempotency-key': id })).toMatchObject({ status: 202 });
  await isNow(id, 'READY');
  expect(await show(id)).toMatchObject({ customers: PHONES, recipients: { bn: PHONES / 2, en: PHONES / 2 } });
  const key = { 'idempotency-key': randomUUID() };
  const launch = () => maker.post(`/v1/broadcasts/${id}/launch`, { reason: 'a test' }, key);
  const asked = await launch();
  expect(asked).toMatchObject({ status: 202 });
  expect(await second.post(`/v1/approvals/${asked.body.approval.id}/approve`, {})).toMatchObject({ status: 200 });
  expect(await launch()).toMatchObject({ status: 200 });
  return id;
}

/** How often each phone has a text of ours. */
async function timesOnPhones(texts: readonly string[]): Promise<number[]> {
  const inboxes = await Promise.all(world.meters.map((meter) => world.outside.inbox(meter)));
  return inboxes.map((inbox) => inbox.filter(({ text }) => texts.includes(text)).length);
}
const arrived = async (texts: readonly string[]) => (await timesOnPhones(texts)).reduce((sum, times) => sum + times, 0);

it('reaches every phone once, though the worker dies with messages at the gateway and Redis forgets everything', async () => {
  const id = await launched({ textBn: BN, textEn: EN }, 2);
  await eventually('some phones have it', async () => (await arrived([BN, EN])) >= 4);
  // What the gateway takes from now on, the worker is never told.
  await world.outside.smsGateway('timeout-after-accept');
  const before = await arrived([BN, EN]);
  await eventually('the gateway took more', async () => (await arrived([BN, EN])) > before);
  await world.system.kill('worker');
  const redis = world.system.redis();
  await redis.flushall();
  redis.disconnect();
  expect((await show(id)).settled).toBeLessThan(await arrived([BN, EN]));
  await world.outside.smsGateway('none');
  await world.system.startAgain('worker');
  await isNow(id, 'DONE');
  expect(await timesOnPhones([BN, EN])).toEqual(Array.from({ length: PHONES }, () => 1));
  const done = await show(id);
  expect(done).toMatchObject({ settled: PHONES, percent: 100, endReason: 'all-tried' });
  const sent = done.statuses.filter(({ state }: { state: string }) => state === 'SENT');
  expect(sent.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(PHONES);
});

it('leaves nothing while it is paused, and goes on where it was', async () => {
  const texts = { textBn: `${BN} ২`, textEn: `${EN} 2` };
  const mine = Object.values(texts);
  const id = await launched(texts, 2);
  await eventually('some phones have it', async () => (await arrived(mine)) >= 4);
  expect(await move(id, 'pause')).toMatchObject({ status: 200, body: { state: 'PAUSED' } });
  // The chunk in hand ends: then as many are settled as arrived.
  await eventually('the chunk in hand has ended', async () => {
    const { statuses } = await show(id);
    return statuses.every(({ state }: { state: string }) => state !== 'TAKEN');
  });
  const { settled } = await show(id);
  expect(settled).toBeLessThan(PHONES);
  expect(await arrived(mine)).toBe(settled);
  await world.system.end('worker');
  await world.system.startAgain('worker');
  expect((await show(id)).settled).toBe(settled);
  expect(await move(id, 'resume')).toMatchObject({ status: 200, body: { state: 'RUNNING' } });
  await isNow(id, 'DONE');
  expect(await timesOnPhones(mine)).toEqual(Array.from({ length: PHONES }, () => 1));
});

it('leaves no phone number and no text in a log', () => {
  const logs = [...filesWithContent(world.system.logs)].map(([, content]) => content.toString('utf8'));
  expect(logs.join('').length).toBeGreaterThan(1_000);
  const written = logs.join('\n');
  for (const { mobile } of world.meters) expect(written).not.toContain(mobile);
  expect(written).not.toContain(EN);
});
