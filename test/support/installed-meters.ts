import { dhakaDay } from '@vend/kernel';
import { meterNumber } from '@vend/meters';

/** An invented customer and the meter on their wall. */
export interface InstalledMeter {
  readonly customerNo: string;
  readonly customerName: string;
  /** 8801XXXXXXXXX */
  readonly mobile: string;
  readonly language: 'bn' | 'en';
  readonly tariffClass: 'LT-A' | 'LT-E';
  readonly sanctionedKw: string;
  readonly crediting: 'currency' | 'energy';
  readonly ea: '07' | '11';
  readonly meterNo: string;
  readonly drn: string;
  /** Another key than that of the meter's kind. */
  readonly key?: { readonly sgc: string; readonly krn: number; readonly baseDate: number };
}

/** The first is the household of MONEY.md 1: LT-A, 2 kW, the utility's single-phase meter that credits Taka. */
const KINDS = [
  { language: 'bn', tariffClass: 'LT-A', sanctionedKw: '2', crediting: 'currency', ea: '07' },
  { language: 'en', tariffClass: 'LT-A', sanctionedKw: '2', crediting: 'energy', ea: '11' },
  { language: 'en', tariffClass: 'LT-A', sanctionedKw: '1', crediting: 'currency', ea: '11' },
  { language: 'bn', tariffClass: 'LT-E', sanctionedKw: '1', crediting: 'energy', ea: '07' },
] as const;

/** Invented meters of four kinds in turn, installed on the first of this month: one month of charges is due. */
export function installedMeters(count: number): InstalledMeter[] {
  return Array.from({ length: count }, (_, index): InstalledMeter => {
    const kind = KINDS[index % KINDS.length]!;
    const number = String(index + 1).padStart(6, '0');
    const { pan, drn } = meterNumber('98', `77${number}`);
    return {
      ...kind,
      customerNo: `77${number}`,
      customerName: kind.language === 'bn' ? 'নমুনা মিতা' : 'Sample Karim',
      mobile: `8801700${number}`,
      meterNo: pan,
      drn,
    };
  });
}

/** The meters as the office would bring them: a CSV file for the import. */
export function metersCsv(meters: readonly InstalledMeter[]): string {
  const installedOn = `${dhakaDay(Date.now()).slice(0, 8)}01`;
  const rows = meters.map((meter) => ({
    customerNo: meter.customerNo,
    name: meter.customerName,
    mobile: meter.mobile,
    address: 'Invented Road 1',
    office: 'Rajshahi S&D 1',
    language: meter.language,
    tariffClass: meter.tariffClass,
    phase: 1,
    sanctionedKw: meter.sanctionedKw,
    meterNo: meter.meterNo,
    owner: 'utility',
    installedOn,
    crediting: meter.crediting,
    ea: meter.ea,
    sgc: meter.key?.sgc ?? (meter.ea === '07' ? '123456' : '201457'),
    krn: meter.key?.krn ?? 1,
    ti: '01',
    kt: 2,
    ken: 255,
    baseDate: meter.key?.baseDate ?? 2014,
  }));
  return [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n');
}
