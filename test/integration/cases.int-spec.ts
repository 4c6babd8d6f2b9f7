/*
 * Proves over HTTP, on a real database, token server, SMS gateway and worker's handlers, that a complaint has one number
 * whoever repeats, that unexplained money opens one case and leaves by one of its two ways once, and that a case closes
 * with a true outcome only. The books' laws hold at the end of each.
 */
import { AutomaticCases, CasesService } from '@vend/cases';
import { idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { InboxService } from '@vend/payments';
import { Database, takeDue, type Tx } from '@vend/platform';
import { SmsHttpV3Gateway } from '@vend/sms';
import { VendCancellation, VendingService } from '@vend/vending';
import { LedgerService } from '@vend/ledger';
import { PriceBooks } from '@vend/pricebook';
import { pino } from 'pino';
import { InboxHandler } from '../../apps/worker/callbacks/inbox.handler';
import { CaseHandler } from '../../apps/worker/cases/case.handler';
import { ADDRESS_BOOK } from '../../apps/worker/messages/addresses';
import { MessageHandler } from '../../apps/worker/messages/message.handler';
import { messageSources } from '../../apps/worker/messages/sources';
import { ReceiptHandler } from '../../apps/worker/receipts/receipt.handler';
import { PendingVendHandler } from '../../apps/worker/vends/pending-vend.handler';
import { sandboxFiles, startSandbox } from '../e2e/sandbox-support';
import { ApiWorld, type Answer } from '../support/api';
import { brokenLaws } from '../support/books';
import { Outside } from '../support/callers';
import { seedProvider } from '../support/providers';

jest.setTimeout(60_000);
const CUSTOMER = '61000001';
const MOBILE = '8801700000001';
const CASE_NO = /^C-\d{2}-\d{4,8}-\d$/;

let world: ApiWorld;
let files: Awaited<ReturnType<typeof sandboxFiles>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let gateway: SmsHttpV3Gateway;
let outside: Outside;
beforeAll(async () => {
  world = await ApiWorld.create();
  files = await sandboxFiles();
  sandbox = await startSandbox(files.config);
  gateway = new SmsHttpV3Gateway({ baseUrl: `${sandbox.url}/sms`, apiToken: 'test', sid: 'NESCO' });
  outside = new Outside(sandbox.url);
  // Logged in one after the other: a code of the second factor is good once.
  for (const who of ['clerk', 'call-centre', 'supervisor', 'accounts']) await world.as(who, 'GET', '/v1/cases');
  // The sample's customers are of other offices than the people of this world.
  await world.fresh.admin.transaction((tx) =>
    tx.write(`UPDATE customers SET office = 'Rajshahi' WHERE customer_no < '61000100'`),
  );
}, 120_000);
afterAll(async () => {
  await gateway?.close();
  await sandbox?.app.close();
  await files?.remove();
  await world?.destroy();
});
afterEach(async () => {
  expect(await brokenLaws(world.fresh.admin)).toEqual([]);
});

const log = pino({ level: 'silent' });
/** Does what the relay and the queues do: every due row, by its topic, until none is due. */
async function work(database: Database = world.fresh.database): Promise<void> {
  const of = <T>(type: new (...some: never[]) => T) => world.app.get<T>(type, { strict: false });
  const vending = of(VendingService);
  const inbox = of(InboxService);
  const handlers = {
    receipt: new ReceiptHandler(database, vending, gateway, log),
    'pending-vend': new PendingVendHandler(database, vending, log),
    inbox: new InboxHandler(database, inbox, of(MetersService), vending, log),
    case: new CaseHandler(database, new AutomaticCases(database, inbox, vending), log),
    'sms-notice': new MessageHandler('sms-notice', {
      ...{
        database,
        sms: gateway,
        sources: messageSources({ vending, secret: world.sealingSecret, receiptLink: undefined }),
        log,
      },
      addresses: ADDRESS_BOOK,
    }),
  };
  for (let round = 0; round < 10; round++) {
    const due = await takeDue(database, 100, 60_000, new Date(Date.now() + 1_000));
    if (due.length === 0) return;
    for (const { topic, refId } of due) await handlers[topic as keyof typeof handlers].handle([refId]);
  }
  throw new Error('there is no end of work');
}

const post = async (who: string, url: string, body: object, key?: string): Promise<Answer> => {
  const answer = await world.as(who, 'POST', url, body, key === undefined ? {} : { 'idempotency-key': key });
  if (answer.status >= 500) throw new Error(`${url}: HTTP ${answer.status} ${world.logged.slice(-2_000)}`);
  return answer;
};
const show = (caseNo: string, who = 'call-centre') => world.as(who, 'GET', `/v1/cases/${caseNo}`);
const open = (over: object = {}, key: string = newId(), who = 'call-centre') =>
  post(who, '/v1/cases', { kind: 'token-not-received', customerNo: CUSTOMER, words: 'nothing came', ...over }, key);
async function meterNo(customerNo = CUSTOMER): Promise<string> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: customerNo });
  return found.body.items[0].meterNo as string;
}
async function count(sql: string, parameters: unknown[] = []): Promise<number> {
  const [row] = await world.fresh.admin.read<{ n: string }>(`SELECT COUNT(*) AS n FROM ${sql}`, parameters);
  return Number(row!.n);
}
const smsWith = async (text: string) =>
  (await outside.inbox({ mobile: MOBILE })).filter((sms: { text: string }) => sms.text.includes(text));

