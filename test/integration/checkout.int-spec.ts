/*
 * Proves on a real database that an order becomes one vend, one case or nothing, whatever the gateway says, in whatever
 * order, however many ask at once and wherever a process dies; and that a refund is booked when the gateway says so. The
 * gateway is a script of verdicts; the books' laws hold after each.
 */
import { AutomaticCases, RefundBooking } from '@vend/cases';
import {
  CheckoutService,
  MessageInbox,
  OrderWorker,
  RefundDesk,
  RefundWorker,
  type CheckoutGateway,
  type GatewayClaim,
  type GatewayRefund,
  type GatewayVerdict,
} from '@vend/checkout';
import { idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import { InboxService } from '@vend/payments';
import { OwedPayments } from '@vend/vending';
import { meterNo } from '../builders/meters';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { providerDraft } from '../support/providers';
import { VendingBench } from '../support/vending';

jest.setTimeout(60_000);
const PROVIDER = 'script';
const AMOUNT = 50_000n;
const SECRET = Buffer.alloc(32, 7);

let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 400;
/** What the gateway says; a test's script. */
let verdicts: GatewayVerdict[] = [];
let refundSays: GatewayRefund[] = [];
let refundsAsked: string[] = [];
const last = <T>(script: T[]): T => (script.length > 1 ? script.shift()! : script[0]!);
const gateway: CheckoutGateway = {
  profile: 'sslcommerz-v4',
  start: (order) => Promise.resolve({ payUrl: `https://pay.example/${order.orderNo}`, gatewayRef: order.orderNo }),
  readMessage: ({ rawBody }) => {
    const text = rawBody.toString();
    return text === 'forged' ? { refused: 'signature-wrong' } : { claim: JSON.parse(text) as GatewayClaim };
  },
  settle: () => Promise.resolve(last(verdicts)),
  refund: (_order, _refs, { refundNo }) => {
    refundsAsked.push(refundNo);
    return Promise.resolve(last(refundSays));
  },
  refundStatus: () => Promise.resolve(last(refundSays)),
  close: () => Promise.resolve(),
};
const provider = providerDraft({ code: PROVIDER, profile: 'sslcommerz-v4' });
const gateways = {
  gateway: () => Promise.resolve(gateway),
  offered: () => Promise.resolve([provider]),
  of: () => Promise.resolve({ kind: 'gateway' as const, provider, gateway }),
};
const publicUrl = () => 'https://vend.example';
const now = () => bench.now;

let checkout: CheckoutService;
let orders: OrderWorker;
let inbox: MessageInbox;
beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  const { database } = fresh;
  const { meters, vending } = bench;
  const settings = { publicUrl, orderTtlMs: 1_800_000, ordersPerAddress: 1_000 };
  checkout = new CheckoutService({ database, gateways, meters, vending }, settings, now);
  orders = new OrderWorker({ database, gateways, meters, vending }, { publicUrl, askMs: 15_000 }, now);
  inbox = new MessageInbox(database, gateways, SECRET, now);
}, 60_000);
afterAll(() => fresh?.drop());
beforeEach(() => {
  refundsAsked = [];
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});

let trx = 0;
const paid = (over: Partial<Extract<GatewayVerdict, { kind: 'paid' }>> = {}): GatewayVerdict => ({
  ...{ kind: 'paid', trxId: `BANK${++trx}`, amountPaisa: AMOUNT, paidAt: null },
  ...over,
});

