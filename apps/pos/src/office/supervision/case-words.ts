import { texts } from '../../shared/words';

/** What the pages of cases say. */
export const CASE_WORDS = texts({
  queue: { bn: 'আমার ভূমিকার সারিতে', en: 'In the queue of my role' },
  mine: { bn: 'আমার হাতে', en: 'Mine' },
  office: { bn: 'অফিসের সব', en: 'All of the office' },
  overdue: { bn: 'সময় পেরোনো', en: 'Past their deadline' },
  openNew: { bn: 'নতুন অভিযোগ', en: 'New case' },
  byNumber: { bn: 'অভিযোগের নম্বর', en: 'Number of the case' },
  notSuchNumber: {
    bn: 'এটি অভিযোগের নম্বর নয়; এমন হয়: C-26-1184-0।',
    en: 'This is no number of a case; one looks like C-26-1184-0.',
  },
  show: { bn: 'দেখুন', en: 'Show' },
  due: { bn: 'শেষ সময় {at}', en: 'due {at}' },
  late: { bn: 'সময় পেরিয়েছে', en: 'late' },
  back: { bn: 'সব অভিযোগ', en: 'All cases' },

  kind: { bn: 'কী নিয়ে', en: 'About what' },
  about: { bn: 'কোন পেমেন্ট, রসিদ, মিটার বা গ্রাহক', en: 'Payment, receipt, meter or customer' },
  aboutHint: {
    bn: 'রিচার্জের আইডি, রসিদ নম্বর, মিটার নম্বর বা গ্রাহক নম্বর; মোবাইল নম্বর নয়',
    en: 'Id of a recharge, receipt, meter or customer number; no phone number',
  },
  whatSaid: {
    bn: 'গ্রাহক যা বলেছেন (টোকেন বা ফোন নম্বর লিখবেন না)',
    en: 'What the customer says (no token, no phone number)',
  },
  open: { bn: 'অভিযোগ খুলুন', en: 'Open the case' },

  state: { bn: 'অবস্থা', en: 'State' },
  owner: { bn: 'কার হাতে', en: 'Owner' },
  customer: { bn: 'গ্রাহক', en: 'Customer' },
  meter: { bn: 'মিটার', en: 'Meter' },
  receipt: { bn: 'রসিদ', en: 'Receipt' },
  dueAt: { bn: 'শেষ সময়', en: 'Due' },
  openedBy: { bn: 'খুলেছেন', en: 'Opened by' },
  machine: { bn: 'যন্ত্র', en: 'the machine' },
  waitsFor: { bn: 'যার অপেক্ষায়', en: 'Waits for' },
  said: { bn: 'অভিযোগ', en: 'Complaint' },
  outcome: { bn: 'ফল', en: 'Outcome' },

  payment: { bn: 'পেমেন্ট', en: 'Payment' },
  amount: { bn: 'টাকা', en: 'Taka' },
  source: { bn: 'কোথা থেকে', en: 'From' },
  reference: { bn: 'লেনদেন নম্বর', en: 'Transaction' },
  refusal: { bn: 'টোকেন হয়নি কেন', en: 'Why it was not vended' },
  typed: { bn: 'গ্রাহক যা লিখেছিলেন', en: 'What the payer typed' },
  trace: { bn: 'এর সন্ধান', en: 'Trace it' },

  history: { bn: 'কী কী হয়েছে', en: 'What happened' },
  note: { bn: 'মন্তব্য', en: 'Note' },
  addNote: { bn: 'মন্তব্য লিখুন', en: 'Add the note' },
  assign: { bn: 'কাউকে দিন', en: 'Assign' },
  assignTo: { bn: 'ব্যবহারকারীর নাম', en: 'User name' },
  take: { bn: 'আমি নিলাম', en: 'Take it' },
  toQueue: { bn: 'সারিতে ফেরত: ভূমিকা', en: 'Back to the queue of' },
  putBack: { bn: 'সারিতে ফেরত দিন', en: 'Put back' },
  wait: { bn: 'অপেক্ষায় রাখুন', en: 'Let it wait' },
  waitingFor: { bn: 'কীসের অপেক্ষা', en: 'For whom or what' },
  close: { bn: 'নিষ্পত্তি করুন', en: 'Close' },
  closeAs: { bn: 'ফল', en: 'Outcome' },
  closeWords: { bn: 'কী করা হয়েছে', en: 'What was done' },
  reopen: { bn: 'আবার খুলুন', en: 'Reopen' },
  reopenWhy: { bn: 'কেন মেটেনি', en: 'Why it is not settled' },

  done: { bn: 'হয়েছে।', en: 'Done.' },
});

