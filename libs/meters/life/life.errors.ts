import type { ErrorTable } from '@vend/kernel';

/** Refusals of changes to customers, connections and meters. */
export type LifeErrorCode =
  | 'customer-not-found'
  | 'customer-closed'
  | 'customer-exists'
  | 'connection-not-found'
  | 'connection-in-use'
  | 'connection-not-connected'
  | 'connection-not-disconnected'
  | 'meter-number-taken'
  | 'meter-model-unknown'
  | 'meter-model-differs'
  | 'change-date-past'
  | 'account-owes'
  | 'account-waits'
  | 'connection-person-not-found'
  | 'operation-differs';

export const lifeErrors: ErrorTable<LifeErrorCode> = {
  'customer-not-found': {
    status: 404,
    en: 'There is no customer with this number. Nothing was changed; check the number.',
    bn: 'এই নম্বরে কোনো গ্রাহক নেই। কিছু বদলায়নি; নম্বরটি মিলিয়ে দেখুন।',
    retryable: false,
  },
  'customer-closed': {
    status: 409,
    en: "This customer's account is closed. Nothing was changed; install a meter to open it again.",
    bn: 'এই গ্রাহকের হিসাব বন্ধ। কিছু বদলায়নি; আবার চালু করতে মিটার স্থাপন করুন।',
    retryable: false,
  },
  'customer-exists': {
    status: 409,
    en: 'A customer with this number exists already. Nothing was changed; leave the customer data out, or use another number.',
    bn: 'এই নম্বরে গ্রাহক আগেই আছে। কিছু বদলায়নি; গ্রাহকের তথ্য বাদ দিন, অথবা অন্য নম্বর দিন।',
    retryable: false,
  },
  'connection-not-found': {
    status: 404,
    en: 'This customer has no such connection. Nothing was changed.',
    bn: 'এই গ্রাহকের এমন কোনো সংযোগ নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'connection-in-use': {
    status: 409,
    en: 'This connection has a meter. Nothing was changed; replace the meter instead.',
    bn: 'এই সংযোগে মিটার আছে। কিছু বদলায়নি; মিটার বদলান।',
    retryable: false,
  },
  'connection-not-connected': {
    status: 409,
    en: 'This connection is disconnected already. Nothing was changed.',
    bn: 'এই সংযোগ আগে থেকেই বিচ্ছিন্ন। কিছু বদলায়নি।',
    retryable: false,
  },
  'connection-not-disconnected': {
    status: 409,
    en: 'This connection is not disconnected, so there is nothing to reconnect. Nothing was changed.',
    bn: 'এই সংযোগ বিচ্ছিন্ন নয়, তাই পুনঃসংযোগের কিছু নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'meter-number-taken': {
    status: 409,
    en: 'A meter with this number is on record already. Nothing was changed; read the number again.',
    bn: 'এই নম্বরের মিটার আগে থেকেই আছে। কিছু বদলায়নি; নম্বরটি আবার দেখুন।',
    retryable: false,
  },
  'meter-model-unknown': {
    status: 422,
    en: "This manufacturer's model is not on record. Nothing was changed; have the model entered first.",
    bn: 'এই প্রস্তুতকারকের মডেলটি তালিকায় নেই। কিছু বদলায়নি; আগে মডেলটি যোগ করান।',
    retryable: false,
  },
  'meter-model-differs': {
    status: 422,
    en: 'Meters of this model are not as stated here (phase, algorithm, crediting or service). Nothing was changed.',
    bn: 'এই মডেলের মিটার এমন নয় (ফেজ, অ্যালগরিদম, ক্রেডিটের ধরন বা সেবা)। কিছু বদলায়নি।',
    retryable: false,
  },
  'change-date-past': {
    status: 422,
    en: 'A change counts from today or from a later day. Nothing was changed.',
    bn: 'পরিবর্তন আজ বা পরের কোনো দিন থেকে কার্যকর হয়। কিছু বদলায়নি।',
    retryable: false,
  },
  'account-owes': {
    status: 409,
    en: 'Something is still owed on this account: arrears, charges of past months, or a settlement. Nothing was changed; settle it first.',
    bn: 'এই হিসাবে এখনো দেনা-পাওনা আছে: বকেয়া, আগের মাসের চার্জ বা সমন্বয়। কিছু বদলায়নি; আগে মিটিয়ে নিন।',
    retryable: false,
  },
  'account-waits': {
    status: 409,
    en: 'A payment of this account still waits for its token. Nothing was changed; try again when it is vended.',
    bn: 'এই হিসাবের একটি পেমেন্টের টোকেন এখনো বাকি। কিছু বদলায়নি; টোকেন হয়ে গেলে আবার চেষ্টা করুন।',
    retryable: true,
  },
  'connection-person-not-found': {
    status: 404,
    en: 'There is no such person on this connection. Nothing was changed.',
    bn: 'এই সংযোগে এমন কেউ নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'operation-differs': {
    status: 409,
    en: 'This Idempotency-Key was used for another change. Nothing was changed now; use a new key for a new change.',
    bn: 'এই আইডি অন্য একটি পরিবর্তনে ব্যবহৃত হয়েছে। এখন কিছু বদলায়নি; নতুন পরিবর্তনে নতুন আইডি দিন।',
    retryable: false,
  },
};
