/* Proves the one core behind every biller's contract, on a real database with real keys: a payment is registered before anything else and is one vend whoever dies where, repeats get the first bytes, a float is never overdrawn, and a reversal and a vend never both win. */
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { brokenLaws } from '../../test/support/books';
import { providerDraft, seedProvider } from '../../test/support/providers';
import { VendingBench } from '../../test/support/vending';
import { meterNo } from '../../test/builders/meters';
import { newId, type Paisa } from '@vend/kernel';
import { balanceAt, floatTopUpEntry, LedgerService } from '@vend/ledger';
import { openProviders, type Provider } from '@vend/payments';
import { createVending, PaymentReversal } from '@vend/vending';
import { BillerDesk } from './biller-desk';
import { CommitJanitor } from './commit-janitor';
import { CommitRegister, WORKED_ALONE_MS } from './commit-register';
import type { BillerPayment, CommitAsk } from './core';
import { LiveBiller } from './live-biller';
import type { BillerProfile, ProfileCall, ProfileResult } from './profile';

/** The smallest contract there can be: our own words as JSON, with a password in a header. */
const PLAIN: BillerProfile<null> = {
  name: 'biller-json-v1',
  calls: ['quote', 'commit', 'status', 'reverse', 'acknowledge', 'statement', 'session'].map((op) => ({
    method: 'POST',
    path: `/${op}`,
  })),
  credentialNames: ['password'],
  settingNames: [],
  acknowledgedWithinMs: 600_000,
  read: ({ path, headers, rawBody }, { credentials }) => {
    if (headers['password'] !== credentials['password']) return { refused: json(403, { code: 'password' }) };
    const { amount, ...fields } = JSON.parse(rawBody.toString()) as Record<string, unknown>;
    const ask = { ...fields, ...(amount !== undefined && { amountPaisa: BigInt(amount as string) }) };
    return { call: { wire: null, op: path.slice(1), ask, ...fields } as unknown as ProfileCall<null> };
  },
  write: (_call, result: ProfileResult) => json(200, result),
  refuse: (code) => json(400, { code }),
};
const json = (httpStatus: number, body: unknown) => ({
  httpStatus,
  contentType: 'application/json',
  body: JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
});

const SEALING = Buffer.alloc(32, 9);
const PASSWORD = 'invented-password-1';
const ON_ACCOUNT = providerDraft({ code: 'acct', profile: 'biller-json-v1', credentials: { password: PASSWORD } });
const PREPAID = { ...ON_ACCOUNT, code: 'pre', prepaid: true };
const faults: unknown[] = [];
let fresh: FreshDatabase;
let bench: VendingBench;
let ids = 0;

/** A process of its own: its lanes, its register, its rows in memory, on the database that all share. */
function openProcess() {
  const { fresh: on, ledger, meters } = bench;
  const clock = () => bench.now;
  const vending = createVending(on.database, new LedgerService(on.database), bench.issuer, {
    ...{ book: 'first-light', quoteSecret: Buffer.alloc(32, 1), quoteTtlMs: 900_000, tokenDeadlineMs: 1_000 },
    ...{ laneGroupMax: 64, laneWriters: 2, laneBacklogMax: 1_000, now: clock },
  });
  const register = new CommitRegister(on.database, SEALING, clock);
  const reversal = new PaymentReversal(on.database, ledger, clock);
  const core = new LiveBiller({
    ...{ database: on.database, vending, meters, reversal, register },
    maximumPaisa: 5_000_000n,
  });
  const providers = openProviders(on.database, SEALING);
  const profiles = { 'biller-json-v1': PLAIN as BillerProfile };
  const onFault = (error: unknown) => void faults.push(error);
  const desk = new BillerDesk({
    ...{ database: on.database, providers, profiles, register, coreOf: () => core, now: clock, onFault },
    sessionSecret: SEALING,
  });
  const unacknowledged: string[] = [];
  const janitor = new CommitJanitor({
    ...{ providers, profiles, register, core, onFault },
    onUnacknowledged: ({ trxId }) => Promise.resolve(void unacknowledged.push(trxId)),
  });
  return { register, core, desk, janitor, unacknowledged };
}
type Process = ReturnType<typeof openProcess>;

