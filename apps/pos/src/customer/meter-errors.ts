import type { Text } from '../shared/words';

/** What a meter says when it does not take a token, what it means, and what to do. */
export interface MeterError {
  /** As displays show it; makers differ in the letters. */
  readonly shown: string;
  readonly name: Text;
  readonly means: Text;
  readonly then: 'again' | 'next' | 'stop';
}

/** The commonest first: most errors are a wrong digit. */
export const METER_ERRORS = [
  {
    shown: 'REJECT',
    name: { bn: 'টোকেন নেয়নি', en: 'Not taken' },
    means: {
      bn: 'একটি সংখ্যা ভুল, বা অন্য মিটারের টোকেন। মিটার নম্বর মিলিয়ে আস্তে আস্তে আবার লিখুন। টাকা নষ্ট হয়নি।',
      en: 'A digit is wrong, or it is a token of another meter. Compare the meter number and type it again slowly. No money is lost.',
    },
    then: 'again',
  },
  {
    shown: 'USED',
    name: { bn: 'আগেই ব্যবহৃত', en: 'Used already' },
    means: {
      bn: 'মিটার এই টোকেন আগেই নিয়েছে; বিদ্যুৎ জমা আছে। পরের টোকেনে যান।',
      en: 'The meter has taken this token before; it is credited. Go on to the next token.',
    },
    then: 'next',
  },
  {
    shown: 'OLD',
    name: { bn: 'পুরোনো', en: 'Too old' },
    means: {
      bn: 'টোকেনটি মিটারের চেয়ে পুরোনো। নতুন টোকেন আগে দিয়ে থাকলে এটি আর লাগবে না; না হলে অফিসে ফোন করুন।',
      en: 'The token is older than what the meter remembers. If you typed newer ones before, this one is over; otherwise call the office.',
    },
    then: 'stop',
  },
  {
    shown: 'FORMAT',
    name: { bn: 'সংখ্যা কম বা বেশি', en: 'Too few or too many digits' },
    means: {
      bn: '২০টি সংখ্যা লাগবে। মুছে আবার চারটি করে লিখুন।',
      en: 'It must be 20 digits. Clear it and type again, four at a time.',
    },
    then: 'again',
  },
  {
    shown: 'LOCKED',
    name: { bn: 'বন্ধ হয়ে আছে', en: 'Locked' },
    means: {
      bn: 'কয়েকবার ভুল হওয়ায় মিটার কিছুক্ষণ বন্ধ। ২০ মিনিট পরে আবার লিখুন।',
      en: 'After several mistakes the meter is locked for a while. Type it again after 20 minutes.',
    },
    then: 'again',
  },
  {
    shown: 'OVERFLOW',
    name: { bn: 'ভরে গেছে', en: 'Full' },
    means: {
      bn: 'মিটারে আর ধরছে না। কিছু বিদ্যুৎ ব্যবহার করে পরে এই টোকেনই দিন; টোকেন নষ্ট হয়নি।',
      en: 'The meter cannot hold more. Use some electricity and type the same token later; it stays good.',
    },
    then: 'stop',
  },
  {
    shown: 'KEY EXPIRED',
    name: { bn: 'চাবির মেয়াদ শেষ', en: 'The key has expired' },
    means: {
      bn: 'মিটারের চাবি বদলাতে হবে। চাবি বদলের টোকেন আগে দিন; না থাকলে অফিসে ফোন করুন।',
      en: 'The meter needs a new key. Type the key-change tokens first; if there are none, call the office.',
    },
    then: 'stop',
  },
  {
    shown: 'OTHER',
    name: { bn: 'অন্য কিছু', en: 'Something else' },
    means: {
      bn: 'মিটারে যা লেখা তা লিখে রাখুন এবং রসিদ নম্বর নিয়ে অফিসে ফোন করুন। টাকা নষ্ট হয়নি।',
      en: 'Note what the meter shows and call the office with the receipt number. No money is lost.',
    },
    then: 'stop',
  },
] as const satisfies readonly MeterError[];
