/*
 * Proves on a real database with real tokens that a replaced meter's customer loses and gains nothing: sums, months and
 * waiting payments go over, every payment ends on one meter once, also with everything at the same time. Virtual meters
 * say whose token it is; the ledger's own proof says whose money.
 */
import { idToBytes, newId, type Id } from '@vend/kernel';
import { wrongSubLedgers, wrongSums } from '@vend/ledger';
import { lockMeterStates } from '@vend/meters';
import { MeterDues, VendCancellation, type RechargeRecord } from '@vend/vending';
import { PriceBooks } from '@vend/pricebook';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { LifeBench, newMeter } from '../support/life';
import { counterSale, payment, virtualMeter, type MeterDraft } from '../support/vending';

let fresh: FreshDatabase;
let bench: LifeBench;
let serial = 1;

async function installed(over: Partial<MeterDraft> = {}): Promise<{ meterId: Id; draft: MeterDraft }> {
  const draft = { serial: serial++, ...over };
  const [meterId] = await bench.install(draft);
  return { meterId: meterId!, draft };
}
const stateOf = async (meterId: Id) =>
  (await fresh.database.transaction((tx) => lockMeterStates(tx, [meterId]))).get(meterId)!;
const tokenOf = (record: RechargeRecord) => record.vend!.tokens.at(-1)!.digits;
const takes = (draft: MeterDraft, digits: string) => virtualMeter(draft).enter(digits, bench.now).result;
const plan = { kind: 'percent', percentBp: 1_000n, floorPaisa: 0n, ceilingPaisa: null, capBp: 5_000n } as const;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new LifeBench(fresh);
});
afterEach(async () => {
  bench.issuer.down = false;
  expect(await brokenLaws(fresh.admin)).toEqual([]);
  expect([...(await wrongSums(fresh.admin)), ...(await wrongSubLedgers(fresh.admin))]).toEqual([]);
});
afterAll(() => fresh?.drop());

