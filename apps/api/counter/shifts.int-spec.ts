/*
 * Proves over HTTP on a real database and token server that a shift's cash is right to the paisa: for any works and their
 * reversals, for sales that race the count, for twenty who open or close at once; that a second person closes it, that its
 * cash reaches the bank once, and that an agent's station sells what its float covers and keeps its commission.
 */
import fc from 'fast-check';
import { listShifts, type ShiftQuestion } from '@vend/counter';
import { dhakaDay, newId, type Id } from '@vend/kernel';
import {
  depositRefundEntry,
  depositTakenEntry,
  floatTopUpEntry,
  LedgerService,
  reversalEntry,
  type Entry,
} from '@vend/ledger';
import type { Reader, Row } from '@vend/platform';
import { OwedPayments, VendCancellation } from '@vend/vending';
import { ApiWorld, type Answer } from '../../../test/support/api';
import { brokenLaws } from '../../../test/support/books';
import { seedProvider } from '../../../test/support/providers';

jest.setTimeout(120_000);

/** Customers of 2 kW: 1000 Taka covers their fixed charges of all months. */
const SMALL =
  `61000001 61000003 61000008 61000012 61000013 61000016 61000022 61000024 61000027 61000032 61000034 61000039
  61000043 61000052 61000057 61000064 61000067 61000068 61000071 61000074`.split(/\s+/);
const STATION = 'NESCO-RAJ-01';
/** What the safe has before anybody works. */
const IN_SAFE = 50_000_000n;
const AGENT_STATION = 'NESCO-RAJ-02';
let world: ApiWorld;
const began = dhakaDay(Date.now());
beforeAll(async () => {
  world = await ApiWorld.create();
  const { database } = world.fresh;
  await seedProvider(database, world.sealingSecret, {
    ...{ code: 'udc-118', profile: 'xml-ack-v1', prepaid: true, lowFloatPaisa: 200_000n, commissionBasisPoints: 125 },
  });
});
beforeAll(async () => {
  const ledger = new LedgerService(world.fresh.database);
  await ledger.open([`cash:${STATION}`]);
  const fact = { businessId: newId(), bookedAt: Date.now(), office: 'Rajshahi' };
  const kept = depositTakenEntry(fact, `cash:${STATION}`, IN_SAFE);
  await world.fresh.database.transaction((tx) => ledger.post(tx, [kept]));
  // Once each: many logins at once are kept out.
  for (const who of ['clerk', 'other-clerk', 'supervisor', 'other-supervisor', 'accounts'])
    await world.accessToken(who);
});
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));
afterAll(() => world?.destroy());

const post = (who: string, url: string, body: object, key: Id = newId()) =>
  world.as(who, 'POST', url, body, { 'idempotency-key': key });
const codesOf = (answers: readonly Answer[]) =>
  answers.map(({ status, body }) => (body.code ?? status) as unknown).sort();
const open = (who: string, till: string, pieces: object = {}, key?: Id) =>
  post(who, '/v1/shifts', { till, pieces, coins: '0' }, key);

async function meterNo(customerNo: string): Promise<string> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: customerNo });
  return found.body.items[0].meterNo as string;
}

async function quoteId(who: string, customerNo: string, amount: string): Promise<string> {
  const quote = await world.as(who, 'POST', '/v1/quotes', { meterNo: await meterNo(customerNo), amount });
  return quote.body.quoteId as string;
}

async function sell(who: string, customerNo: string, amount: string, key: Id = newId()): Promise<Answer> {
  return post(who, '/v1/recharges', { quoteId: await quoteId(who, customerNo, amount) }, key);
}

const paisaOf = ({ value }: { readonly value: string }) => BigInt(value.replace('.', ''));

/** Debit less credit, in paisa. */
async function balance(code: string): Promise<bigint> {
  const [row] = await world.fresh.admin.read<{ net: string }>(
    `SELECT b.debit_paisa - b.credit_paisa AS net FROM ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id
     WHERE a.code = ?`,
    [code],
  );
  return BigInt(row?.net ?? 0);
}

