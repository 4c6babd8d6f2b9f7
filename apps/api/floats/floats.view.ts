import { formatInstant } from '@vend/kernel';
import type { StatementPage } from '@vend/ledger';
import { isLow, type VendorFloat } from '@vend/payments';
import { moneyView } from '../http/format';
import type { FloatDto, FloatStatementDto } from './floats.dto';

export function floatView(float: VendorFloat): FloatDto {
  const { code, name, active, balancePaisa, lowBelowPaisa } = float;
  const lowBelow = lowBelowPaisa === null ? null : moneyView(lowBelowPaisa);
  return { code, name, active, balance: moneyView(balancePaisa), lowBelow, low: isLow(float) };
}

export function floatStatementView(page: StatementPage): FloatStatementDto {
  return {
    opening: moneyView(page.openingPaisa),
    items: page.lines.map((line) => ({
      ...{ bookedAt: formatInstant(line.bookedAt), entry: line.template, businessId: line.businessId },
      ...{ against: line.contra, amount: moneyView(line.creditPaisa - line.debitPaisa) },
      balance: moneyView(line.balancePaisa),
    })),
    nextCursor: page.nextCursor,
  };
}
