import type { ErrorTable } from '@vend/kernel';

/** Why the journal cannot be opened: the process must not start. */
export type JournalOpeningErrorCode =
  | 'journal-in-use'
  | 'journal-lock-failed'
  | 'journal-malformed'
  | 'audit-log-damaged'
  | 'audit-log-truncated'
  | 'audit-log-rolled-back'
  | 'results-damaged'
  | 'results-key-wrong';

/** Why nothing was written or answered; the process goes on. */
export type JournalRefusalCode = 'journal-unavailable' | 'request-id-conflict' | 'result-not-found';

export type JournalErrorCode = JournalOpeningErrorCode | JournalRefusalCode;

function refusal(status: number, en: string, bn: string, retryable = false) {
  return { status, en, bn, retryable };
}

/** Every code with its sentence. Openings carry 500: no caller from outside ever meets one. */
export const JOURNAL_ERRORS: ErrorTable<JournalErrorCode> = {
  'journal-in-use': refusal(
    500,
    'Another process writes this journal: give each token server a journal directory of its own.',
    'অন্য একটি প্রসেস এই জার্নালে লিখছে: প্রতিটি টোকেন সার্ভারের জন্য আলাদা ডিরেক্টরি দিন।',
  ),
  'journal-lock-failed': refusal(
    500,
    'The journal directory cannot be locked: the program flock (util-linux) is needed.',
    'জার্নাল ডিরেক্টরি লক করা যাচ্ছে না: flock প্রোগ্রামটি (util-linux) প্রয়োজন।',
  ),
  'journal-malformed': refusal(
    500,
    'The directory does not have the form of a journal.',
    'ডিরেক্টরিটির গঠন জার্নালের মতো নয়।',
  ),
  'audit-log-damaged': refusal(
    500,
    'A line of the audit log was changed, or lines before later ones are missing.',
    'অডিট লগের কোনো লাইন পরিবর্তিত হয়েছে বা মাঝের লাইন নেই।',
  ),
  'audit-log-truncated': refusal(
    500,
    'The audit log ends before lines whose results are kept: its end was cut off.',
    'অডিট লগের শেষ অংশ নেই: যেসব লাইনের ফল সংরক্ষিত আছে সেগুলো কেটে ফেলা হয়েছে।',
  ),
  'audit-log-rolled-back': refusal(
    500,
    'The audit log is older than a signed checkpoint kept elsewhere, or another one.',
    'অডিট লগটি অন্যত্র রাখা স্বাক্ষরিত চেকপয়েন্টের চেয়ে পুরোনো, বা অন্য একটি লগ।',
  ),
  'results-damaged': refusal(
    500,
    'The stored results were changed, or some of them are missing.',
    'সংরক্ষিত ফলাফল পরিবর্তিত হয়েছে বা কিছু নেই।',
  ),
  'results-key-wrong': refusal(
    500,
    'The stored results were sealed under another key.',
    'সংরক্ষিত ফলাফল অন্য কী দিয়ে সিল করা।',
  ),
  'journal-unavailable': refusal(
    503,
    'The audit log cannot be written, so no token is made. Repeat with the same request id.',
    'অডিট লগে লেখা যাচ্ছে না, তাই টোকেন তৈরি হয়নি। একই অনুরোধ আবার পাঠান।',
    true,
  ),
  'request-id-conflict': refusal(
    409,
    'This request id was used for another request.',
    'এই অনুরোধ-আইডি আগে অন্য অনুরোধে ব্যবহৃত হয়েছে।',
  ),
  'result-not-found': refusal(
    404,
    'No token was made for this request id and this caller.',
    'এই অনুরোধ-আইডি ও এই কলারের জন্য কোনো টোকেন তৈরি হয়নি।',
  ),
};
