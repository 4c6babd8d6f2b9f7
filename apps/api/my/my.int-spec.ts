/*
 * Proves over HTTP on a real database that a customer comes to the own page by the code on the own phone and by nothing
 * else, whoever guesses, asks at once or asks elsewhere; that no answer tells whether a meter exists; and that whoever is
 * in sees the own meters, receipts and tokens, the reading of tokens on record, and nobody else's.
 */
import { isId, newId, type Id } from '@vend/kernel';
import { oneTimeCodeSource } from '@vend/messages';
import { createDataSource, Database, takeDue, type Tx } from '@vend/platform';
import { CodeDesk, CustomerAccess, forgetVisits, OwnMeters } from '@vend/portal';
import { ApiWorld, type Answer } from '../../../test/support/api';
import { Counter, digitsOf, type CounterMeter } from '../../../test/support/counter';
import { textOfPdf } from '../../../test/support/paper';

jest.setTimeout(120_000);
let world: ApiWorld;
let counter: Counter;
beforeAll(async () => {
  world = await ApiWorld.create();
  counter = await Counter.of(world);
}, 60_000);
afterAll(() => world?.destroy());

interface Home extends CounterMeter {
  readonly mobile: string;
}
let phones = 30_000_000;
/** A meter whose customer nobody else has asked about, with a phone of its own. */
async function home(crediting: 'energy' | 'currency' = 'energy'): Promise<Home> {
  const meter = counter.take(crediting);
  const mobile = `88019${phones++}`;
  await world.fresh.admin.read('UPDATE customers SET mobile = ? WHERE customer_no = ?', [mobile, meter.customerNo]);
  return { ...meter, mobile };
}

