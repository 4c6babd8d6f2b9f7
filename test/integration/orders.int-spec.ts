/*
 * Proves the engine of all vends beside the recharge on a real database with real tokens: one order, one effect, whatever
 * is repeated, races or dies; tokens that the right virtual meter takes in printed order, once, and another refuses.
 */
import { newId, type Id } from '@vend/kernel';
import { Campaigns, findKeyChangeOfVend } from '@vend/meters';
import type { StsMeter } from '@vend/sts';
import { engineeringOrder, keyChangeOrder, type EngineeringAsk, type RechargeAnswer } from '@vend/vending';
import { meterNo } from '../builders/meters';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterOrder, counterSale, VendingBench, type MeterDraft } from '../support/vending';

// A loaded machine takes its time to make a database.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 310_000;
let campaigns = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
});
afterEach(async () => {
  bench.issuer.down = false;
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(() => fresh?.drop());

const install = (over: Partial<MeterDraft> = {}) => bench.put({ serial: serial++, ...over });

/** A set for the next key revision waits for this office's meters. */
async function keyChangeFor(office: string): Promise<void> {
  const keys = new Campaigns(fresh.database, { now: () => bench.now });
  const name = `orders-${++campaigns}`;
  const order = { name, kind: 'key-revision', ti: null, office, listHash: null } as const;
  const between = { from: { sgc: '123456', krn: 1 }, to: { sgc: '123456', krn: 2 } };
  await keys.create({ ...order, ...between }, await bench.issuer.vendingKeys(), 'officer:anwar');
  await keys.make(name, bench.issuer);
}

const ask = (meterId: Id, what: EngineeringAsk, sourceRef = newId()) =>
  bench.orders.run(engineeringOrder(counterOrder(meterId, { sourceRef }), what, 'tested'));
const tokensOf = ({ record }: RechargeAnswer) => record.vend!.tokens;
const enter = (meter: StsMeter, answer: RechargeAnswer) =>
  tokensOf(answer).map(({ digits }) => meter.enter(digits, bench.now).result);
const rowsOf = async (sourceRef: string) => {
  const [row] = await fresh.admin.read<Record<string, string>>(
    `SELECT COUNT(DISTINCT r.id) AS recharges, COUNT(DISTINCT v.id) AS vends, COUNT(t.digits) AS tokens
     FROM recharges r LEFT JOIN vends v ON v.recharge_id = r.id LEFT JOIN vend_tokens t ON t.vend_id = v.id
     WHERE r.source_ref = ?`,
    [sourceRef],
  );
  return [row!['recharges'], row!['vends'], row!['tokens']].map(Number);
};

describe('engineering tokens', () => {
  it('clear the tamper mark of the right meter, once, and another refuses them', async () => {
    const [one, other] = [await install(), await install()];
    one.meter.tamper();
    const answer = await ask(one.meterId, { what: 'clear-tamper' });
    expect(enter(other.meter, answer)).toEqual(['CRC']);
    expect(enter(one.meter, answer)).toEqual(['Accept']);
    expect(one.meter.tampered).toBe(false);
    expect(enter(one.meter, answer)).toEqual(['Used']);
    expect(answer.record).toMatchObject({ kind: 'engineering', state: 'APPLIED', grossPaisa: 0n });
    expect(answer.record.vend).toMatchObject({ pricing: null, detail: { what: 'clear-tamper', reason: 'tested' } });
  });

  it.each([
    ['07', 'currency', 4],
    ['11', 'energy', 0],
  ] as const)('clear the credit of an EA%s meter that counts %s, whose next recharge is taken', async (...kind) => {
    const [ea, crediting, register] = kind;
    const { meterId, meter } = await install({ ea, crediting });
    enter(meter, await bench.vending.recharge(counterSale(meterId)));
    expect(meter.credit(register)).toBeGreaterThan(0n);
    expect(enter(meter, await ask(meterId, { what: 'clear-credit', registers: 'own' }))).toEqual(['Accept']);
    expect(meter.credit(register)).toBe(0n);
    const next = await bench.vending.recharge(counterSale(meterId));
    expect(enter(meter, next)).toEqual(['Accept']);
    expect(meter.credit(register)).toBeGreaterThan(0n);
  });

  it('limit the power to the sanctioned load, or to what is said, rounded up to what a token can carry', async () => {
    const { meterId, meter } = await install();
    const own = await ask(meterId, { what: 'max-power-limit', watts: null });
    expect(enter(meter, own)).toEqual(['Accept']);
    expect(meter.maxPowerLimit).toBe(2_000);
    const said = await ask(meterId, { what: 'max-power-limit', watts: 20_001n });
    expect(tokensOf(said)[0]).toMatchObject({ kind: 'max-power-limit', value: 20_004n, creditedUnits: null });
    enter(meter, said);
    expect(meter.maxPowerLimit).toBe(20_004);
    for (const watts of [0n, 18_201_625n]) {
      const refused = ask(meterId, { what: 'max-power-limit', watts });
      await expect(refused).rejects.toMatchObject({ code: 'limit-out-of-range' });
    }
  });

  it('limit the unbalance of phases where there are several', async () => {
    const { meterId, meter } = await install();
    const what = { what: 'phase-unbalance-limit', watts: 3_000n } as const;
    await expect(ask(meterId, what)).rejects.toMatchObject({ code: 'meter-single-phase' });
    await fresh.admin.read(
      'UPDATE connections c JOIN meters m ON m.connection_id = c.id SET c.phase = 3 WHERE m.id = ?',
      [Buffer.from(meterId.replaceAll('-', ''), 'hex')],
    );
    expect(enter(meter, await ask(meterId, what))).toEqual(['Accept']);
    expect(meter.phaseUnbalanceLimit).toBe(3_000);
  });

  it('make any meter show what it is asked, as often as it is asked, and use up no TID', async () => {
    const [one, other] = [await install(), await install({ ea: '11' })];
    const answer = await ask(one.meterId, { what: 'test-display', tests: ['registers', 'tariff-index'] });
    const [token] = tokensOf(answer);
    expect(token).toMatchObject({ kind: 'test-display', tid: null, sequence: 1, of: 1 });
    for (const meter of [one.meter, other.meter, one.meter]) {
      expect(meter.enter(token!.digits, bench.now)).toMatchObject({ result: 'Accept', display: [3, 5] });
    }
    const all = await ask(one.meterId, { what: 'test-display', tests: 'all' });
    // The fixed string of IEC 62055-41 (STS.md 4).
    expect(tokensOf(all)[0]!.digits).toBe('56493153725450313471');
    const again = await ask(one.meterId, { what: 'test-display', tests: 'all' });
    expect(tokensOf(again)[0]!.digits).toBe(tokensOf(all)[0]!.digits);
  });

  it('come after a waiting key change, under the new key, in printed order', async () => {
    const { meterId, meter } = await install({ office: 'Orders A' });
    await keyChangeFor('Orders A');
    const shown = await ask(meterId, { what: 'test-display', tests: 'all' });
    expect(tokensOf(shown).map(({ kind }) => kind)).toEqual(['test-display']);
    const answer = await ask(meterId, { what: 'clear-tamper' });
    expect(tokensOf(answer).map(({ kind, sequence, of }) => [kind, sequence, of])).toEqual([
      ['key-change', 1, 3],
      ['key-change', 2, 3],
      ['clear-tamper', 3, 3],
    ]);
    expect(enter(meter, answer)).toEqual(['1stKCT', 'Accept', 'Accept']);
    expect(meter.key.krn).toBe(2);
    expect(enter(meter, await bench.vending.recharge(counterSale(meterId)))).toEqual(['Accept']);
  });
});

describe('a key change alone', () => {
  it('prints the set of the campaign in order, marks it as issued, and a repeat prints the same', async () => {
    const { meterId, meter } = await install({ office: 'Orders B' });
    await keyChangeFor('Orders B');
    const order = keyChangeOrder(counterOrder(meterId));
    const first = await bench.orders.run(order);
    expect(enter(meter, first)).toEqual(['1stKCT', 'Accept']);
    expect(meter.key.krn).toBe(2);
    const card = await findKeyChangeOfVend(fresh.database, first.record.vend!.vendId);
    expect(card).toMatchObject({ state: 'ISSUED' });
    expect(first.record.vend!.detail).toEqual({ keyChangeId: card!.changeId });
    const again = await bench.orders.run(order);
    expect(again.replayed).toBe(true);
    expect(again.record).toEqual(first.record);
    const another = bench.orders.run(keyChangeOrder(counterOrder(meterId)));
    await expect(another).rejects.toMatchObject({ code: 'key-change-not-due' });
    expect(enter(meter, await bench.vending.recharge(counterSale(meterId)))).toEqual(['Accept']);
  });

  it('is refused where none is due', async () => {
    const { meterId } = await install();
    const refused = bench.orders.run(keyChangeOrder(counterOrder(meterId)));
    await expect(refused).rejects.toMatchObject({ code: 'key-change-not-due' });
  });
});

describe('an order', () => {
  it('asked 20 times at once has one effect, and every answer is the same', async () => {
    const { meterId } = await install();
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(meterId, { what: 'clear-tamper' }, key)));
    expect(new Set(answers.map((each) => JSON.stringify(tokensOf(each).map(({ digits }) => digits)))).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await rowsOf(key)).toEqual([1, 1, 1]);
  });

  it('with the key of another order, or of a recharge, is a conflict and changes nothing', async () => {
    const { meterId } = await install();
    const key = newId();
    await ask(meterId, { what: 'clear-tamper' }, key);
    const other = ask(meterId, { what: 'clear-credit', registers: 'own' }, key);
    await expect(other).rejects.toMatchObject({ code: 'transaction-conflict' });
    const sale = bench.vending.recharge(counterSale(meterId, { sourceRef: key }));
    await expect(sale).rejects.toMatchObject({ code: 'transaction-conflict' });
    expect(await rowsOf(key)).toEqual([1, 1, 1]);
    const sold = newId();
    await bench.vending.recharge(counterSale(meterId, { sourceRef: sold }));
    await expect(ask(meterId, { what: 'clear-tamper' }, sold)).rejects.toMatchObject({ code: 'transaction-conflict' });
  });

  it('that dies between token and commit leaves nothing, and its repeat gives the same digits', async () => {
    const { meterId, meter } = await install();
    const key = newId();
    const made: string[] = [];
    const order = engineeringOrder(counterOrder(meterId, { sourceRef: key }), { what: 'clear-tamper' }, 'tested');
    const dies = {
      ...order,
      alongside: (_tx: unknown, vend: { tokens: readonly { digits: string }[] }) => {
        made.push(...vend.tokens.map(({ digits }) => digits));
        return Promise.reject(new Error('the power went'));
      },
    };
    await expect(bench.orders.run(dies)).rejects.toThrow('the power went');
    expect(await rowsOf(key)).toEqual([0, 0, 0]);
    const answer = await bench.orders.run(order);
    expect(tokensOf(answer).map(({ digits }) => digits)).toEqual(made);
    expect(enter(meter, answer)).toEqual(['Accept']);
  });

  it('finds no token server, or no such meter, or a closed one: nothing is changed', async () => {
    const { meterId } = await install();
    const key = newId();
    bench.issuer.down = true;
    await expect(ask(meterId, { what: 'clear-tamper' }, key)).rejects.toMatchObject({ code: 'token-server-down' });
    bench.issuer.down = false;
    await expect(ask(newId(), { what: 'clear-tamper' }, key)).rejects.toMatchObject({ code: 'meter-not-found' });
    await fresh.admin.read(`UPDATE meters SET status = 'closed' WHERE pan = ?`, [meterNo(serial - 1).pan]);
    await expect(ask(meterId, { what: 'clear-tamper' }, key)).rejects.toMatchObject({ code: 'meter-closed' });
    expect(await rowsOf(key)).toEqual([0, 0, 0]);
  });

  it('and recharges of the same meter at once never share a TID', async () => {
    const { meterId, meter } = await install();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 2 === 0 ? ask(meterId, { what: 'clear-tamper' }) : bench.vending.recharge(counterSale(meterId)),
      ),
    );
    const tids = answers.flatMap((answer) => tokensOf(answer).map(({ tid }) => tid));
    expect(new Set(tids).size).toBe(12);
    for (const answer of answers) expect(enter(meter, answer)).toEqual(['Accept']);
  });
});
