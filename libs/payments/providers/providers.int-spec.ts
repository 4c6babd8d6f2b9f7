/* Proves, on a real database, that providers' rows keep their secrets sealed, refuse what their contract does not know, and are in force elsewhere after five seconds. */
import { accountsOf, LedgerService, type AccountOf } from '@vend/ledger';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { providerDraft, seedProvider } from '../../../test/support/providers';
import { loadProviders, saveProvider } from '../store/providers';
import { Providers } from './providers';

const SECRET = Buffer.alloc(32, 7);
const CREDENTIALS = { userName: 'invented-user', password: 'invented-pass-4711' };
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const save = (draft: ReturnType<typeof providerDraft>, version: number) =>
  fresh.database.transaction((tx) => saveProvider(tx, SECRET, draft, { version, by: 'user:anna', now: Date.now() }));

it('is read as it was written, and its secrets are nowhere to be read', async () => {
  const draft = providerDraft({
    code: 'first',
    profile: 'biller-form-v1',
    credentials: CREDENTIALS,
    settings: { term: 'x' },
    minimumPaisa: 10_000n,
    maximumPaisa: 9_007_199_254_740_993n,
    commissionBasisPoints: 150,
    vatBank: 'bank:vat',
  });
  await save(draft, 0);
  const [loaded] = await loadProviders(fresh.database, SECRET);
  expect(loaded).toEqual(draft);
  const rows = await fresh.admin.read('SELECT * FROM payment_providers');
  expect(
    JSON.stringify(rows, (_, value: unknown) => (Buffer.isBuffer(value) ? value.toString('latin1') : value)),
  ).not.toMatch(/invented-pass/);
});

it('changes only from the version that was seen, and never from on account to in advance', async () => {
  const draft = providerDraft({ code: 'second', profile: 'biller-json-v1', credentials: CREDENTIALS });
  await save(draft, 0);
  await expect(save(draft, 0)).rejects.toMatchObject({ code: 'provider-changed' });
  await expect(save({ ...draft, prepaid: true }, 1)).rejects.toMatchObject({ code: 'provider-prepaid-fixed' });
  await expect(save({ ...draft, code: 'SECOND' }, 0)).rejects.toMatchObject({ code: 'provider-code-taken' });
  await save({ ...draft, name: 'Renamed' }, 1);
  expect((await loadProviders(fresh.database, SECRET)).find(({ code }) => code === 'second')?.name).toBe('Renamed');
});

it.each([
  ['an address that is none', { allowedAddresses: ['10.0.0.0/33'] }, 'allowedAddresses'],
  ['a limit below the other', { minimumPaisa: 2n, maximumPaisa: 1n }, 'maximumPaisa'],
  ['an account that is no bank', { settlementBank: 'bank:' as const }, 'settlementBank'],
  ['a commission above the whole', { commissionBasisPoints: 10_001 }, 'commissionBasisPoints'],
  ['a setting that its contract does not know', { settings: { colour: 'red' } }, 'settings.colour'],
  ['a credential left out', { credentials: { userName: 'x' } }, 'credentials'],
])('refuses %s', async (_, given, field) => {
  const contract = { credentialNames: ['userName', 'password'], settingNames: [{ name: 'term', optional: true }] };
  const draft = { code: 'third', profile: 'biller-form-v1' as const, credentials: CREDENTIALS, ...given };
  await expect(seedProvider(fresh.database, SECRET, draft, contract)).rejects.toMatchObject({
    code: 'provider-settings-wrong',
    facts: { field },
  });
});

