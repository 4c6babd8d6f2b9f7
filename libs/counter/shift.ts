import type { Id, InstantMs, LocalDay, Paisa } from '@vend/kernel';
import type { AccountOf, TemplateTotal } from '@vend/ledger';
import type { Counted } from './counted';

/** A shift's life: `OPEN → COUNTED → CLOSED`, and `COUNTED → OPEN` when the supervisor sends it back. */
export const SHIFT_STATES = ['OPEN', 'COUNTED', 'CLOSED'] as const;
export type ShiftState = (typeof SHIFT_STATES)[number];

/** The clerk's time at one drawer, from the float to the supervisor's word. */
export interface Shift {
  readonly shiftId: Id;
  readonly station: string;
  /** The drawer's name at the station: `1`. */
  readonly till: string;
  /** Username. */
  readonly clerk: string;
  /** The Dhaka day on which it was opened. */
  readonly businessDay: LocalDay;
  readonly state: ShiftState;
  readonly floatPaisa: Paisa;
  readonly openedAt: InstantMs;
  /** How often the drawer was counted. */
  readonly counts: number;
  readonly closedAt: InstantMs | null;
  readonly closedBy: string | null;
}

/** One count of a drawer, beside what the books had in it. */
export interface ShiftCount {
  readonly no: number;
  readonly countedAt: InstantMs;
  readonly counted: Counted;
  readonly countedPaisa: Paisa;
  readonly expectedPaisa: Paisa;
  /** Of the difference, in the clerk's words; null where there is none. */
  readonly explanation: string | null;
}

/** A shift with its figures: what moved by kind, and what the drawer should have. */
export interface ShiftReport {
  readonly shift: Shift;
  /** Sums of the drawer's postings, by the kind of entry; the float among them. */
  readonly totals: readonly CashTotal[];
  /** What should be in the drawer: at a counted or closed shift, when it was counted. */
  readonly expectedPaisa: Paisa;
  readonly lastCount: ShiftCount | null;
}

/** Cash that came in and went out, by the kind of entry. */
export interface CashTotal {
  /** The kind of the entries, `other` for what cannot be told apart. */
  readonly kind: string;
  readonly inPaisa: Paisa;
  readonly outPaisa: Paisa;
  readonly count: number;
}

/** Templates that end a shift: they are no business of the drawer. */
const ENDING = 'shift-close';

/** @example safeOf('NESCO-RAJ-01') // 'cash:NESCO-RAJ-01' */
export function safeOf(station: string): AccountOf<'cash'> {
  return `cash:${station}`;
}

/** @example drawerOf({ station: 'NESCO-RAJ-01', till: '2' }) // 'cash:NESCO-RAJ-01.2' */
export function drawerOf({ station, till }: Pick<Shift, 'station' | 'till'>): AccountOf<'cash'> {
  return `cash:${station}.${till}`;
}

/**
 * The drawer's movements by kind, as cash in and out. They add up to what the books have in the drawer: what a clock that
 * is behind has put on the other side of a shift's end stands as `other`.
 *
 * @example cashTotals(totals, 512_300n)
 */
export function cashTotals(totals: readonly TemplateTotal[], expectedPaisa: Paisa): CashTotal[] {
  const kinds = totals
    .filter(({ template }) => template !== ENDING)
    .map(({ template, debitPaisa, creditPaisa, entries }): CashTotal => {
      return { kind: template, inPaisa: debitPaisa, outPaisa: creditPaisa, count: entries };
    });
  const sum = kinds.reduce((total, { inPaisa, outPaisa }) => total + inPaisa - outPaisa, 0n);
  const rest = expectedPaisa - sum;
  if (rest === 0n) return kinds;
  return [...kinds, { kind: 'other', inPaisa: rest > 0n ? rest : 0n, outPaisa: rest < 0n ? -rest : 0n, count: 0 }];
}
