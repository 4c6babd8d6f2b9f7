/* Proves that every kind of vend has its words for SMS and print in both languages: what it is, its tokens in print, the copy mark. */
import { groupedToken, KIND_TITLES, printText, receiptValues, tokensToType, type Receipt, type ReceiptKind } from '.';

const KINDS = Object.keys(KIND_TITLES) as ReceiptKind[];
const WITHOUT_TOKEN = ['fee', 'arrears-payment'];

function receiptOf(kind: ReceiptKind, changes: Partial<Receipt> = {}): Receipt {
  const last = kind === 'engineering' ? 'clear-tamper' : kind === 'key-change' ? 'key-change' : 'credit';
  const kinds = WITHOUT_TOKEN.includes(kind) ? [] : (['key-change', 'key-change', last] as const);
  return {
    kind,
    receiptNo: 'NV-261121-7K3M9QXA2T',
    rechargeId: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
    issuedAt: Date.UTC(2026, 10, 21, 4, 15, 30),
    station: 'Test station',
    channel: { en: 'counter', bn: 'কাউন্টার' },
    customerNo: '40012345',
    customerName: 'Test Customer',
    meterNo: '600727000000000009',
    tariffClass: 'LT-A',
    sanctionedW: 2000n,
    lines: [],
    tokens: kinds.map((each, i) => ({ sequence: i + 1, of: 3, kind: each, digits: `1234567890123456789${i}` })),
    grossPaisa: 0n,
    energyPaisa: 20_950n,
    energyWh: 50_000n,
    estimatedWh: null,
    remainderPaisa: 0n,
    arrearsLeftPaisa: 0n,
    sampleTables: false,
    copy: false,
    ...changes,
  };
}

describe.each(['bn', 'en'] as const)('in %s', (language) => {
  it.each(KINDS)('%s: the SMS says what it is, and the print has its own title and every token', (kind) => {
    const receipt = receiptOf(kind);
    const print = printText(receipt, language);
    expect(receiptValues(receipt, language)['bought']).toMatch(/[।.]$/);
    expect(print.split('\n')[0]).toBe(KIND_TITLES[kind][language]);
    for (const { digits } of receipt.tokens) expect(print).toContain(groupedToken(digits));
  });

  it.each(KINDS)('%s: a copy says so', (kind) => {
    const mark = { bn: 'অনুলিপি', en: 'COPY' }[language];
    expect(receiptValues(receiptOf(kind), language)['copy']).toBe('');
    expect(receiptValues(receiptOf(kind, { copy: true }), language)['copy']).toContain(mark);
    expect(printText(receiptOf(kind, { copy: true }), language)).toContain(mark);
  });
});

it('tells of an item of an offline pack that it is booked, with no token to type a second time', () => {
  const receipt = receiptOf('offline-pack', { grossPaisa: 300_000n });
  expect(tokensToType(receipt)).toEqual([]);
  expect(receiptValues(receipt, 'en')['bought']).toContain('is booked; nothing more to type. Paid Tk 3000.00');
  expect(receiptValues(receipt, 'bn')['bought']).toContain('আর টোকেন দিতে হবে না');
  expect(tokensToType(receiptOf('credit'))).toHaveLength(3);
});

it('warns before credit is cleared', () => {
  const tokens = [{ sequence: 1, of: 1, kind: 'clear-credit', digits: '12345678901234567890' }] as const;
  const { bought } = receiptValues(receiptOf('engineering', { tokens }), 'en');
  expect(bought).toBe('Careful: it clears the credit in the meter. Nothing was charged.');
});
