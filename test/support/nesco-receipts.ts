import { dhakaMonth } from '@vend/kernel';

/**
 * NESCO's receipts of MONEY.md 1 and 4 as the API must give them, in an order in which one household may get them: a
 * month's charges are on the first of the month.
 */
export function nescoReceipts() {
  const month = String(dhakaMonth(Date.now()));
  return [
    {
      amount: '1000.00',
      lines: { vat: '47.62', 'meter-rent': '40.00', 'demand-charge': '60.00', rebate: '-9.03', energy: '861.41' },
      months: [`${month.slice(0, 4)}-${month.slice(4)}`],
      kwh: '174.50',
    },
    { amount: '1900.00', lines: { vat: '90.48', rebate: '-17.92', energy: '1827.44' }, months: [], kwh: '334.73' },
    { amount: '600.00', lines: { vat: '28.57', rebate: '-5.66', energy: '577.09' }, months: [], kwh: '124.80' },
  ];
}
