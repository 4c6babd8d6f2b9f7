/*
 * Proves the sandbox of billers on a real database: each trigger's outcome and event, the same answer for every repeat and
 * after a restart, twenty at once, and that neither books nor meters have heard of any of it.
 */
import { isDomainError } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { newId, idToBytes } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { AnswerLost, TriggerBiller } from './trigger-biller';
import { SANDBOX_TRIGGERS } from './triggers';

const AT = Date.UTC(2026, 10, 22, 6);
const PROVIDER = { code: 'try-form' } as Provider;
let fresh: FreshDatabase;
let now = AT;
let waited: number[] = [];
let ids = 0;

const biller = () =>
  new TriggerBiller(
    fresh.database,
    () => now,
    (ms) => Promise.resolve(void waited.push(ms)),
  );
const ask = (taka: number, reference = '40012345', trxId = `T${++ids}`) => ({
  trxId,
  reference,
  amountPaisa: BigInt(taka) * 100n,
});

async function eventsOf(trxId: string): Promise<{ type: string; sequence: number; state: string; dueMs: number }[]> {
  const rows = await fresh.admin.read<{ type: string; body: string; due: Date }>(
    `SELECT e.type, e.body, m.due_at AS due FROM webhook_events e JOIN webhook_messages m ON m.event_id = e.id
     WHERE JSON_VALUE(e.body, '$.data.transactionId') = ? ORDER BY e.sequence`,
    [trxId],
  );
  return rows.map(({ type, body, due }) => {
    const { data } = JSON.parse(body) as { data: { sequence: number; state: string; mode: string } };
    expect(data.mode).toBe('sandbox');
    return { type, sequence: data.sequence, state: data.state, dueMs: due.getTime() - AT };
  });
}

/** Rows and checksums of everything that money, tokens or meters are in. */
async function footprint(): Promise<unknown> {
  const tables = await fresh.admin.read<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
       AND table_name NOT LIKE 'sandbox%' AND table_name NOT LIKE 'webhook%' ORDER BY table_name`,
  );
  const names = tables.map(({ name }) => `\`${name}\``).join(', ');
  return fresh.admin.read(`CHECKSUM TABLE ${names}`);
}

beforeAll(async () => {
  fresh = await freshDatabase();
  await fresh.admin.transaction((tx) =>
    tx.write(
      `INSERT INTO webhook_endpoints (id, owner, url, types, secret_sealed, active, version, changed_by, changed_at) VALUES (?)`,
      [
        [
          idToBytes(newId(AT)),
          ...['try-form', 'https://partner.example/hooks'],
          'payment.vended,payment.pending,payment.refund-due,payment.refunded',
          ...[Buffer.alloc(60), true, 1, 'test', new Date(AT)],
        ],
      ],
    ),
  );
});
afterAll(() => fresh?.drop());
beforeEach(() => {
  now = AT;
  waited = [];
});

const FINAL: [number, object, object[]][] = [
  [500, { state: 'vended', refusalCode: null }, [{ type: 'payment.vended', sequence: 1 }]],
  [1002, { state: 'vended' }, [{ type: 'payment.vended' }]],
  [1030, { state: 'in-progress', tokens: [] }, [{ type: 'payment.pending', state: 'pending' }]],
  [1040, { state: 'refund-due', refusalCode: 'meter-closed', tokens: [] }, [{ type: 'payment.refund-due' }]],
  [1080, { state: 'refused', refusalCode: 'float-exhausted' }, []],
  [9, { state: 'refused', refusalCode: 'below-minimum-recharge' }, []],
  [50_001, { state: 'refused', refusalCode: 'above-maximum-recharge' }, []],
];
it.each(FINAL)('answers %s Taka at once and for good, after a restart too', async (taka, expected, events) => {
  const asked = ask(taka);
  const first = await biller().commit(PROVIDER, asked);
  expect(first).toMatchObject(expected);
  expect(first.tokens).toHaveLength(first.state === 'vended' ? (taka === 1002 ? 2 : 1) : 0);
  now += 86_400_000;
  expect(await biller().commit(PROVIDER, asked)).toEqual(first);
  expect(await biller().status(PROVIDER, asked.trxId)).toEqual(first);
  expect(await eventsOf(asked.trxId)).toMatchObject(events);
});

it('vends with the n-th question, and refunds or gives back likewise', async () => {
  for (const [taka, n, state, event] of [
    [1013, 3, 'vended', 'payment.vended'],
    [1042, 2, 'refund-due', 'payment.refund-due'],
    [1050, 1, 'reversed', 'payment.refunded'],
  ] as const) {
    const { trxId, ...content } = ask(taka);
    expect((await biller().commit(PROVIDER, { trxId, ...content })).state).toBe('in-progress');
    for (let asked = 1; asked < n; asked += 1) {
      expect((await biller().status(PROVIDER, trxId))?.state).toBe('in-progress');
    }
    // Repeats of the payment are no questions.
    expect((await biller().commit(PROVIDER, { trxId, ...content })).state).toBe('in-progress');
    const ended = await biller().status(PROVIDER, trxId);
    expect(ended?.state).toBe(state);
    expect(await biller().status(PROVIDER, trxId)).toEqual(ended);
    expect(await eventsOf(trxId)).toMatchObject([
      { type: 'payment.pending', sequence: 1 },
      { type: event, sequence: 2 },
    ]);
  }
});

