// Proves on a real database that a second person's word is asked for once, given once and used once, whoever races, and
// that not even raw SQL lets one person do both.
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import type { PersonRole, SessionUser } from '../identity';
import { upsertStation } from '../store/seeding';
import { APPROVAL_KINDS } from './approval-kinds';
import { Approvals, useApproval, type ApprovalRequest } from './approvals.service';

let now = Date.UTC(2026, 10, 22, 4);
const HOUR_MS = 3_600_000;
let fresh: FreshDatabase;
let approvals: Approvals;
beforeAll(async () => {
  fresh = await freshDatabase();
  approvals = new Approvals(fresh.database, () => now);
  await fresh.database.transaction(async (tx) => {
    for (const [code, office] of [
      ['RAJ-1', 'Rajshahi'],
      ['BOG-1', 'Bogura'],
    ] as const) {
      await upsertStation(tx, { code, name: code, office }, { actor: 'cli:test', at: now });
    }
  });
});
afterAll(() => fresh.drop());

const person = (username: string, role: PersonRole, station = 'RAJ-1'): SessionUser => ({
  userId: newId(),
  username,
  name: username,
  role,
  station,
});
const rahima = person('rahima', 'clerk');
const selim = person('selim', 'supervisor');
const farida = person('farida', 'accounts');
const request = (changes: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  kind: 'free-issue',
  key: newId(),
  subject: 'meter:600727000000000009',
  content: { energyKwh: '50.0', meterNo: '600727000000000009' },
  reason: 'flood relief, order 12/2026',
  by: rahima,
  ...changes,
});
const use = (approvalId: string, effect = 'vend:1') =>
  fresh.database.transaction((tx) => useApproval(tx, approvalId, effect, now));
const stateOf = async (approvalId: string) => (await approvals.show(selim, approvalId)).state;
async function approved(asked = request()) {
  const { approvalId } = await approvals.gate(asked);
  await approvals.decide(selim, approvalId, 'APPROVED', null);
  return { asked, approvalId };
}

describe('asking', () => {
  it('is pending until a second person says yes, and says who that was', async () => {
    const asked = request();
    const first = await approvals.gate(asked);
    expect(first).toEqual({ state: 'pending', approvalId: expect.any(String) as string });
    expect(await approvals.gate(asked)).toEqual(first);
    await approvals.decide(selim, first.approvalId, 'APPROVED', 'seen the order');
    expect(await approvals.gate(asked)).toEqual({ ...first, state: 'approved', approvedBy: 'user:selim' });
    await use(first.approvalId);
    expect(await approvals.gate(asked)).toMatchObject({ state: 'approved' });
  });

  it('twenty times at once is one request', async () => {
    const asked = request();
    const gates = await Promise.all(Array.from({ length: 20 }, () => approvals.gate(asked)));
    expect(new Set(gates.map(({ approvalId }) => approvalId)).size).toBe(1);
    const trail = await fresh.admin.read(
      `SELECT id FROM audit_events WHERE action = 'approval-requested' AND subject = ?`,
      [`approval:${gates[0]!.approvalId}`],
    );
    expect(trail).toHaveLength(1);
  });

  it.each<[string, Partial<ApprovalRequest>]>([
    ['more', { content: { energyKwh: '500.0', meterNo: '600727000000000009' } }],
    ['another meter', { subject: 'meter:600727000000000017' }],
    ['as somebody else', { by: selim }],
  ])('for %s under the same key is refused, before and after the yes', async (_, changes) => {
    const asked = request();
    const { approvalId } = await approvals.gate(asked);
    await expect(approvals.gate({ ...asked, ...changes })).rejects.toMatchObject({ code: 'approval-differs' });
    await approvals.decide(farida, approvalId, 'APPROVED', null);
    await expect(approvals.gate({ ...asked, ...changes })).rejects.toMatchObject({ code: 'approval-differs' });
  });

  it('takes the same content in any order', async () => {
    const asked = request();
    const gate = await approvals.gate(asked);
    const turned = { meterNo: '600727000000000009', energyKwh: '50.0' };
    expect(await approvals.gate({ ...asked, content: turned })).toEqual(gate);
  });

  it('stores exactly what is asked, where it can be read and not changed', async () => {
    const asked = request();
    const { approvalId } = await approvals.gate(asked);
    expect(await approvals.show(selim, approvalId)).toMatchObject({
      subject: asked.subject,
      content: asked.content,
      reason: asked.reason,
      requestedBy: 'user:rahima',
      station: 'RAJ-1',
      office: 'Rajshahi',
      state: 'PENDING',
    });
    for (const column of ['content', 'content_sha256', 'subject', 'requested_by', 'kind', 'reason']) {
      await expect(fresh.database.read(`UPDATE approvals SET ${column} = 'x'`)).rejects.toMatchObject({ errno: 1143 });
    }
    await expect(fresh.database.read('DELETE FROM approvals')).rejects.toMatchObject({ errno: 1142 });
  });
});