interface Said {
  readonly kind?: string;
  readonly code?: string;
  readonly payment?: {
    readonly state: BillerPayment['state'];
    readonly refusalCode: string | null;
    readonly tokens: string[];
  };
  readonly lines?: readonly { readonly trxId: string; readonly state: string }[];
  readonly balancePaisa?: string;
}

async function say(
  at: Process,
  op: string,
  body: object,
  over: { code?: string; address?: string; password?: string } = {},
) {
  const answer = await at.desk.answer(over.code ?? 'acct', {
    ...{ method: 'POST', path: `/${op}`, query: {}, receivedAt: bench.now },
    headers: { password: over.password ?? PASSWORD },
    ...{ rawBody: Buffer.from(JSON.stringify(body)), address: over.address ?? '127.0.0.1' },
  });
  return { text: answer.body, status: answer.httpStatus, said: JSON.parse(answer.body) as Said };
}

let one: Process;
let other: Process;
let pan: string;
beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 16 });
  bench = new VendingBench(fresh);
  await bench.put({ serial: 1 });
  pan = meterNo(1).pan;
  for (const row of [ON_ACCOUNT, PREPAID]) await seedProvider(fresh.database, SEALING, row);
  one = openProcess();
  other = openProcess();
}, 60_000);
afterEach(async () => {
  bench.issuer.down = false;
  expect(await brokenLaws(fresh.admin)).toEqual([]);
  expect(faults.splice(0)).toEqual([]);
});
afterAll(() => fresh.drop());

const ask = (amount: Paisa = 50_000n, reference = pan) => ({ trxId: `T${++ids}`, reference, amount: `${amount}` });
const asked = ({ trxId, reference, amount }: ReturnType<typeof ask>): CommitAsk => ({
  ...{ trxId, reference, amountPaisa: BigInt(amount) },
});
const rowOf = (code: string): Provider => ({ ...(code === 'pre' ? PREPAID : ON_ACCOUNT) });

async function vendsOf(trxId: string): Promise<number> {
  const [row] = await fresh.admin.read<{ n: string }>(
    'SELECT COUNT(*) AS n FROM vends v JOIN recharges r ON r.id = v.recharge_id WHERE r.source_ref = ?',
    [trxId],
  );
  return Number(row!.n);
}

it('fifty at once over two processes are one vend, and whoever hears of it hears the same bytes', async () => {
  const body = ask();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => say(n % 2 === 0 ? one : other, 'commit', body)),
  );
  const states = new Set(answers.map(({ said }) => said.payment?.state));
  expect([...states].filter((state) => state !== 'vended' && state !== 'in-progress')).toEqual([]);
  const last = await say(other, 'commit', body);
  const told = answers.filter(({ said }) => said.payment?.state === 'vended');
  expect(new Set([...told.map(({ text }) => text), last.text])).toEqual(new Set([last.text]));
  expect([last.said.payment?.state, last.said.payment?.tokens.length, await vendsOf(body.trxId)]).toEqual([
    'vended',
    1,
    1,
  ]);
});

it('another amount or meter under a used id is a conflict, and nothing changes', async () => {
  const body = ask();
  const first = await say(one, 'commit', body);
  for (const change of [{ amount: '50001' }, { reference: '99999999' }]) {
    expect((await say(other, 'commit', { ...body, ...change })).said).toEqual({
      kind: 'error',
      code: 'transaction-conflict',
    });
  }
  expect((await say(one, 'commit', body)).text).toBe(first.text);
  expect(await vendsOf(body.trxId)).toBe(1);
});

