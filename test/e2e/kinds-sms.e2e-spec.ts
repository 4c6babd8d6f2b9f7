/*
 * Proves over the real processes what a customer reads on the phone for every kind of vend: what it is and what it cost,
 * the tokens whole and in order, so that what is typed as it was read is taken; and that a pack's item, booked after its
 * token was used, tells nobody to type it again.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPackFile } from '@vend/packfile';
import { Clerk, type HttpAnswer } from '../support/callers';
import { CampaignCommand, installVendingKeys, layoutNamed, type CampaignKey } from '../support/campaign';
import type { InstalledMeter } from '../support/installed-meters';
import { eventually } from '../support/system';
import { World } from '../support/world';

jest.setTimeout(180_000);

const NAME = 'kinds-sms';
const KEYS: readonly CampaignKey[] = [
  { sgc: '123456', krn: 1, dkga: 2, baseDate: 2014, hex: 'abababababababab' },
  { sgc: '201457', krn: 1, dkga: 4, baseDate: 2014, hex: 'abababababababab949494949494949401234567' },
  { sgc: '201457', krn: 2, dkga: 4, baseDate: 2014, hex: '000102030405060708090a0b0c0d0e0f10111213' },
];
let world: World;
let folder: string;
const people = new Map<string, Clerk>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kinds-sms-'));
  await installVendingKeys(layoutNamed(NAME), KEYS);
  world = await World.start({ name: NAME, meters: 64, settings: { LOG_LEVEL: 'debug' } });
  for (const role of ['supervisor', 'accounts']) {
    const login = world.system.logins.find((one) => one.role === role)!;
    people.set(role, await Clerk.login(world.system.apiUrl, login));
  }
}, 300_000);
afterAll(async () => {
  await world?.stop();
  if (folder) rmSync(folder, { recursive: true });
}, 120_000);

const keyed = (key: string) => ({ 'idempotency-key': key });
/** Asks, has somebody else agree where that is needed, and asks again. */
async function ask(url: string, body: object, by: Clerk = world.clerk, second = 'supervisor'): Promise<HttpAnswer> {
  const key = randomUUID();
  const first = await by.post(url, body, keyed(key));
  if (first.status === 201 || first.status === 200) return first;
  expect({ url, status: first.status, code: first.body.code }).toEqual({ url, status: 202, code: undefined });
  const agreed = await people.get(second)!.post(`/v1/approvals/${first.body.approval.id}/approve`, {});
  expect([agreed.status, agreed.body.code]).toEqual([200, undefined]);
  const done = await by.post(url, body, keyed(key));
  expect([done.status, done.body.code]).toEqual([201, undefined]);
  return done;
}

async function sell(meter: InstalledMeter): Promise<HttpAnswer> {
  const quote = await world.clerk.quote(meter.meterNo, '1000.00');
  const sold = await world.clerk.recharge(quote.body.quoteId);
  expect([sold.status, sold.body.code]).toEqual([201, undefined]);
  return sold;
}

/** The one SMS on the customer's phone that says this. */
async function smsSaying(meter: InstalledMeter, words: string | RegExp): Promise<string> {
  const found = async () =>
    (await world.outside.inbox(meter)).filter(({ text }) =>
      typeof words === 'string' ? text.includes(words) : words.test(text),
    );
  await eventually(`an SMS says ${words}`, async () => (await found()).length > 0);
  const [sms, ...more] = await found();
  expect(more).toEqual([]);
  return sms!.text;
}

/** The tokens of an SMS as somebody reads them out: the number before each, where there are several. */
function read(text: string): { place: string; digits: string }[] {
  return [...text.matchAll(/(?:(\d\/\d) +)?(\d{4}(?: \d{4}){4})/g)].map(([, place, digits]) => ({
    place: place ?? 'alone',
    digits: digits!,
  }));
}
async function typeAsRead(meter: InstalledMeter, text: string): Promise<string[]> {
  const results: string[] = [];
  for (const { digits } of read(text)) results.push((await world.outside.enter(meter, digits)).result);
  return results;
}

const TOKEN_KINDS: Readonly<Record<string, (meter: InstalledMeter) => Promise<HttpAnswer>>> = {
  'It clears the tamper mark. Nothing was charged.': ({ meterNo }) =>
    ask('/v1/vends/engineering', { meterNo, what: 'clear-tamper', reason: 'seal replaced' }),
  'Careful: it clears the credit in the meter. Nothing was charged.': ({ meterNo }) =>
    ask('/v1/vends/engineering', { meterNo, what: 'clear-credit', reason: 'tenant left' }),
  "It sets the meter's power limit. Nothing was charged.": ({ meterNo }) =>
    ask('/v1/vends/engineering', { meterNo, what: 'max-power-limit', reason: 'new load' }),
  'Given free: 50.0 kWh.': ({ meterNo }) =>
    ask('/v1/vends/free-issue', { meterNo, kwh: '50.0', reason: 'disaster-relief', note: 'order 12/2026' }),
  'Credit carried over: 12.4 kWh. Nothing was charged.': async (meter) => {
    const sold = await sell(meter);
    await smsSaying(meter, sold.body.receiptNo as string);
    const { meterNo } = meter;
    const carried = { oldMeterNo: meterNo, from: 'reading', reading: '12.4', note: 'register lost in a storm' };
    return ask('/v1/vends/replacement', { meterNo, ...carried });
  },
};