/** Ends whatever shift the clerk has, as it should be. */
async function endShift(clerk: string, supervisor: string): Promise<Answer> {
  const { body } = await world.as(clerk, 'GET', '/v1/till-state');
  const { shiftId, expected } = body.shift;
  const [taka, paisa] = (expected.value as string).split('.');
  // Ones and coins make any sum.
  const counted = { pieces: { '1': Number(taka) }, coins: `0.${paisa}` };
  const { body: shift } = await world.as(clerk, 'POST', `/v1/shifts/${shiftId}/count`, counted);
  return post(supervisor, `/v1/shifts/${shiftId}/close`, { count: shift.lastCount.no as number });
}

it('opens, sells, counts, and is closed by a second person, to the paisa', async () => {
  expect(await open('clerk', '1')).toMatchObject({ status: 409, body: { code: 'shift-not-kept' } });
  const terms = await world.as('administrator', 'POST', `/v1/station-terms/${STATION}`, { keepsShifts: true });
  expect(terms).toMatchObject({ status: 200, body: { station: STATION, keepsShifts: true, vendor: null } });
  const before = await world.footprint();
  expect(await sell('clerk', '61000001', '500')).toMatchObject({ status: 409, body: { code: 'shift-needed' } });
  const fee = { meterNo: await meterNo('61000001'), fee: 'meter-test', amount: '230.00' };
  expect(await post('clerk', '/v1/fees', fee)).toMatchObject({ status: 409, body: { code: 'shift-needed' } });
  expect(await world.footprint()).toBe(before);

  const key = newId();
  const opened = await open('clerk', '1', { '500': 4 }, key);
  expect(opened).toMatchObject({ status: 201, body: { state: 'OPEN', expected: { value: '2000.00' } } });
  expect(await open('clerk', '1', { '500': 4 }, key)).toMatchObject({
    status: 200,
    body: { shiftId: opened.body.shiftId },
  });
  expect(await open('clerk', '2', {}, key)).toMatchObject({ body: { code: 'shift-key-conflict' } });
  expect(await open('clerk', '2')).toMatchObject({ status: 409, body: { code: 'shift-clerk-open' } });
  const shift = `/v1/shifts/${opened.body.shiftId as string}`;

  const saleKey = newId();
  expect((await sell('clerk', '61000001', '500.25', saleKey)).status).toBe(201);
  expect((await post('clerk', '/v1/fees', fee)).status).toBe(201);
  const state = await world.as('clerk', 'GET', '/v1/till-state');
  expect(state.body).toMatchObject({ keepsShifts: true, float: null, shift: { expected: { value: '2730.25' } } });
  expect(state.body.shift.totals).toEqual([
    { kind: 'fee', in: { value: '230.00', currency: 'BDT' }, out: { value: '0.00', currency: 'BDT' }, count: 1 },
    {
      kind: 'shift-float',
      in: { value: '2000.00', currency: 'BDT' },
      out: { value: '0.00', currency: 'BDT' },
      count: 1,
    },
    { kind: 'vend', in: { value: '500.25', currency: 'BDT' }, out: { value: '0.00', currency: 'BDT' }, count: 1 },
  ]);

  const counted = { pieces: { '1000': 2, '500': 1, '200': 1, '20': 1, '10': 1 }, coins: '0' };
  expect(await world.as('clerk', 'POST', `${shift}/count`, counted)).toMatchObject({
    status: 422,
    body: { code: 'shift-unexplained', expectedTaka: '2730.25', differenceTaka: '-0.25' },
  });
  expect((await sell('clerk', SMALL[1]!, '1000')).status).toBe(201);
  const short = {
    ...counted,
    pieces: { ...counted.pieces, '1000': 3 },
    explanation: 'no coins were given back',
  };
  expect(await world.as('clerk', 'POST', `${shift}/count`, short)).toMatchObject({
    status: 200,
    body: { state: 'COUNTED', lastCount: { no: 1, amount: { value: '3730.00' }, difference: { value: '-0.25' } } },
  });
  const sealed = await world.footprint();
  expect(await sell('clerk', SMALL[2]!, '1000')).toMatchObject({ status: 409, body: { code: 'ledger-drawer-sealed' } });
  expect(await world.footprint()).toBe(sealed);
  // A repeat of what was sold is answered from the books, whatever became of the shift.
  expect((await sell('clerk', '61000001', '500.25', saleKey)).status).toBe(200);

  expect(await post('other-supervisor', `${shift}/close`, { count: 2 })).toMatchObject({
    body: { code: 'shift-count-changed' },
  });
  const back = await world.as('other-supervisor', 'POST', `${shift}/send-back`, { reason: 'look under the drawer' });
  expect(back).toMatchObject({ status: 200, body: { state: 'OPEN' } });
  expect((await sell('clerk', SMALL[2]!, '1000')).status).toBe(201);
  const again = { ...short, pieces: { ...short.pieces, '1000': 4 } };
  expect((await world.as('clerk', 'POST', `${shift}/count`, again)).body.lastCount.no).toBe(2);
  const closed = await Promise.all(
    Array.from({ length: 20 }, () => post('other-supervisor', `${shift}/close`, { count: 2 })),
  );
  expect(codesOf(closed)).toEqual([201, ...Array<string>(19).fill('shift-not-counted')]);
  expect(await balance(`cash:${STATION}.1`)).toBe(0n);
  // 4730.00 was counted of 4730.25, and 2000.00 of it is the safe's own.
  expect(await balance(`cash:${STATION}`)).toBe(IN_SAFE + 273_000n);
  expect(await balance('cash-over-short')).toBe(25n);
  expect((await world.as('clerk', 'GET', shift)).body).toMatchObject({ state: 'CLOSED', closedBy: 'other-supervisor' });
  expect(await world.as('other-clerk', 'GET', shift)).toMatchObject({ status: 404 });
});

