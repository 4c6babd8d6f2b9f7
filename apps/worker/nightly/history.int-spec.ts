/*
 * Proves on a real database what the night forgets of what companies and we have told each other: what is old and ended, and
 * never a webhook that was not delivered or a message that waits; and that repeats and later events go on as before.
 */
import { CommitRegister } from '@vend/billers';
import { upsertPartner } from '@vend/identity';
import { idToBytes, newId, startOfDay, type Id } from '@vend/kernel';
import { providerDraft, seedProvider } from '../../../test/support/providers';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { ScriptedCheckout } from '../../../test/support/scripted-checkout';
import { VendingBench } from '../../../test/support/vending';
import { announce, paymentFacts, WebhookDelivery, Webhooks, type PaymentFact } from '@vend/webhooks';
import { historyTasks } from './history-tasks';

jest.setTimeout(60_000);
const DAY = 86_400_000;
const SEALING = Buffer.alloc(32, 3);
const KEEP = { WEBHOOKS_KEEP_DAYS: 90, GATEWAY_MESSAGES_KEEP_DAYS: 400, BILLER_ANSWERS_KEEP_DAYS: 400 };
/** The night is this day's; what is old is reckoned from its beginning. */
const TODAY = '2026-11-22';
const daysAgo = (days: number) => startOfDay(TODAY) - days * DAY;

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());

async function forget(name: string): Promise<number> {
  const task = historyTasks(fresh.database, KEEP).find((each) => each.name === name)!;
  const { faults, figures } = await task.run(TODAY);
  expect(faults).toEqual([]);
  return figures['forgotten']!;
}
async function idsIn(table: string, column = 'id'): Promise<number> {
  const [row] = await fresh.admin.read<{ n: string }>(`SELECT COUNT(${column}) AS n FROM ${table}`);
  return Number(row!.n);
}

describe('webhooks', () => {
  const OWNER = 'hooked';
  let now = daysAgo(100);
  let outcome: 'delivered' | 'failed' = 'delivered';
  let endpointId: Id;
  const post = () =>
    Promise.resolve({ kind: outcome, outcome: outcome === 'delivered' ? 'http-204' : 'http-500', tookMs: 1 } as const);
  const deliver = () =>
    new WebhookDelivery(fresh.database, SEALING, { post: post as never }, () => now).work(endpointId);

  const factsOf = (rechargeId: Id, type: PaymentFact['type']) =>
    paymentFacts({ type, rechargeId, source: `provider:${OWNER}`, sourceRef: 'T1', grossPaisa: 50_000n, at: now });
  const tell = (rechargeId: Id, type: PaymentFact['type']) =>
    fresh.database.transaction((tx) => announce(tx, factsOf(rechargeId, type)));
  const sequencesOf = async (rechargeId: Id) =>
    (
      await fresh.admin.read<{ sequence: number }>(
        'SELECT sequence FROM webhook_events WHERE subject_id = ? ORDER BY sequence',
        [idToBytes(rechargeId)],
      )
    ).map(({ sequence }) => sequence);

  beforeAll(async () => {
    const partner = { code: OWNER, name: 'Hooked', kind: 'mobile-money', keyId: 'hooked', secret: SEALING } as const;
    await fresh.database.transaction((tx) => upsertPartner(tx, SEALING, partner, { actor: 'test', at: now }));
    const webhooks = new Webhooks(fresh.database, SEALING, { anyAddress: true }, () => now);
    const types = ['payment.vended', 'payment.refund-due', 'payment.refunded'] as const;
    ({ endpointId } = (
      await webhooks.create({ owner: OWNER, url: 'https://a.example/', types }, 'user:admin')
    ).endpoint);
  });

  it('are forgotten when they were delivered long ago; what was not delivered stays, given up or not', async () => {
    const [old, dead, waiting, recent] = [newId(), newId(), newId(), newId()];
    await tell(old, 'payment.refund-due');
    await deliver();
    await tell(dead, 'payment.vended');
    outcome = 'failed';
    await deliver();
    now += 4 * DAY;
    expect(await deliver()).toMatchObject([{ end: 'dead' }]);
    await tell(waiting, 'payment.vended');
    outcome = 'delivered';
    now = daysAgo(89);
    await tell(recent, 'payment.vended');
    // Only the recent one is due.
    await fresh.admin.read(`UPDATE webhook_messages SET due_at = ? WHERE state = 'PENDING'`, [new Date(now + DAY)]);
    await fresh.admin.read(
      'UPDATE webhook_messages m JOIN webhook_events e ON e.id = m.event_id SET m.due_at = ? WHERE e.subject_id = ?',
      [new Date(now), idToBytes(recent)],
    );
    await deliver();
    expect(await forget('webhooks-forgotten')).toBe(1);
    expect(await forget('webhooks-forgotten')).toBe(0);
    expect(await sequencesOf(old)).toEqual([]);
    for (const kept of [dead, waiting, recent]) expect(await sequencesOf(kept)).toEqual([1]);
    // Years later it is paid back: the receiver, who goes by the numbers, must not take that for old.
    await tell(old, 'payment.refunded');
    expect(await sequencesOf(old)).toEqual([2]);
  });

  it('in more than one step are forgotten whole, by two nights at once too', async () => {
    now = daysAgo(95);
    const before = await idsIn('webhook_messages');
    const facts = Array.from({ length: 600 }, () => factsOf(newId(), 'payment.vended')).flat();
    await fresh.database.transaction((tx) => announce(tx, facts));
    await fresh.admin.read(
      `UPDATE webhook_messages SET state = 'DELIVERED', concluded_at = ? WHERE state = 'PENDING' AND tried_since = ?`,
      [new Date(now), new Date(now)],
    );
    const gone = await Promise.all([forget('webhooks-forgotten'), forget('webhooks-forgotten')]);
    // What one has in hand the other leaves alone, and comes by no more.
    expect(gone[0] + gone[1] + (await forget('webhooks-forgotten'))).toBe(600);
    expect(await idsIn('webhook_messages')).toBe(before);
  });
});

