/*
 * Proves on a real database, with real vends and tokens, that what customers write is stored once before it is
 * acknowledged, answered once and only to the phone of that meter, no more often than it may be; that STOP and START do
 * what they say; and that no token and no phone number is where it should not be.
 */
import { VendingFacts } from '../../apps/worker/inbound/meter-facts';
import { idToBytes, newId, type Id } from '@vend/kernel';
import { inboundAnswers, InboundService, NoticeChoices, optedOut, receiveInbound } from '@vend/inbound';
import { takeDue } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { meterNo } from '../builders/meters';
import { LifeBench } from '../support/life';
import { counterSale, type MeterDraft } from '../support/vending';

let fresh: FreshDatabase;
let bench: LifeBench;
let inbound: InboundService;
beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 20 });
  bench = new LifeBench(fresh);
  inbound = new InboundService(fresh.database, new VendingFacts(bench.vending), () => bench.now);
});
afterAll(() => fresh?.drop());

const WINDOW_MS = 300_000;
/** The slice of copies that the bench's clock is in begins here. */
const sliceOf = (at: number) => Math.floor(at / WINDOW_MS) * WINDOW_MS;

let serial = 1;
async function customer(over: Partial<MeterDraft> = {}) {
  const draft = { serial: serial++, ...over };
  const [meterId] = await bench.install(draft);
  const pan = meterNo(draft.serial).pan;
  const card = (await bench.cards.meter(pan))!;
  const { customerNo, recordId: customerId, content } = card.customer;
  return {
    meterId: meterId!,
    pan,
    customerNo,
    customerId,
    phone: content.mobile!,
    connection: card.connection.recordId,
  };
}
const write = (
  from: string,
  text: string,
  over: { to?: string; messageId?: string; gateway?: string; at?: number } = {},
) =>
  receiveInbound(
    fresh.database,
    over.gateway ?? 'teletalk',
    { from, to: over.to ?? '16603', text, messageId: over.messageId },
    // Each its own millisecond: ids of one have no order.
    over.at ?? ++bench.now,
  );
/** Works whatever is due, as the relay and the queue do; the outcomes in order. */
async function work(): Promise<(string | undefined)[]> {
  const due = await takeDue(fresh.database, 1_000, 60_000, new Date(bench.now + 3_600_000));
  const outcomes: (string | undefined)[] = [];
  for (const { topic, refId } of due) if (topic === 'sms-inbound') outcomes.push(await inbound.work(refId));
  return outcomes;
}
interface Queued {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  readonly phone: string;
  readonly language: string;
  readonly vendId: Id | null;
}
/** The answers queued for a phone, the first first. */
async function answersTo(phone: string): Promise<Queued[]> {
  const rows = await fresh.admin.read<{ id: Buffer; inbound: Buffer; template: string; known: unknown }>(
    `SELECT n.id, i.id AS inbound, n.template, n.known FROM sms_inbound i JOIN notices n ON n.subject_id = i.id
     WHERE i.phone = ? ORDER BY i.received_at, i.id`,
    [phone],
  );
  const ids = rows.map(({ inbound: id }) =>
    id.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5'),
  );
  const answers = await inboundAnswers(fresh.database, ids);
  return rows.map(({ template, known: values }, index) => {
    const { phone: to, language, vendId } = answers.get(ids[index]!)!;
    const read = typeof values === 'string' ? (JSON.parse(values) as Queued['values']) : (values as Queued['values']);
    return { template, values: read ?? {}, phone: to, language, vendId };
  });
}
const stored = (phone: string) =>
  fresh.admin.read<{ state: string; outcome: string | null; words: string | null }>(
    'SELECT state, outcome, words FROM sms_inbound WHERE phone = ? ORDER BY received_at, id',
    [phone],
  );

beforeEach(() => {
  // An hour and more after the test before, so that no limit of it is left, and in the middle of a slice.
  bench.now = sliceOf(bench.now + 25 * 3_600_000) + WINDOW_MS / 2;
});

