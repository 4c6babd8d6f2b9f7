import type { ErrorTable } from '@vend/kernel';

/** What the sandbox's own API refuses; the SMS gateway answers in its provider's codes instead. */
export type SandboxErrorCode =
  | 'request-malformed'
  | 'meter-unknown'
  | 'meter-keys-missing'
  | 'provider-unknown'
  | 'payment-unknown'
  | 'partners-missing'
  | 'providers-missing';

export const SANDBOX_ERRORS: ErrorTable<SandboxErrorCode> = {
  'request-malformed': {
    status: 400,
    en: 'The request is not what this address expects; see the named fields.',
    bn: 'অনুরোধটি সঠিক নয়; উল্লেখিত ঘরগুলো দেখুন।',
    retryable: false,
  },
  'meter-unknown': {
    status: 404,
    en: 'The sandbox has no virtual meter with this number.',
    bn: 'এই নম্বরের কোনো পরীক্ষামূলক মিটার নেই।',
    retryable: false,
  },
  'meter-keys-missing': {
    status: 503,
    en: 'The file with the virtual meters’ decoder keys cannot be read.',
    bn: 'পরীক্ষামূলক মিটারের চাবির ফাইল পড়া যাচ্ছে না।',
    retryable: true,
  },
  'provider-unknown': {
    status: 404,
    en: 'The sandbox plays no company with this code.',
    bn: 'এই কোডের কোনো কোম্পানি পরীক্ষাগারে নেই।',
    retryable: false,
  },
  'payment-unknown': {
    status: 404,
    en: 'This company has taken no money under this transaction id.',
    bn: 'এই লেনদেন নম্বরে কোম্পানিটি কোনো টাকা নেয়নি।',
    retryable: false,
  },
  'partners-missing': {
    status: 503,
    en: 'The file with the mobile-money providers’ keys cannot be read.',
    bn: 'মোবাইল ব্যাংকিং সেবার চাবির ফাইল পড়া যাচ্ছে না।',
    retryable: true,
  },
  'providers-missing': {
    status: 503,
    en: 'The file with the companies that the sandbox plays cannot be read.',
    bn: 'পরীক্ষাগারের কোম্পানিগুলোর ফাইল পড়া যাচ্ছে না।',
    retryable: true,
  },
};
