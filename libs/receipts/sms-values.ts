import { formatTaka } from '@vend/kernel';
import { boughtFor } from './kinds';
import type { Bilingual, Language, Receipt, ReceiptKind } from './receipt';

/** Kinds that pay for something else than energy: their receipt may be words alone. */
const WITHOUT_TOKEN: readonly ReceiptKind[] = ['fee', 'arrears-payment', 'deposit-credit'];
/** Kinds that are sold by price: of others there is nothing to break down. */
const PRICED: readonly ReceiptKind[] = ['credit', 'offline-pack'];

const TEST: Bilingual = { bn: 'পরীক্ষামূলক, আসল মিটারে চলবে না।', en: 'TEST, not for real meters.' };
const LOADS: Bilingual = {
  bn: 'মিটারে নিজে থেকেই যাবে; না গেলে টোকেন দিন।',
  en: 'Sent to your meter; type it only if no credit shows.',
};
const COPY: Bilingual = { bn: 'অনুলিপি।', en: 'COPY.' };

/** Short words for what a receipt lists in an SMS; the print has the long ones. */
const SHORT: Readonly<Record<string, Bilingual>> = {
  vat: { bn: 'ভ্যাট', en: 'VAT' },
  arrears: { bn: 'বকেয়া', en: 'arrears' },
  'meter-rent': { bn: 'ভাড়া', en: 'rent' },
  'demand-charge': { bn: 'ডিমান্ড', en: 'demand' },
  'power-factor': { bn: 'পিএফ', en: 'PF' },
  penalty: { bn: 'জরিমানা', en: 'penalty' },
  adjustment: { bn: 'সমন্বয়', en: 'adjustment' },
  rebate: { bn: 'রিবেট', en: 'rebate' },
  'lifeline-credit': { bn: 'লাইফলাইন', en: 'lifeline' },
  fee: { bn: 'ফি', en: 'fee' },
  deposit: { bn: 'জামানত', en: 'deposit' },
};

/**
 * What the SMS of a receipt is made of, by placeholder: `bought` (amount and energy in one sentence), `charges` (every
 * one with its amount; what helped the customer carries a minus), `months` they are for, `arrears` and `carried` where
 * there are any, `meter`, `receipt`, `link`; `test`, `loads` and `copy` where they hold. ASCII digits. The tokens are
 * not among them.
 *
 * @param linkBase where customers see their receipts; the receipt's number is put behind it
 * @throws {RangeError} when there is no token where one must be
 * @example receiptValues(receipt, 'en')['charges'] // 'VAT 47.62, rent 40.00, demand 60.00, rebate -9.03'
 */
export function receiptValues(receipt: Receipt, language: Language, linkBase?: string): Record<string, string> {
  const kind = receipt.kind ?? 'credit';
  if (receipt.tokens.length === 0 && !WITHOUT_TOKEN.includes(kind)) {
    throw new RangeError('a receipt without a token has nothing to send');
  }
  const amount = (paisa: bigint) => (paisa > 0n ? formatTaka(paisa) : '');
  return {
    bought: boughtFor(receipt, language),
    charges: PRICED.includes(kind) ? chargesIn(receipt, language) : '',
    months: monthsIn(receipt.chargedMonths ?? []),
    arrears: amount(receipt.arrearsLeftPaisa),
    carried: amount(receipt.remainderPaisa),
    meter: receipt.meterNo,
    receipt: receipt.receiptNo,
    link: linkBase === undefined ? '' : `${linkBase}${receipt.receiptNo}`,
    test: receipt.sampleTables ? TEST[language] : '',
    loads: receipt.remoteLoad ? LOADS[language] : '',
    copy: receipt.copy ? COPY[language] : '',
  };
}

function chargesIn({ lines }: Receipt, language: Language): string {
  return lines
    .filter(({ code }) => code !== 'energy' && code !== 'remainder-carried')
    .map(({ code, amountPaisa, label }) => `${(SHORT[code] ?? label)[language]} ${formatTaka(amountPaisa)}`)
    .join(', ');
}

/** @example monthsIn([202609, 202610, 202611]) // '09/2026-11/2026 (3)' */
function monthsIn(months: readonly number[]): string {
  const written = [...months]
    .sort((a, b) => a - b)
    .map((month) => `${String(month % 100).padStart(2, '0')}/${Math.floor(month / 100)}`);
  const [first] = written;
  if (first === undefined) return '';
  return written.length === 1 ? first : `${first}-${written.at(-1)} (${written.length})`;
}
