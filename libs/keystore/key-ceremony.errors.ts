import type { ErrorTable } from '@vend/kernel';
import { refusal } from './refusal';

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

/** Every code with its sentence. */
export const CEREMONY_ERRORS: ErrorTable<CeremonyErrorCode> = {
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
};
