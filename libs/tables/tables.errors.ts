import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room. */
export type TablesErrorCode = 'import-too-large' | 'import-file-unreadable' | 'import-file-missing';

/** Status and words of each refusal; none of them moves money. */
export const TABLES_ERRORS: ErrorTable<TablesErrorCode> = {
  'import-too-large': {
    status: 413,
    en: 'The file is larger than this server takes. Nothing was imported; send it in parts.',
    bn: 'ফাইলটি এই সার্ভারের সীমার চেয়ে বড়। কিছুই নেওয়া হয়নি; ভাগ করে পাঠান।',
    retryable: false,
  },
  'import-file-unreadable': {
    status: 422,
    en: 'The file is no workbook that can be read to its end. What was read before is stored; save it as CSV and send that.',
    bn: 'ফাইলটি শেষ পর্যন্ত পড়ার মতো ওয়ার্কবুক নয়। আগে যা পড়া গেছে তা রাখা হয়েছে; CSV করে আবার পাঠান।',
    retryable: false,
  },
  'import-file-missing': {
    status: 410,
    en: 'The file of this import is not kept any more. Send it again as a new import.',
    bn: 'এই আমদানির ফাইল আর রাখা নেই। নতুন আমদানি হিসেবে আবার পাঠান।',
    retryable: false,
  },
};
