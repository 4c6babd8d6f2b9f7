import type { ReceiptKind } from '../shared/answers';
import { texts } from '../shared/words';

/** The words of a receipt. They are those of libs/receipts: a test holds the two against each other. */
export const KIND_TITLES = texts<ReceiptKind>({
  credit: { bn: 'রিচার্জ রসিদ', en: 'RECHARGE RECEIPT' },
  'free-issue': { bn: 'বিনামূল্যে বিদ্যুতের রসিদ', en: 'FREE ISSUE' },
  replacement: { bn: 'মিটার বদলের জমা স্থানান্তর', en: 'CREDIT CARRIED FROM ANOTHER METER' },
  'key-change': { bn: 'মিটারের কী পরিবর্তন', en: 'METER KEY CHANGE' },
  engineering: { bn: 'মিটারের কারিগরি টোকেন', en: 'ENGINEERING TOKEN' },
  fee: { bn: 'সেবা ফির রসিদ', en: 'SERVICE FEE RECEIPT' },
  'arrears-payment': { bn: 'বকেয়া পরিশোধের রসিদ', en: 'ARREARS RECEIPT' },
  'deposit-credit': { bn: 'জামানত ফেরতের রসিদ', en: 'DEPOSIT RETURNED AS CREDIT' },
  'offline-pack': { bn: 'রিচার্জ রসিদ (অফলাইন)', en: 'RECHARGE RECEIPT (OFFLINE)' },
});

/** What a token is called; a kind that is not here is a token. */
export const TOKEN_WORDS = texts({
  credit: { bn: 'টোকেন', en: 'TOKEN' },
  'key-change': { bn: 'কী পরিবর্তন টোকেন', en: 'KEY CHANGE TOKEN' },
  'clear-tamper': { bn: 'ট্যাম্পার মোছার টোকেন', en: 'CLEAR TAMPER TOKEN' },
  'clear-credit': { bn: 'ব্যালেন্স মোছার টোকেন', en: 'CLEAR CREDIT TOKEN' },
  'max-power-limit': { bn: 'লোড সীমার টোকেন', en: 'POWER LIMIT TOKEN' },
  'phase-unbalance-limit': { bn: 'ফেজ অসমতার সীমার টোকেন', en: 'PHASE UNBALANCE LIMIT TOKEN' },
  'test-display': { bn: 'মিটার পরীক্ষার নম্বর', en: 'METER TEST NUMBER' },
});

export const RECEIPT_WORDS = texts({
  copy: { bn: 'অনুলিপি', en: 'COPY' },
  receiptNo: { bn: 'রসিদ নং', en: 'Receipt no.' },
  time: { bn: 'সময়', en: 'Time' },
  station: { bn: 'কেন্দ্র', en: 'Station' },
  customer: { bn: 'গ্রাহক', en: 'Customer' },
  meter: { bn: 'মিটার', en: 'Meter' },
  tick: { bn: 'টোকেনগুলো এই ক্রমে মিটারে দিন, একটি করে টিক দিন।', en: 'Enter the tokens in this order; tick each.' },
  onlyOne: { bn: 'মিটারে এই ২০টি সংখ্যা দিন।', en: 'Enter these 20 digits into the meter.' },
  keyChange: {
    bn: 'এই মিটারের কী পরিবর্তন হচ্ছে: আগে কী পরিবর্তন টোকেন, শেষে রিচার্জের টোকেন',
    en: 'This meter gets a new key: the key change tokens first, the recharge last',
  },
  arrearsLeft: { bn: 'বকেয়া বাকি', en: 'Arrears left' },
  test: {
    bn: 'পরীক্ষামূলক টোকেন (IEC নমুনা সারণি): আসল মিটারে চলবে না',
    en: 'TEST TOKEN (IEC sample tables): not for real meters',
  },
  page: { bn: 'আপনার রসিদ ও হিসাব এই পাতায়', en: 'Your receipts and account are on this page' },
});
