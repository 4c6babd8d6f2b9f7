import type { MeterResult } from '@vend/sts';

export interface MeterWords {
  /** The result as the sandbox's API says it. */
  readonly code: string;
  /** What a meter's small display shows. */
  readonly display: string;
  readonly bn: string;
  readonly en: string;
}

/** Every answer of a meter in the words of a machine, of a display and of a person. */
export const METER_WORDS: Readonly<Record<MeterResult, MeterWords>> = {
  Accept: { code: 'accepted', display: 'ACCEPT', bn: 'টোকেন গৃহীত হয়েছে', en: 'The token was accepted' },
  '1stKCT': {
    code: 'key-change-1',
    display: '1st KCT',
    bn: 'চাবি বদলের ১ম অংশ গৃহীত',
    en: 'Key change: first part taken',
  },
  '2ndKCT': {
    code: 'key-change-2',
    display: '2nd KCT',
    bn: 'চাবি বদলের ২য় অংশ গৃহীত',
    en: 'Key change: second part taken',
  },
  '3rdKCT': {
    code: 'key-change-3',
    display: '3rd KCT',
    bn: 'চাবি বদলের ৩য় অংশ গৃহীত',
    en: 'Key change: third part taken',
  },
  '4thKCT': {
    code: 'key-change-4',
    display: '4th KCT',
    bn: 'চাবি বদলের ৪র্থ অংশ গৃহীত',
    en: 'Key change: fourth part taken',
  },
  Overflow: { code: 'overflow', display: 'OVERFLOW', bn: 'মিটারে আর ধরবে না', en: 'The meter cannot hold so much' },
  KeyType: {
    code: 'key-type',
    display: 'KEY TYPE',
    bn: 'এই চাবি বদল চলবে না',
    en: 'This change of key type is not allowed',
  },
  Format: { code: 'format', display: 'FORMAT', bn: 'টোকেন ২০ সংখ্যার হতে হবে', en: 'A token has 20 digits' },
  Range: { code: 'range', display: 'RANGE', bn: 'টোকেনের মান সীমার বাইরে', en: 'A value in the token is out of range' },
  Function: { code: 'function', display: 'FUNCTION', bn: 'এই মিটারে এ কাজ নেই', en: 'This meter has no such function' },
  Old: { code: 'old', display: 'OLD', bn: 'টোকেনটি অনেক পুরোনো', en: 'The token is too old' },
  Used: { code: 'used', display: 'USED', bn: 'টোকেনটি আগেই ব্যবহৃত', en: 'The token was used before' },
  KeyExpired: { code: 'key-expired', display: 'EXPIRED', bn: 'চাবির মেয়াদ শেষ', en: 'The key has expired' },
  DDTK: { code: 'ddtk', display: 'DDTK', bn: 'মিটারে কারখানার চাবি আছে', en: 'The meter is still on its default key' },
  CRC: { code: 'crc', display: 'REJECT', bn: 'টোকেন এই মিটারের নয় বা ভুল', en: 'Mistyped, or a token of another meter' },
  MfrCode: {
    code: 'manufacturer',
    display: 'MFR CODE',
    bn: 'অন্য প্রস্তুতকারকের টোকেন',
    en: 'A token of another manufacturer',
  },
  Lockout: { code: 'lockout', display: 'LOCKED', bn: 'কিছুক্ষণ পরে চেষ্টা করুন', en: 'The keypad is locked for a while' },
};
