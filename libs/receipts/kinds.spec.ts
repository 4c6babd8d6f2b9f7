/* Proves that every kind of vend has its SMS and its print in both languages: what it is, tokens whole and in order, the copy mark. */
import { groupedToken, KIND_TITLES, printText, smsParts, smsText, type Receipt, type ReceiptKind } from '.';

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
  it.each(KINDS)('%s: the SMS has every token whole and in order, and the print its own title', (kind) => {
    const receipt = receiptOf(kind);
    const sms = smsText(receipt, language);
    const print = printText(receipt, language);
    const places = receipt.tokens.map(({ sequence, digits }) => sms.indexOf(`${sequence}/3 ${groupedToken(digits)}`));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(print.split('\n')[0]).toBe(KIND_TITLES[kind][language]);
    for (const { digits } of receipt.tokens) expect(print).toContain(groupedToken(digits));
    expect(smsParts(sms).alphabet).toBe(language === 'en' ? 'gsm-7' : 'ucs-2');
  });

  it.each(KINDS)('%s: a copy says so', (kind) => {
    const mark = { bn: 'অনুলিপি', en: 'COPY' }[language];
    expect(smsText(receiptOf(kind), language)).not.toContain(mark);
    expect(smsText(receiptOf(kind, { copy: true }), language)).toContain(mark);
    expect(printText(receiptOf(kind, { copy: true }), language)).toContain(mark);
  });
});

it('warns before credit is cleared', () => {
  const tokens = [{ sequence: 1, of: 1, kind: 'clear-credit', digits: '12345678901234567890' }] as const;
  expect(smsText(receiptOf('engineering', { tokens }), 'en')).toContain('Careful: it clears the credit in the meter.');
});
