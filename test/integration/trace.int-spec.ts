/*
 * Proves that the trace answers the complaints of customers: each is played end to end on a real database with real
 * tokens, virtual meters, receipts and loads, and the finding that is named first is the one that helps.
 */
import { CASE_NAMES } from '@vend/cases';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { newId, type Id } from '@vend/kernel';
import { placeMeter, RemoteLoads, upsertHeadEnd } from '@vend/meterlink';
import { confirmKeyChanges, findKeyChangeOfVend } from '@vend/meters';
import { PriceBooks } from '@vend/pricebook';
import { Trace, type TraceAnswer, type TraceQuestion } from '@vend/reports';
import { SmsHttpV3Gateway } from '@vend/sms';
import type { StsMeter } from '@vend/sts';
import { MeterDues, VendCancellation, type RechargeRecord } from '@vend/vending';
import { ReceiptHandler } from '../../apps/worker/receipts/receipt.handler';
import { meterNo } from '../builders/meters';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { leaveKeyChangeDue } from '../support/key-change-due';
import { counterSale, payment, VendingBench, virtualMeter, type MeterDraft } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let trace: Trace;
let aggregator: Server;
let smsAnswer: 'accept' | 'refuse' | 'fail' = 'accept';
let gateway: SmsHttpV3Gateway;
let serial = 660_000;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  trace = new Trace(fresh.database, CASE_NAMES, () => bench.now);
  aggregator = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = JSON.parse(Buffer.concat(chunks).toString()) as { sms: { csms_id: string }[] };
      const row = { accept: ['SUCCESS', 200], refuse: ['FAILED', 4026], fail: ['FAILED', 5000] }[smsAnswer];
      const smsinfo = call.sms.map(({ csms_id }) => ({
        ...{ sms_status: row[0], status_code: row[1], status_message: 'said', csms_id, reference_id: 'ref-1' },
      }));
      response.end(JSON.stringify({ status: 'SUCCESS', status_code: 200, error_message: '', smsinfo }));
    });
  });
  await new Promise<void>((resolve) => aggregator.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(aggregator.address() as AddressInfo).port}`;
  gateway = new SmsHttpV3Gateway({ baseUrl, apiToken: 'an-invented-token', sid: 'NESCO' });
  await fresh.database.transaction((tx) =>
    upsertHeadEnd(
      tx,
      Buffer.alloc(32, 7),
      { code: 'trace-hes', name: 'Test', url: 'http://127.0.0.1:9', keyId: 'k', secret: Buffer.alloc(32, 1) },
      new Date(),
    ),
  );
}, 60_000);
afterEach(async () => {
  bench.issuer.down = false;
  smsAnswer = 'accept';
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(async () => {
  await gateway?.close();
  aggregator?.closeAllConnections();
  await new Promise((resolve) => aggregator?.close(resolve));
  await fresh?.drop();
});

interface Household {
  readonly pan: string;
  readonly meterId: Id;
  readonly office: string;
  readonly meter: StsMeter;
  readonly customerNo: string;
  readonly mobile: string;
}
async function household(over: Partial<MeterDraft> = {}): Promise<Household> {
  const draft = { serial: ++serial, office: `Trace office ${serial}`, ...over };
  const [meterId] = await bench.install(draft);
  const { pan } = meterNo(draft.serial);
  const card = (await bench.meters.find('meter-no', pan))[0]!;
  const mobile = `88017${String(serial).padStart(8, '0')}`;
  await fresh.admin.read('UPDATE customers SET mobile = ? WHERE customer_no = ?', [mobile, card.customerNo]);
  return {
    pan,
    meterId: meterId!,
    office: draft.office,
    meter: virtualMeter(draft),
    customerNo: card.customerNo,
    mobile,
  };
}
async function sell({ meterId }: Household, grossPaisa = 50_000n): Promise<RechargeRecord> {
  bench.now += 60_000;
  return (await bench.vending.recharge(counterSale(meterId, { grossPaisa }))).record;
}
const digitsOf = ({ vend }: RechargeRecord): string[] => vend!.tokens.map(({ digits }) => digits);
const lastOf = (sold: RechargeRecord): string => digitsOf(sold).at(-1)!;
const type = (home: Household, digits: string): string => home.meter.enter(digits, bench.now).result;
const ask = (question: Partial<TraceQuestion>): Promise<TraceAnswer> =>
  trace.ask({ limit: 10, offices: 'all', ...question });
const first = async (question: Partial<TraceQuestion>) => {
  const [finding] = (await ask(question)).findings;
  return [finding?.code, finding?.rechargeId];
};
const sendReceipt = ({ vend }: RechargeRecord): Promise<void> =>
  new ReceiptHandler(fresh.database, bench.vending, gateway, pino({ level: 'silent' })).handle([vend!.vendId]);

describe('"I paid, where is my token?"', () => {
  it('the payment is pending: the token server was away', async () => {
    const home = await household();
    bench.issuer.down = true;
    const { record } = await bench.vending.recharge(payment(home.meterId, { sourceRef: 'TRX-PENDING' }));
    await addPartner('demo-a');
    for (const question of [{ transactionId: 'TRX-PENDING' }, { meter: home.pan }, { phone: home.mobile }]) {
      expect(await first(question)).toEqual(['payment-pending', record.rechargeId]);
    }
    bench.issuer.down = false;
    await bench.vending.complete(record.rechargeId);
    expect(await first({ transactionId: 'TRX-PENDING' })).toEqual(['sms-waiting', record.rechargeId]);
  });

  it('the money came for a meter that nobody knows', async () => {
    await addPartner('demo-a');
    const { record } = await bench.vending.recharge(
      payment(newId(), {
        ...{ meterId: null, unresolvedCode: 'meter-not-found', keepWhenRefused: true, sourceRef: 'TRX-NOWHERE' },
        channel: 'callback',
      }),
    );
    expect(await first({ transactionId: 'TRX-NOWHERE' })).toEqual(['refund-due-unknown-meter', record.rechargeId]);
  });

  it('the money was below what the meter needs', async () => {
    const home = await household();
    await addPartner('demo-a');
    const { record } = await bench.vending.recharge(
      payment(home.meterId, { grossPaisa: 100n, keepWhenRefused: true, sourceRef: 'TRX-SMALL', channel: 'callback' }),
    );
    const answer = await ask({ transactionId: 'TRX-SMALL' });
    expect(answer.findings[0]).toMatchObject({
      ...{
        code: 'refund-due',
        rechargeId: record.rechargeId,
        facts: { taka: '1.00', reason: 'below-minimum-recharge' },
      },
    });
  });

  it('nobody has heard of this payment', async () => {
    expect(await first({ transactionId: 'TRX-NEVER' })).toEqual(['payment-unknown', null]);
  });

  it.each([
    ['accept', 'sms-sent'],
    ['refuse', 'sms-failed'],
    ['fail', 'sms-waiting'],
  ] as const)('the gateway answers %s: %s', async (answer, code) => {
    const home = await household();
    const sold = await sell(home);
    smsAnswer = answer;
    await sendReceipt(sold);
    expect(await first({ meter: home.pan })).toEqual([code, sold.rechargeId]);
    expect(await first({ receiptNo: sold.vend!.receiptNo })).toEqual([code, sold.rechargeId]);
  });

  it('the customer has no phone here', async () => {
    const home = await household();
    await fresh.admin.read('UPDATE customers SET mobile = NULL WHERE customer_no = ?', [home.customerNo]);
    const sold = await sell(home);
    expect(await first({ meter: home.customerNo })).toEqual(['sms-no-phone', sold.rechargeId]);
    await sendReceipt(sold);
    expect(await first({ meter: home.customerNo })).toEqual(['sms-no-phone', sold.rechargeId]);
  });

  it('a meter without a recharge, and no such meter', async () => {
    expect(await first({ meter: (await household()).pan })).toEqual(['no-recharge', null]);
    expect(await first({ meter: '600727000000000009' })).toEqual(['meter-unknown', null]);
    expect(await first({ phone: '8801999999999' })).toEqual(['meter-unknown', null]);
    expect(await first({ receiptNo: '1' })).toEqual(['receipt-unknown', null]);
  });
});

describe('"the meter refuses my token"', () => {
  it('the key change of an earlier vend was skipped; entered and confirmed, nothing is wrong any more', async () => {
    const home = await household();
    await leaveKeyChangeDue(bench, home.office);
    const carrier = await sell(home);
    const sold = await sell(home);
    expect(carrier.vend!.tokens.map(({ kind }) => kind)).toEqual(['key-change', 'key-change', 'credit']);
    expect(type(home, lastOf(sold))).not.toBe('Accept');
    const answer = await ask({ meter: home.pan, token: lastOf(sold) });
    expect(answer.findings[0]).toMatchObject({
      ...{ code: 'key-change-missing', rechargeId: carrier.rechargeId },
      facts: { receiptNo: carrier.vend!.receiptNo, count: 2 },
    });
    expect([...digitsOf(carrier), lastOf(sold)].map((digits) => type(home, digits))).toEqual([
      ...['1stKCT', 'Accept', 'Accept', 'Accept'],
    ]);
    const { changeId } = (await findKeyChangeOfVend(fresh.database, carrier.vend!.vendId))!;
    await confirmKeyChanges(fresh.database, [changeId], 'user:rahima', bench.now);
    expect(await first({ meter: home.pan, token: lastOf(sold) })).toEqual(['token-should-work', sold.rechargeId]);
  });

  it('the tokens of one receipt were typed in the wrong order', async () => {
    const home = await household();
    await leaveKeyChangeDue(bench, home.office);
    const sold = await sell(home);
    expect(type(home, lastOf(sold))).not.toBe('Accept');
    const answer = await ask({ token: lastOf(sold) });
    expect(answer.findings[0]).toMatchObject({
      ...{ code: 'sequence-left-off', rechargeId: sold.rechargeId, facts: { sequence: 3, of: 3 } },
    });
    expect(answer.findings[1]).toMatchObject({ code: 'key-change-missing' });
  });

  it('it is the token of another meter', async () => {
    const [home, neighbour] = [await household(), await household()];
    const sold = await sell(neighbour);
    await sell(home);
    expect(type(home, lastOf(sold))).not.toBe('Accept');
    const answer = await ask({ meter: home.pan, token: lastOf(sold) });
    expect(answer.findings[0]).toMatchObject({
      ...{ code: 'token-of-another-meter', facts: { otherMeter: neighbour.pan, meter: home.pan } },
    });
  });

  it('its vend was cancelled', async () => {
    const home = await household();
    const sold = await sell(home);
    await new VendCancellation(fresh.database, bench.ledger, new PriceBooks(fresh.database), () => bench.now).cancel({
      ...{ rechargeId: sold.rechargeId, actor: 'user:selim', reason: 'wrong meter, token unread' },
    });
    expect(await first({ token: lastOf(sold) })).toEqual(['token-cancelled', sold.rechargeId]);
    expect(await first({ meter: home.pan })).toEqual(['token-cancelled', sold.rechargeId]);
  });

  it('it was loaded over the air before', async () => {
    const home = await household();
    await fresh.database.transaction((tx) => placeMeter(tx, home.pan, 'trace-hes'));
    const sold = await sell(home);
    expect(await first({ token: lastOf(sold), complaint: 'not-received' })).toEqual(['sms-waiting', sold.rechargeId]);
    expect((await ask({ token: lastOf(sold) })).findings.map(({ code }) => code)).toContain('load-waiting');
    const { load } = (await ask({ token: lastOf(sold) })).focus!.vend!;
    const loads = new RemoteLoads(fresh.database, () => Promise.resolve(undefined), { answerMs: 1, giveUpMs: 1 });
    await fresh.database.transaction((tx) =>
      loads.hear(tx, 'trace-hes', {
        ...{ eventId: 'E', loadId: load!.loadId, round: 1, word: 'loaded', reason: null },
      }),
    );
    // The head-end typed it for the customer.
    expect([type(home, lastOf(sold)), type(home, lastOf(sold))]).toEqual(['Accept', 'Used']);
    expect(await first({ token: lastOf(sold) })).toEqual(['token-loaded', sold.rechargeId]);
  });

  it('fifty later tokens have pushed it out of the meter’s memory', async () => {
    const home = await household();
    const old = await sell(home);
    for (let n = 0; n < 50; n++) {
      if (n === 49) expect(await first({ token: lastOf(old) })).toEqual(['token-not-last', old.rechargeId]);
      expect(type(home, lastOf(await sell(home)))).toBe('Accept');
    }
    expect(type(home, lastOf(old))).toBe('Old');
    expect(await first({ token: lastOf(old) })).toEqual(['token-too-old', old.rechargeId]);
  }, 120_000);

  it('these digits are no token of ours', async () => {
    const home = await household();
    await sell(home);
    expect(await first({ meter: home.pan, token: '12345678901234567890' })).toEqual(['token-unknown', null]);
  });
});

describe('"the bill still shows due"', () => {
  it('arrears are left, and the last recharge paid some', async () => {
    const home = await household();
    const dues = new MeterDues(fresh.database, bench.ledger, () => bench.now);
    const plan = { kind: 'percent', percentBp: 2_000n, floorPaisa: 0n, ceilingPaisa: null, capBp: 5_000n } as const;
    await dues.importArrears({ businessId: newId(), meterId: home.meterId, amountPaisa: 500_000n, plan });
    const sold = await sell(home, 100_000n);
    const paid = sold.vend!.amounts.arrearsPaisa;
    const answer = await ask({ meter: home.pan, complaint: 'bill-due' });
    expect(answer.findings[0]).toMatchObject({ code: 'arrears-left', rechargeId: sold.rechargeId });
    expect(answer.meters[0]!.arrearsPaisa).toBe(500_000n - paid);
    expect(answer.findings.map(({ code }) => code)).toContain('charges-taken');
  });

  it('nothing is due', async () => {
    const home = await household();
    await sell(home);
    expect((await first({ meter: home.pan, complaint: 'bill-due' }))[0]).toBe('nothing-due');
  });

  it('months of fixed charges wait for the next recharge', async () => {
    const home = await household();
    await sell(home);
    await fresh.admin.read('UPDATE meter_states SET charged_through = 202608 WHERE meter_id = UNHEX(?)', [
      home.meterId.replaceAll('-', ''),
    ]);
    const { findings } = await ask({ meter: home.pan, complaint: 'bill-due' });
    expect(findings[0]).toMatchObject({ code: 'months-due', facts: { count: 3, months: '2026-09, 2026-10, 2026-11' } });
    await fresh.admin.read('UPDATE meter_states SET charged_through = 202611 WHERE meter_id = UNHEX(?)', [
      home.meterId.replaceAll('-', ''),
    ]);
  });
});

describe('who sees what', () => {
  it('shows a customer of another office neither by number, nor by phone, token, receipt or payment', async () => {
    const home = await household();
    const sold = await sell(home);
    const offices = ['Another office'];
    for (const question of [
      { meter: home.pan },
      { phone: home.mobile },
      { token: lastOf(sold) },
      { receiptNo: sold.vend!.receiptNo },
      { transactionId: sold.rechargeId },
    ]) {
      const answer = await ask({ ...question, offices });
      expect([answer.meters, answer.events]).toEqual([[], []]);
      expect(answer.findings[0]!.code).toMatch(/-unknown$/);
      expect((await ask({ ...question, offices: [home.office] })).events).toHaveLength(1);
    }
  });

  it('gives the last events, the newest first, no more than asked, and the one that was asked about', async () => {
    const home = await household();
    const sold: RechargeRecord[] = [];
    for (let n = 0; n < 5; n++) sold.push(await sell(home));
    const ids = async (question: Partial<TraceQuestion>) =>
      (await ask(question)).events.map(({ rechargeId }) => rechargeId);
    const newest = sold.map(({ rechargeId }) => rechargeId).reverse();
    expect(await ids({ meter: home.pan, limit: 3 })).toEqual(newest.slice(0, 3));
    expect(await ids({ receiptNo: sold[0]!.vend!.receiptNo, limit: 2 })).toEqual([newest[0], newest[1], newest[4]]);
  });
});

const addPartner = (code: string) =>
  fresh.admin.read(
    `INSERT IGNORE INTO partners (id, code, name, kind, key_id, secret_sealed, created_at)
     VALUES (UNHEX(?), ?, 'Demo', 'mobile-money', ?, '', NOW(3))`,
    [newId().replaceAll('-', ''), code, `key-${code}`],
  );