/** What happened to a case, as the API names it. */
export const CASE_EVENT_WORDS = texts({
  opened: { bn: 'খোলা হয়েছে', en: 'opened' },
  note: { bn: 'মন্তব্য', en: 'note' },
  assigned: { bn: 'দেওয়া হয়েছে', en: 'assigned' },
  waiting: { bn: 'অপেক্ষায়', en: 'waiting' },
  closed: { bn: 'নিষ্পত্তি', en: 'closed' },
  reopened: { bn: 'আবার খোলা', en: 'reopened' },
  'payment-moved': { bn: 'পেমেন্টে টোকেন দেওয়া', en: 'payment vended' },
  'payment-refunded': { bn: 'টাকা ফেরত', en: 'paid back' },
  'refund-asked': { bn: 'ফেরত চাওয়া হয়েছে', en: 'refund asked for' },
  'payment-event': { bn: 'পেমেন্টের খবর', en: 'payment event' },
});

/** Kinds of cases that a person opens. */
export const CASE_KIND_WORDS = texts({
  'token-not-received': { bn: 'টোকেন আসেনি', en: 'token not received' },
  'token-refused': { bn: 'মিটার টোকেন নেয় না', en: 'meter refuses the token' },
  'bill-due': { bn: 'বিল এখনো বাকি দেখায়', en: 'bill still shows due' },
  'wrong-amount': { bn: 'টাকার অঙ্ক ভুল', en: 'wrong amount' },
  'meter-fault': { bn: 'মিটার নষ্ট', en: 'meter fault' },
  supply: { bn: 'বিদ্যুৎ নেই', en: 'no supply' },
  bill: { bn: 'বিল', en: 'bill' },
  'unexplained-money': { bn: 'পেমেন্টে টোকেন হয়নি', en: 'payment not vended' },
  'settlement-break': { bn: 'প্রোভাইডারের হিসাব মেলে না', en: "a provider's statement differs" },
  other: { bn: 'অন্যান্য', en: 'other' },
});

/** What came of a case. */
export const OUTCOME_WORDS = texts({
  vended: { bn: 'রিচার্জ দেওয়া হয়েছে', en: 'the recharge was given' },
  refunded: { bn: 'টাকা ফেরত দেওয়া হয়েছে', en: 'the money was paid back' },
  'token-sent-again': { bn: 'টোকেন আবার পাঠানো হয়েছে', en: 'the token was sent again' },
  'meter-replaced': { bn: 'মিটার বদলানো হয়েছে', en: 'the meter was replaced' },
  'supply-restored': { bn: 'বিদ্যুৎ ফিরেছে', en: 'the supply is back' },
  'bill-corrected': { bn: 'বিল ঠিক করা হয়েছে', en: 'the bill was corrected' },
  explained: { bn: 'বুঝিয়ে বলা হয়েছে', en: 'explained' },
  unfounded: { bn: 'কোনো ভুল পাওয়া যায়নি', en: 'nothing was found to be wrong' },
  withdrawn: { bn: 'গ্রাহক তুলে নিয়েছেন', en: 'withdrawn by the customer' },
  duplicate: { bn: 'অন্য নম্বরে নিষ্পত্তি হয়েছে', en: 'settled under another number' },
});

/** Roles that cases wait for. */
export const ROLE_WORDS = texts({
  clerk: { bn: 'কাউন্টার কর্মী', en: 'clerk' },
  supervisor: { bn: 'তত্ত্বাবধায়ক', en: 'supervisor' },
  accounts: { bn: 'হিসাব শাখা', en: 'accounts' },
  'call-centre': { bn: 'কল সেন্টার', en: 'call centre' },
});
