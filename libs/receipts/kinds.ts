import { formatKwh, formatTaka } from '@vend/kernel';
import type { Bilingual, Language, Receipt, ReceiptKind, ReceiptTokenKind } from './receipt';

/** The heading of a printed receipt. */
export const KIND_TITLES: Readonly<Record<ReceiptKind, Bilingual>> = {
  credit: { bn: 'রিচার্জ রসিদ', en: 'RECHARGE RECEIPT' },
  'free-issue': { bn: 'বিনামূল্যে বিদ্যুতের রসিদ', en: 'FREE ISSUE' },
  replacement: { bn: 'মিটার বদলের জমা স্থানান্তর', en: 'CREDIT CARRIED FROM ANOTHER METER' },
  'key-change': { bn: 'মিটারের কী পরিবর্তন', en: 'METER KEY CHANGE' },
  engineering: { bn: 'মিটারের কারিগরি টোকেন', en: 'ENGINEERING TOKEN' },
  fee: { bn: 'সেবা ফির রসিদ', en: 'SERVICE FEE RECEIPT' },
  'arrears-payment': { bn: 'বকেয়া পরিশোধের রসিদ', en: 'ARREARS RECEIPT' },
  'deposit-credit': { bn: 'জামানত ফেরতের রসিদ', en: 'DEPOSIT RETURNED AS CREDIT' },
  'offline-pack': { bn: 'রিচার্জ রসিদ (অফলাইন)', en: 'RECHARGE RECEIPT (OFFLINE)' },
};

/** The one sentence of an SMS that says what the customer got for what. */
export function boughtFor(receipt: Receipt, language: Language): string {
  const words = SENTENCES[receipt.kind ?? 'credit'](receipt);
  return words[language];
}

type Sentence = (receipt: Receipt) => Bilingual;

/** What the tokens carry: kWh, or Taka. */
function carried({ energyWh, energyPaisa }: Receipt): Bilingual {
  return energyWh === null
    ? { bn: `${formatTaka(energyPaisa)} টাকা`, en: `Tk ${formatTaka(energyPaisa)}` }
    : { bn: `${formatKwh(energyWh)} ইউনিট`, en: `${formatKwh(energyWh)} kWh` };
}

const sold: Sentence = ({ grossPaisa, energyPaisa, energyWh, estimatedWh }) => {
  const paid = formatTaka(grossPaisa);
  const value = formatTaka(energyPaisa);
  if (energyWh !== null) {
    const units = formatKwh(energyWh);
    return {
      bn: `${paid} টাকায় ${units} ইউনিট (${value} টাকা)।`,
      en: `Paid Tk ${paid}, energy ${units} kWh (Tk ${value}).`,
    };
  }
  const about = estimatedWh === null ? null : formatKwh(estimatedWh);
  return {
    bn: `${paid} টাকায় মিটারে জমা ${value} টাকা${about === null ? '' : ` (আনুমানিক ${about} ইউনিট)`}।`,
    en: `Paid Tk ${paid}, credit Tk ${value}${about === null ? '' : ` (about ${about} kWh)`}.`,
  };
};

const SENTENCES: Readonly<Record<ReceiptKind, Sentence>> = {
  credit: sold,
  'offline-pack': (receipt) => ({
    bn: `নেটওয়ার্ক বন্ধের সময়ের রিচার্জ খাতায় উঠেছে; আর টোকেন দিতে হবে না। ${sold(receipt).bn}`,
    en: `Your recharge of the outage is booked; nothing more to type. ${sold(receipt).en}`,
  }),
  'free-issue': (receipt) => ({
    bn: `বিনামূল্যে ${carried(receipt).bn}।`,
    en: `Given free: ${carried(receipt).en}.`,
  }),
  replacement: (receipt) => ({
    bn: `আগের মিটারের জমা ${carried(receipt).bn}। কোনো টাকা লাগেনি।`,
    en: `Credit carried over: ${carried(receipt).en}. Nothing was charged.`,
  }),
  'key-change': () => ({
    bn: 'মিটারের কী পরিবর্তন: পরের রিচার্জের আগে সবগুলো দিন।',
    en: 'Key change of your meter: enter all before the next recharge.',
  }),
  engineering: ({ tokens }) => {
    const does = ENGINEERING[tokens.at(-1)?.kind ?? 'test-display'] ?? { bn: '', en: '' };
    return { bn: `${does.bn} কোনো টাকা লাগেনি।`, en: `${does.en} Nothing was charged.` };
  },
  fee: ({ grossPaisa }) => ({
    bn: `সেবা ফি ${formatTaka(grossPaisa)} টাকা (ভ্যাটসহ) পাওয়া গেছে।`,
    en: `Service fee of Tk ${formatTaka(grossPaisa)} received, VAT included.`,
  }),
  'arrears-payment': ({ grossPaisa }) => ({
    bn: `বকেয়া বাবদ ${formatTaka(grossPaisa)} টাকা পাওয়া গেছে।`,
    en: `Tk ${formatTaka(grossPaisa)} received for arrears.`,
  }),
  'deposit-credit': (receipt) => ({
    bn: receipt.tokens.length > 0 ? `জামানত ফেরত: ${carried(receipt).bn}।` : 'জামানত বকেয়ায় সমন্বয় হয়েছে।',
    en: receipt.tokens.length > 0 ? `Deposit returned: ${carried(receipt).en}.` : 'Deposit set off against arrears.',
  }),
};

const ENGINEERING: Readonly<Partial<Record<ReceiptTokenKind, Bilingual>>> = {
  'clear-tamper': { bn: 'ট্যাম্পার সংকেত মোছার টোকেন।', en: 'It clears the tamper mark.' },
  'clear-credit': { bn: 'সাবধান: মিটারের সব জমা মুছে যাবে।', en: 'Careful: it clears the credit in the meter.' },
  'max-power-limit': { bn: 'মিটারের লোড সীমা বদলের টোকেন।', en: "It sets the meter's power limit." },
  'phase-unbalance-limit': { bn: 'ফেজ অসমতার সীমা বদলের টোকেন।', en: 'It sets the limit between phases.' },
  'test-display': { bn: 'মিটার পরীক্ষার নম্বর।', en: 'It makes the meter show or test itself.' },
};