it('opens one shift of a clerk and one at a till, twenty at once', async () => {
  const own = await Promise.all(Array.from({ length: 20 }, (_, i) => open('clerk', `A${i % 3}`, { '100': 1 })));
  expect(own.filter(({ status }) => status === 201)).toHaveLength(1);
  const { body } = own.find(({ status }) => status === 201)!;
  // `a0` is the drawer `A0`.
  const till = (body.till as string).toLowerCase();
  const others = await Promise.all(Array.from({ length: 5 }, () => open('other-supervisor', till)));
  expect(codesOf(others)).toEqual(Array(5).fill('shift-till-taken'));
  expect((await world.as('clerk', 'GET', '/v1/shifts?open=true')).body.items).toHaveLength(1);
  // A supervisor sells too, and does not close the own shift.
  const second = await open('other-supervisor', 'b');
  expect(second).toMatchObject({ status: 201, body: { till: 'B' } });
  expect(await endShift('other-supervisor', 'other-supervisor')).toMatchObject({
    status: 403,
    body: { code: 'shift-own' },
  });
  expect((await endShift('clerk', 'other-supervisor')).status).toBe(201);
  expect((await endShift('other-supervisor', 'supervisor')).status).toBe(201);
  expect((await open('other-supervisor', 'B')).status).toBe(201);
  expect((await endShift('other-supervisor', 'supervisor')).status).toBe(201);
});

