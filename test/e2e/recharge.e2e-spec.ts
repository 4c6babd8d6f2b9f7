// Proves a recharge from the money to the meter over the real processes, at the counter, by mobile money and by
// callback: the receipts of MONEY.md, one vend however often it is asked for, the SMS, and the meter that takes it.
import { randomUUID } from 'node:crypto';
import { newTransactionId, topUpEvent } from '../support/callers';
import type { HttpAnswer } from '../support/callers';
import { bookedTokens, meterFactory, settled, tableChecksums } from '../support/proofs';
import { eventually } from '../support/system';
import { nescoReceipts } from '../support/nesco-receipts';
import { World, tokenOf } from '../support/world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await World.start({ name: 'recharge', meters: 80, settings: { LOG_LEVEL: 'debug' } });
}, 240_000);
afterAll(() => world?.stop(), 120_000);

interface Line {
  readonly code: string;
  readonly amount: string;
}
const linesOf = ({ body }: HttpAnswer) =>
  Object.fromEntries((body.lines as Line[]).map(({ code, amount }) => [code, amount]));

describe('a clerk at the counter', () => {
  it('finds a meter by its number, by its DRN, by customer number and by phone', async () => {
    const meter = world.freshMeter();
    const keys = [
      ['meter-no', meter.meterNo],
      ['meter-no', meter.drn],
      ['customer-no', meter.customerNo],
      ['phone', meter.mobile],
      ['phone', meter.mobile.slice(2)],
    ] as const;
    for (const [by, value] of keys) {
      const { status, body } = await world.clerk.post('/v1/meters/search', { by, value });
      expect({ by, status, found: body.items?.length }).toEqual({ by, status: 200, found: 1 });
      expect(body.items[0]).toMatchObject({
        meterNo: meter.meterNo,
        customerNo: meter.customerNo,
        customerName: meter.customerName,
        status: 'active',
        tariffClass: 'LT-A',
        sanctionedKw: '2.0',
        crediting: 'currency',
      });
    }
  });

  it("sells Tk 1000, 1900 and 600 as NESCO's receipts have it, and the meter credits what the receipt says", async () => {
    const meter = world.freshMeter();
    for (const { amount, lines, months, kwh } of nescoReceipts()) {
      const quoted = await world.clerk.quote(meter.meterNo, amount);
      expect(linesOf(quoted)).toEqual(lines);
      const figures = {
        meterNo: meter.meterNo,
        customerName: meter.customerName,
        amount: { value: amount, currency: 'BDT' },
        energy: { kwh, estimated: true },
        credit: { value: lines.energy },
        months,
        remainder: { in: '0.00', out: '0.00' },
      };
      expect(quoted).toMatchObject({ status: 201, body: figures });
      const sold = await world.clerk.recharge(quoted.body.quoteId);
      const said = { ...figures, status: 'vended', channel: 'counter', copy: false, sampleTables: true };
      expect(sold).toMatchObject({ status: 201, body: said });
      expect(linesOf(sold)).toEqual(lines);
      const taken = await world.outside.enter(meter, tokenOf(sold));
      expect(taken).toMatchObject({ result: 'accepted', credited: { unit: 'BDT' } });
      expect(Number(taken.credited.amount)).toBe(Number(sold.body.tokens[0].credited.amount));
      // A token carries money in steps that grow with it, and never less than was paid for.
      expect(Number(taken.credited.amount)).toBeGreaterThanOrEqual(Number(lines.energy));
      expect(Number(taken.credited.amount)).toBeLessThan(Number(lines.energy) * 1.001);
    }
  });

  it('repeats with the same key and gets the same recharge; another quote under that key is a conflict', async () => {
    const meter = world.freshMeter();
    const key = randomUUID();
    const { quoteId } = (await world.clerk.quote(meter.meterNo, '500.00')).body;
    const first = await world.clerk.recharge(quoteId, key);
    const again = await world.clerk.recharge(quoteId, key);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect({ ...again.body, notice: null }).toEqual({ ...first.body, notice: null });
    const other = (await world.clerk.quote(meter.meterNo, '700.00')).body;
    await settled(world.system.admin);
    const before = await tableChecksums(world.system.admin);
    const conflict = await world.clerk.recharge(other.quoteId, key);
    expect([conflict.status, conflict.body.code]).toEqual([409, 'transaction-conflict']);
    expect(await tableChecksums(world.system.admin)).toEqual(before);
  });

  it('shows and reprints the recharge; a copy says that it is one, and who asked for it is on record', async () => {
    const meter = world.freshMeter();
    const sold = await world.clerk.recharge((await world.clerk.quote(meter.meterNo, '500.00')).body.quoteId);
    const path = `/v1/recharges/${sold.body.rechargeId}`;
    await world.smsOn(meter, tokenOf(sold));
    await settled(world.system.admin);
    const shown = await world.clerk.get(path);
    expect(shown).toMatchObject({ status: 200, body: { ...sold.body, notice: { state: 'sent' } } });
    const copy = await world.clerk.post(`${path}/reprints`);
    expect([copy.status, copy.body]).toEqual([201, { ...shown.body, copy: true }]);
    const audit = await world.system.admin.read(
      `SELECT actor FROM audit_events WHERE action = 'recharge-reprinted' AND subject = ?`,
      [`recharge:${sold.body.rechargeId}`],
    );
    expect(audit).toEqual([{ actor: 'user:rahima' }]);
  });
});

