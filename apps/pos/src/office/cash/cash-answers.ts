/** What the server answers about shifts, deposits and floats, as far as these pages look at it. */
import type { Money } from '../../shared/answers';

export interface Counted {
  readonly pieces: Readonly<Record<string, number>>;
  readonly coins: string;
}

interface ShiftCount {
  readonly no: number;
  readonly countedAt: string;
  readonly counted: Counted;
  readonly amount: Money;
  readonly expected: Money;
  readonly difference: Money;
  readonly explanation: string | null;
}

export interface Shift {
  readonly shiftId: string;
  readonly station: string;
  readonly till: string;
  readonly clerk: string;
  readonly day: string;
  readonly state: 'OPEN' | 'COUNTED' | 'CLOSED';
  readonly float: Money;
  readonly openedAt: string;
  readonly lastCount: ShiftCount | null;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
}

export interface CashTotal {
  readonly kind: string;
  readonly in: Money;
  readonly out: Money;
  readonly count: number;
}

export interface ShiftReport extends Shift {
  readonly totals: readonly CashTotal[];
  readonly expected: Money;
}

export interface VendorFloat {
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly balance: Money;
  readonly lowBelow: Money | null;
  readonly low: boolean;
}

export interface TillState {
  readonly keepsShifts: boolean;
  readonly shift: ShiftReport | null;
  readonly float: VendorFloat | null;
}

export interface FloatLine {
  readonly bookedAt: string;
  readonly entry: string;
  readonly businessId: string;
  readonly against: string;
  readonly amount: Money;
  readonly balance: Money;
}

export interface BankDeposit {
  readonly depositId: string;
  readonly station: string;
  readonly bank: string;
  readonly day: string;
  readonly counted: Counted;
  readonly amount: Money;
  readonly state: 'SENT' | 'BANKED';
  readonly sentBy: string;
  readonly sentAt: string;
  readonly bankedBy: string | null;
  readonly reference: string | null;
}

export interface StationDay {
  readonly station: string;
  readonly day: string;
  readonly opening: Money;
  readonly totals: readonly CashTotal[];
  readonly closing: Money;
  readonly shifts: readonly Shift[];
  readonly deposits: readonly BankDeposit[];
}

export interface StationTerms {
  readonly station: string;
  readonly name: string;
  readonly office: string;
  readonly keepsShifts: boolean;
  readonly vendor: string | null;
}
