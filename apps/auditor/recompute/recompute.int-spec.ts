/*
 * Proves on a real database that every vend prices again to the paisa under the book it was priced with, also after that
 * book has changed, and that one paisa changed by somebody with every right is found: in the vend, in its stored inputs,
 * in its token's units, in the ledger, or in the version itself. Items of offline packs and deposits given back as credit
 * are vends like any other.
 */
import { dhakaDay, newId } from '@vend/kernel';
import { upsertStation, upsertUser } from '@vend/identity';
import { draft, proposeRevocation, publish, revoke } from '@vend/pricebook';
import { reviewedDocuments } from '@vend/tariff';
import { createPacks, depositCreditOrder, MeterDues, type RecomputedVend } from '@vend/vending';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { counterOrder, counterSale, payment, VendingBench, type MeterDraft } from '../../../test/support/vending';
import { Recomputation } from './recompute';

const BOOK = 'first-light';
let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh, { book: BOOK });
  const by = { actor: 'cli:test', at: bench.now };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'Station', office: 'Rajshahi' }, by);
    for (const username of ['selim', 'amina']) {
      const person = { username, password: 'not-a-real-one-1', name: username, role: 'supervisor' } as const;
      await upsertUser(tx, { ...person, station: 'NESCO-RAJ-01' }, by);
    }
  });
});
afterAll(() => fresh?.drop());

async function sell(grossPaisa: bigint, changes: Partial<MeterDraft> = {}, byMobile = false): Promise<string> {
  const [meterId] = await bench.install({ serial: ++serial, ...changes });
  const make = byMobile ? payment : counterSale;
  const { record } = await bench.vending.recharge(make(meterId!, { grossPaisa }));
  return record.vend!.receiptNo;
}

/** Sold from a pack that was priced a month before it was booked, under what was in force then. */
async function sellFromPack(crediting: MeterDraft['crediting']): Promise<string> {
  const [meterId] = await bench.install({ serial: ++serial, crediting });
  const settings = {
    ...{ book: BOOK, quoteSecret: Buffer.alloc(32), quoteTtlMs: 1, tokenDeadlineMs: 1_000 },
    ...{ laneGroupMax: 1, laneWriters: 1, laneBacklogMax: 1, now: () => bench.now },
  };
  const packs = createPacks(fresh.database, bench.ledger, bench.issuer, settings, Buffer.alloc(32, 7));
  const { now } = bench;
  bench.now = now - 30 * 86_400_000;
  const packId = newId();
  const lines = [{ meterId: meterId!, grossPaisa: 300_000n, items: 1 }];
  const alongside = () => Promise.resolve();
  await packs.prepare({ packId, station: 'NESCO-RAJ-01', actor: 'user:selim', reason: 'storm', lines, alongside });
  const { pack, items } = await packs.find(packId, 'all');
  bench.now = now;
  const use = [{ itemId: items[0]!.itemId, usedAt: now - 3_600_000 }];
  const [booked] = await packs.reconcile(pack, use, { actor: 'user:selim' });
  return booked!.record.vend!.receiptNo;
}

/** A deposit given back: arrears first, the rest as energy. */
async function giveBack(crediting: MeterDraft['crediting'], arrearsPaisa: bigint): Promise<string> {
  const [meterId] = await bench.install({ serial: ++serial, crediting, chargedThrough: '2026-11' });
  const dues = new MeterDues(fresh.database, bench.ledger, () => bench.now);
  const paper = `D-${serial}/2008`;
  await dues.importArrears({ businessId: newId(), meterId: meterId!, amountPaisa: arrearsPaisa, plan: null });
  await dues.importDeposit({ businessId: newId(), meterId: meterId!, depositPaisa: 80_000n, paper });
  const { record } = await bench.orders.run(depositCreditOrder(counterOrder(meterId!), 80_000n, paper));
  return record.vend!.receiptNo;
}

async function recompute(): Promise<{ vends: number; found: RecomputedVend[] }> {
  const found: RecomputedVend[] = [];
  const day = dhakaDay(bench.now);
  const run = new Recomputation(fresh.database, (vend) => Promise.resolve(void found.push(vend)));
  const { vends, differing } = await run.run(day, day);
  expect(differing).toBe(found.length);
  return { vends, found };
}

const rootWrites = (sql: string, receiptNo: string) =>
  fresh.admin.transaction(async (tx) => {
    await tx.write('SET SESSION check_constraint_checks = 0');
    const { affectedRows } = await tx.write(sql, [receiptNo]);
    await tx.write('SET SESSION check_constraint_checks = 1');
    expect(affectedRows).toBeGreaterThan(0);
  });

