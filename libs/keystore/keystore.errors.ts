import type { ErrorTable } from '@vend/kernel';

/** Why the keys cannot be opened: the process must not start. */
export type KeyOpeningErrorCode =
  | 'kek-unreadable'
  | 'kek-permissive'
  | 'kek-malformed'
  | 'kek-wrong'
  | 'kek-share-malformed'
  | 'kek-share-foreign'
  | 'kek-share-repeated'
  | 'kek-shares-too-few'
  | 'key-file-unreadable'
  | 'key-file-permissive'
  | 'key-file-malformed'
  | 'key-file-tampered'
  | 'key-file-outdated'
  | 'key-file-rolled-back'
  | 'key-generation-unknown'
  | 'key-generation-tampered'
  | 'kek-handover-unusable'
  | 'service-keys-missing'
  | 'pkcs11-unavailable'
  | 'pkcs11-token-not-found'
  | 'pkcs11-pin-unreadable'
  | 'pkcs11-pin-permissive'
  | 'pkcs11-pin-wrong'
  | 'pkcs11-pin-locked'
  | 'pkcs11-unsuitable'
  | 'vending-key-invalid'
  | 'secrets-unreadable'
  | 'secrets-permissive'
  | 'sta-tables-unreadable'
  | 'sta-tables-malformed';

/** Why one token is not made or not read; the process goes on. */
export type TokenRefusalCode =
  | 'request-malformed'
  | 'meter-identity-invalid'
  | 'token-carrier-unsupported'
  | 'unknown-vending-key'
  | 'key-expired'
  | 'key-not-active'
  | 'base-date-mismatch'
  | 'ea-dkga-mismatch'
  | 'key-type-refused'
  | 'subclass-unsupported'
  | 'tid-out-of-range'
  | 'tid-reserved'
  | 'rnd-out-of-range'
  | 'amount-out-of-range'
  | 'value-out-of-range'
  | 'before-base-date'
  | 'target-key-expired'
  | 'key-type-change-refused'
  | 'base-date-step-refused'
  | 'token-malformed'
  | 'token-not-authentic'
  | 'module-unavailable'
  | 'module-closed';

/** Why a step of the key ceremony is not taken; nothing has changed. */
export type CeremonyErrorCode =
  | 'key-state-move-refused'
  | 'key-file-changed'
  | 'key-already-loaded'
  | 'check-value-mismatch'
  | 'component-malformed'
  | 'component-weak'
  | 'second-person-missing'
  | 'key-load-file-malformed'
  | 'key-load-file-foreign'
  | 'key-load-file-tampered';

export type KeystoreErrorCode = KeyOpeningErrorCode | TokenRefusalCode | CeremonyErrorCode;

function refusal(status: number, en: string, bn: string, retryable = false) {
  return { status, en, bn, retryable };
}

