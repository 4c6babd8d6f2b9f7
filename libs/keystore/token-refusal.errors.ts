import type { ErrorTable } from '@vend/kernel';
import { refusal } from './refusal';

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

/** Every code with its sentence. */
export const TOKEN_REFUSAL_ERRORS: ErrorTable<TokenRefusalCode> = {
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
};
