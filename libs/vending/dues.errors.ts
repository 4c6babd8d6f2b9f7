import type { ErrorTable } from '@vend/kernel';

/** Refusals about payments that are owed back, and about penalties. */
export type DuesErrorCode =
  | 'deposit-known'
  | 'deposit-not-held'
  | 'deposit-differs'
  | 'deposit-returned'
  | 'payment-not-owed'
  | 'payment-was-vended'
  | 'penalty-not-found'
  | 'penalty-paper-used'
  | 'penalty-key-conflict'
  | 'penalty-collected'
  | 'penalty-withdrawn'
  | 'penalty-nothing-due'
  | 'penalty-single-phase';

export const DUES_ERRORS: ErrorTable<DuesErrorCode> = {
  'deposit-known': {
    status: 409,
    en: "This customer's deposit of this paper is entered already. Nothing was entered now; check the paper.",
    bn: 'এই কাগজের জামানত এই গ্রাহকের নামে আগেই লেখা হয়েছে। এখন কিছু লেখা হয়নি; কাগজটি মিলিয়ে দেখুন।',
    retryable: false,
  },
  'deposit-not-held': {
    status: 422,
    en: 'No deposit of this paper is held for this customer. Nothing was given back; have the accounts office enter it first.',
    bn: 'এই কাগজের কোনো জামানত এই গ্রাহকের নামে নেই। কিছু ফেরত দেওয়া হয়নি; আগে হিসাব শাখায় জামানতটি লেখান।',
    retryable: false,
  },
  'deposit-differs': {
    status: 422,
    en: 'The deposit of this paper is another sum. Nothing was given back; ask for the sum that is held.',
    bn: 'এই কাগজের জামানতের অঙ্ক আলাদা। কিছু ফেরত দেওয়া হয়নি; জমা থাকা অঙ্কটি দিন।',
    retryable: false,
  },
  'deposit-returned': {
    status: 409,
    en: 'The deposit of this paper was given back before. Nothing was given back now.',
    bn: 'এই কাগজের জামানত আগেই ফেরত দেওয়া হয়েছে। এখন কিছু ফেরত দেওয়া হয়নি।',
    retryable: false,
  },
  'payment-not-owed': {
    status: 409,
    en: 'This payment is not owed back: it was vended, waits for its token, or was paid back. Nothing was changed; read the case again.',
    bn: 'এই পেমেন্ট ফেরতযোগ্য নয়: টোকেন হয়েছে, টোকেনের অপেক্ষায় আছে, বা ফেরত দেওয়া হয়েছে। কিছু বদলায়নি; অভিযোগটি আবার দেখুন।',
    retryable: false,
  },
  'payment-was-vended': {
    status: 409,
    en: 'The vend of this payment was cancelled, so the payment can only be paid back. Nothing was changed.',
    bn: 'এই পেমেন্টের টোকেন বাতিল হয়েছে, তাই শুধু টাকা ফেরত দেওয়া যায়। কিছু বদলায়নি।',
    retryable: false,
  },
  'penalty-not-found': {
    status: 404,
    en: 'This meter has no such penalty. Nothing was changed.',
    bn: 'এই মিটারে এমন কোনো জরিমানা নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'penalty-paper-used': {
    status: 409,
    en: 'A penalty with this notice number is entered already. Nothing was entered now; check the paper.',
    bn: 'এই নোটিশ নম্বরে জরিমানা আগেই লেখা হয়েছে। এখন কিছু লেখা হয়নি; কাগজটি মিলিয়ে দেখুন।',
    retryable: false,
  },
  'penalty-key-conflict': {
    status: 409,
    en: 'This Idempotency-Key was already used for another penalty. Nothing was changed now; use a new key.',
    bn: 'এই Idempotency-Key অন্য জরিমানায় ব্যবহৃত হয়েছে। এখন কিছু বদলায়নি; নতুন কী দিন।',
    retryable: false,
  },
  'penalty-collected': {
    status: 409,
    en: 'A recharge has collected this penalty, so it cannot be withdrawn. Nothing was changed; cancel that recharge first.',
    bn: 'একটি রিচার্জে এই জরিমানা আদায় হয়ে গেছে, তাই তুলে নেওয়া যায় না। কিছু বদলায়নি; আগে সেই রিচার্জ বাতিল করুন।',
    retryable: false,
  },
  'penalty-withdrawn': {
    status: 409,
    en: 'This penalty was withdrawn by another request. Nothing was changed now.',
    bn: 'এই জরিমানা অন্য অনুরোধে তুলে নেওয়া হয়েছে। এখন কিছু বদলায়নি।',
    retryable: false,
  },
  'penalty-nothing-due': {
    status: 422,
    en: 'With a power factor of 0.95 or more no surcharge is due. Nothing was entered.',
    bn: 'পাওয়ার ফ্যাক্টর 0.95 বা বেশি হলে সারচার্জ নেই। কিছু লেখা হয়নি।',
    retryable: false,
  },
  'penalty-single-phase': {
    status: 422,
    en: 'The power-factor surcharge is for three-phase connections. Nothing was entered.',
    bn: 'পাওয়ার ফ্যাক্টর সারচার্জ শুধু তিন-ফেজ সংযোগে প্রযোজ্য। কিছু লেখা হয়নি।',
    retryable: false,
  },
};
