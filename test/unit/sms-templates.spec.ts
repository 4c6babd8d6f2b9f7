// Proves the texts that a release brings, rendered as they leave: tokens first, whole in every way a gateway may cut,
// in order and in ASCII digits; amount, energy, every charge, months, reference and link behind them.
import fc from 'fast-check';
import { renderSms, TEMPLATE_CODES, type SmsTemplate, type TemplateCode } from '@vend/messages';
import {
  groupedToken,
  receiptValues,
  smsCuts,
  smsParts,
  type Language,
  type Receipt,
  type ReceiptToken,
} from '@vend/receipts';
import { segmentText } from '@vend/sms';
import { RELEASED_TEMPLATES as released } from '../builders/sms-templates';

const LANGUAGES: readonly Language[] = ['bn', 'en'];

function template(code: TemplateCode, language: Language): SmsTemplate {
  return { code, version: 1, language, body: released.find((each) => each.code === code)![language] };
}

function receipt(changes: Partial<Receipt> = {}): Receipt {
  const words = { en: '', bn: '' };
  return {
    receiptNo: 'NV-261121-7K3M9QXA2T',
    rechargeId: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
    issuedAt: Date.UTC(2026, 10, 21, 4, 15, 30),
    station: 'Test station',
    channel: words,
    customerNo: '40012345',
    customerName: 'Test Customer',
    meterNo: '600727000000000009',
    tariffClass: 'LT-A',
    sanctionedW: 2000n,
    lines: [
      { code: 'vat', amountPaisa: 4762n, label: words, why: words },
      { code: 'meter-rent', amountPaisa: 4000n, label: words, why: words },
      { code: 'demand-charge', amountPaisa: 6000n, label: words, why: words },
      { code: 'rebate', amountPaisa: -903n, label: words, why: words },
    ],
    chargedMonths: [202611],
    tokens: tokens(1),
    grossPaisa: 100_000n,
    energyPaisa: 86_141n,
    energyWh: null,
    estimatedWh: 174_500n,
    remainderPaisa: 0n,
    arrearsLeftPaisa: 0n,
    sampleTables: false,
    copy: false,
    ...changes,
  };
}

function tokens(of: number): ReceiptToken[] {
  return Array.from({ length: of }, (_, i) => ({
    sequence: i + 1,
    of,
    kind: i + 1 < of ? 'key-change' : 'credit',
    digits: `${1234567890123456789n * 10n + BigInt(i)}`.slice(0, 20),
  }));
}

function sms(about: Receipt, language: Language, link?: string) {
  return renderSms(template('receipt', language), receiptValues(about, language, link), { tokens: about.tokens });
}

it('there is a text in both languages for every code', () => {
  expect(released.map(({ code }) => code)).toEqual(TEMPLATE_CODES);
  for (const { bn, en } of released) expect([bn === '', en === '']).toEqual([false, false]);
});

it('an English receipt: everything, in two parts of GSM 7-bit', () => {
  expect(sms(receipt(), 'en', 'https://pay.example/')).toEqual({
    text:
      'Token: 1234 5678 9012 3456 7890. Paid Tk 1000.00, credit Tk 861.41 (about 174.5 kWh). ' +
      'VAT 47.62, rent 40.00, demand 60.00, rebate -9.03. Months 11/2026. ' +
      'Meter 600727000000000009. Receipt NV-261121-7K3M9QXA2T https://pay.example/NV-261121-7K3M9QXA2T',
    ...{ alphabet: 'gsm-7', units: 248, parts: 2 },
  });
});

it('a Bangla receipt: the same, with ASCII digits and without a Taka sign', () => {
  const { text, alphabet, parts } = sms(receipt(), 'bn');
  expect(text).toBe(
    'টোকেন: 1234 5678 9012 3456 7890। 1000.00 টাকায় মিটারে জমা 861.41 টাকা (আনুমানিক 174.5 ইউনিট)। ভ্যাট 47.62, ভাড়া 40.00, ডিমান্ড 60.00, রিবেট -9.03। মাস 11/2026। মিটার 600727000000000009। রসিদ NV-261121-7K3M9QXA2T'.normalize(
      'NFC',
    ),
  );
  expect([alphabet, parts]).toEqual(['ucs-2', 4]);
  expect(text).not.toMatch(/[০-৯৳]/);
});

it('several tokens are numbered, in order, and all needed', () => {
  const { text } = sms(receipt({ tokens: tokens(3).reverse() }), 'en');
  expect(text).toMatch(/^3 tokens, enter all in this order: 1\/3 [\d ]{24} 2\/3 [\d ]{24} 3\/3 [\d ]{24} Paid/);
});

