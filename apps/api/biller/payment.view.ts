import { formatInstant } from '@vend/kernel';
import { truncatedName, type MeterRef } from '@vend/meters';
import type { RechargeRecord } from '@vend/vending';
import { moneyView } from '../http/format';
import { creditView, energyView } from '../http/priced.view';
import { statusOf, tokensOf } from '../recharges/recharge.view';
import type { PaymentDto } from './biller.dto';

/**
 * The answer about a payment, from the record alone and nothing of the call: whether it was the first or the
 * fiftieth must not show in a single byte.
 */
export function paymentView(record: RechargeRecord, meter: MeterRef | undefined): PaymentDto {
  const { vend } = record;
  return {
    transactionId: record.sourceRef,
    status: statusOf(record),
    rechargeId: record.rechargeId,
    receiptNo: vend?.receiptNo ?? null,
    meterNo: meter?.pan ?? null,
    customerName: meter ? truncatedName(meter.customerName) : null,
    amount: moneyView(record.grossPaisa),
    energy: vend && energyView(vend),
    credit: vend && creditView(vend.energyWh, vend.amounts.energyPaisa),
    tokens: tokensOf(record),
    bookedAt: formatInstant(record.receivedAt),
  };
}
