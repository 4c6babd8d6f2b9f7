import type { TariffVersionSource } from '../source';
import { flat, residential, row, tou } from './rows';

/**
 * Retail tariff of March 2020 (BERC memos 28.01.0000.012.04.003.20.652 and .653 of 27 February 2020), as printed in the
 * Narsingdi PBS-2 customer guide. Not in the guide: the day of the month (the 1st is taken), VAT 5 % on electricity and
 * meter rent of Tk 40 and 250 (official statements in the news, MONEY.md 2).
 */
export const bdRetail2020: TariffVersionSource = {
  id: 'bd-retail-2020-03',
  title: { bn: 'খুচরা বিদ্যুৎ মূল্যহার, মার্চ 2020', en: 'Retail electricity tariff, March 2020' },
  publishedOn: '2020-02-27',
  effectiveFrom: '2020-03-01',
  lifeline: 'month_end_credit',
  vatPercent: 5,
  meterRentTk: { singlePhase: '40.00', threePhase: '250.00' },
  classes: [
    row('LT-A', '30.00', residential('3.75', ['4.19', '5.72', '6.00', '6.34', '9.94', '11.46'])),
    row('LT-B', '30.00', flat('4.16')),
    row('LT-C1', '30.00', tou('8.53', '7.68', '10.24')),
    row('LT-C2', '100.00', flat('12.00')),
    row('LT-D1', '35.00', flat('6.02')),
    row('LT-D2', '60.00', flat('7.70')),
    row('LT-D3', '60.00', tou('7.64', '6.88', '9.55', '6.11')),
    row('LT-E', '60.00', tou('10.30', '9.27', '12.36')),
    row('LT-T', '100.00', flat('16.00')),
    row('MT-1', '60.00', tou('8.40', '7.56', '10.50')),
    row('MT-2', '60.00', tou('9.12', '8.21', '11.40')),
    row('MT-3', '60.00', tou('8.55', '7.70', '10.69')),
    row('MT-4', '100.00', tou('11.46', '10.31', '14.33')),
    row('MT-5', '60.00', tou('8.45', '7.61', '10.56')),
    row('MT-6', '100.00', flat('15.00')),
    row('MT-7', '60.00', tou('7.56', '6.80', '9.45', '6.05')),
    row('MT-8', '60.00', tou('5.00', '4.50', '6.25')),
    row('HT-1', '60.00', tou('8.41', '7.57', '10.51')),
    row('HT-2', '60.00', tou('9.02', '8.12', '11.28')),
    row('HT-3', '60.00', tou('8.45', '7.61', '10.56')),
    // The demand charge cell is empty in the source (line 323): unknown, so pricing refuses. Off-peak 9.45 is as printed
    // (line 324), although 0.90 x flat would be 9.54.
    row('HT-4', null, tou('10.60', '9.45', '13.25')),
    row('EHT-1', '60.00', tou('8.36', '7.52', '10.45')),
    row('EHT-2', '60.00', tou('8.31', '7.48', '10.39')),
  ],
};