describe('answering', () => {
  it('is for nobody alone: neither in code nor by raw SQL', async () => {
    const { approvalId } = await approvals.gate(request({ by: selim }));
    await expect(approvals.decide(selim, approvalId, 'APPROVED', null)).rejects.toMatchObject({ code: 'approval-own' });
    await expect(
      fresh.database.read(
        `UPDATE approvals SET state = 'APPROVED', decided_by = 'user:selim', decided_at = NOW() WHERE requested_by = 'user:selim'`,
      ),
    ).rejects.toMatchObject({ errno: 4025 });
    await expect(
      fresh.database.read(`UPDATE approvals SET state = 'APPROVED' WHERE state = 'PENDING'`),
    ).rejects.toMatchObject({ errno: 4025 });
    expect(await stateOf(approvalId)).toBe('PENDING');
  });

  it('is for roles that may approve the kind', async () => {
    const { approvalId } = await approvals.gate(request({ kind: 'clear-credit' }));
    await expect(approvals.decide(farida, approvalId, 'APPROVED', null)).rejects.toMatchObject({
      code: 'role-not-allowed',
    });
    await approvals.decide(selim, approvalId, 'APPROVED', null);
  });

  it('is for people of the office, or above', async () => {
    const { approvalId } = await approvals.gate(request());
    const elsewhere = person('kamal', 'supervisor', 'BOG-1');
    await expect(approvals.decide(elsewhere, approvalId, 'APPROVED', null)).rejects.toMatchObject({
      code: 'approval-not-found',
    });
    expect(await approvals.waitingFor(elsewhere, { limit: 100 })).toEqual([]);
    expect(await approvals.waitingFor(person('habib', 'auditor'), { limit: 100 })).toEqual([]);
    await expect(approvals.show(person('habib', 'auditor'), approvalId)).resolves.toMatchObject({ approvalId });
  });

  it('by two at once has one answer, and it is the one on record', async () => {
    for (let round = 0; round < 5; round++) {
      const { approvalId } = await approvals.gate(request());
      const answers = await Promise.allSettled([
        approvals.decide(selim, approvalId, 'APPROVED', null),
        approvals.decide(farida, approvalId, 'REFUSED', 'no order'),
      ]);
      const lost = answers.filter((answer) => answer.status === 'rejected');
      expect(lost).toHaveLength(1);
      expect(lost[0]!.reason).toMatchObject({ code: 'approval-decided' });
      const won = answers[0].status === 'fulfilled' ? ['APPROVED', 'user:selim'] : ['REFUSED', 'user:farida'];
      const record = await approvals.show(selim, approvalId);
      expect([record.state, record.decidedBy]).toEqual(won);
      const trail = await fresh.admin.read(
        `SELECT actor FROM audit_events WHERE subject = ? AND action IN ('approval-approved', 'approval-refused')`,
        [`approval:${approvalId}`],
      );
      expect(trail).toEqual([{ actor: won[1] }]);
    }
  });

  it('again, the same way by the same person, changes nothing', async () => {
    const { approvalId } = await approved();
    await expect(approvals.decide(selim, approvalId, 'APPROVED', 'again')).resolves.toMatchObject({ note: null });
    await expect(approvals.decide(selim, approvalId, 'REFUSED', null)).rejects.toMatchObject({
      code: 'approval-decided',
    });
  });

  it('no is final for this key', async () => {
    const asked = request();
    const { approvalId } = await approvals.gate(asked);
    await approvals.decide(selim, approvalId, 'REFUSED', 'not entitled');
    await expect(approvals.gate(asked)).rejects.toMatchObject({ code: 'approval-refused' });
    await expect(use(approvalId)).rejects.toMatchObject({ code: 'approval-used' });
  });
});

