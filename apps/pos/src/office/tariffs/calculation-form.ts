/** What stands in the calculator's fields; texts as they were typed, in Latin digits. */
export interface CalculationForm {
  /** '': the one in force that day. */
  readonly version: string;
  /** '': none beside it. */
  readonly second: string;
  /** '': now. */
  readonly day: string;
  readonly by: 'amount' | 'kwh';
  readonly howMuch: string;
  /** '': an invented meter. */
  readonly meterNo: string;
  readonly tariffClass: string;
  readonly phase: '1' | '3';
  readonly crediting: 'energy' | 'currency';
  readonly load: string;
  readonly monthsDue: string;
  readonly soldKwh: string;
}

/** The commonest household. */
export const EMPTY_CALCULATION: CalculationForm = {
  version: '',
  second: '',
  day: '',
  by: 'amount',
  howMuch: '500',
  meterNo: '',
  tariffClass: 'LT-A',
  phase: '1',
  crediting: 'energy',
  load: '2',
  monthsDue: '1',
  soldKwh: '0',
};

/** Classes of the retail tariff (MONEY.md 3). */
export const CLASSES = [
  ...['LT-A', 'LT-B', 'LT-C1', 'LT-C2', 'LT-D1', 'LT-D2', 'LT-D3', 'LT-E', 'LT-T'],
  ...['MT-1', 'MT-2', 'MT-3', 'MT-4', 'MT-5', 'MT-6', 'MT-7', 'MT-8', 'HT-1', 'HT-2', 'HT-3', 'HT-4', 'EHT-1', 'EHT-2'],
] as const;

/** The request's body: what is empty is left out, and the server says what is wrong with the rest. */
export function requestOf(form: CalculationForm): object {
  const { version, day, by, howMuch, meterNo, tariffClass, phase, crediting, load, monthsDue, soldKwh } = form;
  const meter =
    meterNo === ''
      ? {
          ...{ tariffClass, phase, crediting, sanctionedKw: load.trim(), soldKwh: soldKwh.trim() },
          monthsDue: Number(monthsDue),
        }
      : { meterNo };
  return {
    ...(version !== '' && { version }),
    ...(day.trim() !== '' && { at: day.trim() }),
    [by]: howMuch.trim(),
    ...meter,
  };
}
