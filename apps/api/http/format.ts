import { formatKwh, formatTaka, type Paisa, type WattHours, type YearMonth } from '@vend/kernel';

/** Money at the edge: a decimal string and its currency. */
export interface MoneyView {
  readonly value: string;
  readonly currency: 'BDT';
}

/** @example moneyView(100000n) // { value: '1000.00', currency: 'BDT' } */
export function moneyView(paisa: Paisa): MoneyView {
  return { value: formatTaka(paisa), currency: 'BDT' };
}

/** @example monthText(202611) // '2026-11' */
export function monthText(month: YearMonth): string {
  return `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`;
}

/** An estimate is cut to 0.01 kWh and always shown with two decimals. @example estimateText(174500n) // '174.50' */
export function estimateText(energyWh: WattHours): string {
  return formatTaka(energyWh / 10n);
}

/** What a token credits, from its own units. @example creditedView(4, 86141000n) // { amount: '861.41', unit: 'BDT' } */
export function creditedView(subclass: number, units: bigint): { amount: string; unit: 'kWh' | 'BDT' } {
  if (subclass === 0) return { amount: formatKwh(units * 100n), unit: 'kWh' };
  const digits = units.toString().padStart(6, '0');
  const decimals = digits.slice(-5).replace(/0{1,3}$/, '');
  return { amount: `${digits.slice(0, -5)}.${decimals}`, unit: 'BDT' };
}
