/* Proves the routes of remote loading over HTTP on a real database and a real token server: a meter put behind a head-end, its vend's load listed, told by signed callback, sent once more; and each refusal with its code. */
import { randomBytes } from 'node:crypto';
import { newId } from '@vend/kernel';
import { signedHeaders, upsertHeadEnd } from '@vend/meterlink';
import { ApiWorld } from '../../../test/support/api';

const HEAD_END = { code: 'test-hes', name: 'Test', url: 'http://127.0.0.1:9/head-end', keyId: 'hes-1' };
const secret = randomBytes(32);
let world: ApiWorld;
let meterNo: string;
beforeAll(async () => {
  world = await ApiWorld.create();
  await world.fresh.database.transaction((tx) =>
    upsertHeadEnd(tx, world.sealingSecret, { ...HEAD_END, secret }, new Date()),
  );
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: '61000001' });
  meterNo = found.body.items[0].meterNo as string;
}, 60_000);
afterAll(() => world?.destroy());

const place = (headEnd: string | null, who = 'supervisor', meter = meterNo) =>
  world.as(who, 'POST', `/v1/meters/${meter}/head-end`, { headEnd });
async function sell() {
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '3000.00' });
  const headers = { 'idempotency-key': newId() };
  return world.as('clerk', 'POST', '/v1/recharges', { quoteId: quote.body.quoteId }, headers);
}
function tell(body: object, change: Record<string, string> = {}, atMs = Date.now()) {
  const bytes = JSON.stringify(body);
  const signed = signedHeaders({ keyId: HEAD_END.keyId, secret }, 'm-1', Buffer.from(bytes), atMs);
  return world.request('POST', '/v1/callbacks/meter-link', bytes, { ...signed, ...change });
}
const result = (loadId: string, over: object = {}) => ({
  ...{ type: 'meter-link.result', eventId: newId(), loadId, round: 1, state: 'loaded' },
  ...{ at: '2026-11-21T10:00:00+06:00', ...over },
});

it('puts a meter behind a head-end, on record, and refuses what is not there', async () => {
  expect(await place('test-hes', 'clerk')).toMatchObject({ status: 403, body: { code: 'role-not-allowed' } });
  expect(await place('no-such')).toMatchObject({ status: 404, body: { code: 'head-end-not-found' } });
  expect(await place('test-hes', 'supervisor', '600727000000000009')).toMatchObject({
    ...{ status: 404, body: { code: 'meter-not-found' } },
  });
  expect(await place('test-hes')).toMatchObject({ status: 200, body: { meterNo, headEnd: 'test-hes' } });
  expect(await place('test-hes')).toMatchObject({ status: 200 });
  const events = await world.fresh.admin.read(
    `SELECT actor, subject FROM audit_events WHERE action = 'meter-head-end-changed'`,
  );
  expect(events).toEqual([{ actor: 'user:supervisor', subject: `meter:${meterNo}` }]);
});

