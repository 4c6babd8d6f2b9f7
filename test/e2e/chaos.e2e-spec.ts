// Proves that nothing acknowledged is ever lost and nothing is done twice: every process is killed with SIGKILL in
// turn while providers pay and call back; afterwards their memory is compared with the books, the meters and the phones.
import { inTurns, Load, mayFollow } from '../support/load';
import { settled } from '../support/proofs';
import type { Part } from '../support/system';
import { World } from '../support/world';

jest.setTimeout(180_000);

const KILLED: readonly Part[] = ['api', 'worker', 'token-server', 'mariadb', 'redis'];

let world: World;
let load: Load;
beforeAll(async () => {
  world = await World.start({ name: 'chaos', meters: 128 });
  load = new Load(world.biller, world.meters, { clients: 12, thinkMs: 50, paymentsMax: 12_000 });
}, 240_000);
afterAll(async () => {
  await load?.stop();
  await world?.stop();
}, 120_000);

describe('kill -9 under load', () => {
  it.each(KILLED)('%s: killed while payments arrive, and started again', async (part) => {
    await load.more(120);
    await world.system.kill(part);
    await load.moreCalls(30);
    await world.system.startAgain(part);
    await load.more(120);
  });
});

describe('afterwards', () => {
  it('every payment of unknown outcome is resolved by repeating it', async () => {
    await load.stop();
    // Killing the api and the database under a dozen callers leaves some without an answer, or nothing was proved.
    expect(await load.resolveUnknown()).toBeGreaterThan(0);
    expect(load.wrong).toEqual([]);
  });

  it('everything pending completes', async () => {
    await settled(world.system.admin);
    const states = await world.system.admin.read<{ state: string; n: string }>(
      'SELECT state, COUNT(*) AS n FROM recharges GROUP BY state',
    );
    expect(states).toEqual([{ state: 'APPLIED', n: String(load.payments.length) }]);
  });

  it('no acknowledged payment is missing: status says what its provider was told', async () => {
    const broken: string[] = [];
    await inTurns(load.payments, 12, async ({ transactionId, byCallback, acknowledged }) => {
      const status = await world.biller.status(transactionId);
      const agrees = byCallback || mayFollow(acknowledged!, status);
      if (status.body.status !== 'vended' || status.body.tokens.length !== 1 || !agrees) {
        broken.push(`${transactionId}: told ${acknowledged!.text}, status ${status.status} ${status.text}`);
      }
    });
    expect(broken).toEqual([]);
  });

  it('no payment has two tokens, and nothing was vended that nobody paid for', async () => {
    const rows = await world.system.admin.read<{ ref: string; tokens: string }>(
      `SELECT r.source_ref AS ref, COUNT(*) AS tokens FROM recharges r JOIN vends v ON v.recharge_id = r.id
       JOIN vend_tokens t ON t.vend_id = v.id GROUP BY r.source_ref ORDER BY r.source_ref`,
    );
    const paid = load.payments.map(({ transactionId }) => ({ ref: transactionId, tokens: '1' }));
    expect(rows).toEqual(paid.sort((a, b) => (a.ref < b.ref ? -1 : 1)));
  });

  it('the books hold, every token is good once at its own meter, and every receipt is on its phone once', async () => {
    expect(await world.faults()).toEqual([]);
  });

  it('no log, and nothing that Redis was ever told, holds a token, a phone number, a password or a secret', async () => {
    expect(await world.leaks()).toEqual([]);
  });
});
