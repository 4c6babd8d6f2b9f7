import { formatKwh, formatTaka, type Paisa, type WattHours } from '@vend/kernel';
import { quoteLines, type Quote } from '@vend/tariff';
import { vendLines, type Penalty, type VendRecord, type VendToken } from '@vend/vending';
import { creditedView, estimateText } from './format';
import type { CreditDto, EnergyDto, LineDto, RemainderDto, TokenDto } from './priced.dto';

/** What a quote and a vend say of the energy they are for. */
export interface EnergyOf {
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
}

/** Exact for an energy meter, an estimate for a currency meter, null where no flat rate allows one. */
export function energyView({ energyWh, estimatedWh }: EnergyOf): EnergyDto | null {
  if (energyWh !== null) return { kwh: formatKwh(energyWh), estimated: false };
  return estimatedWh === null ? null : { kwh: estimateText(estimatedWh), estimated: true };
}

/** The Taka that a currency meter credits; null for an energy meter. */
export function creditView(energyWh: WattHours | null, energyPaisa: Paisa): CreditDto | null {
  return energyWh === null ? { value: formatTaka(energyPaisa) } : null;
}

export function remainderView(part: Pick<Quote, 'remainderInPaisa' | 'remainderOutPaisa'>): RemainderDto {
  return { in: formatTaka(part.remainderInPaisa), out: formatTaka(part.remainderOutPaisa) };
}

/** Which line takes the sums of which papers. */
const PAPER_LINES: Readonly<Record<string, Penalty['kind']>> = { 'power-factor': 'power-factor', penalty: 'tampering' };

export function linesView(quote: Quote, penalties: readonly Penalty[]): LineDto[] {
  return quoteLines(quote).map(({ code, amountPaisa, label, why }) => ({
    code,
    amount: formatTaka(amountPaisa),
    label,
    why,
    papers: penalties.filter(({ kind }) => kind === PAPER_LINES[code]).map(({ noticeNo }) => noticeNo),
  }));
}

/** The parts of a vend that was not priced as a recharge is. */
export function vendLinesView(vend: VendRecord): LineDto[] {
  return vendLines(vend).map(({ code, amountPaisa, label, why }) => ({
    code,
    amount: formatTaka(amountPaisa),
    label,
    why,
    papers: [],
  }));
}

export function tokenView(token: VendToken): TokenDto {
  const { sequence, of, kind, digits } = token;
  const credited = token.kind === 'credit' ? creditedView(token.subclass, token.creditedUnits) : null;
  return { sequence, of, kind, digits, credited };
}
