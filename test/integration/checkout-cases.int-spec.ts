/*
 * Proves on a real database what becomes of a checkout's money that needs a person: held by the gateway's risk check and
 * released or refused, without an order that we know, and given back by the gateway, once and only when it says so. The
 * gateway is a script of verdicts; the books' laws hold after each.
 */
import { RefundBooking } from '@vend/cases';
import { RefundDesk, RefundWorker, type GatewayVerdict } from '@vend/checkout';
import { DomainError, idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import type { SessionUser } from '@vend/identity';
import { OwedPayments } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { ORDER_PAISA, ScriptedCheckout } from '../support/scripted-checkout';
import { VendingBench } from '../support/vending';

jest.setTimeout(60_000);
let fresh: FreshDatabase;
let bench: VendingBench;
let script: ScriptedCheckout;
beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  script = new ScriptedCheckout(bench);
}, 60_000);
afterAll(() => fresh?.drop());
beforeEach(() => {
  script.refundsAsked = [];
});
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});

describe('a payment that the gateway holds for its risk', () => {
  const agent: SessionUser = {
    ...{ userId: newId(), username: 'accounts', name: 'Accounts', role: 'accounts', station: 'HQ-01' },
  };
  const reader = { user: agent, offices: 'all' as const };

  /** A person gives it to the meter that the payer named. */
  async function release(rechargeId: Id, pan: string, key = newId()) {
    const { caseNo } = await script.caseOf(rechargeId);
    const meter = await bench.meters.resolve(pan);
    return script.moneyWays().apply(reader, {
      ...{ key, number: caseNo, reason: 'the bank says that the card is the payer’s own' },
      meter: { meterId: meter!.meterId, pan },
    });
  }

  it('is owed and a case, waits whatever the gateway says later, and is vended once when a person releases it', async () => {
    const { orderNo, orderId, pan, rechargeId } = await script.heldPayment('RELEASED1');
    expect(await script.standing(orderNo)).toBe('HELD');
    expect(await script.paymentsOf('RELEASED1')).toMatchObject([
      { state: 'REFUND_DUE', refusal_code: 'checkout-held' },
    ]);
    // The gateway has thought better of it, or worse: neither vends, and neither loses the money.
    for (const [claims, verdict] of [
      ['paid', script.paid({ trxId: 'RELEASED1' })],
      ['failed', { kind: 'failed', reason: 'declined' }],
    ] as const) {
      script.verdicts = [verdict];
      expect(await script.tell({ orderNo, claims, trxId: 'RELEASED1' })).toBe('repeated');
      expect(await script.orders.work(orderId)).toBe('gone');
      expect(await script.standing(orderNo)).toBe('HELD');
    }
    const key = newId();
    const answers = await Promise.all(
      [1, 2, 3].map(() => release(rechargeId, pan, key).catch((error: unknown) => error)),
    );
    for (const answer of answers) {
      // One of the three may come while another has the payment in hand; it is told so, and repeats.
      if (answer instanceof DomainError) expect(answer.code).toMatch(/^(?:payment-not-owed|case-changed)$/);
    }
    expect(await release(rechargeId, pan, key)).toMatchObject({ state: 'done', replayed: true });
    const [row] = await script.paymentsOf('RELEASED1');
    expect(row).toMatchObject({ state: 'APPLIED', gross: String(ORDER_PAISA) });
    expect((await bench.vending.find(rechargeId))!.vend!.tokens.length).toBeGreaterThan(0);
    expect(await script.waits('receipt', (await bench.vending.find(rechargeId))!.vend!.vendId)).toBe(true);
    expect(await script.standing(orderNo)).toBe('VENDED');
  });

  it('stays vended when it was paid first and the warning comes after', async () => {
    const { orderNo, orderId } = await script.begin();
    script.verdicts = [script.paid({ trxId: 'LATEWARNING1' })];
    await script.orders.work(orderId);
    script.verdicts = [script.held('LATEWARNING1')];
    expect(await script.tell({ orderNo, trxId: 'LATEWARNING1' })).toBe('repeated');
    expect(await script.orders.work(orderId)).toBe('gone');
    expect(await script.standing(orderNo)).toBe('VENDED');
    expect(await script.paymentsOf('LATEWARNING1')).toMatchObject([{ state: 'APPLIED', refusal_code: null }]);
  });

  it('refused by a person goes back by the gateway, and cannot be released any more', async () => {
    const { orderNo, pan, rechargeId } = await script.heldPayment('REFUSED1');
    const { caseId } = await script.caseOf(rechargeId);
    const refundId = await askBack(rechargeId, caseId);
    // From here on it can go no other way, until the gateway has said what became of it.
    await expect(release(rechargeId, pan)).rejects.toMatchObject({ name: 'DomainError' });
    script.refundSays = [{ kind: 'refunded', refundRef: 'R-BACK' }];
    expect(await refunder().work(refundId)).toBe('refunded');
    expect(await script.standing(orderNo)).toBe('REFUNDED');
    await expect(release(rechargeId, pan)).rejects.toMatchObject({ name: 'DomainError' });
    script.verdicts = [script.paid({ trxId: 'REFUSED1' })];
    expect(await script.tell({ orderNo, trxId: 'REFUSED1' })).toBe('repeated');
    expect(await script.standing(orderNo)).toBe('REFUNDED');
  });
});

