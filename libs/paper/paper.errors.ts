import type { ErrorTable } from '@vend/kernel';

/** What the drawing of receipts refuses on purpose. */
export type PaperErrorCode = 'receipts-busy';

export const PAPER_ERRORS: ErrorTable<PaperErrorCode> = {
  'receipts-busy': {
    status: 503,
    en: 'Too many receipts are being drawn at this moment. Nothing was changed; ask again in some seconds.',
    bn: 'এই মুহূর্তে অনেক রসিদ তৈরি হচ্ছে। কিছু বদলায়নি; কয়েক সেকেন্ড পরে আবার চান।',
    retryable: true,
  },
};
