/* Proves over HTTP, on a real database and with the worker's own parts, that a notice is previewed, counted, agreed to by a second person as it is, sent, paused, ended and reported, and that it is nobody else's to make. */
import { newId } from '@vend/kernel';
import { BroadcastSender, prepareBatch } from '@vend/broadcasts';
import { optedOut, optedOutBetween } from '@vend/inbound';
import { ApiWorld } from '../../../test/support/api';
import { TakingGateway } from '../../../test/support/taking-gateway';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const BN = 'আগামীকাল সকাল ৯টা থেকে বিদ্যুৎ থাকবে না।';
const EN = 'No power tomorrow from 9 am.';
const REASON = 'Order 31/2026 of the zonal office';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const notice = (changes: object = {}) => ({
  ...{ name: 'Shutdown of Katakhali', template: 'notice', textBn: BN, textEn: EN },
  ...{ endsAt: inDays(2), quietHours: 'none', ratePerSecond: 100, ...changes },
});
const URL = '/v1/broadcasts';

function compose(body: object, who = 'call-centre', key = newId()) {
  return world.as(who, 'POST', URL, body, { 'idempotency-key': key });
}
const show = (id: string) => world.as('call-centre', 'GET', `${URL}/${id}`);
const move = (id: string, what: string, who = 'call-centre') =>
  world.as(who, 'POST', `${URL}/${id}/${what}`, { reason: REASON });
const launch = (id: string, key: string) =>
  world.as('call-centre', 'POST', `${URL}/${id}/launch`, { reason: REASON }, { 'idempotency-key': key });
async function prepare(id: string): Promise<void> {
  while (await prepareBatch(world.fresh.database, optedOutBetween, id, Date.now()));
}
async function launched(changes: object = {}): Promise<string> {
  const { body } = await compose(notice(changes));
  await prepare(body.id);
  const key = newId();
  const asked = await launch(body.id, key);
  await world.as('accounts', 'POST', `/v1/approvals/${asked.body.approval.id}/approve`, {});
  expect(await launch(body.id, key)).toMatchObject({ status: 200, body: { state: 'SCHEDULED' } });
  return body.id as string;
}
const gateway = new TakingGateway();
/** A clock that is a second further with each chunk: rates are proved elsewhere. */
async function sendAll(id: string): Promise<void> {
  let now = Date.now();
  const sender = new BroadcastSender(world.fresh.database, { gateway, optedOut, leaseMs: 20_000, now: () => now });
  while ((await sender.sendChunk(id)) !== 'over') now += 1_000;
}
beforeEach(() => gateway.taken.clear());

it('shows what it would look like, whom it would reach and what it would cost, and keeps nothing', async () => {
  const { status, body } = await world.as('call-centre', 'POST', `${URL}/preview`, {
    ...{ template: 'notice', textBn: BN, textEn: EN },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    bn: { text: BN, alphabet: 'ucs-2', units: BN.length, parts: 1, cost: { value: '0.45' } },
    en: { text: EN, alphabet: 'gsm-7', units: EN.length, parts: 1, cost: { value: '0.45' } },
    phones: { bn: 175, en: 25 },
    totalCost: { value: '90.00' },
  });
  expect((await world.as('call-centre', 'GET', URL)).body.items).toEqual([]);
});

it('points out the character that doubles the parts', async () => {
  const textEn = `${'Power will be off. '.repeat(4)}Don’t open the box.`;
  const { body } = await world.as('call-centre', 'POST', `${URL}/preview`, { template: 'notice', textBn: BN, textEn });
  expect(body.en).toMatchObject({
    ...{ alphabet: 'ucs-2', parts: 2, cost: { value: '0.90' } },
    strays: [{ at: textEn.indexOf('’'), name: 'RIGHT SINGLE QUOTATION MARK', instead: "'", parts: 2, partsWithout: 1 }],
  });
});

