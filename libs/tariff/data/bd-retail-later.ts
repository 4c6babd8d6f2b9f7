import type { TariffVersionSource } from '../source';
import { flat, residential, row, tou } from './rows';

/**
 * The versions after 2020, from public tariff pages. Medium and high tension were not found for them and are left out,
 * never extrapolated: such a class is refused from February 2023 on.
 */
const common = {
  lifeline: 'month_end_credit',
  vatPercent: 5,
  meterRentTk: { singlePhase: '40.00', threePhase: '250.00' },
} as const;

/** Low tension, February 2023. The day of publication is not known to us. */
export const bdRetail2023Feb: TariffVersionSource = {
  ...common,
  id: 'bd-retail-2023-02',
  title: { bn: 'খুচরা বিদ্যুৎ মূল্যহার, ফেব্রুয়ারি 2023', en: 'Retail electricity tariff, February 2023' },
  publishedOn: null,
  effectiveFrom: '2023-02-01',
  classes: [
    row('LT-A', '35.00', residential('4.14', ['4.62', '6.31', '6.62', '6.99', '10.96', '12.63'])),
    row('LT-B', '35.00', flat('4.59')),
    row('LT-C2', '100.00', flat('13.23')),
    row('LT-D1', '50.00', flat('6.64')),
    row('LT-D2', '75.00', flat('8.49')),
    row('LT-T', '100.00', flat('17.64')),
    row('LT-C1', '40.00', tou('9.41', '8.46', '11.29')),
    row('LT-E', '75.00', tou('11.36', '10.22', '13.63')),
    row('LT-D3', '75.00', tou('8.42', '7.58', '10.53', '6.74')),
  ],
};

/** Low tension, March 2023. The day of publication is not known to us. */
export const bdRetail2023Mar: TariffVersionSource = {
  ...common,
  id: 'bd-retail-2023-03',
  title: { bn: 'খুচরা বিদ্যুৎ মূল্যহার, মার্চ 2023', en: 'Retail electricity tariff, March 2023' },
  publishedOn: null,
  effectiveFrom: '2023-03-01',
  classes: [
    row('LT-A', '35.00', residential('4.35', ['4.85', '6.63', '6.95', '7.34', '11.51', '13.26'])),
    row('LT-B', '35.00', flat('4.82')),
    row('LT-C2', '100.00', flat('13.89')),
    row('LT-D1', '50.00', flat('6.97')),
    row('LT-D2', '75.00', flat('8.91')),
    row('LT-T', '100.00', flat('18.52')),
    row('LT-C1', '40.00', tou('9.88', '8.88', '11.85')),
    row('LT-E', '75.00', tou('11.93', '10.73', '14.31')),
    row('LT-D3', '75.00', tou('8.84', '7.96', '11.06', '7.07')),
  ],
};

/**
 * Low and extra high tension, February 2024 (SRO 43-Law/2024 of 29 February 2024): a retroactive order. Vends of
 * February were priced with the version before; from the 29th this one is used. EHT has no flat rate in our source.
 */
export const bdRetail2024Feb: TariffVersionSource = {
  ...common,
  id: 'bd-retail-2024-02',
  title: { bn: 'খুচরা বিদ্যুৎ মূল্যহার, ফেব্রুয়ারি 2024', en: 'Retail electricity tariff, February 2024' },
  publishedOn: '2024-02-29',
  effectiveFrom: '2024-02-01',
  classes: [
    row('LT-A', '42.00', residential('4.63', ['5.26', '7.20', '7.59', '8.02', '12.67', '14.61'])),
    row('LT-B', '42.00', flat('5.25')),
    row('LT-C2', '120.00', flat('15.15')),
    row('LT-D1', '60.00', flat('7.55')),
    row('LT-D2', '90.00', flat('9.71')),
    row('LT-T', '120.00', flat('20.17')),
    row('LT-C1', '48.00', tou('10.76', '9.68', '12.95')),
    row('LT-E', '90.00', tou('13.01', '11.71', '15.62')),
    row('LT-D3', '90.00', tou('9.62', '8.66', '12.14', '7.68')),
    row('EHT-1', '90.00', tou(null, '9.61', '13.45')),
    row('EHT-2', '90.00', tou(null, '9.54', '13.33')),
  ],
};
