// Proves the phone's part count at every boundary of both alphabets, with the limits of 3GPP TS 23.038 and 23.040.
import { smsPartsReceived } from './sms-parts';

describe('smsPartsReceived', () => {
  it.each([
    ['nothing', '', 1],
    ['160 septets', 'x'.repeat(160), 1],
    ['161 septets', 'x'.repeat(161), 2],
    ['306 septets', 'x'.repeat(306), 2],
    ['307 septets', 'x'.repeat(307), 3],
    ['the basic alphabet’s odd ones', '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤ÄÖÑÜ§¿äöñüà\n\r'.repeat(3), 1],
    ['80 euros, two septets each', '€'.repeat(80), 1],
    ['81 euros', '€'.repeat(81), 2],
    ['an escape pair is not torn: 152 + €', 'x'.repeat(152) + '€' + 'x'.repeat(152), 3],
    ['70 Bangla letters', 'ট'.repeat(70), 1],
    ['71 Bangla letters', 'ট'.repeat(71), 2],
    ['134 Bangla letters', 'ট'.repeat(134), 2],
    ['135 Bangla letters', 'ট'.repeat(135), 3],
    ['one taka sign makes all of it UCS-2', 'x'.repeat(70) + '৳', 2],
    ['35 emoji, two units each', '😀'.repeat(35), 1],
    ['a surrogate pair is not torn: 66 + emoji', 'x'.repeat(66) + '😀' + 'x'.repeat(66), 3],
  ])('%s', (_, text, parts) => {
    expect(smsPartsReceived(text)).toBe(parts);
  });
});
