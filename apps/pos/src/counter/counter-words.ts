import { texts } from '../shared/words';

/** What the counter's page says. */
export const WORDS = texts({
  counter: { bn: 'বিদ্যুৎ রিচার্জ কাউন্টার', en: 'Electricity recharge counter' },

  findMeter: { bn: 'মিটার, গ্রাহক বা মোবাইল নম্বর', en: 'Meter, customer or mobile number' },
  findHint: { bn: 'নাম দিয়েও খোঁজা যায়', en: 'A name will do too' },
  find: { bn: 'খুঁজুন', en: 'Find' },
  nothingFound: { bn: 'এই নম্বরে কিছু পাওয়া যায়নি।', en: 'Nothing was found by this.' },
  chooseMeter: { bn: 'কোনটি? ({n}টি পাওয়া গেছে)', en: 'Which one? ({n} found)' },
  closedMeter: { bn: 'বন্ধ মিটার', en: 'closed meter' },

  meter: { bn: 'মিটার', en: 'Meter' },
  customer: { bn: 'গ্রাহক', en: 'Customer' },
  address: { bn: 'ঠিকানা', en: 'Address' },
  tariff: { bn: 'ট্যারিফ', en: 'Tariff' },
  tariffOf: { bn: '{class}, {kw} কিলোওয়াট', en: '{class}, {kw} kW' },
  amount: { bn: 'টাকার পরিমাণ', en: 'Amount in Taka' },
  units: { bn: 'কত ইউনিট (kWh)', en: 'How many units (kWh)' },
  quote: { bn: 'হিসাব দেখুন', en: 'Show the price' },

  price: { bn: 'এই টাকায় কী পাবেন', en: 'What this buys' },
  paid: { bn: 'মোট', en: 'Total' },
  energy: { bn: 'বিদ্যুৎ', en: 'Energy' },
  energyOf: { bn: '{kwh} ইউনিট (kWh)', en: '{kwh} units (kWh)' },
  estimate: { bn: 'আনুমানিক', en: 'estimate' },
  credit: { bn: 'মিটারে জমা হবে', en: 'Credited to the meter' },
  cash: { bn: 'গ্রাহক দিলেন', en: 'Cash received' },
  cashHint: { bn: 'খালি রাখলে ঠিক {amount} টাকা', en: 'Left empty: exactly Tk {amount}' },
  change: { bn: 'ফেরত দিন', en: 'Give back' },
  cashShort: { bn: 'টাকা কম, বা সংখ্যা ঠিক নয়।', en: 'Too little, or not an amount.' },
  vend: { bn: 'টাকা নিয়েছি, টোকেন দিন', en: 'Cash taken: make the token' },
  taka: { bn: '{amount} টাকা', en: 'Tk {amount}' },

  sameAgain: { bn: 'একই রিচার্জ আবার?', en: 'The same again?' },
  sameAgainWhy: {
    bn: 'এই মিটারে ঠিক {amount} টাকা {time}-এ একবার রিচার্জ হয়েছে। গ্রাহক কি আবার একই রিচার্জ চান?',
    en: 'This meter was recharged by exactly Tk {amount} at {time}. Does the customer want the same once more?',
  },
  yesAgain: { bn: 'হ্যাঁ, আবার (F7)', en: 'Yes, once more (F7)' },
  noBack: { bn: 'না, ফিরে যান', en: 'No, go back' },

  selling: { bn: 'টোকেন তৈরি হচ্ছে …', en: 'Making the token …' },
  noConnection: { bn: 'সংযোগ নেই; কোনো টাকা কাটা হয়নি।', en: 'No connection; nothing was charged.' },
  checking: { bn: 'কী হয়েছে তা দেখা হচ্ছে …', en: 'Checking what happened …' },
  checkingWhy: {
    bn: '{meter} মিটারে {amount} টাকার রিচার্জের উত্তর আসেনি। একই নম্বরে খোঁজা হচ্ছে; দুবার টাকা কাটা হবে না।',
    en: 'No answer came to the recharge of {meter} by Tk {amount}. It is looked up by its own id; it is never charged twice.',
  },
  absent: { bn: 'কোনো টাকা কাটা হয়নি।', en: 'Nothing was charged.' },
  absentWhy: {
    bn: '{meter} মিটারে {amount} টাকার রিচার্জ সার্ভারে পৌঁছায়নি। একই নম্বরে আবার পাঠান, বা বাদ দিন।',
    en: 'The recharge of {meter} by Tk {amount} did not reach the server. Send it again under the same id, or drop it.',
  },
  sendAgain: { bn: 'আবার পাঠান', en: 'Send again' },
  drop: { bn: 'বাদ দিন (Esc)', en: 'Drop it (Esc)' },
  dropSoon: {
    bn: 'পথে থাকতে পারে: {seconds} সেকেন্ড পরে বাদ দেওয়া যাবে',
    en: 'It may be on its way: can be dropped in {seconds} s',
  },
  onlyWhoTookIt: {
    bn: 'টাকা নিয়েছিলেন {clerk}। শুধু তিনিই আবার পাঠাতে পারেন; না হলে বাদ দিন আর গ্রাহককে টাকা ফেরত দিন।',
    en: '{clerk} took the cash. Only they may send it again; otherwise drop it, and give the customer the money back.',
  },
  strangeSale: {
    bn: '{station} কেন্দ্রের {clerk} এই কম্পিউটারে {meter} মিটারে {amount} টাকার একটি রিচার্জ পাঠিয়েছিলেন; কী হয়েছে জানা যায়নি। সেই কেন্দ্রের কেউ এখানে ঢুকলে জানা যাবে; তার আগে আবার বিক্রি করবেন না।',
    en: '{clerk} of {station} sent a recharge of {meter} by Tk {amount} from this computer; what became of it is not known. It is found out when somebody of that station logs in here; do not sell it again before.',
  },
  otherWindow: {
    bn: 'এই কাউন্টার অন্য একটি জানালায় খোলা আছে। সেটিতে কাজ করুন।',
    en: 'This counter is open in another window. Work there.',
  },

  done: { bn: 'রিচার্জ হয়েছে', en: 'Recharged' },
  print: { bn: 'রসিদ ছাপুন', en: 'Print the receipt' },
  printCopy: { bn: 'অনুলিপি ছাপুন', en: 'Print a copy' },
  savePdf: { bn: 'পিডিএফ', en: 'PDF' },
  receiptPrinter: { bn: 'রসিদ প্রিন্টার', en: 'Receipt printer' },
  notPrinted: {
    bn: 'সংযোগ নেই; রসিদ আসেনি। রিচার্জ হয়ে গেছে; আবার চেষ্টা করুন।',
    en: 'No connection; the receipt did not come. The recharge stands; try again.',
  },
  printerFailed: {
    bn: 'প্রিন্টার উত্তর দিচ্ছে না। রিচার্জ হয়ে গেছে; প্রিন্টার দেখে আবার চেষ্টা করুন।',
    en: 'The printer does not answer. The recharge stands; look at the printer and try again.',
  },
  next: { bn: 'পরের গ্রাহক', en: 'Next customer' },

  today: { bn: 'আজকের রিচার্জ', en: "Today's recharges" },
  more: { bn: 'আরও', en: 'More' },
  nothingToday: { bn: 'আজ এখনো কিছু নেই।', en: 'Nothing today so far.' },
  back: { bn: 'ফিরুন', en: 'Back' },
  office: { bn: 'অফিস', en: 'Office' },
  meterCard: { bn: 'মিটারের কার্ড', en: 'Meter card' },
  keyUnits: { bn: 'টাকা ↔ kWh', en: 'Tk ↔ kWh' },
  keyMinimum: { bn: 'ন্যূনতম', en: 'Minimum' },
  keys: { bn: 'কিবোর্ডের চাবি', en: 'Keys' },

  receipt: { bn: 'রসিদ', en: 'Receipt' },
  paper: { bn: 'নোটিশ {numbers}', en: 'notice {numbers}' },
  pending: { bn: 'টোকেন এখনো হয়নি; টাকা জমা আছে।', en: 'No token yet; the money is kept.' },

  shift: { bn: 'শিফট', en: 'Shift' },
  shiftOpen: { bn: 'শিফট খোলা: টিল {till}, {time} থেকে', en: 'Shift open: till {till}, since {time}' },
  shiftCounted: {
    bn: 'শিফট গোনা হয়েছে, বিক্রি বন্ধ। সুপারভাইজার শিফট বন্ধ করবেন।',
    en: 'The shift is counted: no more sales. A supervisor closes it.',
  },
  shiftNeeded: { bn: 'শিফট খোলা নেই। বিক্রির আগে F9 চাপুন।', en: 'No shift is open. Press F9 before you sell.' },
  floatLeft: { bn: 'জমা আছে {amount} টাকা', en: 'Tk {amount} left in the float' },
  floatLow: { bn: 'জমা কম: {amount} টাকা আছে। টাকা জমা দিন।', en: 'The float is low: Tk {amount} left. Pay in.' },
});
