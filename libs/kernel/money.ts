/** Money is a whole number of paisa (1 Taka = 100 paisa) in a bigint; strings at the edges, never a float. */
export type Paisa = bigint;

const TAKA = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/;

/**
 * Reads Taka as a decimal string with at most two decimals.
 *
 * @throws {RangeError} when the text is not such a decimal (three decimals, exponent, blanks, signs other than one minus)
 * @example parseTaka('861.41') // 86141n
 */
export function parseTaka(text: string): Paisa {
  const match = TAKA.exec(text);
  if (!match) throw new RangeError('not an amount in Taka with at most two decimals');
  const paisa = BigInt(match[2]!) * 100n + BigInt((match[3] ?? '').padEnd(2, '0'));
  return match[1] ? -paisa : paisa;
}

/**
 * Writes paisa as Taka with exactly two decimals.
 *
 * @example formatTaka(86141n) // '861.41'
 */
export function formatTaka(paisa: Paisa): string {
  const magnitude = (paisa < 0n ? -paisa : paisa).toString().padStart(3, '0');
  return `${paisa < 0n ? '-' : ''}${magnitude.slice(0, -2)}.${magnitude.slice(-2)}`;
}

/**
 * numerator / denominator, rounded half up (away from zero on a tie, as receipts do) to a whole number.
 *
 * @throws {RangeError} when the denominator is not positive
 * @example roundHalfUp(100000n * 5n, 105n) // 4762n: the VAT inside Tk 1000
 */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('denominator must be positive');
  const sign = numerator < 0n ? -1n : 1n;
  return sign * ((sign * numerator * 2n + denominator) / (denominator * 2n));
}
