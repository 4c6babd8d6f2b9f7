// Proves with the processes of the running system, two gateways and phones that a token reaches its phone once, by the
// gateway it should, while one of them is away, the worker is killed, Redis is emptied, or ten thousand notices wait.
import { idToBytes, newId } from '@vend/kernel';
import { queueMessages } from '@vend/sms';
import { newTransactionId, smsWith } from '../support/callers';
import { installedMeters, type InstalledMeter } from '../support/installed-meters';
import { settled } from '../support/proofs';
import { eventually } from '../support/system';
import { World, tokenOf } from '../support/world';

jest.setTimeout(400_000);

/** Numbers that the message centre alone serves first in this file. */
const DIRECT = '8801799';
const NOTICES = 10_000;
const usual = installedMeters(200);
const direct = usual.slice(160).map((meter) => ({ ...meter, mobile: `${DIRECT}${meter.mobile.slice(DIRECT.length)}` }));

let world: World;
beforeAll(async () => {
  world = await World.start({ name: 'sms-routes', meters: [...usual.slice(0, 160), ...direct] });
  await setGateway('demo-smsc', { prefixes: JSON.stringify([DIRECT]) });
}, 240_000);
afterEach(async () => {
  await world.system.bringBack();
  await world.outside.smsGateway('none');
  await centre('faults', {});
});
afterAll(() => world?.stop(), 120_000);

/** Changes a gateway's row, and waits until the worker has looked. */
async function setGateway(code: string, columns: Record<string, unknown>): Promise<void> {
  const { admin } = world.system;
  const set = Object.keys(columns).map((name) => `${name} = ?`);
  await admin.transaction((tx) =>
    tx.write(`UPDATE sms_gateways SET ${set.join(', ')}, version = version + 1 WHERE code = ?`, [
      ...Object.values(columns),
      code,
    ]),
  );
  const changed = new Date();
  // Two looks after the change: the first may have begun before it.
  for (let looks = 0, after = changed; looks < 2; looks++) {
    await eventually('the worker looks at its gateways', async () => {
      const [row] = await admin.read<{ seen: Date | null }>('SELECT MAX(seen_at) AS seen FROM sms_gateway_health');
      if (!row?.seen || row.seen <= after) return false;
      after = row.seen;
      return true;
    });
  }
}
async function centre(what: 'faults' | 'accounts', body: object): Promise<void> {
  const answer = await fetch(`${world.system.sandboxUrl}/smsc/${what}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the message centre cannot be set: HTTP ${answer.status}`);
}
const payFor = (meter: InstalledMeter) =>
  world.biller.pay({ transactionId: newTransactionId(), reference: meter.meterNo, amount: '500.00' });
let used = 0;
/** A meter whose customer's number is the centre's own. */
const directMeter = (): InstalledMeter => direct[4 * used++]!;

interface MessageRow extends Record<string, unknown> {
  state: string;
  gateway: string | null;
  escalated: number;
  attempts: number;
}
async function messageOf(receiptNo: string): Promise<MessageRow | undefined> {
  const [row] = await world.system.admin.read<MessageRow>(
    `SELECT n.state, n.gateway, n.escalated, n.attempts FROM notices n JOIN vends v ON v.id = n.subject_id
     WHERE v.receipt_no = ? AND n.template = 'receipt'`,
    [receiptNo],
  );
  return row;
}
const comesTo = (receiptNo: string, state: string) =>
  eventually(`the message is ${state}`, async () => (await messageOf(receiptNo))?.state === state);

it('each number goes by its own gateway, and a message centre’s receipts say when it is on the phone', async () => {
  const [own, other] = [directMeter(), world.freshMeter()];
  const [paidOwn, paidOther] = [await payFor(own), await payFor(other)];
  await world.smsOn(own, tokenOf(paidOwn));
  await world.smsOn(other, tokenOf(paidOther));
  await comesTo(paidOwn.body.receiptNo, 'DELIVERED');
  await comesTo(paidOther.body.receiptNo, 'SENT');
  expect(await messageOf(paidOwn.body.receiptNo)).toMatchObject({ gateway: 'demo-smsc', escalated: 0 });
  expect(await messageOf(paidOther.body.receiptNo)).toMatchObject({ gateway: 'default', escalated: 0 });
});

