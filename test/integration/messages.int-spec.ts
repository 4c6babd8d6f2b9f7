/*
 * Proves on a real database and the sandbox's phones that each message is queued with what it tells of, leaves once
 * through the worker's handlers, says what is true when it leaves, and nothing when that is over.
 */
import { newId, type Id } from '@vend/kernel';
import { NoticeChoices } from '@vend/inbound';
import { OneTimeCodes } from '@vend/messages';
import { CustomerChanges, MetersService } from '@vend/meters';
import { takeDue } from '@vend/platform';
import { parseReceiptLine } from '@vend/receipts';
import { queueMessages, SmsHttpV3Gateway } from '@vend/sms';
import { pino } from 'pino';
import { ADDRESS_BOOK } from '../../apps/worker/messages/addresses';
import { MessageHandler } from '../../apps/worker/messages/message.handler';
import { messageSources } from '../../apps/worker/messages/sources';
import { remindOfMonth } from '../../apps/worker/nightly/reminders';
import { ReceiptHandler } from '../../apps/worker/receipts/receipt.handler';
import { meterNo } from '../builders/meters';
import { sandboxFiles, startSandbox } from '../e2e/sandbox-support';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { Outside } from '../support/callers';
import { leaveKeyChangeDue } from '../support/key-change-due';
import { counterSale, payment, VendingBench, type MeterDraft } from '../support/vending';

jest.setTimeout(60_000);
const SECRET = Buffer.alloc(32, 5);
const TOKEN = /(\d{4} ){4}\d{4}/;

let fresh: FreshDatabase;
let bench: VendingBench;
let files: Awaited<ReturnType<typeof sandboxFiles>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let gateway: SmsHttpV3Gateway;
let outside: Outside;
let serial = 770_000;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  files = await sandboxFiles();
  sandbox = await startSandbox(files.config);
  gateway = new SmsHttpV3Gateway({ baseUrl: `${sandbox.url}/sms`, apiToken: 'test', sid: 'NESCO' });
  outside = new Outside(sandbox.url);
}, 120_000);
afterEach(async () => {
  bench.issuer.down = false;
  await fresh.admin.read('DELETE FROM outbox');
});
afterAll(async () => {
  await gateway?.close();
  await sandbox?.app.close();
  await files?.remove();
  await fresh?.drop();
});

const log = pino({ level: 'silent' });
const TOPICS = ['sms-token', 'sms-code', 'sms-pending', 'sms-reminder', 'sms-notice'] as const;

/** Does what the relay and the queues do for messages that are due by an instant. */
async function work(until = new Date(Date.now() + 60_000)): Promise<void> {
  const { database } = fresh;
  const sources = messageSources({ vending: bench.vending, secret: SECRET, receiptLink: 'https://pay.example/' });
  const addresses = ADDRESS_BOOK;
  for (const { topic, refId } of await takeDue(database, 1_000, 1, until)) {
    if (topic === 'receipt') await new ReceiptHandler(database, bench.vending, gateway, log).handle([refId]);
    const own = TOPICS.find((each) => each === topic);
    if (own) await new MessageHandler(own, { database, sms: gateway, sources, addresses, log }).handle([refId]);
  }
}

interface Home {
  readonly pan: string;
  readonly meterId: Id;
  readonly customerId: Id;
  readonly customerNo: string;
  readonly mobile: string;
}
async function household(language: 'bn' | 'en' = 'en', draft: Partial<MeterDraft> = {}): Promise<Home> {
  const one = ++serial;
  const [meterId] = await bench.install({ serial: one, ...draft });
  const { pan } = meterNo(one);
  const card = (await new MetersService(fresh.database).find('meter-no', pan))[0]!;
  const mobile = `88017${String(one).padStart(8, '0')}`;
  await fresh.admin.read('UPDATE customers SET mobile = ?, language = ? WHERE customer_no = ?', [
    mobile,
    language,
    card.customerNo,
  ]);
  const { customerId, customerNo } = card;
  return { pan, meterId: meterId!, customerId, customerNo, mobile };
}
const texts = async ({ mobile }: Home): Promise<string[]> =>
  (await outside.inbox({ mobile })).map(({ text }: { text: string }) => text);
