import type { ErrorTable } from '@vend/kernel';

/** Refusals about messages and gateways. None of them moves money. */
export type SmsErrorCode =
  | 'message-not-found'
  | 'message-not-failed'
  | 'gateway-not-found'
  | 'gateway-changed'
  | 'gateway-secret-missing'
  | 'gateway-settings-wrong';

export const SMS_ERRORS: ErrorTable<SmsErrorCode> = {
  'message-not-found': {
    status: 404,
    en: 'There is no message with this id. Nothing was changed.',
    bn: 'এই আইডির কোনো এসএমএস নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'message-not-failed': {
    status: 409,
    en: 'This message is not on the list of failed ones: it was sent, or is being tried. Nothing was changed.',
    bn: 'এই এসএমএস ব্যর্থ তালিকায় নেই: পাঠানো হয়েছে বা চেষ্টা চলছে। কিছু বদলায়নি।',
    retryable: false,
  },
  'gateway-not-found': {
    status: 404,
    en: 'There is no SMS gateway with this code. Nothing was changed.',
    bn: 'এই কোডের কোনো এসএমএস গেটওয়ে নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'gateway-changed': {
    status: 409,
    en: 'Somebody else has changed this gateway since you read it. Nothing was changed; read it again.',
    bn: 'আপনি দেখার পর অন্য কেউ গেটওয়েটি বদলেছেন। কিছু বদলায়নি; আবার দেখুন।',
    retryable: false,
  },
  'gateway-secret-missing': {
    status: 422,
    en: 'A new gateway needs its password or token. Nothing was changed.',
    bn: 'নতুন গেটওয়ের পাসওয়ার্ড বা টোকেন লাগবে। কিছু বদলায়নি।',
    retryable: false,
  },
  'gateway-settings-wrong': {
    status: 422,
    en: 'These settings do not fit the profile of the gateway. Nothing was changed; the page about SMS lists them.',
    bn: 'এই সেটিং গেটওয়ের প্রোফাইলের সঙ্গে মেলে না। কিছু বদলায়নি; এসএমএস পাতায় তালিকা আছে।',
    retryable: false,
  },
};
