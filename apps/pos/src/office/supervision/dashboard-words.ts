import { texts } from '../../shared/words';

/** What the dashboard says. */
export const DASHBOARD_WORDS = texts({
  counted: { bn: '{at} পর্যন্ত গোনা', en: 'Counted up to {at}' },
  notCounted: {
    bn: 'আজকের বিক্রি এখনও গোনা হয়নি। ওয়ার্কার চালু হলে কয়েক সেকেন্ডে দেখা যাবে।',
    en: 'Today is not counted yet. It shows a few seconds after the worker runs.',
  },
  stale: {
    bn: 'গণনা এগোচ্ছে না: ওয়ার্কার থেমে থাকতে পারে। নিচের সংখ্যা {at}-এর।',
    en: 'The count does not move on: the worker may be down. The figures are of {at}.',
  },
  sold: { bn: 'বিক্রি, টাকা', en: 'Sold, Taka' },
  waiting: { bn: 'টাকা এসেছে, টোকেন হয়নি, টাকা', en: 'Paid, not vended, Taka' },
  returned: { bn: 'বাতিল বা ফেরত, টাকা', en: 'Cancelled or paid back, Taka' },
  vends: { bn: '{n}টি', en: 'number: {n}' },
  byHour: { bn: 'ঘণ্টা ধরে বিক্রি', en: 'Sales by hour' },
  byStation: { bn: 'কাউন্টার ও কোম্পানি ধরে বিক্রি', en: 'Sales by station and company' },
  byChannel: { bn: 'পথ ধরে বিক্রি', en: 'Sales by channel' },
  hour: { bn: 'ঘণ্টা', en: 'Hour' },
  station: { bn: 'কাউন্টার বা কোম্পানি', en: 'Station or company' },
  channel: { bn: 'পথ', en: 'Channel' },
  count: { bn: 'সংখ্যা', en: 'Number' },
  taka: { bn: 'টাকা', en: 'Taka' },
  figures: { bn: 'একই সংখ্যা ছকে', en: 'The same figures as a table' },
  noSales: { bn: 'এখনও কোনো বিক্রি নেই।', en: 'Nothing is sold yet.' },

  attention: { bn: 'যা অপেক্ষায় বা ব্যর্থ', en: 'Waiting or failed' },
  nothingWaits: { bn: 'কিছুই আটকে নেই।', en: 'Nothing is held up.' },
  moreThan: { bn: '{n}-এর বেশি', en: 'more than {n}' },
  since: { bn: '{at} থেকে', en: 'since {at}' },
  act: { bn: 'দেখুন ও ব্যবস্থা নিন', en: 'Look and act' },
  traceOldest: { bn: 'সবচেয়ে পুরোনোটি খুঁজুন', en: 'Trace the oldest' },
  byItself: { bn: 'ওয়ার্কার নিজেই আবার চেষ্টা করছে', en: 'The worker tries again by itself' },
  all: { bn: 'মোট {amount} টাকা', en: '{amount} Taka in all' },

  sms: { bn: 'এসএমএস', en: 'SMS' },
  smsDelivered: { bn: 'আজ পৌঁছেছে', en: 'Delivered today' },
  smsShare: { bn: '{share}% ({n}টি)', en: '{share}% ({n})' },
  smsSent: { bn: 'পাঠানো, খবরের অপেক্ষায়', en: 'Sent, no report yet' },
  smsQueued: { bn: 'পাঠানো বাকি', en: 'Still to be sent' },
  smsFailed: { bn: 'ব্যর্থ', en: 'Failed' },
  smsOldest: { bn: 'সবচেয়ে পুরোনো বাকিটি', en: 'Oldest still to be sent' },
  none: { bn: 'নেই', en: 'none' },
  gateway: { bn: 'গেটওয়ে', en: 'Gateway' },
  noGateways: {
    bn: 'গেটওয়ের তালিকা খালি: ওয়ার্কার তার নিজের সেটিং ব্যবহার করে।',
    en: 'No gateway is listed: the worker uses its own settings.',
  },
  state: { bn: 'অবস্থা', en: 'State' },
  works: { bn: 'চলছে', en: 'works' },
  partly: { bn: '{n}/{all} ওয়ার্কারে চলছে', en: 'works for {n} of {all} workers' },
  down: { bn: 'চলছে না', en: 'down' },
  silent: { bn: 'কোনো ওয়ার্কার জানায়নি', en: 'no worker has told' },
  off: { bn: 'বন্ধ রাখা', en: 'switched off' },
  lastFaults: { bn: 'শেষ ত্রুটি', en: 'Last faults' },

  payments: { bn: 'পেমেন্ট কোম্পানি ও গেটওয়ে', en: 'Payment companies and gateways' },
  noCompanies: { bn: 'কোনো কোম্পানি যুক্ত নেই।', en: 'No company is connected.' },
  company: { bn: 'কোম্পানি', en: 'Company' },
  lastHeard: { bn: 'শেষ বার্তা', en: 'Last heard' },
  never: { bn: 'কখনো না', en: 'never' },
  lastHour: { bn: 'গত ঘণ্টায়', en: 'Last hour' },
  refused: { bn: 'নাকচ', en: 'Refused' },
  pending: { bn: 'টোকেনের অপেক্ষায়', en: 'Waiting for a vend' },
  float: { bn: 'ফ্লোট', en: 'Float' },
  low: { bn: 'কম', en: 'low' },
});

/** Channels of sales, as the API names them. */
export const CHANNEL_WORDS = texts({
  counter: { bn: 'কাউন্টার', en: 'Counter' },
  'mobile-money': { bn: 'মোবাইল ব্যাংকিং', en: 'Mobile money' },
  callback: { bn: 'কোম্পানির বার্তা', en: 'Callback' },
  checkout: { bn: 'আমাদের পাতায় পেমেন্ট', en: 'Our own page' },
});

/** What waits or failed, as the API names it. */
export const ATTENTION_WORDS = texts({
  approval: { bn: 'আপনার অনুমোদনের অপেক্ষায়', en: 'Waiting for your word' },
  'pending-vend': { bn: 'টাকা এসেছে, টোকেন হয়নি', en: 'Paid, and no token yet' },
  'payment-message': { bn: 'কোম্পানির বার্তা, কাজ বাকি', en: "Companies' messages not worked yet" },
  'stuck-work': { bn: 'বারবার ব্যর্থ কাজ', en: 'Work that fails again and again' },
  'failed-sms': { bn: 'ব্যর্থ এসএমএস (৭ দিন)', en: 'Failed SMS (7 days)' },
  'failed-load': { bn: 'মিটারে পৌঁছায়নি (৭ দিন)', en: 'Failed loads into meters (7 days)' },
  'payment-case': { bn: 'পেমেন্টের খোলা অভিযোগ', en: 'Open cases about a payment' },
  'overdue-case': { bn: 'সময় পেরোনো অভিযোগ', en: 'Cases past their deadline' },
  review: { bn: 'অস্বাভাবিক, দেখা বাকি', en: 'Unusual, to be looked at' },
  'settlement-break': { bn: 'হিসাবের গরমিল', en: 'Breaks of settlement' },
});