describe('a message about an order that nobody here knows', () => {
  const UNKNOWN = { gatewayRef: null, claims: 'paid' } as const;
  const outcomeOf = async (orderNo: string) => {
    const rows = await fresh.admin.read<{ state: string; outcome: string | null }>(
      'SELECT state, outcome FROM gateway_messages WHERE order_no = ?',
      [orderNo],
    );
    return rows;
  };

  it('is money without an order when the gateway has taken it: owed back, once, with a case', async () => {
    script.verdicts = [script.paid({ trxId: 'LOST1' })];
    expect(await script.tell({ ...UNKNOWN, orderNo: 'VNOBODYS1', trxId: 'LOST1' })).toBe('money-without-order');
    expect(await script.tell({ ...UNKNOWN, orderNo: 'VNOBODYS1', trxId: 'LOST1' })).toBe('known');
    expect(await script.paymentsOf('LOST1')).toMatchObject([
      { state: 'REFUND_DUE', gross: String(ORDER_PAISA), refusal_code: 'money-without-order' },
    ]);
    const rechargeId = await script.paymentId('LOST1');
    expect(await script.waits('case', rechargeId)).toBe(true);
    expect(await script.caseOf(rechargeId)).toMatchObject({ caseNo: expect.stringMatching(/^C-/) as string });
  });

  it('by ten workers at once is one payment; one that is held is kept just so', async () => {
    script.verdicts = [script.held('LOST2')];
    const claim = { eventKey: 'X', ...UNKNOWN, orderNo: 'VNOBODYS2', trxId: 'LOST2' };
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => script.orders.withoutOrder('script', claim).catch((error: unknown) => error)),
    );
    expect(outcomes).toContain('money-without-order');
    expect(await script.paymentsOf('LOST2')).toMatchObject([{ state: 'REFUND_DUE' }]);
  });

  it('stays a kept message when nothing was taken, and is asked about again while the gateway does not say', async () => {
    const nothing: readonly GatewayVerdict[] = [
      { kind: 'open' },
      { kind: 'failed', reason: 'declined' },
      { kind: 'expired' },
      { kind: 'refunded', trxId: 'GONEBACK' },
    ];
    for (const [n, verdict] of nothing.entries()) {
      script.verdicts = [verdict];
      expect(await script.tell({ ...UNKNOWN, orderNo: `VNOTHING${n}` })).toBe('order-unknown');
      expect(await outcomeOf(`VNOTHING${n}`)).toEqual([{ state: 'DONE', outcome: 'order-unknown' }]);
    }
    script.verdicts = [{ kind: 'unknown', reason: 'gateway-timeout' }];
    expect(await script.tell({ ...UNKNOWN, orderNo: 'VSILENT1' })).toBe('again');
    const messageId = (await script.waitingMessage())!;
    bench.now += 60_000;
    expect(await script.inbox.work(messageId, script.orders)).toBe('again');
    expect(await outcomeOf('VSILENT1')).toEqual([{ state: 'RECEIVED', outcome: null }]);
    script.verdicts = [script.paid({ trxId: 'LOST3' })];
    expect(await script.inbox.work(messageId, script.orders)).toBe('money-without-order');
    expect(await script.paymentsOf('LOST3')).toHaveLength(1);
  });

  it('of which the gateway never says anything ends after three days, with that verdict', async () => {
    script.verdicts = [{ kind: 'unknown', reason: 'gateway-timeout' }];
    expect(await script.tell({ ...UNKNOWN, orderNo: 'VNEVER1' })).toBe('again');
    const messageId = (await script.waitingMessage())!;
    bench.now += 73 * 3_600_000;
    expect(await script.inbox.work(messageId, script.orders)).toBe('gateway-never-said');
    expect(await outcomeOf('VNEVER1')).toEqual([{ state: 'DONE', outcome: 'gateway-never-said' }]);
  });

  it('makes a process ask no more than sixty times a minute, however many are made up', async () => {
    bench.now += 120_000;
    script.verdicts = [{ kind: 'open' }];
    const outcomes: string[] = [];
    for (let n = 0; n < 70; n++) outcomes.push(await script.tell({ ...UNKNOWN, orderNo: `VMADEUP${n}` }));
    // The bench's clock stands still: it is one minute.
    expect(outcomes.filter((outcome) => outcome === 'order-unknown')).toHaveLength(60);
    expect(outcomes.filter((outcome) => outcome === 'again')).toHaveLength(10);
    // The older it is, the later its next turn: what was made up must not come back at every look.
    const messageId = (await script.waitingMessage())!;
    const pauseMs = async () => {
      const sql = `SELECT due_at AS due FROM outbox WHERE ref_id = ?`;
      const [row] = await fresh.admin.read<{ due: Date }>(sql, [idToBytes(messageId)]);
      return row!.due.getTime() - bench.now;
    };
    expect(await pauseMs()).toBe(30_000);
    bench.now += 4 * 3_600_000;
    // Sixty of others first: this one is not asked about, and its turn is put off all the same.
    for (let n = 0; n < 60; n++) await script.tell({ ...UNKNOWN, orderNo: `VMADEUPTOO${n}` });
    expect(await script.inbox.work(messageId, script.orders)).toBe('again');
    expect(await pauseMs()).toBe(2 * 3_600_000);
  });

  it('which the books have under its transaction already is that payment', async () => {
    const { orderId } = await script.begin();
    script.verdicts = [script.paid({ trxId: 'HERE1' })];
    await script.orders.work(orderId);
    bench.now += 120_000;
    expect(await script.tell({ ...UNKNOWN, orderNo: 'VOTHERNAME', trxId: 'HERE1' })).toBe('known');
    expect(await script.paymentsOf('HERE1')).toMatchObject([{ state: 'APPLIED' }]);
  });
});

