import { groupsOfFour } from '../shared/format';

const WORDS = ['শূন্য', 'এক', 'দুই', 'তিন', 'চার', 'পাঁচ', 'ছয়', 'সাত', 'আট', 'নয়'];

/** Digits as a relative on a stool reads them out. @example spokenDigits('57261029') // 'পাঁচ সাত দুই ছয়, এক শূন্য দুই নয়' */
export function spokenDigits(digits: string): string {
  const group = (four: string) => [...four].map((digit) => WORDS[Number(digit)]).join(' ');
  return groupsOfFour(digits).map(group).join(', ');
}

/** A voice that can read Bangla, where the phone has one; it may come some time after the page. */
export function banglaVoice(): SpeechSynthesisVoice | undefined {
  if (!('speechSynthesis' in window)) return undefined;
  const voices = speechSynthesis.getVoices().filter(({ lang }) => /^bn/i.test(lang));
  return voices.find(({ lang }) => /BD$/i.test(lang)) ?? voices[0];
}

/** Reads digits aloud, slowly; what was being read before is broken off. */
export function readAloud(digits: string, voice: SpeechSynthesisVoice): void {
  const speech = new SpeechSynthesisUtterance(spokenDigits(digits));
  speech.voice = voice;
  speech.lang = voice.lang;
  speech.rate = 0.7;
  speechSynthesis.cancel();
  speechSynthesis.speak(speech);
}
