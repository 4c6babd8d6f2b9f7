import { texts, type Text } from '../../shared/words';

/** What the pages about cash say. */
export const CASH = texts({
  unsure: {
    bn: 'আগে যা পাঠানো হয়েছে তা হয়েছে কি না জানা যায়নি। আবার জিজ্ঞাসা করুন: একই নম্বরে যায়, তাই দুবার হবে না। বাদ দেওয়ার আগে তালিকায় দেখে নিন।',
    en: 'It is not known whether what was sent before was done. Ask again: it goes under the same id, so it is never done twice. Look in the list before you drop it.',
  },
  askAgain: { bn: 'আবার জিজ্ঞাসা করুন', en: 'Ask again' },
  drop: { bn: 'বাদ দিন', en: 'Drop it' },
  noShifts: {
    bn: 'এই কেন্দ্রে শিফট রাখা হয় না। বিক্রির টাকা সরাসরি কেন্দ্রের নগদে যায়।',
    en: "This station keeps no shifts. What is sold goes straight into the station's cash.",
  },
  agentStation: {
    bn: 'এই কেন্দ্র ভেন্ডরের জমা টাকা থেকে বিক্রি করে; শিফট নেই।',
    en: "This station sells from a vendor's float; there are no shifts.",
  },
  openTitle: { bn: 'শিফট খুলুন', en: 'Open your shift' },
  till: { bn: 'টিল (ড্রয়ারের নাম)', en: 'Till (name of the drawer)' },
  tillOf: { bn: 'টিল {till}', en: 'Till {till}' },
  floatCount: { bn: 'শুরুর টাকা গুনে লিখুন', en: 'Count the float' },
  open: { bn: 'শিফট খুলুন', en: 'Open the shift' },
  countTitle: { bn: 'ড্রয়ার গুনুন', en: 'Count the drawer' },
  countWhy: {
    bn: 'গণনা পাঠালে এই ড্রয়ারে আর বিক্রি হবে না, যতক্ষণ না সুপারভাইজার শিফট ফেরত দেন।',
    en: 'Once the count is sent this drawer takes no more sales, unless the supervisor sends the shift back.',
  },
  counted: { bn: 'গোনা হয়েছে', en: 'Counted' },
  expected: { bn: 'থাকার কথা', en: 'Should be there' },
  difference: { bn: 'পার্থক্য', en: 'Difference' },
  explanation: { bn: 'পার্থক্যের কারণ', en: 'Why it differs' },
  sendCount: { bn: 'গণনা পাঠান', en: 'Send the count' },
  waits: {
    bn: 'গণনা পাঠানো হয়েছে। এখন একজন সুপারভাইজার শিফট বন্ধ করবেন।',
    en: 'The count is sent. Now a supervisor closes the shift.',
  },
  running: { bn: 'চলতি হিসাব', en: 'Running totals' },
  sell: { bn: 'বিক্রির পাতায় যান', en: 'To the till' },
  refresh: { bn: 'আবার দেখুন', en: 'Look again' },
  kind: { bn: 'কী বাবদ', en: 'For what' },
  number: { bn: 'কয়টি', en: 'How many' },
  in: { bn: 'এসেছে', en: 'In' },
  out: { bn: 'গেছে', en: 'Out' },
  piece: { bn: '{taka} টাকা', en: 'Tk {taka}' },
  coins: { bn: 'এক টাকার কম মুদ্রা (টাকায়)', en: 'Coins below one Taka (in Taka)' },
  sum: { bn: 'মোট', en: 'Total' },
  malformed: { bn: 'সংখ্যা ঠিক নয়', en: 'Not a number' },

  clerk: { bn: 'ক্লার্ক', en: 'Clerk' },
  station: { bn: 'কেন্দ্র', en: 'Station' },
  state: { bn: 'অবস্থা', en: 'State' },
  openedAt: { bn: 'খোলা হয়েছে', en: 'Opened' },
  closedAt: { bn: 'বন্ধ হয়েছে', en: 'Closed' },
  closedBy: { bn: 'বন্ধ করেছেন', en: 'Closed by' },
  float: { bn: 'শুরুর টাকা', en: 'Float' },
  onlyOpen: { bn: 'শুধু যা বন্ধ হয়নি', en: 'Only those not closed' },
  allShifts: { bn: 'সব শিফট', en: 'All shifts' },
  close: { bn: 'শিফট বন্ধ করুন', en: 'Close the shift' },
  closeWhy: {
    bn: 'টাকা নিজে গুনে নিন। বন্ধ করলে তা সিন্দুকে যায়, পার্থক্য কম-বেশি হিসাবে লেখা হয়।',
    en: 'Count the cash yourself. Closing puts it into the safe and books the difference as over or short.',
  },
  sendBack: { bn: 'ক্লার্ককে ফেরত দিন', en: 'Send back to the clerk' },
  reason: { bn: 'কী করতে হবে', en: 'What is to be done' },
  print: { bn: 'ছাপুন', en: 'Print' },
  sheet: { bn: 'শিফটের হিসাব', en: 'Shift statement' },
  signClerk: { bn: 'ক্লার্কের স্বাক্ষর', en: 'Signature of the clerk' },
  signSupervisor: { bn: 'সুপারভাইজারের স্বাক্ষর', en: 'Signature of the supervisor' },
  signBank: { bn: 'ব্যাংকের স্বাক্ষর ও সিল', en: 'Signature and stamp of the bank' },
  stateOPEN: { bn: 'খোলা', en: 'Open' },
  stateCOUNTED: { bn: 'গোনা, বন্ধের অপেক্ষায়', en: 'Counted, to be closed' },
  stateCLOSED: { bn: 'বন্ধ', en: 'Closed' },
  none: { bn: 'নেই', en: 'none' },

  day: { bn: 'দিন', en: 'Day' },
  show: { bn: 'দেখান', en: 'Show' },
  daySheet: { bn: 'কেন্দ্রের দিনের নগদ হিসাব', en: "Cash of the station's day" },
  opening: { bn: 'দিনের শুরুতে', en: 'At the start' },
  closing: { bn: 'দিনের শেষে', en: 'At the end' },
  shifts: { bn: 'শিফট', en: 'Shifts' },
  deposits: { bn: 'ব্যাংকে জমা', en: 'Deposited at the bank' },

  depositTitle: { bn: 'ব্যাংকে টাকা পাঠান', en: 'Send cash to the bank' },
  bank: { bn: 'ব্যাংক হিসাব', en: 'Bank account' },
  makeSlip: { bn: 'জমা স্লিপ করুন', en: 'Make the slip' },
  slip: { bn: 'ব্যাংক জমা স্লিপ', en: 'Bank deposit slip' },
  slipNo: { bn: 'স্লিপ নং', en: 'Slip no.' },
  sentBy: { bn: 'পাঠিয়েছেন', en: 'Sent by' },
  sentAt: { bn: 'পাঠানো হয়েছে', en: 'Sent' },
  stateSENT: { bn: 'ব্যাংকের পথে', en: 'On its way' },
  stateBANKED: { bn: 'ব্যাংক পেয়েছে', en: 'Received by the bank' },
  reference: { bn: 'ব্যাংকের নম্বর', en: "The bank's number" },
  confirm: { bn: 'ব্যাংক পেয়েছে', en: 'The bank has it' },

  noFloat: {
    bn: 'এই কেন্দ্র ভেন্ডরের জমা টাকা থেকে বিক্রি করে না।',
    en: "This station does not sell from a vendor's float.",
  },
  floatLeft: { bn: 'জমা আছে', en: 'Left in the float' },
  floatLow: {
    bn: 'জমা টাকা {limit}-এর নিচে নেমেছে। ব্যাংকে টাকা জমা দিয়ে হিসাব শাখাকে জানান।',
    en: 'The float is below Tk {limit}. Pay in at the bank and tell accounts.',
  },
  when: { bn: 'সময়', en: 'When' },
  amount: { bn: 'টাকা', en: 'Taka' },
  balance: { bn: 'স্থিতি', en: 'Balance' },
  fromDay: { bn: 'যেদিন থেকে', en: 'From the day' },
  vendor: { bn: 'ভেন্ডর', en: 'Vendor' },
  statement: { bn: 'বিবরণী', en: 'Statement' },
  topUp: { bn: 'জমা যোগ করুন', en: 'Top up' },

  sellsHow: { bn: 'কীভাবে বিক্রি করে', en: 'How it sells' },
  withShifts: { bn: 'শিফট রেখে', en: 'With shifts' },
  withFloat: { bn: 'ভেন্ডরের জমা থেকে', en: "From a vendor's float" },
  plain: { bn: 'সরাসরি নগদে', en: 'Plain cash' },
  vendorCode: { bn: 'ভেন্ডরের কোড (খালি: ভেন্ডর নেই)', en: "Vendor's code (empty: none)" },
  save: { bn: 'রাখুন', en: 'Save' },
  officeName: { bn: 'অফিস', en: 'Office' },
});

