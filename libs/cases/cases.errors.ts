import type { ErrorTable } from '@vend/kernel';

/** What the room of complaints refuses. */
export type CasesErrorCode =
  | 'case-not-found'
  | 'case-number-wrong'
  | 'case-subject-missing'
  | 'case-subjects-differ'
  | 'case-changed'
  | 'case-closed'
  | 'case-not-closed'
  | 'case-reopen-late'
  | 'case-owner-unfit'
  | 'case-money-open'
  | 'case-outcome-untrue'
  | 'case-key-conflict'
  | 'case-without-payment'
  | 'case-refund-way'
  | 'refund-under-way';

export const CASES_ERRORS: ErrorTable<CasesErrorCode> = {
  'case-not-found': {
    status: 404,
    en: 'There is no such case, or it belongs to another office.',
    bn: 'এই অভিযোগটি নেই, অথবা এটি অন্য অফিসের।',
    retryable: false,
  },
  'case-number-wrong': {
    status: 422,
    en: 'This is not a case number: its check digit does not fit. Ask the customer to read it again.',
    bn: 'অভিযোগ নম্বরটি ঠিক নয়: যাচাই অঙ্ক মেলে না। গ্রাহককে আবার পড়তে বলুন।',
    retryable: false,
  },
  'case-subject-missing': {
    status: 422,
    en: 'Name what it is about: a payment, a receipt, a meter or a customer. No case was opened.',
    bn: 'কী নিয়ে অভিযোগ তা দিন: পেমেন্ট, রসিদ, মিটার বা গ্রাহক। কোনো অভিযোগ খোলা হয়নি।',
    retryable: false,
  },
  'case-subjects-differ': {
    status: 422,
    en: 'The payment, receipt, meter and customer named do not belong together. No case was opened.',
    bn: 'দেওয়া পেমেন্ট, রসিদ, মিটার ও গ্রাহক একে অন্যের নয়। কোনো অভিযোগ খোলা হয়নি।',
    retryable: false,
  },
  'case-changed': {
    status: 409,
    en: 'Somebody changed this case since you read it. Nothing was changed now; read it again and decide anew.',
    bn: 'আপনি দেখার পর কেউ অভিযোগটি বদলেছেন। এখন কিছু বদলায়নি; আবার দেখে সিদ্ধান্ত নিন।',
    retryable: false,
  },
  'case-closed': {
    status: 409,
    en: 'The case is closed. Nothing was changed; re-open it first if it is not settled.',
    bn: 'অভিযোগটি বন্ধ। কিছু বদলায়নি; নিষ্পত্তি না হলে আগে আবার খুলুন।',
    retryable: false,
  },
  'case-not-closed': {
    status: 409,
    en: 'The case is not closed, so there is nothing to re-open.',
    bn: 'অভিযোগটি বন্ধ নয়, তাই আবার খোলার কিছু নেই।',
    retryable: false,
  },
  'case-reopen-late': {
    status: 409,
    en: 'The case was closed more than seven days ago. Nothing was changed; open a new one and name this number in it.',
    bn: 'অভিযোগটি সাত দিনের বেশি আগে বন্ধ হয়েছে। কিছু বদলায়নি; নতুন অভিযোগ খুলে এই নম্বরটি লিখুন।',
    retryable: false,
  },
  'case-owner-unfit': {
    status: 422,
    en: 'No such person works on cases of this office. Nothing was changed; name somebody else or a queue.',
    bn: 'এই অফিসের অভিযোগে এমন কেউ কাজ করেন না। কিছু বদলায়নি; অন্য কাউকে বা একটি সারি দিন।',
    retryable: false,
  },
  'case-money-open': {
    status: 409,
    en: 'The payment of this case is neither vended nor paid back. The case stays open; apply or refund the payment first.',
    bn: 'এই অভিযোগের পেমেন্টে টোকেন বা ফেরত কোনোটাই হয়নি। অভিযোগ খোলা রইল; আগে রিচার্জ দিন বা টাকা ফেরত দিন।',
    retryable: false,
  },
  'case-outcome-untrue': {
    status: 409,
    en: 'The payment does not stand as this outcome says. The case stays open; choose the outcome that is true.',
    bn: 'পেমেন্টের অবস্থা এই ফলাফলের সঙ্গে মেলে না। অভিযোগ খোলা রইল; সঠিক ফলাফলটি দিন।',
    retryable: false,
  },
  'case-key-conflict': {
    status: 409,
    en: 'This Idempotency-Key was already used for something else. Nothing was changed now; use a new key.',
    bn: 'এই Idempotency-Key অন্য কাজে ব্যবহৃত হয়েছে। এখন কিছু বদলায়নি; নতুন কী দিন।',
    retryable: false,
  },
  'case-without-payment': {
    status: 409,
    en: 'This case is not about a payment, so there is no money to apply or to pay back.',
    bn: 'এই অভিযোগ কোনো পেমেন্ট নিয়ে নয়, তাই রিচার্জ বা ফেরত দেওয়ার টাকা নেই।',
    retryable: false,
  },
  'case-refund-way': {
    status: 422,
    en: 'This payment came over a counter, so no provider can give it back. Nothing was changed; pay it back in cash.',
    bn: 'এই পেমেন্ট কাউন্টারে নেওয়া, তাই কোনো প্রোভাইডার ফেরত দিতে পারে না। কিছু বদলায়নি; নগদে ফেরত দিন।',
    retryable: false,
  },
  'refund-under-way': {
    status: 409,
    en: 'The gateway is giving this payment back already. Nothing more was done; wait until it says that it is done.',
    bn: 'গেটওয়ে এই টাকা ফেরত দিচ্ছে। নতুন কিছু করা হয়নি; ফেরত শেষ হওয়া পর্যন্ত অপেক্ষা করুন।',
    retryable: false,
  },
};
