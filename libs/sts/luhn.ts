/**
 * The Luhn check digit (ISO/IEC 7812-1, mod 10, doubling from the right) over digits[from, to).
 * Characters are taken as digits; check them first.
 */
export function luhnOver(digits: string, from: number, to: number): number {
  let sum = 0;
  let double = true;
  for (let i = to - 1; i >= from; i--) {
    let digit = digits.charCodeAt(i) - 48;
    // 2d - 9 is the digit sum of 2d when 2d has two digits.
    if (double) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
    double = !double;
  }
  return (10 - (sum % 10)) % 10;
}

/**
 * The Luhn check digit that belongs after these digits (both the DRN's and the MeterPAN's; STS.md section 7).
 *
 * @param body decimal digits without the check digit
 * @throws {RangeError} when it is empty or not digits
 * @example luhnCheckDigit('1234567890') // 3
 */
export function luhnCheckDigit(body: string): number {
  if (!/^[0-9]+$/.test(body)) throw new RangeError('not decimal digits');
  return luhnOver(body, 0, body.length);
}
