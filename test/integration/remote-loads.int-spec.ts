/*
 * Proves on a real database, with the sandbox's head-end and virtual meters over real sockets, that the tokens of a vend
 * reach their meter once and in order whatever the head-end does, and that every load ends: loaded, or failed with why.
 */
import { newId, type Id } from '@vend/kernel';
import {
  findLoadCard,
  LoadInbox,
  MeterLinks,
  placeMeter,
  RemoteLoads,
  retryRemoteLoad,
  signedHeaders,
  upsertHeadEnd,
  type LoadEvent,
  type RemoteLoadCard,
} from '@vend/meterlink';
import { PriceBooks } from '@vend/pricebook';
import { VendCancellation, type RechargeRecord } from '@vend/vending';
import { meterNo } from '../builders/meters';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { HeadEndScene } from '../support/head-end';
import { leaveKeyChangeDue } from '../support/key-change-due';
import { counterSale, VendingBench, type MeterDraft } from '../support/vending';

const SEALING = Buffer.alloc(32, 7);
const ANSWER_MS = 30_000;
const GIVE_UP_MS = 900_000;
const DRAFTS: readonly MeterDraft[] = Array.from({ length: 24 }, (_, i) => ({
  serial: 650_000 + i,
  office: i < 20 ? 'Load office' : `Key office ${i}`,
}));

let fresh: FreshDatabase;
let bench: VendingBench;
let scene: HeadEndScene;
let links: MeterLinks;
let inbox: LoadInbox;
let loads: RemoteLoads;
let used = 0;
let usedForKeys = 20;

beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 24 });
  bench = new VendingBench(fresh);
  scene = await HeadEndScene.open(DRAFTS);
  inbox = new LoadInbox(fresh.database, SEALING);
  scene.tells(inbox);
  links = new MeterLinks(fresh.database, SEALING, 1_000);
  loads = new RemoteLoads(
    fresh.database,
    (code) => links.of(code),
    { answerMs: ANSWER_MS, giveUpMs: GIVE_UP_MS },
    () => bench.now,
  );
  await bench.install(...DRAFTS);
  await fresh.database.transaction(async (tx) => {
    await upsertHeadEnd(tx, SEALING, scene.headEnd, new Date());
    for (const { serial } of DRAFTS) await placeMeter(tx, meterNo(serial).pan, scene.headEnd.code);
  });
}, 60_000);
beforeEach(() => scene.play('none'));
afterEach(async () => {
  await scene.played.quiet();
  await hearAll();
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(async () => {
  await links?.close();
  await scene?.close();
  await fresh?.drop();
});

interface Household {
  readonly pan: string;
  readonly meterId: Id;
  readonly draft: MeterDraft;
}
async function household(draft = DRAFTS[used++]!): Promise<Household> {
  const { pan } = meterNo(draft.serial);
  return { pan, draft, meterId: (await bench.meters.resolve(pan))!.meterId };
}
async function sell(home: Household, grossPaisa = 50_000n): Promise<RechargeRecord> {
  return (await bench.vending.recharge(counterSale(home.meterId, { grossPaisa }))).record;
}
async function loadOf({ vend }: RechargeRecord): Promise<RemoteLoadCard> {
  const [row] = await fresh.admin.read<{ id: string }>(
    'SELECT LOWER(HEX(id)) AS id FROM remote_loads WHERE vend_id = UNHEX(?)',
    [vend!.vendId.replaceAll('-', '')],
  );
  const id = row!.id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return (await findLoadCard(fresh.database, id))!;
}
const stateOf = async (sold: RechargeRecord) => (await loadOf(sold)).state;
/** When the worker is next offered this load; undefined: never again. */
async function dueMs({ loadId }: RemoteLoadCard): Promise<number | undefined> {
  const [row] = await fresh.admin.read<{ due_at: Date }>(
    `SELECT due_at FROM outbox WHERE topic = 'remote-load' AND ref_id = UNHEX(?)`,
    [loadId.replaceAll('-', '')],
  );
  return row?.due_at.getTime();
}
/** Works every callback that is stored and not worked yet, as the worker does. @returns what each did */
async function hearAll(): Promise<string[]> {
  const rows = await fresh.admin.read<{ id: string }>(
    `SELECT LOWER(HEX(id)) AS id FROM meter_link_events WHERE state = 'RECEIVED' ORDER BY id`,
  );
  const outcomes: string[] = [];
  for (const { id } of rows) {
    await inbox.work(id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), loads);
    const [row] = await fresh.admin.read<{ outcome: string }>(
      'SELECT outcome FROM meter_link_events WHERE id = UNHEX(?)',
      [id],
    );
    outcomes.push(row!.outcome);
  }
  return outcomes;
}
async function workAndHear(sold: RechargeRecord): Promise<string[]> {
  await loads.work((await loadOf(sold)).loadId);
  await scene.played.quiet();
  return hearAll();
}
const hear = (headEnd: string, event: LoadEvent) => fresh.database.transaction((tx) => loads.hear(tx, headEnd, event));
const event = (load: RemoteLoadCard, word: 'loaded' | 'failed', round = load.round): LoadEvent => ({
  ...{ eventId: newId(), loadId: load.loadId, round, word },
  reason: word === 'failed' ? 'invented' : null,
});

describe('from the vend to the meter', () => {
  it('a load is written with its vend, sent, acknowledged, and the worker is done with it', async () => {
    const home = await household();
    const sold = await sell(home);
    const load = await loadOf(sold);
    expect(load).toMatchObject({ state: 'UNSENT', round: 1, attempts: 0, meterNo: home.pan, headEnd: 'test-hes' });
    expect(await dueMs(load)).toBe(bench.now);
    expect(await loads.work(load.loadId)).toBe('sent');
    await scene.played.quiet();
    expect(await hearAll()).toEqual(['loaded']);
    expect(await loadOf(sold)).toMatchObject({ state: 'LOADED', attempts: 1, reason: null });
    expect(await dueMs(load)).toBeUndefined();
    expect(await scene.accepted(home.pan)).toBe(1);
  });

  it('a vend of a meter behind no head-end has no load; a repeat of a vend has no second', async () => {
    const home = await household();
    const sale = counterSale(home.meterId, { grossPaisa: 60_000n });
    await bench.vending.recharge(sale);
    await bench.vending.recharge(sale);
    const count = async () => {
      const rows = await fresh.admin.read<{ n: string }>(
        'SELECT COUNT(*) AS n FROM remote_loads WHERE meter_id = UNHEX(?)',
        [home.meterId.replaceAll('-', '')],
      );
      return Number(rows[0]!.n);
    };
    expect(await count()).toBe(1);
    await fresh.database.transaction((tx) => placeMeter(tx, home.pan, null));
    await sell(home);
    expect(await count()).toBe(1);
  });

  it('two workers at once, and a worker that died after its push: the meter has it once', async () => {
    const home = await household();
    const sold = await sell(home);
    const { loadId } = await loadOf(sold);
    await Promise.all([loads.work(loadId), loads.work(loadId), loads.work(loadId)]);
    await scene.played.quiet();
    await hearAll();
    expect(await stateOf(sold)).toBe('LOADED');
    // As the dead worker left it: pushed, and nothing written down.
    await fresh.admin.read(
      `UPDATE remote_loads SET state = 'UNSENT', sent_at = NULL, concluded_at = NULL WHERE id = UNHEX(?)`,
      [loadId.replaceAll('-', '')],
    );
    await loads.work(loadId);
    await scene.played.quiet();
    await hearAll();
    expect(await scene.accepted(home.pan)).toBe(1);
  });

  it('a token that the customer typed first, and one typed after: credited once, and the load is loaded', async () => {
    const [early, late] = [await household(), await household()];
    const [soldEarly, soldLate] = [await sell(early), await sell(late)];
    const digits = (sold: RechargeRecord) => sold.vend!.tokens[0]!.digits;
    expect((await scene.meters.enter(early.pan, digits(soldEarly))).result).toBe('Accept');
    expect(await workAndHear(soldEarly)).toEqual(['loaded']);
    expect(await workAndHear(soldLate)).toEqual(['loaded']);
    expect((await scene.meters.enter(late.pan, digits(soldLate))).result).toBe('Used');
    expect([await scene.accepted(early.pan), await scene.accepted(late.pan)]).toEqual([1, 1]);
  });

  it('key changes go first, a later vend waits for them, and after all the meter stands on its new key', async () => {
    const home = await household(DRAFTS[usedForKeys++]);
    await leaveKeyChangeDue(bench, home.draft.office!);
    const first = await sell(home);
    const second = await sell(home);
    expect(first.vend!.tokens.map(({ kind }) => kind)).toEqual(['key-change', 'key-change', 'credit']);
    const later = await loadOf(second);
    expect(await loads.work(later.loadId)).toBe('waiting');
    expect(await dueMs(later)).toBe(bench.now + 1_000);
    expect(await workAndHear(first)).toEqual(['loaded']);
    expect(await workAndHear(second)).toEqual(['loaded']);
    expect((await scene.meters.view(home.pan)).attributes.krn).toBe(2);
  });
});

describe('a head-end that misbehaves', () => {
  it('says so before our own SENT is written: LOADED, and it stays', async () => {
    scene.play('slow', 100);
    const home = await household();
    const sold = await sell(home);
    const { loadId } = await loadOf(sold);
    const working = loads.work(loadId);
    while (scene.callbacks === 0 || (await hearAll()).length === 0) await new Promise((r) => setTimeout(r, 5));
    const early = await loadOf(sold);
    await working;
    expect(early).toMatchObject({ state: 'LOADED', sentAt: bench.now });
    expect(await loadOf(sold)).toEqual(early);
  });

  it('says so twice, and once more under another id: one LOADED', async () => {
    scene.play('twice');
    const sold = await sell(await household());
    expect(await workAndHear(sold)).toEqual(['loaded', 'unchanged']);
    expect(await stateOf(sold)).toBe('LOADED');
  });

  it('contradicts itself: LOADED is final', async () => {
    scene.play('contradict');
    const sold = await sell(await household());
    expect(await workAndHear(sold)).toEqual(['loaded', 'unchanged']);
    expect(await stateOf(sold)).toBe('LOADED');
  });

  it('loses its answer: pushed again, loaded once', async () => {
    scene.play('lose-answer');
    const home = await household();
    const sold = await sell(home);
    expect(await loads.work((await loadOf(sold)).loadId)).toBe('retry-later');
    expect(await loadOf(sold)).toMatchObject({ state: 'UNSENT', reason: 'head-end-timeout' });
    await scene.played.quiet();
    expect(await hearAll()).toEqual(['loaded']);
    expect(await scene.accepted(home.pan)).toBe(1);
  });

  it('says nothing: it is asked after a while, and knows', async () => {
    scene.play('lose-callback');
    const sold = await sell(await household());
    const { loadId } = await loadOf(sold);
    expect(await loads.work(loadId)).toBe('sent');
    expect(await dueMs(await loadOf(sold))).toBe(bench.now + ANSWER_MS);
    expect(await loads.work(loadId)).toBe('loaded');
    expect(await stateOf(sold)).toBe('LOADED');
  });

  it('is down: tried again with growing pauses, and in the end given up with the reason', async () => {
    scene.play('down');
    const began = bench.now;
    const sold = await sell(await household());
    const load = await loadOf(sold);
    const pauses: number[] = [];
    let turn = '';
    while (turn !== 'failed' && pauses.length < 100) {
      turn = await loads.work(load.loadId);
      const due = await dueMs(load);
      if (due === undefined) break;
      pauses.push(due - bench.now);
      bench.now = due;
    }
    expect(turn).toBe('failed');
    expect(pauses.slice(0, 5)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(Math.max(...pauses)).toBe(30_000);
    expect(bench.now - began).toBeGreaterThan(GIVE_UP_MS);
    expect(bench.now - began).toBeLessThan(GIVE_UP_MS + 60_000);
    expect(await loadOf(sold)).toMatchObject({ state: 'FAILED', reason: 'head-end-unreachable' });
    expect(await dueMs(load)).toBeUndefined();
  });

  it('never answers what it has taken: given up as no-answer, and a late word that it was loaded is believed', async () => {
    scene.play('lose-callback');
    const sold = await sell(await household());
    const load = await loadOf(sold);
    await loads.work(load.loadId);
    await scene.played.quiet();
    bench.now += GIVE_UP_MS + 1;
    expect(await loads.work(load.loadId)).toBe('failed');
    expect(await loadOf(sold)).toMatchObject({ state: 'FAILED', reason: 'no-answer' });
    expect(await hear('test-hes', event(load, 'loaded'))).toBe('loaded');
    expect(await loadOf(sold)).toMatchObject({ state: 'LOADED', reason: null });
    expect(await hear('test-hes', event(load, 'failed'))).toBe('unchanged');
  });

  it.each([
    ['refuse', 'meter-not-served'],
    ['meter-off', 'meter-unreachable'],
  ] as const)('%s: FAILED as %s, until a person sends it once more', async (mode, reason) => {
    scene.play(mode);
    const home = await household();
    const sold = await sell(home);
    await workAndHear(sold);
    const failed = await loadOf(sold);
    expect(failed).toMatchObject({ state: 'FAILED', reason });
    scene.play('none');
    const again = () => fresh.database.transaction((tx) => retryRemoteLoad(tx, failed.loadId, bench.now));
    const answers = await Promise.all([again(), again(), again()]);
    expect(answers.filter(({ reopened }) => reopened)).toHaveLength(1);
    expect(await loadOf(sold)).toMatchObject({ state: 'UNSENT', round: 2, reason: null });
    // The first sending's failure, heard late, says nothing of the second.
    expect(await hear('test-hes', event(failed, 'failed'))).toBe('stale-round');
    expect(await workAndHear(sold)).toEqual(['loaded']);
    expect(await scene.accepted(home.pan)).toBe(1);
    await expect(again()).rejects.toMatchObject({ code: 'remote-load-done' });
  });

  it('speaks of a load that is not its own, or of none', async () => {
    const sold = await sell(await household());
    const load = await loadOf(sold);
    expect(await hear('other-hes', event(load, 'loaded'))).toBe('not-its-load');
    expect(await hear('test-hes', { ...event(load, 'loaded'), loadId: newId() })).toBe('load-unknown');
    expect(await stateOf(sold)).toBe('UNSENT');
  });
});

describe('the inbox', () => {
  const send = (body: object, change: Record<string, string> = {}, at = Date.now()) => {
    const bytes = Buffer.from(JSON.stringify(body));
    return inbox.receive({ ...signedHeaders(scene.headEnd, 'm', bytes, at), ...change }, bytes, Date.now());
  };
  const result = (eventId: string) => ({
    ...{ type: 'meter-link.result', eventId, loadId: newId(), round: 1, state: 'loaded' },
    at: '2026-11-21T10:00:00+06:00',
  });

  it('stores an event once, however often and however much at once it comes', async () => {
    const body = result('E-many');
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(body)));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    await expect(send({ ...body, state: 'failed' })).rejects.toMatchObject({ code: 'event-conflict' });
    expect(await hearAll()).toEqual(['load-unknown']);
  });

  it.each([
    ['signature-missing', { 'webhook-signature': '' }, 0],
    ['signature-invalid', { 'x-key-id': 'nobody' }, 0],
    ['signature-invalid', { 'webhook-id': 'other' }, 0],
    ['timestamp-stale', {}, -301_000],
  ])('refuses with %s (%j) and stores nothing', async (code, change, shiftMs) => {
    await expect(send(result(newId()), change, Date.now() + shiftMs)).rejects.toMatchObject({ code });
    expect(await hearAll()).toEqual([]);
  });

  it('has no token in anything that is stored of a load', async () => {
    const sold = await sell(await household());
    await workAndHear(sold);
    const rows = await fresh.admin.read('SELECT CONVERT(raw_body USING utf8mb4) AS body FROM meter_link_events');
    expect(rows.length).toBeGreaterThan(3);
    expect(JSON.stringify([rows, await loadOf(sold)])).not.toContain(sold.vend!.tokens[0]!.digits);
  });
});

