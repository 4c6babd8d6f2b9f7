// Proves that the three counts of SMS parts agree: the receipt's, the SMPP client's and the phone's, which were written
// apart: on every character of the basic plane, and on any text that offers no reason for a kinder cut.
import fc from 'fast-check';
import { smsParts } from '@vend/receipts';
import { segmentText } from '@vend/sms';
import { smsPartsReceived } from '../../apps/sandbox/phones/sms-parts';

it('the same characters are GSM 7-bit, at the same cost', () => {
  const differing: number[] = [];
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    const [receipt, client] = [smsParts(character), segmentText(character, 'udh-8')];
    if (receipt.alphabet !== client.alphabet || receipt.units !== client.units) differing.push(code);
  }
  expect(differing).toEqual([]);
  expect(segmentText('€', 'udh-8')).toMatchObject({ alphabet: 'gsm-7', units: 2 });
});

const plain = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abc XYZ€[]{}^\n'), maxLength: 900 }),
  fc.string({ unit: fc.constantFrom(...'কখগ টডণ', '😀'), maxLength: 300 }),
);

it('plain texts are cut alike; others never into fewer parts than the phone counts', () => {
  fc.assert(
    fc.property(plain, (text) => {
      const { parts } = segmentText(text, 'udh-8');
      expect(parts).toEqual(smsParts(text).parts);
      expect(smsPartsReceived(text)).toBe(parts.length);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const sent = text.normalize('NFC');
      expect(segmentText(text, 'udh-8').parts.length).toBeGreaterThanOrEqual(smsPartsReceived(sent));
    }),
    { numRuns: 500 },
  );
});
