/*
 * Proves over HTTP on a real database and a real token server that every kind of vend has one effect under one key,
 * twenty requests at once: one made it, all say the same, the books hold; and that of two keys that race for one deposit,
 * one replaced meter or one cancellation, one wins.
 */
import { newId } from '@vend/kernel';
import { ApiWorld, type Answer } from '../../../test/support/api';
import { newFactoryMeter } from '../../../test/support/api-token-server';
import { brokenLaws } from '../../../test/support/books';
import { Counter, nameplate, typed, type CounterMeter } from '../../../test/support/counter';

// A loaded machine takes its time.
jest.setTimeout(60_000);
let world: ApiWorld;
let counter: Counter;

beforeAll(async () => {
  world = await ApiWorld.create();
  counter = await Counter.of(world);
}, 120_000);
afterAll(() => world?.destroy());
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));

/** What is asked, of a meter that is ready for it. */
interface Ask {
  readonly url: string;
  readonly body: object;
  /** Who must agree first. */
  readonly second?: string;
  /** How many tokens it makes. */
  readonly tokens: number;
  readonly meter: CounterMeter;
}

const engineering = (ask: object, second?: string, meter = counter.take('energy')): Promise<Ask> => {
  const body = { meterNo: meter.meterNo, reason: 'inspected', ...ask };
  return Promise.resolve({ url: '/v1/vends/engineering', body, tokens: 1, meter, ...(second && { second }) });
};

async function deposited(): Promise<{ meter: CounterMeter; body: object }> {
  const meter = counter.take('energy');
  const paper = { amount: '800.00', paper: `D-${meter.customerNo}`, reason: 'Post-paid meter taken off' };
  const url = `/v1/meters/${meter.meterNo}/deposits`;
  const key = await counter.allowed(url, paper, { by: 'accounts' });
  expect((await counter.post('accounts', url, paper, key)).status).toBe(201);
  return { meter, body: { ...paper, meterNo: meter.meterNo, reason: 'Prepaid meter installed' } };
}

async function indebted(): Promise<CounterMeter> {
  const meter = counter.take('currency');
  const url = `/v1/meters/${meter.meterNo}/arrears`;
  const body = { amount: '900.00', plan: 'none', paper: 'B-2091/2026', reason: 'Unpaid bill' };
  const key = await counter.allowed(url, body, { by: 'accounts' });
  expect((await counter.post('accounts', url, body, key)).status).toBe(201);
  return meter;
}

/** A meter whose credit waits in the one that was taken off. */
async function swapped(): Promise<{ meter: CounterMeter; body: object }> {
  const old = await counter.install('energy');
  typed(old.meter, await counter.sold(old.meterNo));
  const plate = nameplate('energy');
  const request = { ...plate, phase: 1, oldReading: '12.4', reason: 'display dead' };
  expect((await counter.post('supervisor', `/v1/meters/${old.meterNo}/replacement`, request)).status).toBe(201);
  const carried = { oldMeterNo: old.meterNo, from: 'reading', reading: '12.4', note: 'display dead' };
  const { meterNo, ea } = plate;
  return { meter: { ...old, meterNo, meter: newFactoryMeter(meterNo, ea) }, body: { meterNo, ...carried } };
}

