import { texts } from '../shared/words';

/** What the frame of the office says; each area has a table of its own. */
export const OFFICE_WORDS = texts({
  office: { bn: 'বিদ্যুৎ অফিস', en: 'Electricity office' },
  pages: { bn: 'পাতাগুলো', en: 'Pages' },
  menu: { bn: 'পাতার তালিকা', en: 'Menu' },
  counter: { bn: 'কাউন্টার', en: 'Counter' },
  loading: { bn: 'আসছে …', en: 'Loading …' },
  notAllowed: { bn: 'এই পাতা আপনার জন্য নয়।', en: 'This page is not yours to open.' },
  notAllowedWhy: {
    bn: '“{page}” খোলার অনুমতি আপনার ভূমিকায় নেই। কিছু দেখা বা বদলানো হয়নি। দরকার হলে আপনার তত্ত্বাবধায়ককে বলুন।',
    en: 'Your role may not open “{page}”. Nothing was read or changed. Ask your supervisor if you need it.',
  },
  noSuchPage: { bn: 'এই ঠিকানায় কোনো পাতা নেই।', en: 'There is no page at this address.' },
  pageNotLoaded: {
    bn: 'পাতাটি আনা যায়নি। সংযোগ দেখে আবার চেষ্টা করুন।',
    en: 'The page could not be fetched. Check the connection and try again.',
  },
  again: { bn: 'আবার চেষ্টা করুন', en: 'Try again' },
  more: { bn: 'আরও', en: 'More' },
  nothing: { bn: 'কিছু নেই।', en: 'Nothing here.' },
});
