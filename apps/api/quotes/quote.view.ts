import { formatInstant } from '@vend/kernel';
import type { MeterRef } from '@vend/meters';
import type { Penalty, QuoteOffer, readLookalike } from '@vend/vending';
import { moneyView, monthText } from '../http/format';
import { creditView, energyView, linesView, remainderView } from '../http/priced.view';
import type { PricedDto, QuoteDto } from './quote.dto';

export function pricedView(
  { quoteId, expiresAt, quote }: QuoteOffer,
  meter: MeterRef,
  papers: readonly Penalty[],
): PricedDto {
  return {
    quoteId,
    expiresAt: formatInstant(expiresAt),
    meterNo: meter.pan,
    amount: moneyView(quote.grossPaisa),
    tariffVersion: quote.tariffVersion,
    rebateProfile: quote.rebateProfile,
    energy: energyView(quote),
    credit: creditView(quote.energyWh, quote.energyPaisa),
    minimumRecharge: moneyView(quote.minimumRechargePaisa),
    months: quote.months.map(monthText),
    remainder: remainderView(quote),
    lines: linesView(quote, papers),
  };
}

export function quoteView(
  offer: QuoteOffer,
  meter: MeterRef,
  papers: readonly Penalty[],
  lookalike: Awaited<ReturnType<typeof readLookalike>>,
): QuoteDto {
  const { customerNo, customerName } = meter;
  const alike = lookalike && { rechargeId: lookalike.rechargeId, bookedAt: formatInstant(lookalike.receivedAt) };
  return { ...pricedView(offer, meter, papers), customerNo, customerName, lookalike: alike ?? null };
}