const KINDS: Readonly<Record<string, () => Promise<Ask>>> = {
  credit: async () => {
    const meter = counter.take('currency');
    const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo: meter.meterNo, amount: '3000.00' });
    return { url: '/v1/recharges', body: { quoteId: quote.body.quoteId }, tokens: 1, meter };
  },
  'clear-tamper': () => engineering({ what: 'clear-tamper' }),
  'clear-credit': () => engineering({ what: 'clear-credit' }, 'supervisor'),
  'max-power-limit': () => engineering({ what: 'max-power-limit' }),
  'phase-unbalance-limit': () =>
    engineering({ what: 'phase-unbalance-limit', watts: 3_000 }, undefined, counter.take('energy', { phase: 3 })),
  'test-display': () => engineering({ what: 'test-display', tests: ['all'] }),
  'free-issue': async () => {
    const meter = counter.take('energy');
    const body = { meterNo: meter.meterNo, kwh: '50.0', reason: 'disaster-relief', note: 'order 12/2026' };
    return { url: '/v1/vends/free-issue', body, second: 'supervisor', tokens: 1, meter };
  },
  replacement: async () => {
    return { url: '/v1/vends/replacement', ...(await swapped()), second: 'supervisor', tokens: 1 };
  },
  'key-change': async () => {
    const meter = counter.take('energy', { ea: '11' });
    await counter.keyChangeFor(meter);
    return { url: '/v1/vends/key-change', body: { meterNo: meter.meterNo }, tokens: 4, meter };
  },
  fee: async () => {
    const meter = counter.take('currency');
    const body = { meterNo: meter.meterNo, fee: 'meter-test', amount: '230.00' };
    return { url: '/v1/fees', body, tokens: 0, meter };
  },
  'arrears-payment': async () => {
    const meter = await indebted();
    return { url: '/v1/arrears-payments', body: { meterNo: meter.meterNo, amount: '500.00' }, tokens: 0, meter };
  },
  'deposit-credit': async () => {
    return { url: '/v1/deposit-credits', ...(await deposited()), second: 'supervisor', tokens: 1 };
  },
};

/** One of the answers made it, all others found it, and what they say is the same. */
function oneMade(answers: readonly Answer[]): Answer {
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  return answers[0]!;
}

/** What stands in the books for a key, in each table where a second effect would show. */
async function madeFor(key: string): Promise<Record<string, number>> {
  const [row] = await world.fresh.admin.read<Record<string, string>>(
    `SELECT COUNT(DISTINCT r.id) AS recharges, COUNT(DISTINCT v.id) AS vends, COUNT(DISTINCT t.vend_id, t.sequence) AS tokens,
       COUNT(DISTINCT e.id) AS entries, COUNT(DISTINCT o.id) AS receipts,
       (SELECT COUNT(*) FROM approvals WHERE request_key = ? AND state = 'USED') AS approvals
     FROM recharges r LEFT JOIN vends v ON v.recharge_id = r.id LEFT JOIN vend_tokens t ON t.vend_id = v.id
       LEFT JOIN ledger_entries e ON e.business_id = r.id
       LEFT JOIN outbox o ON o.topic = 'receipt' AND o.ref_id = v.id
     WHERE r.source_ref = ?`,
    [Buffer.from(key.replaceAll('-', ''), 'hex'), key],
  );
  return Object.fromEntries(Object.entries(row!).map(([name, n]) => [name, Number(n)]));
}
const balances = () =>
  world.fresh.admin.read(
    `SELECT a.code, b.debit_paisa, b.credit_paisa FROM ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id
     ORDER BY a.code`,
  );
/** Kinds that move value; each with its own entry, the others with none. */
const BOOKED = ['credit', 'free-issue', 'fee', 'arrears-payment', 'deposit-credit'];

