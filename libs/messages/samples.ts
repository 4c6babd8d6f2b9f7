import type { Language, ReceiptToken } from '@vend/receipts';
import { TEMPLATES, type TemplateCode } from './codes';

/** Invented values of an ordinary length, for previews. */
const SAMPLES: Readonly<Record<string, string | Readonly<Record<Language, string>>>> = {
  bought: {
    bn: '1000.00 টাকায় মিটারে জমা 861.41 টাকা (আনুমানিক 174.5 ইউনিট)।',
    en: 'Paid Tk 1000.00, credit Tk 861.41 (about 174.5 kWh).',
  },
  charges: {
    bn: 'ভ্যাট 47.62, ভাড়া 40.00, ডিমান্ড 60.00, রিবেট -9.03',
    en: 'VAT 47.62, rent 40.00, demand 60.00, rebate -9.03',
  },
  months: '11/2026',
  receipt: 'NV-261121-7K3M9QXA2T',
  copy: { bn: 'অনুলিপি।', en: 'COPY.' },
  meter: '600727000000000009',
  amount: '1000.00',
  reference: 'CK12AB34CD',
  code: '402817',
  minutes: '5',
  month: '10/2026',
  last: '18/09/2026',
  'tokens-count': '2',
  due: '30/11/2026',
  number: 'C-26-000123-4',
  kind: { bn: 'টোকেন পাইনি', en: 'no token received' },
  outcome: { bn: 'টোকেন দেওয়া হয়েছে', en: 'the token was given' },
  days: '7',
  text: { bn: 'আগামীকাল 10টা থেকে 12টা বিদ্যুৎ থাকবে না।', en: 'No supply tomorrow from 10 to 12.' },
  units: '145.1',
  price: '7.20',
  day: '21/11/2026',
  count: '1',
  state: { bn: 'আপনি আর বিজ্ঞপ্তি পাবেন না।', en: 'You get no more notices.' },
};

/** A message's values, made up: what is always there. @example sampleValues('pending', 'en')['amount'] // '1000.00' */
export function sampleValues(code: TemplateCode, language: Language): Record<string, string> {
  const { required, optional } = TEMPLATES[code];
  return Object.fromEntries(
    [...required, ...optional].flatMap((name) => {
      const sample = SAMPLES[name];
      return sample === undefined ? [] : [[name, typeof sample === 'string' ? sample : sample[language]]];
    }),
  );
}

/** Tokens that no meter takes. */
export function sampleTokens(of: number): ReceiptToken[] {
  return Array.from({ length: of }, (_, n) => ({
    ...{ sequence: n + 1, of, kind: 'credit' as const },
    digits: '12345678901234567890',
  }));
}