it('has each sale that races the count in the shift, or refuses it', async () => {
  const opened = await open('clerk', '1', { '100': 1 });
  const shift = `/v1/shifts/${opened.body.shiftId as string}`;
  const wrong = { pieces: { '100': 1 }, coins: '0', explanation: 'counted while selling' };
  const quotes = await Promise.all(SMALL.slice(3, 19).map((customer) => quoteId('clerk', customer, '2000')));
  const sales = quotes.map((id) => post('clerk', '/v1/recharges', { quoteId: id }));
  const count = await world.as('clerk', 'POST', `${shift}/count`, wrong);
  expect(count.status).toBe(200);
  const answers = await Promise.all(sales);
  const sold = answers.filter(({ status }) => status === 201).length;
  const refused = answers.filter(({ status }) => status !== 201);
  expect(codesOf(refused)).toEqual(Array(16 - sold).fill('ledger-drawer-sealed'));
  expect(paisaOf(count.body.lastCount.expected)).toBe(10_000n + 200_000n * BigInt(sold));
  // Whoever comes later finds it as it was counted.
  expect(paisaOf((await world.as('clerk', 'GET', shift)).body.expected)).toBe(10_000n + 200_000n * BigInt(sold));
  expect((await endShift('clerk', 'other-supervisor')).status).toBe(201);
});

it('expects float and postings, for any works and their reversals', async () => {
  const ledger = new LedgerService(world.fresh.database);
  const drawer = `cash:${STATION}.P` as const;
  const work = fc.record({
    taken: fc.boolean(),
    paisa: fc.bigInt({ min: 1n, max: 500_000n }),
    takenBack: fc.boolean(),
  });
  await ledger.open([drawer]);
  const postOne = (entry: Entry) => world.fresh.database.transaction((tx) => ledger.post(tx, [entry]));
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 8 }), fc.integer({ min: 0, max: 40 }), async (works, hundreds) => {
      expect((await open('clerk', 'P', { '100': hundreds })).status).toBe(201);
      let expected = BigInt(hundreds) * 10_000n;
      for (const { taken, paisa, takenBack } of works) {
        const fact = { businessId: newId(), bookedAt: Date.now(), office: 'Rajshahi' };
        // What goes out came in before, as deposits do.
        const entry = depositTakenEntry(fact, taken ? drawer : 'bank:B', paisa);
        await ledger.open(['bank:B']);
        await postOne(entry);
        if (!taken) await postOne(depositRefundEntry(fact, drawer, paisa));
        expected += taken ? paisa : -paisa;
        if (!takenBack) continue;
        const done = taken ? entry : depositRefundEntry(fact, drawer, paisa);
        await postOne(reversalEntry(fact, taken ? 'deposit-taken' : 'deposit-refund', done.postings));
        expected -= taken ? paisa : -paisa;
      }
      const { body } = await world.as('clerk', 'GET', '/v1/till-state');
      expect(paisaOf(body.shift.expected)).toBe(expected);
      const sums = (body.shift.totals as { kind: string; in: { value: string }; out: { value: string } }[]).map(
        (total) => {
          expect(total.kind).not.toBe('other');
          return paisaOf(total.in) - paisaOf(total.out);
        },
      );
      expect(sums.reduce((sum, one) => sum + one, 0n)).toBe(expected);
      const shift = `/v1/shifts/${body.shift.shiftId as string}`;
      const counted = { pieces: { '50': 3 }, coins: '0.10', explanation: 'a property of a test' };
      expect((await world.as('clerk', 'POST', `${shift}/count`, counted)).status).toBe(200);
      expect((await post('other-supervisor', `${shift}/close`, { count: 1 })).status).toBe(201);
      expect(await balance(drawer)).toBe(0n);
    }),
    { numRuns: 8 },
  );
});

