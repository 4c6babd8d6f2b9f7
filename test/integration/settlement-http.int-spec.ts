/*
 * Proves over HTTP, on the real api and database with real tokens, the way of accounts from a statement to the report: sent,
 * watched, compared by the worker's own handler, vended, kept for a refund by two people, and printed in a real browser.
 */
import { pino } from 'pino';
import { dhakaDay, newId } from '@vend/kernel';
import { dayAfter, Settlement, StatementImports } from '@vend/settlement';
import { StatementImportHandler } from '../../apps/worker/settlement/statement-import.handler';
import { ApiWorld } from '../support/api';
import { browserMissing, TestBrowser } from '../support/browser';
import { describeWith } from '../support/debian-packages';
import { seedProvider } from '../support/providers';
import { statementOf, type StatementLine } from '../support/settlement';
import { workbookOf } from '../support/xlsx';

jest.setTimeout(240_000);
const PROVIDER = 'demo-form';
/** Three days ago: its window has passed. */
const DAY = dayAfter(dhakaDay(Date.now()), -3);
let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
  await seedProvider(world.fresh.database, world.sealingSecret, {
    ...{ code: PROVIDER, profile: 'biller-form-v1', commissionBasisPoints: 150, settlementBank: 'bank:MAIN' },
  });
  const names = ['provider_trx_id', 'biller_ref', 'amount', 'provider_fee', 'status', 'settlement_batch'];
  const format = {
    columns: Object.fromEntries(names.map((name) => [name, name])),
    statuses: { PAID: 'PAID', REVERSED: 'REVERSED' },
  };
  const set = await world.as('administrator', 'POST', `/v1/settlements/formats/${PROVIDER}`, { format });
  expect(set.body).toMatchObject({ provider: PROVIDER, version: 1 });
}, 120_000);
afterAll(() => world?.destroy());

const get = (path: string, who = 'accounts') => world.as(who, 'GET', `/v1/settlements/${path}`);
const send = (key: string, lines: readonly StatementLine[], who = 'accounts') =>
  world.as(who, 'POST', `/v1/settlements/statements?provider=${PROVIDER}&day=${DAY}`, statementOf(lines), {
    'content-type': 'text/csv',
    'idempotency-key': key,
    'x-file-name': 'day.csv',
  });
const act = (id: string, key: string, body: object, who = 'accounts') =>
  world.as(who, 'POST', `/v1/settlements/breaks/${id}/actions`, body, { 'idempotency-key': key });
const approve = (id: string, who: string) => world.as(who, 'POST', `/v1/approvals/${id}/approve`, {});
const breakOf = async (trxId: string) =>
  (await get(`breaks?provider=${PROVIDER}&day=${DAY}`)).body.items.find(
    ({ transaction }: { transaction: string }) => transaction === trxId,
  );
/** What the worker does when it is woken for an import. */
async function work(id: string): Promise<void> {
  const [imports, settlement] = [world.app.get(StatementImports), world.app.get(Settlement)];
  await new StatementImportHandler(world.fresh.database, imports, settlement, pino({ level: 'silent' })).handle([id]);
}

const LINES = [
  { trxId: 'HTTP1', amount: '500.00', fee: '7.50', reference: '61000001' },
  { trxId: 'HTTP2', amount: '300.00', fee: '4.50', reference: 'nobody' },
  { trxId: 'bad id', amount: '10.00' },
];

it('takes a statement, tells how far it is, and says what became of each row', async () => {
  const key = newId();
  expect(await send(newId(), LINES, 'clerk')).toMatchObject({ status: 403, body: { code: 'role-not-allowed' } });
  expect(await get(`days/${PROVIDER}/${DAY}`)).toMatchObject({ body: { code: 'settlement-day-not-matched' } });
  expect(await send(key, LINES)).toMatchObject({
    status: 202,
    body: { id: key, state: 'QUEUED', fileName: 'day.csv' },
  });
  expect((await send(newId(), LINES)).body).toMatchObject({ id: key });
  expect((await send(key, LINES.slice(1))).body).toMatchObject({ code: 'statement-import-differs' });
  await work(key);
  const done = { state: 'DONE', countsNow: true, rows: 3, stored: 2, rejected: 1, percent: 100 };
  expect((await get(`imports/${key}`)).body).toMatchObject(done);
  expect((await get(`imports/${key}/report`)).text).toContain('4,provider_trx_id,transaction-id-invalid,');
  const { body } = await get(`days/${PROVIDER}/${DAY}`, 'auditor');
  expect(body).toMatchObject({
    ours: { count: 0 },
    theirs: { count: 2, amount: { value: '800.00' } },
    totals: [{ side: 'theirs', bucket: 'theirs-only', count: 2, amount: { value: '800.00' }, fee: { value: '12.00' } }],
    batches: [{ batch: 'B-1', gross: { value: '800.00' }, net: { value: '788.00' } }],
  });
});

