import type { ErrorTable } from '@vend/kernel';

/** What goes wrong at the edge itself, before or around any room. */
export type HttpErrorCode =
  | 'body-not-json'
  | 'body-too-large'
  | 'content-type-unsupported'
  | 'request-malformed'
  | 'route-not-found'
  | 'field-invalid'
  | 'amount-not-a-number'
  | 'amount-too-many-decimals'
  | 'idempotency-key-missing'
  | 'idempotency-key-malformed'
  | 'payment-ambiguous'
  | 'quote-ambiguous'
  | 'transaction-not-found'
  | 'trace-needs-something'
  | 'page-header-missing'
  | 'tokens-not-for-you'
  | 'receipt-not-made'
  | 'database-unavailable'
  | 'internal-error';

export const HTTP_ERRORS: ErrorTable<HttpErrorCode> = {
  'body-not-json': {
    status: 400,
    en: 'The body is not a JSON object. Nothing was changed; correct it and send it again.',
    bn: 'অনুরোধের তথ্য JSON নয়। কিছু বদলায়নি; ঠিক করে আবার পাঠান।',
    retryable: false,
  },
  'body-too-large': {
    status: 413,
    en: 'The body is larger than 64 KB. Nothing was changed.',
    bn: 'অনুরোধের তথ্য 64 KB-এর বেশি বড়। কিছু বদলায়নি।',
    retryable: false,
  },
  'content-type-unsupported': {
    status: 415,
    en: 'Send the body as application/json. Nothing was changed.',
    bn: 'তথ্য application/json হিসেবে পাঠান। কিছু বদলায়নি।',
    retryable: false,
  },
  'request-malformed': {
    status: 400,
    en: 'The request is not well-formed HTTP. Nothing was changed.',
    bn: 'অনুরোধটি সঠিক HTTP নয়। কিছু বদলায়নি।',
    retryable: false,
  },
  'route-not-found': {
    status: 404,
    en: 'There is nothing at this address. See /docs for what there is.',
    bn: 'এই ঠিকানায় কিছু নেই। কী আছে তা /docs-এ দেখুন।',
    retryable: false,
  },
  'field-invalid': {
    status: 400,
    en: 'Some fields are missing or wrong; errors lists them. Nothing was changed.',
    bn: 'কিছু ঘর নেই বা ভুল; errors-এ তালিকা আছে। কিছু বদলায়নি।',
    retryable: false,
  },
  'amount-not-a-number': {
    status: 400,
    en: 'Write the amount as a decimal string in Taka, such as "1000.00". Nothing was charged.',
    bn: 'টাকার পরিমাণ দশমিক সংখ্যা হিসেবে লিখুন, যেমন "1000.00"। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'amount-too-many-decimals': {
    status: 400,
    en: 'The amount has parts of a paisa: use at most two decimals. Nothing was charged.',
    bn: 'টাকার পরিমাণে দুইয়ের বেশি দশমিক ঘর আছে। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'idempotency-key-missing': {
    status: 400,
    en: 'Send an Idempotency-Key header: a UUID made for this recharge, kept for repeats. Nothing was charged.',
    bn: 'Idempotency-Key হেডার দিন: এই রিচার্জের জন্য তৈরি একটি UUID। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'idempotency-key-malformed': {
    status: 400,
    en: 'The Idempotency-Key is not a UUID. Nothing was charged.',
    bn: 'Idempotency-Key একটি UUID নয়। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'payment-ambiguous': {
    status: 400,
    en: 'Pay either by quoteId or by reference and amount, not by a mixture. Nothing was charged.',
    bn: 'হয় quoteId, নয় reference ও amount দিয়ে পরিশোধ করুন। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'quote-ambiguous': {
    status: 400,
    en: 'Ask for one thing: an amount, so many kWh, or the minimum. Nothing was charged.',
    bn: 'একটিই চান: টাকার পরিমাণ, কত kWh, অথবা ন্যূনতম। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'transaction-not-found': {
    status: 404,
    en: 'No payment with this transaction id has been accepted. It is safe to pay with it.',
    bn: 'এই লেনদেন নম্বরে কোনো পেমেন্ট গৃহীত হয়নি। এই নম্বর দিয়ে পরিশোধ করা নিরাপদ।',
    retryable: false,
  },
  'trace-needs-something': {
    status: 400,
    en: 'Say what to trace: a meter, a phone, a transaction, a receipt or a token. Nothing was changed.',
    bn: 'কী খুঁজবেন বলুন: মিটার, ফোন, লেনদেন, রসিদ বা টোকেন। কিছু বদলায়নি।',
    retryable: false,
  },
  'page-header-missing': {
    status: 403,
    en: 'This call did not come from a page of this server. Nothing was changed; open the page again from here.',
    bn: 'অনুরোধটি এই সার্ভারের কোনো পাতা থেকে আসেনি। কিছু বদলায়নি; পাতাটি এখান থেকে আবার খুলুন।',
    retryable: false,
  },
  'tokens-not-for-you': {
    status: 403,
    en: 'Whole tokens are shown only to those who may reprint receipts. Ask again without them, or ask the counter.',
    bn: 'পুরো টোকেন শুধু যাঁরা রসিদ আবার ছাপতে পারেন তাঁদের দেখানো হয়। টোকেন ছাড়া জিজ্ঞাসা করুন, বা কাউন্টারে যান।',
    retryable: false,
  },
  'receipt-not-made': {
    status: 409,
    en: 'There is no receipt: the recharge has no token yet, or it was cancelled. Nothing was changed; look at the recharge.',
    bn: 'রসিদ নেই: রিচার্জের টোকেন এখনো হয়নি, বা সেটি বাতিল হয়েছে। কিছু বদলায়নি; রিচার্জটি দেখুন।',
    retryable: false,
  },
  'database-unavailable': {
    status: 503,
    en: 'The records cannot be reached right now. Ask again with the same id: it will not be charged twice.',
    bn: 'এই মুহূর্তে তথ্যভান্ডারে পৌঁছানো যাচ্ছে না। একই আইডি দিয়ে আবার চেষ্টা করুন: দুবার টাকা কাটা হবে না।',
    retryable: true,
  },
  'internal-error': {
    status: 500,
    en: 'Something went wrong on the server. Ask again with the same id, or tell the office the request id.',
    bn: 'সার্ভারে সমস্যা হয়েছে। একই আইডি দিয়ে আবার চেষ্টা করুন, অথবা অফিসকে requestId জানান।',
    retryable: true,
  },
};

/** What can be wrong with one field; the words beside it in a problem's `errors`. */
export type FieldCode =
  | 'field-missing'
  | 'field-unknown'
  | 'field-malformed'
  | 'amount-not-a-number'
  | 'amount-too-many-decimals'
  | 'amount-not-positive';

export const FIELD_MESSAGES: Readonly<Record<FieldCode, { en: string; bn: string }>> = {
  'field-missing': { en: 'This field is required.', bn: 'এই ঘরটি আবশ্যক।' },
  'field-unknown': { en: 'There is no such field here.', bn: 'এখানে এমন কোনো ঘর নেই।' },
  'field-malformed': { en: 'This field does not have the right form.', bn: 'এই ঘরের তথ্য সঠিক আকারে নেই।' },
  'amount-not-a-number': { en: 'Not a decimal string such as "1000.00".', bn: '"1000.00"-এর মতো দশমিক সংখ্যা নয়।' },
  'amount-too-many-decimals': { en: 'More than two decimals.', bn: 'দুইয়ের বেশি দশমিক ঘর।' },
  'amount-not-positive': { en: 'Must be more than zero.', bn: 'শূন্যের বেশি হতে হবে।' },
};
