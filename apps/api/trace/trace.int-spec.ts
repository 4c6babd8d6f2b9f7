/* Proves the trace's routes over HTTP on a real database and a real token server: one call answers, tokens are masked unless asked for by who may have them and on record, and neither phone nor token is ever in a URL. */
import { newId } from '@vend/kernel';
import { ApiWorld } from '../../../test/support/api';

let world: ApiWorld;
let meterNo: string;
let sold: { rechargeId: string; receiptNo: string; tokens: { digits: string }[] };
beforeAll(async () => {
  world = await ApiWorld.create();
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: '61000001' });
  meterNo = found.body.items[0].meterNo as string;
  await world.fresh.admin.read('UPDATE customers SET office = (SELECT office FROM stations LIMIT 1)');
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '3000.00' });
  const headers = { 'idempotency-key': newId() };
  sold = (await world.as('clerk', 'POST', '/v1/recharges', { quoteId: quote.body.quoteId }, headers)).body;
}, 60_000);
afterAll(() => world?.destroy());

const trace = (body: object, who = 'call-centre') => world.as(who, 'POST', '/v1/trace', body);
const audited = () =>
  world.fresh.admin.read(`SELECT actor, subject FROM audit_events WHERE action = 'trace-tokens-read'`);

it('answers by meter, customer number, phone, transaction, receipt and token alike', async () => {
  const { digits } = sold.tokens[0]!;
  const questions = [
    { meter: meterNo },
    { meter: '61000001' },
    { phone: '01700000001' },
    { transactionId: sold.rechargeId },
    { receiptNo: sold.receiptNo },
    { token: digits.replace(/(\d{4})(?=\d)/g, '$1 ') },
  ];
  for (const question of questions) {
    const answer = await trace(question);
    expect(answer).toMatchObject({ status: 200, body: { focus: sold.rechargeId, meters: [{ meterNo }] } });
    expect(answer.body.events).toMatchObject([
      {
        ...{ rechargeId: sold.rechargeId, kind: 'credit', load: null },
        paid: { source: 'till:NESCO-RAJ-01', amount: { value: '3000.00', currency: 'BDT' }, state: 'applied' },
        vended: {
          ...{ receiptNo: sold.receiptNo, state: 'issued' },
          tokens: [{ sequence: 1, of: 1, kind: 'credit', digits: `**** **** **** **** ${digits.slice(-4)}` }],
        },
        sms: { state: 'queued', outcome: null, attempts: 0 },
      },
    ]);
    expect(answer.text).not.toContain(digits);
    expect(answer.text).not.toContain('1700000001');
  }
  expect((await trace({ meter: meterNo })).body.findings[0]).toEqual({
    ...{ code: 'sms-waiting', rechargeId: sold.rechargeId },
    facts: { reason: 'queued', receiptNo: sold.receiptNo },
    says: { en: expect.any(String), bn: expect.stringMatching(/[\u0980-\u09ff]/) },
    next: { en: expect.stringContaining(sold.receiptNo), bn: expect.stringContaining(sold.receiptNo) },
  });
  expect((await trace({ token: digits })).body.findings[0].code).toBe('token-should-work');
  expect((await trace({ meter: meterNo, complaint: 'bill-due' })).body.findings[0].code).toBe('nothing-due');
  expect(await audited()).toEqual([]);
});

it('answers the same by GET for what may stand in a URL', async () => {
  const asked = await trace({ meter: meterNo, limit: '5' });
  const got = await world.as('call-centre', 'GET', `/v1/trace?meter=${meterNo}&limit=5`);
  expect({ ...got.body, asOf: '' }).toEqual({ ...asked.body, asOf: '' });
  for (const query of ['phone=01700000001', `token=${sold.tokens[0]!.digits}`, 'limit=51', 'complaint=other']) {
    expect(await world.as('call-centre', 'GET', `/v1/trace?meter=${meterNo}&${query}`)).toMatchObject({
      ...{ status: 400, body: { code: 'field-invalid' } },
    });
  }
});

it('shows whole tokens to who may reprint, and puts it on record first', async () => {
  expect(await trace({ meter: meterNo, showTokens: true })).toMatchObject({
    ...{ status: 403, body: { code: 'tokens-not-for-you' } },
  });
  expect(await audited()).toEqual([]);
  const answer = await trace({ meter: meterNo, showTokens: true }, 'clerk');
  expect(answer.body.events[0].vended.tokens[0].digits).toBe(sold.tokens[0]!.digits);
  expect(await audited()).toEqual([{ actor: 'user:clerk', subject: `meter:${meterNo}` }]);
  expect(world.logged).not.toContain(sold.tokens[0]!.digits);
});

it.each([
  [{}, 400, 'trace-needs-something'],
  [{ complaint: 'refused' }, 400, 'trace-needs-something'],
  [{ phone: '123' }, 422, 'mobile-invalid'],
  [{ token: '123' }, 400, 'field-invalid'],
  [{ meter: 'x;y' }, 400, 'field-invalid'],
  [{ meter: '61000001', showTokens: false }, 400, 'field-invalid'],
])('refuses %j', async (body, status, code) => {
  expect(await trace(body)).toMatchObject({ status, body: { code } });
});

it('shows the case that was opened for it', async () => {
  const about = { kind: 'token-not-received', rechargeId: sold.rechargeId, words: 'No token since yesterday' };
  const opened = await world.as('call-centre', 'POST', '/v1/cases', about, { 'idempotency-key': newId() });
  expect(opened.status).toBe(201);
  const [found, ...more] = (await trace({ receiptNo: sold.receiptNo })).body.cases;
  expect(more).toEqual([]);
  expect(found).toMatchObject({ kind: 'token-not-received', state: 'open', outcome: null });
  expect(opened.text).toContain(found.number);
  const { findings } = (await trace({ receiptNo: sold.receiptNo })).body;
  const due = found.dueAt.slice(0, 16).replace('T', ' ') as string;
  const said = findings.find(({ code }: { code: string }) => code === 'case-open');
  expect(said.says.en).toBe(
    `Complaint ${found.number} is open with ${found.office} (call-centre); it is to be answered by ${due}.`,
  );
  expect(said.says.bn).toContain(found.number);

  const close = { version: 1, outcome: 'explained', words: 'read out by phone' };
  const closed = await world.as('call-centre', 'POST', `/v1/cases/${found.number}/close`, close, {
    'idempotency-key': newId(),
  });
  expect(closed.status).toBe(200);
  const after = (await trace({ receiptNo: sold.receiptNo })).body.findings as { code: string; says: { en: string } }[];
  expect(after.map(({ code }) => code)).not.toContain('case-open');
  expect(after.find(({ code }) => code === 'case-closed')!.says.en).toBe(
    `Complaint ${found.number} is closed: explained.`,
  );
});

it('is for those who answer customers, and says nothing of other offices', async () => {
  expect((await trace({ meter: meterNo }, 'tariff-officer')).status).toBe(403);
  await world.fresh.admin.read(`UPDATE customers SET office = 'Elsewhere' WHERE customer_no = '61000001'`);
  const hidden = await trace({ meter: meterNo }, 'clerk');
  expect(hidden).toMatchObject({
    status: 200,
    body: { meters: [], events: [], findings: [{ code: 'meter-unknown' }] },
  });
  expect((await trace({ meter: meterNo }, 'call-centre')).body.events).toHaveLength(1);
});
