import type { ErrorTable } from '@vend/kernel';

/** What the customer's own page refuses on purpose. */
export type PortalErrorCode =
  'code-refused' | 'too-many-codes' | 'too-many-receipts' | 'own-session-missing' | 'own-meter-not-found';

export const PORTAL_ERRORS: ErrorTable<PortalErrorCode> = {
  'code-refused': {
    status: 401,
    en: 'This code does not open the page: it is mistyped, too old or used. Nothing was changed; look at the SMS again, or ask for a new code.',
    bn: 'এই কোডে পাতা খুলছে না: ভুল লেখা, পুরোনো বা ব্যবহৃত। কিছু বদলায়নি; এসএমএস আবার দেখুন, অথবা নতুন কোড চান।',
    retryable: false,
  },
  'too-many-codes': {
    status: 429,
    en: 'Too many codes were asked for or tried. Nothing was sent; wait, up to an hour, and try again.',
    bn: 'অনেকবার কোড চাওয়া বা লেখা হয়েছে। কিছু পাঠানো হয়নি; এক ঘণ্টা পর্যন্ত অপেক্ষা করে আবার চেষ্টা করুন।',
    retryable: true,
  },
  'too-many-receipts': {
    status: 429,
    en: 'Too many receipts were asked for as a file. Nothing was changed; wait, up to an hour, or read the tokens on the page.',
    bn: 'অনেকবার রসিদের ফাইল চাওয়া হয়েছে। কিছু বদলায়নি; এক ঘণ্টা পর্যন্ত অপেক্ষা করুন, অথবা পাতায় টোকেন দেখুন।',
    retryable: true,
  },
  'own-session-missing': {
    status: 401,
    en: 'Your time on this page is over, or you have not come in yet. Nothing was changed; ask for a code with your meter and phone.',
    bn: 'এই পাতায় আপনার সময় শেষ, অথবা এখনও ঢোকেননি। কিছু বদলায়নি; মিটার ও ফোন নম্বর দিয়ে কোড চান।',
    retryable: false,
  },
  'own-meter-not-found': {
    status: 404,
    en: 'None of your meters or recharges has this number. Nothing was changed; choose one of the list.',
    bn: 'আপনার কোনো মিটার বা রিচার্জের এই নম্বর নেই। কিছু বদলায়নি; তালিকা থেকে বেছে নিন।',
    retryable: false,
  },
};
