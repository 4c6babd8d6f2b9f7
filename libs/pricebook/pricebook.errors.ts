import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room; contradictions in the data itself are the tariff room's `tariff-book-invalid`. */
export type PriceBookErrorCode =
  | 'price-book-unknown'
  | 'price-document-invalid'
  | 'price-document-exists'
  | 'price-document-unknown'
  | 'price-document-tampered'
  | 'price-proposal-missing'
  | 'price-proposal-exists'
  | 'second-person-needed';

/** Status and words of each refusal; none of them moves money. */
export const priceBookErrors: ErrorTable<PriceBookErrorCode> = {
  'price-book-unknown': {
    status: 503,
    en: 'There is no price book of this name. Nothing was charged; the office must correct the setting TARIFF_BOOK.',
    bn: 'এই নামে কোনো মূল্যবই নেই। কোনো টাকা কাটা হয়নি; অফিসকে TARIFF_BOOK সেটিং ঠিক করতে হবে।',
    retryable: true,
  },
  'price-document-invalid': {
    status: 422,
    en: 'The document is not in the form of a price document; the reason names the place. Nothing was stored.',
    bn: 'নথিটি মূল্যনথির নিয়মে নেই; কারণে জায়গাটি লেখা আছে। কিছুই রাখা হয়নি।',
    retryable: false,
  },
  'price-document-exists': {
    status: 409,
    en: 'There is another document of this id. A document is never edited: give the corrected one an id of its own.',
    bn: 'এই আইডির অন্য একটি নথি আছে। নথি কখনো সম্পাদনা করা হয় না: সংশোধিত নথিকে নতুন আইডি দিন।',
    retryable: false,
  },
  'price-document-unknown': {
    status: 404,
    en: 'There is no document of this id in this book.',
    bn: 'এই বইয়ে এই আইডির কোনো নথি নেই।',
    retryable: false,
  },
  'price-document-tampered': {
    status: 503,
    en: 'A stored price document is not what was approved: its hash differs. Nothing was charged; call the auditor.',
    bn: 'সংরক্ষিত একটি মূল্যনথি অনুমোদিত নথির সঙ্গে মেলে না। কোনো টাকা কাটা হয়নি; নিরীক্ষককে জানান।',
    retryable: true,
  },
  'price-proposal-missing': {
    status: 409,
    en: 'Nobody has proposed this, or it is decided already.',
    bn: 'এটি কেউ প্রস্তাব করেননি, অথবা এর সিদ্ধান্ত হয়ে গেছে।',
    retryable: false,
  },
  'price-proposal-exists': {
    status: 409,
    en: 'This is proposed already.',
    bn: 'এটি আগেই প্রস্তাব করা হয়েছে।',
    retryable: false,
  },
  'second-person-needed': {
    status: 403,
    en: 'Who proposed this cannot approve it: a second person must.',
    bn: 'যিনি প্রস্তাব করেছেন তিনি অনুমোদন করতে পারেন না: দ্বিতীয় একজনকে করতে হবে।',
    retryable: false,
  },
};
