/** A text in both languages. */
export interface Words {
  readonly en: string;
  readonly bn: string;
}

type Fill = Readonly<Record<string, string | number>>;
/** What is so, and what to do next; a fact stands where its name is in braces. */
interface FindingWords {
  readonly says: Words;
  readonly next: Words;
}

const both = (en: string, bn: string): Words => ({ en, bn });

/** Every finding that a trace can name. A code without words does not compile. */
export const FINDING_WORDS = {
  'payment-unknown': {
    says: both('No payment with this id has reached us.', 'এই নম্বরের কোনো পেমেন্ট আমাদের কাছে আসেনি।'),
    next: both(
      'Check the id letter by letter; if the money left the wallet, the provider must ask our status and reverse or repeat it.',
      'নম্বরটি অক্ষরে অক্ষরে মিলিয়ে দেখুন; টাকা কাটা হয়ে থাকলে প্রদানকারী আমাদের status জিজ্ঞাসা করে ফেরত দেবে বা আবার পাঠাবে।',
    ),
  },
  'receipt-unknown': {
    says: both('No receipt has this number.', 'এই নম্বরের কোনো রসিদ নেই।'),
    next: both('Search by the meter number instead.', 'মিটার নম্বর দিয়ে খুঁজুন।'),
  },
  'meter-unknown': {
    says: both('No meter that you may see fits.', 'আপনার দেখার মতো কোনো মিটার মেলেনি।'),
    next: both('Check the number on the meter or the card.', 'মিটার বা কার্ডের নম্বর মিলিয়ে দেখুন।'),
  },
  'payment-pending': {
    says: both(
      'The money ({taka} Tk) is here since {since}; the token is still to be made, tried {attempts} times.',
      '{since} থেকে টাকা ({taka}) জমা আছে; টোকেন তৈরি বাকি, {attempts} বার চেষ্টা হয়েছে।',
    ),
    next: both(
      'Nothing is lost and nobody pays again: the token is made by itself and sent by SMS. If it lasts, tell the operator.',
      'টাকা হারায়নি, আবার দিতে হবে না: টোকেন নিজে থেকেই তৈরি হয়ে এসএমএসে যাবে। দেরি হলে অপারেটরকে জানান।',
    ),
  },
  'refund-due-unknown-meter': {
    says: both(
      'The money ({taka} Tk) came for a reference that names no meter ({reason}). It is owed back.',
      'টাকা ({taka}) এমন নম্বরে এসেছে যার মিটার নেই ({reason})। টাকা ফেরত পাওনা।',
    ),
    next: both(
      'Ask which meter was meant and open a case: accounts pay it back, and the customer pays with the right number.',
      'কোন মিটার ছিল জেনে অভিযোগ খুলুন: হিসাব শাখা ফেরত দেবে, গ্রাহক ঠিক নম্বরে দেবেন।',
    ),
  },
  'refund-due': {
    says: both(
      'The money ({taka} Tk) could not be vended ({reason}). It is owed back.',
      'টাকা ({taka}) থেকে টোকেন দেওয়া যায়নি ({reason})। টাকা ফেরত পাওনা।',
    ),
    next: both('Open a case: accounts pay it back.', 'অভিযোগ খুলুন: হিসাব শাখা ফেরত দেবে।'),
  },
  'refund-paid': {
    says: both('The money ({taka} Tk) was paid back.', 'টাকা ({taka}) ফেরত দেওয়া হয়েছে।'),
    next: both('Ask the customer to look at the wallet or the cash receipt.', 'গ্রাহককে ওয়ালেট বা রসিদ দেখতে বলুন।'),
  },
  'token-unknown': {
    says: both('These 20 digits are no token of ours.', 'এই ২০ সংখ্যা আমাদের দেওয়া টোকেন নয়।'),
    next: both(
      'Read the digits again from the SMS or receipt, four by four; then search by the meter.',
      'এসএমএস বা রসিদ থেকে চারটি করে সংখ্যা আবার পড়ুন; না মিললে মিটার দিয়ে খুঁজুন।',
    ),
  },
  'token-of-another-meter': {
    says: both(
      'This token is for meter {otherMeter}, not for {meter}: only that meter takes it.',
      'এই টোকেন {otherMeter} মিটারের, {meter} মিটারের নয়: শুধু সেই মিটারেই চলবে।',
    ),
    next: both(
      'Enter it at meter {otherMeter}; for {meter} use the token of its own receipt.',
      '{otherMeter} মিটারে দিন; {meter} মিটারে তার নিজের রসিদের টোকেন দিন।',
    ),
  },
  'token-cancelled': {
    says: both(
      'Receipt {receiptNo} was cancelled on {at}; its token must not be used.',
      'রসিদ {receiptNo} {at} তারিখে বাতিল হয়েছে; টোকেন ব্যবহার করা যাবে না।',
    ),
    next: both(
      'The money is owed back or was sold again: look at the payment, and use the later token if there is one.',
      'টাকা ফেরত পাওনা বা নতুন টোকেন দেওয়া হয়েছে: পেমেন্ট দেখুন, পরের টোকেন থাকলে সেটি দিন।',
    ),
  },
  'meter-replaced': {
    says: both(
      'Meter {meter} is no longer in use: its tokens fit no other meter.',
      '{meter} মিটারটি আর চালু নেই: এর টোকেন অন্য মিটারে চলবে না।',
    ),
    next: both(
      'Search the new meter of customer {customerNo}; an unused token of the old one is replaced at the office.',
      'গ্রাহক {customerNo}-এর নতুন মিটার খুঁজুন; পুরোনো মিটারের অব্যবহৃত টোকেন অফিসে বদলানো যায়।',
    ),
  },
  'key-change-missing': {
    says: both(
      'The meter has a key change that nobody has confirmed: {count} key change tokens of receipt {receiptNo}.',
      'মিটারের কী পরিবর্তন নিশ্চিত হয়নি: রসিদ {receiptNo}-এর {count}টি কী পরিবর্তন টোকেন।',
    ),
    next: both(
      'Enter those of receipt {receiptNo} first, in their order, then the credit token. When the meter took them, confirm the key change.',
      'আগে রসিদ {receiptNo}-এর কী পরিবর্তন টোকেনগুলো ক্রমে দিন, তারপর রিচার্জের টোকেন। মিটার নিলে কী পরিবর্তন নিশ্চিত করুন।',
    ),
  },
  'sequence-left-off': {
    says: both(
      'Receipt {receiptNo} has {of} tokens, and this is number {sequence}: the meter refuses it before the others.',
      'রসিদ {receiptNo}-এ {of}টি টোকেন, এটি {sequence} নম্বর: আগেরগুলোর আগে মিটার এটি নেবে না।',
    ),
    next: both(
      'Enter all {of} tokens of the receipt in their order, from 1 to {of}.',
      'রসিদের {of}টি টোকেন ১ থেকে শুরু করে ক্রমে দিন।',
    ),
  },
  'enter-in-order': {
    says: both('Receipt {receiptNo} has {of} tokens.', 'রসিদ {receiptNo}-এ {of}টি টোকেন আছে।'),
    next: both('All of them are entered, in the order in which they are printed.', 'সবগুলো টোকেন ছাপানো ক্রমে দিতে হবে।'),
  },
  'token-before-key-change': {
    says: both(
      'This token was made before the meter got its new key ({at}); with the new key it is refused.',
      'মিটারের নতুন কী পাওয়ার ({at}) আগে এই টোকেন তৈরি; নতুন কী-তে এটি চলবে না।',
    ),
    next: both(
      'If it was never used, the office replaces it after looking at the meter.',
      'ব্যবহার না হয়ে থাকলে অফিস মিটার দেখে বদলে দেবে।',
    ),
  },
  'token-loaded': {
    says: both(
      'The credit of receipt {receiptNo} was loaded into the meter over the air on {at}: typed again it is "used".',
      'রসিদ {receiptNo}-এর টাকা {at} তারিখে নিজে থেকেই মিটারে জমা হয়েছে: আবার দিলে "ব্যবহৃত" দেখাবে।',
    ),
    next: both('Nothing is to be entered; look at the balance on the meter.', 'কিছু দিতে হবে না; মিটারে ব্যালেন্স দেখুন।'),
  },
  'token-too-old': {
    says: both(
      'The meter has had {count} later tokens: it keeps 50 and refuses older ones as old.',
      'মিটার এরপর {count}টি টোকেন পেয়েছে: ৫০টির আগের টোকেন সে পুরোনো বলে ফেরত দেয়।',
    ),
    next: both(
      'If it was never used, the office replaces it after looking at the meter.',
      'ব্যবহার না হয়ে থাকলে অফিস মিটার দেখে বদলে দেবে।',
    ),
  },
  'token-not-last': {
    says: both(
      'It is not the last token: {count} were made later. Unused it is still taken; "used" means that the meter has had it.',
      'এটি শেষ টোকেন নয়: পরে {count}টি হয়েছে। অব্যবহৃত হলে চলবে; "ব্যবহৃত" দেখালে মিটার আগেই নিয়েছে।',
    ),
    next: both('Enter the last token as well, and look at the balance.', 'শেষ টোকেনটিও দিন, ব্যালেন্স দেখুন।'),
  },
  'token-should-work': {
    says: both(
      'It is the last token of meter {meter}, and nothing is known against it.',
      '{meter} মিটারের শেষ টোকেন; এর বিরুদ্ধে কিছু জানা নেই।',
    ),
    next: both(
      'Enter the 20 digits again, slowly. "Used" means that the credit is in the meter already; otherwise send somebody to the meter.',
      'ধীরে ২০টি সংখ্যা আবার দিন। "ব্যবহৃত" দেখালে টাকা আগেই জমা হয়েছে; নইলে মিটার দেখতে লোক পাঠান।',
    ),
  },
  'sms-no-phone': {
    says: both('The customer has no phone number here, so no SMS was sent.', 'গ্রাহকের ফোন নম্বর নেই, তাই এসএমএস যায়নি।'),
    next: both('Reprint the receipt, and enter the phone number.', 'রসিদ আবার ছাপুন, ফোন নম্বর যোগ করুন।'),
  },
  'sms-failed': {
    says: both('The token was made, and its SMS failed ({reason}).', 'টোকেন তৈরি হয়েছে, এসএমএস যায়নি ({reason})।'),
    next: both(
      'Reprint receipt {receiptNo}, and check the phone number.',
      'রসিদ {receiptNo} আবার ছাপুন, ফোন নম্বর মিলিয়ে দেখুন।',
    ),
  },
  'sms-waiting': {
    says: both(
      'The token was made; its SMS has not been taken by the gateway yet ({reason}).',
      'টোকেন তৈরি হয়েছে; এসএমএস গেটওয়ে এখনও নেয়নি ({reason})।',
    ),
    next: both(
      'It is tried until it goes; at once, reprint receipt {receiptNo}.',
      'না যাওয়া পর্যন্ত চেষ্টা চলবে; এখনই লাগলে রসিদ {receiptNo} আবার ছাপুন।',
    ),
  },
  'sms-sent': {
    says: both(
      'The gateway took the SMS on {at}; whether the phone has it is not known.',
      '{at} তারিখে গেটওয়ে এসএমএস নিয়েছে; ফোনে পৌঁছেছে কি না জানা নেই।',
    ),
    next: both(
      'Is it the right phone, on, with room for messages? If so, reprint receipt {receiptNo}.',
      'ঠিক ফোন কি, চালু কি, জায়গা আছে কি? তবুও না পেলে রসিদ {receiptNo} আবার ছাপুন।',
    ),
  },
  'sms-delivered': {
    says: both('The SMS was on the phone on {at}.', '{at} তারিখে এসএমএস ফোনে পৌঁছেছে।'),
    next: both('Look through the messages of that day.', 'সেদিনের বার্তাগুলো দেখুন।'),
  },
  'load-failed': {
    says: both('The meter could not be loaded over the air ({reason}).', 'মিটারে নিজে থেকে জমা হয়নি ({reason})।'),
    next: both(
      'The token of receipt {receiptNo} is to be typed; or send the load once more.',
      'রসিদ {receiptNo}-এর টোকেন মিটারে দিন; অথবা আবার পাঠান।',
    ),
  },
  'load-waiting': {
    says: both(
      'The token is on its way into the meter over the air ({reason}).',
      'টোকেন মিটারে পাঠানো হচ্ছে ({reason})।',
    ),
    next: both(
      'Wait a few minutes, or type the token: it is credited once.',
      'কয়েক মিনিট অপেক্ষা করুন, বা টোকেন দিন: একবারই জমা হবে।',
    ),
  },
  'arrears-left': {
    says: both(
      'Arrears of {taka} Tk are left; this recharge paid {paidTaka} Tk of them.',
      'বকেয়া {taka} টাকা বাকি; এই রিচার্জে {paidTaka} টাকা শোধ হয়েছে।',
    ),
    next: both(
      'They are paid off by each recharge, or at the counter at once.',
      'প্রতি রিচার্জে কমবে, অথবা কাউন্টারে একবারে দেওয়া যায়।',
    ),
  },
  'months-due': {
    says: both(
      'Fixed charges of {count} months are still to be taken ({months}).',
      '{count} মাসের নির্ধারিত চার্জ বাকি ({months})।',
    ),
    next: both('The next recharge takes them first.', 'পরের রিচার্জে আগে এগুলো কাটা হবে।'),
  },
  'dues-left': {
    says: both(
      '{taka} Tk of surcharge, penalty or adjustment are due.',
      'সারচার্জ, জরিমানা বা সমন্বয়ে {taka} টাকা বাকি।',
    ),
    next: both(
      'The next recharge takes them; the paper behind a penalty is in its case.',
      'পরের রিচার্জে কাটা হবে; জরিমানার কাগজ অভিযোগে আছে।',
    ),
  },
  'charges-taken': {
    says: both(
      'Of this recharge {chargesTaka} Tk went to monthly charges and {paidTaka} Tk to arrears.',
      'এই রিচার্জের {chargesTaka} টাকা মাসিক চার্জে, {paidTaka} টাকা বকেয়ায় গেছে।',
    ),
    next: both('The receipt names each; print it for the customer.', 'রসিদে সব লেখা আছে; গ্রাহককে ছেপে দিন।'),
  },
  'nothing-due': {
    says: both('Nothing is due on this meter.', 'এই মিটারে কোনো বকেয়া নেই।'),
    next: both(
      'A bill that says otherwise is an old one, or of another customer number.',
      'অন্য কিছু লেখা বিল পুরোনো, বা অন্য গ্রাহক নম্বরের।',
    ),
  },
  'no-recharge': {
    says: both('This meter has had no recharge.', 'এই মিটারে কোনো রিচার্জ হয়নি।'),
    next: both('Ask for the transaction id of the payment, and search by it.', 'পেমেন্টের লেনদেন নম্বর নিয়ে খুঁজুন।'),
  },
  'case-open': {
    says: both(
      'Complaint {number} is open with {office} ({owner}); it is to be answered by {due}.',
      'অভিযোগ {number} চলছে, {office} ({owner}) দেখছে; {due}-এর মধ্যে উত্তর দেওয়ার কথা।',
    ),
    next: both(
      'Tell the customer the number and the time; add what is new as a note, and open no second one.',
      'গ্রাহককে নম্বর ও সময় বলুন; নতুন কিছু থাকলে নোটে লিখুন, আরেকটি অভিযোগ খুলবেন না।',
    ),
  },
  'case-overdue': {
    says: both(
      'Complaint {number} was to be answered by {due} and is still open with {office} ({owner}).',
      'অভিযোগ {number}-এর উত্তর {due}-এর মধ্যে দেওয়ার কথা ছিল; এখনো {office} ({owner})-এ খোলা।',
    ),
    next: both(
      'Call the office now, and note in the case what it answered.',
      'এখনই অফিসে ফোন করুন এবং উত্তর অভিযোগে লিখুন।',
    ),
  },
  'case-closed': {
    says: both('Complaint {number} is closed: {outcomeEn}.', 'অভিযোগ {number} নিষ্পত্তি হয়েছে: {outcomeBn}।'),
    next: both(
      'If the customer says that it is not settled, open it again under the same number within seven days of its closing.',
      'গ্রাহক বললে যে সমাধান হয়নি, নিষ্পত্তির সাত দিনের মধ্যে একই নম্বরে আবার খুলুন।',
    ),
  },
} as const satisfies Readonly<Record<string, FindingWords>>;

export type FindingCode = keyof typeof FINDING_WORDS;

/**
 * A finding's sentences with its facts in them.
 *
 * @throws {Error} when a sentence wants a fact that is not given: a mistake in the rule
 * @example wordsOf('sms-delivered', { at: '2026-11-21 10:00' }).says.en
 */
export function wordsOf(code: FindingCode, facts: Fill): FindingWords {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      const value = facts[name];
      if (value === undefined) throw new Error(`finding ${code} wants the fact ${name}`);
      return String(value);
    });
  const { says, next }: FindingWords = FINDING_WORDS[code];
  return { says: both(fill(says.en), fill(says.bn)), next: both(fill(next.en), fill(next.bn)) };
}