const statesOf = (subjectId: Id, template: string) =>
  fresh.admin.read(
    `SELECT state, outcome, known FROM notices WHERE subject_id = UNHEX(REPLACE(?, '-', '')) AND template = ?`,
    [subjectId, template],
  );

describe('money is here, the token follows', () => {
  it('is told once, and only while it is so', async () => {
    const [waits, served] = [await household(), await household()];
    bench.issuer.down = true;
    const refs = [newId(), newId()];
    const sales = [];
    for (const [index, home] of [waits, served].entries()) {
      const command = payment(home.meterId, { sourceRef: `TRX-${refs[index]!}`.slice(0, 40), grossPaisa: 70_000n });
      sales.push((await bench.vending.recharge(command)).record);
      // The provider is unsure and repeats: still one.
      await bench.vending.recharge(command);
    }
    bench.issuer.down = false;
    await bench.vending.complete(sales[1]!.rechargeId);
    await fresh.admin.read(`UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE topic = 'sms-pending'`);
    await work();
    await work();
    const [said, more] = await texts(waits);
    expect(said).toMatch(new RegExp(`^Meter ${waits.pan}: Tk 700.00 received. .*Ref TRX-`));
    expect(said).not.toMatch(TOKEN);
    expect(more).toBeUndefined();
    expect((await texts(served)).filter((text) => text.includes('received. Your token'))).toEqual([]);
    expect(await statesOf(sales[1]!.rechargeId, 'pending')).toMatchObject([
      { state: 'FAILED', outcome: 'nothing-to-say' },
    ]);
  });

  it('waits a little, so that a short fault says nothing', async () => {
    const home = await household();
    bench.issuer.down = true;
    await bench.vending.recharge(payment(home.meterId, { sourceRef: `TRX-${newId()}`.slice(0, 40) }));
    await work(new Date(bench.now + 19_000));
    expect(await texts(home)).toEqual([]);
  });
});

describe('a receipt', () => {
  it('comes as the line for programs to who chose it, and back in words', async () => {
    const home = await household();
    const changes = new CustomerChanges(fresh.database);
    await changes.customer(home.customerNo, { smsForm: 'line' }, { by: 'user:rahima', reason: 'asked for it' });
    const { record } = await bench.vending.recharge(counterSale(home.meterId, { grossPaisa: 50_000n }));
    await work();
    const [line] = await texts(home);
    expect(parseReceiptLine(line!)).toMatchObject({
      receiptNo: record.vend!.receiptNo,
      meterNo: home.pan,
      grossPaisa: 50_000n,
      tokens: record.vend!.tokens.map(({ kind, digits }) => ({ kind, digits })),
      copy: false,
    });
    await changes.customer(home.customerNo, { smsForm: 'words' }, { by: 'user:rahima', reason: 'no more' });
    bench.now += 60_000;
    await bench.vending.recharge(counterSale(home.meterId, { grossPaisa: 50_000n }));
    await work();
    expect((await texts(home)).filter((text) => text.startsWith('Token: '))).toHaveLength(1);
  });

  it('that is asked for again has the same tokens, and is marked as a copy', async () => {
    const home = await household('bn');
    const { record } = await bench.vending.recharge(counterSale(home.meterId, { grossPaisa: 50_000n }));
    const { vendId } = record.vend!;
    const message = { template: 'resend', subject: { kind: 'vend', id: vendId } } as const;
    const recipient = { kind: 'customer', id: home.customerId } as const;
    for (const once of ['key-1', 'key-1']) {
      await fresh.database.transaction((tx) => queueMessages(tx, [{ ...message, recipient, once }], new Date()));
    }
    await work();
    const both = await texts(home);
    expect(both).toHaveLength(2);
    const copy = both.find((text) => text.includes('অনুলিপি'))!;
    expect(copy).toMatch(/^টোকেন: /);
    expect(copy).toContain(`https://pay.example/${record.vend!.receiptNo}`);
    for (const text of both) expect(TOKEN.exec(text)![0]).toBe(TOKEN.exec(both[0]!)![0]);
    const [row] = await statesOf(vendId, 'resend');
    expect(row).toMatchObject({ state: 'SENT', known: null });
  });

  it('goes to nobody who is not the customer of its meter', async () => {
    const [home, stranger] = [await household(), await household()];
    const { record } = await bench.vending.recharge(counterSale(home.meterId));
    const message = {
      template: 'resend',
      subject: { kind: 'vend', id: record.vend!.vendId },
      recipient: { kind: 'customer', id: stranger.customerId },
    } as const;
    await fresh.database.transaction((tx) => queueMessages(tx, [message], new Date()));
    await work();
    expect(await texts(stranger)).toEqual([]);
    expect(await statesOf(record.vend!.vendId, 'resend')).toMatchObject([{ outcome: 'nothing-to-say' }]);
  });
});

