// Proves over the real processes that every simulated company can sell our recharges in its own dialect: the money is
// taken once, the SMS arrives and the meter takes the token, whatever is lost, repeated or changed on the way; and that
// the companies' books say the same as ours.
import { formatTaka } from '@vend/kernel';
import type { InstalledMeter } from '../support/installed-meters';
import { secretsInLogs } from '../support/proofs';
import { World } from '../support/world';

const CODES = ['demo-form', 'demo-json', 'demo-fetch'] as const;
jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await World.start({ name: 'biller-dialects', meters: 80 });
}, 300_000);
afterAll(() => world?.stop(), 120_000);

const pay = (code: string, { customerNo }: InstalledMeter, faults: readonly string[] = []) =>
  world.outside.companyPayment(code, { reference: customerNo, amount: '1000.50', faults, copies: 4 });

async function tokensOf(code: string, key: string): Promise<string[]> {
  const rows = await world.system.admin.read<{ digits: string }>(
    `SELECT t.digits FROM recharges r JOIN vends v ON v.recharge_id = r.id JOIN vend_tokens t ON t.vend_id = v.id
     WHERE r.source = ? AND r.source_ref = ? ORDER BY t.sequence`,
    [`provider:${code}`, key],
  );
  return rows.map(({ digits }) => digits);
}

describe.each(CODES)('%s', (code) => {
  it('pays once: the SMS arrives, and the meter takes its token', async () => {
    const meter = world.freshMeter();
    const story = await pay(code, meter);
    expect(story).toMatchObject({ outcome: 'vended', taken: true, reversed: false, answersAgree: true });
    const [digits, ...more] = await tokensOf(code, story.key);
    expect(more).toEqual([]);
    expect([[], [digits]]).toContainEqual(story.tokens);
    await world.smsOn(meter, digits!);
    expect(await world.outside.enter(meter, digits!)).toMatchObject({ result: 'accepted' });
  });

  it.each([
    ['an answer that is lost', ['answer-lost']],
    ['a page of a proxy in its place, after asking for the status first', ['html-page', 'status-first']],
    ['copies at once and one after the other, in other clothes', ['pay-in-parallel', 'pay-repeated', 'odd-json']],
    ['other money under the same id, and a clock that is a day behind', ['amount-changed-on-repeat', 'clock-skew']],
  ])('is one vend in spite of %s', async (_, faults) => {
    const meter = world.freshMeter();
    const story = await pay(code, meter, faults);
    expect(story).toMatchObject({ outcome: 'vended', reversed: false, answersAgree: true });
    expect(await world.countsOf(story.key)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    const changed = story.steps.filter(({ meaning }: { meaning: string }) => meaning === 'conflict');
    expect(changed).toHaveLength(faults.includes('amount-changed-on-repeat') ? 1 : 0);
  });

  it('takes no money for a customer who is not there, and gives back what is refused', async () => {
    const nobody = await world.outside.companyPayment(code, { reference: '99999999', amount: '500' });
    expect(nobody).toMatchObject({ outcome: 'refused', taken: false });
    const meter = world.freshMeter();
    const order = { reference: meter.customerNo, amount: '1000', faults: ['amount-changed'], otherAmount: '0.01' };
    const refused = await world.outside.companyPayment(code, order);
    expect(refused).toMatchObject({ outcome: 'refused', taken: true, reversed: true });
    expect(await world.countsOf(refused.key)).toEqual({ recharges: 0, vends: 0, tokens: 0 });
  });

  it('has in its book what we have in ours', async () => {
    const theirs = (await world.outside.companyBook(code)).filter(({ reversedAt }) => reversedAt === null);
    const ours = await world.system.admin.read<{ trxId: string; paisa: string }>(
      `SELECT source_ref AS trxId, gross_paisa AS paisa FROM recharges WHERE source = ?`,
      [`provider:${code}`],
    );
    const sorted = (rows: readonly { trxId: string; amount: string }[]) =>
      rows.map(({ trxId, amount }) => `${trxId} ${amount}`).sort();
    expect(ours.length).toBeGreaterThan(0);
    expect(sorted(theirs)).toEqual(
      sorted(ours.map(({ trxId, paisa }) => ({ trxId, amount: formatTaka(BigInt(paisa)) }))),
    );
  });
});

it('leaves the books in order, and no password of a company in a log', async () => {
  expect(await world.faults()).toEqual([]);
  const companies = world.system.secrets<{ credentials: Record<string, string> }[]>('providers.json');
  const passwords = companies
    .flatMap(({ credentials }) => Object.values(credentials))
    .filter((each) => each.length >= 16);
  expect(passwords.length).toBeGreaterThan(CODES.length);
  const texts = passwords.map((password) => ['a password of a company', password] as const);
  expect(secretsInLogs(world.system, { tokens: new Map(), texts })).toEqual([]);
});