it('goes from a text to the phones: prepared, agreed to, sent once to each, and reported', async () => {
  const key = newId();
  const body = notice();
  const first = await compose(body, 'call-centre', key);
  expect(first).toMatchObject({ status: 202, body: { id: key, state: 'PREPARING', madeBy: 'user:call-centre' } });
  expect(await compose(body, 'call-centre', key)).toMatchObject({ status: 202, body: { id: key } });
  expect(await compose({ ...body, textEn: 'No power today.' }, 'call-centre', key)).toMatchObject({
    ...{ status: 409, body: { code: 'broadcast-differs' } },
  });
  expect(await launch(key, newId())).toMatchObject({ status: 409, body: { code: 'broadcast-not-now' } });
  await prepare(key);
  expect((await show(key)).body).toMatchObject({
    ...{ state: 'READY', customers: 200, samePhone: 0, optedOut: 0, recipients: { bn: 175, en: 25 } },
    ...{ parts: { bn: 1, en: 1 }, totalCost: { value: '90.00' }, percent: 0, secondsLeft: null },
    statuses: [{ state: 'QUEUED', outcome: null, count: 200 }],
  });

  const launchKey = newId();
  const asked = await launch(key, launchKey);
  expect(asked).toMatchObject({ status: 202, body: { approval: { state: 'PENDING' } } });
  const { id: approvalId } = asked.body.approval;
  const seen = (await world.as('accounts', 'GET', `/v1/approvals/${approvalId}`)).body;
  expect(seen.content).toMatchObject({
    ...{ textBn: BN, textEn: EN, offices: 'all', recipientsBn: 175, recipientsEn: 25, costTaka: '90.00' },
    contentSha256: first.body.contentSha256,
  });
  expect(await world.as('call-centre', 'POST', `/v1/approvals/${approvalId}/approve`, {})).toMatchObject({
    status: 403,
  });
  await sendAll(key);
  expect(gateway.taken.size).toBe(0);
  expect(await world.as('accounts', 'POST', `/v1/approvals/${approvalId}/approve`, {})).toMatchObject({ status: 200 });
  const going = await Promise.all([launch(key, launchKey), launch(key, launchKey), launch(key, launchKey)]);
  expect(going.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await show(key)).body).toMatchObject({ state: 'SCHEDULED', approvalId, secondsLeft: 2 });

  await sendAll(key);
  expect(gateway.taken.size).toBe(200);
  expect((await show(key)).body).toMatchObject({
    ...{ state: 'DONE', endReason: 'all-tried', settled: 200, percent: 100, secondsLeft: null },
    statuses: [{ state: 'SENT', outcome: 'accepted', count: 200 }],
  });
  // What a message centre's receipt says of one of them.
  await world.fresh.admin.read(
    `INSERT INTO sms_parts (smsc, message_id, csms_id, part, parts, fate, updated_at) VALUES ('one', '1', ?, 1, 1, 'delivered', NOW(3))`,
    [[...gateway.taken.values()].find(({ msisdn }) => msisdn === '8801700000001')!.csmsId],
  );
  const report = await world.as('auditor', 'GET', `${URL}/${key}/report`);
  const [head, ...lines] = report.text.trim().split('\r\n');
  expect(head).toBe('customerNo,office,language,state,outcome,attempts,sentAt,delivery');
  expect(lines).toHaveLength(200);
  expect(lines.find((line) => line.startsWith('61000001,'))).toMatch(
    /^61000001,Natore S&D,bn,SENT,accepted,1,20.*,delivered$/,
  );
  expect(lines.filter((line) => line.endsWith(',delivered'))).toHaveLength(1);
  expect(report.text).not.toMatch(/8801\d{9}/);
});

it('is paused, resumed and stopped by who may, with a reason on record', async () => {
  const id = await launched({ name: 'Maintenance' });
  expect(await move(id, 'pause', 'auditor')).toMatchObject({ status: 403 });
  expect(await move(id, 'pause')).toMatchObject({ status: 200, body: { state: 'PAUSED', secondsLeft: null } });
  await sendAll(id);
  expect(gateway.taken.size).toBe(0);
  expect(await move(id, 'resume')).toMatchObject({ status: 200, body: { state: 'SCHEDULED' } });
  expect(await move(id, 'stop')).toMatchObject({ status: 200, body: { state: 'STOPPED', endReason: 'stopped' } });
  expect(await move(id, 'resume')).toMatchObject({
    status: 409,
    body: { code: 'broadcast-not-now', state: 'STOPPED' },
  });
  const trail = await world.fresh.admin.read<{ action: string }>(
    `SELECT action FROM audit_events WHERE subject = ? ORDER BY id`,
    [`broadcast:${id}`],
  );
  expect(trail.map(({ action }) => action)).toEqual(
    ['composed', 'launched', 'paused', 'resumed', 'stopped'].map((what) => `broadcast-${what}`),
  );
});