const ask = (reference: string, mobile: string) => world.request('POST', '/v1/my/codes', { reference, mobile });
/** Does what the worker does for the codes that were asked for. */
async function work(): Promise<void> {
  const desk = new CodeDesk(world.fresh.database, world.sealingSecret);
  for (const { topic, refId } of await takeDue(world.fresh.database, 100, 1, new Date(Date.now() + 60_000))) {
    if (topic === 'portal-code') await Promise.all([desk.work(refId), desk.work(refId)]);
  }
}
const codeIdOf = async (ticket: string): Promise<Id | undefined> => {
  const [row] = await world.fresh.admin.read<{ id: string | null }>(
    `SELECT LOWER(INSERT(INSERT(INSERT(INSERT(HEX(code_id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) AS id
     FROM portal_asks WHERE id = UNHEX(REPLACE(?, '-', ''))`,
    [ticket],
  );
  return row?.id !== null && isId(row!.id) ? row!.id : undefined;
};
/** The code as the SMS says it. */
async function codeOf(ticket: string): Promise<string> {
  const codeId = (await codeIdOf(ticket))!;
  const [row] = await world.fresh.admin.read<{ id: Buffer }>('SELECT customer_id AS id FROM one_time_codes WHERE id = UNHEX(REPLACE(?, "-", ""))', [codeId]); // prettier-ignore
  const customer = row!.id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const said = await oneTimeCodeSource(world.sealingSecret)(world.fresh.database, [
    {
      ...{ messageId: codeId, template: 'one-time-code', subject: { kind: 'code', id: codeId }, values: {} },
      ...{ recipient: { kind: 'customer', id: customer }, language: 'bn', smsForm: 'words' },
    },
  ]);
  return said.get(codeId)!.values['code'] as string;
}
async function ticketFor(one: Home): Promise<string> {
  const answer = await ask(one.meterNo, one.mobile);
  await work();
  return answer.body.ticket as string;
}
const open = (ticket: string, code: string) => world.request('POST', '/v1/my/sessions', { ticket, code });
const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0]!;
async function come(one: Home): Promise<string> {
  const ticket = await ticketFor(one);
  return cookieOf(await open(ticket, await codeOf(ticket)));
}
const as = (cookie: string, method: 'GET' | 'POST', path: string, body?: object) =>
  world.request(method, `/v1/my/${path}`, body, { cookie, 'x-vend-page': '1' });
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('coming in', () => {
  it('opens with the code of the own phone, once, and sets a cookie that no script and no other site can use', async () => {
    const one = await home();
    const ticket = await ticketFor(one);
    const code = await codeOf(ticket);
    const answer = await open(ticket, code);
    expect(answer).toMatchObject({ status: 201, body: { expiresAt: expect.stringMatching(/\+06:00$/) } });
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^vend-my=[\w-]{43}; Path=\/v1\/my; Max-Age=4\d{4}; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.text).not.toContain(cookieOf(answer).slice('vend-my='.length));
    expect(await open(ticket, code)).toMatchObject({ status: 401, body: { code: 'code-refused' } });
    const trail = await world.fresh.admin.read(`SELECT action FROM audit_events WHERE actor = ?`, [
      `customer:${one.customerNo}`,
    ]);
    expect(trail).toEqual([{ action: 'own-page-opened' }]);
    const secure = await world.request('POST', '/v1/my/sessions', await right(await home()), { host: 'pay.example' });
    expect(String(secure.headers['set-cookie'])).toMatch(/^__Secure-vend-my=.*; Secure$/);
  });
  const right = async (one: Home) => {
    const ticket = await ticketFor(one);
    return { ticket, code: await codeOf(ticket) };
  };

  it('lets one of many answers at once in', async () => {
    const { ticket, code } = await right(await home());
    const answers = await Promise.all(Array.from({ length: 5 }, () => open(ticket, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
  });

  it('is over after five answers, however many come at once', async () => {
    const { ticket, code } = await right(await home());
    await Promise.all(Array.from({ length: 12 }, () => open(ticket, other(code))));
    expect(await open(ticket, code)).toMatchObject({ status: 401, body: { code: 'code-refused' } });
    const [row] = await world.fresh.admin.read(
      `SELECT a.tries, c.attempts, c.used_at FROM portal_asks a JOIN one_time_codes c ON c.id = a.code_id
       WHERE a.id = UNHEX(REPLACE(?, '-', ''))`,
      [ticket],
    );
    expect(row).toEqual({ tries: 5, attempts: 5, used_at: null });
  });

  it('answers the same whatever was typed, and sends nothing to whom it does not concern', async () => {
    const one = await home();
    const stranger = await home();
    const answers = [
      await ask(one.meterNo, one.mobile),
      await ask(one.meterNo, stranger.mobile),
      await ask('600727111111111153', one.mobile),
      await ask(one.customerNo, '01999999999'),
    ];
    const shape = { ticket: expect.stringMatching(/^[0-9a-f-]{36}$/), expiresAt: expect.stringMatching(/\+06:00$/) };
    for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: shape });
    expect(new Set(answers.map(({ text }) => text.length)).size).toBe(1);
    await work();
    const sent = await Promise.all(answers.map(({ body }) => codeIdOf(body.ticket as string)));
    expect(sent.map((id) => id !== undefined)).toEqual([true, false, false, false]);
    const refused = await Promise.all([...answers, { body: { ticket: newId() } }].map(({ body }) => open(body.ticket as string, '000000'))); // prettier-ignore
    const said = refused.map(({ status, body }) => ({ status, ...body, requestId: '' }));
    for (const each of said) expect(each).toEqual(said[0]);
    expect(said[0]).toMatchObject({ status: 401, code: 'code-refused' });
  });

  it('asks the database the same, statement for statement, whether there is such a customer or not', async () => {
    const [one, two] = [await home(), await home()];
    const watched = new Watched(world.fresh.database);
    const access = new CustomerAccess(watched as unknown as Database, world.sealingSecret);
    const statements = async (doing: () => Promise<unknown>) => {
      watched.statements.length = 0;
      const result = await doing().catch(() => undefined);
      return { result, statements: [...watched.statements] };
    };
    const address = '203.0.113.7';
    const known = await statements(() => access.ask({ reference: one.meterNo, mobile: one.mobile, address }));
    const foreign = await statements(() => access.ask({ reference: two.meterNo, mobile: '01999999998', address }));
    const nobody = await statements(() => access.ask({ reference: '12345678901', mobile: '01999999997', address }));
    expect(known.statements.length).toBeGreaterThan(3);
    expect(known.statements.join()).not.toMatch(/customers|meters|connections/);
    expect(foreign.statements).toEqual(known.statements);
    expect(nobody.statements).toEqual(known.statements);
    await work();
    const code = await codeOf(known.result as string);
    const type = (ticket: unknown) => statements(() => access.open(ticket as Id, { typed: other(code), address }));
    const wrong = await type(known.result);
    expect(wrong.statements.length).toBeGreaterThan(4);
    expect((await type(foreign.result)).statements).toEqual(wrong.statements);
    expect((await type(nobody.result)).statements).toEqual(wrong.statements);
  });

  it('asks the same of a code that is over as of none, while their tickets last', async () => {
    const [one, two] = [await home(), await home()];
    const known = await ticketFor(one);
    const unknown = (await ask(two.meterNo, '01999999996')).body.ticket as string;
    const code = await codeOf(known);
    const watched = new Watched(world.fresh.database);
    const sixMinutesOn = () => Date.now() + 6 * 60_000;
    const late = new CustomerAccess(watched as unknown as Database, world.sealingSecret, sixMinutesOn);
    const typed = async (ticket: string, digits: string) => {
      watched.statements.length = 0;
      const said = await late.open(ticket, { typed: digits, address: '203.0.113.8' }).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      );
      return { said, statements: [...watched.statements] };
    };
    const nothing = await typed(unknown, code);
    expect(nothing.said).toBe('code-refused');
    expect(await typed(known, other(code))).toEqual(nothing);
    expect(await typed(known, code)).toEqual(nothing);
  });

  it('is not kept out by whoever asks for the own phone with other numbers', async () => {
    const one = await home();
    const guesses = Array.from({ length: 10 }, (_, n) => ask(`9999999${String(n).padStart(4, '0')}`, one.mobile));
    expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual(guesses.map(() => 202));
    expect((await ask(one.meterNo, one.mobile)).status).toBe(202);
  });

  it('counts what a phone is asked for with one number over all processes, and says how long to wait', async () => {
    const one = await home();
    const second = new Database(await createDataSource({ url: world.fresh.url, poolSize: 4 }).initialize());
    try {
      const doors = [world.fresh.database, second].map((each) => new CustomerAccess(each, world.sealingSecret));
      const asks = Array.from({ length: 12 }, (_, n) =>
        doors[n % 2]!.ask({ reference: one.meterNo, mobile: one.mobile, address: `203.0.113.${n}` }).then(
          () => 'taken',
          (error: { code: string }) => error.code,
        ),
      );
      expect((await Promise.all(asks)).filter((each) => each === 'taken')).toHaveLength(5);
      const answer = await ask(one.meterNo, one.mobile);
      expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-codes', retryable: true } });
      const seconds = answer.body.retryAfterSeconds as number;
      expect(seconds).toBeGreaterThan(3_000);
      expect(answer.headers['retry-after']).toBe(String(seconds));
      await work();
      const [row] = await world.fresh.admin.read(
        'SELECT COUNT(*) AS n FROM one_time_codes o JOIN customers c ON c.id = o.customer_id WHERE c.mobile = ?',
        [one.mobile],
      );
      expect(Number(row!['n'])).toBe(5);
    } finally {
      await second.dataSource.destroy();
    }
  });

  it.each([
    [{ reference: 'x<y', mobile: '01700000001' }, 400, 'field-invalid'],
    [{ reference: '12345678901', mobile: '00000000000' }, 422, 'mobile-invalid'],
  ])('refuses %j', async (body, status, code) => {
    expect(await world.request('POST', '/v1/my/codes', body)).toMatchObject({ status, body: { code } });
  });
});