describe('a key change', () => {
  it('is explained before its tokens come, once, and outside the night', async () => {
    const office = `Messages office ${serial}`;
    const home = await household('en', { office });
    bench.now = Date.parse('2026-11-21T23:00:00+06:00');
    await leaveKeyChangeDue(bench, office);
    await work(new Date('2026-11-22T07:59:59+06:00'));
    expect(await texts(home)).toEqual([]);
    await work(new Date('2026-11-22T08:00:00+06:00'));
    await work(new Date('2026-11-22T09:00:00+06:00'));
    expect(await texts(home)).toEqual([
      expect.stringMatching(/^Meter \d{18} gets a new key\. Your next recharge SMS has 2 key change tokens first/),
    ]);
  });
});

describe('once a month', () => {
  const NOVEMBER = { quietHours: undefined, now: Date.parse('2026-12-01T02:00:00+06:00') };

  it('who recharged nothing and who owes is reminded, once, whoever runs the night and how often', async () => {
    const [idle, paid, owes, stopped] = [await household(), await household(), await household(), await household()];
    const all = [idle, paid, owes, stopped].map(({ meterId }) => meterId.replaceAll('-', ''));
    await fresh.admin.read(`UPDATE meters SET created_at = '2026-10-01' WHERE HEX(id) IN (?)`, [
      all.map((id) => id.toUpperCase()),
    ]);
    bench.now = Date.parse('2026-11-10T10:00:00+06:00');
    await bench.vending.recharge(counterSale(paid.meterId));
    await bench.vending.recharge(counterSale(owes.meterId));
    await work(new Date(bench.now + 1_000));
    await fresh.admin.read(`UPDATE meter_states SET arrears_paisa = 123456 WHERE HEX(meter_id) = ?`, [
      owes.meterId.replaceAll('-', '').toUpperCase(),
    ]);
    const { customerId, customerNo } = stopped;
    const choosing = { customerId, customerNo, wanted: false, by: 'user:rahima', reason: 'asked by phone' };
    await new NoticeChoices(fresh.database).change(choosing);
    const runs = () => remindOfMonth(fresh.database, '2026-11-30', NOVEMBER);
    await Promise.all([runs(), runs()]);
    await runs();
    await work(new Date(NOVEMBER.now + 1_000));
    await work(new Date(NOVEMBER.now + 1_000));
    expect(await texts(idle)).toEqual([
      expect.stringMatching(/^Meter \d{18}: no recharge in 11\/2026\. Monthly charges/),
    ]);
    expect((await texts(paid)).filter((text) => !TOKEN.test(text))).toEqual([]);
    expect((await texts(owes)).filter((text) => !TOKEN.test(text))).toEqual([
      expect.stringMatching(/^Meter \d{18}: arrears Tk 1234\.56\. Pay by 15\/12\/2026\./),
    ]);
    expect(await texts(stopped)).toEqual([]);
  });

  it('nothing is said of a debt that was paid before the bill left', async () => {
    const home = await household();
    const setArrears = (paisa: number) =>
      fresh.admin.read(`UPDATE meter_states SET arrears_paisa = ? WHERE HEX(meter_id) = ?`, [
        paisa,
        home.meterId.replaceAll('-', '').toUpperCase(),
      ]);
    await setArrears(500);
    await remindOfMonth(fresh.database, '2026-11-30', NOVEMBER);
    await setArrears(0);
    await work(new Date(NOVEMBER.now + 1_000));
    expect((await texts(home)).filter((text) => text.includes('arrears'))).toEqual([]);
  });

  it('waits for the end of the quiet hours, and for the last day of the month', async () => {
    const home = await household();
    await fresh.admin.read(`UPDATE meters SET created_at = '2026-10-01' WHERE pan = ?`, [home.pan]);
    const quietHours = { fromMinute: 1_320, toMinute: 480 };
    expect(await remindOfMonth(fresh.database, '2026-11-29', NOVEMBER)).toEqual({ idle: 0, arrears: 0 });
    await remindOfMonth(fresh.database, '2026-11-30', { ...NOVEMBER, quietHours });
    await work(new Date('2026-12-01T07:59:59+06:00'));
    expect(await texts(home)).toEqual([]);
    await work(new Date('2026-12-01T08:00:00+06:00'));
    expect(await texts(home)).toHaveLength(1);
  });
});

