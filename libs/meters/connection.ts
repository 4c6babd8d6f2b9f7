/**
 * The 23 customer classes of the tariff order of 2020 (data/tariff-bd-2020.json). Later orders have kept the
 * codes; a class that an order adds is added here before meters of it can be imported.
 */
export const TARIFF_CLASSES = [
  'LT-A',
  'LT-B',
  'LT-C1',
  'LT-C2',
  'LT-D1',
  'LT-D2',
  'LT-D3',
  'LT-E',
  'LT-T',
  'MT-1',
  'MT-2',
  'MT-3',
  'MT-4',
  'MT-5',
  'MT-6',
  'MT-7',
  'MT-8',
  'HT-1',
  'HT-2',
  'HT-3',
  'HT-4',
  'EHT-1',
  'EHT-2',
] as const;

/**
 * Reads a sanctioned load in kW as whole watts; undefined unless it is above zero, below 1 GW and has at most
 * three decimals.
 *
 * @example parseKw('2.5') // 2500n
 */
export function parseKw(text: string): bigint | undefined {
  const match = /^(\d{1,6})(?:\.(\d{1,3}))?$/.exec(text);
  if (!match) return undefined;
  const watts = BigInt(match[1]!) * 1000n + BigInt((match[2] ?? '').padEnd(3, '0'));
  return watts > 0n ? watts : undefined;
}

/** Writes watts as kW without trailing zeros. @example formatKw(2500n) // '2.5' @example formatKw(2000n) // '2' */
export function formatKw(watts: bigint): string {
  const decimals = (watts % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
  return `${watts / 1000n}${decimals === '' ? '' : `.${decimals}`}`;
}