it('the first gateway is down: the token goes on by the second', async () => {
  await centre('accounts', []);
  await fetch(`${world.system.sandboxUrl}/smsc/drop`, { method: 'POST' });
  const meter = directMeter();
  const paid = await payFor(meter);
  await world.smsOn(meter, tokenOf(paid));
  await comesTo(paid.body.receiptNo, 'SENT');
  expect(await messageOf(paid.body.receiptNo)).toMatchObject({ gateway: 'default', escalated: 1 });
  await centre('accounts', [{ systemId: 'vend', password: 'demo-pw' }]);
});

it('the worker is killed between the submit and the writing: at least once, shown once', async () => {
  // Each number has one way, so that nothing goes on by another. Both take messages and never answer.
  await setGateway('default', { prefixes: JSON.stringify(['8801700']) });
  await world.outside.smsGateway('timeout-after-accept');
  await centre('faults', { silent: 1 });
  const meters = [world.freshMeter(), world.freshMeter(), directMeter(), directMeter()];
  const sold = await Promise.all(meters.map(async (meter) => ({ meter, digits: tokenOf(await payFor(meter)) })));
  for (const { meter, digits } of sold) {
    await eventually('the phone has it', async () => smsWith(await world.outside.inbox(meter), digits).length > 0);
  }
  await world.system.kill('worker');
  const redis = world.system.redis();
  await redis.flushall();
  redis.disconnect();
  await world.outside.smsGateway('none');
  await centre('faults', {});
  await world.system.startAgain('worker');
  await settled(world.system.admin);
  for (const { meter, digits } of sold) {
    expect(smsWith(await world.outside.inbox(meter), digits)).toHaveLength(1);
  }
  await setGateway('default', { prefixes: '[]' });
});

it(`${NOTICES} notices wait at a slow gateway, and a token passes all of them`, async () => {
  await setGateway('default', { max_per_second: 20 });
  const { admin } = world.system;
  const [customer] = await admin.read<{ hex: string }>('SELECT LOWER(HEX(id)) AS hex FROM customers WHERE mobile = ?', [
    world.freshMeter().mobile,
  ]);
  const customerId = customer!.hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const recipient = { kind: 'customer', id: customerId } as const;
  const values = { amount: '10.00', meter: '0123456789', reference: 'R1' };
  for (let batch = 0; batch < 20; batch++) {
    const messages = Array.from({ length: NOTICES / 20 }, () => {
      return { template: 'refund', subject: { kind: 'payment', id: newId() }, recipient, values } as const;
    });
    await admin.transaction((tx) => queueMessages(tx, messages, new Date()));
  }
  const waiting = async (): Promise<number> => {
    const sql = `SELECT COUNT(*) AS n FROM notices WHERE class = 'notice' AND state = 'QUEUED'`;
    return Number((await admin.read<{ n: string }>(sql))[0]!.n);
  };
  await eventually('notices are on their way', async () => (await waiting()) < NOTICES);
  const sold = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const meter = world.freshMeter();
      return { meter, digits: tokenOf(await payFor(meter)) };
    }),
  );
  for (const { meter, digits } of sold) await world.smsOn(meter, digits);
  // At half of twenty a second they would take longer than this test may.
  expect(await waiting()).toBeGreaterThan(NOTICES / 2);
  const phone = await world.outside.inbox({ mobile: await mobileOf(customerId) });
  const last = Math.max(...phone.map(({ id }) => id));
  const tokens = await Promise.all(sold.map(async ({ meter }) => (await world.outside.inbox(meter)).at(-1)!.id));
  // The notices go on behind the tokens.
  await eventually('a notice arrives after the last token', async () => {
    const now = await world.outside.inbox({ mobile: await mobileOf(customerId) });
    return Math.max(...now.map(({ id }) => id)) > Math.max(last, ...tokens);
  });
  await admin.transaction(async (tx) => {
    await tx.write(`DELETE FROM outbox WHERE topic = 'sms-notice'`);
    await tx.write(`DELETE FROM notices WHERE class = 'notice' AND state = 'QUEUED'`);
  });
  await setGateway('default', { max_per_second: 500 });
});

it('everything that was sold in this file is on its phone once', async () => {
  expect(await world.faults()).toEqual([]);
});

async function mobileOf(customerId: string): Promise<string> {
  const sql = 'SELECT mobile FROM customers WHERE id = ?';
  return (await world.system.admin.read<{ mobile: string }>(sql, [idToBytes(customerId)]))[0]!.mobile;
}