describe('storing', () => {
  it('keeps one of the copies that come at once, without an id and with one', async () => {
    const { phone } = await customer();
    const copies = await Promise.all(Array.from({ length: 12 }, () => write(phone, 'BAL')));
    expect(copies.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    const named = await Promise.all(Array.from({ length: 12 }, () => write(phone, 'TOK', { messageId: 'M1' })));
    expect(named.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await stored(phone)).toHaveLength(2);
    expect((await work()).filter((outcome) => outcome !== undefined)).toHaveLength(2);
    expect(await work()).toEqual([]);
  });

  it('knows a copy over the edge of a slice, and a question asked again later', async () => {
    const { phone } = await customer();
    const edge = sliceOf(bench.now) + WINDOW_MS;
    expect(await write(phone, 'BAL', { at: edge - 1 })).toEqual({ duplicate: false });
    expect(await write(phone, 'BAL', { at: edge + 1 })).toEqual({ duplicate: true });
    expect(await write(phone, 'bal', { at: edge + 1 })).toEqual({ duplicate: false });
    expect(await write(phone, 'BAL', { at: edge + WINDOW_MS })).toEqual({ duplicate: false });
    expect(await write(phone, 'BAL', { at: edge + WINDOW_MS, gateway: 'other' })).toEqual({ duplicate: false });
    await work();
  });

  it('takes whatever a gateway brings', async () => {
    const { phone } = await customer();
    for (const text of ['', '\0', '\ud800', '🙂'.repeat(5_000), "'; DROP TABLE sms_inbound; --"]) {
      expect(await write(phone, text)).toEqual({ duplicate: false });
    }
    expect(new Set(await work())).toEqual(new Set(['no-question', 'answer-help']));
  });
});

describe('answering', () => {
  it('tells the registered phone what was bought, owed and paid', async () => {
    const { phone, meterId, pan, customerId } = await customer({ crediting: 'energy' });
    const { record } = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 60_000n }));
    await write(phone, 'ব্যালেন্স');
    expect(await work()).toEqual(['answer-balance']);
    const [answer, ...more] = await answersTo(phone);
    expect(more).toEqual([]);
    const units = String(Number(record.vend!.energyWh) / 1_000);
    expect(answer).toMatchObject({ template: 'answer-balance', phone, language: 'en', vendId: null });
    expect(answer!.values).toMatchObject({ meter: pan, units, amount: '600.00', arrears: '' });
    expect(answer!.values['day']).toMatch(/^\d\d\/\d\d\/20\d\d$/);
    expect(Number(answer!.values['price'])).toBeGreaterThan(3);
    expect(await optedOut(fresh.database, [customerId])).toEqual(new Set());
  });

  it('counts Taka where the meter is credited in Taka', async () => {
    const { phone, meterId } = await customer({ crediting: 'currency' });
    const { record } = await bench.vending.recharge(counterSale(meterId, { grossPaisa: 60_000n }));
    await write(phone, 'BAL');
    await work();
    const [answer] = await answersTo(phone);
    const energy = (Number(record.vend!.amounts.energyPaisa) / 100).toFixed(2);
    expect(answer!.values).toMatchObject({ units: '', energy, price: '' });
  });

  it('names the vend whose tokens are to be sent, and leaves a trace; the tokens themselves are nowhere', async () => {
    const { phone, meterId, pan } = await customer();
    await bench.vending.recharge(counterSale(meterId));
    bench.now += 60_000;
    const last = (await bench.vending.recharge(counterSale(meterId))).record.vend!;
    await write(phone, `tok ${pan}`);
    expect(await work()).toEqual(['answer-token']);
    expect(await answersTo(phone)).toMatchObject([{ template: 'answer-token', vendId: last.vendId, phone }]);
    const audit = await fresh.admin.read<{ action: string; subject: string; actor: string }>(
      `SELECT action, subject, actor FROM audit_events WHERE action = 'tokens-answered'`,
    );
    expect(audit).toMatchObject([{ subject: `vend:${last.vendId}`, actor: expect.stringMatching(/^sms:/) as string }]);
    for (const table of ['notices', 'outbox', 'sms_inbound', 'audit_events']) {
      const rows = JSON.stringify(await fresh.admin.read(`SELECT * FROM ${table}`));
      expect(rows).not.toContain(last.tokens[0]!.digits);
      if (table !== 'sms_inbound') expect(rows).not.toContain(phone);
    }
  });

  it('says that there is no token where none was made', async () => {
    const { phone } = await customer();
    await write(phone, 'TOK');
    expect(await work()).toEqual(['answer-no-token']);
  });

  it('gives a stranger the same sentence for a meter that is there and for one that is not', async () => {
    const { phone, pan, customerNo } = await customer();
    const other = await customer();
    const stranger = '8801999000001';
    await write(stranger, `TOK ${pan}`);
    await write(stranger, 'TOK 600727000000000009');
    await write(other.phone, `TOK ${customerNo}`);
    await write(other.phone, 'TOK 99999999');
    expect(await work()).toEqual(Array(4).fill('answer-neutral'));
    const all = [...(await answersTo(stranger)), ...(await answersTo(other.phone))];
    for (const { template, values, vendId, language } of all) {
      expect({ template, values, vendId, language }).toEqual({
        ...{ template: 'answer-neutral', values: {}, vendId: null, language: 'en' },
      });
    }
    expect(await answersTo(phone)).toEqual([]);
  });

  it('answers whoever gets the receipts of a meter, and nobody who only stands beside it', async () => {
    const { connection, pan } = await customer();
    const person = (mobile: string, receivesSms: boolean) =>
      ({ role: 'tenant', name: 'Karim', mobile, language: 'bn', receivesSms }) as const;
    const why = { by: 'user:rahima', reason: 'test' };
    await bench.changes.addPerson(newId(), connection, person('8801911000001', true), why);
    await bench.changes.addPerson(newId(), connection, person('8801911000002', false), why);
    await write('8801911000001', `BAL ${pan}`);
    await write('8801911000002', `BAL ${pan}`);
    await work();
    expect(await answersTo('8801911000001')).toMatchObject([{ template: 'answer-balance', language: 'bn' }]);
    expect(await answersTo('8801911000002')).toMatchObject([{ template: 'answer-neutral' }]);
  });

  it('asks which, when a phone has several meters', async () => {
    const first = await customer();
    const second = await customer();
    await bench.changes.customer(second.customerNo, { mobile: first.phone }, { by: 'user:rahima', reason: 'test' });
    await write(first.phone, 'BAL');
    await write(first.phone, `BAL ${second.customerNo}`);
    await work();
    const [which, answer] = await answersTo(first.phone);
    expect(which).toMatchObject({ template: 'answer-which', values: { word: 'BAL' } });
    expect(which!.values['meters']).toContain(second.pan);
    expect(answer).toMatchObject({ template: 'answer-balance', values: { meter: second.pan } });
  });

  it('is done once by many workers at once', async () => {
    const { phone, meterId } = await customer();
    await bench.vending.recharge(counterSale(meterId));
    await write(phone, 'TOK');
    const [{ id }] = (await fresh.admin.read<{ id: Buffer }>('SELECT id FROM sms_inbound WHERE phone = ?', [
      phone,
    ])) as [{ id: Buffer }];
    const hex = id.toString('hex');
    const inboundId = hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => inbound.work(inboundId)));
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual(['answer-token']);
    expect(await answersTo(phone)).toHaveLength(1);
    const [audits] = await fresh.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM audit_events WHERE actor = ?', [
      `sms:${inboundId}`,
    ]);
    expect(audits!.n).toBe('1');
    expect(await fresh.admin.read("SELECT 1 FROM outbox WHERE topic = 'sms-inbound' AND ref_id = ?", [id])).toEqual([]);
  });

  it('keeps no words once they are worked', async () => {
    const { phone } = await customer();
    await write(phone, 'my secret is 4711');
    expect((await stored(phone))[0]!.words).toBe('my secret is 4711');
    await work();
    expect(await stored(phone)).toEqual([{ state: 'ANSWERED', outcome: 'answer-help', words: null }]);
  });
});

