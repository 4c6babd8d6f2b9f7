import type { ErrorTable } from '@vend/kernel';

/** What the books refuse on purpose. The procedures of the database raise the same codes (migrations/ledger). */
export type LedgerErrorCode =
  | 'ledger-entry-conflict'
  | 'ledger-overdrawn'
  | 'ledger-drawer-sealed'
  | 'ledger-day-closed'
  | 'ledger-date-ahead'
  | 'ledger-day-not-over'
  | 'ledger-account-unknown'
  | 'ledger-account-spelling'
  | 'ledger-posting-not-in-template'
  | 'ledger-vend-missing'
  | 'ledger-original-missing'
  | 'ledger-not-a-mirror'
  | 'ledger-no-transaction';

export const LEDGER_ERRORS: ErrorTable<LedgerErrorCode> = {
  'ledger-entry-conflict': {
    status: 409,
    en: 'This fact is already booked with other amounts or accounts. Nothing was booked now.',
    bn: 'এই ঘটনাটি অন্য অঙ্ক বা হিসাবে আগেই লেখা হয়েছে। এখন কিছুই লেখা হয়নি।',
    retryable: false,
  },
  'ledger-overdrawn': {
    status: 409,
    en: 'An account that may not go below zero would. Nothing was booked.',
    bn: 'যে হিসাব শূন্যের নিচে যেতে পারে না তা শূন্যের নিচে যেত। কিছুই লেখা হয়নি।',
    retryable: false,
  },
  'ledger-drawer-sealed': {
    status: 409,
    en: 'The shift of this drawer has ended. Nothing was sold and no money was booked; give cash back that was taken for it. Open a shift, then sell again.',
    bn: 'এই ক্যাশ ড্রয়ারের শিফট শেষ হয়েছে। কিছু বিক্রি হয়নি, কোনো টাকা লেখা হয়নি; এর জন্য নেওয়া নগদ ফেরত দিন। শিফট খুলে আবার বিক্রি করুন।',
    retryable: false,
  },
  'ledger-day-closed': {
    status: 409,
    en: 'That business day is closed. Book it today, as a new entry.',
    bn: 'ওই ব্যবসায়িক দিন বন্ধ হয়ে গেছে। আজকের তারিখে নতুন এন্ট্রি লিখুন।',
    retryable: true,
  },
  'ledger-date-ahead': {
    status: 503,
    en: "The entry is dated ahead of the database's clock. Nothing was booked; the clocks need attention.",
    bn: 'এন্ট্রির সময় ডেটাবেজের ঘড়ির চেয়ে এগিয়ে। কিছুই লেখা হয়নি; ঘড়ি ঠিক করুন।',
    retryable: true,
  },
  'ledger-day-not-over': {
    status: 409,
    en: 'The business day has not ended yet and cannot be closed.',
    bn: 'ব্যবসায়িক দিন এখনো শেষ হয়নি, তাই বন্ধ করা যাবে না।',
    retryable: true,
  },
  'ledger-account-unknown': {
    status: 500,
    en: 'No such account in the chart, or it was not opened.',
    bn: 'এমন কোনো হিসাব নেই বা হিসাবটি খোলা হয়নি।',
    retryable: false,
  },
  'ledger-account-spelling': {
    status: 409,
    en: 'The books write the name of this account with other large and small letters. Nothing was booked; name it as the books do.',
    bn: 'হিসাবের বইয়ে এই হিসাবের নাম বড়-ছোট হাতের অন্য অক্ষরে লেখা। কিছুই লেখা হয়নি; বইয়ে যেমন আছে তেমন লিখুন।',
    retryable: false,
  },
  'ledger-posting-not-in-template': {
    status: 500,
    en: 'This kind of entry may not move money between these accounts.',
    bn: 'এই ধরনের এন্ট্রি এই দুই হিসাবের মধ্যে টাকা সরাতে পারে না।',
    retryable: false,
  },
  'ledger-vend-missing': {
    status: 500,
    en: 'A vend can only be booked together with its vend.',
    bn: 'ভেন্ড ছাড়া ভেন্ডের এন্ট্রি লেখা যায় না।',
    retryable: false,
  },
  'ledger-original-missing': {
    status: 409,
    en: 'There is no such entry to take back.',
    bn: 'ফিরিয়ে নেওয়ার মতো এমন কোনো এন্ট্রি নেই।',
    retryable: false,
  },
  'ledger-not-a-mirror': {
    status: 500,
    en: 'What takes an entry back must be the entry itself, the other way round.',
    bn: 'ফেরত এন্ট্রি মূল এন্ট্রির হুবহু উল্টো হতে হবে।',
    retryable: false,
  },
  'ledger-no-transaction': {
    status: 500,
    en: 'The books are written in a transaction only.',
    bn: 'লেনদেন (ট্রানজ্যাকশন) ছাড়া খাতায় লেখা যায় না।',
    retryable: false,
  },
};