describe('a mobile-money provider', () => {
  it('asks, pays by the quote and asks again; the customer reads Bangla, and the token is good once, here only', async () => {
    const meter = world.freshMeter();
    const asked = await world.biller.inquiry(meter.customerNo, '1000.00');
    expect(asked).toMatchObject({ status: 200, body: { meterNo: meter.meterNo, customerName: 'ন*** মি***' } });
    expect(linesOf(asked)).toMatchObject({ vat: '47.62', energy: '861.41' });
    const transactionId = newTransactionId();
    const paid = await world.biller.pay({ transactionId, quoteId: asked.body.quoteId });
    expect(paid).toMatchObject({
      status: 200,
      body: { transactionId, status: 'vended', meterNo: meter.meterNo, credit: { value: '861.41' } },
    });
    expect((await world.biller.status(transactionId)).text).toBe(paid.text);
    const sms = await world.smsOn(meter, tokenOf(paid));
    expect(sms).toMatch(/^টোকেন: (\d{4} ){4}\d{4}।/);
    expect(sms).toContain('861.41');
    const other = world.freshMeter();
    expect((await world.outside.enter(other, tokenOf(paid))).result).toBe('crc');
    expect((await world.outside.enter(meter, tokenOf(paid))).result).toBe('accepted');
    expect((await world.outside.enter(meter, tokenOf(paid))).result).toBe('used');
  });

  it('pays by meter number, by DRN and by customer number; the customer reads English and buys kWh', async () => {
    const meter = world.freshMeter('energy');
    for (const reference of [meter.meterNo, meter.drn, meter.customerNo]) {
      const paid = await world.biller.pay({ transactionId: newTransactionId(), reference, amount: '300.00' });
      expect(paid).toMatchObject({
        status: 200,
        body: { status: 'vended', meterNo: meter.meterNo, energy: { estimated: false }, credit: null },
      });
      const { credited } = paid.body.tokens[0];
      expect(credited).toEqual({ amount: paid.body.energy.kwh, unit: 'kWh' });
      expect(await world.smsOn(meter, tokenOf(paid))).toMatch(/^Token: (\d{4} ){4}\d{4}\./);
      expect(await world.outside.enter(meter, tokenOf(paid))).toMatchObject({ result: 'accepted', credited });
    }
  });

  it('sends 50 equal pay calls at once: one vend, one token, 50 answers that agree to the byte', async () => {
    const meter = world.freshMeter();
    const content = { transactionId: newTransactionId(), reference: meter.meterNo, amount: '500.00' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.biller.pay(content)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]!.body.status).toBe('vended');
    expect(await world.countsOf(content.transactionId)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    await world.smsOn(meter, tokenOf(answers[0]!));
  });

  it('uses one id for another amount, another meter or nonsense: 409 each time, and no row anywhere changes', async () => {
    const meter = world.freshMeter();
    const content = { transactionId: newTransactionId(), reference: meter.meterNo, amount: '500.00' };
    const paid = await world.biller.pay(content);
    await world.smsOn(meter, tokenOf(paid));
    await settled(world.system.admin);
    const before = await tableChecksums(world.system.admin);
    const others = [
      { ...content, amount: '501.00' },
      { ...content, reference: world.freshMeter().meterNo },
      { ...content, reference: '404404404' },
    ];
    for (const other of others) {
      const { status, body } = await world.biller.pay(other);
      expect([status, body.code]).toEqual([409, 'transaction-conflict']);
    }
    expect(await tableChecksums(world.system.admin)).toEqual(before);
    expect((await world.biller.pay(content)).text).toBe(paid.text);
  });

  it('recharges one meter 20 times at once: 20 rising TIDs, and the meter takes them in any order', async () => {
    const meter = world.freshMeter();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        world.biller.pay({ transactionId: newTransactionId(), reference: meter.meterNo, amount: '500.00' }),
      ),
    );
    const digits = answers.map(tokenOf);
    const booked = (await bookedTokens(world.system.admin)).filter(({ pan }) => pan === meter.meterNo);
    // Each is one more than the one before it, whichever instant each vend read off the clock: TIDs rise as vends are booked.
    const tids = await world.system.admin.read<{ tid: number }>(
      'SELECT t.tid FROM vend_tokens t JOIN meters m ON m.id = t.meter_id WHERE m.pan = ? ORDER BY t.tid',
      [meter.meterNo],
    );
    expect(tids.map(({ tid }) => tid)).toEqual(Array.from({ length: 20 }, (_, i) => tids[0]!.tid + i));
    expect([...digits].sort()).toEqual(booked.map((token) => token.digits).sort());
    expect(digits).toHaveLength(20);
    // Ascending digits are as good as shuffled: the cipher has left no trace of the TIDs' order.
    const orders = [[...digits].sort(), booked.map((token) => token.digits).reverse()];
    for (const order of orders) {
      const virtual = meterFactory(world.system)(meter.meterNo);
      expect(order.map((each) => virtual.enter(each, Date.now()).result)).toEqual(Array(20).fill('Accept'));
    }
    for (const each of [...digits].sort()) expect((await world.outside.enter(meter, each)).result).toBe('accepted');
  });

  it('loses our first answer and repeats, in order and all at once: one vend, and its answers agree', async () => {
    for (const parallel of [false, true]) {
      const meter = world.freshMeter();
      const story = await world.outside.payment({
        provider: world.system.partner.code,
        reference: meter.meterNo,
        amount: '500.00',
        faults: { loseFirstAnswer: true, repeat: 4, parallel },
      });
      expect(story).toMatchObject({ outcome: 'vended', answersAgree: true });
      expect(story.steps.filter(({ step }: { step: string }) => step === 'pay')).toHaveLength(6);
      expect(await world.countsOf(story.transactionId)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    }
  });

  it('times out on every call while the server hangs: the calls are worked when it wakes up, as one vend', async () => {
    const meter = world.freshMeter();
    const transactionId = newTransactionId();
    const { code: provider } = world.system.partner;
    world.system.pause('api');
    const story = await world.outside.payment({
      provider,
      reference: meter.meterNo,
      amount: '500.00',
      transactionId,
      faults: { skipInquiry: true, timeoutMs: 300, repeat: 1 },
    });
    world.system.resume('api');
    expect(story.outcome).toBe('unknown');
    await eventually('the payment is known', async () => {
      return (await world.outside.paymentStatus(provider, transactionId)).outcome === 'vended';
    });
    const repeated = await world.biller.pay({ transactionId, reference: meter.meterNo, amount: '500.00' });
    expect(repeated.text).toBe((await world.biller.status(transactionId)).text);
    expect(await world.countsOf(transactionId)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
  });
});