describe('twenty at once under one key', () => {
  it.each(Object.keys(KINDS))('%s: one effect, twenty answers that say the same', async (kind) => {
    const { url, body, second, tokens, meter } = await KINDS[kind]!();
    const key = second === undefined ? newId() : await counter.allowed(url, body, { second });
    const first = oneMade(await counter.atOnce('clerk', url, body, key));
    expect(await madeFor(key)).toEqual({
      ...{ recharges: 1, vends: 1, tokens, receipts: 1 },
      ...{ entries: BOOKED.includes(kind) ? 1 : 0, approvals: second ? 1 : 0 },
    });
    expect(first.body.tokens).toHaveLength(tokens);
    const moved = await balances();
    const later = await counter.post('clerk', url, body, key);
    expect([later.status, later.text]).toEqual([200, first.text]);
    expect(await balances()).toEqual(moved);
    if (tokens > 0) expect(typed(meter.meter, first).at(-1)).toBe('Accept');
  });

  it('a cancellation: the recharge is taken back once', async () => {
    const { body } = await counter.sold(counter.take('currency').meterNo);
    const url = `/v1/vends/${body.rechargeId}/cancel`;
    const why = { proof: 'slip-not-handed-out', note: 'printer jammed' };
    const key = await counter.allowed(url, why);
    const answers = await counter.atOnce('clerk', url, why, key);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { status: 'cancelled', refundDue: { value: '3000.00' } } });
    expect(await cancellationsOf(body.rechargeId as string)).toEqual({ found: 1, entries: 1, used: 1 });
  });

  it('an offline pack: its tokens are made once; and its journal, uploaded twenty times, is booked once', async () => {
    const meter = counter.take('energy');
    const body = { lines: [{ meterNo: meter.meterNo, amount: '3000.00', items: 2 }], reason: 'Cyclone signal 7' };
    const key = await counter.allowed('/v1/packs', body, { by: 'supervisor', second: 'accounts' });
    const pack = oneMade(await counter.atOnce('supervisor', '/v1/packs', body, key));
    const items = pack.body.items as { itemId: string; state: string }[];
    expect(items.map(({ state }) => state)).toEqual(['OPEN', 'OPEN']);
    const used = [{ item: items[0]!.itemId, usedAt: new Date().toISOString() }];
    const before = await balances();
    const booked = await counter.atOnce('supervisor', `/v1/packs/${key}/reconcile`, { used, withdraw: false }, newId());
    expect(new Set(booked.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((booked[0]!.body.items as { state: string }[]).map(({ state }) => state)).toEqual(['USED', 'OPEN']);
    expect(await madeFor(items[0]!.itemId)).toMatchObject({ recharges: 1, vends: 1, tokens: 1, entries: 1 });
    expect(await balances()).not.toEqual(before);
  });
});

/** What stands in the books for a cancelled recharge. */
async function cancellationsOf(rechargeId: string): Promise<object> {
  const [row] = await world.fresh.admin.read<Record<string, string>>(
    `SELECT (SELECT COUNT(*) FROM vend_cancellations c JOIN vends v ON v.id = c.vend_id WHERE v.recharge_id = ?) AS found,
       (SELECT COUNT(*) FROM ledger_entries WHERE business_id = ? AND template = 'cancellation') AS entries,
       (SELECT COUNT(*) FROM approvals WHERE JSON_VALUE(content, '$.rechargeId') = ? AND state = 'USED') AS used`,
    [...Array<Buffer>(2).fill(Buffer.from(rechargeId.replaceAll('-', ''), 'hex')), rechargeId],
  );
  return Object.fromEntries(Object.entries(row!).map(([name, n]) => [name, Number(n)]));
}

describe('two keys that race', () => {
  /** Both are allowed, both go ten times at once. @returns what each key came to */
  async function race(url: string, body: object): Promise<[Answer[], Answer[]]> {
    const keys = [await counter.allowed(url, body), await counter.allowed(url, body)] as const;
    return Promise.all([
      counter.atOnce('clerk', url, body, keys[0], 10),
      counter.atOnce('clerk', url, body, keys[1], 10),
    ]);
  }
  /** All answers of one key are what was made, all of the other are the refusal. */
  function oneWon([a, b]: readonly [Answer[], Answer[]], code: string): void {
    const [won, lost] = a.some(({ status }) => status === 201) ? [a, b] : [b, a];
    expect(won.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(won.map(({ text }) => text)).size).toBe(1);
    for (const answer of lost) expect(answer).toMatchObject({ status: 409, body: { code } });
  }

  it('for one deposit: one gives it back', async () => {
    oneWon(await race('/v1/deposit-credits', (await deposited()).body), 'deposit-returned');
  });

  it('for the credit of one replaced meter: one carries it over', async () => {
    oneWon(await race('/v1/vends/replacement', (await swapped()).body), 'replacement-repeated');
  });

  it('to cancel one recharge: it is taken back once, and both are told so', async () => {
    const { body } = await counter.sold(counter.take('currency').meterNo);
    const url = `/v1/vends/${body.rechargeId}/cancel`;
    const [a, b] = await race(url, { proof: 'slip-not-handed-out', note: 'printer jammed' });
    expect(new Set([...a, ...b].map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(a[0]).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await cancellationsOf(body.rechargeId as string)).toEqual({ found: 1, entries: 1, used: 1 });
  });
});
