import type { ErrorTable } from '@vend/kernel';

/** Refusals of the review list. */
export type WatchErrorCode = 'review-not-found' | 'review-decided' | 'watch-rule-not-found';

export const WATCH_ERRORS: ErrorTable<WatchErrorCode> = {
  'review-not-found': {
    status: 404,
    en: 'There is no such item in your review list.',
    bn: 'আপনার পর্যালোচনা তালিকায় এমন কিছু নেই।',
    retryable: false,
  },
  'review-decided': {
    status: 409,
    en: 'Somebody has decided this item already, in another way. Nothing was changed; look at the item again.',
    bn: 'এটির সিদ্ধান্ত অন্য কেউ আগেই অন্যভাবে দিয়েছেন। কিছু বদলায়নি; আবার দেখুন।',
    retryable: false,
  },
  'watch-rule-not-found': {
    status: 404,
    en: 'There is no such rule. Nothing was changed.',
    bn: 'এমন কোনো নিয়ম নেই। কিছু বদলায়নি।',
    retryable: false,
  },
};