describe('a payment gateway that calls back', () => {
  /** The status of a callback's payment once it is vended and all work is done: once, whatever was sent. */
  async function vendedByCallback(transactionId: string): Promise<HttpAnswer> {
    await eventually('the callback is vended', async () => (await world.countsOf(transactionId)).vends > 0);
    await settled(world.system.admin);
    expect(await world.countsOf(transactionId)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    return world.biller.status(transactionId);
  }

  it('is answered at once, and the same callback again is one vend and one SMS', async () => {
    const meter = world.freshMeter();
    const told = topUpEvent(meter.customerNo);
    const answers = [await world.biller.callback(told), await world.biller.callback(told)];
    expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual(Array(2).fill('200 {"received":true}'));
    const status = await vendedByCallback(told.transactionId);
    expect(status).toMatchObject({ status: 200, body: { status: 'vended', meterNo: meter.meterNo } });
    await world.smsOn(meter, tokenOf(status));
    expect((await world.outside.enter(meter, tokenOf(status))).result).toBe('accepted');
  });

  it('delivers the same callback twenty times at once: one vend', async () => {
    const { transactionId, deliveries } = await world.outside.callbacks({
      provider: world.system.partner.code,
      reference: world.freshMeter().meterNo,
      amount: '500.00',
      times: 20,
      parallel: true,
    });
    expect(deliveries.map(({ httpStatus }: { httpStatus: number }) => httpStatus)).toEqual(Array(20).fill(200));
    await vendedByCallback(transactionId);
  });

  it('tells of one payment in two events, or after the payment was made by pay: still one vend', async () => {
    const meter = world.freshMeter();
    const first = topUpEvent(meter.meterNo);
    await Promise.all([first, { ...first, eventId: randomUUID() }].map((each) => world.biller.callback(each)));
    const paid = await world.biller.pay({
      transactionId: newTransactionId(),
      reference: meter.meterNo,
      amount: '500.00',
    });
    await world.biller.callback(topUpEvent(meter.meterNo, { transactionId: paid.body.transactionId }));
    await settled(world.system.admin);
    for (const transactionId of [first.transactionId, paid.body.transactionId]) {
      expect(await world.countsOf(transactionId)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    }
    expect((await world.biller.status(paid.body.transactionId)).text).toBe(paid.text);
  });
});

describe('after all that', () => {
  it('the books hold, every token is good once at its own meter, and every receipt is on its phone once', async () => {
    expect(await world.faults()).toEqual([]);
  });

  it('no log, and nothing that Redis was ever told, holds a token, a phone number, a password or a secret', async () => {
    expect(await world.leaks()).toEqual([]);
  });
});
