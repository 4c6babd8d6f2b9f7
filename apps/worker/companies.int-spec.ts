/*
 * Proves on a real database, by the worker's own runners, what the worker does for companies: webhooks reach their receiver
 * once each by two workers at once, after a death and after a replay; payments that billers told us of and nobody ended are
 * vended once, and one that is never acknowledged is one case.
 */
import { BILLERS, CommitRegister, LiveBiller, WORKED_ALONE_MS } from '@vend/billers';
import { AutomaticCases } from '@vend/cases';
import { upsertPartner } from '@vend/identity';
import { newId, type Id } from '@vend/kernel';
import { InboxService, openProviders } from '@vend/payments';
import { PaymentReversal } from '@vend/vending';
import { announce, listMessages, paymentFacts, WebhookDelivery, Webhooks } from '@vend/webhooks';
import { pino } from 'pino';
import { meterNo } from '../../test/builders/meters';
import { brokenLaws } from '../../test/support/books';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { providerDraft, seedProvider } from '../../test/support/providers';
import { eventually } from '../../test/support/system';
import { VendingBench } from '../../test/support/vending';
import { CommitRunner } from './billers/commit-runner';
import { WebhookLoop } from './webhooks/webhook-loop';
import type { WorkerConfig } from './worker.config';

jest.setTimeout(120_000);
const SEALING = Buffer.alloc(32, 5);
let fresh: FreshDatabase;
let bench: VendingBench;
beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 16 });
  bench = new VendingBench(fresh);
});
afterAll(() => fresh?.drop());

describe('webhooks', () => {
  const OWNER = 'hooked';
  type Post = ConstructorParameters<typeof WebhookDelivery>[2]['post'];
  const said = (kind: 'delivered' | 'failed') => ({ kind, outcome: kind, retryAfterMs: 0, tookMs: 1 });
  const lines: { msg: string; messageId?: string }[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  let webhooks: Webhooks;
  let endpointId: Id;
  let heard: string[] = [];
  const hears: Post = (_url, headers) => {
    heard.push(headers['webhook-id']);
    return Promise.resolve(said('delivered'));
  };

  /** The loop of one worker. */
  function worker(post: Post): WebhookLoop {
    const loop = new WebhookLoop(fresh.database, new WebhookDelivery(fresh.database, SEALING, { post }), log);
    loop.start();
    return loop;
  }
  async function tell(count: number): Promise<void> {
    const at = Date.now();
    const payment = {
      type: 'payment.vended',
      source: `provider:${OWNER}`,
      sourceRef: 'T',
      grossPaisa: 5_000n,
    } as const;
    const facts = Array.from({ length: count }, () => paymentFacts({ ...payment, rechargeId: newId(at), at })).flat();
    await fresh.database.transaction((tx) => announce(tx, facts));
  }
  const inState = (state: 'PENDING' | 'DELIVERED' | 'DEAD') =>
    listMessages(fresh.database, { endpointId, state, before: null, limit: 1_000 });
  const noneWaits = () => eventually('nothing waits', async () => (await inState('PENDING')).length === 0);
  /** So much time has passed for what waits. */
  const later = (seconds: number) =>
    fresh.admin.read(
      `UPDATE webhook_messages SET due_at = due_at - INTERVAL ? SECOND, tried_since = tried_since - INTERVAL ? SECOND
       WHERE state = 'PENDING'`,
      [seconds, seconds],
    );

  beforeAll(async () => {
    const partner = { code: OWNER, name: 'Hooked', kind: 'mobile-money', keyId: 'hooked', secret: SEALING } as const;
    await fresh.database.transaction((tx) => upsertPartner(tx, SEALING, partner, { actor: 'test', at: Date.now() }));
    webhooks = new Webhooks(fresh.database, SEALING, { anyAddress: true });
    const endpoint = { owner: OWNER, url: 'https://partner.example/', types: ['payment.vended'] } as const;
    ({ endpointId } = (await webhooks.create(endpoint, 'user:admin')).endpoint);
  });
  beforeEach(() => {
    heard = [];
  });

  it('by two workers at once reach their receiver once each', async () => {
    await tell(100);
    const workers = [worker(hears), worker(hears)];
    await noneWaits();
    await Promise.all(workers.map((each) => each.stop()));
    expect([heard.length, new Set(heard).size]).toEqual([100, 100]);
    expect(await inState('DELIVERED')).toHaveLength(100);
  });

  it('that a worker had in hand when it died are another’s when the lease is over, and its late word changes nothing', async () => {
    await tell(30);
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const taken: string[] = [];
    const dead = worker(async (_url, headers) => {
      taken.push(headers['webhook-id']);
      await asleep;
      return said('failed');
    });
    await eventually('it has some in hand', () => taken.length > 0);
    const next = worker(hears);
    await eventually('the rest is delivered', async () => (await inState('PENDING')).length === taken.length);
    expect(heard.filter((id) => taken.includes(id))).toEqual([]);
    await later(61);
    await noneWaits();
    wake();
    await Promise.all([dead.stop(), next.stop()]);
    expect([heard.length, new Set(heard).size]).toEqual([30, 30]);
    expect([(await inState('PENDING')).length, (await inState('DEAD')).length]).toEqual([0, 0]);
  });

  it('that were given up are told of in the log, wait for a person, and go out under their own id when one says so', async () => {
    await tell(1);
    const refusing = worker(() => Promise.resolve(said('failed')));
    await eventually('it was tried', async () => (await inState('PENDING'))[0]?.lastOutcome === 'failed');
    await later(73 * 3_600);
    await eventually('it is given up', async () => (await inState('DEAD')).length === 1);
    await refusing.stop();
    const [dead] = await inState('DEAD');
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'a webhook was given up', messageId: dead!.messageId }),
    );
    const healthy = worker(hears);
    await webhooks.replay(dead!.messageId, 'user:agent');
    await eventually('it is delivered', async () => (await inState('DEAD')).length === 0 && heard.length > 0);
    await noneWaits();
    await healthy.stop();
    expect(heard).toEqual([dead!.eventId]);
  });
});