async function begin(over: { key?: Id; address?: string } = {}): Promise<{ orderNo: string; orderId: Id }> {
  const meter = ++serial;
  await bench.put({ serial: meter });
  const { orderNo } = await checkout.start({
    ...{ key: newId(), gateway: PROVIDER, reference: meterNo(meter).pan, amountPaisa: AMOUNT, language: 'bn' },
    ...{ address: '192.0.2.1', ...over },
  });
  const [row] = await fresh.admin.read<{ id: Buffer }>('SELECT id FROM checkout_orders WHERE order_no = ?', [orderNo]);
  return { orderNo, orderId: idFromBytes(row!.id) };
}
const standing = async (orderNo: string) => (await checkout.status(orderNo)).standing;
async function paymentsOf(
  trxId: string,
): Promise<{ state: string; gross: string; refusal_code: string | null; id: Buffer }[]> {
  return fresh.admin.read(
    'SELECT id, state, gross_paisa AS gross, refusal_code FROM recharges WHERE source = ? AND source_ref = ?',
    [`provider:${PROVIDER}`, trxId],
  );
}
async function waits(topic: string, id: Id): Promise<boolean> {
  const rows = await fresh.admin.read('SELECT 1 FROM outbox WHERE topic = ? AND ref_id = ?', [topic, idToBytes(id)]);
  return rows.length > 0;
}
let events = 0;
async function tell(claim: Partial<GatewayClaim>, text?: string): Promise<string> {
  const whole = { eventKey: `E${++events}`, orderNo: null, gatewayRef: null, trxId: null, claims: 'paid', ...claim };
  const rawBody = Buffer.from(text ?? JSON.stringify(whole));
  const receipt = await inbox.receive(PROVIDER, {
    ...{ way: 'notice', query: {}, headers: {}, rawBody, receivedAt: bench.now },
  });
  if (receipt.verdict === 'refused') return receipt.refusal;
  const [row] = await fresh.admin.read<{ ref_id: Buffer }>(
    `SELECT ref_id FROM outbox WHERE topic = 'gateway-message' ORDER BY id DESC LIMIT 1`,
  );
  return row ? inbox.work(idFromBytes(row.ref_id), orders) : 'nothing-waits';
}

it('a payment that the gateway confirms is vended, and the order has nothing left to do', async () => {
  const { orderNo, orderId } = await begin();
  expect(await standing(orderNo)).toBe('STARTED');
  verdicts = [{ kind: 'open' }];
  expect(await orders.work(orderId)).toBe('waiting');
  verdicts = [paid({ trxId: 'VENDED1' })];
  expect(await orders.work(orderId)).toBe('booked');
  expect(await standing(orderNo)).toBe('VENDED');
  expect(await paymentsOf('VENDED1')).toMatchObject([{ state: 'APPLIED', gross: '50000' }]);
  expect(await orders.work(orderId)).toBe('gone');
  expect(await waits('checkout', orderId)).toBe(false);
});

it('twenty workers and tabs at once are one vend', async () => {
  const { orderNo, orderId } = await begin();
  verdicts = [paid({ trxId: 'AT-ONCE' })];
  const turns = await Promise.all(Array.from({ length: 20 }, () => orders.work(orderId)));
  expect(turns.every((turn) => turn === 'booked' || turn === 'gone')).toBe(true);
  expect(await paymentsOf('AT-ONCE')).toHaveLength(1);
  expect(await standing(orderNo)).toBe('VENDED');
});

it('failed, cancelled and expired become paid later; paid becomes nothing else', async () => {
  const ends: readonly (readonly [GatewayVerdict, string])[] = [
    [{ kind: 'failed', reason: 'declined' }, 'FAILED'],
    [{ kind: 'failed', reason: 'cancelled' }, 'CANCELLED'],
    [{ kind: 'expired' }, 'EXPIRED'],
  ];
  for (const [verdict, state] of ends) {
    const { orderNo, orderId } = await begin();
    verdicts = [verdict];
    await orders.work(orderId);
    expect(await standing(orderNo)).toBe(state);
    verdicts = [paid()];
    expect(await tell({ orderNo })).toBe('order-woken');
    await orders.work(orderId);
    expect(await standing(orderNo)).toBe('VENDED');
    verdicts = [verdict];
    expect(await tell({ orderNo, claims: 'failed' })).toBe('repeated');
    await orders.work(orderId);
    expect(await standing(orderNo)).toBe('VENDED');
  }
});

