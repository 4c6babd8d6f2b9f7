// Proves on a real database that meters are found by every key a person or a payment may give, that the vending
// lane's locks exclude and its writes are exact, and that each look-up walks an index.
import { newId, type Id } from '@vend/kernel';
import { meterCells, meterCsv, meterNo, inPieces } from '../../test/builders/meters';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { importMeters } from './import/import-meters';
import type { MeterState } from './meters';
import { MetersService } from './meters.service';
import { lockMeterStates, saveMeterStates } from './store/meter-states';
import { loadVendingMeters, receiptAddresses } from './store/meters';

jest.setTimeout(60_000);
let fresh: FreshDatabase;
let meters: MetersService;
const ids = new Map<number, Id>();

beforeAll(async () => {
  fresh = await freshDatabase();
  meters = new MetersService(fresh.database);
  const rows = [
    meterCells(1, { mobile: '8801700000001' }),
    meterCells(2, { mobile: '8801700000001', crediting: 'energy', sanctionedKw: '7.5', phase: '3', language: 'en' }),
    meterCells(3, { mobile: '' }),
    meterCells(4, { customerNo: 'TWO', mobile: '' }),
    meterCells(5, { customerNo: 'TWO', mobile: '' }),
    meterCells(6, { customerNo: 'REPLACED', mobile: '', installedOn: '2026-01-01' }),
    meterCells(7, { customerNo: 'REPLACED', mobile: '', installedOn: '2026-06-01' }),
    // A customer number that is also the DRN of meter 1.
    meterCells(8, { customerNo: meterNo(1).drn }),
  ];
  await importMeters(fresh.database, inPieces(meterCsv(rows)), { nowMs: Date.UTC(2026, 10, 21) });
  await fresh.database.read(`UPDATE meters SET status = 'closed' WHERE pan IN (?)`, [[meterNo(6).pan, meterNo(3).pan]]);
  for (let index = 1; index <= 8; index++)
    ids.set(index, (await meters.find('meter-no', meterNo(index).pan))[0]!.meterId);
});
afterAll(() => fresh.drop());

const id = (index: number): Id => ids.get(index)!;
const pans = (cards: readonly { pan: string }[]) => cards.map((card) => card.pan);

describe('find', () => {
  it('answers a whole card, without a phone number', async () => {
    const [card] = await meters.find('meter-no', ` ${meterNo(2).pan} `);
    expect(card).toEqual({
      meterId: id(2),
      pan: meterNo(2).pan,
      drn: meterNo(2).drn,
      headEnd: null,
      registerMaxWh: null,
      registerMaxPaisa: null,
      status: 'active',
      owner: 'utility',
      crediting: 'energy',
      installedOn: '2026-11-02',
      rentUntil: null,
      customerId: expect.any(String) as string,
      customerNo: 'T000002',
      customerName: 'আব্দুল করিম',
      language: 'en',
      tariffClass: 'LT-A',
      phase: 3,
      sanctionedW: 7_500n,
      supply: 'connected',
      former: null,
      address: 'বাড়ি 12, কাজলা',
      office: 'Rajshahi S&D 1',
      keys: {
        pan: meterNo(2).pan,
        ea: '07',
        tct: '02',
        sgc: '123456',
        krn: 1,
        ti: '01',
        kt: 2,
        ken: 255,
        baseDate: 2014,
      },
    });
    expect(JSON.stringify({ ...card, sanctionedW: '' })).not.toContain('8801700000001');
  });

  it('takes DRN, customer number, phone in both forms, and any reference', async () => {
    expect(pans(await meters.find('meter-no', meterNo(2).drn))).toEqual([meterNo(2).pan]);
    expect(pans(await meters.find('customer-no', 't000002'))).toEqual([meterNo(2).pan]);
    expect(pans(await meters.find('phone', '01700000001')).sort()).toEqual([meterNo(1).pan, meterNo(2).pan].sort());
    expect(pans(await meters.find('phone', '8801700000001'))).toHaveLength(2);
    expect(pans(await meters.find('reference', 'T000002'))).toEqual([meterNo(2).pan]);
    expect(pans(await meters.find('reference', meterNo(1).drn)).sort()).toEqual(
      [meterNo(1).pan, meterNo(8).pan].sort(),
    );
  });

  it('shows the active meter before the closed one', async () => {
    expect(pans(await meters.find('customer-no', 'REPLACED'))).toEqual([meterNo(7).pan, meterNo(6).pan]);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await meters.find('meter-no', meterNo(99).pan)).toEqual([]);
    expect(await meters.find('customer-no', "' OR 1=1 --")).toEqual([]);
    expect(await meters.find('phone', '01799999999')).toEqual([]);
  });

  it('says what is wrong with a number', async () => {
    await expect(meters.find('meter-no', '600727000000000008')).rejects.toMatchObject({
      code: 'meter-check-digit-wrong',
    });
    await expect(meters.find('meter-no', '12')).rejects.toMatchObject({ code: 'meter-number-invalid' });
    await expect(meters.find('phone', '12')).rejects.toMatchObject({ code: 'mobile-invalid' });
  });
});