describe('a meter is replaced', () => {
  it('takes along what is the customer’s and leaves what is the meter’s', async () => {
    const old = await installed();
    const dues = new MeterDues(fresh.database, bench.ledger, () => bench.now);
    await dues.importArrears({ businessId: newId(), meterId: old.meterId, amountPaisa: 90_000n, plan });
    const sold = await bench.vending.recharge(counterSale(old.meterId, { grossPaisa: 77_777n }));
    const before = await stateOf(old.meterId);
    expect(before.remainderPaisa).toBeGreaterThan(0n);
    expect(before.arrearsPaisa).toBeLessThan(90_000n);

    const draft = { serial: serial++ };
    const key = newId();
    const done = await bench.replace(old.meterId, draft, key);
    expect(done).toMatchObject({
      remainderPaisa: before.remainderPaisa.toString(),
      arrearsPaisa: before.arrearsPaisa.toString(),
    });
    const after = await stateOf(done.newMeterId);
    expect(after).toMatchObject({ ...before, meterId: done.newMeterId, lastTid: 0, charging: { since: 202611 } });
    expect(await stateOf(old.meterId)).toMatchObject({
      lastTid: before.lastTid,
      soldWh: 0n,
      arrearsPaisa: 0n,
      remainderPaisa: 0n,
    });

    const next = await bench.vending.recharge(counterSale(done.newMeterId, { grossPaisa: 50_000n }));
    expect(next.record.vend!.amounts).toMatchObject({
      demandPaisa: 0n,
      rentPaisa: 0n,
      remainderInPaisa: before.remainderPaisa,
    });
    expect(next.record.vend!.amounts.arrearsPaisa).toBe(5_000n);
    expect(next.record.vend!.pricing!.pricedState.soldWh).toBe(sold.record.vend!.energyWh);
    expect(takes(draft, tokenOf(next.record))).toBe('Accept');
    expect(takes(old.draft, tokenOf(next.record))).not.toBe('Accept');

    await expect(bench.vending.recharge(counterSale(old.meterId))).rejects.toMatchObject({ code: 'meter-closed' });
    expect(await bench.replace(old.meterId, draft, key)).toEqual(done);
    await expect(bench.replace(old.meterId, { serial: 9_000 }, key)).rejects.toMatchObject({
      code: 'operation-differs',
    });
    await expect(bench.replace(old.meterId, { serial: 9_000 })).rejects.toMatchObject({ code: 'meter-closed' });
    await expect(bench.replace(done.newMeterId, old.draft)).rejects.toMatchObject({ code: 'meter-number-taken' });
  });

  it('does not let the last vend of the old meter be cancelled: its sums have moved on', async () => {
    const old = await installed({ crediting: 'currency' });
    const { record } = await bench.vending.recharge(counterSale(old.meterId));
    await bench.replace(old.meterId, { serial: serial++, crediting: 'currency' });
    const cancellation = new VendCancellation(
      fresh.database,
      bench.ledger,
      new PriceBooks(fresh.database),
      () => bench.now,
    );
    await expect(
      cancellation.cancel({ rechargeId: record.rechargeId, actor: 'user:selim', reason: 'x' }),
    ).rejects.toMatchObject({ code: 'vend-meter-replaced' });
  });

  it('vends payments that waited for a token to the new meter, once, whoever wakes up', async () => {
    const old = await installed();
    bench.issuer.down = true;
    const kept = await Promise.all([1, 2, 3].map(() => bench.vending.recharge(payment(old.meterId))));
    const draft = { serial: serial++ };
    const done = await bench.replace(old.meterId, draft);
    expect(done.paymentsMoved).toBe(3);
    bench.issuer.down = false;
    const ids = kept.map(({ record }) => record.rechargeId);
    const records = await Promise.all([...ids, ...ids].map((id) => bench.vending.complete(id)));
    expect(records.map(({ state, meterId }) => [state, meterId])).toEqual(
      records.map(() => ['APPLIED', done.newMeterId]),
    );
    const meter = virtualMeter(draft);
    const digits = [...new Set(records.map(tokenOf))];
    expect(digits.map((token) => meter.enter(token, bench.now).result)).toEqual(['Accept', 'Accept', 'Accept']);
  });

  it('finds a payment that moved on while the worker was on its way', async () => {
    const old = await installed();
    bench.issuer.down = true;
    const kept = await Promise.all(Array.from({ length: 8 }, () => bench.vending.recharge(payment(old.meterId))));
    bench.issuer.down = false;
    const draft = { serial: serial++ };
    const [done, ...records] = await Promise.all([
      bench.replace(old.meterId, draft),
      ...kept.map(({ record }) => bench.vending.complete(record.rechargeId)),
    ]);
    for (const record of records) {
      expect(record.state).toBe('APPLIED');
      const onNew = record.meterId === done.newMeterId;
      expect(takes(onNew ? draft : old.draft, tokenOf(record))).toBe('Accept');
    }
  });

  it('answers a repeat by customer number with what was sold, not with a conflict', async () => {
    const old = await installed();
    const command = payment(old.meterId, { reference: `T${String(old.draft.serial).padStart(6, '0')}` });
    const first = await bench.vending.recharge(command);
    const done = await bench.replace(old.meterId, { serial: serial++ });
    const meterId = (await bench.meters.resolve(command.reference!))!.meterId;
    expect(meterId).toBe(done.newMeterId);
    const again = await bench.vending.recharge({ ...command, meterId });
    expect(again).toEqual({ record: first.record, replayed: true });
    expect(await bench.vending.recharge({ ...command, reference: undefined })).toEqual(again);
    for (const other of [
      { ...command, meterId, reference: 'T999999' },
      { ...command, meterId, grossPaisa: 50_001n },
      { ...command, meterId, reference: undefined },
    ]) {
      await expect(bench.vending.recharge(other)).rejects.toMatchObject({ code: 'transaction-conflict' });
    }
  });

  it('closes a waiting key change with the meter that it was for', async () => {
    const old = await installed();
    const [campaign, change] = [newId(), newId()].map(idToBytes);
    await fresh.admin.transaction(async (tx) => {
      await tx.write(
        `INSERT INTO campaigns (id, name, kind, to_sgc, to_krn, to_ken, to_base_date, selection, definition_hash, state,
           made_by, made_at) VALUES (?, 'c', 'key-revision', '123456', 2, 255, 2014, 's', ?, 'OPEN', 't', NOW(3))`,
        [campaign, Buffer.alloc(32)],
      );
      await tx.write(
        `INSERT INTO key_changes (id, campaign_id, meter_id, from_sgc, from_krn, from_ti, from_kt, from_ken, from_base_date,
           to_sgc, to_krn, to_ti, to_kt, state, created_at)
         SELECT ?, ?, id, sgc, krn, ti, kt, ken, base_date, sgc, 2, ti, kt, 'DUE', NOW(3) FROM meters WHERE pan = ?`,
        [change, campaign, newMeter(old.draft).number.pan],
      );
    });
    await bench.replace(old.meterId, { serial: serial++ });
    expect(await fresh.admin.read('SELECT state, closed_by FROM key_changes')).toEqual([
      { state: 'STALE', closed_by: 'user:selim' },
    ]);
  });
});

