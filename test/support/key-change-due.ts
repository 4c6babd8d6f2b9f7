import { Campaigns } from '@vend/meters';
import type { VendingBench } from './vending';

let named = 0;

/** Leaves every meter of an office with a key change (KRN 1 to 2 of the first EA07 group) that its next vend carries. */
export async function leaveKeyChangeDue(bench: VendingBench, office: string): Promise<void> {
  const campaigns = new Campaigns(bench.fresh.database, { now: () => bench.now });
  const name = `due-${++named}-${Math.floor(Math.random() * 1e9)}`;
  const keys = { from: { sgc: '123456', krn: 1 }, to: { sgc: '123456', krn: 2 } };
  const order = { name, kind: 'key-revision', ...keys, ti: null, office, listHash: null } as const;
  await campaigns.create(order, await bench.issuer.vendingKeys(), 'officer:anwar');
  const { made } = await campaigns.make(name, bench.issuer);
  if (made === 0) throw new Error(`no meter of ${office} has a key change due`);
}