describe('resolve', () => {
  it.each([
    ['MeterPAN', meterNo(2).pan, 2],
    ['DRN', meterNo(2).drn, 2],
    ['customer number', 'T000002', 2],
    ['customer number in small letters', 't000002', 2],
    ['customer number whose old meter is closed', 'REPLACED', 7],
    ['a closed meter itself', meterNo(6).pan, 6],
    ['customer whose only meter is closed', 'T000003', 3],
  ])('%s', async (_, reference, index) => {
    const closed = index === 6 || index === 3;
    expect(await meters.resolve(reference)).toEqual(
      expect.objectContaining({ meterId: id(index), pan: meterNo(index).pan, status: closed ? 'closed' : 'active' }),
    );
  });

  it('refuses to choose between two meters', async () => {
    await expect(meters.resolve('TWO')).rejects.toMatchObject({ code: 'reference-ambiguous' });
    await expect(meters.resolve(meterNo(1).drn)).rejects.toMatchObject({ code: 'reference-ambiguous' });
  });

  it('knows nobody of other texts', async () => {
    for (const text of ['', 'NOBODY', meterNo(99).pan, meterNo(99).drn, 'ক', '%', 'x'.repeat(500)]) {
      expect(await meters.resolve(text)).toBeUndefined();
    }
    await expect(meters.resolve('600727000000000008')).rejects.toMatchObject({ code: 'meter-check-digit-wrong' });
  });

  it('walks an index for each key', async () => {
    // Enough rows that a scan would be the worse plan.
    const many = Array.from({ length: 2_000 }, (_, i) => meterCells(1_000 + i));
    await importMeters(fresh.database, inPieces(meterCsv(many), 65_536), { nowMs: Date.UTC(2026, 10, 21) });
    await fresh.admin.read('ANALYZE TABLE meters, customers, connections');
    const joined =
      'FROM meters m JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id';
    for (const where of ['m.pan = ?', 'm.drn = ?', 'c.customer_no = ?', 'c.mobile = ?']) {
      const plan = await fresh.database.read(`EXPLAIN SELECT m.id ${joined} WHERE ${where}`, ['61000001']);
      const scans = plan.filter((step) => step['type'] === 'ALL' || step['type'] === 'index');
      expect({ where, scans }).toEqual({ where, scans: [] });
    }
  });
});

