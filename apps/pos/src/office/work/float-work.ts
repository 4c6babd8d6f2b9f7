import { amount, why } from './fields';
import type { Work } from './work';

/** Money that a vendor has paid into the bank, added to its float; about the vendor's code. */
export const TOP_UP_WORK: Work = {
  name: 'float-top-up',
  title: { bn: 'ভেন্ডরের জমা যোগ', en: "Top up a vendor's float" },
  about: {
    bn: 'ব্যাংক যা পেয়েছে তা জমায় যোগ হয়; তা থেকে সঙ্গে সঙ্গে বিক্রি করা যায়।',
    en: 'What the bank has received is added to the float, and can be sold from at once.',
  },
  permission: 'float.top-up',
  second: true,
  fields: [amount, { name: 'reference', kind: 'line', label: { bn: 'ব্যাংকের নম্বর', en: "The bank's number" } }, why()],
  path: ({ about }) => `/v1/vendor-floats/${about}/top-ups`,
  once: true,
};