describe('not answering', () => {
  it('never answers a short code, a name, another country, our own number, or one of our own texts', async () => {
    const { phone } = await customer();
    for (const from of ['16603', 'NESCO', '+919800000000', '', '01', '8801200000000']) await write(from, 'BAL');
    await write(phone, 'BAL', { to: `+${phone}` });
    await write(phone, 'Token: 1234 5678 9012 3456 7890. Tk 500.00');
    expect(new Set(await work())).toEqual(new Set(['no-phone', 'no-question']));
    expect(await answersTo(phone)).toEqual([]);
  });

  it('answers a phone ten times an hour, over all workers, and a stranger three times a day', async () => {
    const { phone, customerId } = await customer();
    for (let i = 0; i < 14; i++) await write(phone, 'BAL', { messageId: `B${i}` });
    const due = await takeDue(fresh.database, 1_000, 60_000, new Date(bench.now + 1_000));
    await Promise.all(due.map(({ refId }) => inbound.work(refId)));
    expect(await answersTo(phone)).toHaveLength(10);
    expect((await stored(phone)).filter(({ outcome }) => outcome === 'too-often')).toHaveLength(4);

    await write(phone, 'STOP');
    expect(await work()).toEqual(['too-often']);
    expect(await optedOut(fresh.database, [customerId])).toEqual(new Set([customerId]));
    bench.now += 3_600_000;
    await write(phone, 'BAL');
    expect(await work()).toEqual(['answer-balance']);

    const stranger = '8801999000002';
    for (let i = 0; i < 5; i++) await write(stranger, `TOK ${10_000_000 + i}`);
    await work();
    expect(await answersTo(stranger)).toHaveLength(3);
  });
});

