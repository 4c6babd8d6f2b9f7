// Proves the GSM 7-bit alphabet, its packing and the cutting of texts: a table of tricky texts counted by hand from
// 3GPP TS 23.038 and 23.040, and laws on any text.
import fc from 'fast-check';
import { decodeGsm7, encodeGsm7, packSeptets, septetsOf, unpackSeptets } from './gsm7';
import { segmentText, type JoinMethod } from './segments';
import { decodeUserData, encodeUserData } from './user-data';

const token = '1234-5678-9012-3456-7890';

describe('GSM 7-bit', () => {
  it.each([
    ['the lowest codes are not ASCII', '@£$¥èéùìòÇ', '00010203040506070809'],
    ['Greek capitals', 'ΔΦΓΛΩΠΨΣΘΞ', '1012131415161718191a'],
    ['the extension table', '\f^{}\\[~]|€', '1b0a1b141b281b291b2f1b3c1b3d1b3e1b401b65'],
    ['letters with signs', 'ÄÖÑÜ§¿äöñüà', '5b5c5d5e5f607b7c7d7e7f'],
    ['underscore and currency sign', '_¤', '1124'],
  ])('%s', (_, text, octets) => {
    expect(encodeGsm7(text).toString('hex')).toBe(octets);
    expect(decodeGsm7(encodeGsm7(text))).toBe(text);
  });

  it('packs as 23.038 does', () => {
    expect(packSeptets(encodeGsm7('hellohello')).toString('hex')).toBe('e8329bfd4697d9ec37');
    // Seven left-over bits hold a carriage return, not an "@" that nobody wrote.
    expect(packSeptets(encodeGsm7('1234567')).toString('hex')).toBe('31d98c56b3dd1a');
    expect(decodeGsm7(unpackSeptets(Buffer.from('31d98c56b3dd1a', 'hex')))).toBe('1234567');
  });

  it('refuses what the alphabet lacks', () => {
    for (const character of ['৳', '–', '’', '\u00a0', '\u200d', '০', '😀', '`', '\x1b']) {
      expect(septetsOf(character.charCodeAt(0))).toBe(0);
      expect(() => encodeGsm7(character)).toThrow(RangeError);
    }
  });

  it('reads torn escapes as the standard asks', () => {
    expect(decodeGsm7(Buffer.from('1b', 'hex'))).toBe(' ');
    expect(decodeGsm7(Buffer.from('1b1b', 'hex'))).toBe(' ');
    expect(decodeGsm7(Buffer.from('1b41', 'hex'))).toBe('A');
  });

  it('packing and unpacking give the septets back, behind a header of any length', () => {
    const septets = fc.uint8Array({ max: 127, maxLength: 160 }).filter((each) => each.at(-1) !== 0x0d);
    fc.assert(
      fc.property(septets, fc.nat(6), (each, fill) => {
        // The receiver's phone knows the count from the network; here a last "@" may be added or not.
        const back = unpackSeptets(packSeptets(each, fill), fill);
        expect([...back.subarray(0, each.length)]).toEqual([...each]);
        expect(back.length - each.length).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

/** Units and parts for references of 8 and 16 bits. */
const TRICKY: [string, string, 'gsm-7' | 'ucs-2', number, number, number][] = [
  ['160 letters', 'x'.repeat(160), 'gsm-7', 160, 1, 1],
  ['161 letters', 'x'.repeat(161), 'gsm-7', 161, 2, 2],
  ['306 letters: two of 153, three of 152', 'x'.repeat(306), 'gsm-7', 306, 2, 3],
  ['307 letters', 'x'.repeat(307), 'gsm-7', 307, 3, 3],
  ['80 euros', '€'.repeat(80), 'gsm-7', 160, 1, 1],
  ['81 euros: 76 a part, one septet left over', '€'.repeat(81), 'gsm-7', 162, 2, 2],
  ['an escape at the edge of 153 moves on', 'x'.repeat(152) + '€' + 'x'.repeat(151), 'gsm-7', 305, 2, 3],
  ['and may cost a part', 'x'.repeat(152) + '€' + 'x'.repeat(152), 'gsm-7', 306, 3, 3],
  ['70 Bangla letters', 'ট'.repeat(70), 'ucs-2', 70, 1, 1],
  ['71 Bangla letters', 'ট'.repeat(71), 'ucs-2', 71, 2, 2],
  ['134 Bangla letters: two of 67, three of 66', 'ট'.repeat(134), 'ucs-2', 134, 2, 3],
  ['the conjunct ক্ষ is three units', 'ক্ষ', 'ucs-2', 3, 1, 1],
  ['23 conjuncts and one unit', 'ক্ষ'.repeat(23) + 'ট', 'ucs-2', 70, 1, 1],
  ['24 conjuncts: 22 a part, none torn', 'ক্ষ'.repeat(24), 'ucs-2', 72, 2, 2],
  ['45 conjuncts: 22 + 22 + 1, where counting alone says 135 / 67 = 3', 'ক্ষ'.repeat(45), 'ucs-2', 135, 3, 3],
  ['য় in one code or two is two units', '\u09df\u09af\u09bc', 'ucs-2', 4, 1, 1],
  ['one taka sign in 71 characters of English', 'x'.repeat(70) + '৳', 'ucs-2', 71, 2, 2],
  ['one curly quote', 'x'.repeat(70) + '’', 'ucs-2', 71, 2, 2],
  ['one en dash', 'x'.repeat(69) + '–', 'ucs-2', 70, 1, 1],
  ['one no-break space', 'x'.repeat(70) + '\u00a0', 'ucs-2', 71, 2, 2],
  ['35 emoji are 70 units', '😀'.repeat(35), 'ucs-2', 70, 1, 1],
  ['an emoji at the edge moves on', 'x'.repeat(66) + '😀' + 'x'.repeat(65), 'ucs-2', 133, 2, 3],
  ['a family of emoji stays together', 'ট'.repeat(60) + '👨‍👩‍👧‍👦' + 'ট'.repeat(10), 'ucs-2', 81, 2, 2],
  ['ZWJ and ZWNJ count', 'র‍্য র‌্য', 'ucs-2', 9, 1, 1],
];

describe('texts counted by hand', () => {
  it.each(TRICKY)('%s', (_, text, alphabet, units, parts8, parts16) => {
    expect(segmentText(text, 'udh-8')).toMatchObject({ alphabet, units });
    expect([segmentText(text, 'udh-8').parts.length, segmentText(text, 'udh-16').parts.length]).toEqual([
      parts8,
      parts16,
    ]);
    expect(segmentText(text, 'payload').parts).toEqual([text.normalize('NFC')]);
  });

  it('cuts before a token, not in it', () => {
    const text = 'x'.repeat(140) + ` ${token} thank you for paying`;
    expect(segmentText(text, 'udh-8').parts).toEqual(['x'.repeat(140) + ' ', `${token} thank you for paying`]);
    // A run that no token could be is cut where the part is full.
    expect(segmentText('9'.repeat(200), 'udh-8').parts.map((part) => part.length)).toEqual([153, 47]);
  });

  it('eleven tokens: no part begins or ends inside one', () => {
    const text = Array.from({ length: 11 }, (_, n) => `${n + 1}/11 ${token}`).join('\n');
    for (const join of ['udh-8', 'udh-16'] as const) {
      for (const part of segmentText(text, join).parts) {
        expect(part.match(/\d{4}(-\d{4}){0,4}/g)!.filter((run) => run.length !== token.length)).toEqual([]);
      }
    }
  });
});

const alphabets = [
  fc.string({ unit: fc.constantFrom(...'abcXYZ 09-@£{}[]€^~|\\\n'), maxLength: 900 }),
  fc.string({ unit: fc.constantFrom(...'কষিটো্ুয়ং০৳ 12-x', '😀', 'ক্ষ', '👨‍👩‍👧'), maxLength: 250 }),
  fc.string({ unit: 'grapheme', maxLength: 250 }),
];
const ROOM = { 'gsm-7': { 'udh-8': 153, 'udh-16': 152 }, 'ucs-2': { 'udh-8': 67, 'udh-16': 66 } } as const;

describe('laws', () => {
  it('parts fit, join to the whole, tear no pair of surrogates, and read back through the wire in either packing', () => {
    const joins = fc.constantFrom<JoinMethod>('udh-8', 'udh-16', 'payload');
    fc.assert(
      fc.property(
        fc.oneof(...alphabets),
        joins,
        fc.boolean(),
        fc.integer({ min: 0, max: 0xffff }),
        (text, join, packed, ref) => {
          const { alphabet, parts, units } = segmentText(text, join);
          expect(parts.join('')).toBe(text.normalize('NFC'));
          parts.forEach((part, index) => {
            const cost = alphabet === 'gsm-7' ? encodeGsm7(part).length : part.length;
            if (join !== 'payload') expect(cost).toBeLessThanOrEqual(parts.length === 1 ? units : ROOM[alphabet][join]);
            if (parts.length > 1) expect(/\p{Surrogate}/u.test(part)).toBe(/\p{Surrogate}/u.test(text));
            const reference = join === 'udh-8' ? ref & 0xff : ref;
            const concat = parts.length > 1 ? { reference, total: parts.length, sequence: index + 1 } : undefined;
            const how = { packed, wideReference: join === 'udh-16', payload: join === 'payload' };
            const data = encodeUserData(part, alphabet, how, concat);
            if (join !== 'payload')
              expect(data.shortMessage.length).toBeLessThanOrEqual(packed || alphabet === 'ucs-2' ? 140 : 160);
            const read = decodeUserData(data, packed ? 'packed' : 'unpacked');
            expect(read.concat).toEqual(concat);
            // Packed, a last "\r" cannot be told from filling; no text here has one.
            expect(read.text).toBe(part);
          });
        },
      ),
      { numRuns: 1500 },
    );
  });
});
