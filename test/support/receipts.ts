/** Receipts as they come out of the books, invented: the plain one and those that strain the paper. */
import type { Receipt, ReceiptLine, ReceiptToken } from '@vend/receipts';

const line = (code: string, amountPaisa: bigint, bn: [string, string], en: [string, string]): ReceiptLine => ({
  ...{ code, amountPaisa, label: { bn: bn[0], en: en[0] }, why: { bn: bn[1], en: en[1] } },
});

const LINES: readonly ReceiptLine[] = [
  line(
    ...(['vat', 4762n] as const),
    ['ভ্যাট', '1000.00 টাকার ভেতরে 5 % (5/105 অংশ)'],
    ['VAT', '5 % inside Tk 1000.00 (5/105 of it)'],
  ),
  line(
    ...(['meter-rent', 4000n] as const),
    ['মিটার ভাড়া', 'সিঙ্গেল ফেজ মিটার, 40.00 টাকা × 1 মাস: নভেম্বর 2026'],
    ['Meter rent', 'single-phase meter, Tk 40.00 x 1 month: Nov 2026'],
  ),
  line(
    ...(['demand-charge', 6000n] as const),
    ['ডিমান্ড চার্জ', '30.00 টাকা × 2 কিলোওয়াট × 1 মাস: নভেম্বর 2026'],
    ['Demand charge', 'Tk 30.00 x 2 kW x 1 month: Nov 2026'],
  ),
  line(
    ...(['rebate', -903n] as const),
    ['রিবেট', '912.38 টাকার 1 % / 1.01 = 9.03 (1000.00 - ভ্যাট 47.62 - ভাড়া 40.00)'],
    ['Rebate', '1 % of Tk 912.38 / 1.01 = 9.03 (1000.00 - VAT 47.62 - rent 40.00)'],
  ),
  line(
    ...(['energy', 86141n] as const),
    ['বিদ্যুৎ', 'মিটার নিজের ধাপ অনুযায়ী কাটবে'],
    ['Energy', 'the meter takes it by its own slabs'],
  ),
];

const MORE: readonly ReceiptLine[] = [
  line(
    ...(['arrears', 50000n] as const),
    ['বকেয়া', 'কিস্তি চুক্তি: মাসে 500.00 টাকা, সীমার মধ্যে; বাকি 1500.00 টাকা'],
    ['Arrears', 'plan: Tk 500.00 a month, within its limits; Tk 1500.00 left'],
  ),
  line(
    ...(['power-factor', 12345n] as const),
    ['পাওয়ার ফ্যাক্টর সারচার্জ', 'শেষ রিডিংয়ে গড় পাওয়ার ফ্যাক্টর 0.95-এর কম'],
    ['Power factor surcharge', 'average power factor below 0.95 at the last reading'],
  ),
  line(
    ...(['penalty', 100000n] as const),
    ['জরিমানা', 'ধার্য করা জরিমানা; নোটিশ RAJ-2026-1187'],
    ['Penalty', 'penalty assessed earlier; notice RAJ-2026-1187'],
  ),
  line(
    ...(['lifeline-credit', -4210n] as const),
    ['লাইফলাইন ফেরত', 'অক্টোবর 2026: 48 kWh × (4.19 - 3.31) টাকা; মাসটি লাইফলাইনের মধ্যে ছিল'],
    ['Lifeline credit', 'Oct 2026: 48 kWh x (4.19 - 3.31); the month stayed within the lifeline'],
  ),
  line(
    ...(['adjustment', 1525n] as const),
    ['মূল্যহার সমন্বয়', 'সেপ্টেম্বর ও অক্টোবর 2026-এর নতুন মূল্যহার'],
    ['Tariff adjustment', 'the new price of Sep and Oct 2026'],
  ),
  line(
    ...(['remainder-carried', 7n] as const),
    ['পরের বারের জমা', 'টোকেনের এক ধাপের চেয়ে কম; পরের রিচার্জে যোগ হবে'],
    ['Carried forward', "less than a token's step; added to the next recharge"],
  ),
];

const DIGITS = ['49926899024815912342', '54848602015128592288', '12345678901234567890'] as const;
const tokens = (...kinds: readonly ReceiptToken['kind'][]): ReceiptToken[] =>
  kinds.map((kind, index) => ({ sequence: index + 1, of: kinds.length, kind, digits: DIGITS[index]! }));

const plain: Receipt = {
  kind: 'credit',
  receiptNo: 'NV-261121-7K3M9QXA2T',
  rechargeId: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
  issuedAt: Date.UTC(2026, 10, 21, 4, 15, 30),
  station: 'NESCO-RAJ-01',
  channel: { en: 'cash at the counter', bn: 'কাউন্টারে নগদ' },
  customerNo: '40012345',
  customerName: 'মোঃ আব্দুর রাজ্জাক',
  meterNo: '600727000000000009',
  tariffClass: 'LT-A',
  sanctionedW: 2000n,
  lines: LINES,
  tokens: tokens('credit'),
  grossPaisa: 100_000n,
  energyPaisa: 86_141n,
  energyWh: null,
  estimatedWh: 174_500n,
  remainderPaisa: 0n,
  arrearsLeftPaisa: 0n,
  sampleTables: false,
  copy: false,
};

/** By what is special about them. */
export const SAMPLE_RECEIPTS = {
  plain,
  'key-change': { ...plain, tokens: tokens('key-change', 'key-change', 'credit'), remoteLoad: true },
  'many-charges': { ...plain, lines: [...MORE, ...LINES], arrearsLeftPaisa: 150_000n, grossPaisa: 259_667n },
  copy: { ...plain, copy: true, sampleTables: true },
  kwh: { ...plain, energyWh: 149_900n, estimatedWh: null },
  'long-names': {
    ...plain,
    customerName: 'আলহাজ্ব মোহাম্মদ খন্দকার সৈয়দ শাহরিয়ার ইফতেখার উদ্দিন চৌধুরী (ক্ষুদ্রঋণ প্রকল্প, চাঁপাইনবাবগঞ্জ)',
    station: 'ইউনিয়ন ডিজিটাল সেন্টার, শ্রীকৃষ্ণপুর-রাজারামপুর, গোদাগাড়ী',
    customerNo: '4001234567890123456789012345678901234567890123456789',
  },
  engineering: {
    ...plain,
    kind: 'engineering',
    ...{ tokens: tokens('clear-tamper'), lines: [], grossPaisa: 0n, energyPaisa: 0n, estimatedWh: null },
  },
} as const satisfies Record<string, Receipt>;
