/*
 * Proves that a database from before there were providers, with payments, a case and books in it, comes up to date with all
 * of them as they were, and that providers, statements and webhooks can be written in it.
 */
import { dhakaDay, idToBytes, newId } from '@vend/kernel';
import { Providers1700000000018 } from '../../libs/platform/migrations/0018-providers';
import { databaseBefore, type EarlierDatabase } from '../support/upgrade';

jest.setTimeout(120_000);
let earlier: EarlierDatabase;
beforeAll(async () => {
  earlier = await databaseBefore(Providers1700000000018);
});
afterAll(() => earlier?.drop());

it('keeps payments, cases, partners and templates as they were', async () => {
  const { runner } = earlier;
  const [at, paid, caseId] = [Date.now(), newId(), newId()];
  const insert = (table: string, row: Readonly<Record<string, unknown>>) =>
    runner.query(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
  await insert('recharges', {
    ...{ id: idToBytes(paid), source: 'provider:demo', source_ref: 'T1', body_hash: Buffer.alloc(32), actor: 'x' },
    ...{ channel: 'callback', gross_paisa: 5_000, state: 'REFUND_DUE', received_at: new Date(at) },
    business_day: dhakaDay(at),
  });
  const opened = { kind: 'refund-due', state: 'OPEN', office: 'Rajshahi', queue: 'accounts', automatic: true };
  const about = {
    words: 'owed back',
    opened_by: 'x',
    opened_at: new Date(at),
    due_at: new Date(at),
    opened_year: 2026,
  };
  await insert('cases', { id: idToBytes(caseId), recharge_id: idToBytes(paid), ...opened, ...about });
  await insert('partners', {
    ...{ id: idToBytes(newId()), code: 'demo', name: 'Demo', kind: 'mobile-money', key_id: 'k' },
    ...{ secret_sealed: Buffer.alloc(40), created_at: new Date(at) },
  });
  const read = async (table: string) => (await runner.query(`SELECT * FROM ${table}`)) as object[];
  const tables = ['recharges', 'cases', 'partners', 'ledger_templates'] as const;
  const before = await Promise.all(tables.map(read));
  await earlier.upgrade('to-date');
  for (const [i, table] of tables.entries()) {
    expect(await read(table)).toEqual(expect.arrayContaining(before[i]!.map((row) => expect.objectContaining(row))));
  }

  // A break's case is about money of which the books may know nothing; any other still needs a subject.
  const alone = () => ({ id: idToBytes(newId()), ...opened, ...about });
  await insert('cases', { ...alone(), kind: 'settlement-break' });
  await expect(insert('cases', alone())).rejects.toThrow('ck_cases_subject');
  expect(await read('partners')).toMatchObject([{ mode: 'live' }]);
});