let events = 0;
/** A provider says that somebody paid. */
async function topUp(over: object = {}) {
  const transactionId = `TX-${++events}`;
  const body = {
    ...{ eventId: `EV-${events}`, transactionId, reference: '40999999', amount: '700.00', currency: 'BDT' },
    ...{ status: 'paid', paidAt: '2026-11-21T10:00:00+06:00', ...over },
  };
  expect((await world.signed('/v1/callbacks/topup', body)).status).toBe(200);
  return body;
}
/** The machine's case about a transaction. */
async function caseOf(transactionId: string): Promise<Answer['body']> {
  const { body } = await world.as('call-centre', 'GET', '/v1/cases?view=office&limit=100');
  const row = (body.items as { caseNo: string; automatic: boolean }[]).filter(({ automatic }) => automatic);
  const cases = await Promise.all(row.map(async ({ caseNo }) => (await show(caseNo)).body));
  const mine = cases.filter(({ payment }) => payment?.sourceRef === transactionId);
  expect(mine).toHaveLength(1);
  return mine[0];
}
/** Money for a meter that nobody knows, and its case. */
async function unexplained(over: object = {}): Promise<Answer['body']> {
  const { transactionId } = await topUp(over);
  await work();
  return caseOf(transactionId);
}
/** Asks, has a second person approve, and gives back how to ask again. */
async function approved(who: string, url: string, body: object, by: string): Promise<() => Promise<Answer>> {
  const key = newId();
  const ask = () => post(who, url, body, key);
  const first = await ask();
  expect(first).toMatchObject({ status: 202, body: { approval: { state: 'PENDING' } } });
  const answer = await world.as(by, 'POST', `/v1/approvals/${first.body.approval.id}/approve`, {});
  expect(answer).toMatchObject({ status: 200 });
  return ask;
}