it('whoever dies after the registration: nobody hears "not found", and the worker vends it once', async () => {
  const body = ask();
  await one.register.accept(rowOf('acct'), asked(body));
  expect((await say(other, 'status', body)).said.payment?.state).toBe('in-progress');
  expect((await say(other, 'commit', body)).said.payment?.state).toBe('in-progress');
  expect([await other.janitor.run(), await vendsOf(body.trxId)]).toEqual([0, 0]);
  bench.now += WORKED_ALONE_MS;
  await Promise.all([one.janitor.run(), other.janitor.run()]);
  expect(await vendsOf(body.trxId)).toBe(1);
  const [first, second] = [await say(one, 'commit', body), await say(other, 'commit', body)];
  expect([first.said.payment?.state, second.text]).toEqual(['vended', first.text]);
});

it('a repeat takes up, by itself, what nobody works any more', async () => {
  const body = ask();
  await one.register.accept(rowOf('acct'), asked(body));
  bench.now += WORKED_ALONE_MS;
  expect((await say(other, 'commit', body)).said.payment?.state).toBe('vended');
  expect(await vendsOf(body.trxId)).toBe(1);
});

it('whoever dies between the vend and its stored answer: the answer is the same', async () => {
  const body = ask();
  const { ask: accepted } = await one.register.accept(rowOf('acct'), asked(body));
  const lost = await one.core.commit(rowOf('acct'), accepted);
  const again = await say(other, 'commit', body);
  expect(again.said.payment?.tokens).toEqual(lost.tokens);
  expect((await say(one, 'commit', body)).text).toBe(again.text);
});

it('while no token can be made a payment is in progress, to status and to every repeat, and is vended afterwards', async () => {
  const body = ask();
  bench.issuer.down = true;
  expect((await say(one, 'commit', body)).said.payment?.state).toBe('in-progress');
  for (const at of [one, other]) expect((await say(at, 'status', body)).said.payment?.state).toBe('in-progress');
  expect((await say(other, 'commit', body)).said.payment?.state).toBe('in-progress');
  bench.issuer.down = false;
  const record = await bench.vending.findByKey('provider:acct', body.trxId);
  await bench.vending.complete(record!.rechargeId);
  expect((await say(other, 'status', body)).said.payment?.state).toBe('vended');
  const repeat = await say(one, 'commit', body);
  expect([repeat.said.payment?.state, (await say(other, 'commit', body)).text]).toEqual(['vended', repeat.text]);
});

it.each([
  ['no such meter', { reference: '99999999' }, 'meter-not-found'],
  ['no reference at all', { reference: 'মিটার' }, 'meter-not-found'],
  ['nothing', { amount: '0' }, 'amount-not-positive'],
  ['less than nothing', { amount: '-5' }, 'amount-not-positive'],
  ['too little', { amount: '100' }, 'below-minimum-recharge'],
  ['too much', { amount: '99999999999999999999999' }, 'above-maximum-recharge'],
])('%s is refused, and stays refused for its id', async (_, change, code) => {
  const body = { ...ask(), ...change };
  const first = await say(one, 'commit', body);
  expect(first.said.payment).toMatchObject({ state: 'refused', refusalCode: code });
  expect((await say(other, 'commit', body)).text).toBe(first.text);
  expect((await say(other, 'status', body)).said.payment).toMatchObject({ state: 'refused', refusalCode: code });
  expect((await say(other, 'reverse', { ...body, reason: 'x' })).said.payment?.state).toBe('refused');
  expect(await bench.vending.findByKey('provider:acct', body.trxId)).toBeUndefined();
});

