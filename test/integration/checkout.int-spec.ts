/*
 * Proves on a real database that an order becomes one vend, one kept payment or nothing, whatever the gateway says, in
 * whatever order, however many ask at once and wherever a process dies. The gateway is a script of verdicts; the books'
 * laws hold after each.
 */
import { OrderWorker, type GatewayVerdict } from '@vend/checkout';
import { idFromBytes, newId } from '@vend/kernel';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { ORDER_PAISA, SCRIPTED, ScriptedCheckout } from '../support/scripted-checkout';
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
afterEach(async () => {
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});

it('a payment that the gateway confirms is vended, and the order has nothing left to do', async () => {
  const { orderNo, orderId } = await script.begin();
  expect(await script.standing(orderNo)).toBe('STARTED');
  script.verdicts = [{ kind: 'open' }];
  expect(await script.orders.work(orderId)).toBe('waiting');
  script.verdicts = [script.paid({ trxId: 'VENDED1' })];
  expect(await script.orders.work(orderId)).toBe('booked');
  expect(await script.standing(orderNo)).toBe('VENDED');
  expect(await script.paymentsOf('VENDED1')).toMatchObject([{ state: 'APPLIED', gross: '50000' }]);
  expect(await script.orders.work(orderId)).toBe('gone');
  expect(await script.waits('checkout', orderId)).toBe(false);
});

it('twenty workers and tabs at once are one vend', async () => {
  const { orderNo, orderId } = await script.begin();
  script.verdicts = [script.paid({ trxId: 'AT-ONCE' })];
  const turns = await Promise.all(Array.from({ length: 20 }, () => script.orders.work(orderId)));
  expect(turns.every((turn) => turn === 'booked' || turn === 'gone')).toBe(true);
  expect(await script.paymentsOf('AT-ONCE')).toHaveLength(1);
  expect(await script.standing(orderNo)).toBe('VENDED');
});

it('failed, cancelled and expired become paid later; paid becomes nothing else', async () => {
  const ends: readonly (readonly [GatewayVerdict, string])[] = [
    [{ kind: 'failed', reason: 'declined' }, 'FAILED'],
    [{ kind: 'failed', reason: 'cancelled' }, 'CANCELLED'],
    [{ kind: 'expired' }, 'EXPIRED'],
  ];
  for (const [verdict, state] of ends) {
    const { orderNo, orderId } = await script.begin();
    script.verdicts = [verdict];
    await script.orders.work(orderId);
    expect(await script.standing(orderNo)).toBe(state);
    script.verdicts = [script.paid()];
    expect(await script.tell({ orderNo })).toBe('order-woken');
    await script.orders.work(orderId);
    expect(await script.standing(orderNo)).toBe('VENDED');
    script.verdicts = [verdict];
    expect(await script.tell({ orderNo, claims: 'failed' })).toBe('repeated');
    await script.orders.work(orderId);
    expect(await script.standing(orderNo)).toBe('VENDED');
  }
});

it('what the gateway does not say stays unknown, is asked again, and a day later too', async () => {
  const { orderNo, orderId } = await script.begin();
  script.verdicts = [{ kind: 'unknown', reason: 'gateway-timeout' }];
  expect(await script.orders.work(orderId)).toBe('unknown');
  bench.now += 27 * 3_600_000;
  expect(await script.orders.work(orderId)).toBe('unknown');
  expect([await script.standing(orderNo), await script.waits('checkout', orderId)]).toEqual(['STARTED', true]);
  script.verdicts = [script.paid()];
  expect(await script.orders.work(orderId)).toBe('booked');
  expect(await script.standing(orderNo)).toBe('VENDED');
});

it('less than was asked, and what is risky, is kept for a person and not vended; more is vended whole', async () => {
  const [less, risky, more] = [await script.begin(), await script.begin(), await script.begin()];
  script.verdicts = [script.paid({ trxId: 'LESS1', amountPaisa: 20_000n })];
  await script.orders.work(less.orderId);
  script.verdicts = [script.held('RISKY1')];
  await script.orders.work(risky.orderId);
  script.verdicts = [script.paid({ trxId: 'MORE1', amountPaisa: 60_000n })];
  await script.orders.work(more.orderId);
  expect(await script.paymentsOf('LESS1')).toMatchObject([
    { state: 'REFUND_DUE', gross: '20000', refusal_code: 'checkout-amount-less' },
  ]);
  expect(await script.paymentsOf('RISKY1')).toMatchObject([{ state: 'REFUND_DUE', refusal_code: 'checkout-held' }]);
  expect(await script.paymentsOf('MORE1')).toMatchObject([{ state: 'APPLIED', gross: '60000' }]);
  const standings = await Promise.all([less, risky, more].map(({ orderNo }) => script.standing(orderNo)));
  expect(standings).toEqual(['REFUND_DUE', 'HELD', 'VENDED']);
  // Each of the two has woken the worker to open a case.
  for (const name of ['LESS1', 'RISKY1']) {
    const [{ id } = { id: Buffer.alloc(16) }] = await script.paymentsOf(name);
    expect(await script.waits('case', idFromBytes(id))).toBe(true);
  }
});

