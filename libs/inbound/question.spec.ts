/*
 * Proves that what customers write is read as they mean it, by a table of spellings; that nothing they or anybody writes
 * can break or slow the reader, by a fuzz of spoiled texts; and that STOP is never read into a sentence.
 */
import fc from 'fast-check';
import { comparable, INBOUND_WORDS, QUESTION_MAX_UNITS, readQuestion, type InboundWord } from './question';

const read = (text: string) => {
  const question = readQuestion(text);
  return question.kind === 'word' ? [question.word, ...question.numbers] : question.kind;
};

it.each<[string, unknown]>([
  ['BAL', ['BAL']],
  ['bal', ['BAL']],
  ['  Bal. ', ['BAL']],
  ['BAL 40012345', ['BAL', '40012345']],
  ['bal40012345', ['BAL', '40012345']],
  ['40012345 bal', ['BAL', '40012345']],
  ['BAL: 4001-2345', ['BAL', '40012345']],
  ['BAL 0123 4567 890', ['BAL', '01234567890']],
  ['ব্যালেন্স ৪০০১২৩৪৫', ['BAL', '40012345']],
  ['ব্যালেন্স৪০০১২৩৪৫', ['BAL', '40012345']],
  ['BAL ৪০০১২৩৪৫', ['BAL', '40012345']],
  ['ＢＡＬ　４００１２３４５', ['BAL', '40012345']],
  ['Balance', ['BAL']],
  ['amar balance koto', ['BAL']],
  ['আমার ব্যালেন্স কত?', ['BAL']],
  ['tok T000123', ['TOK', '000123', 'T000123']],
  ['TOKEN AB-12/34', ['TOK', '1234', 'AB1234']],
  ['টোকেন', ['TOK']],
  ['use', ['USE']],
  ['নিয়ম', ['USE']], // ya with nukta, as keyboards type it in two letters
  ['নি\u09dfম', ['USE']], // and in one
  ['সাহায্য', ['HELP']],
  ['Help!!!', ['HELP']],
  ['ব্য\u200cবহার', ['USE']], // with an unseen joiner
  ['STOP', ['STOP']],
  ['stop.', ['STOP']],
  ['বন্ধ', ['STOP']],
  ['বন্ধ করুন', ['STOP']],
  ['START', ['START']],
  ['চালু', ['START']],
  ["please don't stop", 'unclear'],
  ['when does it start', 'unclear'],
  ['bal or tok', ['BAL']], // the first word counts
  ['hello bal tok', 'unclear'],
  ['hello', 'unclear'],
  ['12345678', 'unclear'],
  ['আমার মিটার', 'unclear'],
  ['', 'no-question'],
  [' ?! ', 'no-question'],
  ['BAL 12345678901234567890', 'no-question'], // a token, not a meter
  ['TOK 1234-5678-9012-3456-7890', 'no-question'],
  [`BAL ${'please '.repeat(20)}`, 'no-question'],
  ['BAL'.padEnd(1_001), 'no-question'],
])('%j', (text, expected) => expect(read(text)).toEqual(expected));

it('tells the language of the words, not of the digits', () => {
  const language = (text: string) => (readQuestion(text) as { language?: string }).language;
  expect(['BAL ৪০০১২৩৪৫', 'ব্যালেন্স 40012345', 'hello', 'হ্যালো'].map(language)).toEqual(['en', 'bn', 'en', 'bn']);
});

const banglaDigits = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(0x09e6 + Number(digit)));
const SPELLED = ['BAL', 'TOKEN', 'ব্যবহার', 'help', 'STOP', 'বন্ধ', 'start'] as const;

it('takes case, spaces, punctuation and digits of either kind for the same', () => {
  const noise = fc.stringMatching(/^[ .,:;!?#*()_\-/\n]{0,4}$/);
  const number = fc.stringMatching(/^[0-9]{6,18}$/);
  fc.assert(
    fc.property(fc.constantFrom(...SPELLED), number, noise, noise, noise, fc.boolean(), fc.boolean(), (...all) => {
      const [word, digits, before, between, after, bangla, upper] = all;
      const shownWord = upper ? word.toUpperCase() : word;
      const shown = bangla ? banglaDigits(digits) : digits;
      const plain = readQuestion(`${word} ${digits}`);
      const noisy = readQuestion(`${before}${shownWord}${between}${shown}${after}`);
      expect(plain).toMatchObject({ kind: 'word', numbers: [digits] });
      expect(noisy).toEqual(plain);
    }),
    { numRuns: 2_000 },
  );
});

it('reads whatever comes, in the words of its own table only', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2_000 }),
    fc.string({ unit: fc.constantFrom('STOP', 'BAL', ' ', '\u200d', 'ব', '্', '৪', '1', '\ud800', '\0', 'ﷺ', '𝐁') }),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const question = readQuestion(text);
      if (question.kind !== 'word') return;
      expect(INBOUND_WORDS as readonly string[]).toContain(question.word);
      for (const number of question.numbers) expect(comparable(number).length).toBeLessThan(QUESTION_MAX_UNITS);
    }),
    { numRuns: 20_000 },
  );
});

it('stops and starts nothing that does not begin with the word', () => {
  const settings: readonly InboundWord[] = ['STOP', 'START'];
  const other = fc.constantFrom('please', 'never', 'দয়া', 'bal', 'tok', 'do', 'না');
  fc.assert(
    fc.property(other, fc.array(fc.constantFrom('STOP', 'START', 'বন্ধ', 'চালু', 'x')), (first, rest) => {
      const question = readQuestion([first, ...rest].join(' '));
      if (question.kind === 'word') expect(settings).not.toContain(question.word);
    }),
  );
});

it('does not take longer for a text that is made to be slow', () => {
  // A reader that looked back would take minutes for these; a stalled machine takes seconds.
  const begunMs = performance.now();
  for (const piece of ['1', 'a', 'ব্', '\u200d', '1a', ' -']) readQuestion(piece.repeat(500_000));
  expect(performance.now() - begunMs).toBeLessThan(20_000);
});
