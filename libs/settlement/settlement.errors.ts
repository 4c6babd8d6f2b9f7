import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room. */
export type SettlementErrorCode =
  | 'statement-provider-unknown'
  | 'statement-header-invalid'
  | 'statement-import-not-found'
  | 'statement-import-differs'
  | 'statement-format-invalid'
  | 'settlement-day-not-matched'
  | 'break-not-found'
  | 'break-settled'
  | 'break-changed'
  | 'break-action-unfit'
  | 'break-meter-unknown'
  | 'break-key-conflict'
  | 'kept-for-refund';

/** Status and words of each refusal: what happened, whether money moved, what to do next. */
export const SETTLEMENT_ERRORS: ErrorTable<SettlementErrorCode> = {
  'statement-provider-unknown': {
    status: 404,
    en: 'There is no provider of this code. Nothing was taken in.',
    bn: 'এই কোডের কোনো প্রোভাইডার নেই। কিছুই নেওয়া হয়নি।',
    retryable: false,
  },
  'statement-header-invalid': {
    status: 422,
    en: 'The first line of the file has not the columns that the format of this provider names. Nothing of the file counts; correct the format or the file and send it again.',
    bn: 'ফাইলের প্রথম লাইনে এই প্রোভাইডারের নির্ধারিত কলাম নেই। ফাইলের কিছুই গণ্য হয়নি; ফরম্যাট বা ফাইল ঠিক করে আবার পাঠান।',
    retryable: false,
  },
  'statement-import-not-found': {
    status: 404,
    en: 'There is no such import of a statement.',
    bn: 'এমন কোনো স্টেটমেন্ট আমদানি নেই।',
    retryable: false,
  },
  'statement-import-differs': {
    status: 409,
    en: 'This Idempotency-Key belongs to another file, provider, day or rule. Nothing was taken in; make a new key for a new file.',
    bn: 'এই Idempotency-Key অন্য ফাইল, প্রোভাইডার, দিন বা নিয়মের। কিছুই নেওয়া হয়নি; নতুন ফাইলের জন্য নতুন কী বানান।',
    retryable: false,
  },
  'statement-format-invalid': {
    status: 422,
    en: 'This is no format of a statement. Nothing was changed; `field` says where it is wrong.',
    bn: 'এটি স্টেটমেন্টের ফরম্যাট নয়। কিছুই বদলায়নি; ভুল কোথায় `field`-এ আছে।',
    retryable: false,
  },
  'settlement-day-not-matched': {
    status: 404,
    en: 'This day of this provider was not compared yet: no statement of it is in.',
    bn: 'এই প্রোভাইডারের এই দিন এখনো মেলানো হয়নি: স্টেটমেন্ট আসেনি।',
    retryable: false,
  },
  'break-not-found': {
    status: 404,
    en: 'There is no such break.',
    bn: 'এমন কোনো গরমিল নেই।',
    retryable: false,
  },
  'break-settled': {
    status: 409,
    en: 'This break is settled already, or has healed by itself. Nothing was changed; read it again.',
    bn: 'এই গরমিল আগেই মিটেছে। কিছুই বদলায়নি; আবার দেখুন।',
    retryable: false,
  },
  'break-changed': {
    status: 409,
    en: 'The sums of this break have changed since they were read. Nothing was booked; read it again.',
    bn: 'পড়ার পরে এই গরমিলের অঙ্ক বদলেছে। কিছুই বই হয়নি; আবার দেখুন।',
    retryable: false,
  },
  'break-action-unfit': {
    status: 422,
    en: 'This action is not one of those for such a break. Nothing was changed; `actions` of the break names them.',
    bn: 'এমন গরমিলে এই ব্যবস্থা নেওয়া যায় না। কিছুই বদলায়নি; গরমিলের `actions` দেখুন।',
    retryable: false,
  },
  'break-meter-unknown': {
    status: 422,
    en: 'Nobody knows the meter of this money. Nothing was changed; name the meter, or refund.',
    bn: 'এই টাকার মিটার জানা নেই। কিছুই বদলায়নি; মিটার নম্বর দিন বা ফেরত দিন।',
    retryable: false,
  },
  'break-key-conflict': {
    status: 409,
    en: 'This Idempotency-Key did something else. Nothing was changed; make a new key.',
    bn: 'এই Idempotency-Key দিয়ে অন্য কাজ হয়েছে। কিছুই বদলায়নি; নতুন কী বানান।',
    retryable: false,
  },
  'kept-for-refund': {
    status: 409,
    en: 'The provider took this money and it is not vended: accounts keep it to be paid back. Its case settles it.',
    bn: 'প্রোভাইডার এই টাকা নিয়েছে, টোকেন দেওয়া হবে না: ফেরতের জন্য রাখা আছে। কেসে নিষ্পত্তি হবে।',
    retryable: false,
  },
};