const booking = () =>
  new RefundBooking(
    { database: fresh.database, vending: bench.vending, ledger: bench.ledger, owed: new OwedPayments(bench.ledger) },
    script.now,
  );
const refunder = () =>
  new RefundWorker(
    { database: fresh.database, gateways: script.gateways, booking: booking() },
    { publicUrl: script.publicUrl, askMs: 1_000 },
    script.now,
  );

/** A refund asked for with two people's word. */
async function askBack(rechargeId: Id, caseId: Id): Promise<Id> {
  const refundId = newId();
  await fresh.database.transaction((tx) =>
    new RefundDesk(fresh.database).ask(tx, {
      ...{ key: refundId, rechargeId, caseId, approvalId: newId(), amountPaisa: ORDER_PAISA },
      ...{ reference: 'PAPER-1', reason: 'stolen card', by: 'user:accounts', at: bench.now },
    }),
  );
  return refundId;
}

describe('a refund by the gateway', () => {
  /** A payment that is owed, and a refund of it that was asked for. */
  async function asked(trxId: string): Promise<{ refundId: Id; orderNo: string; rechargeId: Id }> {
    const { orderNo, rechargeId } = await script.heldPayment(trxId);
    const { caseId } = await script.caseOf(rechargeId);
    return { refundId: await askBack(rechargeId, caseId), orderNo, rechargeId };
  }

  it('is booked when the gateway says that it is done, once, and asked about until then with one number', async () => {
    const { refundId, orderNo } = await asked('REFUND1');
    script.refundSays = [
      { kind: 'unknown', reason: 'gateway-timeout' },
      { kind: 'unknown', reason: 'gateway-timeout' },
      { kind: 'processing', refundRef: 'R-1' },
      { kind: 'processing', refundRef: 'R-1' },
      { kind: 'refunded', refundRef: 'R-1' },
    ];
    const seen: string[] = [];
    while (seen.at(-1) !== 'refunded' && seen.length < 10) {
      seen.push(await refunder().work(refundId));
      expect(await script.standing(orderNo)).toBe(seen.at(-1) === 'refunded' ? 'REFUNDED' : 'HELD');
    }
    expect(seen.at(-1)).toBe('refunded');
    expect(new Set(script.refundsAsked).size).toBe(1);
    expect(await Promise.all([refunder().work(refundId), refunder().work(refundId)])).toEqual(['gone', 'gone']);
  });

  it('by ten workers at once is one entry', async () => {
    const { refundId, orderNo } = await asked('REFUND2');
    script.refundSays = [{ kind: 'refunded', refundRef: 'R-2' }];
    const turns = await Promise.all(Array.from({ length: 10 }, () => refunder().work(refundId)));
    expect(turns).toContain('refunded');
    expect(await script.standing(orderNo)).toBe('REFUNDED');
  });

  it('is refused: the payment is owed as before, and may be asked for again', async () => {
    const { refundId, orderNo, rechargeId } = await asked('REFUND3');
    script.refundSays = [{ kind: 'refused', reason: 'refund-refused' }];
    expect(await refunder().work(refundId)).toBe('refused');
    expect(await script.standing(orderNo)).toBe('HELD');
    await fresh.database.transaction(async (tx) => {
      expect(await new RefundDesk(fresh.database).underWay(tx, rechargeId)).toBe(false);
    });
  });

  it('of what was vended is refused: its token is out', async () => {
    const { orderId } = await script.begin();
    script.verdicts = [script.paid({ trxId: 'TOKEN-OUT' })];
    await script.orders.work(orderId);
    const rechargeId = idFromBytes((await script.paymentsOf('TOKEN-OUT'))[0]!.id);
    const refund = fresh.database.transaction((tx) =>
      new RefundDesk(fresh.database).ask(tx, {
        ...{ key: newId(), rechargeId, caseId: newId(), approvalId: newId(), amountPaisa: ORDER_PAISA },
        ...{ reference: 'PAPER-2', reason: 'wants it back', by: 'user:accounts', at: bench.now },
      }),
    );
    await expect(refund).rejects.toMatchObject({ code: 'payment-not-owed' });
  });
});
