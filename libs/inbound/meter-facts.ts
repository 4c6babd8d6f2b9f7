import { dhakaDay, formatKwh, formatTaka, type Id, type InstantMs, type Paisa, type WattHours } from '@vend/kernel';

/** What we know of a meter's account; what is left in the meter only the meter knows. */
export interface AccountFacts {
  /** Put on tokens since the month began. */
  readonly boughtPaisa: Paisa;
  /** The same in energy; null for a meter that is credited in Taka. */
  readonly boughtWh: WattHours | null;
  /** What one kWh more would cost now, without VAT and rebate; null where that is not ours to say. */
  readonly nextUnitPaisa: Paisa | null;
  readonly arrearsPaisa: Paisa;
  readonly last: { readonly at: InstantMs; readonly grossPaisa: Paisa } | null;
}

/** The tokens that a meter was last given. */
export interface LastTokens {
  readonly vendId: Id;
  readonly at: InstantMs;
  readonly tokens: number;
}

/** Where answers get their facts: filled by whoever knows the books. */
export interface MeterFacts {
  accountOf(meterId: Id, at: InstantMs): Promise<AccountFacts>;
  /** The last vend that stands and has tokens; null: none. */
  lastTokensOf(meterId: Id): Promise<LastTokens | null>;
}

/** The answer's values, in ASCII digits; '' where there is nothing to say. @example accountValues(facts).units // '145.1' */
export function accountValues(facts: AccountFacts): Record<string, string> {
  const { boughtPaisa, boughtWh, nextUnitPaisa, arrearsPaisa, last } = facts;
  return {
    units: boughtWh === null ? '' : formatKwh(boughtWh),
    energy: boughtWh === null ? formatTaka(boughtPaisa) : '',
    price: nextUnitPaisa === null ? '' : formatTaka(nextUnitPaisa),
    arrears: arrearsPaisa === 0n ? '' : formatTaka(arrearsPaisa),
    amount: last ? formatTaka(last.grossPaisa) : '',
    day: last ? dayWords(last.at) : '',
  };
}

/** @example dayWords(Date.parse('2026-11-22T10:00:00+06:00')) // '22/11/2026' */
export function dayWords(at: InstantMs): string {
  const [year, month, day] = dhakaDay(at).split('-');
  return `${day}/${month}/${year}`;
}
