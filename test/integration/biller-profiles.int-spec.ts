// Proves that every biller profile keeps the contract of the port: the one conformance suite, over HTTP through the real
// api and core on a real database and token server, each spoken to in the dialect that the sandbox speaks.
import { conformsToBillerProfile } from '../../libs/billers/biller-profile.conformance';
import { ApiWorld } from '../support/api';
import { FreshCustomers, openBillerGround, seedBillers } from '../support/biller-ground';
import { BILLERS_UNDER_TEST } from '../support/biller-subjects';
import { brokenLaws } from '../support/books';

let world: ApiWorld;
let customers: FreshCustomers;
beforeAll(async () => {
  world = await ApiWorld.create();
  customers = await FreshCustomers.of(world);
  await seedBillers(
    world,
    BILLERS_UNDER_TEST.map(({ row }) => row),
  );
}, 60_000);
afterAll(() => world?.destroy());

describe.each(BILLERS_UNDER_TEST.map((each) => [each.subject.name, each] as const))('%s', (_, { subject, row }) => {
  conformsToBillerProfile(subject, () => openBillerGround(world, customers, row));
});

it('the laws of the books hold after all of it', async () => {
  expect(await brokenLaws(world.fresh.admin)).toEqual([]);
});
