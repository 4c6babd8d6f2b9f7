import type { VendingMeter } from '@vend/meters';
import type { Receipt } from '@vend/receipts';
import { quoteLines } from '@vend/tariff';
import type { Channel, RechargeRecord, VendingService } from '@vend/vending';

const CHANNEL_WORDS: Readonly<Record<Channel, Receipt['channel']>> = {
  counter: { en: 'cash at the counter', bn: 'কাউন্টারে নগদ' },
  'mobile-money': { en: 'mobile money', bn: 'মোবাইল ব্যাংকিং' },
  callback: { en: 'mobile money', bn: 'মোবাইল ব্যাংকিং' },
};

/** The receipt of a vended recharge, with the lines computed again from what was stored. */
export function receiptOf(record: RechargeRecord, meter: VendingMeter, vending: VendingService): Receipt {
  const vend = record.vend!;
  const { quote, pricedState } = vending.quoteOf(record);
  return {
    receiptNo: vend.receiptNo,
    rechargeId: record.rechargeId,
    issuedAt: vend.issuedAt,
    station: record.source.slice(record.source.indexOf(':') + 1),
    channel: CHANNEL_WORDS[record.channel],
    customerNo: meter.customerNo,
    customerName: meter.customerName,
    meterNo: meter.pan,
    tariffClass: pricedState.tariffClass,
    sanctionedW: pricedState.sanctionedW,
    lines: quoteLines(quote),
    tokens: vend.tokens,
    grossPaisa: vend.amounts.grossPaisa,
    energyPaisa: vend.amounts.energyPaisa,
    energyWh: vend.energyWh,
    estimatedWh: vend.estimatedWh,
    remainderPaisa: vend.amounts.remainderOutPaisa,
    arrearsLeftPaisa: pricedState.arrearsPaisa - vend.amounts.arrearsPaisa,
    remoteLoad: meter.headEnd !== null,
    sampleTables: vend.tokens.some((token) => token.sampleTables),
    copy: false,
  };
}