it('a reversal and the vend at the same time: one of them wins, and everybody hears which', async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 12; round++) {
    const body = ask();
    const { ask: accepted } = await one.register.accept(rowOf('acct'), asked(body));
    // A chance for either, whichever machine this is.
    const pause = (n: number) => new Promise((resolve) => setTimeout(resolve, n));
    const reversed = pause(round % 6).then(() =>
      other.core
        .reverse(rowOf('acct'), body.trxId, 'the payer changed his mind')
        .catch((error: { code: string }) => error.code),
    );
    const [paid, back] = await Promise.all([one.core.commit(rowOf('acct'), accepted), reversed]);
    const won = paid.state;
    expect(back).toEqual(won === 'vended' ? 'token-released' : expect.objectContaining({ state: 'reversed' }));
    expect(['vended', 'reversed']).toContain(won);
    expect(await vendsOf(body.trxId)).toBe(won === 'vended' ? 1 : 0);
    expect((await say(other, 'commit', body)).said.payment?.state).toBe(won);
    outcomes.add(won);
  }
  expect(outcomes.size).toBeGreaterThan(0);
});

it('a reversal before any vend leaves nothing to vend; of a kept payment too; and the same again is the same', async () => {
  const early = ask();
  await one.register.accept(rowOf('acct'), asked(early));
  const kept = ask();
  bench.issuer.down = true;
  await say(one, 'commit', kept);
  bench.issuer.down = false;
  for (const body of [early, kept]) {
    for (const at of [one, other]) {
      expect((await say(at, 'reverse', { ...body, reason: 'x' })).said.payment?.state).toBe('reversed');
    }
    bench.now += WORKED_ALONE_MS;
    await one.janitor.run();
    expect((await say(one, 'commit', body)).said.payment?.state).toBe('reversed');
    expect(await vendsOf(body.trxId)).toBe(0);
  }
  expect((await say(one, 'reverse', { trxId: 'never', reason: 'x' })).said).toEqual({ kind: 'not-found' });
});

it('fifty at once on a float for twenty-five: twenty-five vends, twenty-five refusals for ever, and nothing below zero', async () => {
  const price = 50_000n;
  const { ledger } = bench;
  const payIn = async (paisa: Paisa) => {
    await ledger.open(['float:pre', 'bank:settlement']);
    const entry = floatTopUpEntry({ businessId: newId(), bookedAt: bench.now }, 'bank:settlement', 'float:pre', paisa);
    await fresh.database.transaction((tx) => ledger.post(tx, [entry]));
  };
  await payIn(price * 25n);
  const bodies = Array.from({ length: 50 }, () => ask(price));
  const pay = (body: object, n: number) => say(n % 2 === 0 ? one : other, 'commit', body, { code: 'pre' });
  await Promise.all(bodies.map(pay));
  bench.now += 70_000;
  await one.janitor.run();
  const answers = await Promise.all(bodies.map(pay));
  const states = answers.map(({ said }) => `${said.payment?.state} ${said.payment?.refusalCode}`).sort();
  expect(states).toEqual([
    ...Array<string>(25).fill('refused float-exhausted'),
    ...Array<string>(25).fill('vended null'),
  ]);
  expect((await balanceAt(fresh.database, 'float:pre')).balancePaisa).toBe(0n);
  await payIn(price);
  const again = await Promise.all(bodies.map(pay));
  expect(again.map(({ text }) => text)).toEqual(answers.map(({ text }) => text));
  expect((await say(one, 'session', { balance: true }, { code: 'pre' })).said.balancePaisa).toBe(`${price}`);
  // What is kept for later is paid from the float too, and goes back to it.
  const kept = ask(price);
  bench.issuer.down = true;
  expect((await pay(kept, 0)).said.payment?.state).toBe('in-progress');
  expect((await balanceAt(fresh.database, 'float:pre')).balancePaisa).toBe(0n);
  bench.issuer.down = false;
  expect((await say(one, 'reverse', { ...kept, reason: 'x' }, { code: 'pre' })).said.payment?.state).toBe('reversed');
  expect((await balanceAt(fresh.database, 'float:pre')).balancePaisa).toBe(price);
}, 60_000);