describe('being in', () => {
  it('ends by leaving, when the phone is another, and for whoever comes from another site', async () => {
    const one = await home();
    const cookie = await come(one);
    const mine = (headers: Record<string, string> = {}) =>
      world.request('GET', '/v1/my/meters', undefined, { cookie, ...headers });
    expect((await mine()).status).toBe(200);
    const refused = { status: 401, body: { code: 'own-session-missing' } };
    const foreign = await world.request('POST', '/v1/my/notices', { wanted: false }, { cookie });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'page-header-missing' } });
    await world.fresh.admin.read('UPDATE customers SET mobile = ? WHERE customer_no = ?', ['8801999999996', one.customerNo]); // prettier-ignore
    expect(await mine()).toMatchObject(refused);
    await world.fresh.admin.read('UPDATE customers SET mobile = ? WHERE customer_no = ?', [one.mobile, one.customerNo]);
    const left = await as(cookie, 'POST', 'sessions/logout');
    expect(left).toMatchObject({ status: 200, body: { left: true } });
    expect(String(left.headers['set-cookie'])).toMatch(/^vend-my=; Path=\/v1\/my; Max-Age=0; /);
    expect(await mine()).toMatchObject(refused);
  });

  it('shows the account, the quote with its reasons, the receipts by pages, and the tokens on record', async () => {
    const one = await home();
    const sales = [];
    for (const amount of ['3000.00', '500.00', '600.00']) sales.push(await counter.sold(one.meterNo, amount));
    const cookie = await come(one);
    const account = await as(cookie, 'GET', `meters/${one.meterNo}`);
    expect(account).toMatchObject({
      status: 200,
      body: {
        ...{ meterNo: one.meterNo, customerNo: one.customerNo, nickname: null, crediting: 'energy' },
        ...{ arrears: { value: '0.00' }, nextUnit: { value: expect.stringMatching(/^\d+\.\d\d$/) } },
        due: { months: [], fixedCharges: { value: '0.00' } },
        nextUnitUntilKwh: expect.stringMatching(/^\d+\.\d$/),
      },
    });
    const kwh = sales.reduce((sum, { body }) => sum + Math.round(Number(body.energy.kwh) * 10), 0);
    expect(Math.round(Number(account.body.boughtKwh) * 10)).toBe(kwh);
    const quote = await as(cookie, 'POST', 'quotes', { meterNo: one.meterNo, amount: '500.00' });
    expect(quote).toMatchObject({ status: 200, body: { amount: { value: '500.00' } } });
    expect(quote.body.lines[0]).toMatchObject({ code: 'vat', why: { bn: expect.stringContaining('500') } });
    expect(quote.body).not.toHaveProperty('quoteId');

    const first = await as(cookie, 'GET', `meters/${one.meterNo}/recharges?limit=2`);
    const rest = await as(cookie, 'GET', `meters/${one.meterNo}/recharges?limit=2&cursor=${first.body.nextCursor}`);
    const items = [...first.body.items, ...rest.body.items] as { rechargeId: string; amount: { value: string } }[];
    expect(items.map(({ amount }) => amount.value)).toEqual(['600.00', '500.00', '3000.00']);
    expect(rest.body.nextCursor).toBeNull();
    const [latest] = items;
    const receipt = await as(cookie, 'GET', `recharges/${latest!.rechargeId}`);
    expect(receipt.body).toMatchObject({ receiptNo: sales[2]!.body.receiptNo, tokenCount: 1 });
    const linked = await as(cookie, 'GET', `receipts/${sales[2]!.body.receiptNo}`);
    expect(linked.body).toEqual(receipt.body);
    const [digits] = digitsOf(sales[2]!);
    expect([first, rest, receipt, linked].some(({ text }) => text.includes(digits!))).toBe(false);

    const tokens = await as(cookie, 'POST', `recharges/${latest!.rechargeId}/tokens`);
    const { sampleTables } = sales[2]!.body;
    expect(tokens.body).toMatchObject({ tokens: [{ sequence: 1, of: 1, kind: 'credit', digits }], sampleTables });
    const pdf = await world.app.inject({
      url: `/v1/my/recharges/${latest!.rechargeId}/receipt.pdf`,
      headers: { cookie, 'x-vend-page': '1' },
    });
    // A counter has handed out the original.
    const paper = textOfPdf(pdf.rawPayload);
    expect(paper).toEqual(expect.arrayContaining(['অনুলিপি', digits!.match(/.{4}/g)!.join(' ')]));
    const [trail] = await world.fresh.admin.read(
      `SELECT actor, subject, detail FROM audit_events WHERE action = 'own-tokens-read' AND actor = ?`,
      [`customer:${one.customerNo}`],
    );
    expect(trail).toMatchObject({ subject: `recharge:${latest!.rechargeId}` });
    expect(JSON.stringify(trail)).not.toContain(digits);
    expect(world.logged).not.toContain(digits!);
    expect(world.logged).not.toContain(one.mobile);
  });

  it('draws twenty receipts an hour for one customer, on whatever device, and more an hour later', async () => {
    const [one, two] = [await home(), await home()];
    const [cookie, other] = [await come(one), await come(one)];
    const rechargeId = (await counter.sold(one.meterNo)).body.rechargeId as string;
    const pdf = (session: string) => as(session, 'GET', `recharges/${rechargeId}/receipt.pdf`);
    const token = (session: string) => session.replace('vend-my=', '');
    const access = new CustomerAccess(world.fresh.database, world.sealingSecret);
    const visitor = await access.visitor(token(cookie));
    const own = new OwnMeters(world.fresh.database);
    await Promise.all(Array.from({ length: 19 }, () => own.takeReceiptTurn(visitor)));
    const last = await Promise.all([pdf(cookie), pdf(other)]);
    expect(last.map(({ status }) => status).sort()).toEqual([200, 429]);
    const refused = await pdf(other);
    expect(refused.body).toMatchObject({ code: 'too-many-receipts', retryable: true });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000);
    await own.takeReceiptTurn(await access.visitor(token(await come(two))));
    await new OwnMeters(world.fresh.database, () => Date.now() + 3_600_000).takeReceiptTurn(visitor);
  });

  it('shows nothing of anybody else', async () => {
    const [one, two] = [await home(), await home('currency')];
    const { rechargeId: theirs, receiptNo } = (await counter.sold(two.meterNo)).body as Record<string, string>;
    const mine = (await counter.sold(one.meterNo)).body.rechargeId as string;
    const cookie = await come(one);
    expect((await as(cookie, 'GET', 'meters')).body.items).toHaveLength(1);
    const answers = await Promise.all([
      as(cookie, 'GET', `meters/${two.meterNo}`),
      as(cookie, 'POST', `meters/${two.meterNo}/nickname`, { nickname: 'x' }),
      as(cookie, 'GET', `meters/${two.meterNo}/recharges`),
      as(cookie, 'GET', `meters/${one.meterNo}/recharges?cursor=${theirs}`),
      as(cookie, 'GET', `recharges/${theirs}`),
      as(cookie, 'POST', `recharges/${theirs}/tokens`),
      as(cookie, 'GET', `recharges/${theirs}/receipt.pdf`),
      as(cookie, 'POST', 'quotes', { meterNo: two.meterNo, amount: '500.00' }),
      as(cookie, 'GET', `recharges/${newId()}`),
      as(cookie, 'GET', `receipts/${receiptNo}`),
      as(cookie, 'GET', 'receipts/NV-000000-0000000000'),
    ]);
    const said = answers.map(({ status, body }) => [status, body.code]);
    expect(said).toEqual(answers.map(() => [404, 'own-meter-not-found']));
    expect((await as(cookie, 'GET', `recharges/${mine}`)).status).toBe(200);
    const elsewhere = await world.request('GET', `/v1/recharges/${mine}`, undefined, { cookie });
    expect(elsewhere).toMatchObject({ status: 401, body: { code: 'session-missing' } });
  });

  it('leads from a payment to the recharge that came of it, for whose meter it is', async () => {
    const [one, two] = [await home(), await home()];
    const orderFor = async (meter: Home, no: string): Promise<string> => {
      const { rechargeId } = (await counter.sold(meter.meterNo)).body as { rechargeId: string };
      await world.fresh.admin.read(
        `INSERT INTO checkout_orders (id, order_no, request_id, provider, reference, amount_paisa, language, address, state,
           trx_id, paid_paisa, paid_at, recharge_id, created_at, expires_at, changed_at)
         VALUES (UNHEX(REPLACE(?, '-', '')), ?, UNHEX(REPLACE(?, '-', '')), 'demo-cards', ?, 50000, 'bn', '203.0.113.9', 'PAID',
           ?, 50000, NOW(3), UNHEX(REPLACE(?, '-', '')), NOW(3), NOW(3), NOW(3))`,
        [newId(), no, newId(), meter.meterNo, `TRX${no}`, rechargeId],
      );
      return rechargeId;
    };
    const mine = await orderFor(one, 'VMINE');
    await orderFor(two, 'VTHEIRS');
    const cookie = await come(one);
    const status = (orderNo: string) => as(cookie, 'POST', 'payments/status', { orderNo });
    const vended = { state: 'VENDED', final: true, amount: { value: '500.00' } };
    expect(await status('VMINE')).toMatchObject({ status: 200, body: { ...vended, rechargeId: mine } });
    expect(await status('VTHEIRS')).toMatchObject({ status: 200, body: { ...vended, rechargeId: null } });
    expect(await status('VNOBODYS')).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    const out = await world.request('POST', '/v1/my/payments/status', { orderNo: 'VMINE' });
    expect(out).toMatchObject({ status: 401, body: { code: 'own-session-missing' } });
  });

  it('names meters, several of one phone, and stops and starts notices', async () => {
    const [one, two] = [await home(), await home('currency')];
    await world.fresh.admin.read('UPDATE customers SET mobile = ? WHERE customer_no = ?', [one.mobile, two.customerNo]);
    const cookie = await come(one);
    expect((await as(cookie, 'POST', `meters/${two.meterNo}/nickname`, { nickname: ' দোকান ' })).body.nickname).toBe(
      'দোকান',
    );
    const { items } = (await as(cookie, 'GET', 'meters')).body as { items: { meterNo: string; nickname: string }[] };
    expect(Object.fromEntries(items.map(({ meterNo, nickname }) => [meterNo, nickname]))).toEqual({
      ...{ [one.meterNo]: null, [two.meterNo]: 'দোকান' },
    });
    expect((await as(cookie, 'POST', `meters/${two.meterNo}/nickname`, { nickname: '' })).body.nickname).toBeNull();
    expect((await as(cookie, 'GET', 'notices')).body).toEqual({ wanted: true });
    expect((await as(cookie, 'POST', 'notices', { wanted: false })).body).toEqual({ wanted: false });
    expect((await as(cookie, 'GET', 'notices')).body).toEqual({ wanted: false });
  });
});

it('forgets what was typed after a day, and sessions a month after their end', async () => {
  await home().then(come);
  const rows = async () => {
    const tables = ['portal_asks', 'portal_counts', 'portal_sessions'];
    const all = await Promise.all(tables.map((table) => world.fresh.admin.read(`SELECT 1 FROM ${table}`)));
    return all.map(({ length }) => length > 0);
  };
  await forgetVisits(world.fresh.database, Date.now());
  expect(await rows()).toEqual([true, true, true]);
  const done = await forgetVisits(world.fresh.database, Date.now() + 2 * 86_400_000);
  expect(done.codeAsks).toBeGreaterThan(0);
  expect(await rows()).toEqual([false, false, true]);
  await forgetVisits(world.fresh.database, Date.now() + 32 * 86_400_000);
  expect(await rows()).toEqual([false, false, false]);
});

/** The database, writing down what it is asked. */
class Watched {
  readonly statements: string[] = [];
  constructor(private readonly database: Database) {}
  transaction<T>(doing: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction((tx) =>
      doing({
        query: (sql, values) => (this.statements.push(sql), tx.query(sql, values)),
        write: (sql, values) => (this.statements.push(sql), tx.write(sql, values)),
      }),
    );
  }
}
