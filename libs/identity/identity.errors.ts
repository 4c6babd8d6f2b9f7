import type { ErrorTable } from '@vend/kernel';

/** Every refusal of this room. An unknown partner is answered like a wrong signature, an unknown user like a wrong password. */
export type IdentityErrorCode =
  | 'login-refused'
  | 'login-locked'
  | 'second-factor-needed'
  | 'second-factor-enrolment-needed'
  | 'second-factor-refused'
  | 'second-factor-enrolled'
  | 'refresh-refused'
  | 'session-not-found'
  | 'session-missing'
  | 'session-invalid'
  | 'session-expired'
  | 'role-not-allowed'
  | 'approval-not-found'
  | 'approval-own'
  | 'approval-decided'
  | 'approval-refused'
  | 'approval-expired'
  | 'approval-differs'
  | 'approval-used'
  | 'office-not-found'
  | 'office-exists'
  | 'office-cycle'
  | 'office-misplaced'
  | 'person-not-found'
  | 'person-exists'
  | 'person-own'
  | 'station-not-found'
  | 'signature-missing'
  | 'signature-invalid'
  | 'timestamp-stale';

/** Status and words of each refusal; none of them moves money. */
export const identityErrors: ErrorTable<IdentityErrorCode> = {
  'login-refused': {
    status: 401,
    en: 'The username or the password is wrong.',
    bn: 'ব্যবহারকারীর নাম বা পাসওয়ার্ড ভুল।',
    retryable: false,
  },
  'login-locked': {
    status: 429,
    en: 'Too many failed logins. Nothing was looked at; wait retryAfterSeconds, or ask an administrator to unlock you.',
    bn: 'অনেকবার ভুল লগইন হয়েছে। কিছুই যাচাই করা হয়নি; retryAfterSeconds সেকেন্ড অপেক্ষা করুন, বা প্রশাসককে খুলে দিতে বলুন।',
    retryable: true,
  },
  'second-factor-needed': {
    status: 401,
    en: 'The password is right; send the six-digit code of your phone with it as well.',
    bn: 'পাসওয়ার্ড ঠিক আছে; সঙ্গে আপনার ফোনের ছয় অঙ্কের কোডও পাঠান।',
    retryable: false,
  },
  'second-factor-enrolment-needed': {
    status: 401,
    en: 'Your role needs a second factor: get a secret at POST /v1/sessions/second-factor, then log in with a code of it.',
    bn: 'আপনার ভূমিকায় দ্বিতীয় ধাপের যাচাই লাগে: POST /v1/sessions/second-factor থেকে গোপন চাবি নিয়ে তার কোড দিয়ে লগইন করুন।',
    retryable: false,
  },
  'second-factor-refused': {
    status: 401,
    en: 'The code is wrong, too old, or was used before. Wait for the next one and log in again.',
    bn: 'কোডটি ভুল, পুরোনো বা আগেই ব্যবহৃত। পরের কোডের জন্য অপেক্ষা করে আবার লগইন করুন।',
    retryable: false,
  },
  'second-factor-enrolled': {
    status: 409,
    en: 'A second factor is in force already. If the phone is lost, use a recovery code or ask an administrator.',
    bn: 'দ্বিতীয় ধাপের যাচাই আগেই চালু আছে। ফোন হারালে পুনরুদ্ধার কোড ব্যবহার করুন বা প্রশাসককে বলুন।',
    retryable: false,
  },
  'refresh-refused': {
    status: 401,
    en: 'The refresh token is used, too old or of a session that has ended. Log in again; nothing was charged.',
    bn: 'রিফ্রেশ টোকেনটি ব্যবহৃত, পুরোনো বা শেষ হওয়া সেশনের। আবার লগইন করুন; কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'session-not-found': {
    status: 404,
    en: 'There is no such open session. Nothing was changed.',
    bn: 'এমন কোনো খোলা সেশন নেই। কিছুই বদলায়নি।',
    retryable: false,
  },
  'session-missing': {
    status: 401,
    en: 'Log in first: the request has no access token.',
    bn: 'আগে লগইন করুন: অনুরোধে অ্যাক্সেস টোকেন নেই।',
    retryable: false,
  },
  'session-invalid': {
    status: 401,
    en: 'The access token is not valid. Log in again; nothing was charged.',
    bn: 'অ্যাক্সেস টোকেন ঠিক নয়। আবার লগইন করুন; কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'session-expired': {
    status: 401,
    en: 'The session has ended. Log in again and repeat the request; nothing was charged.',
    bn: 'সেশন শেষ হয়েছে। আবার লগইন করে অনুরোধটি করুন; কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'role-not-allowed': {
    status: 403,
    en: 'Your role may not do this. Nothing was changed.',
    bn: 'আপনার ভূমিকায় এ কাজের অনুমতি নেই। কিছুই বদলায়নি।',
    retryable: false,
  },
  'approval-not-found': {
    status: 404,
    en: 'There is no such request for approval in your offices. Nothing was changed.',
    bn: 'আপনার অফিসগুলোতে অনুমোদনের এমন কোনো আবেদন নেই। কিছুই বদলায়নি।',
    retryable: false,
  },
  'approval-own': {
    status: 403,
    en: 'Nobody approves what they asked for themselves. Nothing was changed; ask another person.',
    bn: 'নিজের আবেদন নিজে অনুমোদন করা যায় না। কিছুই বদলায়নি; অন্য কাউকে বলুন।',
    retryable: false,
  },
  'approval-decided': {
    status: 409,
    en: 'This request has been answered already. Nothing was changed; look at it again.',
    bn: 'এই আবেদনের উত্তর আগেই দেওয়া হয়েছে। কিছুই বদলায়নি; আবার দেখুন।',
    retryable: false,
  },
  'approval-refused': {
    status: 409,
    en: 'The second person said no. Nothing was changed; read the note, and ask anew with a new key if need be.',
    bn: 'দ্বিতীয় ব্যক্তি অনুমোদন দেননি। কিছুই বদলায়নি; মন্তব্য পড়ুন, প্রয়োজনে নতুন কী দিয়ে আবার আবেদন করুন।',
    retryable: false,
  },
  'approval-expired': {
    status: 410,
    en: 'The time for this approval is over. Nothing was changed; ask anew with a new key.',
    bn: 'এই অনুমোদনের সময় শেষ। কিছুই বদলায়নি; নতুন কী দিয়ে আবার আবেদন করুন।',
    retryable: false,
  },
  'approval-differs': {
    status: 409,
    en: 'This key has asked for approval of something else, or another person asked. Nothing was changed; use a new key.',
    bn: 'এই কী দিয়ে অন্য কিছুর অনুমোদন চাওয়া হয়েছিল, বা অন্য কেউ চেয়েছিলেন। কিছুই বদলায়নি; নতুন কী ব্যবহার করুন।',
    retryable: false,
  },
  'approval-used': {
    status: 409,
    en: 'This approval is used up or was never given. Nothing was changed; ask anew with a new key.',
    bn: 'এই অনুমোদন আগেই ব্যবহৃত হয়েছে, বা দেওয়াই হয়নি। কিছুই বদলায়নি; নতুন কী দিয়ে আবার আবেদন করুন।',
    retryable: false,
  },
  'office-not-found': {
    status: 404,
    en: 'There is no office with this code. Nothing was changed.',
    bn: 'এই কোডে কোনো অফিস নেই। কিছুই বদলায়নি।',
    retryable: false,
  },
  'office-exists': {
    status: 409,
    en: 'There is an office with this code or name already. Nothing was changed.',
    bn: 'এই কোড বা নামে আগে থেকেই একটি অফিস আছে। কিছুই বদলায়নি।',
    retryable: false,
  },
  'office-cycle': {
    status: 409,
    en: 'An office cannot be below itself. Nothing was changed.',
    bn: 'কোনো অফিস নিজের অধীনে থাকতে পারে না। কিছুই বদলায়নি।',
    retryable: false,
  },
  'office-misplaced': {
    status: 422,
    en: 'A zone hangs on no division, a station needs an office, and a tree has eight levels at most. Nothing was changed.',
    bn: 'জোন কোনো বিভাগের অধীনে থাকে না, স্টেশনের একটি অফিস লাগে, আর স্তর সর্বোচ্চ আটটি। কিছুই বদলায়নি।',
    retryable: false,
  },
  'person-not-found': {
    status: 404,
    en: 'There is nobody with this username. Nothing was changed.',
    bn: 'এই নামে কোনো ব্যবহারকারী নেই। কিছুই বদলায়নি।',
    retryable: false,
  },
  'person-exists': {
    status: 409,
    en: 'Somebody has this username already. Nothing was changed; choose another.',
    bn: 'এই নামে আগে থেকেই একজন ব্যবহারকারী আছেন। কিছুই বদলায়নি; অন্য নাম দিন।',
    retryable: false,
  },
  'person-own': {
    status: 403,
    en: 'Nobody manages their own account. Nothing was changed; ask another administrator.',
    bn: 'নিজের অ্যাকাউন্ট নিজে বদলানো যায় না। কিছুই বদলায়নি; অন্য প্রশাসককে বলুন।',
    retryable: false,
  },
  'station-not-found': {
    status: 422,
    en: 'There is no station with this code. Nothing was changed.',
    bn: 'এই কোডে কোনো স্টেশন নেই। কিছুই বদলায়নি।',
    retryable: false,
  },
  'signature-missing': {
    status: 401,
    en: 'The headers X-Key-Id, X-Timestamp and X-Signature are all needed. Nothing was charged.',
    bn: 'X-Key-Id, X-Timestamp ও X-Signature তিনটি হেডারই লাগবে। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'signature-invalid': {
    status: 401,
    en: 'The key id or the signature is wrong. Nothing was charged.',
    bn: 'কী আইডি বা স্বাক্ষর ভুল। কোনো টাকা কাটা হয়নি।',
    retryable: false,
  },
  'timestamp-stale': {
    status: 401,
    en: 'The timestamp is more than 300 seconds from our clock. Nothing was charged; sign again with the present time.',
    bn: 'সময়চিহ্ন আমাদের ঘড়ি থেকে 300 সেকেন্ডের বেশি দূরে। কোনো টাকা কাটা হয়নি; এখনকার সময় দিয়ে আবার স্বাক্ষর করুন।',
    retryable: false,
  },
};
