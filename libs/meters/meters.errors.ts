import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room. */
export type MetersErrorCode =
  | 'meter-not-found'
  | 'meter-closed'
  | 'connection-disconnected'
  | 'reference-ambiguous'
  | 'meter-number-invalid'
  | 'meter-check-digit-wrong'
  | 'mobile-invalid'
  | 'import-header-invalid'
  | 'import-not-found'
  | 'import-differs'
  | 'key-change-not-found'
  | 'key-change-not-issued'
  | 'key-change-stale';

/** Status and words of each refusal; none of them moves money. */
export const metersErrors: ErrorTable<MetersErrorCode> = {
  'meter-not-found': {
    status: 404,
    en: 'No meter or customer has this number. Nothing was charged; check the number.',
    bn: 'এই নম্বরে কোনো মিটার বা গ্রাহক নেই। কোনো টাকা কাটা হয়নি; নম্বরটি মিলিয়ে দেখুন।',
    retryable: false,
  },
  'meter-closed': {
    status: 409,
    en: 'This meter is closed and takes no recharge. Nothing was charged; ask the office which meter replaced it.',
    bn: 'এই মিটার বন্ধ, রিচার্জ হয় না। কোনো টাকা কাটা হয়নি; বদলি মিটারের নম্বর অফিস থেকে জানুন।',
    retryable: false,
  },
  'connection-disconnected': {
    status: 409,
    en: 'This connection is disconnected, so its meter takes no recharge. Nothing was charged; ask the office to reconnect it.',
    bn: 'এই সংযোগ বিচ্ছিন্ন, তাই মিটারে রিচার্জ হয় না। কোনো টাকা কাটা হয়নি; পুনঃসংযোগের জন্য অফিসে যোগাযোগ করুন।',
    retryable: false,
  },
  'reference-ambiguous': {
    status: 409,
    en: 'This number belongs to more than one meter. Nothing was charged; give the meter number instead.',
    bn: 'এই নম্বরে একাধিক মিটার আছে। কোনো টাকা কাটা হয়নি; মিটার নম্বর দিন।',
    retryable: false,
  },
  'meter-number-invalid': {
    status: 422,
    en: 'A meter number has 18 digits beginning with 600727 or 0000, or 11 or 13 digits. Nothing was charged.',
    bn: 'মিটার নম্বর 600727 বা 0000 দিয়ে শুরু 18 অঙ্কের, অথবা 11 বা 13 অঙ্কের হয়। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'meter-check-digit-wrong': {
    status: 422,
    en: 'A digit of the meter number is wrong: its check digit does not fit. Nothing was charged; read it again.',
    bn: 'মিটার নম্বরের কোনো অঙ্ক ভুল: যাচাই অঙ্ক মেলে না। কোনো টাকা কাটা হয়নি; নম্বরটি আবার দেখে লিখুন।',
    retryable: false,
  },
  'mobile-invalid': {
    status: 422,
    en: 'A mobile number is written 01XXXXXXXXX or 8801XXXXXXXXX.',
    bn: 'মোবাইল নম্বর 01XXXXXXXXX বা 8801XXXXXXXXX আকারে লিখুন।',
    retryable: false,
  },
  'import-header-invalid': {
    status: 422,
    en: 'The first line of the file does not name the expected columns. Nothing was imported.',
    bn: 'ফাইলের প্রথম লাইনে প্রত্যাশিত কলামের নাম নেই। কিছুই নেওয়া হয়নি।',
    retryable: false,
  },
  'import-not-found': {
    status: 404,
    en: 'There is no such import.',
    bn: 'এমন কোনো আমদানি নেই।',
    retryable: false,
  },
  'import-differs': {
    status: 409,
    en: 'This Idempotency-Key belongs to an import of another file. Nothing was imported; make a new key for a new file.',
    bn: 'এই Idempotency-Key অন্য ফাইলের আমদানির। কিছুই নেওয়া হয়নি; নতুন ফাইলের জন্য নতুন কী বানান।',
    retryable: false,
  },
  'key-change-not-found': {
    status: 404,
    en: 'There is no such key change.',
    bn: 'এমন কোনো কী পরিবর্তন নেই।',
    retryable: false,
  },
  'key-change-not-issued': {
    status: 409,
    en: 'The tokens of this key change were never handed out, so no meter can have taken them. Nothing was changed.',
    bn: 'এই কী পরিবর্তনের টোকেন এখনো দেওয়া হয়নি, তাই কোনো মিটারে ঢোকেনি। কিছু বদলায়নি।',
    retryable: false,
  },
  'key-change-stale': {
    status: 409,
    en: "The meter's key was changed otherwise meanwhile; these tokens fit no longer. Nothing was changed; tell the key officer.",
    bn: 'এর মধ্যে মিটারের কী অন্যভাবে বদলেছে; এই টোকেন আর চলবে না। কিছু বদলায়নি; কী কর্মকর্তাকে জানান।',
    retryable: false,
  },
};
