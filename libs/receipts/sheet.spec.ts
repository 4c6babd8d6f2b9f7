/* Proves by sample receipts what a sheet of paper says: marks, tokens in order, what to do with them, an estimate as one, what is owed. */
import { SAMPLE_RECEIPTS } from '../../test/support/receipts';
import { sheetOf, type Receipt } from '.';

const plain: Receipt = SAMPLE_RECEIPTS.plain;
const PAGE = 'https://pay.example.bd/my/';

it('says of a recharge what it was, for whom, how it adds up, and where to see it again', () => {
  const sheet = sheetOf(plain, 'bn', PAGE);
  expect([sheet.title, sheet.marks]).toEqual(['রিচার্জ রসিদ', []]);
  expect(sheet.heading).toContainEqual({ name: 'সময়', value: '২১ নভে, ২০২৬, ১০:১৫' });
  expect(sheet.heading).toContainEqual({ name: 'শ্রেণি', value: 'LT-A, ২ কিলোওয়াট' });
  expect(sheet.lines[3]).toEqual({ name: 'রিবেট', value: '-৯.০৩', note: plain.lines[3]!.why.bn });
  expect(sheet.totals).toEqual([
    { name: 'মোট', value: '১,০০০.০০ টাকা' },
    { name: 'মিটারে জমা হবে', value: '৮৬১.৪১ টাকা' },
    { name: 'বিদ্যুৎ', value: '১৭৪.৫০ ইউনিট (kWh)', note: 'আনুমানিক' },
  ]);
  expect(sheet.page?.url).toBe(`${PAGE}#r=${plain.receiptNo}`);
  expect(sheetOf(plain, 'bn').page).toBeNull();
});

it('labels no energy an estimate that is none, and says what is still owed', () => {
  expect(sheetOf(SAMPLE_RECEIPTS.kwh, 'en').totals).toEqual([
    { name: 'Total', value: 'Tk 1,000.00' },
    { name: 'Energy', value: '149.9 units (kWh)' },
  ]);
  const owed = sheetOf(SAMPLE_RECEIPTS['many-charges'], 'en').totals;
  expect(owed).toContainEqual({ name: 'Arrears left', value: 'Tk 1,500.00' });
});

it('has every token in the order of typing, k of n, and says so', () => {
  const { tokens, notes } = sheetOf(
    { ...SAMPLE_RECEIPTS['key-change'], tokens: SAMPLE_RECEIPTS['key-change'].tokens.toReversed() },
    'en',
  );
  expect(tokens.map(({ name }) => name)).toEqual(['KEY CHANGE TOKEN 1/3', 'KEY CHANGE TOKEN 2/3', 'TOKEN 3/3']);
  expect(tokens[2]?.groups).toBe('1234 5678 9012 3456 7890');
  expect(notes.map((note) => note.split(/[ ;:]/)[0])).toEqual(['Sent', 'This', 'Enter']);
  expect(sheetOf(plain, 'en').notes).toEqual(['Enter these 20 digits into the meter.']);
});

it('hands out no token a second time that was typed before its vend was booked', () => {
  const { tokens, notes } = sheetOf({ ...plain, kind: 'offline-pack' }, 'en');
  expect([tokens, notes]).toEqual([[], ['This recharge is in the meter already; nothing more to type.']]);
});

it('marks copies and tokens of the sample tables', () => {
  expect(sheetOf(SAMPLE_RECEIPTS.copy, 'en').marks).toEqual([
    'COPY',
    'TEST TOKEN (IEC sample tables): not for real meters',
  ]);
});