it('what the gateway does not say stays unknown, is asked again, and a day later too', async () => {
  const { orderNo, orderId } = await begin();
  verdicts = [{ kind: 'unknown', reason: 'gateway-timeout' }];
  expect(await orders.work(orderId)).toBe('unknown');
  bench.now += 27 * 3_600_000;
  expect(await orders.work(orderId)).toBe('unknown');
  expect([await standing(orderNo), await waits('checkout', orderId)]).toEqual(['STARTED', true]);
  verdicts = [paid()];
  expect(await orders.work(orderId)).toBe('booked');
  expect(await standing(orderNo)).toBe('VENDED');
});

it('less than was asked, and what is risky, is kept for a person and not vended; more is vended whole', async () => {
  const [less, risky, more] = [await begin(), await begin(), await begin()];
  verdicts = [paid({ trxId: 'LESS1', amountPaisa: 20_000n })];
  await orders.work(less.orderId);
  verdicts = [{ kind: 'held', trxId: 'RISKY1', amountPaisa: AMOUNT, reason: 'risk-level-1' }];
  await orders.work(risky.orderId);
  verdicts = [paid({ trxId: 'MORE1', amountPaisa: 60_000n })];
  await orders.work(more.orderId);
  expect(await paymentsOf('LESS1')).toMatchObject([
    { state: 'REFUND_DUE', gross: '20000', refusal_code: 'checkout-amount-less' },
  ]);
  expect(await paymentsOf('RISKY1')).toMatchObject([{ state: 'REFUND_DUE', refusal_code: 'checkout-held' }]);
  expect(await paymentsOf('MORE1')).toMatchObject([{ state: 'APPLIED', gross: '60000' }]);
  const standings = await Promise.all([less, risky, more].map(({ orderNo }) => standing(orderNo)));
  expect(standings).toEqual(['REFUND_DUE', 'HELD', 'VENDED']);
  // Each of the two has woken the worker to open a case.
  for (const name of ['LESS1', 'RISKY1']) {
    const [{ id } = { id: Buffer.alloc(16) }] = await paymentsOf(name);
    expect(await waits('case', idFromBytes(id))).toBe(true);
  }
});

it('money paid a second time for one order is kept apart, and never vended by itself', async () => {
  const { orderNo, orderId } = await begin();
  verdicts = [paid({ trxId: 'FIRST1' })];
  await orders.work(orderId);
  verdicts = [paid({ trxId: 'SECOND1' })];
  expect(await tell({ orderNo, trxId: 'SECOND1' })).toBe('paid-twice');
  expect(await paymentsOf('SECOND1')).toMatchObject([{ state: 'REFUND_DUE', refusal_code: 'checkout-paid-twice' }]);
  verdicts = [paid({ trxId: 'FIRST1' })];
  expect(await tell({ orderNo, trxId: 'THIRD1' })).toBe('repeated');
  expect(await paymentsOf('THIRD1')).toEqual([]);
});

it('one transaction of the gateway pays one order', async () => {
  const [one, other] = [await begin(), await begin()];
  verdicts = [paid({ trxId: 'SHARED1' })];
  await orders.work(one.orderId);
  await orders.work(other.orderId);
  expect([await standing(one.orderNo), await standing(other.orderNo)]).toEqual(['VENDED', 'FAILED']);
  expect(await paymentsOf('SHARED1')).toHaveLength(1);
});

it('a death after the verdict, or after the vend, is gone on from', async () => {
  const { orderNo, orderId } = await begin();
  const { database } = fresh;
  const dying = (when: 'before' | 'after') =>
    new OrderWorker(
      {
        ...{ database, gateways, meters: bench.meters },
        vending: {
          findByKey: (source, ref) => bench.vending.findByKey(source, ref),
          recharge: async (command) => {
            if (when === 'after') await bench.vending.recharge(command);
            throw new Error('died');
          },
        },
      },
      { publicUrl, askMs: 15_000 },
      now,
    );
  verdicts = [paid({ trxId: 'DEATH1' })];
  await expect(dying('before').work(orderId)).rejects.toThrow('died');
  expect([await standing(orderNo), await waits('checkout', orderId)]).toEqual(['PAID', true]);
  // Whatever the gateway says from here on is not asked for.
  verdicts = [{ kind: 'failed', reason: 'declined' }];
  await expect(dying('after').work(orderId)).rejects.toThrow('died');
  expect(await orders.work(orderId)).toBe('booked');
  expect(await paymentsOf('DEATH1')).toHaveLength(1);
  expect(await standing(orderNo)).toBe('VENDED');
});

