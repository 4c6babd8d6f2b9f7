import { luhnCheckDigit, meterPanOfDrn } from '@vend/sts';

/** The MeterPAN of an invented meter: manufacturer 99, the given serial. */
export function panOf(serial: number): string {
  const digits = `99${String(serial).padStart(8, '0')}`;
  return meterPanOfDrn(`${digits}${luhnCheckDigit(digits)}`);
}

export interface MeterDraft {
  readonly serial: number;
  readonly tariffClass?: string;
  readonly phase?: 1 | 3;
  readonly sanctionedKw?: string;
  readonly owner?: 'utility' | 'customer';
  readonly crediting?: 'currency' | 'energy';
  readonly ea?: '07' | '11';
  readonly sgc?: string;
  readonly installedOn?: string;
  readonly mobile?: string;
}

/** The header of an import file with every column. */
export const METER_COLUMNS =
  'customerNo,name,mobile,address,office,language,tariffClass,phase,sanctionedKw,meterNo,owner,installedOn,crediting,ea,sgc,krn,ti,kt,ken,baseDate';

/** One line of an import file for an invented customer. */
export function meterLine(draft: MeterDraft): string {
  const ea = draft.ea ?? '07';
  return [
    `5${String(draft.serial).padStart(7, '0')}`,
    `Test Customer ${draft.serial}`,
    draft.mobile ?? `88017${String(draft.serial % 100_000_000).padStart(8, '0')}`,
    'Invented Road 1',
    'Rajshahi S&D-1',
    'en',
    draft.tariffClass ?? 'LT-A',
    draft.phase ?? 1,
    draft.sanctionedKw ?? '2',
    panOf(draft.serial),
    draft.owner ?? 'utility',
    draft.installedOn ?? '2026-11-01',
    draft.crediting ?? 'energy',
    ea,
    draft.sgc ?? (ea === '07' ? '123456' : '201457'),
    1,
    '01',
    2,
    255,
    2014,
  ].join(',');
}
