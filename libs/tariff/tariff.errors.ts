import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room. */
export type TariffErrorCode =
  | 'amount-not-positive'
  | 'below-minimum-recharge'
  | 'above-maximum-recharge'
  | 'tariff-class-unknown'
  | 'tariff-not-in-force'
  | 'demand-charge-unknown'
  | 'flat-rate-unknown'
  | 'fee-unknown'
  | 'tariff-book-invalid';

/** Status and words of each refusal; none of them moves money. */
export const tariffErrors: ErrorTable<TariffErrorCode> = {
  'amount-not-positive': {
    status: 422,
    en: 'The amount must be more than zero. Nothing was charged.',
    bn: 'টাকার পরিমাণ শূন্যের বেশি হতে হবে। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'below-minimum-recharge': {
    status: 422,
    en: 'The amount does not cover the charges due and 0.1 kWh. Nothing was charged; pay at least the minimum shown.',
    bn: 'এই টাকায় বকেয়া চার্জ ও 0.1 ইউনিট হয় না। কোনো টাকা কাটা হয়নি; অন্তত দেখানো ন্যূনতম টাকা দিন।',
    retryable: false,
  },
  'above-maximum-recharge': {
    status: 422,
    en: 'The amount is above the limit of one recharge. Nothing was charged; split it.',
    bn: 'এক রিচার্জের সীমার চেয়ে টাকা বেশি। কোনো টাকা কাটা হয়নি; ভাগ করে দিন।',
    retryable: false,
  },
  'tariff-class-unknown': {
    status: 422,
    en: 'The tariff in force has no such customer class. Nothing was charged; the office must correct the connection.',
    bn: 'চলতি ট্যারিফে এই গ্রাহক শ্রেণি নেই। কোনো টাকা কাটা হয়নি; অফিসকে সংযোগের তথ্য ঠিক করতে হবে।',
    retryable: false,
  },
  'tariff-not-in-force': {
    status: 503,
    en: 'No tariff is in force for the date. Nothing was charged; the office must publish one.',
    bn: 'এই তারিখের জন্য কোনো ট্যারিফ কার্যকর নেই। কোনো টাকা কাটা হয়নি; অফিসকে ট্যারিফ প্রকাশ করতে হবে।',
    retryable: true,
  },
  'demand-charge-unknown': {
    status: 422,
    en: 'The published tariff has no demand charge for this class, so it cannot be priced. Nothing was charged.',
    bn: 'প্রকাশিত ট্যারিফে এই শ্রেণির ডিমান্ড চার্জ নেই, তাই দাম হিসাব করা যায় না। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'flat-rate-unknown': {
    status: 422,
    en: 'The published tariff has no flat rate for this class, so units cannot be sold. Nothing was charged.',
    bn: 'প্রকাশিত ট্যারিফে এই শ্রেণির ফ্ল্যাট দর নেই, তাই ইউনিট বিক্রি করা যায় না। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'fee-unknown': {
    status: 422,
    en: 'The published table has no such fee or deposit for this connection. Nothing was charged.',
    bn: 'প্রকাশিত তালিকায় এই সংযোগের জন্য এমন ফি বা জামানত নেই। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'tariff-book-invalid': {
    status: 422,
    en: 'The tariff data contradicts itself and was not loaded; the reason names the place.',
    bn: 'ট্যারিফের তথ্যে অসঙ্গতি আছে, তাই নেওয়া হয়নি; কারণে জায়গাটি লেখা আছে।',
    retryable: false,
  },
};