describe('an account of a bank', () => {
  const provider = (code: string, settlementBank: AccountOf<'bank'>, vatBank: AccountOf<'bank'> | null = null) =>
    providerDraft({ code, profile: 'biller-json-v1', credentials: CREDENTIALS, settlementBank, vatBank });
  const rowOf = async (code: string) =>
    (await loadProviders(fresh.database, SECRET)).find((each) => each.code.toLowerCase() === code);
  const otherwise = (account: string, written: string) => ({
    ...{ code: 'ledger-account-spelling', facts: { account, written } },
  });
  beforeAll(() => new LedgerService(fresh.database).open(['bank:Sonali']));

  it('that the books write with other large and small letters is refused, and nothing is changed', async () => {
    const wrong = otherwise('bank:sonali', 'bank:Sonali');
    await expect(save(provider('small', 'bank:sonali'), 0)).rejects.toMatchObject(wrong);
    await expect(save(provider('small', 'bank:New-1', 'bank:sonali'), 0)).rejects.toMatchObject(wrong);
    expect(await rowOf('small')).toBeUndefined();
    expect(await accountsOf(fresh.database, 'bank')).not.toContain('bank:New-1');
    await save(provider('small', 'bank:Sonali'), 0);
    await expect(save(provider('small', 'bank:Sonali', 'bank:SONALI'), 1)).rejects.toMatchObject(
      otherwise('bank:SONALI', 'bank:Sonali'),
    );
    expect(await rowOf('small')).toMatchObject({ settlementBank: 'bank:Sonali', vatBank: null });
  });

  it('that is new is opened with the row, so that of two spellings at once one is refused', async () => {
    await expect(save(provider('both', 'bank:Janata', 'bank:janata'), 0)).rejects.toMatchObject({
      code: 'ledger-account-spelling',
    });
    const banks = ['bank:Agrani', 'bank:AGRANI', 'bank:agrani'] as const;
    const saved = await Promise.allSettled(banks.map((bank, n) => save(provider(`at-once-${n}`, bank), 0)));
    const won = banks.filter((_, n) => saved[n]!.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const each of saved) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ledger-account-spelling' });
    }
    const opened = await accountsOf(fresh.database, 'bank');
    expect(opened.filter((account) => /agrani|janata/i.test(account))).toEqual(won);
    await new LedgerService(fresh.database).open(won);
  });

  it('that an earlier release let in wrongly spelt does not keep its door from being closed', async () => {
    const old = provider('old', 'bank:Sonali');
    await save(old, 0);
    const earlier = "UPDATE payment_providers SET settlement_bank = 'bank:sOnAlI' WHERE code = 'old'";
    await fresh.admin.transaction((tx) => tx.write(earlier));
    await save({ ...old, settlementBank: 'bank:sOnAlI', active: false }, 1);
    expect((await rowOf('old'))?.active).toBe(false);
    await save({ ...old, active: false }, 2);
    expect((await rowOf('old'))?.settlementBank).toBe('bank:Sonali');
  });
});

it.each(['own', 'OWN', 'Own'])(
  'refuses to make a provider with the code %s, which is a word of the addresses',
  async (code) => {
    const draft = providerDraft({ code, profile: 'biller-form-v1', credentials: CREDENTIALS, prepaid: true });
    await expect(save(draft, 0)).rejects.toMatchObject({ code: 'provider-code-reserved' });
    expect((await loadProviders(fresh.database, SECRET)).filter((each) => /^own$/i.test(each.code))).toEqual([]);
  },
);

it('keeps rows for five seconds, asks once for all, and sees a change after that', async () => {
  let now = 0;
  let looks = 0;
  const load = () => {
    looks += 1;
    return loadProviders(fresh.database, SECRET);
  };
  const providers = new Providers(load, () => now);
  await seedProvider(fresh.database, SECRET, { code: 'kept', profile: 'xml-ack-v1' });
  const [one, other] = await Promise.all([providers.byCode('kept'), providers.byCode('nobody')]);
  expect([one?.active, other, looks]).toEqual([true, undefined, 1]);
  await seedProvider(fresh.database, SECRET, { code: 'kept', profile: 'xml-ack-v1', active: false });
  now = 4_999;
  expect((await providers.byCode('kept'))?.active).toBe(true);
  now = 5_000;
  expect((await providers.byCode('kept'))?.active).toBe(false);
});
