/* Proves what a name is found by: spellings that mean the same are one, and every beginning of every word leads to it. */
import fc from 'fast-check';
import { beginsWith, searchedWords } from './name-question';
import { nameWords, officeKey, turnedNames } from './name-words';

const hex = (text: string) => nameWords(text).map((word) => word.toString('hex'));

it.each([
  ['আব্দুল', 'আবদুল'],
  ['মোঃ', 'মো.'],
  ['রহীম', 'রহিম'],
  ['নূর', 'নুর'],
  ['শাহানা', 'সাহানা'],
  ['প্রামাণিক', 'প্রামানিক'],
  ['যাহিদ', 'জাহিদ'],
  ['বড়ুয়া', 'বরুয়া'],
  ['বাঙলা', 'বাংলা'],
  ['চাঁদ', 'চাদ'],
  ['২', '2'],
  ['রা\u200dম', 'রাম'],
  ['ABDUL', 'abdul'],
  ['José', 'jose'],
  ["O'Neil", 'oneil'],
])('%s and %s are one word', (a, b) => {
  expect(hex(a)).toHaveLength(1);
  expect(hex(a)).toEqual(hex(b));
});

it('writes a letter with a dot alike, composed or not', () => {
  expect(hex('মিয\u09bcা')).toEqual(hex('মি\u09dfা'));
  expect(hex('বড\u09bc')).toEqual(hex('ব\u09dc'));
  expect(hex('মো')).toEqual(hex('মে\u09be'));
});

it.each([
  ['করিম', 'কবির'],
  ['মিয়া', 'মিজা'],
  ['Karim', 'Karima'],
  ['আলী', 'আল'],
])('%s and %s stay two words', (a, b) => {
  expect(hex(a)).not.toEqual(hex(b));
});

it('parts words at blanks, stops and hyphens, and has each once', () => {
  expect(hex('মোঃআব্দুল  করিম-উদ্দিন (করিম)')).toHaveLength(3);
  expect(nameWords(' .,- ')).toEqual([]);
});

it('turns a name so that each of its words comes first', () => {
  expect(turnedNames('Md. Abdul Karim').map(String)).toEqual(['md abdul karim', 'abdul karim md', 'karim md abdul']);
});

it('keeps letters of other scripts apart', () => {
  expect(hex('نور')).not.toEqual(hex('نار'));
  expect(nameWords('नूर')[0]!.subarray(0, 4)).toEqual(Buffer.from([0x01, 0x00, 0x09, 0x28]));
});

const letter = fc.constantFrom(...'আবকমরশনিাোদ', 'a', 'b', 'K', 'ড়', 'য়', 'ন্দ');
const word = fc.string({ unit: letter, minLength: 1, maxLength: 8 });

it('has a row for every beginning of every word of a name', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), (words, which, cut) => {
      const rows = turnedNames(words.join(' '));
      const [typed] = nameWords(words[which % words.length]!);
      if (typed === undefined) return;
      const start = typed.subarray(0, 1 + (cut % typed.length));
      expect(rows.some((row) => beginsWith(row, start))).toBe(true);
    }),
  );
});

it('rows fit the column, whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
      expect(turnedNames(name).every((row) => row.length > 0 && row.length <= 250)).toBe(true);
      expect(turnedNames(name).length).toBeLessThanOrEqual(12);
    }),
  );
});

it('asks for no word that another one implies, and for at most six', () => {
  expect(searchedWords('Md Abdul abd').map(String)).toEqual(['md', 'abdul']);
  expect(searchedWords('a b c d e f g h')).toHaveLength(6);
  expect(searchedWords('!?')).toEqual([]);
});

it('knows an office whatever its case and blanks', () => {
  expect(officeKey(' Natore S&D')).toBe(officeKey('NATORE s&d'));
  expect(officeKey('Natore S&D')).not.toBe(officeKey('Rajshahi S&D 1'));
});