describe('a cancelled vend', () => {
  const cancel = ({ rechargeId }: RechargeRecord) =>
    new VendCancellation(fresh.database, bench.ledger, new PriceBooks(fresh.database), () => bench.now).cancel({
      ...{ rechargeId, actor: 'user:selim', reason: 'printer failed, token unread' },
    });

  it('takes its unsent load with it: the meter never gets the token', async () => {
    const home = await household();
    const sold = await sell(home);
    const load = await loadOf(sold);
    await cancel(sold);
    expect(await loadOf(sold)).toMatchObject({ state: 'FAILED', reason: 'vend-cancelled' });
    expect(await loads.work(load.loadId)).toBe('gone');
    expect(await scene.accepted(home.pan)).toBe(0);
    await expect(fresh.database.transaction((tx) => retryRemoteLoad(tx, load.loadId, bench.now))).rejects.toMatchObject(
      { code: 'remote-load-cancelled' },
    );
  });

  it('cannot be while the token is on its way, or is in the meter', async () => {
    const home = await household();
    const sold = await sell(home);
    scene.play('lose-callback');
    await loads.work((await loadOf(sold)).loadId);
    await expect(cancel(sold)).rejects.toMatchObject({ code: 'vend-loading' });
    await loads.work((await loadOf(sold)).loadId);
    await expect(cancel(sold)).rejects.toMatchObject({ code: 'vend-loaded' });
  });

  it('and a push at the same moment: never both', async () => {
    const home = await household();
    const sold = await sell(home);
    const { loadId } = await loadOf(sold);
    const [cancelled] = await Promise.allSettled([cancel(sold), loads.work(loadId)]);
    await scene.played.quiet();
    await hearAll();
    const inMeter = (await scene.accepted(home.pan)) === 1;
    expect(inMeter).toBe(cancelled.status === 'rejected');
  });
});
