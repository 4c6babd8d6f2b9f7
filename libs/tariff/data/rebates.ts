import type { RebateProfileSource } from '../documents';

/**
 * Rebate profiles, reproduced to the paisa on public receipts (MONEY.md 1). The receipts give the year, not the day of
 * the change, so 1 January is taken [our decision]; NESCO's first one reaches back to the tariff whose guide names the
 * 1 %. A year without a receipt of that utility has no profile and is refused, not guessed.
 */
export const nesco2021: RebateProfileSource = {
  id: 'nesco-2021',
  effectiveFrom: '2020-03-01',
  percent: '1',
  divisor: '1.01',
};

export const nesco2025: RebateProfileSource = {
  id: 'nesco-2025',
  effectiveFrom: '2025-01-01',
  percent: '0.5',
  divisor: '1.005',
};

export const desco2022: RebateProfileSource = {
  id: 'desco-2022',
  effectiveFrom: '2022-01-01',
  percent: '1',
  divisor: '1',
};

export const bpdb2024: RebateProfileSource = {
  id: 'bpdb-2024',
  effectiveFrom: '2024-01-01',
  percent: '0.5',
  divisor: '1.01',
};
