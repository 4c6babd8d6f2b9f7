import { type DomainError, type ErrorTable } from '@vend/kernel';

/** Refusals that vending itself speaks; pricing's and meters' own codes pass through unchanged. */
export type VendingErrorCode =
  | 'recharge-not-found'
  | 'transaction-conflict'
  | 'payment-moved'
  | 'vend-meter-replaced'
  | 'vend-not-there'
  | 'vend-not-last'
  | 'vend-changes-key'
  | 'vend-not-sold'
  | 'vend-not-today'
  | 'vend-adjusted'
  | 'adjustment-not-due'
  | 'key-change-not-due'
  | 'meter-single-phase'
  | 'amount-in-other-unit'
  | 'free-issue-limit'
  | 'replacement-not-recorded'
  | 'replacement-other-unit'
  | 'replacement-reading-malformed'
  | 'replacement-reading-differs'
  | 'replacement-nothing-left'
  | 'replacement-repeated'
  | 'meter-service-missing'
  | 'above-meter-register'
  | 'limit-out-of-range'
  | 'quote-malformed'
  | 'quote-expired'
  | 'quote-changed'
  | 'token-server-down'
  | 'token-refused'
  | 'meter-key-expired'
  | 'tid-too-far-ahead'
  | 'tid-exhausted'
  | 'limit-exceeded'
  | 'float-exhausted'
  | 'token-released'
  | 'fee-changed'
  | 'arrears-less'
  | 'pack-not-found'
  | 'pack-meter-refused'
  | 'pack-item-unknown'
  | 'pack-used-before'
  | 'lane-full'
  | 'payment-in-hand'
  | 'books-unreachable'
  | 'outcome-unknown';

export type VendingError = DomainError<VendingErrorCode>;

