import { formatTaka, type Paisa } from '@vend/kernel';
import type { Bilingual, EnergyRates, Slab, TariffClass, TariffVersion } from './tariff';

/** What a row of a comparison is about; `slab` has its limits in `kwh`. */
export const COMPARED_ITEMS = [
  'effective-from',
  'ends-on',
  'published-on',
  'lifeline-policy',
  'policy',
  'vat',
  'rent-single-phase',
  'rent-three-phase',
  'level',
  'demand',
  'flat',
  'off-peak',
  'peak',
  'super-off-peak',
  'lifeline',
  'slab',
] as const;
export type ComparedItem = (typeof COMPARED_ITEMS)[number];

/** One fact of two versions side by side. Money is Taka as a decimal string; null: this version has none. */
export interface ComparedRow {
  /** null: of the version as a whole. */
  readonly tariffClass: string | null;
  readonly className: Bilingual | null;
  readonly item: ComparedItem;
  /** Limits of a slab or lifeline: `0-75`, `601-`. */
  readonly kwh: string | null;
  readonly left: string | null;
  readonly right: string | null;
  readonly differs: boolean;
}

type Facts = ReadonlyMap<string, { readonly item: ComparedItem; readonly kwh: string | null; readonly value: string }>;

/**
 * Two versions side by side: every fact that one of them has, class by class in the left one's order. A slab whose
 * limits changed is a row that only one side has, so that nobody compares rates of different slabs by mistake.
 *
 * @example compareVersions(v2020, v2024).filter(({ differs }) => differs).map(({ tariffClass, item }) => [tariffClass, item])
 */
export function compareVersions(left: TariffVersion, right: TariffVersion): ComparedRow[] {
  const codes = new Set([...left.classes.keys(), ...right.classes.keys()]);
  return [
    ...rowsOf(null, null, wholeFacts(left), wholeFacts(right)),
    ...[...codes].flatMap((code) => {
      const [one, other] = [left.classes.get(code), right.classes.get(code)];
      return rowsOf(code, (one ?? other)!.name, classFacts(one), classFacts(other));
    }),
  ];
}

function rowsOf(tariffClass: string | null, className: Bilingual | null, left: Facts, right: Facts): ComparedRow[] {
  const rows = [...new Set([...left.keys(), ...right.keys()])].map((key): ComparedRow => {
    const [one, other] = [left.get(key), right.get(key)];
    const { item, kwh } = (one ?? other)!;
    const [was, becomes] = [one?.value ?? null, other?.value ?? null];
    return { tariffClass, className, item, kwh, left: was, right: becomes, differs: was !== becomes };
  });
  const place = ({ item, kwh }: ComparedRow) => COMPARED_ITEMS.indexOf(item) * 1e9 + Number.parseInt(kwh ?? '0', 10);
  return rows.sort((a, b) => place(a) - place(b));
}

function wholeFacts(version: TariffVersion): Facts {
  const { effectiveFrom, endsOn, publishedOn, lifeline, policy, vatPercent, meterRentPaisa } = version;
  return facts([
    ['effective-from', effectiveFrom],
    ['ends-on', endsOn],
    ['published-on', publishedOn],
    ['lifeline-policy', lifeline],
    ['policy', policy],
    ['vat', String(vatPercent)],
    ['rent-single-phase', taka(meterRentPaisa[1])],
    ['rent-three-phase', taka(meterRentPaisa[3])],
  ]);
}

function classFacts(tariffClass: TariffClass | undefined): Facts {
  if (!tariffClass) return facts([]);
  const { level, demandPaisaPerKw, rates } = tariffClass;
  return facts([['level', level], ['demand', taka(demandPaisaPerKw)], ...rateFacts(rates)]);
}

type Fact = readonly [item: ComparedItem, value: string | null, kwh?: string];

function rateFacts(rates: EnergyRates): Fact[] {
  switch (rates.kind) {
    case 'flat':
      return [['flat', taka(rates.flat)]];
    case 'tou':
      return [
        ['flat', taka(rates.flat)],
        ['off-peak', taka(rates.offPeak)],
        ['peak', taka(rates.peak)],
        ['super-off-peak', taka(rates.superOffPeak)],
      ];
    case 'slab':
      return [
        ...(rates.lifeline ? [slabFact('lifeline', rates.lifeline, 0)] : []),
        ...rates.slabs.map((slab, index) => slabFact('slab', slab, rates.slabs[index - 1]?.toKwh ?? 0)),
      ];
  }
}

/** Limits as a table prints them: the first unit that costs so much, and the last. */
function slabFact(item: ComparedItem, { toKwh, ratePaisaPerKwh }: Slab, afterKwh: number): Fact {
  return [item, taka(ratePaisaPerKwh), `${afterKwh === 0 ? 0 : afterKwh + 1}-${toKwh ?? ''}`];
}

function facts(list: readonly Fact[]): Facts {
  return new Map(
    list.flatMap(([item, value, kwh = null]) =>
      value === null ? [] : [[`${item} ${kwh ?? ''}`, { item, kwh, value }] as const],
    ),
  );
}

function taka(paisa: Paisa | null): string | null {
  return paisa === null ? null : formatTaka(paisa);
}