it.each(Object.entries(TOKEN_KINDS))('“%s”, and its token is taken as it was read, once', async (words, vend) => {
  const meter = world.freshMeter('energy');
  const answer = await vend(meter);
  const text = await smsSaying(meter, answer.body.receiptNo as string);
  expect(text).toContain(words);
  expect(read(text).map(({ place }) => place)).toEqual(['alone']);
  expect(await typeAsRead(meter, text)).toEqual(['accepted']);
  expect(await typeAsRead(meter, text)).toEqual(['used']);
});

it('a key change: four tokens, numbered, in one order; then the next recharge is taken', async () => {
  const meter = world.freshMeter('energy');
  const command = new CampaignCommand(layoutNamed(NAME));
  const list = join(folder, 'meters.csv');
  writeFileSync(list, `meterNo\n${meter.meterNo}\n`);
  const between = ['--from', '201457/1', '--to', '201457/2', '--meters', list];
  const order = ['--kind', 'key-revision', ...between, '--officer', 'anwar'];
  expect(await command.run(['create', '--name', 'kinds', ...order])).toMatchObject({ exitStatus: 0, err: '' });
  expect(await command.run(['make', '--name', 'kinds', '--officer', 'anwar'])).toMatchObject({ exitStatus: 0 });
  const answer = await ask('/v1/vends/key-change', { meterNo: meter.meterNo });
  const text = await smsSaying(meter, answer.body.receiptNo as string);
  expect(text).toContain('4 tokens, enter all in this order:');
  expect(text).toContain('Key change of your meter: enter all before the next recharge.');
  expect(read(text).map(({ place }) => place)).toEqual(['1/4', '2/4', '3/4', '4/4']);
  expect(await typeAsRead(meter, text)).toEqual(['key-change-1', 'key-change-2', 'key-change-3', 'accepted']);
  const next = await sell(meter);
  expect(await typeAsRead(meter, await smsSaying(meter, next.body.receiptNo as string))).toEqual(['accepted']);
});

it('money alone: a fee and a payment of arrears, with what is left, and no token', async () => {
  const meter = world.freshMeter('energy');
  const { meterNo } = meter;
  const fee = await ask('/v1/fees', { meterNo, fee: 'meter-test', amount: '230.00' });
  const feeText = await smsSaying(meter, fee.body.receiptNo as string);
  expect(feeText).toContain('Service fee of Tk 230.00 received, VAT included.');
  const debt = { amount: '900.00', plan: 'none', paper: 'B-2091/2026', reason: 'Unpaid bill' };
  await ask(`/v1/meters/${meterNo}/arrears`, debt, people.get('accounts'));
  const paid = await ask('/v1/arrears-payments', { meterNo, amount: '500.00' });
  const text = await smsSaying(meter, paid.body.receiptNo as string);
  expect(text).toContain('Tk 500.00 received for arrears.');
  expect(text).toContain('400.00');
  expect([...read(feeText), ...read(text)]).toEqual([]);
});

it('a deposit given back: what it became, and a token that is taken', async () => {
  const meter = world.freshMeter('energy');
  const deposit = { amount: '800.00', paper: 'D-1177/2009', reason: 'Post-paid meter taken off' };
  await ask(`/v1/meters/${meter.meterNo}/deposits`, deposit, people.get('accounts'));
  const given = await ask('/v1/deposit-credits', { ...deposit, meterNo: meter.meterNo });
  const text = await smsSaying(meter, given.body.receiptNo as string);
  expect(text).toContain(`Deposit returned: ${given.body.energy.kwh} kWh.`);
  expect(await typeAsRead(meter, text)).toEqual(['accepted']);
});

it('an item of an offline pack, booked after its token was used: booked, and nothing to type', async () => {
  const meter = world.freshMeter('energy');
  const body = { lines: [{ meterNo: meter.meterNo, amount: '1000.00', items: 1 }], reason: 'Cyclone signal 7' };
  const supervisor = people.get('supervisor')!;
  const pack = await ask('/v1/packs', body, supervisor, 'accounts');
  const url = `/v1/packs/${pack.body.packId}`;
  const passphrase = 'river mango seven lamp';
  const { file } = (await supervisor.post(`${url}/export`, { passphrase })).body as { file: string };
  const [item] = (await openPackFile(file, passphrase)).items;
  expect((await world.outside.enter(meter, item!.digits)).result).toBe('accepted');
  const used = [{ item: item!.itemId, usedAt: new Date().toISOString() }];
  expect((await supervisor.post(`${url}/reconcile`, { used, withdraw: true })).status).toBe(200);
  const text = await smsSaying(meter, 'nothing more to type');
  expect(text).toContain('Your recharge of the outage is booked; nothing more to type. Paid Tk 1000.00');
  expect(read(text)).toEqual([]);
});

it('a cancellation: the complaint under which the money is paid back, and no second token', async () => {
  const meter = world.freshMeter('energy');
  const sold = await sell(meter);
  await smsSaying(meter, sold.body.receiptNo as string);
  const why = { proof: 'meter-shows-token-unused', note: 'wrong meter chosen' };
  const supervisor = people.get('supervisor')!;
  const cancelled = await supervisor.post(`/v1/vends/${sold.body.rechargeId}/cancel`, why, keyed(randomUUID()));
  expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  const text = await smsSaying(meter, /C-\d\d-\d+-\d/);
  expect(read(text)).toEqual([]);
  expect(await world.outside.inbox(meter)).toHaveLength(2);
});
