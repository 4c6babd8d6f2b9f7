/* Proves on a real database, with the application's rights, that a notice remembers its last outcome and that what was sent stays sent. */
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { payment, VendingBench } from '../../test/support/vending';
import { findNotices, saveNotices, type Notice } from './index';

let fresh: FreshDatabase;
let vendId: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  const bench = new VendingBench(fresh);
  const [meterId] = await bench.install({ serial: 1 });
  vendId = (await bench.vending.recharge(payment(meterId!))).record.vend!.vendId;
});
afterAll(() => fresh?.drop());

const save = (...notices: Partial<Notice>[]) =>
  fresh.database.transaction((tx) =>
    saveNotices(
      tx,
      notices.map((n) => ({ vendId, state: 'QUEUED', referenceId: null, outcome: null, parts: 1, ...n })),
      new Date(),
    ),
  );
const stored = async () => (await findNotices(fresh.database, [vendId])).get(vendId);

it('goes from no row through a failed attempt to sent, and stays there', async () => {
  expect(await stored()).toBeUndefined();
  await save({ outcome: 'gateway-timeout' });
  expect(await stored()).toMatchObject({ state: 'QUEUED', outcome: 'gateway-timeout' });
  await save({ state: 'SENT', outcome: 'accepted', referenceId: 'R1' });
  expect(await stored()).toMatchObject({ state: 'SENT', outcome: 'accepted' });
  await save({ outcome: 'gateway-timeout' });
  await save({ state: 'FAILED', outcome: 'recipient-invalid' });
  expect(await stored()).toMatchObject({ state: 'SENT', outcome: 'accepted' });
});
