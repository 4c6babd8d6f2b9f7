import type { Bilingual, Level } from '../tariff';
import type { EnergySource, SlabSource, TariffClassSource } from '../source';

/** The 23 customer classes of the Narsingdi PBS-2 guide (lines 259-333), with their names as printed. */
const CLASSES = {
  'LT-A': ['LT', 'আবাসিক', 'Residential'],
  'LT-B': ['LT', 'সেচ/কৃষি কাজে ব্যবহৃত পাম্প', 'Irrigation / agricultural pumps'],
  'LT-C1': ['LT', 'ক্ষুদ্র শিল্প', 'Small industry'],
  'LT-C2': ['LT', 'নির্মাণ', 'Construction'],
  'LT-D1': [
    'LT',
    'শিক্ষা, ধর্মীয় ও দাতব্য প্রতিষ্ঠান এবং হাসপাতাল',
    'Education, religious and charitable institutions, hospitals',
  ],
  'LT-D2': ['LT', 'রাস্তার বাতি ও পানির পাম্প', 'Street light and water pumps'],
  'LT-D3': ['LT', 'ব্যাটারি চার্জিং স্টেশন', 'Battery charging station'],
  'LT-E': ['LT', 'বাণিজ্যিক ও অফিস', 'Commercial and office'],
  'LT-T': ['LT', 'অস্থায়ী', 'Temporary'],
  'MT-1': ['MT', 'আবাসিক', 'Residential'],
  'MT-2': ['MT', 'বাণিজ্যিক ও অফিস', 'Commercial and office'],
  'MT-3': ['MT', 'শিল্প', 'Industry'],
  'MT-4': ['MT', 'নির্মাণ', 'Construction'],
  'MT-5': ['MT', 'সাধারণ', 'General'],
  'MT-6': ['MT', 'অস্থায়ী', 'Temporary'],
  'MT-7': ['MT', 'ব্যাটারী চার্জিং স্টেশন', 'Battery charging station'],
  'MT-8': ['MT', 'সেচ / কৃষিকাজে ব্যবহৃত পাম্প', 'Irrigation / agricultural pumps'],
  'HT-1': ['HT', 'সাধারণ', 'General'],
  'HT-2': ['HT', 'বাণিজ্যিক ও অফিস', 'Commercial and office'],
  'HT-3': ['HT', 'শিল্প', 'Industry'],
  'HT-4': ['HT', 'নির্মাণ', 'Construction'],
  'EHT-1': ['EHT', 'সাধারণ', 'General'],
  'EHT-2': ['EHT', 'সাধারণ', 'General'],
} as const satisfies Record<string, readonly [Level, string, string]>;

type ClassCode = keyof typeof CLASSES;

/** One row of a table: class, Taka per kW and month (null: the cell is empty in the source), rates. */
export function row(code: ClassCode, demandTk: string | null, energy: EnergySource): TariffClassSource {
  const [level, bn, en] = CLASSES[code];
  const name: Bilingual = { bn, en };
  return { code, level, name, demandTk, energy };
}

export function flat(rate: string): EnergySource {
  return { kind: 'flat', flat: rate };
}

/** Columns in the order of the printed tables: flat, off-peak, peak, then super-off-peak where there is one. */
export function tou(flatRate: string | null, offPeak: string, peak: string, superOffPeak?: string): EnergySource {
  return { kind: 'tou', flat: flatRate, offPeak, peak, superOffPeak };
}

/** Residential steps 0-75-200-300-400-600 and above, with the lifeline 0-50. */
export function residential(
  lifelineRate: string,
  rates: readonly [string, string, string, string, string, string],
): EnergySource {
  const limits = [75, 200, 300, 400, 600, null] as const;
  const slabs: SlabSource[] = limits.map((toKwh, index) => ({ toKwh, rate: rates[index]! }));
  return { kind: 'slab', lifeline: { toKwh: 50, rate: lifelineRate }, slabs };
}