it('takes its cash to the bank once, and its day adds up', async () => {
  const inSafe = await balance(`cash:${STATION}`);
  expect(
    await post('other-supervisor', '/v1/bank-deposits', { bank: 'B', pieces: { '1000': 99_999 }, coins: '0' }),
  ).toMatchObject({
    ...{ status: 409, body: { code: 'deposit-above-cash' } },
  });
  expect(await post('other-supervisor', '/v1/bank-deposits', { bank: 'B', pieces: {}, coins: '0' })).toMatchObject({
    ...{ status: 422, body: { code: 'deposit-empty' } },
  });
  const slip = { bank: 'B', pieces: { '500': 2, '10': 1 }, coins: '0.50' };
  // The books have bank:B, and a name of another spelling would lead nowhere.
  for (const bank of ['b', 'Bank-of-a-typo']) {
    expect(await post('other-supervisor', '/v1/bank-deposits', { ...slip, bank })).toMatchObject({
      ...{
        status: 422,
        body: { code: 'deposit-bank-unknown', banks: expect.stringMatching(/(^|, )B(,|$)/) as string },
      },
    });
  }
  await expect(new LedgerService(world.fresh.database).open(['bank:b'])).rejects.toMatchObject({
    ...{ code: 'ledger-account-spelling', facts: { account: 'bank:b', written: 'bank:B' } },
  });
  const key = newId();
  const sent = await Promise.all(
    Array.from({ length: 10 }, () => post('other-supervisor', '/v1/bank-deposits', slip, key)),
  );
  expect(codesOf(sent)).toEqual([...Array<number>(9).fill(200), 201]);
  expect(await balance(`cash:${STATION}`)).toBe(inSafe - 101_050n);
  expect(await balance('cash-in-transit')).toBe(101_050n);
  const confirm = `/v1/bank-deposits/${sent[0]!.body.depositId as string}/confirm`;
  const banked = await Promise.all(
    ['FT-1', 'FT-2', 'FT-1'].map((reference) => world.as('accounts', 'POST', confirm, { reference })),
  );
  const [won] = banked.filter(({ status }) => status === 200);
  for (const { status, body } of banked) {
    expect(status === 200 ? body.reference : body.code).toBe(status === 200 ? won!.body.reference : 'deposit-banked');
  }
  expect(await balance('cash-in-transit')).toBe(0n);
  const listed = await world.as('accounts', 'GET', '/v1/bank-deposits');
  expect(listed.body.items).toMatchObject([{ state: 'BANKED', sentBy: 'other-supervisor', bankedBy: 'accounts' }]);

  // The day of the slip, whatever the clock strikes meanwhile.
  const slipDay = dhakaDay(Date.parse(listed.body.items[0].sentAt as string));
  const day = await world.as('other-supervisor', 'GET', `/v1/station-days?station=${STATION}&day=${slipDay}`);
  expect(day.body).toMatchObject({ deposits: [{ amount: { value: '1010.50' } }] });
  const opening = slipDay === began ? 0n : paisaOf(day.body.opening);
  expect(paisaOf(day.body.opening)).toBe(opening);
  expect(paisaOf(day.body.closing)).toBe(await balance(`cash:${STATION}`));
  const dayOf = (query: string) => world.as('accounts', 'GET', `/v1/station-days?${query}`);
  const noDay = await dayOf(`station=${STATION}&day=2026-02-30`);
  expect(noDay).toMatchObject({ status: 400, body: { code: 'field-invalid' } });
  const nowhere = await dayOf(`station=NESCO-NOWHERE&day=${dhakaDay(Date.now())}`);
  expect(nowhere).toMatchObject({ status: 422, body: { code: 'station-not-found' } });
  const kinds = (day.body.totals as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds).toEqual(
    [
      'cash-sent',
      'deposit-refund',
      'deposit-taken',
      'fee',
      'reversal:deposit-refund',
      'reversal:deposit-taken',
      'over-short',
      'vend',
    ].filter((kind) => kinds.includes(kind)),
  );
  expect(kinds).not.toContain('shift-float');
});

it('lists open shifts, and those of a clerk, by a key, however many years there are', async () => {
  const plans: [question: Partial<ShiftQuestion>, key: string][] = [
    [{ isOpen: true }, 'uq_shifts_clerk'],
    [{ clerk: 'clerk' }, 'ix_shifts_clerk'],
  ];
  for (const [question, key] of plans) {
    let plan: Row[] = [];
    const explained: Reader = {
      read: async (sql, values) => {
        plan = await world.fresh.admin.read(`EXPLAIN ${sql}`, values);
        return [];
      },
    };
    await listShifts(explained, { offices: 'all', limit: 50, ...question });
    expect(String(plan[0]!['possible_keys']).split(',')).toContain(key);
  }
});

