import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room. */
export type CounterErrorCode =
  | 'count-malformed'
  | 'shift-needed'
  | 'shift-not-kept'
  | 'shift-clerk-open'
  | 'shift-till-taken'
  | 'shift-key-conflict'
  | 'shift-not-found'
  | 'shift-not-open'
  | 'shift-not-counted'
  | 'shift-count-changed'
  | 'shift-own'
  | 'shift-unexplained'
  | 'deposit-above-cash'
  | 'deposit-bank-unknown'
  | 'deposit-empty'
  | 'deposit-key-conflict'
  | 'deposit-not-found'
  | 'deposit-banked'
  | 'deposit-own'
  | 'agent-recharges-only'
  | 'station-terms-both';

/** Status and words of each refusal: what happened, whether money moved, what to do next. */
export const COUNTER_ERRORS: ErrorTable<CounterErrorCode> = {
  'count-malformed': {
    status: 422,
    en: 'The count names a note that there is not, or a number that is none. Nothing was booked; count again.',
    bn: 'গণনায় এমন নোট বা সংখ্যা আছে যা হয় না। কিছুই লেখা হয়নি; আবার গুনুন।',
    retryable: false,
  },
  'shift-needed': {
    status: 409,
    en: 'This station keeps shifts and you have none open. Nothing was sold and no money was booked. Open your shift, then sell again.',
    bn: 'এই কেন্দ্রে শিফট রাখা হয়, আপনার কোনো শিফট খোলা নেই। কিছু বিক্রি হয়নি, কোনো টাকা লেখা হয়নি। শিফট খুলে আবার বিক্রি করুন।',
    retryable: false,
  },
  'shift-not-kept': {
    status: 409,
    en: 'This station keeps no shifts. Nothing was opened; an administrator can switch them on.',
    bn: 'এই কেন্দ্রে শিফট রাখা হয় না। কিছু খোলা হয়নি; প্রশাসক তা চালু করতে পারেন।',
    retryable: false,
  },
  'shift-clerk-open': {
    status: 409,
    en: 'You have a shift that is not closed yet. Nothing was opened. Count that one and have it closed first.',
    bn: 'আপনার একটি শিফট এখনো বন্ধ হয়নি। নতুন শিফট খোলা হয়নি। আগে সেটি গুনে বন্ধ করান।',
    retryable: false,
  },
  'shift-till-taken': {
    status: 409,
    en: 'At this till a shift is not closed yet. Nothing was opened. Take another till, or have that shift closed.',
    bn: 'এই টিলে একটি শিফট এখনো বন্ধ হয়নি। নতুন শিফট খোলা হয়নি। অন্য টিল নিন, বা সেই শিফট বন্ধ করান।',
    retryable: false,
  },
  'shift-key-conflict': {
    status: 409,
    en: 'This key has opened or closed something else before. Nothing was changed; use a new key.',
    bn: 'এই কী দিয়ে আগে অন্য কিছু খোলা বা বন্ধ করা হয়েছে। কিছুই বদলায়নি; নতুন কী ব্যবহার করুন।',
    retryable: false,
  },
  'shift-not-found': {
    status: 404,
    en: 'There is no such shift among those you may see.',
    bn: 'আপনার দেখার মতো এমন কোনো শিফট নেই।',
    retryable: false,
  },
  'shift-not-open': {
    status: 409,
    en: 'This shift is counted or closed already. Nothing was changed.',
    bn: 'এই শিফট আগেই গোনা বা বন্ধ হয়েছে। কিছুই বদলায়নি।',
    retryable: false,
  },
  'shift-not-counted': {
    status: 409,
    en: 'This shift does not wait to be closed: it is not counted, or it is closed. Nothing was changed.',
    bn: 'এই শিফট বন্ধের অপেক্ষায় নেই: গোনা হয়নি, বা বন্ধ হয়ে গেছে। কিছুই বদলায়নি।',
    retryable: false,
  },
  'shift-count-changed': {
    status: 409,
    en: 'The drawer was counted again since you looked. Nothing was closed; look at the new count first.',
    bn: 'আপনি দেখার পর ড্রয়ার আবার গোনা হয়েছে। কিছু বন্ধ হয়নি; আগে নতুন গণনা দেখুন।',
    retryable: false,
  },
  'shift-own': {
    status: 403,
    en: 'A shift is closed by a second person. Nothing was changed; ask another supervisor.',
    bn: 'শিফট দ্বিতীয় ব্যক্তি বন্ধ করেন। কিছুই বদলায়নি; অন্য সুপারভাইজারকে বলুন।',
    retryable: false,
  },
  'shift-unexplained': {
    status: 422,
    en: 'The count and the books differ. Nothing was changed; say why, then send the count again.',
    bn: 'গণনা ও হিসাবে পার্থক্য আছে। কিছুই বদলায়নি; কারণ লিখে গণনা আবার পাঠান।',
    retryable: false,
  },
  'deposit-above-cash': {
    status: 409,
    en: "The station's safe has less than that in the books. Nothing was booked; count again, or close the shifts whose cash it is.",
    bn: 'হিসাবে কেন্দ্রের সিন্দুকে এত টাকা নেই। কিছুই লেখা হয়নি; আবার গুনুন, বা যে শিফটের টাকা তা বন্ধ করুন।',
    retryable: false,
  },
  'deposit-bank-unknown': {
    status: 422,
    en: 'The books have no bank account of that name. Nothing was booked; write the name letter for letter as the accounts office has it.',
    bn: 'হিসাবে এই নামের কোনো ব্যাংক হিসাব নেই। কিছুই লেখা হয়নি; হিসাব শাখায় নামটি যেমন আছে অক্ষরে অক্ষরে তেমন লিখুন।',
    retryable: false,
  },
  'deposit-empty': {
    status: 422,
    en: 'The count comes to nothing. Nothing was booked.',
    bn: 'গণনার যোগফল শূন্য। কিছুই লেখা হয়নি।',
    retryable: false,
  },
  'deposit-key-conflict': {
    status: 409,
    en: 'This key has made another deposit slip before. Nothing was changed; use a new key.',
    bn: 'এই কী দিয়ে আগে অন্য জমা স্লিপ হয়েছে। কিছুই বদলায়নি; নতুন কী ব্যবহার করুন।',
    retryable: false,
  },
  'deposit-not-found': {
    status: 404,
    en: 'There is no such deposit slip among those you may see.',
    bn: 'আপনার দেখার মতো এমন কোনো জমা স্লিপ নেই।',
    retryable: false,
  },
  'deposit-banked': {
    status: 409,
    en: 'The bank has received this deposit already. Nothing was booked now.',
    bn: 'ব্যাংক এই জমা আগেই পেয়েছে। এখন কিছুই লেখা হয়নি।',
    retryable: false,
  },
  'deposit-own': {
    status: 403,
    en: 'Who sent the cash does not confirm it. Nothing was booked; a second person with the paper of the bank does.',
    bn: 'যিনি টাকা পাঠিয়েছেন তিনি নিশ্চিত করেন না। কিছুই লেখা হয়নি; ব্যাংকের কাগজ হাতে দ্বিতীয় ব্যক্তি করবেন।',
    retryable: false,
  },
  'station-terms-both': {
    status: 422,
    en: 'A station keeps shifts or sells from a float, not both. Nothing was changed.',
    bn: 'একটি কেন্দ্র শিফট রাখে অথবা জমা টাকা থেকে বিক্রি করে, দুটি একসঙ্গে নয়। কিছুই বদলায়নি।',
    retryable: false,
  },
  'agent-recharges-only': {
    status: 409,
    en: 'This station sells recharges from its float and takes nothing else. No money was booked; send the customer to a counter of the utility.',
    bn: 'এই কেন্দ্র জমা টাকা থেকে শুধু রিচার্জ বিক্রি করে। কোনো টাকা লেখা হয়নি; গ্রাহককে বিদ্যুৎ অফিসের কাউন্টারে পাঠান।',
    retryable: false,
  },
};
