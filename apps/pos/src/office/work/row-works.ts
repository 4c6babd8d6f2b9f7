import { why } from './fields';
import type { Work } from './work';

/** Of a row of a card, not of the meter itself: the row has the button. */
export const ROW_WORKS: readonly Work[] = [
  {
    name: 'cancel',
    title: { bn: 'রিচার্জ বাতিল', en: 'Cancel a recharge' },
    about: {
      bn: 'শুধু মিটারের শেষ রিচার্জ, একই দিনে। টোকেন ফিরিয়ে নেওয়া যায় না: মিটারে দিলে তা এখনো চলবে। টাকা গ্রাহককে ফেরত দিতে হবে। কেরানি চাইলে তত্ত্বাবধায়কের অনুমোদন লাগে।',
      en: "The meter's last recharge only, on the same day. The token cannot be recalled: a meter would still take it. The money is owed back. A clerk needs a supervisor's approval.",
    },
    permission: 'vend.ask-cancel',
    fields: [
      {
        name: 'proof',
        kind: 'choice',
        label: { bn: 'প্রমাণ', en: 'Proof' },
        options: [
          { value: 'slip-not-handed-out', label: { bn: 'রসিদ দেওয়া হয়নি', en: 'Slip not handed out' } },
          { value: 'slip-returned-unread', label: { bn: 'রসিদ না পড়ে ফেরত', en: 'Slip returned unread' } },
          {
            value: 'meter-shows-token-unused',
            label: { bn: 'মিটারে দেখা যায় টোকেন দেওয়া হয়নি', en: 'Meter shows the token unused' },
          },
          { value: 'meter-refused-token', label: { bn: 'মিটার টোকেন নেয়নি', en: 'Meter refused the token' } },
          { value: 'wrong-meter-not-entered', label: { bn: 'ভুল মিটার, দেওয়া হয়নি', en: 'Wrong meter, not entered' } },
        ],
      },
      why('note'),
    ],
    path: ({ part }) => `/v1/vends/${part}/cancel`,
    once: true,
  },
  {
    name: 'withdraw-penalty',
    title: { bn: 'জরিমানা প্রত্যাহার', en: 'Withdraw a penalty' },
    about: { bn: 'আদায়ের আগে তুলে নেওয়া হয়।', en: 'Taken back before a recharge has collected it.' },
    permission: 'penalty.enter',
    second: true,
    fields: [why()],
    path: ({ about, part }) => `/v1/meters/${about}/penalties/${part}/withdraw`,
    once: true,
  },
  {
    name: 'remove-person',
    title: { bn: 'ব্যক্তি বাদ দেওয়া', en: 'Take a person off' },
    about: {
      bn: 'তিনি আর রসিদের কপি পাবেন না; ইতিহাসে থাকবেন।',
      en: 'No more copies of receipts; the history keeps them.',
    },
    permission: 'customer.change',
    fields: [why()],
    path: ({ about, part }) => `/v1/meters/${about}/people/${part}/remove`,
    once: false,
  },
];
