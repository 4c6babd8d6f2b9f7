/* Proves that a pack's file opens with its passphrase alone, unchanged, and that a journal hands every item out once and survives a power cut. */
import fc from 'fast-check';
import { newId } from '@vend/kernel';
import {
  journalText,
  lastItem,
  nextItem,
  openPackFile,
  PackFileUnreadable,
  readJournal,
  sealPackFile,
  type PackFileItem,
} from './index';

const itemOf = (meterNo: string, place: number): PackFileItem => ({
  ...{ itemId: newId(), meterNo, customerNo: '40000001', place, amount: '3000.00', vat: '142.86' },
  ...{ rebate: '28.29', energyMoney: '2885.43', carried: '0.00', credits: '2885.43 Tk' },
  digits: String(place).repeat(20),
});
const METERS = ['600727000000000009', '600727000000000017'];
const items = METERS.flatMap((meterNo) => [itemOf(meterNo, 1), itemOf(meterNo, 2)]);
const header = { packId: newId(), station: 'NESCO-RAJ-01', preparedAt: '2026-11-21T10:00:00.000+06:00' };
const PASSPHRASE = 'river mango seven lamp';
let sealed: string;
beforeAll(async () => {
  sealed = await sealPackFile(header, items, PASSPHRASE);
}, 30_000);
jest.setTimeout(30_000);

it('opens with its passphrase, and shows no token and no meter before', async () => {
  expect(await openPackFile(sealed, PASSPHRASE)).toEqual({ ...header, items });
  for (const { digits, meterNo } of items) {
    expect(sealed).not.toContain(digits);
    expect(sealed).not.toContain(meterNo);
  }
  expect(await sealPackFile(header, items, PASSPHRASE)).not.toBe(sealed);
  await expect(sealPackFile(header, items, 'short')).rejects.toThrow(RangeError);
});

it.each<[string, () => string, string]>([
  ['another passphrase', () => sealed, 'river mango seven lamb'],
  ['another station', () => sealed.replace('RAJ-01', 'RAJ-02'), PASSPHRASE],
  ['another pack', () => sealed.replace(header.packId, newId()), PASSPHRASE],
  ['a cheaper key', () => sealed.replace('"N":65536', '"N":2'), PASSPHRASE],
  [
    'a changed content',
    () => sealed.replace(/"sealed":"(.)/, (_, c) => `"sealed":"${c === 'A' ? 'B' : 'A'}`),
    PASSPHRASE,
  ],
  ['half a file', () => sealed.slice(0, 200), PASSPHRASE],
])('does not open with %s', async (_, text, passphrase) => {
  await expect(openPackFile(text(), passphrase)).rejects.toThrow(PackFileUnreadable);
});

it('hands the items of a meter out in their order, each once, whatever was cut off', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...METERS), fc.boolean()), { maxLength: 12 }), (visits) => {
      let journal = '';
      const given: string[] = [];
      for (const [meterNo, cut] of visits) {
        const item = nextItem(items, readJournal(journal), meterNo);
        if (!item) continue;
        const line = journalText({ pack: header.packId, item: item.itemId, usedAt: '2026-11-21T10:00:00.000+06:00' });
        if (cut) {
          // The power went before the line was whole: the item was not shown, and the tool cuts the rest off.
          expect(readJournal(journal + line.slice(0, -1))).toEqual(readJournal(journal));
          continue;
        }
        journal += line;
        given.push(item.itemId);
        expect(lastItem(items, readJournal(journal), meterNo)).toBe(item);
      }
      expect(new Set(given).size).toBe(given.length);
      for (const meterNo of METERS) {
        const own = given.flatMap((id) => items.find((item) => item.itemId === id && item.meterNo === meterNo) ?? []);
        expect(own.map(({ place }) => place)).toEqual(own.map((_, index) => index + 1));
      }
    }),
  );
});

it('does not skip a line that it cannot read', () => {
  expect(() => readJournal('{"pack":"x"}\n')).toThrow('line 1');
});