describe('a complaint', () => {
  it('gets one number, told once by SMS, however often and at once it is sent', async () => {
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open({}, key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
    const [{ caseNo }] = answers.map(({ body }) => body);
    expect(caseNo).toMatch(CASE_NO);
    expect(new Set(answers.map(({ body }) => body.caseNo)).size).toBe(1);
    await work();
    await work();
    expect(await smsWith(caseNo)).toHaveLength(1);
    expect(await open({ words: 'something else' }, key)).toMatchObject({
      status: 409,
      body: { code: 'case-key-conflict' },
    });
    const said = await show(caseNo.replaceAll('-', ' ').toLowerCase());
    expect(said.body).toMatchObject({ caseNo, state: 'open', customerNo: CUSTOMER, queue: 'call-centre', version: 1 });
    expect(world.logged).not.toContain(MOBILE.slice(3));
  });

  it('hangs on a payment, a receipt, a meter or a customer that belong together', async () => {
    const meter = await meterNo();
    const quote = await post('clerk', '/v1/quotes', { meterNo: meter, amount: '900.00' });
    const sold = await post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId }, newId());
    const { rechargeId, receiptNo } = sold.body;
    const about = { customerNo: undefined };
    for (const subject of [{ rechargeId }, { receiptNo }, { meterNo: meter }, { rechargeId, meterNo: meter }]) {
      expect(await open({ ...about, ...subject })).toMatchObject({
        status: 201,
        body: { meterNo: meter, customerNo: CUSTOMER },
      });
    }
    expect(await open(about)).toMatchObject({ status: 422, body: { code: 'case-subject-missing' } });
    const other = { rechargeId, meterNo: await meterNo('61000002') };
    expect(await open({ ...about, ...other })).toMatchObject({ status: 422, body: { code: 'case-subjects-differ' } });
    expect(await open({ ...about, rechargeId: newId() })).toMatchObject({ status: 404 });
    const paid = await open({ kind: 'bill-due', rechargeId });
    expect(paid.body.payment).toMatchObject({ status: 'vended', waysOut: [] });
    expect(paid.text).not.toContain(sold.body.tokens[0].digits);
    await work();
  });

  it('lets one of two agents change it, and keeps both their notes', async () => {
    const { caseNo } = (await open()).body;
    const url = `/v1/cases/${caseNo}`;
    const both = await Promise.all([
      post('call-centre', `${url}/assign`, { version: 1, owner: 'call-centre' }),
      post('accounts', `${url}/assign`, { version: 1, queue: 'accounts' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [loser] = both.filter(({ status }) => status === 409);
    expect(loser!.body).toMatchObject({ code: 'case-changed', version: 2 });
    await Promise.all(['first', 'second'].map((words) => post('clerk', `${url}/notes`, { words })));
    const { body } = await show(caseNo);
    expect(body.version).toBe(2);
    const notes = body.events.filter(({ what }: { what: string }) => what === 'note');
    expect(notes.map(({ words }: { words: string }) => words).sort()).toEqual(['first', 'second']);
    expect(await count(`audit_events WHERE subject = ?`, [`case:${caseNo}`])).toBe(body.events.length);
  });

  it('closes with an outcome and an SMS, and opens again within seven days', async () => {
    const { caseNo } = (await open()).body;
    const url = `/v1/cases/${caseNo}`;
    const step = (what: string, body: object) => post('call-centre', `${url}/${what}`, body);
    expect(await step('assign', { version: 1, owner: 'nobody' })).toMatchObject({ body: { code: 'case-owner-unfit' } });
    expect(await step('assign', { version: 1, owner: 'auditor' })).toMatchObject({
      body: { code: 'case-owner-unfit' },
    });
    expect(await step('assign', { version: 1 })).toMatchObject({ status: 400 });
    expect((await step('assign', { version: 1, owner: 'call-centre' })).body).toMatchObject({
      state: 'assigned',
      version: 2,
    });
    const waits = await step('wait', { version: 2, waitingFor: 'the line crew' });
    expect(waits.body).toMatchObject({ state: 'waiting', waitingFor: 'the line crew', owner: 'call-centre' });
    const closing = { version: 3, words: 'it came after all' };
    expect(await step('close', { ...closing, outcome: 'refunded' })).toMatchObject({
      body: { code: 'case-outcome-untrue' },
    });
    expect((await step('close', { ...closing, outcome: 'explained' })).body).toMatchObject({
      state: 'closed',
      outcome: 'explained',
    });
    expect(await step('wait', { version: 4, waitingFor: 'the bank' })).toMatchObject({
      status: 409,
      body: { code: 'case-closed' },
    });
    const again = await step('reopen', { version: 4, words: 'the meter refuses it' });
    expect(again.body).toMatchObject({ state: 'assigned', owner: 'call-centre', outcome: null, closedAt: null });
    expect(await step('reopen', { version: 5, words: 'as told' })).toMatchObject({ body: { code: 'case-not-closed' } });
    await step('close', { version: 5, outcome: 'token-sent-again', words: 'read out by phone' });
    await work();
    // One when it opened, one for each closing; the second says how it ended.
    const told = (await smsWith(caseNo)).map(({ text }: { text: string }) => text);
    expect(told).toHaveLength(3);
    expect(told.filter((text: string) => text.includes('টোকেন আবার পাঠানো হয়েছে'))).not.toHaveLength(0);
  });

  it('is another office’s business: not there for a clerk elsewhere, there for who sees all', async () => {
    const { caseNo } = (await open({ customerNo: '61000150' })).body;
    expect(await show(caseNo, 'clerk')).toMatchObject({ status: 404, body: { code: 'case-not-found' } });
    expect((await post('clerk', `/v1/cases/${caseNo}/notes`, { words: 'as told' })).status).toBe(404);
    expect((await show(caseNo)).status).toBe(200);
    const listed = await world.as('clerk', 'GET', '/v1/cases?view=office&limit=100');
    expect(listed.text).not.toContain(caseNo);
    expect(await show('C-26-1234-0')).toMatchObject({ status: 422, body: { code: 'case-number-wrong' } });
  });
});

describe('the clock of Dhaka', () => {
  it('sets deadlines, lists the overdue first, and lets a case open again to the end of the seventh day', async () => {
    let now = Date.UTC(2026, 10, 22, 4, 30);
    const { database } = world.fresh;
    const service = new CasesService(database, () => now);
    const reader = {
      user: {
        userId: newId(),
        username: 'clock-watcher',
        name: 'x',
        role: 'call-centre',
        station: 'NESCO-RAJ-01',
      } as const,
      offices: 'all' as const,
    };
    const file = async (kind: 'bill' | 'supply') =>
      (await service.open(reader, { key: newId(), kind, about: { customerNo: CUSTOMER }, words: 'as told' })).card;
    const bill = await file('bill');
    const supply = await file('supply');
    expect(new Date(supply.dueAt).toISOString()).toBe('2026-11-23T04:30:00.000Z');
    expect(new Date(bill.dueAt).toISOString()).toBe('2026-11-29T18:00:00.000Z');
    const listed = async (view: 'overdue' | 'office') =>
      (await service.queue(reader, { view, limit: 100 }))
        .map(({ number }) => number)
        .filter((number) => [bill.number, supply.number].includes(number));
    expect(await listed('overdue')).toEqual([]);
    now = supply.dueAt + 1;
    expect(await listed('overdue')).toEqual([supply.number]);
    now = bill.dueAt + 1;
    expect(await listed('overdue')).toEqual([supply.number, bill.number]);
    expect(await listed('office')).toEqual([supply.number, bill.number]);

    const outcome = { outcome: 'bill-corrected', words: 'as told' } as const;
    await service.close(reader, { number: bill.number, version: 1 }, outcome);
    await service.close(
      reader,
      { number: supply.number, version: 1 },
      { outcome: 'supply-restored', words: 'as told' },
    );
    // Closed on 30 November in Dhaka.
    now = Date.UTC(2026, 11, 7, 17, 59, 59, 999);
    const again = await service.reopen(reader, { number: bill.number, version: 2 }, 'wrong again');
    expect(new Date(again.dueAt).toISOString()).toBe('2026-12-14T18:00:00.000Z');
    now += 1;
    await expect(service.reopen(reader, { number: supply.number, version: 2 }, 'x')).rejects.toMatchObject({
      code: 'case-reopen-late',
    });
    await work();
  });

  it('pages through the queue without losing or repeating one', async () => {
    const whole = await world.as('call-centre', 'GET', '/v1/cases?view=office&limit=100');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await world.as(
        'call-centre',
        'GET',
        `/v1/cases?view=office&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.body.items.map(({ caseNo }: { caseNo: string }) => caseNo));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(whole.body.items.map(({ caseNo }: { caseNo: string }) => caseNo));
  });
});

describe('unexplained money', () => {
  it('opens one case, whoever looks how often, and though the first who looked died', async () => {
    const { transactionId } = await topUp();
    const { database } = world.fresh;
    class Dying extends Database {
      override transaction<T>(job: (tx: Tx) => Promise<T>): Promise<T> {
        return super.transaction(async (tx) => {
          const done = await job(tx);
          await tx.write('KILL CONNECTION_ID()').catch(() => undefined);
          return done;
        }, 1);
      }
    }
    const due = (await takeDue(database, 10, 60_000, new Date(Date.now() + 1_000))).find(
      ({ topic }) => topic === 'inbox',
    );
    const of = <T>(type: unknown) => world.app.get<T>(type as never, { strict: false });
    const inbox = of<InboxService>(InboxService);
    const vending = of<VendingService>(VendingService);
    await new InboxHandler(database, inbox, of(MetersService), vending, log).handle([due!.refId]);
    const [payment] = await world.fresh.admin.read<{ id: Buffer }>('SELECT id FROM recharges WHERE source_ref = ?', [
      transactionId,
    ]);
    const [row] = await world.fresh.admin.read<{ ref_id: Buffer }>(`SELECT ref_id FROM outbox WHERE topic = 'case'`);
    expect(row!.ref_id).toEqual(payment!.id);
    const refId: Id = idFromBytes(payment!.id);

    await expect(new AutomaticCases(new Dying(database.dataSource), inbox, vending).handle(refId)).rejects.toThrow();
    expect(await count('cases WHERE recharge_id = ?', [payment!.id])).toBe(0);
    expect(await count(`outbox WHERE topic = 'case' AND ref_id = ?`, [payment!.id])).toBe(1);

    const automatic = new AutomaticCases(database, inbox, vending);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => automatic.handle(refId)));
    expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1);
    expect(await count('cases WHERE recharge_id = ?', [payment!.id])).toBe(1);
    expect(await count(`outbox WHERE topic = 'case'`)).toBe(0);
    expect(await caseOf(transactionId)).toMatchObject({
      kind: 'unexplained-money',
      queue: 'accounts',
      office: '',
      payment: {
        status: 'refund-due',
        amount: { value: '700.00' },
        typedReference: '40999999',
        waysOut: ['apply', 'refund'],
      },
    });
  });

  it('goes to the right meter with a second person, once, and the provider’s repeat finds it there', async () => {
    const { caseNo, version, payment } = await unexplained();
    const url = `/v1/cases/${caseNo}`;
    const closing = { version, outcome: 'vended', words: 'as told' };
    expect(await post('accounts', `${url}/close`, closing)).toMatchObject({
      status: 409,
      body: { code: 'case-money-open' },
    });
    const body = { meterNo: await meterNo('61000003'), reason: 'one digit mistyped' };
    const before = await world.footprint();
    const ask = await approved('accounts', `${url}/apply`, body, 'supervisor');
    expect(await world.footprint()).toBe(before);
    const answers = await Promise.all(Array.from({ length: 6 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect((await ask()).body.payment).toMatchObject({ status: 'vended', meterNo: body.meterNo, waysOut: [] });
    expect(
      await count('vends v JOIN recharges r ON r.id = v.recharge_id WHERE r.source_ref = ?', [payment.sourceRef]),
    ).toBe(1);
    expect(await post('accounts', `${url}/apply`, body, newId())).toMatchObject({ body: { code: 'payment-not-owed' } });
    const closed = await post('accounts', `${url}/close`, { ...closing, version: (await show(caseNo)).body.version });
    expect(closed.body).toMatchObject({ state: 'closed', outcome: 'vended' });

    await topUp({ transactionId: payment.sourceRef });
    await work();
    const [inbox] = await world.fresh.admin.read('SELECT state, outcome FROM inbox ORDER BY id DESC LIMIT 1');
    expect(inbox).toEqual({ state: 'DONE', outcome: 'vended' });
  });

  it('goes back to the payer once, out of what the provider owes us', async () => {
    const { caseNo, payment } = await unexplained({ amount: '123.45' });
    const url = `/v1/cases/${caseNo}`;
    const body = { from: 'provider', reference: 'REV-1', reason: 'no such meter here' };
    const ask = await approved('accounts', `${url}/refund`, body, 'supervisor');
    const answers = await Promise.all(Array.from({ length: 6 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers[0]!.body.payment).toMatchObject({ status: 'refunded', waysOut: [] });
    const entries = await world.fresh.admin.read(
      `SELECT d.code AS debit, c.code AS credit, p.amount_paisa AS paisa FROM ledger_entries e
       JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts d ON d.id = p.debit_account_id
       JOIN ledger_accounts c ON c.id = p.credit_account_id WHERE e.template = 'refund' AND e.business_id = ?`,
      [idToBytes(payment.rechargeId as Id)],
    );
    expect(entries).toEqual([{ debit: 'unspent-payments', credit: 'receivable:demo-partner', paisa: '12345' }]);
    const version = (await show(caseNo)).body.version;
    const close = (outcome: string) => post('accounts', `${url}/close`, { version, outcome, words: 'as told' });
    expect(await close('vended')).toMatchObject({ body: { code: 'case-outcome-untrue' } });
    expect(await close('refunded')).toMatchObject({ status: 200 });
  });

  it('leaves by one way when both are tried at once', async () => {
    const { caseNo, payment } = await unexplained();
    const url = `/v1/cases/${caseNo}`;
    const meter = await meterNo('61000004');
    const [apply, refund] = await Promise.all([
      approved('accounts', `${url}/apply`, { meterNo: meter, reason: 'as agreed' }, 'supervisor'),
      approved('supervisor', `${url}/refund`, { from: 'cash', reference: 'CV-1', reason: 'as agreed' }, 'accounts'),
    ]);
    const answers = await Promise.all([apply(), refund()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const vends = await count('vends WHERE recharge_id = ?', [idToBytes(payment.rechargeId as Id)]);
    const refunds = await count('payment_refunds WHERE recharge_id = ?', [idToBytes(payment.rechargeId as Id)]);
    expect(vends + refunds).toBe(1);
    await work();
  });

  it('puts a provider’s second word about a payment into its one case', async () => {
    const first = await unexplained();
    await topUp({ transactionId: first.payment.sourceRef, amount: '900.00' });
    await work();
    const { events: happened } = await caseOf(first.payment.sourceRef as string);
    const said = happened.filter(({ what }: { what: string }) => what === 'payment-event');
    expect(said).toHaveLength(1);
    expect(said[0].words).toContain('900.00');
  });

  it('refuses what no vend could follow before anybody is asked', async () => {
    const { caseNo } = await unexplained({ amount: '5.00' });
    const apply = await post(
      'accounts',
      `/v1/cases/${caseNo}/apply`,
      { meterNo: await meterNo('61000005'), reason: 'as agreed' },
      newId(),
    );
    expect(apply).toMatchObject({ status: 422, body: { code: 'below-minimum-recharge' } });
    expect(await post('clerk', `/v1/cases/${caseNo}/refund`, {}, newId())).toMatchObject({ status: 403 });
    const complaint = (await open()).body.caseNo;
    const without = await post(
      'accounts',
      `/v1/cases/${complaint}/refund`,
      { from: 'cash', reference: 'CV-0', reason: 'as agreed' },
      newId(),
    );
    expect(without).toMatchObject({ status: 409, body: { code: 'case-without-payment' } });
    await work();
  });

  it('of a cancelled vend can only be paid back, in the case that the machine opens for it', async () => {
    const quote = await post('clerk', '/v1/quotes', { meterNo: await meterNo('61000006'), amount: '3000.00' });
    const sold = await post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId }, newId());
    const { database } = world.fresh;
    const cancellation = new VendCancellation(database, new LedgerService(database), new PriceBooks(database));
    const { rechargeId } = sold.body;
    await cancellation.cancel({ rechargeId, actor: 'user:supervisor', reason: 'the printer failed' });
    await work();
    const [row] = await world.fresh.admin.read<{ source_ref: string }>(
      'SELECT source_ref FROM recharges WHERE id = ?',
      [idToBytes(rechargeId as Id)],
    );
    const { caseNo, payment, office } = await caseOf(row!.source_ref);
    expect(payment).toMatchObject({ status: 'refund-due', refusalCode: 'vend-cancelled', waysOut: ['refund'] });
    expect(office).toBe('Rajshahi');
    const url = `/v1/cases/${caseNo}`;
    const apply = { meterNo: await meterNo('61000006'), reason: 'once more' };
    expect(await post('accounts', `${url}/apply`, apply, newId())).toMatchObject({
      body: { code: 'payment-was-vended' },
    });
    const back = { from: 'provider', reference: 'REV-2', reason: 'cancelled' };
    expect(await post('accounts', `${url}/refund`, back, newId())).toMatchObject({ body: { code: 'case-refund-way' } });
    const ask = await approved('accounts', `${url}/refund`, { ...back, from: 'cash' }, 'supervisor');
    expect((await ask()).body.payment).toMatchObject({ status: 'refunded' });
    expect((await ask()).body.payment).toMatchObject({ status: 'refunded' });
    await work();
    const texts = (await outside.inbox({ mobile: '8801700000006' })).map(({ text }: { text: string }) => text);
    const told = texts.filter((text: string) => /ফেরত|given back/.test(text));
    expect(told).toEqual([expect.stringContaining('3000.00')]);
    expect(told[0]).toContain(caseNo);
  });

  it('is told, approved and booked as paid from the drawer, or the float, that paid', async () => {
    const terms = (body: object) => world.as('administrator', 'POST', '/v1/station-terms/NESCO-RAJ-02', body);
    /** What three records say of a refund in cash, asked for again after it was done. */
    const paid = async (who: string, by: string) => {
      const { caseNo, payment } = await unexplained({ amount: '210.00' });
      const ask = await approved(
        who,
        `/v1/cases/${caseNo}/refund`,
        { from: 'cash', reference: 'CV-7', reason: 'x y z' },
        by,
      );
      for (let times = 0; times < 2; times++) expect((await ask()).body.payment).toMatchObject({ status: 'refunded' });
      const id = idToBytes(payment.rechargeId as Id);
      const [row] = await world.fresh.admin.read(
        `SELECT p.paid_from AS paid, JSON_VALUE(a.content, '$.paidFrom') AS approved, c.code AS booked
         FROM payment_refunds p JOIN approvals a ON a.id = p.approval_id
         JOIN ledger_entries e ON e.template = 'refund' AND e.business_id = p.recharge_id
         JOIN ledger_postings l ON l.entry_id = e.id JOIN ledger_accounts c ON c.id = l.credit_account_id
         WHERE p.recharge_id = ?`,
        [id],
      );
      const { events: happened } = (await show(caseNo)).body;
      const words = happened.find(({ what }: { what: string }) => what === 'payment-refunded').words as string;
      return { ...row, told: / from (\S+), reference/.exec(words)?.[1] };
    };
    await terms({ keepsShifts: true });
    const shift = { till: '3', pieces: {}, coins: '0' };
    expect((await post('supervisor', '/v1/shifts', shift, newId())).status).toBe(201);
    const drawer = 'cash:NESCO-RAJ-02.3';
    expect(await paid('supervisor', 'accounts')).toEqual({
      ...{ paid: drawer, approved: 'cash:NESCO-RAJ-02', booked: drawer, told: drawer },
    });
    await seedProvider(world.fresh.database, world.sealingSecret, {
      ...{ code: 'udc-7', profile: 'xml-ack-v1', prepaid: true },
    });
    expect((await terms({ vendor: 'udc-7' })).status).toBe(200);
    const float = 'float:udc-7';
    // Settlement reads `paid_from`: the provider of the payment has nothing back.
    expect(await paid('accounts', 'supervisor')).toEqual({
      ...{ paid: 'cash:NESCO-RAJ-02', approved: float, booked: float, told: float },
    });
    await work();
  });
});

// Last: it takes the token server away.
it('waits for the worker when no token can be made, and is nobody’s twice', async () => {
  const { caseNo, version, payment } = await unexplained({ amount: '3000.00' });
  const url = `/v1/cases/${caseNo}`;
  const ask = await approved(
    'accounts',
    `${url}/apply`,
    { meterNo: await meterNo('61000007'), reason: 'mistyped' },
    'supervisor',
  );
  await world.stopTokenServer();
  expect((await ask()).body.payment).toMatchObject({ status: 'pending', waysOut: [] });
  expect((await ask()).body.payment).toMatchObject({ status: 'pending' });
  const [row] = await world.fresh.admin.read('SELECT attempts FROM outbox WHERE topic = ? AND ref_id = ?', [
    'pending-vend',
    idToBytes(payment.rechargeId as Id),
  ]);
  expect(row).toBeDefined();
  const closing = { version: version + 1, outcome: 'vended', words: 'as told' };
  expect(await post('accounts', `${url}/close`, closing)).toMatchObject({ body: { code: 'case-money-open' } });
  const refund = { from: 'provider', reference: 'REV-3', reason: 'impatient' };
  expect(await post('accounts', `${url}/refund`, refund, newId())).toMatchObject({
    body: { code: 'payment-not-owed' },
  });
});
