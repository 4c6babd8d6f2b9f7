/* Proves over HTTP that texts are previewed with parts and cost, saved by one person, sent only after a second, and never changed. */
import { newId } from '@vend/kernel';
import { PublishedTemplates, TEMPLATE_CODES } from '@vend/messages';
import { ApiWorld, type Answer } from '../../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const BN = 'মিটার {meter}: {amount} টাকা পেয়েছি। টোকেন আসছে।';
const EN = 'Meter {meter}: Tk {amount} is here. The token follows.';
const texts = (changes: object = {}) => ({ code: 'pending', bn: BN, en: EN, ...changes });
const withKey = (key: string) => ({ 'idempotency-key': key });
const draft = (body: object, key = newId(), who = 'administrator'): Promise<Answer> =>
  world.as(who, 'POST', '/v1/sms/templates', { reason: 'shorter', ...body }, withKey(key));
const publish = (templateId: string, key = newId(), reason = 'order 12/2026'): Promise<Answer> =>
  world.as('administrator', 'POST', `/v1/sms/templates/${templateId}/publish`, { reason }, withKey(key));
const approve = (approvalId: string): Promise<Answer> =>
  world.as('supervisor', 'POST', `/v1/approvals/${approvalId}/approve`, {});
const inForce = async (code: (typeof TEMPLATE_CODES)[number]) =>
  (await new PublishedTemplates(world.fresh.database).read())(code, 'en');

it('brings a published text in both languages for every message', async () => {
  const { body } = await world.as('call-centre', 'GET', '/v1/sms/templates');
  const items = body.items as { code: string; current: boolean; madeBy: string; bn: string; en: string }[];
  expect(items.map(({ code }) => code)).toEqual([...TEMPLATE_CODES].sort());
  expect(items.every(({ current, madeBy, bn, en }) => current && madeBy === 'release' && bn !== '' && en !== '')).toBe(
    true,
  );
  const one = await world.as('call-centre', 'GET', '/v1/sms/templates?code=pending');
  expect(one.body.items).toMatchObject([{ code: 'pending', version: 1, messageClass: 'pending' }]);
});

it('shows what a text becomes, and points at the character that doubles it', async () => {
  const en = `${EN}${' Keep this message until it comes. Do not pay twice for the same meter: it is safe'.repeat(1)} – really.`;
  const { status, body } = await world.as('clerk', 'POST', '/v1/sms/templates/preview', texts({ en }));
  expect(status).toBe(200);
  const [bangla, english] = body.languages;
  expect(bangla).toMatchObject({ language: 'bn', alphabet: 'ucs-2', parts: 1, findings: [] });
  expect(english).toMatchObject({ language: 'en', alphabet: 'ucs-2', parts: 3 });
  expect(english.text).toContain('Meter 600727000000000009: Tk 1000.00 is here.');
  expect(english.findings).toEqual([
    {
      ...{ rule: 'stray-character', severity: 'warning', at: en.indexOf('–'), character: '–', name: 'EN DASH' },
      ...{ instead: '-', parts: 3, partsWithout: 1 },
    },
  ]);
  const versions = await world.as('clerk', 'GET', '/v1/sms/templates?code=pending');
  expect(versions.body.items).toHaveLength(1);
});

