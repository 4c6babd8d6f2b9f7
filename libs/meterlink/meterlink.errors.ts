import type { ErrorTable } from '@vend/kernel';

/** Refusals of remote loading. In each case nothing was changed and no money moved. */
export type MeterLinkErrorCode =
  | 'remote-load-not-found'
  | 'remote-load-done'
  | 'remote-load-cancelled'
  | 'vend-loading'
  | 'vend-loaded'
  | 'head-end-not-found';

export const METERLINK_ERRORS: ErrorTable<MeterLinkErrorCode> = {
  'remote-load-not-found': {
    status: 404,
    en: 'There is no remote load with this id. Nothing was changed.',
    bn: 'এই আইডির কোনো রিমোট লোড নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'remote-load-done': {
    status: 409,
    en: 'The meter has this credit already. Nothing was sent again; the token need not be typed.',
    bn: 'মিটারে এই ক্রেডিট আগেই জমা হয়েছে। আবার পাঠানো হয়নি; টোকেন টাইপ করতে হবে না।',
    retryable: false,
  },
  'remote-load-cancelled': {
    status: 409,
    en: 'This vend was cancelled. Nothing was sent to the meter.',
    bn: 'এই ভেন্ড বাতিল করা হয়েছে। মিটারে কিছু পাঠানো হয়নি।',
    retryable: false,
  },
  'vend-loading': {
    status: 409,
    en: 'The token is on its way into the meter, so the vend cannot be cancelled now. Nothing was changed; wait until the remote load has ended.',
    bn: 'টোকেনটি মিটারে পাঠানো হচ্ছে, তাই এখন ভেন্ড বাতিল করা যাবে না। কিছু বদলায়নি; রিমোট লোড শেষ হওয়া পর্যন্ত অপেক্ষা করুন।',
    retryable: true,
  },
  'vend-loaded': {
    status: 409,
    en: 'The meter has taken this token, so the vend cannot be cancelled. Nothing was changed.',
    bn: 'মিটার এই টোকেন গ্রহণ করেছে, তাই ভেন্ড বাতিল করা যাবে না। কিছু বদলায়নি।',
    retryable: false,
  },
  'head-end-not-found': {
    status: 404,
    en: 'There is no active head-end with this code. Nothing was changed.',
    bn: 'এই কোডের কোনো সক্রিয় হেড-এন্ড নেই। কিছু বদলায়নি।',
    retryable: false,
  },
};
