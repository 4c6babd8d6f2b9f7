import { Injectable } from '@nestjs/common';
import { DomainError, type Paisa } from '@vend/kernel';
import type { Partner } from '@vend/identity';
import { MetersService, truncatedName, type MeterRef } from '@vend/meters';
import { VendingService, type RechargeCommand, type RechargeRecord } from '@vend/vending';
import { readAmount } from '../http/amount';
import { AmountLimits } from '../http/limits';
import { pricedView } from '../quotes/quote.view';
import type { InquiryDto, InquiryRequest, PaymentDto, PayRequest } from './biller.dto';
import { paymentView } from './payment.view';

/** What a pay call is about, however it said so. */
interface Target {
  readonly meter: MeterRef;
  readonly grossPaisa: Paisa;
  readonly quote?: RechargeCommand['quote'];
}

/** Translates the biller calls of a mobile-money provider into vending's words and back. */
@Injectable()
export class BillerService {
  constructor(
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly limits: AmountLimits,
  ) {}

  async inquire({ reference, amount }: InquiryRequest): Promise<InquiryDto> {
    const grossPaisa = readAmount(amount, this.limits.maximumPaisa);
    const meter = await this.meterOf(reference);
    const offer = await this.vending.quote(meter.meterId, grossPaisa, 'mobile-money');
    return {
      // Whoever knows a meter number may ask: the papers are between the customer and the office.
      ...pricedView(offer, meter, []),
      customerName: truncatedName(meter.customerName),
    };
  }

  async pay(partner: Partner, body: PayRequest): Promise<PaymentDto> {
    const source = sourceOf(partner);
    const target = await this.targetOrRepeat(source, body);
    if ('record' in target) return this.view(target.record);
    const { meter, grossPaisa, quote } = target;
    const { record } = await this.vending.recharge({
      source,
      sourceRef: body.transactionId,
      channel: 'mobile-money',
      actor: `partner:${partner.code}`,
      meterId: meter.meterId,
      reference: body.reference,
      grossPaisa,
      quote,
      moneyIsTaken: true,
    });
    // A repeat is answered with the meter that was vended to, whichever the reference means now.
    return record.meterId === meter.meterId ? paymentView(record, meter) : this.view(record);
  }

  async status(partner: Partner, transactionId: string): Promise<PaymentDto> {
    const source = sourceOf(partner);
    const record = await this.vending.findByKey(source, transactionId);
    if (record) return this.view(record);
    if (await this.vending.isUnderWay(source, transactionId)) throw new DomainError('payment-in-hand');
    // It may have come to its end between the two looks.
    const ended = await this.vending.findByKey(source, transactionId);
    if (!ended) throw new DomainError('transaction-not-found');
    return this.view(ended);
  }

  private async view(record: RechargeRecord): Promise<PaymentDto> {
    if (record.meterId === null) return paymentView(record, undefined);
    const meter = await this.meters.byId(record.meterId);
    if (!meter) throw new Error('a recharge names a meter that is not there');
    return paymentView(record, meter);
  }

  /**
   * A repeat may name a meter that can no longer be found (two meters on one customer number by now): the payment that
   * was made with this id is answered if it was asked for in the same words, and conflicts if not, rather than telling
   * the provider that it does not exist.
   */
  private async targetOrRepeat(source: string, body: PayRequest): Promise<Target | { record: RechargeRecord }> {
    try {
      return await this.target(body);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { reference, amount } = body;
      const grossPaisa = reference === undefined || amount === undefined ? 0n : this.amountOrNothing(amount);
      const record = await this.vending.findRepeat(source, body.transactionId, {
        meterId: null,
        reference,
        grossPaisa,
      });
      if (record) return { record };
      throw error;
    }
  }

  /** An amount that cannot be read is that of no payment. */
  private amountOrNothing(amount: string): Paisa {
    try {
      return readAmount(amount, this.limits.maximumPaisa);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return 0n;
    }
  }

  private async target({ quoteId, reference, amount }: PayRequest): Promise<Target> {
    if (quoteId !== undefined && reference === undefined && amount === undefined) {
      const { meterId, grossPaisa, expiresAt, fingerprint } = this.vending.readQuoteId(quoteId);
      const meter = await this.meters.byId(meterId);
      if (!meter) throw new DomainError('meter-not-found');
      return { meter, grossPaisa, quote: { expiresAt, fingerprint } };
    }
    if (quoteId !== undefined || reference === undefined || amount === undefined) {
      throw new DomainError('payment-ambiguous');
    }
    const grossPaisa = readAmount(amount, this.limits.maximumPaisa);
    return { meter: await this.meterOf(reference), grossPaisa };
  }

  private async meterOf(reference: string): Promise<MeterRef> {
    const meter = await this.meters.resolve(reference);
    if (!meter) throw new DomainError('meter-not-found');
    return meter;
  }
}

function sourceOf(partner: Partner): string {
  return `provider:${partner.code}`;
}