describe('a one-time code', () => {
  let now = Date.now();
  const codes = () =>
    new OneTimeCodes(
      fresh.database,
      SECRET,
      (tx, codeId, customerId, at) =>
        queueMessages(
          tx,
          [
            {
              ...{ template: 'one-time-code', subject: { kind: 'code', id: codeId } },
              recipient: { kind: 'customer', id: customerId },
            },
          ],
          at,
        ),
      () => now,
    );
  const issue = async (home: Home) => {
    const issued = await codes().issue('customer-page', home.customerId);
    if (issued.state === 'limit') throw new Error('too many');
    return issued.codeId;
  };
  const codeOn = async (home: Home) => {
    await work();
    const [text] = (await texts(home)).filter((each) => each.startsWith('Your code is '));
    return /Your code is (\d{6})\./.exec(text!)![1]!;
  };
  beforeEach(() => (now = Date.now()));

  it('is on the phone and in no table, opens once, and nothing else', async () => {
    const home = await household();
    const codeId = await issue(home);
    const typed = await codeOn(home);
    const dump = JSON.stringify(await fresh.admin.read('SELECT * FROM one_time_codes'));
    expect(dump + JSON.stringify(await statesOf(codeId, 'one-time-code'))).not.toContain(typed);
    const theirs = { purpose: 'customer-page', customerId: home.customerId, typed };
    expect(await codes().verify(codeId, { ...theirs, purpose: 'other' })).toBe('over');
    expect(await codes().verify(codeId, { ...theirs, customerId: newId() })).toBe('over');
    expect(await codes().verify(newId(), theirs)).toBe('over');
    expect(await codes().verify(codeId, { ...theirs, typed: `${typed}0` })).toBe('wrong');
    const answers = await Promise.all([codes().verify(codeId, theirs), codes().verify(codeId, theirs)]);
    expect(answers.sort()).toEqual(['over', 'right']);
  });

  it('ends after five answers, and after five minutes', async () => {
    const home = await household();
    const codeId = await issue(home);
    const typed = await codeOn(home);
    const theirs = { purpose: 'customer-page', customerId: home.customerId, typed };
    const wrong = await Promise.all(
      Array.from({ length: 8 }, () => codes().verify(codeId, { ...theirs, typed: 'none' })),
    );
    expect(wrong.filter((answer) => answer === 'wrong')).toHaveLength(5);
    expect(await codes().verify(codeId, theirs)).toBe('over');
    const other = await issue(home);
    now += 5 * 60_000;
    expect(await codes().verify(other, theirs)).toBe('over');
  });

  it('is not sent when its time is over, and not issued without end', async () => {
    const home = await household();
    const issued = await Promise.all(Array.from({ length: 7 }, () => codes().issue('customer-page', home.customerId)));
    expect(issued.filter(({ state }) => state === 'issued')).toHaveLength(5);
    await fresh.admin.read('UPDATE one_time_codes SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 DAY');
    await work();
    expect(await texts(home)).toEqual([]);
    now += 3_600_001;
    expect(await codes().issue('customer-page', home.customerId)).toMatchObject({ state: 'issued' });
  });
});
