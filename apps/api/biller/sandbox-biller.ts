import { TriggerBiller, type SandboxAnswer } from '@vend/billers';
import { DomainError, formatInstant, formatTaka } from '@vend/kernel';
import type { Partner } from '@vend/identity';
import type { TopUp } from '@vend/payments';
import { readAmount } from '../http/amount';
import { moneyView } from '../http/format';
import { AmountLimits } from '../http/limits';
import { energyView } from '../http/priced.view';
import type { RechargeStatus } from '../recharges/recharge.dto';
import type { InquiryDto, InquiryRequest, PaymentDto, PayRequest } from './biller.dto';

const STATUS: Readonly<Record<Exclude<SandboxAnswer['state'], 'refused'>, RechargeStatus>> = {
  vended: 'vended',
  'in-progress': 'pending',
  'refund-due': 'refund-due',
  reversed: 'refund-due',
};

/** The signed calls of a partner in sandbox mode: the same words, and nothing behind them but the triggers. */
export class SandboxBiller {
  constructor(
    private readonly triggers: TriggerBiller,
    private readonly limits: AmountLimits,
  ) {}

  async inquire(partner: Partner, { reference, amount }: InquiryRequest): Promise<InquiryDto> {
    const amountPaisa = readAmount(amount, this.limits.maximumPaisa);
    const quote = await this.triggers.quote(partner, { reference, amountPaisa });
    const least = await this.triggers.quote(partner, { reference });
    return {
      ...{ quoteId: quote.quoteId, expiresAt: formatInstant(quote.expiresAt), meterNo: quote.meterNo },
      ...{ amount: moneyView(amountPaisa), tariffVersion: 'SANDBOX', rebateProfile: 'SANDBOX' },
      ...{ energy: energyView(quote), credit: null, minimumRecharge: moneyView(least.amountPaisa), months: [] },
      remainder: { in: '0.00', out: '0.00' },
      lines: quote.lines.map(({ code, amountPaisa: paisa, en, bn }) => ({
        ...{ code, amount: formatTaka(paisa), label: { en, bn }, why: { en: 'Sandbox', bn: 'স্যান্ডবক্স' }, papers: [] },
      })),
      customerName: quote.customerName,
    };
  }

  async pay(partner: Partner, { transactionId: trxId, quoteId, reference, amount }: PayRequest): Promise<PaymentDto> {
    const byQuote = quoteId !== undefined && reference === undefined && amount === undefined;
    if (!byQuote && (quoteId !== undefined || reference === undefined || amount === undefined)) {
      throw new DomainError('payment-ambiguous');
    }
    const amountPaisa = amount === undefined ? undefined : readAmount(amount, this.limits.maximumPaisa);
    return viewOf(await this.triggers.commit(partner, { trxId, quoteId, reference, amountPaisa }));
  }

  async status(partner: Partner, transactionId: string): Promise<PaymentDto> {
    const payment = await this.triggers.status(partner, transactionId);
    if (!payment) throw new DomainError('transaction-not-found');
    return viewOf(payment);
  }

  async hear(partner: Partner, { eventId, transactionId: trxId, reference, amountPaisa }: TopUp, rawBody: Buffer) {
    await this.triggers.hear(partner, { eventId, rawBody, ask: { trxId, reference, amountPaisa } });
  }
}

/** A refusal is a problem, as it is in live mode. */
function viewOf(payment: SandboxAnswer): PaymentDto {
  const { state, tokens, energyWh } = payment;
  if (state === 'refused') throw new DomainError(payment.refusalCode ?? 'transaction-not-found');
  return {
    ...{ transactionId: payment.trxId, status: STATUS[state], rechargeId: payment.paymentId },
    ...{ receiptNo: payment.receiptNo, meterNo: payment.meterNo, customerName: payment.customerName },
    ...{ amount: moneyView(payment.amountPaisa), energy: energyWh === null ? null : energyView(payment), credit: null },
    tokens: tokens.map((digits, index) => ({
      ...{ sequence: index + 1, of: tokens.length, kind: 'credit', digits, credited: null },
    })),
    bookedAt: formatInstant(payment.bookedAt),
  };
}