it('finds nothing where nobody has tampered, whatever was published and revoked in between', async () => {
  for (const crediting of ['currency', 'energy'] as const) {
    await sell(100_000n, { crediting });
    await sell(55_555n, { crediting }, true);
  }
  const version = reviewedDocuments[0]!.document;
  const hike = JSON.stringify({
    ...version,
    id: 'hike-2026',
    publishedOn: null,
    effectiveFrom: '2026-11-01',
  }).replaceAll('"4.19"', '"8.19"');
  const at = bench.now;
  const [selim, amina] = [
    { username: 'selim', at },
    { username: 'amina', at },
  ];
  await fresh.database.transaction((tx) => draft(tx, BOOK, hike, selim));
  await fresh.database.transaction((tx) => publish(tx, BOOK, 'hike-2026', amina));
  const dear = await sell(100_000n);
  await fresh.database.transaction((tx) => proposeRevocation(tx, BOOK, 'hike-2026', 'in error', selim));
  await fresh.database.transaction((tx) => revoke(tx, BOOK, 'hike-2026', amina));
  const cheap = await sell(100_000n);
  const sold = await fresh.admin.read<{ no: string; version: string; kwh: string }>(
    'SELECT receipt_no AS no, tariff_version AS version, energy_wh AS kwh FROM vends WHERE receipt_no IN (?, ?) ORDER BY receipt_no = ?',
    [dear, cheap, cheap],
  );
  expect(sold.map(({ version: id }) => id)).toEqual(['hike-2026', 'bd-retail-2020-03']);
  expect(Number(sold[0]!.kwh)).toBeLessThan(Number(sold[1]!.kwh));
  expect(await recompute()).toEqual({ vends: 6, found: [] });
});

it('prices items of packs and deposits given back again, each as of its own instant', async () => {
  const before = await recompute();
  for (const crediting of ['currency', 'energy'] as const) {
    await sellFromPack(crediting);
    await giveBack(crediting, 30_000n);
    // The arrears take it all: there is no token.
    await giveBack(crediting, 80_000n);
  }
  expect(await recompute()).toEqual({ vends: before.vends + 6, found: [] });
});

describe('finds a paisa', () => {
  it('in an item of a pack, and in a deposit given back', async () => {
    const [item, deposit] = [await sellFromPack('energy'), await giveBack('currency', 30_000n)];
    const shift = (paisa: number) =>
      rootWrites(
        `UPDATE vends SET vat_paisa = vat_paisa + ${paisa}, energy_paisa = energy_paisa - ${paisa} WHERE receipt_no = ?`,
        item,
      );
    const carry = (units: number) =>
      rootWrites(
        `UPDATE vend_tokens SET amount_units = amount_units + ${units} WHERE vend_id = (SELECT id FROM vends WHERE receipt_no = ?)`,
        deposit,
      );
    await shift(1);
    await carry(1_000);
    const { found } = await recompute();
    await shift(-1);
    await carry(-1_000);
    const fields = new Map(
      found.map(({ receiptNo, differences }) => [receiptNo, differences.map(({ field }) => field)]),
    );
    expect([...fields]).toEqual(
      expect.arrayContaining([
        [item, ['vat', 'energy']],
        [deposit, ['tokenUnits']],
      ]),
    );
    expect(fields.size).toBe(2);
  });

  it('moved from one part of a vend to another', async () => {
    const receiptNo = await sell(70_000n, { crediting: 'currency' });
    await rootWrites(
      'UPDATE vends SET vat_paisa = vat_paisa - 1, energy_paisa = energy_paisa + 1 WHERE receipt_no = ?',
      receiptNo,
    );
    const { found } = await recompute();
    expect(found).toEqual([
      {
        vendId: expect.any(String),
        receiptNo,
        differences: [
          { field: 'vat', stored: '33.32', recomputed: '33.33' },
          { field: 'energy', stored: expect.any(String), recomputed: expect.any(String) },
        ],
      },
    ]);
    await rootWrites(
      'UPDATE vends SET vat_paisa = vat_paisa + 1, energy_paisa = energy_paisa - 1 WHERE receipt_no = ?',
      receiptNo,
    );
  });

  it('in the stored inputs, the units in the token, and the ledger', async () => {
    const receipts = [await sell(80_000n), await sell(80_001n), await sell(80_002n)];
    const [input, token, posting] = receipts as [string, string, string];
    await rootWrites(
      `UPDATE vends SET pricing_input = REPLACE(pricing_input, '"phase":1', '"phase":3') WHERE receipt_no = ?`,
      input,
    );
    await rootWrites(
      'UPDATE vend_tokens SET amount_units = amount_units + 1 WHERE vend_id = (SELECT id FROM vends WHERE receipt_no = ?)',
      token,
    );
    await rootWrites(
      `UPDATE ledger_postings SET amount_paisa = amount_paisa + 1 WHERE line = 1 AND entry_id =
         (SELECT e.id FROM ledger_entries e JOIN vends v ON v.recharge_id = e.business_id WHERE v.receipt_no = ?)`,
      posting,
    );
    const { found } = await recompute();
    const fieldsOf = (no: string) =>
      found.find(({ receiptNo }) => receiptNo === no)?.differences.map(({ field }) => field);
    expect(found).toHaveLength(3);
    // A three-phase meter's rent, and all that hangs on it.
    expect(fieldsOf(input)).toEqual(expect.arrayContaining(['rent', 'rebate', 'energy', 'tokenUnits']));
    expect(fieldsOf(token)).toEqual(['tokenUnits']);
    expect(fieldsOf(posting)?.[0]).toMatch(/^ledger /);
  });

  it('in the version itself: every vend under it is named', async () => {
    await rootWrites(
      `UPDATE price_documents SET content = REPLACE(content, '"4.19"', '"4.18"') WHERE code = ?`,
      'bd-retail-2020-03',
    );
    const { vends, found } = await recompute();
    expect(found).toHaveLength(vends);
    expect(found[0]!.differences).toEqual([
      {
        field: 'price book',
        stored: expect.stringMatching(/^first-light@\d+$/),
        recomputed: 'refused: price-document-tampered bd-retail-2020-03',
      },
    ]);
  });
});
