import type { ErrorTable } from '@vend/kernel';
import { refusal } from './refusal';

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

/** Every code with its sentence. Status 500: no caller from outside ever meets one. */
export const KEY_OPENING_ERRORS: ErrorTable<KeyOpeningErrorCode> = {
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
  'kek-handover-unusable': refusal(
    500,
    'The key file is sealed under a new key-encryption key, and its handover from the old one is missing or does not open: restart with the new custodian shares.',
    'কী ফাইলটি নতুন কী দিয়ে সিল করা, কিন্তু পুরোনোটি থেকে হস্তান্তর নেই বা খোলে না: নতুন অংশ দিয়ে আবার চালু করুন।',
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
};
