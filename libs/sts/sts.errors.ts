/** How an edge answers a refusal; the same shape as the kernel's, repeated because this room imports nothing. */
export interface StsErrorDescription {
  /** HTTP status a problem answer carries. */
  readonly status: number;
  /** One English sentence. */
  readonly en: string;
  /** The same in Bangla. */
  readonly bn: string;
  /** True when the same request may succeed later. */
  readonly retryable: boolean;
}

const refusal = (en: string, bn: string, status = 422): StsErrorDescription => ({ status, en, bn, retryable: false });

/**
 * Every refusal of this library, by its stable machine code.
 *
 * @example STS_ERRORS['crc'].en
 */
export const STS_ERRORS = {
  'bad-pan': refusal(
    'The MeterPAN is not 18 digits that start with 600727 or 0000.',
    'মিটার প্যান ১৮ অঙ্কের এবং 600727 বা 0000 দিয়ে শুরু নয়।',
  ),
  'pan-check-digit': refusal('The check digit of the MeterPAN is wrong.', 'মিটার প্যানের যাচাই অঙ্ক ভুল।'),
  'bad-drn': refusal('The meter number (DRN) is not 11 or 13 digits.', 'মিটার নম্বর ১১ বা ১৩ অঙ্কের নয়।'),
  'drn-check-digit': refusal('The check digit of the meter number (DRN) is wrong.', 'মিটার নম্বরের যাচাই অঙ্ক ভুল।'),
  'bad-manufacturer': refusal(
    'The manufacturer code is out of range for this token.',
    'প্রস্তুতকারকের কোড এই টোকেনের সীমার বাইরে।',
  ),
  'bad-sgc': refusal('The supply group code is not six digits.', 'সাপ্লাই গ্রুপ কোড ছয় অঙ্কের নয়।'),
  'bad-ti': refusal('The tariff index is not 00 to 99.', 'ট্যারিফ ইনডেক্স 00 থেকে 99 নয়।'),
  'bad-krn': refusal('The key revision number is not 1 to 9.', 'কী রিভিশন নম্বর 1 থেকে 9 নয়।'),
  'bad-kt': refusal('The key type is not 0 to 3.', 'কী টাইপ 0 থেকে 3 নয়।'),
  'bad-ken': refusal('The key expiry number is not 0 to 255.', 'কী মেয়াদ নম্বর 0 থেকে 255 নয়।'),
  'bad-tct': refusal('The token carrier type is not two digits.', 'টোকেন বাহকের ধরন দুই অঙ্কের নয়।'),
  'bad-base-date': refusal('The base date is not 1993, 2014 or 2035.', 'ভিত্তি তারিখ 1993, 2014 বা 2035 নয়।'),
  'bad-ea': refusal('The encryption algorithm is not 07 or 11.', 'এনক্রিপশন অ্যালগরিদম 07 বা 11 নয়।'),
  'unsupported-ea': refusal(
    'EA09 (DEA) was withdrawn from the standard and is not supported.',
    'EA09 মানদণ্ড থেকে প্রত্যাহৃত, সমর্থিত নয়।',
  ),
  'bad-dkga': refusal('The key generation algorithm is not 02 or 04.', 'কী তৈরির অ্যালগরিদম 02 বা 04 নয়।'),
  'unsupported-dkga': refusal('DKGA01 and DKGA03 are legacy and not supported.', 'DKGA01 ও DKGA03 পুরোনো, সমর্থিত নয়।'),
  'ea-dkga-mismatch': refusal(
    'DKGA02 makes 64-bit keys and so goes with EA07 only.',
    'DKGA02 ৬৪ বিটের কী তৈরি করে, কেবল EA07-এর সাথে চলে।',
  ),
  'unsupported-common-key': refusal(
    'A common key (KT 3) under DKGA04 is not settled by public sources and not supported.',
    'DKGA04-এ সাধারণ কী (KT 3) সমর্থিত নয়।',
  ),
  'dkga01-meter': refusal(
    'These attributes select DKGA01, which is legacy and not supported.',
    'এই তথ্য DKGA01 নির্দেশ করে, যা সমর্থিত নয়।',
  ),
  'bad-vending-key': refusal(
    'The vending key has the wrong length or is not hexadecimal: 8 bytes for DKGA02, 20 bytes for DKGA04.',
    'ভেন্ডিং কী-র দৈর্ঘ্য বা গঠন ভুল।',
  ),
  'bad-decoder-key': refusal(
    'The decoder key has the wrong length or is not hexadecimal: 8 bytes for EA07, 16 bytes for EA11.',
    'ডিকোডার কী-র দৈর্ঘ্য বা গঠন ভুল।',
  ),
  'key-destroyed': refusal('The key was wiped and cannot be used any more.', 'কী মুছে ফেলা হয়েছে।', 500),
  'bad-tables': refusal(
    'The STA tables are not two permutations of 16 and one of 64.',
    'STA সারণি সঠিক বিন্যাস নয়।',
    500,
  ),
  'tables-fingerprint': refusal(
    'The STA tables claim to be the production tables but their fingerprint differs.',
    'STA সারণির ছাপ প্রোডাকশন সারণির সাথে মেলে না।',
    500,
  ),
  'bad-subclass': refusal('There is no such token subclass here.', 'এই টোকেন উপশ্রেণি নেই।'),
  'bad-amount': refusal(
    'The amount is not a plain decimal number, or too long.',
    'পরিমাণ সাধারণ দশমিক সংখ্যা নয় বা অতিদীর্ঘ।',
  ),
  'negative-amount': refusal('This token cannot carry a negative amount.', 'এই টোকেনে ঋণাত্মক পরিমাণ চলে না।'),
  'amount-too-large': refusal('The amount is larger than a token can carry.', 'পরিমাণ টোকেনের ধারণক্ষমতার বেশি।'),
  'bad-value': refusal('The value is out of range for this token.', 'মান এই টোকেনের সীমার বাইরে।'),
  'bad-control': refusal(
    'The control field is not hexadecimal or does not fit this token.',
    'কন্ট্রোল ক্ষেত্র ভুল বা এই টোকেনে ধরে না।',
  ),
  'bad-rnd': refusal('RND is missing or not 0 to 15.', 'RND নেই বা 0 থেকে 15 নয়।'),
  'bad-time': refusal(
    'The time is not an existing civil minute such as 2026-11-21T10:15.',
    'সময়টি বিদ্যমান কোনো মিনিট নয়।',
  ),
  'bad-tid': refusal('The token identifier is not 0 to 16777215.', 'টোকেন শনাক্তকারী 0 থেকে 16777215 নয়।'),
  'tid-reserved': refusal(
    'The identifier of 00:01 is reserved for special tokens.',
    '00:01 মিনিটের শনাক্তকারী বিশেষ টোকেনের জন্য সংরক্ষিত।',
  ),
  'before-base-date': refusal('The time is before the base date of the key.', 'সময়টি কী-র ভিত্তি তারিখের আগে।'),
  'tid-exhausted': refusal(
    'The base date of the key has no token identifiers left for this time; the meter needs a rollover.',
    'এই সময়ের জন্য কী-র টোকেন শনাক্তকারী শেষ; মিটারে রোলওভার প্রয়োজন।',
  ),
  'key-expired': refusal('The key has expired for this time.', 'এই সময়ে কী-র মেয়াদ শেষ।'),
  'credit-under-ddtk': refusal(
    'A meter on its default key (KT 1) takes no credit.',
    'ডিফল্ট কী-তে (KT 1) থাকা মিটার ক্রেডিট নেয় না।',
  ),
  'key-type-change': refusal('This change of key type is not permitted.', 'কী টাইপের এই পরিবর্তন অনুমোদিত নয়।'),
  'key-change-to-expired-key': refusal(
    'The new key has expired; a key change must lead to a living key.',
    'নতুন কী-র মেয়াদ শেষ; কী পরিবর্তন করা যাবে না।',
  ),
  'bad-section-count': refusal(
    'A key change takes 2 or 3 tokens for EA07 and 4 for EA11.',
    'কী পরিবর্তনে EA07-এ ২ বা ৩টি এবং EA11-এ ৪টি টোকেন লাগে।',
  ),
  'key-change-across-ea': refusal(
    'A key change cannot change the encryption algorithm.',
    'কী পরিবর্তনে এনক্রিপশন অ্যালগরিদম বদলানো যায় না।',
  ),
  'key-change-across-meters': refusal('Both keys must belong to the same meter.', 'দুই কী একই মিটারের হতে হবে।'),
  'bad-digits': refusal('The token is not 20 digits.', 'টোকেন ২০ অঙ্কের নয়।'),
  'token-too-large': refusal(
    'The 20 digits are above the highest possible token.',
    '২০ অঙ্কের সংখ্যাটি সর্বোচ্চ টোকেনের চেয়ে বড়।',
  ),
  'class-reserved': refusal('Token class 3 is reserved.', 'টোকেন শ্রেণি ৩ সংরক্ষিত।'),
  'no-key': refusal(
    'This token is encrypted and needs the decoder key of its meter.',
    'টোকেনটি পড়তে মিটারের ডিকোডার কী লাগবে।',
  ),
  crc: refusal(
    'The checksum does not match: mistyped digits, another meter or another key.',
    'চেকসাম মেলে না: ভুল অঙ্ক, অন্য মিটার বা অন্য কী।',
  ),
  'unknown-subclass': refusal(
    'The token is intact but of a reserved or proprietary subclass.',
    'টোকেন ঠিক আছে, তবে উপশ্রেণিটি সংরক্ষিত বা নিজস্ব।',
  ),
  'bad-field': refusal(
    'The token is intact but a field in it is out of range.',
    'টোকেন ঠিক আছে, তবে একটি ক্ষেত্র সীমার বাইরে।',
  ),
  'bad-state': refusal('The stored state of the meter is damaged.', 'মিটারের সংরক্ষিত অবস্থা ত্রুটিপূর্ণ।', 500),
} satisfies Record<string, StsErrorDescription>;

/** The closed list of refusal codes. */
export type StsErrorCode = keyof typeof STS_ERRORS;

/**
 * An expected refusal of this library. Its text never holds a key, a token or a meter number.
 *
 * @example try { parseMeterPan('1') } catch (e) { (e as StsError).code } // 'bad-pan'
 */
export class StsError extends Error {
  override readonly name = 'StsError';

  /**
   * A refusal by its code.
   *
   * @param code one of the closed list; the English sentence of the table becomes the message
   */
  constructor(
    readonly code: StsErrorCode,
    options?: { cause?: unknown },
  ) {
    super(STS_ERRORS[code].en, options);
  }
}

/** Throws the refusal: an expression, so that it can stand after `??` and `?:`. */
export function refuse(code: StsErrorCode): never {
  throw new StsError(code);
}
