import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AppendLog } from '../append-log';

const storedPayment = z.object({
  paymentReferenceId: z.string(),
  provider: z.string(),
  orderId: z.string(),
  reference: z.string(),
  callbackURL: z.string(),
  createdAt: z.number(),
  /** Nagad's words; `Initiated` until the merchant has completed it, `Ready` until the payer has ended it. */
  status: z.enum(['Initiated', 'Ready', 'Success', 'Failed', 'Aborted', 'Expired']),
  amountPaisa: z.string().transform(BigInt),
  issuerPaymentRefNo: z.string().nullable(),
  paidAt: z.number().nullable(),
  cancelledAt: z.number().nullable(),
});
export type NagadPayment = z.output<typeof storedPayment>;

/** Nagad's payments, which survive kill -9. */
export class NagadPayments {
  private readonly payments = new Map<string, NagadPayment>();
  private log!: AppendLog;

  private constructor() {
    // opened by `open`
  }

  static async open(directory: string): Promise<NagadPayments> {
    const opened = new NagadPayments();
    opened.log = await AppendLog.open(join(directory, 'nagad-payments.ndjson'), {
      apply: (record) => opened.keep(storedPayment.parse(record)),
      snapshot: () => [...opened.payments.values()].map(recordOf),
    });
    return opened;
  }

  find(provider: string, paymentReferenceId: string): NagadPayment | undefined {
    const found = this.payments.get(paymentReferenceId);
    return found?.provider === provider ? found : undefined;
  }

  hasOrder(provider: string, orderId: string): boolean {
    return [...this.payments.values()].some((each) => each.provider === provider && each.orderId === orderId);
  }

  /** Resolves when a restart will find it. */
  async save(payment: NagadPayment): Promise<void> {
    this.keep(payment);
    await this.log.append(recordOf(payment));
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private keep(payment: NagadPayment): void {
    this.payments.set(payment.paymentReferenceId, payment);
  }
}

function recordOf(payment: NagadPayment): unknown {
  return { ...payment, amountPaisa: payment.amountPaisa.toString() };
}

export function newPaymentReference(): string {
  return randomBytes(14).toString('base64url').replace(/[-_]/g, 'x');
}
