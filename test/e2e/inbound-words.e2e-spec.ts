// Proves over the real processes, with a short message centre between them and the phones, that a customer who writes a
// word reads its answer, once, on the phone that is registered and on no other: also when the centre brings the message
// twice, and when the worker is killed between storing it and answering.
import { SmscCenter } from '../../apps/sandbox/smsc/smsc-center';
import { saveGateway } from '@vend/sms';
import type { InstalledMeter } from '../support/installed-meters';
import { eventually } from '../support/system';
import { tokenOf, World } from '../support/world';

jest.setTimeout(180_000);
const SHORT_CODE = '16603';
const ACCOUNT = { systemId: 'vend', password: 'pw-inv3n' };

const centre = new SmscCenter();
let world: World;
beforeAll(async () => {
  const port = await centre.listen(0);
  centre.setAccounts([{ ...ACCOUNT, bindsMax: 2 }]);
  world = await World.start({ name: 'inbound-words', meters: 24, settings: { LOG_LEVEL: 'debug' } });
  const { sealingSecret } = world.system.secrets<{ sealingSecret: string }>('application.json');
  const settings = { host: '127.0.0.1', port, systemId: ACCOUNT.systemId, source: SHORT_CODE };
  await world.system.admin.transaction((tx) =>
    saveGateway(
      tx,
      Buffer.from(sealingSecret, 'base64url'),
      {
        code: 'operator',
        gateway: { profile: 'smpp-v34', settings },
        terms: { prefixes: [], costPaisa: 30, priority: 0, maxPerSecond: null, enabled: true },
        ...{ secret: ACCOUNT.password, version: 0, by: 'test' },
      },
      new Date(),
    ),
  );
  await eventually('the worker is bound to the centre', () => centre.state().bound.length > 0);
}, 300_000);
afterEach(() => world?.system.bringBack());
afterAll(async () => {
  await world?.stop();
  await centre.close();
}, 120_000);

const write = (phone: string, text: string) => centre.write(ACCOUNT.systemId, phone, SHORT_CODE, text);
const shownOn = (phone: string) => centre.phones.messages(phone);
/** The messages on a phone, once there are so many. */
async function readOn(phone: string, count: number): Promise<string[]> {
  await eventually(`${count} messages on a phone`, () => shownOn(phone).length >= count);
  return shownOn(phone).map(({ text }) => text);
}
/** Sells to a meter and waits for the receipt. */
async function sold(meter: InstalledMeter): Promise<string> {
  const quoted = await world.clerk.quote(meter.meterNo, '600.00');
  const token = tokenOf(await world.clerk.recharge(quoted.body.quoteId)).replace(/\D/g, '');
  await readOn(meter.mobile, shownOn(meter.mobile).length + 1);
  return token;
}
const digits = (text: string) => text.replace(/\D/g, '');

it('is answered on the phone of the meter: what was bought, and the token again', async () => {
  const meter = world.freshMeter('energy');
  const token = await sold(meter);
  write(meter.mobile, `bal ${meter.meterNo}`);
  const [, balance] = await readOn(meter.mobile, 2);
  expect(balance).toContain(meter.meterNo);
  expect(balance).toMatch(/kWh bought this month.*600\.00.*801/);
  write(meter.mobile, 'টোকেন');
  const [, , again] = await readOn(meter.mobile, 3);
  expect(digits(again!)).toContain(token);
  const audit = await world.system.admin.read("SELECT subject FROM audit_events WHERE action = 'tokens-answered'");
  expect(audit).toHaveLength(1);
});

it('tells a stranger, and somebody else, one neutral sentence', async () => {
  const meter = world.freshMeter('energy');
  const other = world.freshMeter('energy');
  const token = await sold(meter);
  write('8801999000009', `TOK ${meter.meterNo}`);
  write(other.mobile, `TOK ${meter.meterNo}`);
  const [toStranger] = await readOn('8801999000009', 1);
  const [toOther] = await readOn(other.mobile, 1);
  expect(toStranger).toBe(toOther);
  for (const secret of [token, meter.meterNo, meter.customerNo]) expect(digits(toStranger!)).not.toContain(secret);
});

it('is answered once when the centre brings it twice', async () => {
  const meter = world.freshMeter('currency');
  const token = await sold(meter);
  write(meter.mobile, 'TOK');
  write(meter.mobile, 'TOK');
  await readOn(meter.mobile, 2);
  write(meter.mobile, 'TOK');
  // What is asked after the copies is answered after them.
  write(meter.mobile, 'HELP');
  await readOn(meter.mobile, 3);
  const shown = shownOn(meter.mobile);
  expect(shown).toHaveLength(3);
  expect(shown.map(({ copies }) => copies)).toEqual([1, 1, 1]);
  expect(shown.filter(({ text }) => digits(text).includes(token))).toHaveLength(2); // the receipt and the answer
});

it('is answered once when the worker is killed between storing it and answering', async () => {
  const meter = world.freshMeter('currency');
  const token = await sold(meter);
  // Without Redis nobody is woken: the message is stored and acknowledged, and nothing else happens.
  world.system.pause('redis');
  write(meter.mobile, 'TOK');
  const states = () =>
    world.system.admin.read<{ state: string }>('SELECT state FROM sms_inbound WHERE phone = ?', [meter.mobile]);
  await eventually('the message is stored', async () => (await states()).length > 0);
  await world.system.kill('worker');
  expect(await states()).toEqual([{ state: 'RECEIVED' }]);
  // The centre did not see the acknowledgement, say, and brings it again.
  write(meter.mobile, 'TOK');
  world.system.resume('redis');
  await world.system.startAgain('worker');
  await readOn(meter.mobile, 2);
  await eventually('the centre is rid of the copy', () => centre.state().bound.length > 0);
  write(meter.mobile, 'HELP');
  await readOn(meter.mobile, 3);
  const shown = shownOn(meter.mobile);
  expect(shown.filter(({ text }) => digits(text).includes(token))).toHaveLength(2);
  expect(shown.map(({ copies }) => copies)).toEqual([1, 1, 1]);
  expect(await states()).toEqual([{ state: 'ANSWERED' }, { state: 'ANSWERED' }]); // TOK and HELP
});

it('stops and starts notices', async () => {
  const meter = world.freshMeter('energy');
  write(meter.mobile, 'STOP');
  await readOn(meter.mobile, 1);
  const wanted = () =>
    world.system.admin.read<{ wanted: number }>(
      'SELECT o.wanted FROM sms_notice_choices o JOIN customers c ON c.id = o.customer_id WHERE c.customer_no = ?',
      [meter.customerNo],
    );
  expect(await wanted()).toEqual([{ wanted: 0 }]);
  write(meter.mobile, 'চালু');
  await readOn(meter.mobile, 2);
  expect(await wanted()).toEqual([{ wanted: 1 }]);
});

it('leaves no token and no phone number in a log, in Redis or on its way there', async () => {
  expect(await world.leaks()).toEqual([]);
});
