import type { ErrorTable } from '@vend/kernel';

/** What the room of messages refuses on purpose. */
export type MessagesErrorCode =
  | 'sms-template-not-found'
  | 'sms-template-faulty'
  | 'sms-template-warned'
  | 'sms-template-in-force'
  | 'sms-template-key-conflict'
  | 'sms-resend-no-phone'
  | 'sms-resend-limit';

export const MESSAGES_ERRORS: ErrorTable<MessagesErrorCode> = {
  'sms-template-not-found': {
    status: 404,
    en: 'There is no such text. List the texts to see which there are.',
    bn: 'এমন কোনো লেখা নেই। কোনগুলো আছে তালিকায় দেখুন।',
    retryable: false,
  },
  'sms-template-faulty': {
    status: 422,
    en: 'The text lacks something or holds something it may not. Nothing was saved; the preview shows what and where.',
    bn: 'লেখায় কিছু বাদ আছে বা এমন কিছু আছে যা চলে না। কিছু সংরক্ষণ হয়নি; প্রিভিউতে কী ও কোথায় দেখুন।',
    retryable: false,
  },
  'sms-template-warned': {
    status: 409,
    en: 'A character makes the text dearer. Nothing was saved; replace it as the preview shows, or accept it by name.',
    bn: 'একটি চিহ্নের কারণে লেখার খরচ বাড়ে। কিছু সংরক্ষণ হয়নি; প্রিভিউ দেখে বদলান, বা জেনে মেনে নিন।',
    retryable: false,
  },
  'sms-template-in-force': {
    status: 409,
    en: 'This version is what is sent already. Nothing was changed.',
    bn: 'এই সংস্করণই এখন পাঠানো হয়। কিছু বদলায়নি।',
    retryable: false,
  },
  'sms-template-key-conflict': {
    status: 409,
    en: 'This Idempotency-Key was already used for another text. Nothing was changed now; use a new key.',
    bn: 'এই Idempotency-Key অন্য লেখার জন্য ব্যবহৃত হয়েছে। এখন কিছু বদলায়নি; নতুন কী দিন।',
    retryable: false,
  },
  'sms-resend-no-phone': {
    status: 409,
    en: 'The customer has no phone on record. Nothing was sent; enter the number first, with its paper, or print a copy.',
    bn: 'গ্রাহকের কোনো ফোন নম্বর নেই। কিছু পাঠানো হয়নি; আগে কাগজ দেখে নম্বর দিন, বা অনুলিপি ছাপুন।',
    retryable: false,
  },
  'sms-resend-limit': {
    status: 429,
    en: 'This receipt was sent again too often today. Nothing was sent now; print a copy, or try tomorrow.',
    bn: 'এই রসিদ আজ অনেকবার পাঠানো হয়েছে। এখন কিছু পাঠানো হয়নি; অনুলিপি ছাপুন, বা কাল চেষ্টা করুন।',
    retryable: true,
  },
};
