/**
 * CRC-16 of IEC 62055-41 6.4.x (STS.md section 2): x^16+x^15+x^2+1, reflected (0xA001), initial FFFF,
 * no final XOR. The token carries the low byte of the register first.
 */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ 0xa001 : register >>> 1;
  return register;
});

const step = (register: number, byte: number): number => (register >>> 8) ^ TABLE[(register ^ byte) & 0xff]!;

/**
 * The CRC field of a token: over Class | SubClass | body, 50 bits left-padded to seven bytes.
 *
 * @param tokenClass the two class bits
 * @param hi upper 32 bits of the clear 64-bit block
 * @param body16 the 16 bits of the block above its CRC field
 * @param currency true for class 0 subclasses 4 to 7: CRC_C, the same over one more byte 01
 * @returns the 16-bit field as it stands in the block
 * @example tokenCrc(0, 0x0b19eb23, 0x0100, false) // 0xc207
 */
export function tokenCrc(tokenClass: number, hi: number, body16: number, currency: boolean): number {
  let register = step(0xffff, tokenClass);
  register = step(register, hi >>> 24);
  register = step(register, hi >>> 16);
  register = step(register, hi >>> 8);
  register = step(register, hi);
  register = step(register, body16 >>> 8);
  register = step(register, body16);
  if (currency) register = step(register, 1);
  return ((register & 0xff) << 8) | (register >>> 8);
}
