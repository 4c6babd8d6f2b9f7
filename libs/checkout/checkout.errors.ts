import type { DomainError, ErrorTable } from '@vend/kernel';

/** Refusals of the checkout, and why a payment of it was kept and not vended. */
export type CheckoutErrorCode =
  | 'gateway-not-offered'
  | 'gateway-unavailable'
  | 'gateway-refused'
  | 'provider-misconfigured'
  | 'order-not-found'
  | 'order-key-conflict'
  | 'order-amount-outside'
  | 'too-many-orders'
  | 'message-too-large'
  | 'checkout-held'
  | 'checkout-amount-less'
  | 'checkout-paid-twice';

export type CheckoutError = DomainError<CheckoutErrorCode>;

/** Status and words of each. */
export const CHECKOUT_ERRORS: ErrorTable<CheckoutErrorCode> = {
  'gateway-not-offered': {
    status: 404,
    en: 'One cannot pay through this gateway at present. Nothing was charged; choose another one.',
    bn: 'এই মাধ্যমে এখন টাকা দেওয়া যায় না। কোনো টাকা কাটা হয়নি; অন্য মাধ্যম বেছে নিন।',
    retryable: false,
  },
  'gateway-unavailable': {
    status: 503,
    en: 'The payment gateway does not answer. Nothing was charged; try again in a minute, or choose another one.',
    bn: 'পেমেন্ট গেটওয়ে সাড়া দিচ্ছে না। কোনো টাকা কাটা হয়নি; এক মিনিট পর আবার চেষ্টা করুন, অথবা অন্য মাধ্যম নিন।',
    retryable: true,
  },
  'gateway-refused': {
    status: 502,
    en: 'The payment gateway refuses this payment. Nothing was charged; choose another one, or pay at a counter.',
    bn: 'পেমেন্ট গেটওয়ে এই পেমেন্ট নেয়নি। কোনো টাকা কাটা হয়নি; অন্য মাধ্যম নিন, অথবা কাউন্টারে টাকা দিন।',
    retryable: false,
  },
  'provider-misconfigured': {
    status: 500,
    en: 'This way of paying is not set up right at our end; the answer names the settings. Nothing was charged; choose another one.',
    bn: 'এই মাধ্যমটি আমাদের দিকে ঠিকভাবে সাজানো নেই; কোন সেটিং, তা উত্তরে আছে। কোনো টাকা কাটা হয়নি; অন্য মাধ্যম নিন।',
    retryable: false,
  },
  'order-not-found': {
    status: 404,
    en: 'There is no payment with this number. Check the number; if money was taken, call with the number in the message of your bank.',
    bn: 'এই নম্বরে কোনো পেমেন্ট নেই। নম্বরটি মিলিয়ে দেখুন; টাকা কাটা হলে ব্যাংকের বার্তার নম্বর নিয়ে ফোন করুন।',
    retryable: false,
  },
  'order-key-conflict': {
    status: 409,
    en: 'This key was used for another payment. Nothing was charged; a new payment needs a new key.',
    bn: 'এই কী অন্য পেমেন্টে ব্যবহৃত হয়েছে। কোনো টাকা কাটা হয়নি; নতুন পেমেন্টে নতুন কী দিন।',
    retryable: false,
  },
  'order-amount-outside': {
    status: 422,
    en: 'This gateway takes no such amount; the answer says how much it takes. Nothing was charged.',
    bn: 'এই মাধ্যমে এত টাকা দেওয়া যায় না; কত দেওয়া যায় তা উত্তরে আছে। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'too-many-orders': {
    status: 429,
    en: 'Too many payments were begun from your address. Nothing was charged; wait for the time that the answer says.',
    bn: 'আপনার ঠিকানা থেকে অনেক পেমেন্ট শুরু করা হয়েছে। কোনো টাকা কাটা হয়নি; উত্তরে লেখা সময় পর্যন্ত অপেক্ষা করুন।',
    retryable: true,
  },
  'message-too-large': {
    status: 413,
    en: 'The message is larger than 64 KB. Nothing was stored.',
    bn: 'বার্তাটি 64 KB-এর বেশি বড়। কিছু সংরক্ষণ করা হয়নি।',
    retryable: false,
  },
  'checkout-held': {
    status: 409,
    en: 'The gateway took the money and warns of it. Nothing was vended: a person looks, and vends it or gives it back.',
    bn: 'গেটওয়ে টাকা নিয়েছে, কিন্তু সতর্ক করেছে। টোকেন হয়নি: একজন দেখে টোকেন দেবেন, নয়তো টাকা ফেরত দেবেন।',
    retryable: false,
  },
  'checkout-amount-less': {
    status: 409,
    en: 'The gateway took less than the payment was for. Nothing was vended: a person vends it or gives it back.',
    bn: 'গেটওয়ে যত টাকার পেমেন্ট তার চেয়ে কম নিয়েছে। টোকেন হয়নি: একজন টোকেন দেবেন, নয়তো টাকা ফেরত দেবেন।',
    retryable: false,
  },
  'checkout-paid-twice': {
    status: 409,
    en: 'This order was paid a second time. Nothing was vended for the second payment: it goes back, or a person vends it.',
    bn: 'এই পেমেন্ট দুবার হয়েছে। দ্বিতীয়বারের টাকায় টোকেন হয়নি: টাকা ফেরত যাবে, নয়তো একজন টোকেন দেবেন।',
    retryable: false,
  },
};