it("sells from an agent's float as far as it goes, keeps the commission, and gives both back", async () => {
  const terms = (vendor: string) => world.as('administrator', 'POST', `/v1/station-terms/${AGENT_STATION}`, { vendor });
  expect(await terms('nobody')).toMatchObject({ status: 404, body: { code: 'float-not-found' } });
  expect(await terms('udc-118')).toMatchObject({ status: 200, body: { vendor: 'udc-118' } });
  const ledger = new LedgerService(world.fresh.database);
  const float = 'float:udc-118';
  await ledger.open([float, 'bank:B']);
  const fact = { businessId: newId(), bookedAt: Date.now() };
  await world.fresh.database.transaction((tx) => ledger.post(tx, [floatTopUpEntry(fact, 'bank:B', float, 820_000n)]));
  const state = () => world.as('other-clerk', 'GET', '/v1/till-state');
  expect((await state()).body).toMatchObject({ shift: null, float: { code: 'udc-118', low: false } });

  // 8200.00 covers four of 2000.00; what is kept of them, 25.00 each, does not make a fifth.
  const sales = await Promise.all(Array.from({ length: 8 }, (_, i) => sell('other-clerk', SMALL[i]!, '2000')));
  expect(codesOf(sales)).toEqual([201, 201, 201, 201, ...Array<string>(4).fill('float-exhausted')]);
  expect(await balance(float)).toBe(-(820_000n - 4n * 200_000n + 4n * 2_500n));
  expect((await state()).body).toMatchObject({ float: { balance: { value: '300.00' }, low: true } });
  const fee = { meterNo: await meterNo('61000001'), fee: 'meter-test', amount: '230.00' };
  expect(await post('other-clerk', '/v1/fees', fee)).toMatchObject({
    status: 409,
    body: { code: 'agent-recharges-only' },
  });
  // Neither what is sold without a server nor what is paid out may pass the float by.
  const pack = { lines: [{ meterNo: fee.meterNo, amount: '2000.00', items: 1 }], reason: 'a storm' };
  const packed = await post('supervisor', '/v1/packs', pack);
  expect(packed).toMatchObject({ status: 409, body: { code: 'agent-recharges-only' } });
  // The sample's customers are of other offices than the people of this world.
  await world.fresh.admin.transaction((tx) =>
    tx.write('UPDATE customers SET office = (SELECT office FROM stations WHERE code = ?) WHERE customer_no = ?', [
      AGENT_STATION,
      SMALL[19],
    ]),
  );
  const closed = await post('supervisor', `/v1/customers/${SMALL[19]!}/close`, { reason: 'moved away' });
  expect(closed).toMatchObject({ status: 409, body: { code: 'agent-recharges-only' } });
  const statement = await world.as('other-clerk', 'GET', '/v1/vendor-floats/own/statement?limit=100');
  expect(statement.body.items.at(-1).balance.value).toBe('300.00');
  expect(await world.as('clerk', 'GET', '/v1/vendor-floats/own/statement')).toMatchObject({ status: 404 });

  const { body } = sales.find(({ status }) => status === 201)!;
  const rechargeId = body.rechargeId as Id;
  const actor = 'user:supervisor';
  await world.app.get(VendCancellation).cancel({ rechargeId, actor, reason: 'the meter was told nothing' });
  // Another agent pays the customer, in a process that knows no float yet: who sold gives back what it kept.
  const owed = new OwedPayments(new LedgerService(world.fresh.database));
  const refund = { rechargeId, from: 'float:udc-119', at: Date.now() } as const;
  await owed.open(refund);
  await world.fresh.database.transaction((tx) => owed.refund(tx, refund));
  expect(await balance('float:udc-119')).toBe(-200_000n);
  expect(await balance(float)).toBe(-(820_000n - 4n * 200_000n + 3n * 2_500n));
});
