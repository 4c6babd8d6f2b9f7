/* Proves over HTTP that a receipt is sent again to the phone on record alone, counted and on record, and read as a line by who may print it. */
import { idToBytes, newId } from '@vend/kernel';
import { parseReceiptLine } from '@vend/receipts';
import { ApiWorld, type Answer } from '../../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

interface Sold {
  readonly vendId: string;
  readonly receiptNo: string;
  readonly token: string;
}

async function sell(reference: string): Promise<Sold> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: reference });
  const meterNo = found.body.items[0].meterNo as string;
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '3000.00' });
  const headers = { 'idempotency-key': newId() };
  const sold = await world.as('clerk', 'POST', '/v1/recharges', { quoteId: quote.body.quoteId }, headers);
  if (sold.status !== 201) throw new Error(sold.text);
  const [row] = await world.fresh.admin.read<{ id: string; receiptNo: string; digits: string }>(
    `SELECT LOWER(HEX(v.id)) AS id, v.receipt_no AS receiptNo, t.digits
     FROM vends v JOIN vend_tokens t ON t.vend_id = v.id WHERE v.recharge_id = ?`,
    [idToBytes(sold.body.rechargeId as string)],
  );
  const vendId = row!.id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { vendId, receiptNo: row!.receiptNo, token: row!.digits };
}
const again = (vendId: string, key = newId(), who = 'call-centre'): Promise<Answer> =>
  world.as(who, 'POST', `/v1/vends/${vendId}/sms`, undefined, { 'idempotency-key': key });
const trail = (vendId: string) =>
  world.fresh.admin.read(`SELECT actor, action, detail FROM audit_events WHERE subject = ? ORDER BY id`, [
    `vend:${vendId}`,
  ]);
const queued = (vendId: string) =>
  world.fresh.admin.read(
    `SELECT recipient_kind, known FROM notices WHERE template = 'resend' AND HEX(subject_id) = ?`,
    [vendId.replaceAll('-', '').toUpperCase()],
  );

it('queues a copy once for a key, three times a day, and writes down who asked', async () => {
  const { vendId, receiptNo } = await sell('61000001');
  const key = newId();
  const twice = await Promise.all([again(vendId, key), again(vendId, key)]);
  expect(twice.map(({ status }) => status)).toEqual([202, 202]);
  expect(twice.map(({ body }) => body.replayed as boolean).sort()).toEqual([false, true]);
  const more = await Promise.all(Array.from({ length: 5 }, () => again(vendId)));
  expect(more.map(({ status }) => status).sort()).toEqual([202, 202, 429, 429, 429]);
  expect(more.find(({ status }) => status === 429)!.body).toMatchObject({ code: 'sms-resend-limit', retryable: true });
  expect(await queued(vendId)).toEqual(Array(3).fill({ recipient_kind: 'customer', known: null }));
  const written = await trail(vendId);
  expect(written).toHaveLength(3);
  expect(written[0]).toMatchObject({ actor: 'user:call-centre', action: 'receipt-sent-again' });
  expect(JSON.stringify(written)).toContain(receiptNo);
});

it('refuses where there is no phone, no vend, or no right, and queues nothing', async () => {
  const { vendId } = await sell('61000002');
  await world.fresh.admin.read(`UPDATE customers SET mobile = NULL WHERE customer_no = '61000002'`);
  const expected: [Promise<Answer>, number, string][] = [
    [again(vendId), 409, 'sms-resend-no-phone'],
    [again(newId()), 404, 'recharge-not-found'],
    [again('x'), 404, 'recharge-not-found'],
    [again(vendId, newId(), 'auditor'), 403, 'role-not-allowed'],
    [world.as('clerk', 'POST', `/v1/vends/${vendId}/sms`), 400, 'idempotency-key-missing'],
  ];
  for (const [answer, status, code] of expected) expect(await answer).toMatchObject({ status, body: { code } });
  expect(await queued(vendId)).toEqual([]);
});

it('reads the line with its tokens, marked as a copy, after writing down who reads', async () => {
  const { vendId, receiptNo, token } = await sell('61000003');
  const { status, body } = await world.as('clerk', 'GET', `/v1/vends/${vendId}/line`);
  expect(status).toBe(200);
  const facts = parseReceiptLine(body.line as string);
  expect(facts).toMatchObject({ receiptNo, grossPaisa: 300_000n, copy: true });
  expect(facts.tokens.map(({ digits }) => digits)).toEqual([token]);
  expect(await trail(vendId)).toMatchObject([{ actor: 'user:clerk', action: 'receipt-line-read' }]);
  expect(await world.as('call-centre', 'GET', `/v1/vends/${vendId}/line`)).toMatchObject({ status: 403 });
  expect(await world.as('clerk', 'GET', `/v1/vends/${newId()}/line`)).toMatchObject({ status: 404 });
  expect(world.logged).not.toContain(token);
});
