import { texts } from '../../shared/words';

/** What a message is for, as its room calls it. */
export const TEMPLATE_WORDS = texts({
  receipt: { bn: 'টোকেনসহ রসিদ', en: 'Receipt with tokens' },
  resend: { bn: 'রসিদ আবার পাঠানো', en: 'Receipt sent again' },
  pending: { bn: 'টাকা পাওয়া গেছে, টোকেন আসছে', en: 'Money is here, the token follows' },
  'one-time-code': { bn: 'এককালীন কোড', en: 'One-time code' },
  'idle-month': { bn: 'রিচার্জহীন মাস', en: 'A month without a recharge' },
  refund: { bn: 'টাকা ফেরত', en: 'Money given back' },
  'key-change': { bn: 'মিটারের কী পরিবর্তন আসছে', en: 'A key change is coming' },
  'arrears-bill': { bn: 'বকেয়ার বিল', en: 'Bill of arrears' },
  'case-opened': { bn: 'অভিযোগ নেওয়া হয়েছে', en: 'Complaint registered' },
  'case-closed': { bn: 'অভিযোগ নিষ্পত্তি', en: 'Complaint closed' },
  notice: { bn: 'সাধারণ বিজ্ঞপ্তি', en: 'Notice to many' },
  'answer-balance': { bn: 'BAL-এর উত্তর', en: 'Answer to BAL' },
  'answer-token': { bn: 'TOK-এর উত্তর', en: 'Answer to TOK' },
  'answer-use': { bn: 'USE-এর উত্তর', en: 'Answer to USE' },
  'answer-help': { bn: 'HELP-এর উত্তর', en: 'Answer to HELP' },
  'answer-no-token': { bn: 'টোকেন না থাকলে TOK-এর উত্তর', en: 'Answer to TOK when there is none' },
  'answer-which': { bn: 'একাধিক মিটারের ফোনের উত্তর', en: 'Answer to a phone with several meters' },
  'answer-stop': { bn: 'STOP-এর উত্তর', en: 'Answer to STOP' },
  'answer-start': { bn: 'START-এর উত্তর', en: 'Answer to START' },
  'answer-neutral': { bn: 'অচেনা নম্বরের উত্তর', en: 'Answer to a phone we do not know' },
});

/** What a customer showed when a vend is to be cancelled. */
export const PROOF_WORDS = texts({
  'meter-shows-token-unused': { bn: 'মিটার দেখায় টোকেন ব্যবহার হয়নি', en: 'the meter shows the token unused' },
  'slip-not-handed-out': { bn: 'রসিদ দেওয়া হয়নি', en: 'the slip was not handed out' },
  'slip-returned-unread': { bn: 'রসিদ না পড়ে ফেরত', en: 'the slip came back unread' },
  'meter-refused-token': { bn: 'মিটার টোকেন নেয়নি', en: 'the meter refused the token' },
  'wrong-meter-not-entered': { bn: 'ভুল মিটার, টোকেন দেওয়া হয়নি', en: 'wrong meter, the token was not entered' },
});
