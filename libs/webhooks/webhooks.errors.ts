import type { ErrorTable } from '@vend/kernel';

/** Refusals of what people do with webhooks. No money moves here. */
export type WebhooksErrorCode =
  | 'webhook-owner-unknown'
  | 'webhook-url-refused'
  | 'webhook-endpoint-exists'
  | 'webhook-endpoint-not-found'
  | 'webhook-endpoint-changed'
  | 'webhook-endpoint-disabled'
  | 'webhook-message-not-found';

/** Status and words of each refusal. */
export const WEBHOOKS_ERRORS: ErrorTable<WebhooksErrorCode> = {
  'webhook-owner-unknown': {
    status: 404,
    en: 'There is no partner or payment provider with this code. Nothing was changed.',
    bn: 'এই কোডের কোনো সহযোগী বা পেমেন্ট প্রতিষ্ঠান নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'webhook-url-refused': {
    status: 422,
    en: 'The address must begin with https:// and be reachable from the internet: no user name, and no private address. Nothing was changed.',
    bn: 'ঠিকানাটি https:// দিয়ে শুরু হতে হবে এবং ইন্টারনেট থেকে পৌঁছানো যেতে হবে: ব্যবহারকারীর নাম বা ব্যক্তিগত নেটওয়ার্কের ঠিকানা চলবে না। কিছু বদলায়নি।',
    retryable: false,
  },
  'webhook-endpoint-exists': {
    status: 409,
    en: 'This address is in use for this partner already. Change the one that is there, or give it a new secret.',
    bn: 'এই সহযোগীর জন্য ঠিকানাটি আগে থেকেই আছে। সেটিই বদলান, অথবা সেটির জন্য নতুন গোপন কী নিন।',
    retryable: false,
  },
  'webhook-endpoint-not-found': {
    status: 404,
    en: 'There is no such webhook endpoint.',
    bn: 'এমন কোনো ওয়েবহুক ঠিকানা নেই।',
    retryable: false,
  },
  'webhook-endpoint-changed': {
    status: 409,
    en: 'Somebody has changed the endpoint since you saw it. Nothing was changed; look at it again.',
    bn: 'আপনি দেখার পরে অন্য কেউ ঠিকানাটি বদলেছেন। কিছু বদলায়নি; আবার দেখে নিন।',
    retryable: false,
  },
  'webhook-endpoint-disabled': {
    status: 409,
    en: 'The endpoint is disabled, so nothing can be sent to it. Make it active first.',
    bn: 'ঠিকানাটি বন্ধ আছে, তাই সেখানে কিছু পাঠানো যায় না। আগে সেটি চালু করুন।',
    retryable: false,
  },
  'webhook-message-not-found': {
    status: 404,
    en: 'There is no such webhook message.',
    bn: 'এমন কোনো ওয়েবহুক বার্তা নেই।',
    retryable: false,
  },
};