it('takes the same statement as a workbook, and keeps what a spreadsheet can spoil out', async () => {
  const [header, ...lines] = statementOf(LINES.slice(0, 2))
    .trim()
    .split(/\r?\n/)
    .map((text) => text.split(','));
  const key = newId();
  const spoilt = [[20_261_122_000_000_123, 'x', 10, 0, 'PAID', 'B-1']];
  const cells = lines.map(([id, reference, amount, fee, ...rest]) => [
    id!,
    reference!,
    Number(amount),
    Number(fee),
    ...rest,
  ]);
  const url = `/v1/settlements/statements?provider=${PROVIDER}&day=${DAY}&rule=replace`;
  const sent = await world.as('accounts', 'POST', url, workbookOf([header!, ...cells, ...spoilt]), {
    'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ...{ 'idempotency-key': key, 'x-file-name': 'day.xlsx' },
  });
  expect(sent).toMatchObject({ status: 202, body: { id: key, state: 'QUEUED' } });
  await work(key);
  expect((await get(`imports/${key}`)).body).toMatchObject({ state: 'DONE', rows: 3, stored: 2, rejected: 1 });
  expect((await get(`imports/${key}/report`)).text).toContain('4,provider_trx_id,digits-lost,');
  expect((await get(`days/${PROVIDER}/${DAY}`)).body).toMatchObject({
    theirs: { count: 2, amount: { value: '800.00' } },
  });
});

it('vends a break once, and keeps another for a refund when a second person agrees', async () => {
  const [vend, keep] = [await breakOf('HTTP1'), await breakOf('HTTP2')];
  expect(vend).toMatchObject({ bucket: 'theirs-only', state: 'OPEN', actions: ['vend', 'refund'] });
  const [key, asked] = [newId(), { action: 'vend', reason: 'our line was down' }];
  expect(await act(vend.id, key, asked, 'auditor')).toMatchObject({ status: 403 });
  expect(await act(vend.id, key, { ...asked, action: 'write-off' })).toMatchObject({
    body: { code: 'break-action-unfit' },
  });
  const vended = await act(vend.id, key, asked);
  expect(vended).toMatchObject({
    status: 200,
    body: { state: 'SETTLED', actions: [], done: [{ by: 'user:accounts' }] },
  });
  expect(await act(vend.id, key, asked)).toMatchObject({ status: 200, body: vended.body });
  expect(await act(vend.id, newId(), asked)).toMatchObject({ body: { code: 'break-settled' } });
  const sold = await world.fresh.admin.read(
    `SELECT v.state FROM vends v JOIN recharges r ON r.id = v.recharge_id WHERE r.source_ref = 'HTTP1'`,
  );
  expect(sold).toEqual([{ state: 'ISSUED' }]);

  const [second, refund] = [newId(), { action: 'refund', reason: 'nobody has this number' }];
  const pending = await act(keep.id, second, refund);
  expect(pending.status).toBe(202);
  const approvalId = pending.body.approval.id as string;
  expect((await approve(approvalId, 'accounts')).status).toBeGreaterThanOrEqual(400);
  expect((await breakOf('HTTP2')).state).toBe('OPEN');
  expect((await approve(approvalId, 'other-accounts')).status).toBe(200);
  expect(await act(keep.id, second, refund)).toMatchObject({ status: 200, body: { done: [{ approvalId }] } });
  const kept = await world.fresh.admin.read(`SELECT state FROM recharges WHERE source_ref = 'HTTP2'`);
  expect(kept).toEqual([{ state: 'REFUND_DUE' }]);
});

describeWith(browserMissing(), 'the report of a day', () => {
  it('is a page to print and a CSV with the same sums, and who read it is in the trail', async () => {
    const page = await get(`days/${PROVIDER}/${DAY}/report`, 'auditor');
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const csv = (await get(`days/${PROVIDER}/${DAY}/report.csv`)).text;
    expect(csv).toContain(`break,theirs-only,HTTP1,B-1,1,0.00,500.00,,,SETTLED`);
    const trail = await world.fresh.admin.read(
      `SELECT actor FROM audit_events WHERE action = 'settlement-report-read' ORDER BY at`,
    );
    expect(trail.map(({ actor }) => actor)).toEqual(['user:auditor', 'user:accounts']);
    const browser = await TestBrowser.open();
    try {
      await browser.page.setContent(page.text);
      await browser.picture('settlement-report');
      const rows = await browser.page.locator('tfoot td').allInnerTexts();
      expect(rows.slice(0, 4)).toEqual(['0', '0.00', '2', '800.00']);
      const width = await browser.page.evaluate<number[]>(
        '[document.body.scrollWidth, document.documentElement.clientWidth]',
      );
      expect(width[0]).toBeLessThanOrEqual(width[1]!);
      expect(browser.complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