it('lists the load of a vend without its token, page by page, and no load of another office', async () => {
  const sold = [await sell(), await sell(), await sell()];
  const all = await world.as('auditor', 'GET', '/v1/remote-loads?state=UNSENT');
  expect(all).toMatchObject({ status: 200 });
  expect(all.body.items.map(({ receiptNo }: { receiptNo: string }) => receiptNo).sort()).toEqual(
    sold.map(({ body }) => body.receiptNo as string).sort(),
  );
  expect(all.text).not.toContain(sold[0]!.body.tokens[0].digits);
  const first = await world.as('auditor', 'GET', '/v1/remote-loads?limit=2');
  const rest = await world.as('auditor', 'GET', `/v1/remote-loads?limit=2&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...rest.body.items]).toEqual(all.body.items);
  expect(rest.body.nextCursor).toBeNull();
  expect((await world.as('auditor', 'GET', '/v1/remote-loads?state=LOADED')).body.items).toEqual([]);
  await world.fresh.admin.read(`UPDATE customers SET office = 'Elsewhere' WHERE customer_no = '61000001'`);
  expect((await world.as('clerk', 'GET', '/v1/remote-loads')).body.items).toEqual([]);
  const { remoteLoadId } = all.body.items[0];
  expect((await world.as('supervisor', 'POST', `/v1/remote-loads/${remoteLoadId}/retry`)).status).toBe(404);
});

it.each(['state=SOLD', 'limit=0', 'limit=101', 'cursor=x', 'page=2'])('refuses the query %s', async (query) => {
  expect(await world.as('auditor', 'GET', `/v1/remote-loads?${query}`)).toMatchObject({
    ...{ status: 400, body: { code: 'field-invalid' } },
  });
});

it('takes a signed callback once and answers at once, and nothing from anybody else', async () => {
  const event = result(newId());
  expect(await tell(event)).toMatchObject({ status: 200, body: { received: true } });
  expect(await tell(event)).toMatchObject({ status: 200, body: { received: true } });
  expect(await tell({ ...event, state: 'failed' })).toMatchObject({ status: 409, body: { code: 'event-conflict' } });
  expect(await tell(result(newId()), { 'webhook-id': 'm-2' })).toMatchObject({
    ...{ status: 401, body: { code: 'signature-invalid' } },
  });
  expect(await tell(result(newId()), { 'x-key-id': world.partner.keyId })).toMatchObject({ status: 401 });
  expect(await tell(result(newId()), {}, Date.now() - 301_000)).toMatchObject({ body: { code: 'timestamp-stale' } });
  expect(await world.request('POST', '/v1/callbacks/meter-link', event)).toMatchObject({
    ...{ status: 401, body: { code: 'signature-missing' } },
  });
  expect(await tell(result('x'))).toMatchObject({ status: 400, body: { code: 'event-malformed', field: 'loadId' } });
  const [{ n }] = (await world.fresh.admin.read(
    `SELECT COUNT(*) AS n FROM outbox WHERE topic = 'meter-link-event'`,
  )) as [{ n: string }];
  expect(Number(n)).toBe(1);
});

it('sends a failed load once more, on record, and only a failed one', async () => {
  const [{ remoteLoadId }] = (await world.as('auditor', 'GET', '/v1/remote-loads')).body.items;
  const retry = (who = 'call-centre') => world.as(who, 'POST', `/v1/remote-loads/${remoteLoadId}/retry`);
  const become = (state: string, concluded: string) =>
    world.fresh.admin.read(`UPDATE remote_loads SET state = ?, concluded_at = ${concluded} WHERE id = UNHEX(?)`, [
      state,
      remoteLoadId.replaceAll('-', ''),
    ]);
  expect(await retry('clerk')).toMatchObject({ status: 403 });
  expect(await retry()).toMatchObject({ status: 200, body: { state: 'UNSENT', round: 1 } });
  await become('FAILED', 'NOW(3)');
  // Its outbox row went with its end.
  await world.fresh.admin.read(`DELETE FROM outbox WHERE topic = 'remote-load'`);
  expect(await retry()).toMatchObject({ status: 200, body: { state: 'UNSENT', round: 2, reason: null } });
  expect(await retry()).toMatchObject({ status: 200, body: { round: 2 } });
  await become('LOADED', 'NOW(3)');
  expect(await retry()).toMatchObject({ status: 409, body: { code: 'remote-load-done' } });
  const events = await world.fresh.admin.read(
    `SELECT actor FROM audit_events WHERE action = 'remote-load-retried' AND subject = ?`,
    [`remote-load:${remoteLoadId}`],
  );
  expect(events).toEqual([{ actor: 'user:call-centre' }]);
  expect(await world.as('call-centre', 'POST', `/v1/remote-loads/${newId()}/retry`)).toMatchObject({
    ...{ status: 404, body: { code: 'remote-load-not-found' } },
  });
});
