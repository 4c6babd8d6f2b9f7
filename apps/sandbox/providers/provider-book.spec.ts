// Proves that a company's book takes money once per id, gives it back once, and has both after a restart, on real files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderBook } from './provider-book';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'provider-book-'));
});
afterEach(() => rm(directory, { recursive: true }));

const money = { provider: 'demo-form', trxId: 'CK1', reference: '40012345', amountPaisa: 50_000n, at: 1_000 };

it('finds after a restart what it took and gave back, once per id of a company', async () => {
  const book = await ProviderBook.open(directory);
  await Promise.all([book.took(money), book.took(money)]);
  expect(await book.took({ ...money, amountPaisa: 90_000n })).toMatchObject({ amountPaisa: 50_000n });
  await book.took({ ...money, trxId: 'CK2', orderNo: 'P-7', at: 2_000 });
  await book.took({ ...money, provider: 'demo-json', at: 3_000 });
  await book.reversed('demo-form', 'CK2', 4_000);
  await book.reversed('demo-form', 'CK2', 5_000);
  await book.close();

  const again = await ProviderBook.open(directory);
  expect(again.payments('demo-form')).toEqual([
    { ...money, orderNo: null, reversedAt: null },
    { ...money, trxId: 'CK2', orderNo: 'P-7', at: 2_000, reversedAt: 4_000 },
  ]);
  expect(again.codes()).toEqual(['demo-form', 'demo-json']);
  await again.close();
});

it('gives back nothing that it never took', async () => {
  const book = await ProviderBook.open(directory);
  await expect(book.reversed('demo-form', 'CK1', 1)).rejects.toThrow(RangeError);
  await book.close();
});
