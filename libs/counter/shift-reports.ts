import { startOfDay, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import { balanceAt, templateTotals, type AccountCode, type Balance, type TemplateTotal } from '@vend/ledger';
import type { Database, Reader, Tx } from '@vend/platform';
import { cashTotals, drawerOf, safeOf, type CashTotal, type Shift, type ShiftCount, type ShiftReport } from './shift';
import { depositsOfDay, type BankDeposit } from './store/deposits';
import { lastCounts, shiftsOfDay, tillsOf, type StoredShift } from './store/shifts';

const DAY_MS = 86_400_000;
/** Reading again finds the drawer at rest sooner or later; with the last try the running figure is what it is. */
const READS_MAX = 4;

/**
 * The figures of a shift. While it is open they are of this moment, and belong together: no sale is in the totals and not
 * in what the drawer should have.
 *
 * @example (await shiftReport(database, shift)).expectedPaisa // 1_234_550n
 */
export async function shiftReport(database: Database, shift: StoredShift): Promise<ShiftReport> {
  const drawer = drawerOf(shift);
  const count = (await lastCounts(queryOf(database), [shift.shiftId])).get(shift.shiftId) ?? null;
  const read = () =>
    templateTotals(queryOf(database), [drawer], {
      after: shift.afterEntry,
      ...(shift.lastEntry !== null && { through: shift.lastEntry }),
    });
  const report = (totals: readonly TemplateTotal[], expectedPaisa: Paisa): ShiftReport => {
    return { shift, totals: cashTotals(totals, expectedPaisa), expectedPaisa, lastCount: count };
  };
  if (shift.state !== 'OPEN' && count) return report(await read(), count.expectedPaisa);
  let [before, totals]: [Balance, TemplateTotal[]] = [await balanceAt(database, drawer), await read()];
  for (let reads = 1; reads < READS_MAX; reads++) {
    const after = await balanceAt(database, drawer);
    if (after.debitPaisa === before.debitPaisa && after.creditPaisa === before.creditPaisa) break;
    [before, totals] = [after, await read()];
  }
  return report(totals, before.balancePaisa - shift.beforePaisa);
}

/** The cash of a station on one day: what was there, what came and went, and what is left. */
export interface DaySummary {
  readonly station: string;
  readonly day: LocalDay;
  /** Of safe and drawers together, before the day's first entry. */
  readonly openingPaisa: Paisa;
  /** By kind; what goes from safe to drawer and back is no movement of the station. */
  readonly totals: readonly CashTotal[];
  readonly closingPaisa: Paisa;
  readonly shifts: readonly { readonly shift: Shift; readonly lastCount: ShiftCount | null }[];
  readonly deposits: readonly BankDeposit[];
}

/**
 * A station's day, to print and to sign: opening + in - out = closing, to the paisa.
 *
 * @example await daySummary(database, 'NESCO-RAJ-01', '2026-11-22')
 */
export async function daySummary(database: Database, station: string, day: LocalDay): Promise<DaySummary> {
  const [shifts, tills, deposits] = await Promise.all([
    shiftsOfDay(database, station, day),
    tillsOf(database, station),
    depositsOfDay(database, station, day),
  ]);
  const accounts = [safeOf(station), ...tills.map((till) => drawerOf({ station, till }))];
  const before = startOfDay(day) - 1;
  const through = before + DAY_MS;
  const [openingPaisa, totals, counts] = await Promise.all([
    sumAt(database, accounts, before),
    templateTotals(queryOf(database), accounts, { after: before, through }),
    lastCounts(
      queryOf(database),
      shifts.map(({ shiftId }) => shiftId),
    ),
  ]);
  const kinds = totals.flatMap((total) => dayTotal(total) ?? []);
  return {
    ...{ station, day, openingPaisa, totals: kinds },
    // Not read again: it must be what the lines above it come to.
    closingPaisa: kinds.reduce((sum, { inPaisa, outPaisa }) => sum + inPaisa - outPaisa, openingPaisa),
    shifts: shifts.map((shift) => ({ shift, lastCount: counts.get(shift.shiftId) ?? null })),
    deposits,
  };
}

function dayTotal({ template, debitPaisa, creditPaisa, entries }: TemplateTotal): CashTotal | undefined {
  if (template === 'shift-float') return undefined;
  if (template !== 'shift-close') {
    return { kind: template, inPaisa: debitPaisa, outPaisa: creditPaisa, count: entries };
  }
  const over = debitPaisa - creditPaisa;
  if (over === 0n) return undefined;
  return { kind: 'over-short', inPaisa: over > 0n ? over : 0n, outPaisa: over < 0n ? -over : 0n, count: entries };
}

async function sumAt(database: Database, codes: readonly AccountCode[], at: InstantMs): Promise<Paisa> {
  let sum = 0n;
  for (const code of codes) sum += (await balanceAt(database, code, at)).balancePaisa;
  return sum;
}

function queryOf(reader: Reader): Pick<Tx, 'query'> {
  return { query: (sql, parameters) => reader.read(sql, parameters) };
}

/** The last counts of a page of shifts. */
export function countsOf(reader: Reader, shiftIds: readonly Id[]): Promise<Map<Id, ShiftCount>> {
  return lastCounts(queryOf(reader), shiftIds);
}
