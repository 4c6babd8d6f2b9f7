import type { BankDeposit, CashTotal, DaySummary, Shift, ShiftCount, ShiftReport } from '@vend/counter';
import { formatInstant } from '@vend/kernel';
import { moneyView } from '../http/format';
import type {
  BankDepositDto,
  CashTotalDto,
  ShiftCountDto,
  ShiftDto,
  ShiftReportDto,
  StationDayDto,
} from './shifts.dto';

export function shiftView(shift: Shift, lastCount: ShiftCount | null): ShiftDto {
  const { shiftId, station, till, clerk, businessDay: day, state, floatPaisa, openedAt, closedAt, closedBy } = shift;
  return {
    ...{ shiftId, station, till, clerk, day, state, float: moneyView(floatPaisa), openedAt: formatInstant(openedAt) },
    lastCount: lastCount && countView(lastCount),
    ...{ closedAt: closedAt === null ? null : formatInstant(closedAt), closedBy },
  };
}

export function reportView({ shift, totals, expectedPaisa, lastCount }: ShiftReport): ShiftReportDto {
  return { ...shiftView(shift, lastCount), totals: totals.map(totalView), expected: moneyView(expectedPaisa) };
}

export function depositView(deposit: BankDeposit): BankDepositDto {
  const { depositId, station, bank, businessDay: day, counted, amountPaisa, state, sentBy, sentAt } = deposit;
  const { bankedBy, bankedAt, reference } = deposit;
  return {
    ...{ depositId, station, bank, day, counted, amount: moneyView(amountPaisa), state, sentBy },
    ...{
      sentAt: formatInstant(sentAt),
      bankedBy,
      bankedAt: bankedAt === null ? null : formatInstant(bankedAt),
      reference,
    },
  };
}

export function dayView({
  station,
  day,
  openingPaisa,
  totals,
  closingPaisa,
  shifts,
  deposits,
}: DaySummary): StationDayDto {
  return {
    ...{ station, day, opening: moneyView(openingPaisa), totals: totals.map(totalView) },
    closing: moneyView(closingPaisa),
    shifts: shifts.map(({ shift, lastCount }) => shiftView(shift, lastCount)),
    deposits: deposits.map(depositView),
  };
}

function countView({ no, countedAt, counted, countedPaisa, expectedPaisa, explanation }: ShiftCount): ShiftCountDto {
  return {
    ...{ no, countedAt: formatInstant(countedAt), counted, amount: moneyView(countedPaisa) },
    ...{ expected: moneyView(expectedPaisa), difference: moneyView(countedPaisa - expectedPaisa), explanation },
  };
}

function totalView({ kind, inPaisa, outPaisa, count }: CashTotal): CashTotalDto {
  return { kind, in: moneyView(inPaisa), out: moneyView(outPaisa), count };
}
