import { amount, TAKA, why, withMeter } from './fields';
import type { Work, WorkField } from './work';

/** An engineering token: what it does is named in the body. */
function engineering(what: string, work: Pick<Work, 'title' | 'about'> & Partial<Work>): Work {
  return {
    name: what,
    permission: 'vend.engineering',
    fields: [why()],
    path: () => '/v1/vends/engineering',
    also: withMeter({ what }),
    once: true,
    ...work,
  };
}

const WATTS: WorkField = { name: 'watts', kind: 'count', label: { bn: 'কত ওয়াট', en: 'Watts' } };

/** Tokens that are no sale. */
export const TOKEN_WORKS: readonly Work[] = [
  engineering('clear-tamper', {
    title: { bn: 'ট্যাম্পার মুক্ত করার টোকেন', en: 'Clear tamper' },
    about: {
      bn: 'মিটারের ট্যাম্পার অবস্থা মুছে যায়; টাকা লাগে না।',
      en: 'The meter forgets its tamper state; no money moves.',
    },
  }),
  engineering('clear-credit', {
    title: { bn: 'মিটারের জমা মুছে ফেলা', en: 'Clear credit' },
    about: { bn: 'মিটারে জমা সব শেষ হয়ে যাবে।', en: 'All credit in the meter will be gone.' },
    second: true,
    fields: [
      {
        name: 'registers',
        kind: 'choice',
        label: { bn: 'কোন রেজিস্টার', en: 'Which register' },
        options: [
          { value: 'own', label: { bn: 'যেটিতে মিটার গোনে', en: 'The one the meter counts in' } },
          { value: 'all', label: { bn: 'সবগুলো', en: 'Every one' } },
        ],
      },
      why(),
    ],
  }),
  engineering('max-power-limit', {
    title: { bn: 'সর্বোচ্চ লোড: অনুমোদিত লোড', en: 'Power limit: the sanctioned load' },
    about: { bn: 'মিটারের লোড সীমা অনুমোদিত লোডে ফেরে।', en: 'The power limit becomes the sanctioned load.' },
  }),
  engineering('max-power-limit', {
    name: 'other-power-limit',
    title: { bn: 'সর্বোচ্চ লোড: অন্য সীমা', en: 'Power limit: another limit' },
    about: { bn: 'মিটারের লোড সীমা আপনার দেওয়া ওয়াটে বসে।', en: 'The power limit becomes the watts that you give.' },
    permission: 'vend.set-limit',
    fields: [WATTS, why()],
  }),
  engineering('phase-unbalance-limit', {
    title: { bn: 'ফেজ অসমতার সীমা', en: 'Phase unbalance limit' },
    about: { bn: 'তিন ফেজ মিটারের অসমতার সীমা বসে।', en: 'Sets the unbalance limit of a three-phase meter.' },
    fields: [WATTS, why()],
  }),
  engineering('test-display', {
    title: { bn: 'পরীক্ষা ও প্রদর্শন টোকেন', en: 'Test and display' },
    about: { bn: 'মিটার দেখায় বা পরীক্ষা করে; কিছু বদলায় না।', en: 'The meter shows or tests; nothing changes.' },
    also: withMeter({ what: 'test-display', tests: ['all'] }),
  }),
  {
    name: 'free-issue',
    title: { bn: 'বিনামূল্যে বিদ্যুৎ', en: 'Free issue' },
    about: {
      bn: 'বিক্রি নয়: টাকা ছাড়া টোকেন দেওয়া হয়, সীমার মধ্যে।',
      en: 'No sale: a token without money, within the limits.',
    },
    permission: 'vend.free-issue',
    path: () => '/v1/vends/free-issue',
    also: withMeter(),
    once: true,
    second: true,
    fields: [
      {
        name: 'unit',
        kind: 'choice',
        unsent: true,
        label: { bn: 'মিটার কী গোনে', en: 'What the meter counts' },
        options: [
          { value: 'kwh', label: { bn: 'ইউনিট (kWh)', en: 'Units (kWh)' } },
          { value: 'taka', label: TAKA },
        ],
      },
      {
        name: 'kwh',
        kind: 'decimal',
        label: { bn: 'কত ইউনিট (kWh)', en: 'Units (kWh)' },
        when: ({ unit }) => unit !== 'taka',
      },
      { ...amount, when: ({ unit }) => unit === 'taka' },
      {
        name: 'reason',
        kind: 'choice',
        label: { bn: 'কারণ', en: 'Reason' },
        options: [
          { value: 'disaster-relief', label: { bn: 'দুর্যোগ ত্রাণ', en: 'Disaster relief' } },
          { value: 'compensation', label: { bn: 'ক্ষতিপূরণ', en: 'Compensation' } },
          { value: 'meter-fault', label: { bn: 'মিটারের ত্রুটি', en: 'Meter fault' } },
          { value: 'government-order', label: { bn: 'সরকারি আদেশ', en: 'Government order' } },
          { value: 'office-supply', label: { bn: 'অফিসের সরবরাহ', en: 'Office supply' } },
          { value: 'goodwill', label: { bn: 'সৌজন্য', en: 'Goodwill' } },
        ],
      },
      why('note'),
    ],
  },
  {
    name: 'replacement',
    title: { bn: 'হারানো জমা ফেরত (রিপ্লেসমেন্ট টোকেন)', en: 'Replacement token: carry lost credit' },
    about: {
      bn: 'আগে কেনা জমা এই মিটারে আনা হয়; টাকা লাগে না। প্রতিটি পাঠ একবারই।',
      en: 'Credit paid for before is carried to this meter; no money. Once for each reading.',
    },
    permission: 'vend.replacement',
    path: () => '/v1/vends/replacement',
    also: withMeter(),
    once: true,
    second: true,
    fields: [
      {
        name: 'oldMeterNo',
        kind: 'code',
        label: { bn: 'যে মিটার জমা হারিয়েছে', en: 'The meter that lost the credit' },
      },
      {
        name: 'from',
        kind: 'choice',
        label: { bn: 'কী আনা হবে', en: 'What is carried' },
        options: [
          { value: 'last-token', label: { bn: 'শেষ টোকেন, যা মিটার নেয়নি', en: 'The last token, never accepted' } },
          { value: 'reading', label: { bn: 'মিটারে যা দেখা গেছে', en: 'What the meter showed' } },
        ],
      },
      {
        name: 'reading',
        kind: 'decimal',
        label: { bn: 'মিটারে দেখা জমা (kWh বা টাকা)', en: 'Credit shown (kWh or Taka)' },
        when: ({ from }) => from === 'reading',
      },
      why('note'),
    ],
  },
  {
    name: 'key-change',
    title: { bn: 'কী পরিবর্তনের টোকেন', en: 'Key change tokens' },
    about: { bn: 'অপেক্ষমাণ কী পরিবর্তন রিচার্জ ছাড়াই ছাপা হয়।', en: 'Prints the waiting key change without a recharge.' },
    permission: 'vend.key-change',
    fields: [],
    path: () => '/v1/vends/key-change',
    also: withMeter(),
    once: true,
  },
];
