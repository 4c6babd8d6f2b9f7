import { formatKwh } from '@vend/kernel';
import type { OwnMeter } from '@vend/portal';
import type { MeterAccount, QuoteOffer, RechargeRecord } from '@vend/vending';
import { formatInstant } from '@vend/kernel';
import { moneyView, monthText } from '../http/format';
import { energyView } from '../http/priced.view';
import type { RechargeDto } from '../recharges/recharge.dto';
import type { OwnAccountDto, OwnMeterDto, OwnReceiptDto, OwnRechargeItemDto } from './my.dto';

export function ownMeterView({ meterNo, customerNo, nickname, crediting }: OwnMeter): OwnMeterDto {
  return { meterNo, customerNo, nickname, crediting };
}

export function ownAccountView(
  meter: OwnMeter,
  { boughtPaisa, boughtWh, nextUnitPaisa, nextUnitUntilWh, arrearsPaisa }: MeterAccount,
  least: QuoteOffer | undefined,
): OwnAccountDto {
  return {
    ...ownMeterView(meter),
    bought: moneyView(boughtPaisa),
    boughtKwh: boughtWh === null ? null : formatKwh(boughtWh),
    nextUnit: nextUnitPaisa === null ? null : moneyView(nextUnitPaisa),
    nextUnitUntilKwh: nextUnitUntilWh === null ? null : formatKwh(nextUnitUntilWh),
    arrears: moneyView(arrearsPaisa),
    due: least
      ? {
          months: least.quote.months.map(monthText),
          fixedCharges: moneyView(least.quote.rentPaisa + least.quote.demandPaisa),
          minimumRecharge: moneyView(least.quote.minimumRechargePaisa),
        }
      : null,
  };
}

/** @param record with its vend, as lists of vends have it */
export function ownRechargeItem({
  rechargeId,
  kind,
  channel,
  grossPaisa,
  receivedAt,
  vend,
}: RechargeRecord): OwnRechargeItemDto {
  return {
    ...{ rechargeId, receiptNo: vend!.receiptNo, kind, channel, bookedAt: formatInstant(receivedAt) },
    ...{ amount: moneyView(grossPaisa), energy: energyView(vend!), tokenCount: vend!.tokens.length },
  };
}

export function ownReceiptView(recharge: RechargeDto): OwnReceiptDto {
  const { tokens, notice: _notice, copy: _copy, detail: _detail, keyChangeId: _keyChangeId, ...shown } = recharge;
  return { ...shown, tokenCount: tokens.length };
}
