/** Energy is a whole number of watt-hours in a bigint. */
export type WattHours = bigint;

/**
 * Writes watt-hours as kWh without trailing zeros, at least one decimal.
 *
 * @example formatKwh(145100n) // '145.1'
 */
export function formatKwh(energyWh: WattHours): string {
  const magnitude = (energyWh < 0n ? -energyWh : energyWh).toString().padStart(4, '0');
  const decimals = magnitude.slice(-3).replace(/0{1,2}$/, '');
  return `${energyWh < 0n ? '-' : ''}${magnitude.slice(0, -3)}.${decimals}`;
}

/**
 * Reads kWh with at most three decimals into watt-hours.
 *
 * @throws {RangeError} when the text is not such a decimal
 * @example parseKwh('145.1') // 145100n
 */
export function parseKwh(text: string): WattHours {
  const match = /^(\d{1,12})(?:\.(\d{1,3}))?$/.exec(text);
  if (!match) throw new RangeError('not an energy in kWh with at most three decimals');
  return BigInt(match[1]!) * 1000n + BigInt((match[2] ?? '').padEnd(3, '0'));
}