describe('payments of billers', () => {
  const row = providerDraft({ code: 'acks', profile: 'xml-ack-v1' });
  const clock = () => bench.now;
  let pan: string;
  let ids = 0;
  const register = () => new CommitRegister(fresh.database, SEALING, clock);

  /** The runner of one worker, with everything of its own but the database. */
  function runner(change: (core: LiveBiller) => Pick<LiveBiller, 'commit'> = (core) => core): CommitRunner {
    const { database } = fresh;
    const { ledger, vending, meters } = bench;
    const own = register();
    const reversal = new PaymentReversal(database, ledger, clock);
    const core = new LiveBiller({ database, vending, meters, reversal, register: own, maximumPaisa: 5_000_000n });
    const cases = new AutomaticCases(database, new InboxService(database), vending, clock);
    const config = { LOG_LEVEL: 'silent' } as WorkerConfig;
    const changed = change(core) as LiveBiller;
    const made = new CommitRunner(config, openProviders(database, SEALING), own, changed, vending, cases);
    made.onApplicationBootstrap();
    return made;
  }
  /** The api has accepted a payment and died. */
  async function accepted(): Promise<string> {
    const trxId = `A${++ids}`;
    await register().accept(row, { trxId, reference: pan, amountPaisa: 50_000n });
    return trxId;
  }
  const vendsOf = async (trxId: string) =>
    (
      await fresh.admin.read(
        'SELECT v.id FROM vends v JOIN recharges r ON r.id = v.recharge_id WHERE r.source = ? AND r.source_ref = ?',
        ['provider:acks', trxId],
      )
    ).length;
  const stateOf = async (trxId: string) => (await register().find(row, trxId))?.state;
  const casesOf = (trxId: string) =>
    fresh.admin.read<{ kind: string }>(
      'SELECT c.kind FROM cases c JOIN recharges r ON r.id = c.recharge_id WHERE r.source_ref = ?',
      [trxId],
    );

  beforeAll(async () => {
    await bench.put({ serial: 1 });
    ({ pan } = meterNo(1));
    await seedProvider(fresh.database, SEALING, row);
  });
  afterEach(async () => {
    expect(await brokenLaws(fresh.admin)).toEqual([]);
  });

  it('that nobody works any more are vended once by two workers at once; one that is not acknowledged is one case', async () => {
    const [heard, silent] = [await accepted(), await accepted()];
    bench.now += WORKED_ALONE_MS + 1;
    const workers = [runner(), runner()];
    for (const trxId of [heard, silent]) {
      await eventually('it is ended', async () => (await stateOf(trxId)) === 'BOOKED');
      expect(await vendsOf(trxId)).toBe(1);
    }
    await register().acknowledge({ provider: 'acks', trxId: heard });
    expect(await casesOf(silent)).toEqual([]);
    bench.now += BILLERS['xml-ack-v1'].acknowledgedWithinMs! + 1;
    await eventually('there is a case', async () => (await casesOf(silent)).length > 0);
    await eventually('it is watched no longer', async () => (await register().find(row, silent))?.dueAt === null);
    await Promise.all(workers.map((each) => each.onModuleDestroy()));
    expect([await casesOf(silent), await casesOf(heard)]).toEqual([[{ kind: 'token-not-received' }], []]);
  });

  it('that a worker vended, and died before it had written that down, are not vended again', async () => {
    const trxId = await accepted();
    bench.now += WORKED_ALONE_MS + 1;
    let died = false;
    const dying = runner((core) => ({
      commit: async (provider, ask) => {
        await core.commit(provider, ask);
        died = true;
        throw new Error('the process dies here');
      },
    }));
    await eventually('it has died over it', () => died);
    await dying.onModuleDestroy();
    expect([await stateOf(trxId), await vendsOf(trxId)]).toEqual(['WORKING', 1]);
    bench.now += WORKED_ALONE_MS + 1;
    const next = runner();
    await eventually('it is ended', async () => (await stateOf(trxId)) === 'BOOKED');
    await next.onModuleDestroy();
    expect(await vendsOf(trxId)).toBe(1);
  });
});
