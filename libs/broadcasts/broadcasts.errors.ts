import type { ErrorTable } from '@vend/kernel';

/** Refusals around notices to all. */
export type BroadcastsErrorCode =
  | 'broadcast-not-found'
  | 'broadcast-differs'
  | 'broadcast-not-now'
  | 'broadcast-audience-refused'
  | 'broadcast-nobody'
  | 'broadcast-text-refused'
  | 'broadcast-time-refused';

export const BROADCASTS_ERRORS: ErrorTable<BroadcastsErrorCode> = {
  'broadcast-not-found': {
    status: 404,
    en: 'There is no such notice among those of your offices. Nothing was sent.',
    bn: 'আপনার অফিসগুলোর মধ্যে এমন কোনো নোটিশ নেই। কিছু পাঠানো হয়নি।',
    retryable: false,
  },
  'broadcast-differs': {
    status: 409,
    en: 'This key has been used for another notice. Nothing was changed; use a new key for a new notice.',
    bn: 'এই কী অন্য একটি নোটিশের জন্য ব্যবহার হয়েছে। কিছু বদলায়নি; নতুন নোটিশের জন্য নতুন কী ব্যবহার করুন।',
    retryable: false,
  },
  'broadcast-not-now': {
    status: 409,
    en: 'The notice is not in a state that allows this. Nothing was changed; look at it again.',
    bn: 'নোটিশটির বর্তমান অবস্থায় এটি করা যায় না। কিছু বদলায়নি; আবার দেখুন।',
    retryable: false,
  },
  'broadcast-audience-refused': {
    status: 403,
    en: 'You may write to customers of your own offices only, or the office is unknown. Nothing was prepared; name offices of yours.',
    bn: 'আপনি শুধু নিজের অফিসগুলোর গ্রাহকদের লিখতে পারেন, অথবা অফিসটি অজানা। কিছু প্রস্তুত হয়নি; নিজের অফিস উল্লেখ করুন।',
    retryable: false,
  },
  'broadcast-nobody': {
    status: 422,
    en: 'Nobody of this audience has a phone that may be written to. Nothing will be sent; compose it for others.',
    bn: 'এই প্রাপকদের কারও এমন ফোন নেই যাতে লেখা যায়। কিছু পাঠানো হবে না; অন্যদের জন্য লিখুন।',
    retryable: false,
  },
  'broadcast-text-refused': {
    status: 422,
    en: 'The text is longer than a gateway takes. Nothing was prepared; shorten it and look at the preview.',
    bn: 'লেখাটি গেটওয়ে যতটা নেয় তার চেয়ে লম্বা। কিছু প্রস্তুত হয়নি; ছোট করে প্রাকদর্শন দেখুন।',
    retryable: false,
  },
  'broadcast-time-refused': {
    status: 422,
    en: 'The times do not fit: the start is past, or the end is not after it. Nothing was prepared; choose other times.',
    bn: 'সময় ঠিক নেই: শুরু অতীতে, অথবা শেষ তার পরে নয়। কিছু প্রস্তুত হয়নি; অন্য সময় দিন।',
    retryable: false,
  },
};