it('a charge by quote is what the quote showed: in progress while no token can be made, refused when the quote has expired', async () => {
  const quoted = async () => {
    const { quote } = (await say(one, 'quote', { reference: pan, amount: '60000' })).said as unknown as {
      quote: { quoteId: string };
    };
    return { trxId: quote.quoteId, quoteId: quote.quoteId };
  };
  const good = await quoted();
  expect((await say(one, 'commit', good)).said.payment?.state).toBe('vended');
  expect((await say(other, 'status', good)).said.payment?.state).toBe('vended');
  const late = await quoted();
  bench.issuer.down = true;
  expect((await say(one, 'commit', late)).said.payment?.state).toBe('in-progress');
  bench.now += 1_000_000;
  bench.issuer.down = false;
  await one.janitor.run();
  expect((await say(other, 'status', late)).said.payment).toMatchObject({
    state: 'refused',
    refusalCode: 'quote-expired',
  });
  expect((await say(other, 'commit', late)).said.payment?.state).toBe('refused');
});

it('an acknowledgement is kept, the same again changes nothing, and one that never comes is told of once', async () => {
  const [heard, silent] = [ask(), ask()];
  for (const body of [heard, silent]) await say(one, 'commit', body);
  const first = await say(one, 'acknowledge', heard);
  bench.now += 1_000;
  expect((await say(other, 'acknowledge', heard)).text).toBe(first.text);
  bench.now += PLAIN.acknowledgedWithinMs!;
  await one.janitor.run();
  await one.janitor.run();
  expect(one.unacknowledged.filter((id) => id === heard.trxId || id === silent.trxId)).toEqual([silent.trxId]);
  expect((await say(one, 'acknowledge', { trxId: 'never' })).said).toEqual({ kind: 'not-found' });
});

it('the statement of a day has every payment of it, in order', async () => {
  bench.now = Date.UTC(2026, 10, 23, 18) + 1_000;
  const [vended, refused] = [ask(), ask(100n)];
  await say(one, 'commit', vended);
  bench.now += 1;
  await say(one, 'commit', refused);
  const { said } = await say(one, 'statement', { day: '2026-11-24' });
  expect(said.lines?.map(({ trxId, state }) => [trxId, state])).toEqual([
    [vended.trxId, 'vended'],
    [refused.trxId, 'refused'],
  ]);
  expect((await say(one, 'statement', { day: '2026-11-25' })).said.lines).toEqual([]);
  expect((await say(one, 'statement', { day: '2026-11-24', after: 'x' })).said.code).toBe('cursor-malformed');
});

it('a stranger is refused at the door: by address, by password, by path, by size; and an unknown provider has no door', async () => {
  const body = ask();
  expect((await say(one, 'commit', body, { address: '203.0.113.7' })).said.code).toBe('address-not-allowed');
  expect((await say(one, 'commit', body, { password: 'x' })).status).toBe(403);
  expect((await say(one, 'other', body)).said.code).toBe('unknown-call');
  const large = await one.desk.answer('acct', {
    ...{ method: 'POST', path: '/commit', query: {}, receivedAt: 0, headers: {}, rawBody: undefined, address: '::1' },
  });
  expect(large.body).toContain('body-too-large');
  await expect(say(one, 'commit', body, { code: 'nobody' })).rejects.toMatchObject({ code: 'provider-not-found' });
  expect((await say(one, 'status', body)).said).toEqual({ kind: 'not-found' });
});

it('a changed row is in force without a restart, and one that is not active has no door', async () => {
  const process = openProcess();
  const body = ask(200_000n);
  await seedProvider(fresh.database, SEALING, { ...ON_ACCOUNT, maximumPaisa: 100_000n });
  expect((await say(process, 'commit', body)).said.payment?.refusalCode).toBe('above-maximum-recharge');
  await seedProvider(fresh.database, SEALING, { ...ON_ACCOUNT, active: false });
  await expect(say(openProcess(), 'status', body)).rejects.toMatchObject({ code: 'provider-not-found' });
});
