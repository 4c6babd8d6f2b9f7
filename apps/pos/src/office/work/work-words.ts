import { texts } from '../../shared/words';

/** What the forms of the office's work say, whatever the work. */
export const WORK_WORDS = texts({
  work: { bn: 'কাজ', en: 'Work' },
  check: { bn: 'যাচাই করুন', en: 'Check it' },
  change: { bn: 'বদলান', en: 'Change' },
  isItRight: { bn: 'ঠিক আছে?', en: 'Is this right?' },
  doIt: { bn: 'হ্যাঁ, করুন', en: 'Yes, do it' },
  askIt: { bn: 'অনুমোদন চান', en: 'Ask for approval' },
  takeCash: { bn: 'গ্রাহকের কাছ থেকে {amount} টাকা নিন', en: 'Take Tk {amount} from the customer' },
  needsSecond: {
    bn: 'এই কাজে দ্বিতীয় একজনের অনুমোদন লাগে। অনুমোদনের আগে কিছুই বদলাবে না।',
    en: 'A second person must approve this. Nothing changes before that.',
  },
  yes: { bn: 'হ্যাঁ', en: 'Yes' },
  no: { bn: 'না', en: 'No' },
  missing: { bn: 'এটি লিখুন।', en: 'Fill this in.' },
  sending: { bn: 'করা হচ্ছে …', en: 'Working …' },
  lost: { bn: 'উত্তর আসেনি।', en: 'No answer came.' },
  lostWhy: {
    bn: 'কাজটি হয়েছে কি না জানা যায়নি। আবার জিজ্ঞাসা করুন: একই নম্বরে যায়, তাই দুবার হবে না। বাদ দেওয়ার আগে হয়েছে কি না দেখে নিন।',
    en: 'It is not known whether it was done. Ask again: it goes under the same id, so it is never done twice. Look whether it was done before you drop it.',
  },
  askAgain: { bn: 'আবার জিজ্ঞাসা করুন', en: 'Ask again' },
  waiting: { bn: 'চাওয়া হয়েছে; দ্বিতীয় একজনের অপেক্ষায়।', en: 'Asked; waits for a second person.' },
  waitingWhy: {
    bn: 'এখনো কিছু বদলায়নি। অনুমোদন হলে এখানে বা “আমার চাওয়া কাজ” পাতায় আবার চাপুন; তখন একবারই করা হবে।',
    en: 'Nothing was changed yet. Once approved, press again here or on the page “Work I asked for”; it is then done once.',
  },
  carryOut: { bn: 'অনুমোদন হলে করুন', en: 'Carry out, if approved' },
  drop: { bn: 'বাদ দিন', en: 'Drop it' },
  refused: { bn: 'করা হয়নি।', en: 'Not done.' },
  refusedUnsure: {
    bn: 'এবার করা হয়নি; আগেরবার পৌঁছেছিল কি না এখনো জানা যায়নি।',
    en: 'Not done this time; whether the earlier call arrived is still not known.',
  },
  done: { bn: 'হয়েছে।', en: 'Done.' },
  print: { bn: 'ছাপুন', en: 'Print' },
  finish: { bn: 'শেষ', en: 'Finish' },
  tokens: { bn: 'টোকেন', en: 'Tokens' },
  tokensHow: { bn: 'এই ক্রমে মিটারে দিন।', en: 'Enter them into the meter in this order.' },
  tokenOf: { bn: '{kind}, {n}টির মধ্যে {k}', en: '{kind} {k} of {n}' },
  test: { bn: 'পরীক্ষামূলক টোকেন: আসল মিটারে চলবে না', en: 'Test token: not for real meters' },
  confirmKey: { bn: 'মিটার নতুন কী নিয়েছে', en: 'The meter took the new key' },
  keyConfirmed: { bn: 'নতুন কী নিশ্চিত করা হয়েছে।', en: 'The new key is confirmed.' },
  noFees: { bn: 'এই সংযোগের জন্য কোনো ফি নেই।', en: 'There is no fee for this connection.' },

  asked: { bn: 'অনুমোদনের জন্য চাওয়া', en: 'Asked for approval' },
  inHand: { bn: 'এই মেশিনে হাতে আছে', en: 'In hand on this machine' },
  inHandWhy: {
    bn: 'যে কাজ শেষ হয়নি: উত্তর আসেনি, বা অনুমোদন বাকি। একই নম্বরে আবার পাঠানো যায়।',
    en: 'Work that is not finished: no answer came, or it waits for approval. It can be sent again under the same id.',
  },
  openIt: { bn: 'খুলুন', en: 'Open' },
});

/** Where a request for a second person's word stands. */
export const APPROVAL_STATES = texts({
  PENDING: { bn: 'অপেক্ষায়', en: 'waits' },
  APPROVED: { bn: 'অনুমোদিত: এখন করা যাবে', en: 'approved: can be carried out' },
  REFUSED: { bn: 'নাকচ', en: 'refused' },
  USED: { bn: 'করা হয়েছে', en: 'done' },
  EXPIRED: { bn: 'মেয়াদ শেষ', en: 'expired' },
});

/** Names of what an answer says, for people. */
export const FACT_WORDS = texts({
  receiptNo: { bn: 'রসিদ নং', en: 'Receipt no.' },
  bookedAt: { bn: 'সময়', en: 'Time' },
  meterNo: { bn: 'মিটার', en: 'Meter' },
  customerNo: { bn: 'গ্রাহক', en: 'Customer' },
  customerName: { bn: 'নাম', en: 'Name' },
  amount: { bn: 'টাকা', en: 'Taka' },
  fee: { bn: 'ফি (ভ্যাট ছাড়া), টাকা', en: 'Fee before VAT, Taka' },
  vat: { bn: 'ভ্যাট, টাকা', en: 'VAT, Taka' },
  deposit: { bn: 'জামানত ফেরত, টাকা', en: 'Deposit given back, Taka' },
  energyMoney: { bn: 'বিদ্যুতে, টাকা', en: 'Became energy, Taka' },
  refundDue: { bn: 'গ্রাহককে ফেরত দিতে হবে, টাকা', en: 'Owed back to the customer, Taka' },
  paidOut: { bn: 'গ্রাহকের হাতে দিন, টাকা', en: 'Hand to the customer, Taka' },
  owed: { bn: 'এখন বাকি, টাকা', en: 'Owed now, Taka' },
  arrears: { bn: 'নতুন মিটারে গেছে: বকেয়া, টাকা', en: 'Arrears that went over, Taka' },
  arrearsPaid: { bn: 'বকেয়া শোধ, টাকা', en: 'Arrears paid off, Taka' },
  arrearsLeft: { bn: 'বকেয়া বাকি, টাকা', en: 'Arrears left, Taka' },
  newMeterNo: { bn: 'নতুন মিটার', en: 'New meter' },
  installedOn: { bn: 'বসানো হয়েছে', en: 'Installed on' },
  replacedOn: { bn: 'বদলানো হয়েছে', en: 'Replaced on' },
  closedOn: { bn: 'বন্ধ হয়েছে', en: 'Closed on' },
  supply: { bn: 'সংযোগ', en: 'Supply' },
  tariffClass: { bn: 'ট্যারিফ শ্রেণি', en: 'Tariff class' },
  sanctionedKw: { bn: 'অনুমোদিত লোড, kW', en: 'Sanctioned load, kW' },
  from: { bn: 'যেদিন থেকে', en: 'From' },
  balance: { bn: 'এখন জমা আছে, টাকা', en: 'Balance now, Taka' },
  noticeNo: { bn: 'নোটিশ নং', en: 'Notice no.' },
});
