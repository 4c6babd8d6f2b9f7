/* Proves the second person's routes over HTTP: who sees what waits, yes and no, and each refusal with its code. */
import { Approvals, type SessionUser } from '@vend/identity';
import { newId } from '@vend/kernel';
import { ApiWorld } from '../../../test/support/api';

let world: ApiWorld;
let approvals: Approvals;
beforeAll(async () => {
  world = await ApiWorld.create();
  approvals = world.app.get(Approvals, { strict: false });
}, 60_000);
afterAll(() => world?.destroy());

const clerk: SessionUser = {
  userId: newId(),
  username: 'clerk',
  name: 'Demo clerk',
  role: 'clerk',
  station: 'NESCO-RAJ-01',
};
const asked = (by = clerk) => ({
  kind: 'free-issue' as const,
  key: newId(),
  subject: 'meter:600727000000000009',
  content: { energyKwh: '50.0' },
  reason: 'flood relief',
  by,
});

it('shows the second person exactly what is asked, takes a yes, and lets the asker go on', async () => {
  const request = asked();
  const { approvalId } = await approvals.gate(request);
  const waiting = await world.as('supervisor', 'GET', '/v1/approvals');
  expect(waiting).toMatchObject({ status: 200, body: { nextCursor: null } });
  expect(waiting.body.items).toContainEqual(
    expect.objectContaining({ id: approvalId, content: { energyKwh: '50.0' }, requestedBy: 'clerk', state: 'PENDING' }),
  );
  const mine = await world.as('clerk', 'GET', '/v1/approvals/mine?limit=1');
  expect(mine.body.items).toMatchObject([{ id: approvalId }]);
  const yes = await world.as('supervisor', 'POST', `/v1/approvals/${approvalId}/approve`, {});
  expect(yes).toMatchObject({ status: 200, body: { state: 'APPROVED', decidedBy: 'supervisor', effect: null } });
  expect(await approvals.gate(request)).toEqual({ state: 'approved', approvalId, approvedBy: 'user:supervisor' });
  const again = await world.as('accounts', 'POST', `/v1/approvals/${approvalId}/refuse`, { note: 'too late' });
  expect(again).toMatchObject({ status: 409, body: { code: 'approval-decided' } });
});

it('keeps from where a yes came', async () => {
  const { approvalId } = await approvals.gate(asked());
  const headers = { 'user-agent': 'till/1.0', 'x-request-id': 'request-0001' };
  await world.as('supervisor', 'POST', `/v1/approvals/${approvalId}/approve`, {}, headers);
  const trail = await world.fresh.admin.read(
    `SELECT actor, JSON_VALUE(was, '$.state') AS was, JSON_VALUE(became, '$.state') AS became, origin_address, origin_station,
       LENGTH(origin_agent) AS agent, request_id FROM audit_events WHERE subject = ? AND action = 'approval-approved'`,
    [`approval:${approvalId}`],
  );
  expect(trail).toEqual([
    {
      actor: 'user:supervisor',
      was: 'PENDING',
      became: 'APPROVED',
      origin_address: '127.0.0.1',
      origin_station: 'NESCO-RAJ-02',
      agent: 16,
      request_id: 'request-0001',
    },
  ]);
});

it('refuses each wrong answer with its code, and changes nothing', async () => {
  const { approvalId } = await approvals.gate(asked());
  const own = await approvals.gate(asked({ ...clerk, username: 'supervisor', role: 'supervisor' }));
  const post = (who: string, id: string, answer: string, body: object) =>
    world.as(who, 'POST', `/v1/approvals/${id}/${answer}`, body);
  const expected: [Promise<unknown>, number, string][] = [
    [post('supervisor', own.approvalId, 'approve', {}), 403, 'approval-own'],
    [post('clerk', approvalId, 'approve', {}), 403, 'role-not-allowed'],
    [post('auditor', approvalId, 'approve', {}), 403, 'role-not-allowed'],
    [post('supervisor', newId(), 'approve', {}), 404, 'approval-not-found'],
    [post('supervisor', 'x', 'approve', {}), 404, 'approval-not-found'],
    [post('supervisor', approvalId, 'refuse', {}), 400, 'field-invalid'],
    [post('supervisor', approvalId, 'refuse', { note: 'a\u0000b' }), 400, 'field-invalid'],
    [world.as('supervisor', 'GET', '/v1/approvals?limit=1000'), 400, 'field-invalid'],
    [world.as('supervisor', 'GET', '/v1/approvals?cursor=x'), 400, 'field-invalid'],
    [world.as('supervisor', 'GET', '/v1/approvals?other=1'), 400, 'field-invalid'],
  ];
  for (const [answer, status, code] of expected) {
    expect([code, await answer]).toEqual([
      code,
      expect.objectContaining({ status, body: expect.objectContaining({ code }) as unknown }),
    ]);
  }
  for (const id of [approvalId, own.approvalId]) {
    expect((await world.as('auditor', 'GET', `/v1/approvals/${id}`)).body).toMatchObject({ state: 'PENDING' });
  }
});