it('forgets old messages of gateways that are worked, and never one that waits', async () => {
  const bench = new VendingBench(fresh);
  const script = new ScriptedCheckout(bench);
  const tellOf = async (days: number, kind: 'nothing' | 'unknown' | 'forged') => {
    bench.now = daysAgo(days);
    script.verdicts = [kind === 'unknown' ? { kind, reason: 'gateway-timeout' } : { kind: 'open' }];
    return script.tell({ orderNo: `V${days}${kind}` }, kind === 'forged' ? 'forged' : undefined);
  };
  const outcomes = [
    await tellOf(410, 'nothing'),
    await tellOf(409, 'forged'),
    await tellOf(408, 'unknown'),
    await tellOf(399, 'nothing'),
  ];
  expect(outcomes).toEqual(['order-unknown', 'signature-wrong', 'again', 'order-unknown']);
  expect(await forget('gateway-messages-forgotten')).toBe(2);
  expect(await forget('gateway-messages-forgotten')).toBe(0);
  const left = await fresh.admin.read<{ order_no: string }>('SELECT order_no FROM gateway_messages ORDER BY id');
  expect(left.map(({ order_no }) => order_no)).toEqual(['V408unknown', 'V399nothing']);
});

it('forgets the kept bytes of old answers, and of no payment that it was registered', async () => {
  const row = providerDraft({ code: 'acct', profile: 'biller-json-v1' });
  await seedProvider(fresh.database, SEALING, row);
  let now = 0;
  const register = new CommitRegister(fresh.database, SEALING, () => now);
  const answer = { httpStatus: 200, contentType: 'application/json', body: '{"token":"12345678901234567890"}' };
  const refused = { trxId: '', state: 'refused', refusalCode: 'meter-closed' } as never;
  const asked = (trxId: string) => ({ trxId, reference: '61000001', amountPaisa: 50_000n });
  for (const days of [420, 401, 399]) {
    now = daysAgo(days);
    const { commit } = await register.accept(row, asked(`T${days}`));
    expect(await register.end(commit, refused, answer)).toEqual(answer);
  }
  expect(await forget('biller-answers-forgotten')).toBe(2);
  expect(await forget('biller-answers-forgotten')).toBe(0);
  now = daysAgo(0);
  expect((await register.accept(row, asked('T399'))).answer).toEqual(answer);
  const late = await register.accept(row, asked('T420'));
  expect(late).toMatchObject({ mine: false, answer: null, commit: { state: 'REFUSED', refusalCode: 'meter-closed' } });
  await expect(register.accept(row, { ...asked('T401'), amountPaisa: 1n })).rejects.toMatchObject({
    code: 'transaction-conflict',
  });
  // Made anew from the books each time: what would be kept now nobody would forget.
  await register.end(late.commit, refused, answer);
  expect((await register.accept(row, asked('T420'))).answer).toBeNull();
  // Nor is a person called to look for the acknowledgement of a payment whose answer is not kept any more.
  now = daysAgo(420);
  const { commit } = await register.accept(row, asked('T420-late'));
  now = daysAgo(0);
  await register.end(commit, { trxId: '', state: 'vended', acknowledgedAt: null } as never, answer, 60_000);
  expect(await register.takeDue(10)).toEqual([]);
});
