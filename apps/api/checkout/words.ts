import type { OrderStanding } from '@vend/checkout';

interface Words {
  /** In a word or two, above the sentence. */
  readonly title: { readonly en: string; readonly bn: string };
  /** What happened, whether money moved, what to do next. */
  readonly en: string;
  readonly bn: string;
  /** Nothing more changes by itself, but for a gateway that changes its mind. */
  readonly final: boolean;
  readonly tone: 'good' | 'wait' | 'bad';
}

const ASKING = {
  title: { en: 'We are asking', bn: 'যাচাই চলছে' },
  en: 'We are asking the payment company whether your money arrived. If it was taken, do not pay again: the token comes by SMS.',
  bn: 'টাকা এসেছে কি না পেমেন্ট কোম্পানির কাছে জানতে চাওয়া হচ্ছে। টাকা কাটা হয়ে থাকলে আবার দেবেন না: টোকেন এসএমএসে আসবে।',
  final: false,
  tone: 'wait',
} as const;

const WORDS: Readonly<Record<OrderStanding, Words>> = {
  CREATED: ASKING,
  STARTED: ASKING,
  PAID: {
    title: { en: 'Paid', bn: 'টাকা পাওয়া গেছে' },
    en: 'Your money arrived. The token is being made and comes by SMS to the phone on record; do not pay again.',
    bn: 'আপনার টাকা পাওয়া গেছে। টোকেন তৈরি হচ্ছে, নিবন্ধিত ফোনে এসএমএসে আসবে; আবার টাকা দেবেন না।',
    final: false,
    tone: 'wait',
  },
  HELD: {
    title: { en: 'Being checked', bn: 'যাচাইয়ে আছে' },
    en: 'Your money arrived and is being checked by a person. Nothing is lost: you get the token, or the money back. Do not pay again.',
    bn: 'আপনার টাকা পাওয়া গেছে, একজন কর্মকর্তা যাচাই করছেন। টাকা হারাবে না: টোকেন পাবেন, নয়তো টাকা ফেরত পাবেন। আবার টাকা দেবেন না।',
    final: false,
    tone: 'wait',
  },
  VENDED: {
    title: { en: 'Recharged', bn: 'রিচার্জ হয়েছে' },
    en: 'The recharge is done. The token was sent by SMS to the phone on record; if it does not come, call with this number.',
    bn: 'রিচার্জ হয়েছে। টোকেন নিবন্ধিত ফোনে এসএমএসে পাঠানো হয়েছে; না এলে এই নম্বর নিয়ে ফোন করুন।',
    final: true,
    tone: 'good',
  },
  REFUND_DUE: {
    title: { en: 'Paid, not recharged', bn: 'টাকা এসেছে, রিচার্জ হয়নি' },
    en: 'Your money arrived, but it could not be turned into a recharge. A person looks at it: you get the token, or the money back. Do not pay again.',
    bn: 'আপনার টাকা এসেছে, কিন্তু রিচার্জ করা যায়নি। একজন কর্মকর্তা দেখছেন: টোকেন পাবেন, নয়তো টাকা ফেরত পাবেন। আবার টাকা দেবেন না।',
    final: false,
    tone: 'wait',
  },
  REFUNDED: {
    title: { en: 'Paid back', bn: 'টাকা ফেরত দেওয়া হয়েছে' },
    en: 'Your money was paid back. A card or wallet can take some days to show it. To recharge, begin a new payment.',
    bn: 'আপনার টাকা ফেরত দেওয়া হয়েছে। কার্ড বা ওয়ালেটে দেখাতে কয়েক দিন লাগতে পারে। রিচার্জ করতে নতুন পেমেন্ট শুরু করুন।',
    final: true,
    tone: 'bad',
  },
  FAILED: {
    title: { en: 'Not paid', bn: 'টাকা দেওয়া হয়নি' },
    en: 'The payment did not succeed, and no money reached us. You can begin a new payment. If money was taken, wait: it comes back, or the token comes by SMS.',
    bn: 'পেমেন্ট সফল হয়নি, আমাদের কাছে টাকা আসেনি। নতুন পেমেন্ট শুরু করতে পারেন। টাকা কাটা হয়ে থাকলে অপেক্ষা করুন: টাকা ফেরত আসবে, নয়তো টোকেন এসএমএসে আসবে।',
    final: true,
    tone: 'bad',
  },
  CANCELLED: {
    title: { en: 'Cancelled', bn: 'বাতিল করা হয়েছে' },
    en: 'You cancelled the payment, and no money reached us. You can begin a new payment.',
    bn: 'আপনি পেমেন্ট বাতিল করেছেন, আমাদের কাছে টাকা আসেনি। নতুন পেমেন্ট শুরু করতে পারেন।',
    final: true,
    tone: 'bad',
  },
  EXPIRED: {
    title: { en: 'Time ran out', bn: 'সময় শেষ' },
    en: 'The time for this payment ran out, and no money reached us. You can begin a new payment. If money was taken, wait: it comes back, or the token comes by SMS.',
    bn: 'এই পেমেন্টের সময় শেষ, আমাদের কাছে টাকা আসেনি। নতুন পেমেন্ট শুরু করতে পারেন। টাকা কাটা হয়ে থাকলে অপেক্ষা করুন: টাকা ফেরত আসবে, নয়তো টোকেন এসএমএসে আসবে।',
    final: true,
    tone: 'bad',
  },
};

/** What the payer is told of an order. */
export function wordsOf(standing: OrderStanding): Words {
  return WORDS[standing];
}

/** For a browser that brought no order we know. */
export const UNKNOWN_ORDER: Words = {
  title: { en: 'Which payment?', bn: 'কোন পেমেন্ট?' },
  en: 'We cannot see which payment this is about. Nothing is lost: if your money was taken, the token comes by SMS, or the money comes back.',
  bn: 'এটি কোন পেমেন্ট তা বোঝা যাচ্ছে না। টাকা হারাবে না: টাকা কাটা হয়ে থাকলে টোকেন এসএমএসে আসবে, নয়তো টাকা ফেরত আসবে।',
  final: true,
  tone: 'wait',
};