it('vends after so many seconds, whoever asks, and has its event ready for that moment', async () => {
  const { trxId, ...content } = ask(1022);
  expect((await biller().commit(PROVIDER, { trxId, ...content })).state).toBe('in-progress');
  now = AT + 19_999;
  expect((await biller().status(PROVIDER, trxId))?.state).toBe('in-progress');
  now = AT + 20_000;
  expect((await biller().status(PROVIDER, trxId))?.tokens).toHaveLength(1);
  expect(await eventsOf(trxId)).toMatchObject([{ dueMs: 0 }, { type: 'payment.vended', dueMs: 20_000 }]);
});

it('is slow, or loses its answer, once: the repeat and the question are answered', async () => {
  const slow = ask(1063);
  const answer = await biller().commit(PROVIDER, slow);
  expect(waited).toEqual([15_000]);
  expect(await biller().commit(PROVIDER, slow)).toEqual(answer);
  expect(waited).toHaveLength(1);
  const lost = ask(1070);
  await expect(biller().commit(PROVIDER, lost)).rejects.toBeInstanceOf(AnswerLost);
  expect(await biller().commit(PROVIDER, lost)).toMatchObject({ state: 'vended' });
});

it('refuses references alike in a quote and in a payment', async () => {
  for (const { send, what } of SANDBOX_TRIGGERS.filter(({ send }) => send.startsWith('reference'))) {
    const reference = send.slice('reference '.length);
    const code = what.slice('refused: '.length);
    const refused = await biller()
      .quote(PROVIDER, { reference })
      .catch((error: unknown) => (isDomainError(error) ? error.code : error));
    expect(refused).toBe(code);
    expect(await biller().commit(PROVIDER, ask(500, reference))).toMatchObject({ state: 'refused', refusalCode: code });
  }
});

it('vends by a quote, not by an expired or invented one, and its lines add up', async () => {
  const quote = await biller().quote(PROVIDER, { reference: '40012345', amountPaisa: 73_750n });
  expect(quote.lines.reduce((sum, line) => sum + line.amountPaisa, 0n)).toBe(73_750n);
  expect(quote.quoteId.length).toBeLessThanOrEqual(64);
  const paid = await biller().commit(PROVIDER, { trxId: quote.quoteId, quoteId: quote.quoteId });
  expect(paid).toMatchObject({
    state: 'vended',
    amountPaisa: 73_750n,
    customerNo: '40012345',
    customerName: 'SANDBOX',
  });
  expect(paid.lines).toEqual(quote.lines);
  now = quote.expiresAt + 1;
  const by = (quoteId: string) => biller().commit(PROVIDER, { trxId: `Q${++ids}`, quoteId });
  expect(await by(quote.quoteId)).toMatchObject({ state: 'refused', refusalCode: 'quote-expired' });
  expect(await by('no-quote')).toMatchObject({ state: 'refused', refusalCode: 'quote-malformed' });
});

it('makes one payment of twenty at once, with one event, and takes another amount for a conflict', async () => {
  const asked = ask(700);
  const answers = await Promise.all(Array.from({ length: 20 }, () => biller().commit(PROVIDER, asked)));
  expect(
    new Set(
      answers.map((each) =>
        JSON.stringify(each, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      ),
    ).size,
  ).toBe(1);
  expect(await eventsOf(asked.trxId)).toHaveLength(1);
  const other = biller().commit(PROVIDER, { ...asked, amountPaisa: 70_100n });
  await expect(other).rejects.toMatchObject({ code: 'transaction-conflict' });
  expect(await biller().status({ code: 'other-form' }, asked.trxId)).toBeUndefined();
});

it('takes back what is not vended, acknowledges, and lists the day', async () => {
  const open = ask(1030);
  await biller().commit(PROVIDER, open);
  expect(await biller().reverse(PROVIDER, open.trxId, 'payer changed his mind')).toMatchObject({ state: 'reversed' });
  expect(await biller().reverse(PROVIDER, open.trxId, 'again')).toMatchObject({ state: 'reversed' });
  expect(await eventsOf(open.trxId)).toHaveLength(2);
  const done = ask(800);
  await biller().commit(PROVIDER, done);
  await expect(biller().reverse(PROVIDER, done.trxId, 'late')).rejects.toMatchObject({ code: 'token-released' });
  now += 5_000;
  expect((await biller().acknowledge(PROVIDER, done.trxId)).acknowledgedAt).toBe(now);
  now += 5_000;
  expect((await biller().acknowledge(PROVIDER, done.trxId)).acknowledgedAt).toBe(now - 5_000);
  await expect(biller().acknowledge(PROVIDER, 'never')).rejects.toMatchObject({ code: 'transaction-not-found' });
  const { lines, next } = await biller().statement(PROVIDER, '2026-11-22');
  expect(next).toBeNull();
  expect(lines.find(({ trxId }) => trxId === done.trxId)).toMatchObject({ state: 'vended', amountPaisa: 80_000n });
  expect(lines.some(({ state }) => state === 'refused')).toBe(false);
  expect((await biller().statement(PROVIDER, '2026-11-23')).lines).toEqual([]);
});

it('leaves no mark in the books, in vends, tokens or meters', async () => {
  const before = await footprint();
  for (const taka of [500, 1002, 1011, 1021, 1040, 1050, 1080]) {
    const asked = ask(taka);
    await biller().commit(PROVIDER, asked);
    await biller().status(PROVIDER, asked.trxId);
  }
  expect(await footprint()).toEqual(before);
});