export const VENDING_ERRORS: ErrorTable<VendingErrorCode> = {
  'recharge-not-found': {
    status: 404,
    en: 'There is no such recharge.',
    bn: 'এই রিচার্জটি পাওয়া যায়নি।',
    retryable: false,
  },
  'transaction-conflict': {
    status: 409,
    en: 'This id was already used for another recharge. Nothing was charged now; use a new id for a new recharge.',
    bn: 'এই আইডি অন্য একটি রিচার্জে ব্যবহৃত হয়েছে। এখন কোনো টাকা কাটা হয়নি; নতুন রিচার্জে নতুন আইডি দিন।',
    retryable: false,
  },
  'payment-moved': {
    status: 503,
    en: 'The meter of this payment is being replaced at this moment. The money is kept; the new meter is recharged with it in a minute.',
    bn: 'এই পেমেন্টের মিটার এই মুহূর্তে বদলানো হচ্ছে। টাকা জমা আছে; এক মিনিটের মধ্যে নতুন মিটারে রিচার্জ হবে।',
    retryable: true,
  },
  'vend-meter-replaced': {
    status: 409,
    en: 'The meter of this recharge was replaced or closed since, so it cannot be cancelled. Nothing was changed; a replacement vend carries unused credit over.',
    bn: 'এই রিচার্জের মিটার এর মধ্যে বদলানো বা বন্ধ হয়েছে, তাই বাতিল করা যায় না। কিছু বদলায়নি; অব্যবহৃত ক্রেডিট বদলি ভেন্ডে নতুন মিটারে দেওয়া যায়।',
    retryable: false,
  },
  'vend-not-there': {
    status: 409,
    en: 'Nothing was vended for this payment, so there is nothing to cancel.',
    bn: 'এই পেমেন্টে কোনো টোকেন দেওয়া হয়নি, তাই বাতিল করার কিছু নেই।',
    retryable: false,
  },
  'vend-not-last': {
    status: 409,
    en: 'A later recharge of this meter builds on this one. Nothing was changed; cancel the later one first.',
    bn: 'এই মিটারের পরের রিচার্জ এটির ওপর হিসাব করা। কিছু বদলায়নি; আগে পরেরটি বাতিল করুন।',
    retryable: false,
  },
  'vend-changes-key': {
    status: 409,
    en: "This recharge carries a change of the meter's key and cannot be cancelled. Nothing was changed.",
    bn: 'এই রিচার্জে মিটারের কী পরিবর্তন আছে, তাই বাতিল করা যায় না। কিছু বদলায়নি।',
    retryable: false,
  },
  'vend-not-today': {
    status: 409,
    en: 'A recharge can be cancelled only on the day it was made. Nothing was changed; the office can refund or write it off.',
    bn: 'রিচার্জ শুধু একই দিনে বাতিল করা যায়। কিছু বদলায়নি; অফিস টাকা ফেরত বা সমন্বয় করতে পারে।',
    retryable: false,
  },
  'vend-not-sold': {
    status: 409,
    en: 'Only a recharge can be cancelled: this one was not sold by price. Nothing was changed.',
    bn: 'শুধু রিচার্জ বাতিল করা যায়: এটি দাম ধরে বিক্রি হয়নি। কিছু বদলায়নি।',
    retryable: false,
  },
  'vend-adjusted': {
    status: 409,
    en: 'A retroactive tariff has settled this recharge since, so it cannot be cancelled. Nothing was changed.',
    bn: 'পূর্ব থেকে কার্যকর মূল্যহারে এই রিচার্জের সমন্বয় হয়ে গেছে, তাই বাতিল করা যায় না। কিছু বদলায়নি।',
    retryable: false,
  },
  'key-change-not-due': {
    status: 409,
    en: 'No key change waits for this meter. Nothing was changed; if its tokens were lost, print the earlier receipt again.',
    bn: 'এই মিটারের কোনো কী পরিবর্তন বাকি নেই। কিছু বদলায়নি; টোকেন হারিয়ে গেলে আগের রসিদটি আবার ছাপুন।',
    retryable: false,
  },
  'amount-in-other-unit': {
    status: 422,
    en: 'The amount is not in the unit that this meter counts: kWh for an energy meter, Taka for a currency meter. No token was made.',
    bn: 'পরিমাণটি এই মিটারের এককে নয়: এনার্জি মিটারে kWh, কারেন্সি মিটারে টাকা। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'free-issue-limit': {
    status: 422,
    en: 'This is more than may be given free this month, by this person or to this meter. No token was made.',
    bn: 'এই মাসে এই ব্যক্তি বা এই মিটারের জন্য বিনামূল্যে দেওয়ার সীমা পার হয়ে যাচ্ছে। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'replacement-not-recorded': {
    status: 409,
    en: 'The books do not know that this meter took the place of that one. No token was made; record the replacement first.',
    bn: 'খাতায় এই মিটার ওই মিটারের জায়গায় বসানোর তথ্য নেই। কোনো টোকেন তৈরি হয়নি; আগে মিটার বদল লিপিবদ্ধ করুন।',
    retryable: false,
  },
  'replacement-other-unit': {
    status: 409,
    en: 'The old meter counted in another unit than this one, so its credit cannot be carried over. No token was made.',
    bn: 'পুরোনো মিটারের একক এই মিটারের একক থেকে আলাদা, তাই জমা স্থানান্তর করা যায় না। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'replacement-reading-malformed': {
    status: 400,
    en: 'The reading is not what a meter shows: 12.4 for kWh, 861.41 for Taka. No token was made.',
    bn: 'রিডিংটি মিটারে যেমন দেখায় তেমন নয়: kWh হলে 12.4, টাকা হলে 861.41। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'replacement-reading-differs': {
    status: 409,
    en: 'The reading is not the one that was recorded when the meter was replaced. No token was made.',
    bn: 'রিডিংটি মিটার বদলের সময় লেখা রিডিংয়ের সঙ্গে মেলে না। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'replacement-nothing-left': {
    status: 409,
    en: 'That is more credit than was vended to the old meter and not carried over before. No token was made.',
    bn: 'পুরোনো মিটারে বিক্রি হওয়া ও আগে স্থানান্তর না হওয়া জমার চেয়ে এটি বেশি। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'replacement-repeated': {
    status: 409,
    en: 'This credit was carried over before. No token was made; print the earlier receipt again.',
    bn: 'এই জমা আগেই স্থানান্তর করা হয়েছে। কোনো টোকেন তৈরি হয়নি; আগের রসিদটি আবার ছাপুন।',
    retryable: false,
  },
  'meter-service-missing': {
    status: 422,
    en: "This meter's model does not take such a token. No token was made.",
    bn: 'এই মডেলের মিটার এ ধরনের টোকেন নেয় না। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'meter-single-phase': {
    status: 422,
    en: 'A single-phase meter has no phases to balance. No token was made.',
    bn: 'সিঙ্গেল ফেজ মিটারে ফেজ অসমতার সীমা হয় না। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'above-meter-register': {
    status: 422,
    en: "The register of this meter's model does not hold so much credit; the answer says how much it holds. Nothing was charged; recharge with less.",
    bn: 'এই মডেলের মিটার এত জমা ধরে রাখতে পারে না; কত পারে তা উত্তরে আছে। কোনো টাকা কাটা হয়নি; কম টাকায় রিচার্জ করুন।',
    retryable: false,
  },
  'limit-out-of-range': {
    status: 422,
    en: 'A limit is more than zero and at most 18 201 624 watts. No token was made.',
    bn: 'সীমা শূন্যের বেশি এবং সর্বোচ্চ 18 201 624 ওয়াট। কোনো টোকেন তৈরি হয়নি।',
    retryable: false,
  },
  'adjustment-not-due': {
    status: 409,
    en: 'No published version of this name asks for earlier recharges to be adjusted. Nothing was changed.',
    bn: 'এই নামের কোনো প্রকাশিত মূল্যহারে আগের রিচার্জ সমন্বয়ের কথা নেই। কিছু বদলায়নি।',
    retryable: false,
  },
  'quote-malformed': {
    status: 400,
    en: 'The quote id is not one that this server made. Nothing was charged; ask for a new quote.',
    bn: 'কোটেশন আইডিটি এই সার্ভারের নয়। কোনো টাকা কাটা হয়নি; নতুন কোটেশন নিন।',
    retryable: false,
  },
  'quote-expired': {
    status: 410,
    en: 'The quote has expired. Nothing was charged; ask for a new quote.',
    bn: 'কোটেশনের মেয়াদ শেষ। কোনো টাকা কাটা হয়নি; নতুন কোটেশন নিন।',
    retryable: false,
  },
  'quote-changed': {
    status: 409,
    en: 'The price has changed since the quote (another recharge or a new month). Nothing was charged; show the new quote.',
    bn: 'কোটেশনের পর হিসাব বদলেছে (অন্য রিচার্জ বা নতুন মাস)। কোনো টাকা কাটা হয়নি; নতুন কোটেশন দেখান।',
    retryable: false,
  },
  'token-server-down': {
    status: 503,
    en: 'Tokens cannot be made right now. Nothing was charged; try again with the same id in a minute.',
    bn: 'এই মুহূর্তে টোকেন তৈরি করা যাচ্ছে না। কোনো টাকা কাটা হয়নি; এক মিনিট পর একই আইডি দিয়ে আবার চেষ্টা করুন।',
    retryable: true,
  },
  'token-refused': {
    status: 422,
    en: 'The token server refused to make a token for this meter. Nothing was charged; tell the office to check the meter keys.',
    bn: 'এই মিটারের টোকেন তৈরি করা যায়নি। কোনো টাকা কাটা হয়নি; অফিসকে মিটারের কী যাচাই করতে বলুন।',
    retryable: false,
  },
  'meter-key-expired': {
    status: 422,
    en: "This meter's key has expired, so it takes no credit. Nothing was charged; ask the office for a key change, then recharge again.",
    bn: 'এই মিটারের কী-এর মেয়াদ শেষ, তাই রিচার্জ নেবে না। কোনো টাকা কাটা হয়নি; অফিস থেকে কী পরিবর্তন করিয়ে আবার রিচার্জ করুন।',
    retryable: false,
  },
  'tid-too-far-ahead': {
    status: 429,
    en: 'Too many tokens for this meter in a short time. Nothing was charged; try again later.',
    bn: 'অল্প সময়ে এই মিটারে অনেক টোকেন নেওয়া হয়েছে। কোনো টাকা কাটা হয়নি; পরে চেষ্টা করুন।',
    retryable: true,
  },
  'tid-exhausted': {
    status: 422,
    en: 'This meter needs a key change to a new base date before it can be recharged. Nothing was charged.',
    bn: 'এই মিটার রিচার্জের আগে নতুন বেস ডেটে কী পরিবর্তন দরকার। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'limit-exceeded': {
    status: 422,
    en: 'This is more than the limit that is set for it; the answer says which limit, and what is left of it. Nothing was charged; recharge with less, or ask the office.',
    bn: 'এটি নির্ধারিত সীমার বেশি; কোন সীমা এবং কত বাকি আছে তা উত্তরে লেখা আছে। কোনো টাকা কাটা হয়নি; কম টাকায় রিচার্জ করুন, অথবা অফিসে জিজ্ঞাসা করুন।',
    retryable: false,
  },
  'float-exhausted': {
    status: 422,
    en: 'What this vendor has paid in does not cover the recharge. Nothing was charged; pay in first, or recharge with less.',
    bn: 'এই ভেন্ডরের জমা টাকায় রিচার্জটি হয় না। কোনো টাকা কাটা হয়নি; আগে টাকা জমা দিন, অথবা কম টাকায় রিচার্জ করুন।',
    retryable: false,
  },
  'token-released': {
    status: 409,
    en: 'The token of this payment exists already, so the payment cannot be taken back here. Nothing was changed; only the office can cancel the recharge, on proof that the token was not used.',
    bn: 'এই পেমেন্টের টোকেন তৈরি হয়ে গেছে, তাই এখান থেকে পেমেন্ট ফেরত নেওয়া যায় না। কিছু বদলায়নি; টোকেন ব্যবহার হয়নি প্রমাণ হলে শুধু অফিস রিচার্জ বাতিল করতে পারে।',
    retryable: false,
  },
  'fee-changed': {
    status: 409,
    en: 'The fee is another sum than the customer was told; the answer says which. Nothing was charged; tell the customer and ask again.',
    bn: 'গ্রাহককে যে ফি বলা হয়েছে তা ঠিক নয়; সঠিক ফি উত্তরে আছে। কোনো টাকা কাটা হয়নি; গ্রাহককে জানিয়ে আবার চেষ্টা করুন।',
    retryable: false,
  },
  'arrears-less': {
    status: 422,
    en: 'This is more than the customer owes; the answer says what is owed. Nothing was charged or changed.',
    bn: 'গ্রাহকের বকেয়া এর চেয়ে কম; বকেয়া কত তা উত্তরে আছে। কোনো টাকা কাটা হয়নি, কিছু বদলায়নি।',
    retryable: false,
  },
  'pack-not-found': {
    status: 404,
    en: 'There is no such offline pack at your station.',
    bn: 'আপনার স্টেশনে এমন কোনো অফলাইন প্যাক নেই।',
    retryable: false,
  },
  'pack-meter-refused': {
    status: 422,
    en: 'One meter of the list cannot be in an offline pack; the answer says which and why. No pack was made; take it off the list.',
    bn: 'তালিকার একটি মিটার অফলাইন প্যাকে রাখা যায় না; কোনটি এবং কেন তা উত্তরে আছে। কোনো প্যাক তৈরি হয়নি; মিটারটি বাদ দিন।',
    retryable: false,
  },
  'pack-item-unknown': {
    status: 422,
    en: 'The journal names an item that is not of this pack. Nothing of this upload was booked; upload the journal of this pack.',
    bn: 'জার্নালে এমন আইটেম আছে যা এই প্যাকের নয়। এই আপলোডের কিছুই লেখা হয়নি; এই প্যাকের জার্নাল দিন।',
    retryable: false,
  },
  'pack-used-before': {
    status: 422,
    en: 'The journal says that an item was used before the pack was made, or in the future. Nothing of this upload was booked; check the clock of the counter.',
    bn: 'জার্নাল বলছে একটি আইটেম প্যাক তৈরির আগে বা ভবিষ্যতে ব্যবহার হয়েছে। এই আপলোডের কিছুই লেখা হয়নি; কাউন্টারের ঘড়ি দেখুন।',
    retryable: false,
  },
  'payment-in-hand': {
    status: 503,
    en: 'The payment is being worked on. Do not give the money back; ask again in a few seconds.',
    bn: 'পেমেন্টটি নিয়ে কাজ চলছে। টাকা ফেরত দেবেন না; কয়েক সেকেন্ড পর আবার জানতে চান।',
    retryable: true,
  },
  'lane-full': {
    status: 503,
    en: 'The server is very busy. Nothing was charged; try again with the same id in a few seconds.',
    bn: 'সার্ভার এখন খুব ব্যস্ত। কোনো টাকা কাটা হয়নি; কয়েক সেকেন্ড পর একই আইডি দিয়ে আবার চেষ্টা করুন।',
    retryable: true,
  },
  'books-unreachable': {
    status: 503,
    en: 'The books cannot be reached right now. Nothing was charged; try again with the same id in a minute.',
    bn: 'এই মুহূর্তে হিসাবের খাতায় পৌঁছানো যাচ্ছে না। কোনো টাকা কাটা হয়নি; এক মিনিট পর একই আইডি দিয়ে আবার চেষ্টা করুন।',
    retryable: true,
  },
  'outcome-unknown': {
    status: 503,
    en: 'The result is not known yet. Ask again with the same id: it will not be charged twice.',
    bn: 'ফলাফল এখনো জানা যায়নি। একই আইডি দিয়ে আবার জিজ্ঞাসা করুন: দুবার টাকা কাটা হবে না।',
    retryable: true,
  },
};
