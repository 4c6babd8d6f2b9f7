import type { DomainError, ErrorTable } from '@vend/kernel';

/** Refusals of the inbox. In each case nothing was stored and no money moved on our side. */
export type PaymentsErrorCode = 'event-malformed' | 'event-too-large' | 'event-conflict' | 'inbox-full';

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
};