it('money paid a second time for one order is kept apart, and never vended by itself', async () => {
  const { orderNo, orderId } = await script.begin();
  script.verdicts = [script.paid({ trxId: 'FIRST1' })];
  await script.orders.work(orderId);
  script.verdicts = [script.paid({ trxId: 'SECOND1' })];
  expect(await script.tell({ orderNo, trxId: 'SECOND1' })).toBe('paid-twice');
  expect(await script.paymentsOf('SECOND1')).toMatchObject([
    { state: 'REFUND_DUE', refusal_code: 'checkout-paid-twice' },
  ]);
  script.verdicts = [script.paid({ trxId: 'FIRST1' })];
  expect(await script.tell({ orderNo, trxId: 'THIRD1' })).toBe('repeated');
  expect(await script.paymentsOf('THIRD1')).toEqual([]);
});

it('one transaction of the gateway pays one order', async () => {
  const [one, other] = [await script.begin(), await script.begin()];
  script.verdicts = [script.paid({ trxId: 'SHARED1' })];
  await script.orders.work(one.orderId);
  await script.orders.work(other.orderId);
  expect([await script.standing(one.orderNo), await script.standing(other.orderNo)]).toEqual(['VENDED', 'FAILED']);
  expect(await script.paymentsOf('SHARED1')).toHaveLength(1);
});

it('a death after the verdict, or after the vend, is gone on from', async () => {
  const { orderNo, orderId } = await script.begin();
  const { database } = fresh;
  const { gateways, publicUrl, now } = script;
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
  script.verdicts = [script.paid({ trxId: 'DEATH1' })];
  await expect(dying('before').work(orderId)).rejects.toThrow('died');
  expect([await script.standing(orderNo), await script.waits('checkout', orderId)]).toEqual(['PAID', true]);
  // Whatever the gateway says from here on is not asked for.
  script.verdicts = [{ kind: 'failed', reason: 'declined' }];
  await expect(dying('after').work(orderId)).rejects.toThrow('died');
  expect(await script.orders.work(orderId)).toBe('booked');
  expect(await script.paymentsOf('DEATH1')).toHaveLength(1);
  expect(await script.standing(orderNo)).toBe('VENDED');
});

it('while no token can be made the payment waits, and the payer is told that it came', async () => {
  const { orderNo, orderId } = await script.begin();
  bench.issuer.down = true;
  script.verdicts = [script.paid({ trxId: 'PENDING1' })];
  await script.orders.work(orderId);
  expect(await script.standing(orderNo)).toBe('PAID');
  bench.issuer.down = false;
  const [{ id } = { id: Buffer.alloc(16) }] = await script.paymentsOf('PENDING1');
  await bench.vending.complete(idFromBytes(id));
  expect(await script.standing(orderNo)).toBe('VENDED');
});

it('twenty copies of a message are one, and refused ones are kept with their verdict and do nothing', async () => {
  const { orderNo } = await script.begin();
  const whole = { eventKey: 'SAME', orderNo, gatewayRef: null, trxId: null, claims: 'paid' };
  const rawBody = Buffer.from(JSON.stringify(whole));
  const message = { way: 'notice' as const, query: {}, headers: {}, rawBody, receivedAt: bench.now };
  const receipts = await Promise.all(Array.from({ length: 20 }, () => script.inbox.receive(SCRIPTED, message)));
  expect(receipts.filter((each) => each.verdict === 'accepted' && !each.duplicate)).toHaveLength(1);
  expect(await script.tell({}, 'forged')).toBe('signature-wrong');
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
  for (let n = 0; n < 60; n++)
    await Promise.all(Array.from({ length: 10 }, () => script.inbox.receive(SCRIPTED, message(n))));
  const [row] = await fresh.admin.read<{ n: string }>(
    `SELECT COUNT(*) AS n FROM gateway_messages WHERE verdict = 'REFUSED'`,
  );
  expect(Number(row!.n)).toBeGreaterThanOrEqual(500);
  // Those of one instant may look before each other's row is there.
  expect(Number(row!.n)).toBeLessThan(520);
});

it('the same key is the same order, and another content is refused', async () => {
  const key = newId();
  const { orderNo, pan } = await script.begin({ key });
  const asked = {
    key,
    gateway: SCRIPTED,
    reference: pan,
    language: 'bn' as const,
    address: '192.0.2.1',
  };
  const again = await Promise.all([1, 2, 3].map(() => script.checkout.start({ ...asked, amountPaisa: ORDER_PAISA })));
  expect(again.every((each) => each.orderNo === orderNo && each.replayed)).toBe(true);
  await expect(script.checkout.start({ ...asked, amountPaisa: 1n })).rejects.toMatchObject({
    code: 'order-key-conflict',
  });
});
