import { texts } from '../shared/words';

/** What the counter's page says. */
export const WORDS = texts({
  counter: { bn: 'বিদ্যুৎ রিচার্জ কাউন্টার', en: 'Electricity recharge counter' },
  username: { bn: 'ব্যবহারকারীর নাম', en: 'User name' },
  password: { bn: 'পাসওয়ার্ড', en: 'Password' },
  code: { bn: 'ফোনের ৬ অঙ্কের কোড', en: 'Six-digit code from the phone' },
  enter: { bn: 'প্রবেশ করুন', en: 'Log in' },
});