describe('at once', () => {
  it('20 recharges and a replacement: each sold by one meter or refused, and the right meter takes the token', async () => {
    const old = await installed();
    const draft = { serial: serial++ };
    const sales = Array.from(
      { length: 20 },
      (_, i) => () =>
        i % 2 ? bench.vending.recharge(payment(old.meterId)) : bench.vending.recharge(counterSale(old.meterId)),
    );
    const [first, second] = [sales.slice(0, 10), sales.slice(10)].map((some) => some.map((sale) => sale()));
    const replacing = bench.replace(old.meterId, draft);
    const outcomes = await Promise.allSettled([...first!, ...second!]);
    const done = await replacing;
    const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
    expect(codes.filter((code) => code !== 'meter-closed')).toEqual([]);
    const meter = virtualMeter(old.draft);
    for (const one of outcomes) {
      if (one.status === 'fulfilled') expect(meter.enter(tokenOf(one.value.record), bench.now).result).toBe('Accept');
    }
    const sold = outcomes.reduce(
      (sum, one) => sum + (one.status === 'fulfilled' ? one.value.record.vend!.energyWh! : 0n),
      0n,
    );
    expect((await stateOf(done.newMeterId)).soldWh).toBe(sold);
    expect((await stateOf(old.meterId)).soldWh).toBe(0n);
  });

  it('two replacements: one meter takes the place, the other stays in the store', async () => {
    const old = await installed();
    const drafts = [{ serial: serial++ }, { serial: serial++ }];
    const outcomes = await Promise.allSettled(drafts.map((draft) => bench.replace(old.meterId, draft)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const active = await fresh.admin.read(
      `SELECT pan FROM meters WHERE connection_id = (SELECT connection_id FROM meters WHERE pan = ?) AND status = 'active'`,
      [newMeter(old.draft).number.pan],
    );
    expect(active).toHaveLength(1);
    expect(await bench.meters.resolve(newMeter(drafts[0]!).number.pan).then((a) => a?.status ?? 'none')).toMatch(
      /active|none/,
    );
  });

  it('20 times the same replacement is one', async () => {
    const old = await installed();
    const draft = { serial: serial++ };
    const key = newId();
    const all = await Promise.all(Array.from({ length: 20 }, () => bench.replace(old.meterId, draft, key)));
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
    const [row] = await fresh.admin.read<{ n: string }>(
      'SELECT COUNT(*) AS n FROM audit_events WHERE action = ? AND subject = ?',
      ['meter-replaced', `meter:${newMeter(old.draft).number.pan}`],
    );
    expect(Number(row!.n)).toBe(1);
  });

  it('20 recharges and a disconnection: none is sold after it', async () => {
    const { meterId, draft } = await installed();
    const command = { ...bench.doing(), meterId };
    const [off, ...outcomes] = await Promise.allSettled([
      bench.supplies.disconnect(command),
      ...Array.from({ length: 20 }, () => bench.vending.recharge(counterSale(meterId))),
    ]);
    expect(off.status).toBe('fulfilled');
    const meter = virtualMeter(draft);
    for (const one of outcomes) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'connection-disconnected' });
      else
        expect(meter.enter(tokenOf((one.value as { record: RechargeRecord }).record), bench.now).result).toBe('Accept');
    }
    await expect(bench.vending.quote(meterId, 50_000n)).rejects.toMatchObject({ code: 'connection-disconnected' });
    await expect(bench.supplies.disconnect({ ...command, key: newId() })).rejects.toMatchObject({
      code: 'connection-not-connected',
    });
    expect((await bench.supplies.disconnect(command)).replayed).toBe(true);
  });
});

describe('an accident on the way', () => {
  it('leaves nothing of a replacement that could not be booked', async () => {
    const old = await installed();
    await bench.vending.recharge(counterSale(old.meterId, { grossPaisa: 77_777n }));
    const before = await stateOf(old.meterId);
    await fresh.admin.read(`DELETE FROM ledger_templates WHERE template = 'meter-move-in'`);
    await expect(bench.replace(old.meterId, { serial: serial++ })).rejects.toMatchObject({
      code: 'ledger-posting-not-in-template',
    });
    await fresh.admin.read(`INSERT INTO ledger_templates VALUES
      ('meter-move-in', 'meter-transfers', 'customer-remainder'), ('meter-move-in', 'customer-arrears', 'meter-transfers')`);
    expect(await stateOf(old.meterId)).toEqual(before);
    expect((await bench.replace(old.meterId, { serial: serial++ })).remainderPaisa).toBe(
      before.remainderPaisa.toString(),
    );
  });
});
