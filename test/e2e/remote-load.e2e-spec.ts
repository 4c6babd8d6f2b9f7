/*
 * Proves with real processes that a meter behind the sandbox's head-end has its credit without anybody typing, that the
 * SMS goes all the same and says so, and that typing it as well credits nothing more.
 */
import { eventually } from '../support/system';
import { tokenOf, World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await World.start({ name: 'remote-load', meters: 8 });
}, 300_000);
afterAll(() => world?.stop());

it('loads the token of a vend into its meter, and says so in the SMS', async () => {
  const meter = world.freshMeter('energy');
  await world.system.admin.read(`UPDATE meters SET head_end = 'demo-hes' WHERE pan = ?`, [meter.meterNo]);
  const quote = await world.clerk.quote(meter.meterNo, '500.00');
  const digits = tokenOf(await world.clerk.recharge(quote.body.quoteId));
  const view = async () =>
    (await (await fetch(`${world.system.sandboxUrl}/meters/${meter.meterNo}`)).json()) as { tokensAccepted: number };
  await eventually('the meter has its credit', async () => (await view()).tokensAccepted === 1);
  await eventually('the load is LOADED', async () => {
    const rows = await world.system.admin.read<{ state: string }>('SELECT state FROM remote_loads');
    return rows.length === 1 && rows[0]!.state === 'LOADED';
  });
  expect(await world.smsOn(meter, digits)).toContain('Sent to your meter');
  const typed = await fetch(`${world.system.sandboxUrl}/meters/${meter.meterNo}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ digits }),
  });
  expect(await typed.json()).toMatchObject({ result: 'used', credited: null });
}, 120_000);