/** Every code with its sentence. Openings carry 500: no caller from outside ever meets one. */
export const KEYSTORE_ERRORS: ErrorTable<KeystoreErrorCode> = {
  'kek-unreadable': refusal(500, 'The key-encryption key cannot be read.', 'কী-এনক্রিপশন কী পড়া যাচ্ছে না।'),
  'kek-permissive': refusal(
    500,
    'The key-encryption key is readable by others: make its file mode 0600 and owned by this user.',
    'কী-এনক্রিপশন কী অন্যরাও পড়তে পারে: ফাইলের অনুমতি 0600 করুন।',
  ),
  'kek-malformed': refusal(
    500,
    'The key-encryption key is not 64 hexadecimal digits.',
    'কী-এনক্রিপশন কী ৬৪টি হেক্সাডেসিমাল অঙ্ক নয়।',
  ),
  'kek-wrong': refusal(
    500,
    'The key file was sealed under another key-encryption key.',
    'কী ফাইলটি অন্য কী-এনক্রিপশন কী দিয়ে সিল করা।',
  ),
  'kek-share-malformed': refusal(
    500,
    "A custodian's share is mistyped or cut off: its check digits do not fit.",
    'একজন জিম্মাদারের অংশ ভুল লেখা বা অসম্পূর্ণ: যাচাই অঙ্ক মেলে না।',
  ),
  'kek-share-foreign': refusal(
    500,
    "A custodian's share belongs to another key-encryption key than the first one given.",
    'একজন জিম্মাদারের অংশ অন্য কী-এনক্রিপশন কী-এর।',
  ),
  'kek-share-repeated': refusal(
    500,
    "The same custodian's share was given twice.",
    'একই জিম্মাদারের অংশ দুবার দেওয়া হয়েছে।',
  ),
  'kek-shares-too-few': refusal(
    500,
    'Not enough custodians have given their shares.',
    'যথেষ্ট সংখ্যক জিম্মাদার তাঁদের অংশ দেননি।',
  ),
  'key-file-unreadable': refusal(500, 'The sealed key file cannot be read.', 'সিল করা কী ফাইল পড়া যাচ্ছে না।'),
  'key-file-permissive': refusal(
    500,
    'The sealed key file is open to others: make its file mode 0600 and owned by this user.',
    'সিল করা কী ফাইল অন্যদের জন্যও খোলা: ফাইলের অনুমতি 0600 করুন।',
  ),
  'key-file-malformed': refusal(500, 'The sealed key file has not the form of one.', 'সিল করা কী ফাইলের গঠন সঠিক নয়।'),
  'key-file-tampered': refusal(
    500,
    'The sealed key file was changed after it was sealed.',
    'সিল করার পরে কী ফাইলটি পরিবর্তন করা হয়েছে।',
  ),
  'key-file-outdated': refusal(
    500,
    'The sealed key file is of an older form: bring it up to date with `npm run keys -- upgrade`.',
    'কী ফাইলটি পুরোনো ধরনের: `npm run keys -- upgrade` দিয়ে হালনাগাদ করুন।',
  ),
  'key-file-rolled-back': refusal(
    500,
    'The sealed key file is older than, or no successor of, the one last used here. If it was restored on purpose, two people accept it with `npm run keys -- accept-generation`.',
    'কী ফাইলটি সর্বশেষ ব্যবহৃত ফাইলের চেয়ে পুরোনো বা তার উত্তরসূরি নয়। ইচ্ছাকৃত পুনরুদ্ধার হলে দুজন মিলে `npm run keys -- accept-generation` চালান।',
  ),
  'key-generation-unknown': refusal(
    500,
    'This machine has no record of the key file used last. On a new machine two people accept the file with `npm run keys -- accept-generation`.',
    'এই যন্ত্রে সর্বশেষ ব্যবহৃত কী ফাইলের রেকর্ড নেই। নতুন যন্ত্রে দুজন মিলে `npm run keys -- accept-generation` চালান।',
  ),
  'key-generation-tampered': refusal(
    500,
    'The record of the key file used last was changed by somebody.',
    'সর্বশেষ ব্যবহৃত কী ফাইলের রেকর্ডটি কেউ পরিবর্তন করেছে।',
  ),
  'service-keys-missing': refusal(
    500,
    "The sealed key file lacks the token server's own keys: add them with `npm run keys -- upgrade`.",
    'কী ফাইলে টোকেন সার্ভারের নিজস্ব কী নেই: `npm run keys -- upgrade` চালান।',
  ),
  'pkcs11-unavailable': refusal(
    500,
    'The PKCS#11 library cannot be loaded or does not answer.',
    'PKCS#11 লাইব্রেরি লোড করা যাচ্ছে না বা সাড়া দিচ্ছে না।',
  ),
  'pkcs11-token-not-found': refusal(
    500,
    'No PKCS#11 token with this label is present.',
    'এই নামের কোনো PKCS#11 টোকেন নেই।',
  ),
  'pkcs11-pin-unreadable': refusal(
    500,
    'The PIN of the PKCS#11 token cannot be read.',
    'PKCS#11 টোকেনের পিন পড়া যাচ্ছে না।',
  ),
  'pkcs11-pin-permissive': refusal(
    500,
    'The PIN file of the PKCS#11 token is open to others: make its mode 0600 and owned by this user.',
    'PKCS#11 টোকেনের পিন ফাইল অন্যদের জন্য খোলা: অনুমতি 0600 করুন।',
  ),
  'pkcs11-pin-wrong': refusal(
    500,
    'The PKCS#11 token does not take this PIN. It locks itself after a few wrong ones.',
    'PKCS#11 টোকেন এই পিন নেয় না। কয়েকবার ভুল হলে এটি বন্ধ হয়ে যায়।',
  ),
  'pkcs11-pin-locked': refusal(
    500,
    'The PKCS#11 token is locked after too many wrong PINs: its security officer must unlock it.',
    'বেশি ভুল পিনের কারণে PKCS#11 টোকেন বন্ধ: নিরাপত্তা কর্মকর্তা খুলতে পারবেন।',
  ),
  'pkcs11-unsuitable': refusal(
    500,
    'The PKCS#11 token lacks a mechanism that is needed here.',
    'PKCS#11 টোকেনে প্রয়োজনীয় পদ্ধতি নেই।',
  ),
  'vending-key-invalid': refusal(
    500,
    'A vending key has a wrong length, parity or attribute.',
    'একটি ভেন্ডিং কী-এর দৈর্ঘ্য, প্যারিটি বা বৈশিষ্ট্য সঠিক নয়।',
  ),
  'secrets-unreadable': refusal(
    500,
    "The script's answers cannot be read from the descriptor given.",
    'স্ক্রিপ্টের উত্তর পড়া যাচ্ছে না।',
  ),
  'secrets-permissive': refusal(
    500,
    "The script's answers are readable by others: make their file mode 0600.",
    'স্ক্রিপ্টের উত্তর অন্যরাও পড়তে পারে: ফাইলের অনুমতি 0600 করুন।',
  ),
  'sta-tables-unreadable': refusal(
    500,
    'The file of STA substitution tables cannot be read.',
    'STA টেবিলের ফাইল পড়া যাচ্ছে না।',
  ),
  'sta-tables-malformed': refusal(
    500,
    'The file of STA substitution tables is not what it should be.',
    'STA টেবিলের ফাইল সঠিক নয়।',
  ),
  'request-malformed': refusal(
    400,
    'The request lacks a field or has one of the wrong form.',
    'অনুরোধে কোনো তথ্য নেই বা তার গঠন ভুল।',
  ),
  'meter-identity-invalid': refusal(
    422,
    'The meter number or its key attributes are not valid.',
    'মিটার নম্বর বা তার কী-সংক্রান্ত তথ্য সঠিক নয়।',
  ),
  'token-carrier-unsupported': refusal(
    422,
    'Only numeric tokens (carrier type 02) are made here.',
    'এখানে শুধু সংখ্যার টোকেন (ধরন 02) তৈরি হয়।',
  ),
  'unknown-vending-key': refusal(
    422,
    "The vending key of this meter's supply group and key revision is not loaded here.",
    'এই মিটারের সাপ্লাই গ্রুপ ও কী রিভিশনের ভেন্ডিং কী এখানে নেই।',
  ),
  'key-expired': refusal(
    422,
    "The meter's key has expired: it needs a key change before it can take credit.",
    'মিটারের কী-এর মেয়াদ শেষ: রিচার্জের আগে কী পরিবর্তন করতে হবে।',
  ),
  'key-not-active': refusal(
    422,
    'The vending key is loaded but not active, or retired: only a key change away from a retired key is made.',
    'ভেন্ডিং কী-টি সক্রিয় নয় বা অবসরে: অবসরের কী থেকে শুধু কী পরিবর্তন করা যায়।',
  ),
  'base-date-mismatch': refusal(
    422,
    "The meter's base date is not that of its vending key.",
    'মিটারের ভিত্তি তারিখ তার ভেন্ডিং কী-এর সঙ্গে মেলে না।',
  ),
  'ea-dkga-mismatch': refusal(
    422,
    "The meter's encryption algorithm does not go with its vending key.",
    'মিটারের এনক্রিপশন পদ্ধতি তার ভেন্ডিং কী-এর সঙ্গে মেলে না।',
  ),
  'key-type-refused': refusal(
    422,
    "No credit can be made under this meter's key type with this vending key.",
    'এই ভেন্ডিং কী দিয়ে মিটারের এই কী-ধরনে রিচার্জ করা যায় না।',
  ),
  'subclass-unsupported': refusal(
    422,
    'Only electricity credit in kWh (0) and in currency (4) is made here.',
    'এখানে শুধু কিলোওয়াট-ঘণ্টা (0) ও টাকার (4) বিদ্যুৎ টোকেন তৈরি হয়।',
  ),
  'tid-out-of-range': refusal(
    422,
    'The token identifier is not a whole number of 24 bits.',
    'টোকেন শনাক্তকারী ২৪ বিটের পূর্ণসংখ্যা নয়।',
  ),
  'tid-reserved': refusal(
    422,
    'The minute 00:01 is reserved for special tokens.',
    '০০:০১ মিনিটটি বিশেষ টোকেনের জন্য সংরক্ষিত।',
  ),
  'rnd-out-of-range': refusal(422, 'RND is not a whole number of 4 bits.', 'RND ৪ বিটের পূর্ণসংখ্যা নয়।'),
  'amount-out-of-range': refusal(
    422,
    'The amount is not above zero, or more than one token can carry.',
    'পরিমাণ শূন্যের বেশি নয়, অথবা একটি টোকেনের ধারণক্ষমতার বেশি।',
  ),
  'value-out-of-range': refusal(
    422,
    'The value of the management token is more than such a token can carry.',
    'ব্যবস্থাপনা টোকেনের মান টোকেনের ধারণক্ষমতার বাইরে।',
  ),
  'before-base-date': refusal(422, 'The base date of the key has not come yet.', 'কী-এর ভিত্তি তারিখ এখনো আসেনি।'),
  'target-key-expired': refusal(
    422,
    'The key that the meter should go to has expired: choose a living one.',
    'মিটার যে কী-তে যাবে তার মেয়াদ শেষ: একটি সচল কী বেছে নিন।',
  ),
  'key-type-change-refused': refusal(
    422,
    'A meter may not go from its key type to this one.',
    'মিটার তার বর্তমান কী-ধরন থেকে এই ধরনে যেতে পারে না।',
  ),
  'base-date-step-refused': refusal(
    422,
    'A key change can keep the base date of the meter or take it to the next one, nothing else.',
    'কী পরিবর্তনে ভিত্তি তারিখ একই থাকে বা ঠিক পরেরটিতে যায়, অন্য কিছু নয়।',
  ),
  'token-malformed': refusal(422, 'This is not a 20-digit token.', 'এটি ২০ অঙ্কের টোকেন নয়।'),
  'token-not-authentic': refusal(
    422,
    "The token does not open with this meter's key.",
    'এই মিটারের কী দিয়ে টোকেনটি খোলা যায় না।',
  ),
  'module-unavailable': refusal(
    503,
    'The hardware security module does not answer; nothing was made.',
    'হার্ডওয়্যার নিরাপত্তা মডিউল সাড়া দিচ্ছে না; কিছুই তৈরি হয়নি।',
    true,
  ),
  'module-closed': refusal(503, 'The security module is shutting down.', 'নিরাপত্তা মডিউল বন্ধ হচ্ছে।', true),
  'key-state-move-refused': refusal(
    409,
    'A vending key cannot go from its state to this one.',
    'ভেন্ডিং কী তার বর্তমান অবস্থা থেকে এই অবস্থায় যেতে পারে না।',
  ),
  'key-file-changed': refusal(
    409,
    'Somebody else changed the key file during this step: nothing was written, begin again.',
    'এই ধাপের মধ্যে অন্য কেউ কী ফাইলটি পরিবর্তন করেছেন: কিছু লেখা হয়নি, আবার শুরু করুন।',
    true,
  ),
  'key-already-loaded': refusal(
    409,
    'A vending key of this supply group and key revision is there already.',
    'এই সাপ্লাই গ্রুপ ও কী রিভিশনের ভেন্ডিং কী আগে থেকেই আছে।',
  ),
  'check-value-mismatch': refusal(
    422,
    'The check value is not the one expected: a component was mistyped, or this is another key.',
    'যাচাই মান মেলে না: কোনো অংশ ভুল টাইপ হয়েছে, অথবা এটি অন্য কী।',
  ),
  'component-malformed': refusal(
    422,
    'A key component is not 16 (DKGA02) or 40 (DKGA04) hexadecimal digits.',
    'কী-এর অংশটি ১৬ (DKGA02) বা ৪০ (DKGA04) হেক্সাডেসিমাল অঙ্ক নয়।',
  ),
  'component-weak': refusal(
    422,
    'The two components are equal, or one is all zeros: one person alone would know the key.',
    'দুটি অংশ একই, অথবা একটি শুধু শূন্য: তাহলে একজনই পুরো কী জেনে যাবেন।',
  ),
  'second-person-missing': refusal(
    422,
    'This step takes two people: name two different ones.',
    'এই ধাপে দুজন লাগে: দুজন ভিন্ন ব্যক্তির নাম দিন।',
  ),
  'key-load-file-malformed': refusal(422, 'The key-load file has not the form of one.', 'কী-লোড ফাইলের গঠন সঠিক নয়।'),
  'key-load-file-foreign': refusal(
    422,
    'The key-load file was sealed for another module than this.',
    'কী-লোড ফাইলটি অন্য মডিউলের জন্য সিল করা।',
  ),
  'key-load-file-tampered': refusal(
    422,
    'The key-load file was changed after it was sealed.',
    'সিল করার পরে কী-লোড ফাইলটি পরিবর্তন করা হয়েছে।',
  ),
  'kek-handover-unusable': refusal(
    500,
    'The key file is sealed under a new key-encryption key, and its handover from the old one is missing or does not open: restart with the new custodian shares.',
    'কী ফাইলটি নতুন কী দিয়ে সিল করা, কিন্তু পুরোনোটি থেকে হস্তান্তর নেই বা খোলে না: নতুন অংশ দিয়ে আবার চালু করুন।',
  ),
};
