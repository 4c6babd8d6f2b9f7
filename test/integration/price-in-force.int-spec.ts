/*
 * Proves that servers under load price with what is published: none vends under a revoked version once the revocation has
 * committed, none needs a restart, a quote of before is refused at a counter, and every vend prices again as it was.
 */
import { dhakaDay, type Id } from '@vend/kernel';
import { upsertStation, upsertUser } from '@vend/identity';
import { draft, PriceBooks, proposeRevocation, publish, revoke } from '@vend/pricebook';
import { reviewedDocuments } from '@vend/tariff';
import { differencesOf, readVendsOfDay } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, payment, VendingBench } from '../support/vending';

const BOOK = 'first-light';
let fresh: FreshDatabase;
let servers: VendingBench[];
let meters: Id[];
const at = Date.UTC(2026, 10, 21, 4, 30);
const [selim, amina] = [
  { username: 'selim', at },
  { username: 'amina', at },
];

beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 32 });
  servers = [1, 2, 3].map(() => new VendingBench(fresh, { maxRunAheadMinutes: 10_000 }));
  const by = { actor: 'cli:test', at };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'Station', office: 'Rajshahi' }, by);
    for (const username of ['selim', 'amina']) {
      const person = { username, password: 'not-a-real-one-1', name: username, role: 'supervisor' } as const;
      await upsertUser(tx, { ...person, station: 'NESCO-RAJ-01' }, by);
    }
  });
  meters = await servers[0]!.install(...Array.from({ length: 30 }, (_, index) => ({ serial: index + 1 })));
});
afterAll(() => fresh?.drop());

const version = (id: string, effectiveFrom: string) =>
  JSON.stringify({ ...reviewedDocuments[0]!.document, id, publishedOn: null, effectiveFrom }).replaceAll(
    '"4.19"',
    '"6.19"',
  );

async function underVersion(id: string): Promise<number> {
  const [row] = await fresh.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM vends WHERE tariff_version = ?', [id]);
  return Number(row!.n);
}

it('holds for three servers that never stop selling', async () => {
  let selling = true;
  let sold = 0;
  const sellers = servers.map(async (server, index) => {
    for (let turn = index; selling; turn += 1) {
      const group = Array.from({ length: 5 }, (_, k) => meters[(turn * 5 + k * 7) % meters.length]!);
      const answers = await Promise.all(group.map((meterId) => server.vending.recharge(payment(meterId))));
      sold += answers.length;
    }
  });
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };
  try {
    for (const round of [1, 2, 3]) {
      const code = `hike-${round}`;
      await fresh.database.transaction((tx) => draft(tx, BOOK, version(code, `2026-11-0${round}`), selim));
      await fresh.database.transaction((tx) => publish(tx, BOOK, code, amina));
      const before = sold;
      await until(() => sold >= before + 30);
      expect(await underVersion(code)).toBeGreaterThan(0);
      await fresh.database.transaction((tx) => proposeRevocation(tx, BOOK, code, 'in error', amina));
      await fresh.database.transaction((tx) => revoke(tx, BOOK, code, selim));
      // Whatever is under way now must not add to this number any more.
      const atRevocation = await underVersion(code);
      const after = sold;
      await until(() => sold >= after + 60);
      expect(await underVersion(code)).toBe(atRevocation);
    }
  } finally {
    selling = false;
    await Promise.all(sellers);
  }
  const books = new PriceBooks(fresh.database);
  const vends = await readVendsOfDay(fresh.database, dhakaDay(at), undefined, 100_000);
  expect(vends.length).toBe(sold);
  for (const vend of vends) {
    expect(differencesOf(vend, (await books.at(vend.tariffBook, vend.priceRevision)).tariffs)).toEqual([]);
  }
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});

it('refuses a quote of before at a counter, and sells at the new price when asked again', async () => {
  const [server] = servers;
  const meterId = meters[0]!;
  const quoted = await server!.vending.quote(meterId, 50_000n);
  await fresh.database.transaction((tx) => draft(tx, BOOK, version('late-hike', '2026-11-10'), selim));
  await fresh.database.transaction((tx) => publish(tx, BOOK, 'late-hike', amina));
  const quote = server!.vending.readQuoteId(quoted.quoteId);
  await expect(server!.vending.recharge(counterSale(meterId, { quote }))).rejects.toMatchObject({
    code: 'quote-changed',
  });
  const again = server!.vending.readQuoteId((await server!.vending.quote(meterId, 50_000n)).quoteId);
  const { record } = await server!.vending.recharge(counterSale(meterId, { quote: again }));
  expect(record.vend!.pricing!.tariffVersion).toBe('late-hike');
});
