import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AppendLog } from '../append-log';

const paisa = z.string().transform(BigInt);
const storedPayment = z.object({
  paymentID: z.string(),
  provider: z.string(),
  /** What was asked for, and what was taken of the payer. */
  amountPaisa: paisa,
  takenPaisa: paisa.nullable(),
  invoice: z.string(),
  reference: z.string(),
  callbackURL: z.string(),
  createdAt: z.number(),
  /** `verified`: the payer has given OTP and PIN, and bKash waits for the merchant. */
  state: z.enum(['initiated', 'verified', 'failed', 'cancelled', 'expired', 'completed']),
  trxID: z.string().nullable(),
  executedAt: z.number().nullable(),
  refunds: z.array(z.object({ refundTrxID: z.string(), amountPaisa: paisa, at: z.number() })),
});
export type BkashPayment = z.output<typeof storedPayment>;

/** bKash's payments, which survive kill -9. */
export class BkashPayments {
  private readonly payments = new Map<string, BkashPayment>();
  private readonly invoices = new Set<string>();
  private log!: AppendLog;

  private constructor() {
    // opened by `open`
  }

  static async open(directory: string): Promise<BkashPayments> {
    const opened = new BkashPayments();
    opened.log = await AppendLog.open(join(directory, 'bkash-payments.ndjson'), {
      apply: (record) => opened.keep(storedPayment.parse(record)),
      snapshot: () => [...opened.payments.values()].map(recordOf),
    });
    return opened;
  }

  find(provider: string, paymentID: unknown): BkashPayment | undefined {
    const found = typeof paymentID === 'string' ? this.payments.get(paymentID) : undefined;
    return found?.provider === provider ? found : undefined;
  }

  byTrx(provider: string, trxID: unknown): BkashPayment | undefined {
    return [...this.payments.values()].find((each) => each.provider === provider && each.trxID === trxID);
  }

  byInvoice(invoice: string): BkashPayment | undefined {
    return [...this.payments.values()].find((each) => each.invoice === invoice);
  }

  hasInvoice(provider: string, invoice: string): boolean {
    return this.invoices.has(`${provider}/${invoice}`);
  }

  /** Resolves when a restart will find it. */
  async save(payment: BkashPayment): Promise<void> {
    this.keep(payment);
    await this.log.append(recordOf(payment));
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private keep(payment: BkashPayment): void {
    this.payments.set(payment.paymentID, payment);
    this.invoices.add(`${payment.provider}/${payment.invoice}`);
  }
}

function recordOf(payment: BkashPayment): unknown {
  return JSON.parse(
    JSON.stringify(payment, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}

/** Ten of A-Z and 0-9, as bKash's are. */
export function newTrxID(): string {
  return Array.from({ length: 10 }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'[randomInt(34)]).join('');
}

export function newPaymentID(): string {
  return `TR0011${randomBytes(8).toString('hex')}`;
}
