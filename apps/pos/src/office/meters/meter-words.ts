import { texts } from '../../shared/words';

/** What the pages of meters say. */
export const METER_WORDS = texts({
  findMeter: { bn: 'মিটার, গ্রাহক বা মোবাইল নম্বর, বা নাম', en: 'Meter, customer or mobile number, or a name' },
  find: { bn: 'খুঁজুন', en: 'Find' },
  found: { bn: 'যা পাওয়া গেছে', en: 'Found' },
  nothingFound: { bn: 'এই নম্বরে বা নামে কিছু পাওয়া যায়নি।', en: 'Nothing was found by this.' },
  closed: { bn: 'বন্ধ', en: 'closed' },
});