it('a copy says so behind the tokens, and an original cannot', () => {
  const copied = renderSms(template('resend', 'en'), receiptValues(receipt({ copy: true }), 'en'), {
    tokens: tokens(1),
  });
  expect(copied.text).toMatch(/^Token: [\d ]{24}\. COPY\. Paid/);
  expect(sms(receipt({ copy: true }), 'en').text).not.toContain('COPY');
  expect(() => renderSms(template('resend', 'en'), receiptValues(receipt(), 'en'), { tokens: tokens(1) })).toThrow(
    'resend needs a value: copy',
  );
});

it('a receipt of a fee begins with its words', () => {
  const fee = receipt({ kind: 'fee', tokens: [], lines: [], chargedMonths: [] });
  expect(sms(fee, 'en').text).toBe(
    'Service fee of Tk 1000.00 received, VAT included. Meter 600727000000000009. Receipt NV-261121-7K3M9QXA2T',
  );
});

const receipts = fc
  .record({
    count: fc.integer({ min: 1, max: 13 }),
    grossPaisa: fc.bigInt({ min: 100n, max: 99_999_999n }),
    remainderPaisa: fc.bigInt({ min: 0n, max: 99n }),
    arrearsLeftPaisa: fc.bigInt({ min: 0n, max: 9_999_999n }),
    chargedMonths: fc.array(fc.constantFrom(202609, 202610, 202611), { maxLength: 3 }),
    energyWh: fc.option(fc.bigInt({ min: 100n, max: 9_999_900n })),
    sampleTables: fc.boolean(),
    remoteLoad: fc.boolean(),
    meterNo: fc.constantFrom('600727000000000009', '0123••••890', '০১২৩৪৫'),
  })
  .map(({ count, ...changes }) => receipt({ ...changes, tokens: tokens(count) }));
const links = fc.option(fc.constantFrom('https://pay.example/r/', 'https://বিল.বাংলা/'), { nil: undefined });

describe.each(LANGUAGES)('any receipt in %s', (language) => {
  it('opens with its tokens, in order, each whole in one part however the message is cut', () => {
    fc.assert(
      fc.property(receipts, links, (about, link) => {
        const { text, alphabet, parts } = sms(about, language, link);
        expect(text).toBe(text.normalize('NFC'));
        expect(parts).toBe(smsParts(text).parts.length);
        const written = about.tokens.map(({ sequence, of, digits }) =>
          of === 1 ? groupedToken(digits) : `${sequence}/${of} ${groupedToken(digits)}`,
        );
        const places = written.map((each) => text.indexOf(each));
        expect(places.every((place) => place >= 0)).toBe(true);
        expect([...places].sort((a, b) => a - b)).toEqual(places);
        expect(text.slice(0, places[0])).toMatch(/^(Token: |টোকেন: |\d+ tokens, |\d+টি টোকেন, )/);
        const end = places.at(-1)! + written.at(-1)!.length;
        expect(text.slice(0, end).replaceAll(/[\d/ ]/g, '')).not.toMatch(/Paid|টাকা/);
        if (parts === 1) return;
        const cuts = (['udh-8', 'udh-16'] as const).flatMap((join) => [
          smsCuts(text, alphabet, join),
          ownCuts(text, join),
        ]);
        for (const [n, place] of places.entries()) {
          const inside = (cut: number) => cut > place && cut < place + written[n]!.length;
          expect(cuts.some((cut) => cut.some(inside))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('holds every value that it was given', () => {
    fc.assert(
      fc.property(receipts, links, (about, link) => {
        const { text } = sms(about, language, link);
        for (const [name, value] of Object.entries(receiptValues(about, language, link))) {
          if (name === 'copy' || (language === 'en' && /[^\x20-\x7e]/.test(value))) continue;
          expect(text).toContain(value.normalize('NFC'));
        }
      }),
    );
  });

  it('never leaves GSM 7-bit in English, whatever a value holds', () => {
    fc.assert(
      fc.property(receipts, links, (about, link) => {
        expect(sms(about, language, link).alphabet).toBe(language === 'en' ? 'gsm-7' : 'ucs-2');
      }),
    );
  });
});

/** Where our own SMPP client cuts, which spares letters and groups of digits. */
function ownCuts(text: string, join: 'udh-8' | 'udh-16'): number[] {
  let at = 0;
  return segmentText(text, join)
    .parts.slice(0, -1)
    .map((part) => (at += part.length));
}