it('while no token can be made the payment waits, and the payer is told that it came', async () => {
  const { orderNo, orderId } = await begin();
  bench.issuer.down = true;
  verdicts = [paid({ trxId: 'PENDING1' })];
  await orders.work(orderId);
  expect(await standing(orderNo)).toBe('PAID');
  bench.issuer.down = false;
  const [{ id } = { id: Buffer.alloc(16) }] = await paymentsOf('PENDING1');
  await bench.vending.complete(idFromBytes(id));
  expect(await standing(orderNo)).toBe('VENDED');
});

it('twenty copies of a message are one, and refused ones are kept with their verdict and do nothing', async () => {
  const { orderNo } = await begin();
  const whole = { eventKey: 'SAME', orderNo, gatewayRef: null, trxId: null, claims: 'paid' };
  const rawBody = Buffer.from(JSON.stringify(whole));
  const message = { way: 'notice' as const, query: {}, headers: {}, rawBody, receivedAt: bench.now };
  const receipts = await Promise.all(Array.from({ length: 20 }, () => inbox.receive(PROVIDER, message)));
  expect(receipts.filter((each) => each.verdict === 'accepted' && !each.duplicate)).toHaveLength(1);
  expect(await tell({}, 'forged')).toBe('signature-wrong');
  const [kept] = await fresh.admin.read<{ n: string }>(
    `SELECT COUNT(*) AS n FROM gateway_messages WHERE verdict = 'REFUSED' AND refusal = 'signature-wrong'`,
  );
  expect(kept).toEqual({ n: '1' });
  const [bytes] = await fresh.admin.read<{ raw_sealed: Buffer }>('SELECT raw_sealed FROM gateway_messages LIMIT 1');
  expect(bytes!.raw_sealed.includes(Buffer.from('claims'))).toBe(false);
});

it('no more refused messages are kept in an hour than would be looked at', async () => {
  const message = (n: number) => ({
    ...{ way: 'notice' as const, query: {}, headers: {}, rawBody: Buffer.from('forged'), receivedAt: bench.now + n },
  });
  for (let n = 0; n < 60; n++) await Promise.all(Array.from({ length: 10 }, () => inbox.receive(PROVIDER, message(n))));
  const [row] = await fresh.admin.read<{ n: string }>(
    `SELECT COUNT(*) AS n FROM gateway_messages WHERE verdict = 'REFUSED'`,
  );
  expect(Number(row!.n)).toBeGreaterThanOrEqual(500);
  // Those of one instant may look before each other's row is there.
  expect(Number(row!.n)).toBeLessThan(520);
});

it('the same key is the same order, and another content is refused', async () => {
  const key = newId();
  const { orderNo } = await begin({ key });
  const asked = {
    key,
    gateway: PROVIDER,
    reference: meterNo(serial).pan,
    language: 'bn' as const,
    address: '192.0.2.1',
  };
  const again = await Promise.all([1, 2, 3].map(() => checkout.start({ ...asked, amountPaisa: AMOUNT })));
  expect(again.every((each) => each.orderNo === orderNo && each.replayed)).toBe(true);
  await expect(checkout.start({ ...asked, amountPaisa: 1n })).rejects.toMatchObject({ code: 'order-key-conflict' });
});