describe('time', () => {
  it('ends a request that nobody answered, and a yes that nobody used', async () => {
    const unanswered = request();
    const { approvalId } = await approvals.gate(unanswered);
    const unused = await approved();
    now += 25 * HOUR_MS;
    await expect(approvals.decide(selim, approvalId, 'APPROVED', null)).rejects.toMatchObject({
      code: 'approval-expired',
    });
    for (const asked of [unanswered, unused.asked]) {
      await expect(approvals.gate(asked)).rejects.toMatchObject({ code: 'approval-expired' });
    }
    await expect(use(unused.approvalId)).rejects.toMatchObject({ code: 'approval-used' });
    expect(await stateOf(unused.approvalId)).toBe('EXPIRED');
  });
});

describe('using', () => {
  it('ten times at once has one effect', async () => {
    const { approvalId } = await approved();
    const uses = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => use(approvalId, `vend:${i}`)));
    const won = uses.flatMap((each, i) => (each.status === 'fulfilled' ? [`vend:${i}`] : []));
    expect(won).toHaveLength(1);
    for (const each of uses)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'approval-used' });
    expect(await approvals.show(selim, approvalId)).toMatchObject({ state: 'USED', effect: won[0] });
  });

  it('rolls back with its effect, and can then be used', async () => {
    const { approvalId } = await approved();
    const failing = fresh.database.transaction(async (tx) => {
      await useApproval(tx, approvalId, 'vend:lost', now);
      throw new Error('died here');
    });
    await expect(failing).rejects.toThrow('died here');
    expect(await stateOf(approvalId)).toBe('APPROVED');
    await use(approvalId, 'vend:kept');
    expect(await stateOf(approvalId)).toBe('USED');
  });

  it('needs a yes', async () => {
    const { approvalId } = await approvals.gate(request());
    await expect(use(approvalId)).rejects.toMatchObject({ code: 'approval-used' });
    await expect(use(newId())).rejects.toMatchObject({ code: 'approval-used' });
  });
});

it('lists what waits for a person page by page, without the own requests', async () => {
  await fresh.admin.read('DELETE FROM approvals');
  for (const kind of APPROVAL_KINDS) {
    now += 1;
    await approvals.gate(request({ kind }));
  }
  await approvals.gate(request({ by: selim }));
  const seen: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await approvals.waitingFor(selim, { after, limit: 3 });
    if (page.length === 0) break;
    seen.push(...page.map(({ kind }) => kind));
    after = page.at(-1)!.approvalId;
  }
  const others = ['write-off', 'settlement-action', 'tariff', 'tariff-revocation'];
  expect(seen).toEqual(APPROVAL_KINDS.filter((kind) => !others.includes(kind)));
  expect((await approvals.askedBy(selim, { limit: 10 })).map(({ requestedBy }) => requestedBy)).toEqual(['user:selim']);
  expect(await approvals.waitingFor(rahima, { limit: 10 })).toEqual([]);
});
