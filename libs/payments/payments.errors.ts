import type { DomainError, ErrorTable } from '@vend/kernel';

/** Refusals of the inbox and of providers' rows. In each case nothing was stored and no money moved on our side. */
export type PaymentsErrorCode =
  | 'event-malformed'
  | 'event-too-large'
  | 'event-conflict'
  | 'inbox-full'
  | 'float-not-found'
  | 'provider-not-found'
  | 'provider-changed'
  | 'provider-code-reserved'
  | 'provider-code-taken'
  | 'provider-credentials-missing'
  | 'provider-prepaid-fixed'
  | 'provider-settings-wrong';

export type PaymentsError = DomainError<PaymentsErrorCode>;

/** Status and words of each refusal. Most are not worth repeating unchanged: the sender has to correct the event. */
export const PAYMENTS_ERRORS: ErrorTable<PaymentsErrorCode> = {
  'event-malformed': {
    status: 400,
    en: 'The event does not have the agreed fields. Nothing was stored; correct the field named and send it again.',
    bn: 'ইভেন্টের তথ্য চুক্তি অনুযায়ী নয়। কিছু সংরক্ষণ করা হয়নি; উল্লিখিত ঘরটি ঠিক করে আবার পাঠান।',
    retryable: false,
  },
  'event-too-large': {
    status: 413,
    en: 'The event is larger than 16 KB. Nothing was stored.',
    bn: 'ইভেন্টটি 16 KB-এর বেশি বড়। কিছু সংরক্ষণ করা হয়নি।',
    retryable: false,
  },
  'event-conflict': {
    status: 409,
    en: 'This event id was already used for other content. Nothing changed; a new event needs a new id.',
    bn: 'এই ইভেন্ট আইডি অন্য তথ্যের জন্য ব্যবহৃত হয়েছে। কিছু বদলায়নি; নতুন ইভেন্টে নতুন আইডি দিন।',
    retryable: false,
  },
  'inbox-full': {
    status: 503,
    en: 'The server is very busy. The event was not stored; send it again in a few seconds.',
    bn: 'সার্ভার এখন খুব ব্যস্ত। ইভেন্টটি সংরক্ষণ করা হয়নি; কয়েক সেকেন্ড পর আবার পাঠান।',
    retryable: true,
  },
  'float-not-found': {
    status: 404,
    en: 'No vendor of this code sells from what it has paid in before. Nothing was booked; look the code up in the list of providers.',
    bn: 'এই কোডের কোনো বিক্রেতা আগাম জমা থেকে বিক্রি করে না। কিছু লেখা হয়নি; প্রতিষ্ঠানের তালিকায় কোডটি দেখুন।',
    retryable: false,
  },
  'provider-not-found': {
    status: 404,
    en: 'There is no payment provider with this code, or it is not in use. No money moved on our side; check the address that is called.',
    bn: 'এই কোডের কোনো পেমেন্ট প্রোভাইডার নেই, অথবা সেটি চালু নেই। আমাদের দিকে কোনো টাকা নড়েনি; যে ঠিকানায় ডাকা হয়েছে তা দেখে নিন।',
    retryable: false,
  },
  'provider-changed': {
    status: 409,
    en: 'Somebody else has changed this provider meanwhile. Nothing was saved and no money moved; look at it again and repeat the change.',
    bn: 'এর মধ্যে অন্য কেউ এই প্রোভাইডার বদলেছেন। কিছু সংরক্ষণ হয়নি, কোনো টাকা নড়েনি; আবার দেখে পরিবর্তনটি করুন।',
    retryable: false,
  },
  'provider-code-reserved': {
    status: 422,
    en: 'This code is a word of the system itself and no provider can have it. Nothing was saved and no money moved; choose another code.',
    bn: 'এই কোডটি সিস্টেমের নিজের একটি শব্দ, কোনো প্রোভাইডার এটি নিতে পারে না। কিছু সংরক্ষণ হয়নি, কোনো টাকা নড়েনি; অন্য কোড দিন।',
    retryable: false,
  },
  'provider-code-taken': {
    status: 409,
    en: 'A partner with this code exists. Nothing was saved and no money moved; choose another code.',
    bn: 'এই কোডে একজন পার্টনার আছে। কিছু সংরক্ষণ হয়নি, কোনো টাকা নড়েনি; অন্য কোড দিন।',
    retryable: false,
  },
  'provider-credentials-missing': {
    status: 422,
    en: 'A new provider needs its credentials. Nothing was saved and no money moved.',
    bn: 'নতুন প্রোভাইডারের জন্য তার পরিচয়-তথ্য লাগবে। কিছু সংরক্ষণ হয়নি, কোনো টাকা নড়েনি।',
    retryable: false,
  },
  'provider-prepaid-fixed': {
    status: 422,
    en: 'Whether a provider pays in advance cannot be changed. Nothing was saved and no money moved; make a new provider with another code.',
    bn: 'প্রোভাইডার অগ্রিম জমা দেয় কি না তা বদলানো যায় না। কিছু সংরক্ষণ হয়নি, কোনো টাকা নড়েনি; অন্য কোডে নতুন প্রোভাইডার তৈরি করুন।',
    retryable: false,
  },
  'provider-settings-wrong': {
    status: 422,
    en: 'A field of the provider is wrong or missing for its contract; it is named. Nothing was saved and no money moved.',
    bn: 'প্রোভাইডারের একটি ঘর তার চুক্তি অনুযায়ী ভুল বা অনুপস্থিত; ঘরটির নাম দেওয়া আছে। কিছু সংরক্ষণ হয়নি, কোনো টাকা নড়েনি।',
    retryable: false,
  },
};