describe('a refund by the gateway', () => {
  const booking = () =>
    new RefundBooking(
      { database: fresh.database, vending: bench.vending, ledger: bench.ledger, owed: new OwedPayments(bench.ledger) },
      now,
    );
  const worker = () =>
    new RefundWorker({ database: fresh.database, gateways, booking: booking() }, { publicUrl, askMs: 1_000 }, now);

  /** A payment that is owed, its case, and a refund asked for with two people's word. */
  async function asked(trxId: string): Promise<{ refundId: Id; orderNo: string; rechargeId: Id }> {
    const { orderNo, orderId } = await begin();
    verdicts = [{ kind: 'held', trxId, amountPaisa: AMOUNT, reason: 'risk-level-1' }];
    await orders.work(orderId);
    const rechargeId = idFromBytes((await paymentsOf(trxId))[0]!.id);
    await new AutomaticCases(fresh.database, new InboxService(fresh.database), bench.vending, now).handle(rechargeId);
    const [row] = await fresh.admin.read<{ id: Buffer }>('SELECT id FROM cases WHERE recharge_id = ?', [
      idToBytes(rechargeId),
    ]);
    const refundId = newId();
    await fresh.database.transaction((tx) =>
      new RefundDesk(fresh.database).ask(tx, {
        ...{ key: refundId, rechargeId, caseId: idFromBytes(row!.id), approvalId: newId(), amountPaisa: AMOUNT },
        ...{ reference: 'PAPER-1', reason: 'stolen card', by: 'user:accounts', at: bench.now },
      }),
    );
    return { refundId, orderNo, rechargeId };
  }

  it('is booked when the gateway says that it is done, once, and asked about until then with one number', async () => {
    const { refundId, orderNo } = await asked('REFUND1');
    refundSays = [
      { kind: 'unknown', reason: 'gateway-timeout' },
      { kind: 'unknown', reason: 'gateway-timeout' },
      { kind: 'processing', refundRef: 'R-1' },
      { kind: 'processing', refundRef: 'R-1' },
      { kind: 'refunded', refundRef: 'R-1' },
    ];
    const seen: string[] = [];
    while (seen.at(-1) !== 'refunded' && seen.length < 10) {
      seen.push(await worker().work(refundId));
      expect(await standing(orderNo)).toBe(seen.at(-1) === 'refunded' ? 'REFUNDED' : 'HELD');
    }
    expect(seen.at(-1)).toBe('refunded');
    expect(new Set(refundsAsked).size).toBe(1);
    expect(await Promise.all([worker().work(refundId), worker().work(refundId)])).toEqual(['gone', 'gone']);
  });

  it('by ten workers at once is one entry', async () => {
    const { refundId, orderNo } = await asked('REFUND2');
    refundSays = [{ kind: 'refunded', refundRef: 'R-2' }];
    const turns = await Promise.all(Array.from({ length: 10 }, () => worker().work(refundId)));
    expect(turns).toContain('refunded');
    expect(await standing(orderNo)).toBe('REFUNDED');
  });

  it('is refused: the payment is owed as before, and may be asked for again', async () => {
    const { refundId, orderNo, rechargeId } = await asked('REFUND3');
    refundSays = [{ kind: 'refused', reason: 'refund-refused' }];
    expect(await worker().work(refundId)).toBe('refused');
    expect(await standing(orderNo)).toBe('HELD');
    await fresh.database.transaction(async (tx) => {
      expect(await new RefundDesk(fresh.database).underWay(tx, rechargeId)).toBe(false);
    });
  });

  it('of what was vended is refused: its token is out', async () => {
    const { orderId } = await begin();
    verdicts = [paid({ trxId: 'TOKEN-OUT' })];
    await orders.work(orderId);
    const rechargeId = idFromBytes((await paymentsOf('TOKEN-OUT'))[0]!.id);
    const refund = fresh.database.transaction((tx) =>
      new RefundDesk(fresh.database).ask(tx, {
        ...{ key: newId(), rechargeId, caseId: newId(), approvalId: newId(), amountPaisa: AMOUNT },
        ...{ reference: 'PAPER-2', reason: 'wants it back', by: 'user:accounts', at: bench.now },
      }),
    );
    await expect(refund).rejects.toMatchObject({ code: 'payment-not-owed' });
  });
});
