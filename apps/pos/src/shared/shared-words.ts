import { texts } from './words';

/** What several pages say. */
export const SHARED_WORDS = texts({
  noConnection: { bn: 'সংযোগ নেই। কিছু পাঠানো হয়নি।', en: 'No connection. Nothing was sent.' },
  noAnswer: { bn: 'সংযোগ নেই, কোনো উত্তর আসেনি। আবার চেষ্টা করুন।', en: 'No connection: no answer came. Try again.' },

  username: { bn: 'ব্যবহারকারীর নাম', en: 'User name' },
  password: { bn: 'পাসওয়ার্ড', en: 'Password' },
  code: { bn: 'ফোনের ৬ অঙ্কের কোড', en: 'Six-digit code from the phone' },
  enter: { bn: 'প্রবেশ করুন', en: 'Log in' },
  leave: { bn: 'প্রস্থান', en: 'Log out' },
  keyLanguage: { bn: 'ইংরেজি', en: 'Bangla' },
  leaving: {
    bn: 'এই পর্দা থেকে সব মুছে গেছে, কিন্তু সার্ভার এখনও জানে না যে আপনি বের হয়েছেন। সংযোগ এলেই জানানো হবে; ততক্ষণ পাতাটি খোলা রাখুন।',
    en: 'Everything is gone from this screen, but the server does not know yet that you left. It is told as soon as there is a connection; keep this page open until then.',
  },
});