describe('the lane', () => {
  it('reads a meter as it was imported, and leaves the unknown out', async () => {
    const unknown = newId();
    const read = await fresh.database.transaction((tx) => loadVendingMeters(tx, [id(2), unknown, id(1), id(2)]));
    expect([...read.keys()].sort()).toEqual([id(1), id(2)].sort());
    expect(read.get(id(2))).toMatchObject({ pan: meterNo(2).pan, sanctionedW: 7_500n, keys: { sgc: '123456' } });
    expect(Object.keys(read.get(id(2))!)).not.toContain('mobile');
    expect(await fresh.database.transaction((tx) => loadVendingMeters(tx, []))).toEqual(new Map());
  });

  it('writes every value of a state exactly, beyond 2^53', async () => {
    const states: MeterState[] = [
      {
        meterId: id(1),
        lastTid: 16_777_215,
        chargedThrough: 202611,
        soldMonth: 202611,
        soldWh: 9_007_199_254_740_993n,
        arrearsPaisa: 9_223_372_036_854_775_807n,
        remainderPaisa: 7n,
        keyChangeDue: true,
        arrearsPlanJson: null,
        pfcDuePaisa: 9_223_372_036_854_775_807n,
        penaltyDuePaisa: 1n,
        adjustmentDuePaisa: -5n,
        charging: null,
      },
      {
        meterId: id(2),
        lastTid: 1,
        chargedThrough: null,
        soldMonth: null,
        soldWh: 0n,
        arrearsPaisa: 0n,
        remainderPaisa: 0n,
        keyChangeDue: false,
        arrearsPlanJson: null,
        pfcDuePaisa: 0n,
        penaltyDuePaisa: 0n,
        adjustmentDuePaisa: 0n,
        charging: null,
      },
    ];
    await fresh.database.transaction((tx) => saveMeterStates(tx, states));
    const read = await fresh.database.transaction((tx) => lockMeterStates(tx, [id(2), id(1), newId()]));
    expect([...read.values()].sort((a, b) => b.lastTid - a.lastTid)).toEqual(states);
  });

  it('writes nothing of a group when one state is impossible', async () => {
    const states = await fresh.database.transaction((tx) => lockMeterStates(tx, [id(3), id(4)]));
    const before = [...states.values()];
    const bad = before.map((state, i) => ({ ...state, lastTid: 5, remainderPaisa: i === 1 ? -1n : 0n }));
    await expect(fresh.database.transaction((tx) => saveMeterStates(tx, bad))).rejects.toThrow();
    const after = await fresh.database.transaction((tx) => lockMeterStates(tx, [id(3), id(4)]));
    expect([...after.values()]).toEqual(before);
  });

  it('counts right and without a deadlock when groups lock the same meters in any order', async () => {
    const retried: number[] = [];
    const group = [id(4), id(5), id(6), id(7)];
    const raise = (order: readonly Id[]) =>
      fresh.database
        .transaction(async (tx) => {
          const states = await lockMeterStates(tx, order);
          await saveMeterStates(
            tx,
            order.map((meterId) => ({ ...states.get(meterId)!, lastTid: states.get(meterId)!.lastTid + 1 })),
          );
        }, 1)
        .catch((error: { errno?: number }) => {
          retried.push(error.errno ?? -1);
        });
    const start = await fresh.database.transaction((tx) => lockMeterStates(tx, group));
    await Promise.all(Array.from({ length: 40 }, (_, i) => raise(i % 2 ? group : [...group].reverse())));
    const end = await fresh.database.transaction((tx) => lockMeterStates(tx, group));
    expect(retried).toEqual([]);
    for (const meterId of group) expect(end.get(meterId)!.lastTid - start.get(meterId)!.lastTid).toBe(40);
  });

  it('locks its meters and no other', async () => {
    await fresh.database.transaction(async (tx) => {
      await lockMeterStates(tx, [id(1)]);
      let others = 0;
      const refused = fresh.database.transaction(async (other) => {
        // Of one connection of this file's own pool, which goes with the file.
        await other.query('SET SESSION innodb_lock_wait_timeout = 1');
        others = (await lockMeterStates(other, [id(2), id(8)])).size;
        await lockMeterStates(other, [id(1)]);
      }, 1);
      await expect(refused).rejects.toMatchObject({ errno: 1205 });
      expect(others).toBe(2);
    });
  });

  it('gives the SMS worker the phone and the language', async () => {
    expect(await receiptAddresses(fresh.database, [id(2), id(3)])).toEqual(
      new Map([
        [id(2), { mobile: '8801700000001', language: 'en', smsForm: 'words' }],
        [id(3), { mobile: null, language: 'bn', smsForm: 'words' }],
      ]),
    );
  });
});
