/** Why a row of an import was refused; part of the report's format. */
export type RowFaultCode =
  | 'csv-malformed'
  | 'column-count-wrong'
  | 'cell-is-number'
  | 'value-missing'
  | 'text-invalid'
  | 'customer-no-invalid'
  | 'mobile-invalid'
  | 'language-unknown'
  | 'tariff-class-unknown'
  | 'phase-invalid'
  | 'sanctioned-load-invalid'
  | 'meter-number-invalid'
  | 'meter-check-digit-wrong'
  | 'manufacturer-differs'
  | 'owner-unknown'
  | 'installed-on-invalid'
  | 'installed-in-future'
  | 'charged-through-invalid'
  | 'crediting-unknown'
  | 'ea-unknown'
  | 'sgc-invalid'
  | 'krn-invalid'
  | 'ti-invalid'
  | 'kt-invalid'
  | 'ken-invalid'
  | 'base-date-unknown'
  | 'meter-duplicate'
  | 'customer-contradicts'
  | 'meter-of-another-customer'
  | 'meter-closed'
  | 'meter-differs';

export interface Reason {
  readonly en: string;
  readonly bn: string;
}

/** The reason in words. None repeats the value: a report is passed around, and a row holds a phone number. */
export const rowFaultReasons: Readonly<Record<RowFaultCode, Reason>> = {
  'csv-malformed': {
    en: 'Quotation marks do not pair up on this line, or the line is too long; a value must not contain a line break.',
    bn: 'এই লাইনে উদ্ধৃতি চিহ্ন জোড়া মেলেনি, বা লাইনটি খুব লম্বা; মানের ভেতরে লাইন ভাঙা যাবে না।',
  },
  'column-count-wrong': {
    en: 'The line has more or fewer values than the first line has columns.',
    bn: 'লাইনে মানের সংখ্যা প্রথম লাইনের কলামের সংখ্যার সমান নয়।',
  },
  'cell-is-number': {
    en: 'A spreadsheet has made a number of this, so that digits or leading zeros may be lost. Give the column the format Text and write it again.',
    bn: 'স্প্রেডশিট এটিকে সংখ্যা বানিয়েছে, তাই অঙ্ক বা শুরুর শূন্য হারিয়ে থাকতে পারে। কলামটি Text করে আবার লিখুন।',
  },
  'value-missing': { en: 'The value is missing.', bn: 'মান দেওয়া হয়নি।' },
  'text-invalid': {
    en: 'The text is too long or has characters that cannot be printed; the file must be UTF-8.',
    bn: 'লেখাটি খুব লম্বা বা ছাপানো যায় না এমন অক্ষর আছে; ফাইল UTF-8 হতে হবে।',
  },
  'customer-no-invalid': {
    en: 'A customer number has 1 to 20 letters, digits, hyphens or slashes.',
    bn: 'গ্রাহক নম্বর 1 থেকে 20টি ইংরেজি অক্ষর, অঙ্ক, হাইফেন বা স্ল্যাশ।',
  },
  'mobile-invalid': {
    en: 'A mobile number is written 01XXXXXXXXX or 8801XXXXXXXXX.',
    bn: 'মোবাইল নম্বর 01XXXXXXXXX বা 8801XXXXXXXXX আকারে লিখুন।',
  },
  'language-unknown': { en: 'The language is bn or en.', bn: 'ভাষা bn বা en।' },
  'tariff-class-unknown': {
    en: 'The tariff of 2020 has no such class; write it as in the order: LT-A, MT-1.',
    bn: '2020 সালের ট্যারিফে এই শ্রেণি নেই; আদেশের মতো লিখুন: LT-A, MT-1।',
  },
  'phase-invalid': { en: 'The phase is 1 or 3.', bn: 'ফেজ 1 বা 3।' },
  'sanctioned-load-invalid': {
    en: 'The sanctioned load is in kW, above 0, at most three decimals: 2.5.',
    bn: 'অনুমোদিত লোড kW-এ, 0-এর বেশি, দশমিকের পর সর্বোচ্চ তিন অঙ্ক: 2.5।',
  },
  'meter-number-invalid': {
    en: 'A meter number has 18 digits beginning with 600727 or 0000, or 11 or 13 digits (DRN).',
    bn: 'মিটার নম্বর 600727 বা 0000 দিয়ে শুরু 18 অঙ্কের, অথবা 11 বা 13 অঙ্কের (DRN)।',
  },
  'meter-check-digit-wrong': {
    en: 'A digit of the meter number is wrong: its check digit does not fit.',
    bn: 'মিটার নম্বরের কোনো অঙ্ক ভুল: যাচাই অঙ্ক মেলে না।',
  },
  'manufacturer-differs': {
    en: 'The meter number begins with another manufacturer code.',
    bn: 'মিটার নম্বরের শুরুতে অন্য প্রস্তুতকারকের কোড আছে।',
  },
  'owner-unknown': { en: 'The owner is utility or customer.', bn: 'মিটারের মালিক utility বা customer।' },
  'installed-on-invalid': {
    en: 'The installation day is a calendar day since 1993 written YYYY-MM-DD.',
    bn: 'স্থাপনের দিন 1993 বা পরের তারিখ, YYYY-MM-DD আকারে।',
  },
  'installed-in-future': {
    en: 'The installation day is in the future.',
    bn: 'স্থাপনের দিন ভবিষ্যতের।',
  },
  'charged-through-invalid': {
    en: 'The last month charged is written YYYY-MM.',
    bn: 'শেষ যে মাসের চার্জ নেওয়া হয়েছে তা YYYY-MM আকারে লিখুন।',
  },
  'crediting-unknown': { en: 'The crediting is currency or energy.', bn: 'ক্রেডিট currency বা energy।' },
  'ea-unknown': { en: 'The encryption algorithm is 07 or 11.', bn: 'এনক্রিপশন অ্যালগরিদম 07 বা 11।' },
  'sgc-invalid': { en: 'A supply group code has 6 digits.', bn: 'সাপ্লাই গ্রুপ কোড 6 অঙ্কের।' },
  'krn-invalid': { en: 'A key revision number is 1 to 9.', bn: 'কী রিভিশন নম্বর 1 থেকে 9।' },
  'ti-invalid': { en: 'A tariff index has two digits: 01.', bn: 'ট্যারিফ ইনডেক্স দুই অঙ্কের: 01।' },
  'kt-invalid': { en: 'A key type is 0 to 3.', bn: 'কী টাইপ 0 থেকে 3।' },
  'ken-invalid': { en: 'A key expiry number is 0 to 255.', bn: 'কী এক্সপায়ারি নম্বর 0 থেকে 255।' },
  'base-date-unknown': { en: 'The base date is 1993, 2014 or 2035.', bn: 'বেস ডেট 1993, 2014 বা 2035।' },
  'meter-duplicate': {
    en: 'An earlier line of the file already has this meter.',
    bn: 'ফাইলের আগের একটি লাইনে এই মিটার আছে।',
  },
  'customer-contradicts': {
    en: 'An earlier line of the file has this customer number with another value here.',
    bn: 'ফাইলের আগের একটি লাইনে এই গ্রাহক নম্বরে এখানে অন্য মান আছে।',
  },
  'meter-of-another-customer': {
    en: 'The meter is already stored under another customer number; an import does not move a meter.',
    bn: 'মিটারটি অন্য গ্রাহক নম্বরে সংরক্ষিত আছে; আমদানি মিটার সরায় না।',
  },
  'meter-closed': {
    en: 'The meter is closed, replaced perhaps; an import does not change it or what it was connected to.',
    bn: 'মিটারটি বন্ধ, হয়তো বদলানো হয়েছে; আমদানি এটি বা এর সংযোগ বদলায় না।',
  },
  'meter-differs': {
    en: 'The meter is already stored with another value here; an import does not change a meter or its keys.',
    bn: 'মিটারটি এখানে অন্য মানে সংরক্ষিত আছে; আমদানি মিটার বা তার কী বদলায় না।',
  },
};

/** A fault at its place: the line of the file (the header is line 1) and the column; null when it is the whole line. */
export interface RowFault {
  readonly line: number;
  readonly column: string | null;
  readonly code: RowFaultCode;
}
