import { texts } from '../../shared/words';
import type { Campaign, CampaignFigures } from './key-answers';

export const KEY_WORDS = texts({
  noKeyHere: {
    bn: 'এখানে শুধু কী-র নাম ও যাচাই মান থাকে। কোনো কী কখনো টোকেন সার্ভারের বাইরে যায় না।',
    en: 'Names and check values only. No key ever leaves the token server.',
  },
  away: {
    bn: 'টোকেন সার্ভার এখন উত্তর দিচ্ছে না। নিচে শুধু মিটারের হিসাব, আমাদের খাতা থেকে।',
    en: 'The token server does not answer just now. Below are the meters alone, from our own books.',
  },
  sampleTables: {
    bn: 'EA07 এখন IEC 62055-41-এর নমুনা সারণি দিয়ে চলছে: এর টোকেন আসল মিটারের জন্য নয়।',
    en: 'EA07 runs on the sample tables printed in IEC 62055-41: its tokens are not for real meters.',
  },
  warns: { bn: 'টোকেন সার্ভার বলছে:', en: 'The token server says:' },
  server: { bn: 'টোকেন সার্ভার', en: 'Token server' },
  module: { bn: 'নিরাপত্তা মডিউল', en: 'Security module' },
  tables: { bn: 'EA07-এর সারণি', en: 'Tables of EA07' },
  issued: { bn: 'চালুর পর থেকে টোকেন', en: 'Tokens since it started' },
  refused: { bn: 'ফেরানো অনুরোধ', en: 'Requests refused' },
  auditLines: { bn: 'নিরীক্ষা খাতার লাইন', en: 'Lines of its audit log' },
  keys: { bn: 'ভেন্ডিং কী', en: 'Vending keys' },
  kind: { bn: 'ধরন', en: 'Kind' },
  baseDate: { bn: 'ভিত্তি তারিখ', en: 'Base date' },
  kcv: { bn: 'যাচাই মান', en: 'Check value' },
  state: { bn: 'অবস্থা', en: 'State' },
  ends: { bn: 'মেয়াদ শেষ', en: 'Ends' },
  days: { bn: 'দিন বাকি', en: 'Days left' },
  never: { bn: 'কখনো না', en: 'never' },
  metersUnder: { bn: 'কোন কী-তে কত মিটার', en: 'Meters under each key' },
  meters: { bn: 'মিটার', en: 'Meters' },
  changeOpen: { bn: 'কী বদল চলছে', en: 'Key change under way' },

  campaigns: { bn: 'ক্যাম্পেইন', en: 'Campaigns' },
  name: { bn: 'নাম', en: 'Name' },
  selection: { bn: 'কোন মিটার', en: 'Which meters' },
  made: { bn: 'কে, কখন', en: 'By, at' },
  toList: { bn: 'তালিকায় ফিরুন', en: 'Back to the list' },
  progress: { bn: 'অগ্রগতি', en: 'Progress' },
  tokensOut: {
    bn: '{all}টির মধ্যে {done}টি মিটারের টোকেন দেওয়া হয়েছে',
    en: 'Tokens are out for {done} of {all} meters',
  },
  refusedAs: { bn: 'টোকেন সার্ভার ফিরিয়েছে: {code}', en: 'Refused by the token server: {code}' },
  updates: { bn: 'সংখ্যাগুলো নিজে থেকে বদলায়।', en: 'The figures follow by themselves.' },
  commandWhy: {
    bn: 'সেট বানানো, নথি নেওয়া ও বাতিল করতে কী কর্মকর্তার সনদ লাগে। এই সার্ভারে সেই সনদ নেই, তাই এগুলো টার্মিনালের কমান্ড:',
    en: 'Making sets, handing them out and cancelling need the key officer’s certificate. This server does not have it, so these are commands at a terminal:',
  },
});

export const CAMPAIGN_KIND_WORDS = texts<Campaign['kind']>({
  'supply-group': { bn: 'সরবরাহ গ্রুপ বদল', en: 'supply group' },
  'key-revision': { bn: 'কী সংস্করণ বদল', en: 'key revision' },
  'base-date': { bn: 'ভিত্তি তারিখ বদল', en: 'base date' },
});

export const CAMPAIGN_STATE_WORDS = texts<Campaign['state']>({
  SELECTING: { bn: 'মিটার বাছাই চলছে', en: 'selecting meters' },
  OPEN: { bn: 'চলছে', en: 'open' },
  CANCELLED: { bn: 'বাতিল', en: 'cancelled' },
});

export const KEY_STATE_WORDS = texts<'active' | 'retired' | 'loaded'>({
  active: { bn: 'সক্রিয়', en: 'active' },
  retired: { bn: 'অবসরে', en: 'retired' },
  loaded: { bn: 'তোলা, সক্রিয় নয়', en: 'loaded, not active' },
});

export const FIGURE_WORDS = texts<Exclude<keyof CampaignFigures, 'refused'>>({
  meters: { bn: 'মোট মিটার', en: 'Meters in all' },
  due: { bn: 'অপেক্ষায়', en: 'Due' },
  toMake: { bn: 'এর মধ্যে সেট বানানো বাকি', en: 'of these, sets still to make' },
  issued: { bn: 'টোকেন দেওয়া হয়েছে', en: 'Issued' },
  issuedByVend: { bn: 'এর মধ্যে রিচার্জের সঙ্গে', en: 'of these, with a recharge' },
  issuedByFile: { bn: 'এর মধ্যে ফাইলে', en: 'of these, in a file' },
  confirmed: { bn: 'মিটারে নিশ্চিত', en: 'Confirmed in the meter' },
  stale: { bn: 'আগেই অন্য বদল হয়েছে', en: 'Overtaken by another change' },
  cancelled: { bn: 'বাতিল', en: 'Cancelled' },
});