describe('STOP and START', () => {
  it('stop and start notices for the customers of the phone, and leave a trace', async () => {
    const { phone, customerId, customerNo } = await customer();
    const wants = async () => !(await optedOut(fresh.database, [customerId])).has(customerId);
    const say = async (text: string) => {
      bench.now += 1_000;
      await write(phone, text);
      await work();
      return wants();
    };
    expect(await wants()).toBe(true);
    expect(await say('STOP')).toBe(false);
    expect(await say('START')).toBe(true);
    // The same words as before, within the time of copies: not one of them.
    expect(await say('STOP')).toBe(false);
    expect(await say('চালু')).toBe(true);
    expect((await answersTo(phone)).map(({ template }) => template)).toEqual([
      ...['answer-stop', 'answer-start', 'answer-stop', 'answer-start'],
    ]);
    const trail = await fresh.admin.read(
      "SELECT action FROM audit_events WHERE subject = ? AND action LIKE 'notice%'",
      [`customer:${customerNo}`],
    );
    expect(trail).toHaveLength(4);
  });

  it('ends with what was said last, in whatever order it is worked', async () => {
    const { phone, customerId } = await customer();
    await write(phone, 'STOP');
    await write(phone, 'START', { at: bench.now + 1_000 });
    const rows = await takeDue(fresh.database, 100, 60_000, new Date(bench.now + 5_000));
    for (const { refId } of rows.reverse()) await inbound.work(refId);
    expect(await optedOut(fresh.database, [customerId])).toEqual(new Set());
    expect(await new NoticeChoices(fresh.database).of(customerId)).toMatchObject({ wanted: true });
  });
});

it('keeps a message when a worker dies in the middle of it', async () => {
  const { phone } = await customer();
  await write(phone, 'BAL');
  // Whatever the worker did before it died was in one transaction, which nobody committed.
  const due = await takeDue(fresh.database, 1_000, 1, new Date(bench.now + 1_000));
  const item = due.find(({ topic }) => topic === 'sms-inbound');
  const broken = new InboundService(fresh.database, new VendingFacts(bench.vending), () => {
    throw new Error('died');
  });
  await expect(broken.work(item!.refId)).rejects.toThrow('died');
  expect(await stored(phone)).toMatchObject([{ state: 'RECEIVED' }]);
  expect(await fresh.admin.read('SELECT 1 FROM outbox WHERE ref_id = ?', [idToBytes(item!.refId)])).toHaveLength(1);
  expect(await work()).toEqual(['answer-balance']);
  expect(await answersTo(phone)).toHaveLength(1);
});