/** Entries of the books, in a clerk's words. */
const KINDS = texts({
  'shift-float': { bn: 'শুরুর টাকা', en: 'Float' },
  vend: { bn: 'রিচার্জ', en: 'Recharges' },
  fee: { bn: 'সেবা ফি', en: 'Service fees' },
  'arrears-payment': { bn: 'বকেয়া আদায়', en: 'Arrears' },
  refund: { bn: 'টাকা ফেরত', en: 'Refunds' },
  'carried-refund': { bn: 'হিসাব বন্ধে জমা ফেরত', en: 'Carried money paid out' },
  'deposit-taken': { bn: 'জামানত নেওয়া', en: 'Deposits taken' },
  'deposit-refund': { bn: 'জামানত ফেরত', en: 'Deposits given back' },
  payment: { bn: 'টোকেনের অপেক্ষায় টাকা', en: 'Payments waiting for a token' },
  'cash-banked': { bn: 'ব্যাংকে জমা', en: 'Paid into the bank' },
  'cash-sent': { bn: 'ব্যাংকে পাঠানো', en: 'Sent to the bank' },
  'over-short': { bn: 'কম-বেশি', en: 'Over or short' },
  commission: { bn: 'কমিশন', en: 'Commission' },
  'commission-back': { bn: 'কমিশন ফেরত', en: 'Commission taken back' },
  'float-top-up': { bn: 'জমা যোগ', en: 'Top-up' },
  other: { bn: 'অন্যান্য', en: 'Other' },
  reversal: { bn: '{of}: বাতিল', en: '{of}: taken back' },
});

/** The name of an entry's kind; one that clerks do not meet keeps the name of the books. @example kindName('reversal:fee') */
export function kindName(kind: string): Text {
  const named = (name: string): Text => (KINDS as Readonly<Record<string, Text>>)[name] ?? { bn: name, en: name };
  if (!kind.startsWith('reversal:')) return named(kind);
  const { bn, en } = named(kind.slice('reversal:'.length));
  return { bn: KINDS.reversal.bn.replace('{of}', bn), en: KINDS.reversal.en.replace('{of}', en) };
}
