/** By how much the second differs from the first. */
export interface UnitsChange {
  readonly kwh: string;
  readonly fewer: boolean;
}

const PLACES = 3;

/**
 * The difference of two decimal strings, exact; undefined when there is none.
 *
 * @example fewerUnits('88.1', '75.3') // { kwh: '12.8', fewer: true }
 */
export function fewerUnits(first: string, second: string): UnitsChange | undefined {
  const difference = thousandths(second) - thousandths(first);
  if (difference === 0n) return undefined;
  const size = (difference < 0n ? -difference : difference).toString().padStart(PLACES + 1, '0');
  const decimals = size.slice(-PLACES).replace(/0+$/, '');
  return { kwh: size.slice(0, -PLACES) + (decimals === '' ? '' : `.${decimals}`), fewer: difference < 0n };
}

function thousandths(text: string): bigint {
  const [whole = '0', decimals = ''] = text.split('.');
  return BigInt(whole + decimals.padEnd(PLACES, '0'));
}