it('saves by one person, sends after a second, and brings an old text back the same way', async () => {
  const key = newId();
  const saved = await draft(texts(), key);
  expect(saved).toMatchObject({ status: 201, body: { version: 2, current: false, madeBy: 'administrator', bn: BN } });
  expect(await draft(texts(), key)).toMatchObject({ status: 200, body: saved.body });
  expect(await draft(texts({ en: `${EN}.` }), key)).toMatchObject({ body: { code: 'sms-template-key-conflict' } });
  const { templateId } = saved.body;
  const publication = newId();
  const waiting = await publish(templateId, publication);
  expect(waiting.status).toBe(202);
  expect(await inForce('pending')).toMatchObject({ version: 1 });
  const { id } = waiting.body.approval;
  const shown = await world.as('supervisor', 'GET', `/v1/approvals/${id}`);
  expect(shown.body).toMatchObject({ kind: 'sms-template', content: { code: 'pending', version: 2, bn: BN, en: EN } });
  expect(await approve(id)).toMatchObject({ status: 200 });
  const both = await Promise.all([publish(templateId, publication), publish(templateId, publication)]);
  for (const done of both) {
    expect(done).toMatchObject({ status: 200, body: { current: true, approvedBy: 'supervisor', version: 2 } });
  }
  expect(await inForce('pending')).toMatchObject({ version: 2, body: EN });
  expect(await publish(templateId)).toMatchObject({ status: 409, body: { code: 'sms-template-in-force' } });

  const list = await world.as('auditor', 'GET', '/v1/sms/templates?code=pending');
  const first = (list.body.items as { version: number; templateId: string }[]).find(({ version }) => version === 1)!;
  const back = newId();
  const again = await publish(first.templateId, back);
  await approve(again.body.approval.id);
  expect(await publish(first.templateId, back)).toMatchObject({ status: 200, body: { current: true, version: 1 } });
  expect(await inForce('pending')).toMatchObject({ version: 1 });
  const trail = await world.fresh.admin.read(
    `SELECT action FROM audit_events WHERE subject = 'sms-template:pending' ORDER BY id`,
  );
  expect(trail.map(({ action }) => action)).toEqual([
    'sms-template-drafted',
    'sms-template-published',
    'sms-template-published',
  ]);
});

it('eight drafts at once are eight versions', async () => {
  const saved = await Promise.all(Array.from({ length: 8 }, () => draft({ code: 'refund', bn: BN, en: EN })));
  expect(saved.map(({ status }) => status)).toEqual(Array(8).fill(201));
  const versions = saved.map(({ body }) => body.version as number).sort((a, b) => a - b);
  expect(versions).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

it('refuses each fault with its code, and saves nothing', async () => {
  const count = async () => (await world.fresh.admin.read('SELECT COUNT(*) AS n FROM sms_templates'))[0];
  const before = await count();
  const expected: [Promise<Answer>, number, object][] = [
    [
      draft(texts({ en: 'Meter {meter}' })),
      422,
      { code: 'sms-template-faulty', rule: 'placeholder-missing', name: 'amount' },
    ],
    [draft(texts({ bn: '' })), 422, { code: 'sms-template-faulty', rule: 'empty', language: 'bn' }],
    [draft(texts({ en: `${EN} {token}` })), 422, { rule: 'placeholder-unknown', name: 'token' }],
    [draft(texts({ en: `${EN} [` })), 422, { rule: 'brackets', at: EN.length + 1 }],
    [draft(texts({ en: `${EN} it’s` })), 409, { code: 'sms-template-warned', name: 'RIGHT SINGLE QUOTATION MARK' }],
    [draft(texts({ code: 'unheard-of' })), 400, { code: 'field-invalid' }],
    [draft(texts(), newId(), 'clerk'), 403, { code: 'role-not-allowed' }],
    [publish(newId()), 404, { code: 'sms-template-not-found' }],
    [publish('x'), 404, { code: 'sms-template-not-found' }],
  ];
  for (const [answer, status, body] of expected) expect(await answer).toMatchObject({ status, body });
  expect(await count()).toEqual(before);
  expect(await draft(texts({ en: `${EN} it’s`, acceptWarnings: true }))).toMatchObject({ status: 201 });
});

it('not even raw SQL changes a text, or says that a release brought it', async () => {
  const { database } = world.fresh;
  await expect(database.read(`UPDATE sms_templates SET body_en = 'x'`)).rejects.toMatchObject({ errno: 1142 });
  await expect(database.read('DELETE FROM sms_templates')).rejects.toMatchObject({ errno: 1142 });
  await expect(
    database.read(`INSERT INTO sms_templates (origin, code) VALUES ('release', 'pending')`),
  ).rejects.toMatchObject({ errno: 1143 });
  const alone = `INSERT INTO sms_template_publications (id, template_id, request_key, asked_by, approved_by, approval_id, published_at)
    SELECT UNHEX(REPLACE(UUID(), '-', '')), template_id, UNHEX(REPLACE(UUID(), '-', '')), 'user:a', 'user:a', NULL, NOW()
    FROM sms_template_publications LIMIT 1`;
  await expect(database.read(alone)).rejects.toMatchObject({ errno: 4025 });
});
