/* Proves the routes of payment providers over HTTP on a real database: two people, credentials that nobody reads again, and a change that is in force at the billers' door without a restart. */
import { ApiWorld, type Answer } from '../../../test/support/api';
import { newId } from '@vend/kernel';

jest.setTimeout(60_000);
const PASSWORD = 'invented-password-8812';
const SECRETS = { userName: 'invented-wallet', password: PASSWORD };
const BASIC = { authorization: `Basic ${Buffer.from(`${SECRETS.userName}:${PASSWORD}`).toString('base64')}` };
let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const terms = (over: object = {}) => ({
  ...{ name: 'Invented wallet', profile: 'fetch-pay-status-v1', mode: 'live', active: true, settings: '{}' },
  ...{ allowedAddresses: '127.0.0.1,198.51.100.0/24', maximum: '2000', prepaid: false, commissionBasisPoints: 150 },
  ...{ settlementBank: 'bank:settlement', version: 0, reason: 'contract of November' },
  ...over,
});
const made = (over: object = {}) => terms({ credentials: JSON.stringify(SECRETS), ...over });

async function change(code: string, body: object): Promise<Answer> {
  const headers = { 'idempotency-key': newId() };
  const ask = () => world.as('administrator', 'POST', `/v1/payment-providers/${code}`, body, headers);
  const first = await ask();
  if (first.status !== 202) return first;
  const { id } = first.body.approval as { id: string };
  const seen = await world.as('accounts', 'GET', `/v1/approvals/${id}`);
  expect([seen.text.includes(PASSWORD), seen.text.includes('contract of November')]).toEqual([false, true]);
  expect((await world.as('accounts', 'POST', `/v1/approvals/${id}/approve`, {})).status).toBe(200);
  const done = await ask();
  const again = await ask();
  expect([again.status, again.body.code, again.body.version]).toEqual([done.status, done.body.code, done.body.version]);
  return done;
}
const show = (code: string) => world.as('auditor', 'GET', `/v1/payment-providers/${code}`);

/** At the door of billers: pays Tk 3,000. */
const pay = (trxId: string) =>
  world.request(
    'POST',
    '/v1/billers/wallet/bills/pay',
    {
      amount: '3000',
      user_mobile_Number: '01700000000',
      tap_tx_id: trxId,
      account_no: '61000002',
      customer_no: '61000002',
    },
    BASIC,
  );

it('are made by two people, and nobody reads the credentials again', async () => {
  const answer = await change('wallet', made());
  expect(answer).toMatchObject({
    status: 200,
    body: { code: 'wallet', version: 1, maximum: '2000.00', allowedAddresses: ['127.0.0.1', '198.51.100.0/24'] },
  });
  expect((await show('wallet')).body).toEqual(answer.body);
  const everything = JSON.stringify([
    await world.as('auditor', 'GET', '/v1/payment-providers'),
    await world.fresh.admin.read('SELECT * FROM approvals'),
    await world.fresh.admin.read('SELECT * FROM audit_events'),
    world.logged,
  ]);
  expect([everything.includes('"wallet\\"') || everything.includes('wallet'), everything.includes(PASSWORD)]).toEqual([
    true,
    false,
  ]);
});

it('refuses whoever may not, an unknown one, and a row that its contract does not know', async () => {
  expect((await world.as('clerk', 'GET', '/v1/payment-providers')).status).toBe(403);
  expect((await show('nobody')).body).toMatchObject({ code: 'provider-not-found' });
  const refused = async (code: string, body: object) => (await change(code, body)).body.code as string;
  expect(await refused('other', made({ settings: '{"colour":"red"}' }))).toBe('provider-settings-wrong');
  expect(await refused('other', made({ allowedAddresses: '300.1.1.1' }))).toBe('provider-settings-wrong');
  expect(await refused('other', made({ settings: '[1' }))).toBe('field-invalid');
  expect(await refused('other', terms())).toBe('provider-credentials-missing');
  expect(await refused('OWN', made())).toBe('provider-code-reserved');
  // The wallet's row has opened bank:settlement.
  expect(await refused('other', made({ vatBank: 'bank:Settlement' }))).toBe('ledger-account-spelling');
  expect(await refused('demo-partner', made())).toBe('provider-code-taken');
  const partner = { profile: 'signed-v1', credentials: '{}' };
  expect(await refused('other', terms(partner))).toBe('provider-settings-wrong');
  expect(await refused('demo-partner', terms({ ...partner, prepaid: true }))).toBe('provider-settings-wrong');
  expect(await refused('wallet', terms({ ...partner, version: 1 }))).toBe('provider-settings-wrong');
  expect(await refused('wallet', terms({ version: 7 }))).toBe('provider-changed');
  expect(await refused('wallet', terms({ version: 1, prepaid: true }))).toBe('provider-prepaid-fixed');
});

it('takes the terms of a partner of the signed contract, who then stays what it is', async () => {
  const partner = terms({ profile: 'signed-v1', credentials: '{}' });
  expect(await change('demo-partner', partner)).toMatchObject({
    status: 200,
    body: { profile: 'signed-v1', version: 1 },
  });
  expect((await change('demo-partner', made({ version: 1 }))).body).toMatchObject({ code: 'provider-code-taken' });
});

it('a changed limit is in force at the door without a restart, and one person may close the door', async () => {
  // Whatever the contract's word for it: nothing is vended above the limit.
  const before = await world.footprint();
  expect((await pay('LIMIT1')).status).toBe(200);
  expect(await world.footprint()).toBe(before);
  expect((await change('wallet', terms({ version: 1, maximum: '5000' }))).status).toBe(200);
  const limitMs = Date.now() + 30_000;
  for (let n = 2; (await world.footprint()) === before && Date.now() < limitMs; n++) {
    await pay(`LIMIT${n}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(await world.footprint()).not.toBe(before);
  const headers = { 'idempotency-key': newId() };
  const closed = terms({ version: 2, maximum: '5000', active: false, name: 'Closed wallet' });
  const answer = await world.as('administrator', 'POST', '/v1/payment-providers/wallet', closed, headers);
  expect(answer).toMatchObject({ status: 200, body: { active: false, name: 'Closed wallet', version: 3 } });
  const opened = terms({ version: 3, maximum: '5000', name: 'Closed wallet' });
  expect((await world.as('administrator', 'POST', '/v1/payment-providers/wallet', opened, headers)).status).toBe(202);
});
