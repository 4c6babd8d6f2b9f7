import type { ErrorTable } from '@vend/kernel';
import { DomainError } from '@vend/kernel';
import { JOURNAL_ERRORS, KEYSTORE_ERRORS } from '@vend/keystore';
import type { WireTokenError } from './wire/answers';

/** Refusals of this process itself; those of the keys and of the journal are in the keystore's tables. */
export type TokenServerErrorCode =
  | 'unknown-caller'
  | 'not-permitted'
  | 'supply-group-not-permitted'
  | 'limit-exceeded'
  | 'day-limit-exceeded'
  | 'group-size'
  | 'core-dumps-on';

function refusal(status: number, en: string, bn: string, retryable = false) {
  return { status, en, bn, retryable };
}

/** Every code with its sentence. The status is that of HTTP, for whoever hands a refusal on. */
export const TOKEN_SERVER_ERRORS: ErrorTable<TokenServerErrorCode> = {
  'unknown-caller': refusal(
    403,
    'The name in your certificate is not in the list of callers.',
    'আপনার সার্টিফিকেটের নাম অনুমোদিত কলারের তালিকায় নেই।',
  ),
  'not-permitted': refusal(403, 'This caller may not ask for this.', 'এই কলারের এ কাজের অনুমতি নেই।'),
  'supply-group-not-permitted': refusal(
    403,
    'This caller may not ask for tokens of this supply group.',
    'এই সাপ্লাই গ্রুপের টোকেন চাওয়ার অনুমতি এই কলারের নেই।',
  ),
  'limit-exceeded': refusal(
    403,
    'The amount is above what this caller may ask for in one request.',
    'পরিমাণটি এই কলারের এক অনুরোধের সীমার বেশি।',
  ),
  'day-limit-exceeded': refusal(
    429,
    'This caller has used up what it may have issued today (Dhaka time). It may go on tomorrow.',
    'এই কলারের আজকের (ঢাকা সময়) সীমা শেষ। আগামীকাল আবার পারবে।',
    true,
  ),
  'core-dumps-on': refusal(
    500,
    'A crash would write the keys to the disk: start this process with core dumps off (ulimit -c 0).',
    'ক্র্যাশ হলে কী ডিস্কে লেখা হয়ে যাবে: কোর ডাম্প বন্ধ করে (ulimit -c 0) চালু করুন।',
  ),
  'group-size': refusal(400, 'A group has 1 to 1024 requests.', 'একটি গ্রুপে ১ থেকে ১০২৪টি অনুরোধ থাকে।'),
};

const TABLES: Readonly<Record<string, { readonly en: string; readonly retryable: boolean }>> = {
  ...KEYSTORE_ERRORS,
  ...JOURNAL_ERRORS,
  ...TOKEN_SERVER_ERRORS,
};

/** A refusal for the caller, by its code. @throws {RangeError} when no table has the code */
export function wireError(code: string): WireTokenError {
  const described = Object.hasOwn(TABLES, code) ? TABLES[code] : undefined;
  if (!described) throw new RangeError(`no such refusal: ${code}`);
  return { code, message: described.en, retryable: described.retryable };
}

/** The refusal for the caller, or null when the error is not one: then the whole call fails. */
export function refusalToWire(error: unknown): WireTokenError | null {
  if (!(error instanceof DomainError)) return null;
  const { code } = error as DomainError;
  return Object.hasOwn(TABLES, code) ? wireError(code) : null;
}
