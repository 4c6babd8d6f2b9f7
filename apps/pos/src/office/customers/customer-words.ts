import { texts } from '../../shared/words';

/** What the pages of customers say; what they share with meters is in the words of meters. */
export const CUSTOMER_CARD_WORDS = texts({
  findCustomer: { bn: 'গ্রাহক নম্বর', en: 'Customer number' },
  notSuchNumber: {
    bn: 'এটি গ্রাহক নম্বর নয়। নাম বা মোবাইল দিয়ে নিচের পাতায় খুঁজুন।',
    en: 'This is no customer number. Find by name or mobile number on the page below.',
  },
  open: { bn: 'খুলুন', en: 'Open' },
  byMeter: { bn: 'মিটার, নাম বা মোবাইল দিয়ে খুঁজুন', en: 'Find by meter, name or mobile number' },
  back: { bn: 'গ্রাহকের কার্ডে ফিরুন', en: 'Back to the card' },
  connection: { bn: 'সংযোগ', en: 'Connection' },
  language: { bn: 'রসিদের ভাষা', en: 'Language of receipts' },
  bn: { bn: 'বাংলা', en: 'Bangla' },
  en: { bn: 'ইংরেজি', en: 'English' },
  closedOn: { bn: 'হিসাব বন্ধ', en: 'Account closed on' },
  notices: { bn: 'নোটিশ ও স্মরণবার্তা', en: 'Notices and reminders' },
  wanted: { bn: 'চান', en: 'wanted' },
  notWanted: { bn: 'চান না', en: 'not wanted' },
});
