import { parseTaka, type Paisa } from '@vend/kernel';
import type { VendingMeter } from '@vend/meters';
import type { Receipt } from '@vend/receipts';
import { quoteLines } from '@vend/tariff';
import { vendLines } from './orders';
import type { Channel, RechargeRecord, VendRecord } from './recharge';
import type { VendingService } from './vending.service';

const CHANNEL_WORDS: Readonly<Record<Channel, Receipt['channel']>> = {
  counter: { en: 'cash at the counter', bn: 'কাউন্টারে নগদ' },
  'mobile-money': { en: 'mobile money', bn: 'মোবাইল ব্যাংকিং' },
  callback: { en: 'mobile money', bn: 'মোবাইল ব্যাংকিং' },
  checkout: { en: 'paid online', bn: 'অনলাইনে পরিশোধ' },
};

/**
 * The receipt of a vend: a recharge's lines are computed again from what was stored, other kinds' from their parts.
 * Contains the tokens: never log it.
 *
 * @param record as `findByVends` gave it, with its vend
 * @example smsParts(receiptLine(factsOfReceipt(receiptOf(record, meter, vending))))
 */
export function receiptOf(
  record: RechargeRecord,
  meter: VendingMeter,
  vending: Pick<VendingService, 'quoteOf'>,
): Receipt {
  const vend = record.vend!;
  const priced = vend.kind === 'credit' ? vending.quoteOf(record) : null;
  return {
    kind: vend.kind,
    receiptNo: vend.receiptNo,
    rechargeId: record.rechargeId,
    issuedAt: vend.issuedAt,
    station: record.source.slice(record.source.indexOf(':') + 1),
    channel: CHANNEL_WORDS[record.channel],
    customerNo: meter.customerNo,
    customerName: meter.customerName,
    meterNo: meter.pan,
    tariffClass: priced?.pricedState.tariffClass ?? meter.tariffClass,
    sanctionedW: priced?.pricedState.sanctionedW ?? meter.sanctionedW,
    lines: priced ? quoteLines(priced.quote) : vendLines(vend),
    chargedMonths: priced ? priced.quote.basis.charges.map(({ month }) => month) : [],
    tokens: vend.tokens,
    grossPaisa: vend.amounts.grossPaisa,
    energyPaisa: vend.amounts.energyPaisa,
    energyWh: vend.energyWh,
    estimatedWh: vend.estimatedWh,
    remainderPaisa: vend.amounts.remainderOutPaisa,
    arrearsLeftPaisa: arrearsLeftPaisa(record, vending),
    sampleTables: vend.tokens.some((token) => token.sampleTables),
    remoteLoad: meter.headEnd !== null && goesOverTheAir(vend),
    copy: false,
  };
}

/** What every meter shows to whoever asks is for somebody who stands before it; a token made before is in the meter. */
function goesOverTheAir({ kind, tokens }: VendRecord): boolean {
  return kind !== 'offline-pack' && tokens.some((token) => token.kind !== 'test-display');
}

/**
 * The arrears that a vend left behind, as its receipt says them.
 *
 * @param record with its vend, as vending gave it
 * @example arrearsLeftPaisa(record, vending) // 150000n
 */
export function arrearsLeftPaisa(record: RechargeRecord, vending: Pick<VendingService, 'quoteOf'>): Paisa {
  const vend = record.vend!;
  if (vend.kind !== 'credit') return arrearsLeftOf(vend);
  return vending.quoteOf(record).pricedState.arrearsPaisa - vend.amounts.arrearsPaisa;
}

/** Kinds that pay arrears say in their detail what is left. */
function arrearsLeftOf({ detail }: VendRecord): bigint {
  const left = detail?.['arrearsLeftTaka'];
  return typeof left === 'string' ? parseTaka(left) : 0n;
}
