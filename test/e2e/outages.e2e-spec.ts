// Proves what a clerk, a provider and a customer see while a part of the running system is away or hangs, and that
// everything comes right by itself when it is back: nothing charged for nothing, nothing lost, nothing twice.
import { randomUUID } from 'node:crypto';
import { newTransactionId, smsWith } from '../support/callers';
import type { HttpAnswer } from '../support/callers';
import type { InstalledMeter } from '../support/installed-meters';
import { settled, tableChecksums } from '../support/proofs';
import { eventually } from '../support/system';
import { World, tokenOf } from '../support/world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await World.start({ name: 'outages', meters: 400, settings: { LOG_LEVEL: 'debug' } });
}, 240_000);
afterEach(async () => {
  await world.system.bringBack();
  await world.outside.smsGateway('none');
});
afterAll(() => world?.stop(), 120_000);

const payFor = (meter: InstalledMeter, transactionId = newTransactionId()): Promise<HttpAnswer> =>
  world.biller.pay({ transactionId, reference: meter.meterNo, amount: '500.00' });

/** Pays for some fresh meters at once; every one must be vended. */
async function payForMany(count: number): Promise<{ meter: InstalledMeter; digits: string }[]> {
  const meters = Array.from({ length: count }, () => world.freshMeter());
  const answers = await Promise.all(meters.map((meter) => payFor(meter)));
  return answers.map((answer, index) => ({ meter: meters[index]!, digits: tokenOf(answer) }));
}

async function smsOnPhones(sold: readonly { meter: InstalledMeter; digits: string }[]): Promise<number> {
  const inboxes = await Promise.all(sold.map(({ meter }) => world.outside.inbox(meter)));
  return sold.filter(({ digits }, index) => smsWith(inboxes[index]!, digits).length > 0).length;
}

