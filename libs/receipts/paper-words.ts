import type { Bilingual, ReceiptTokenKind } from './receipt';

/** What stands on paper beside the values. The counter's page says the same: a test holds its words against these. */
export const PAPER_WORDS = {
  copy: { bn: 'অনুলিপি', en: 'COPY' },
  receiptNo: { bn: 'রসিদ নং', en: 'Receipt no.' },
  rechargeId: { bn: 'রিচার্জ আইডি', en: 'Recharge id' },
  time: { bn: 'সময়', en: 'Time' },
  station: { bn: 'কেন্দ্র', en: 'Station' },
  customer: { bn: 'গ্রাহক', en: 'Customer' },
  meter: { bn: 'মিটার', en: 'Meter' },
  class: { bn: 'শ্রেণি', en: 'Class' },
  paid: { bn: 'মোট পরিশোধ (টাকা)', en: 'Paid (Tk)' },
  total: { bn: 'মোট', en: 'Total' },
  credit: { bn: 'মিটারে জমা হবে', en: 'Credited to the meter' },
  energy: { bn: 'বিদ্যুৎ', en: 'Energy' },
  estimate: { bn: 'আনুমানিক', en: 'Estimate' },
  arrearsLeft: { bn: 'বকেয়া বাকি', en: 'Arrears left' },
  carried: { bn: 'পরের বারের জমা', en: 'Carried forward' },
  onlyOne: { bn: 'মিটারে এই ২০টি সংখ্যা দিন।', en: 'Enter these 20 digits into the meter.' },
  tick: { bn: 'টোকেনগুলো এই ক্রমে মিটারে দিন, একটি করে টিক দিন।', en: 'Enter the tokens in this order; tick each.' },
  inOrder: {
    bn: 'সব টোকেন এই ক্রমে মিটারে দিন',
    en: 'Enter all tokens into the meter, in this order',
  },
  keyChange: {
    bn: 'এই মিটারের কী পরিবর্তন হচ্ছে: আগে কী পরিবর্তন টোকেন, শেষে রিচার্জের টোকেন',
    en: 'This meter gets a new key: the key change tokens first, the recharge last',
  },
  loads: {
    bn: 'মিটারে নিজে থেকেই যাবে; না গেলে টোকেন দিন।',
    en: 'Sent to your meter; type it only if no credit shows.',
  },
  typed: {
    bn: 'এই রিচার্জ মিটারে আগেই দেওয়া হয়েছে; আর টোকেন দিতে হবে না।',
    en: 'This recharge is in the meter already; nothing more to type.',
  },
  test: {
    bn: 'পরীক্ষামূলক টোকেন (IEC নমুনা সারণি): আসল মিটারে চলবে না',
    en: 'TEST TOKEN (IEC sample tables): not for real meters',
  },
  page: { bn: 'আপনার রসিদ ও হিসাব এই পাতায়', en: 'Your receipts and account are on this page' },
} as const satisfies Record<string, Bilingual>;

/** What a token is called on paper. */
export const TOKEN_WORDS: Readonly<Record<ReceiptTokenKind, Bilingual>> = {
  credit: { bn: 'টোকেন', en: 'TOKEN' },
  'key-change': { bn: 'কী পরিবর্তন টোকেন', en: 'KEY CHANGE TOKEN' },
  'clear-tamper': { bn: 'ট্যাম্পার মোছার টোকেন', en: 'CLEAR TAMPER TOKEN' },
  'clear-credit': { bn: 'ব্যালেন্স মোছার টোকেন', en: 'CLEAR CREDIT TOKEN' },
  'max-power-limit': { bn: 'লোড সীমার টোকেন', en: 'POWER LIMIT TOKEN' },
  'phase-unbalance-limit': { bn: 'ফেজ অসমতার সীমার টোকেন', en: 'PHASE UNBALANCE LIMIT TOKEN' },
  'test-display': { bn: 'মিটার পরীক্ষার নম্বর', en: 'METER TEST NUMBER' },
};
