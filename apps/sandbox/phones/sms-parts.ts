/** The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1); escape itself is no character. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENSION = new Set('^{}\\[]~|€\f');

/**
 * How many short messages a text arrives as: 160 or 153 septets each in GSM 7-bit, 70 or 67 UTF-16 units each in
 * UCS-2, and no character is torn in two by the cut (CHANNELS.md S2; concatenation header of 6 octets).
 * The phone counts by itself what it received: it must not share the sender's arithmetic.
 *
 * @example smsPartsReceived('x'.repeat(161)) // 2
 */
export function smsPartsReceived(text: string): number {
  const costs: number[] = [];
  for (const character of text) {
    if (BASIC.has(character)) costs.push(1);
    else if (EXTENSION.has(character)) costs.push(2);
    else return partsOf([...text].map((each) => each.length), 70, 67); // prettier-ignore
  }
  return partsOf(costs, 160, 153);
}

function partsOf(costs: readonly number[], single: number, each: number): number {
  if (costs.reduce((sum, cost) => sum + cost, 0) <= single) return 1;
  let parts = 1;
  let room = each;
  for (const cost of costs) {
    if (cost > room) {
      parts++;
      room = each;
    }
    room -= cost;
  }
  return parts;
}