describe('without the token server', () => {
  it('the counter gets a clear 503 and nothing is charged; mobile money waits and comes right by itself', async () => {
    const [till, phone] = [world.freshMeter(), world.freshMeter('energy')];
    // The till's first sale opens its account in the books, which is not what this is about.
    await world.clerk.recharge((await world.clerk.quote(till.meterNo, '500.00')).body.quoteId);
    const { quoteId } = (await world.clerk.quote(till.meterNo, '500.00')).body;
    await settled(world.system.admin);
    await world.system.end('token-server');
    const before = await tableChecksums(world.system.admin);
    const key = randomUUID();
    for (const _attempt of [1, 2, 3]) {
      const refused = await world.clerk.recharge(quoteId, key);
      expect(refused).toMatchObject({ status: 503, body: { code: 'token-server-down', retryable: true } });
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.body.title).toMatch(/Nothing was charged/);
      expect(refused.body.titleBn).toMatch(/টাকা কাটা হয়নি/);
    }
    expect(await tableChecksums(world.system.admin)).toEqual(before);

    const paid = await payFor(phone);
    const { transactionId } = paid.body;
    expect(paid).toMatchObject({ status: 200, body: { status: 'pending', receiptNo: null, tokens: [] } });
    expect((await payFor(phone, transactionId)).text).toBe(paid.text);
    expect((await world.biller.status(transactionId)).text).toBe(paid.text);
    expect(await world.countsOf(transactionId)).toEqual({ recharges: 1, vends: 0, tokens: 0 });

    await world.system.startAgain('token-server');
    await eventually('status says vended', async () => {
      return (await world.biller.status(transactionId)).body.status === 'vended';
    });
    const vended = await world.biller.status(transactionId);
    expect(vended.body).toMatchObject({ rechargeId: paid.body.rechargeId, bookedAt: paid.body.bookedAt });
    expect((await payFor(phone, transactionId)).text).toBe(vended.text);
    expect(await world.smsOn(phone, tokenOf(vended))).toMatch(/^Token: /);
    expect((await world.outside.enter(phone, tokenOf(vended))).result).toBe('accepted');
    await eventually('the clerk sells again', async () => (await world.clerk.recharge(quoteId, key)).status < 300);
    expect(await world.countsOf(key)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
  });

  it('a token server that hangs is given up in time: mobile money is answered, and vended once it wakes', async () => {
    const meter = world.freshMeter();
    world.system.pause('token-server');
    const paid = await payFor(meter);
    expect(paid).toMatchObject({ status: 200, body: { status: 'pending' } });
    world.system.resume('token-server');
    const { transactionId } = paid.body;
    await eventually('it is vended', async () => (await world.countsOf(transactionId)).vends === 1);
    await world.smsOn(meter, tokenOf(await world.biller.status(transactionId)));
    expect(await world.countsOf(transactionId)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
  });
});

describe('without the SMS gateway', () => {
  const noticeOf = async (receiptNo: string): Promise<string | undefined> => {
    const [notice] = await world.system.admin.read<{ state: string }>(
      'SELECT n.state FROM notices n JOIN vends v ON v.id = n.subject_id WHERE v.receipt_no = ?',
      [receiptNo],
    );
    return notice?.state;
  };

  it('the vend stands and says that its SMS waits; the SMS comes later, once', async () => {
    const meter = world.freshMeter();
    await world.outside.smsGateway('down');
    const quoted = await world.clerk.quote(meter.meterNo, '500.00');
    const sold = await world.clerk.recharge(quoted.body.quoteId);
    expect(sold).toMatchObject({ status: 201, body: { status: 'vended' } });
    const { rechargeId, receiptNo } = sold.body;
    const shown = async () => (await world.clerk.get(`/v1/recharges/${rechargeId}`)).body.notice.state;
    await eventually('the gateway was tried', async () => (await noticeOf(receiptNo)) === 'QUEUED');
    expect(await shown()).toBe('queued');
    expect(await world.outside.inbox(meter)).toEqual([]);
    await world.outside.smsGateway('none');
    await world.smsOn(meter, tokenOf(sold));
    await eventually('the till shows it as sent', async () => (await shown()) === 'sent');
  });

  it('a gateway that takes the SMS and loses its answer is asked again, and the phone rings once', async () => {
    const meter = world.freshMeter();
    await world.outside.smsGateway('timeout-after-accept');
    const paid = await payFor(meter);
    await world.smsOn(meter, tokenOf(paid));
    await world.outside.smsGateway('none');
    await eventually('the notice is sent', async () => (await noticeOf(paid.body.receiptNo)) === 'SENT');
    expect(smsWith(await world.outside.inbox(meter), tokenOf(paid))).toHaveLength(1);
  });
});

describe('without Redis', () => {
  it('flushed while SMS wait, and flushed again: all of them arrive, once each', async () => {
    await world.outside.smsGateway('down');
    const sold = await payForMany(20);
    const redis = world.system.redis();
    await redis.flushall();
    sold.push(...(await payForMany(20)));
    await redis.flushall();
    redis.disconnect();
    await world.outside.smsGateway('none');
    await eventually('every SMS is there', async () => (await smsOnPhones(sold)) === sold.length);
    await settled(world.system.admin);
  });

  it('killed: recharges go on as if nothing had happened; started again: every SMS arrives', async () => {
    await world.system.kill('redis');
    const sold = await payForMany(20);
    expect(await smsOnPhones(sold)).toBe(0);
    await world.system.startAgain('redis');
    await eventually('every SMS is there', async () => (await smsOnPhones(sold)) === sold.length);
    await settled(world.system.admin);
  });
});

describe('without the worker', () => {
  it('callbacks are taken and recharges made; when it is back they are worked and told', async () => {
    const meter = world.freshMeter();
    await world.system.kill('worker');
    const { transactionId } = await world.outside.callbacks({
      provider: world.system.partner.code,
      reference: meter.customerNo,
      amount: '500.00',
    });
    const sold = await payForMany(5);
    expect(await world.countsOf(transactionId)).toEqual({ recharges: 0, vends: 0, tokens: 0 });
    await world.system.startAgain('worker');
    await eventually('the callback is vended', async () => (await world.countsOf(transactionId)).vends === 1);
    sold.push({ meter, digits: tokenOf(await world.biller.status(transactionId)) });
    await eventually('every SMS is there', async () => (await smsOnPhones(sold)) === sold.length);
  });
});

describe('without the database', () => {
  it('everybody gets a 503 that may be repeated with the same id; the repeat is one vend', async () => {
    const meter = world.freshMeter();
    const { quoteId } = (await world.clerk.quote(meter.meterNo, '500.00')).body;
    await settled(world.system.admin);
    await world.system.kill('mariadb');
    const key = randomUUID();
    const transactionId = newTransactionId();
    const refusals = [
      await world.clerk.recharge(quoteId, key),
      await payFor(meter, transactionId),
      await world.biller.status(transactionId),
    ];
    for (const refused of refusals) {
      expect(refused).toMatchObject({ status: 503, body: { retryable: true } });
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    await world.system.startAgain('mariadb');
    await eventually('the clerk sells again', async () => (await world.clerk.recharge(quoteId, key)).status < 300);
    await eventually('the provider is answered', async () => (await payFor(meter, transactionId)).status === 200);
    for (const ref of [key, transactionId]) {
      expect(await world.countsOf(ref)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    }
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