it('leaves out who wants no notices', async () => {
  const [customer] = await world.fresh.admin.read<{ id: Buffer }>(
    `SELECT id FROM customers WHERE customer_no = '61000001'`,
  );
  await world.fresh.admin.read(
    `INSERT INTO sms_notice_choices (customer_id, wanted, changed_at, changed_by) VALUES (?, FALSE, NOW(3), 'user:call-centre')`,
    [customer!.id],
  );
  const { body } = await compose(notice());
  await prepare(body.id);
  expect((await show(body.id)).body).toMatchObject({ optedOut: 1, recipients: { bn: 174, en: 25 } });
});

it('is of the offices, classes and debts that it names', async () => {
  await world.as('administrator', 'GET', '/v1/offices');
  const [office] = await world.fresh.admin.read<{ code: string }>(`SELECT code FROM offices WHERE name = 'Natore S&D'`);
  const code = office?.code ?? 'NATORE';
  if (!office) {
    const made = { code, name: 'Natore S&D', kind: 'division' };
    expect(await world.as('administrator', 'POST', '/v1/offices', made)).toMatchObject({ status: 201 });
  }
  const preview = (body: object, who = 'call-centre') =>
    world.as(who, 'POST', `${URL}/preview`, { template: 'notice', textBn: BN, textEn: EN, ...body });
  const count = async (body: object) => {
    const { phones } = (await preview(body)).body;
    return phones.bn + phones.en;
  };
  expect(await count({ offices: [code] })).toBe(50);
  expect(await count({ tariffClasses: ['LT-E'] })).toBe(40);
  expect(await count({ arrearsOver: '1.00' })).toBe(0);
  expect(await preview({ offices: ['NOWHERE'] })).toMatchObject({
    status: 403,
    body: { code: 'broadcast-audience-refused' },
  });
  // A supervisor of one office writes to that office's customers.
  expect(await preview({}, 'supervisor')).toMatchObject({ status: 403, body: { code: 'broadcast-audience-refused' } });
  expect(await preview({ offices: [code] }, 'supervisor')).toMatchObject({ status: 403 });
});

it.each<[string, object, number, string]>([
  ['without its English text', { textEn: undefined }, 400, 'field-invalid'],
  ['with an empty text', { textEn: '   ' }, 400, 'field-invalid'],
  ['of a template that is no notice', { template: 'receipt' }, 400, 'field-invalid'],
  ['with a text of a bill', { template: 'arrears-bill' }, 400, 'field-invalid'],
  ['with quiet hours that are none', { quietHours: '08:30-08:00' }, 400, 'field-invalid'],
  ['with a class that is none', { tariffClasses: ['LT-Z'] }, 400, 'field-invalid'],
  ['faster than allowed', { ratePerSecond: 5_000 }, 400, 'field-invalid'],
  ['that is over before it begins', { endsAt: '2026-01-01T00:00:00+06:00' }, 422, 'broadcast-time-refused'],
  ['longer than a gateway takes', { textBn: 'ক'.repeat(1_001) }, 400, 'field-invalid'],
])('a notice %s is refused', async (_, changes, status, code) => {
  expect(await compose(notice(changes))).toMatchObject({ status, body: { code } });
});

it('is not there for a stranger, nor for another key than a UUID', async () => {
  expect(await show(newId())).toMatchObject({ status: 404, body: { code: 'broadcast-not-found' } });
  expect(await show('1')).toMatchObject({ status: 404 });
  expect(await compose(notice(), 'clerk')).toMatchObject({ status: 403, body: { code: 'role-not-allowed' } });
  expect(await world.as('call-centre', 'POST', URL, notice())).toMatchObject({
    ...{ status: 400, body: { code: 'idempotency-key-missing' } },
  });
});

it('logs no phone number and no text', () => {
  expect(world.logged).not.toMatch(/8801\d{9}/);
  expect(world.logged).not.toContain(BN);
});
