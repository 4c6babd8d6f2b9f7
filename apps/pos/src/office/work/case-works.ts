import { why } from './fields';
import type { Work } from './work';

/** The two ways out of a case about money, as a case offers them; about the number of the case. */
export const CASE_WORKS: Readonly<Record<'apply' | 'refund', Work>> = {
  apply: {
    name: 'case-apply',
    title: { bn: 'ঠিক মিটারে টোকেন দিন', en: 'Vend it to the right meter' },
    about: {
      bn: 'এই পেমেন্টে টোকেন হয়, একবারই। গ্রাহক যে মিটার লিখেছিলেন তা ছাড়া অন্য মিটার হলে দ্বিতীয় একজনের অনুমোদন লাগে।',
      en: 'The payment is vended, once. A second person must approve another meter than the one the payer named.',
    },
    permission: 'case.settle-money',
    fields: [{ name: 'meterNo', kind: 'code', label: { bn: 'মিটার নম্বর', en: 'Meter number' } }, why()],
    path: ({ about }) => `/v1/cases/${encodeURIComponent(about)}/apply`,
    once: true,
  },
  refund: {
    name: 'case-refund',
    title: { bn: 'টাকা ফেরত দিন', en: 'Pay it back' },
    about: {
      bn: 'পেমেন্টের পুরো টাকা একবারই ফেরত যায়।',
      en: 'The whole payment goes back, once.',
    },
    permission: 'case.settle-money',
    second: true,
    fields: [
      {
        name: 'from',
        kind: 'choice',
        label: { bn: 'কোথা থেকে', en: 'From' },
        options: [
          { value: 'cash', label: { bn: 'কাউন্টারের নগদ', en: "the station's cash" } },
          { value: 'provider', label: { bn: 'যে কোম্পানি নিয়েছে', en: 'the company that took it' } },
        ],
      },
      {
        name: 'reference',
        kind: 'code',
        label: { bn: 'ভাউচার বা ফেরত নম্বর', en: 'Voucher or number of the reversal' },
      },
      why(),
    ],
    path: ({ about }) => `/v1/cases/${encodeURIComponent(about)}/refund`,
    once: true,
  },
};
