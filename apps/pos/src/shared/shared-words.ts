import { texts } from './words';

/** What both pages say. */
export const SHARED_WORDS = texts({
  noConnection: { bn: 'সংযোগ নেই। কিছু পাঠানো হয়নি।', en: 'No connection. Nothing was sent.' },
  otherLanguage: { bn: 'ইংরেজিতে দেখুন', en: 'Show in Bangla' },
  taka: { bn: '{amount} টাকা', en: 'Tk {amount}' },
  kwh: { bn: '{kwh} ইউনিট (kWh)', en: '{kwh} units (kWh)' },
});
