import { join } from 'node:path';
import { z } from 'zod';
import { AppendLog } from '../append-log';

/** A payer's money that a simulated company has taken. */
export interface TakenMoney {
  /** Code of the company: demo-form, demo-cards … */
  readonly provider: string;
  /** Its own id of the payment, unique within the company. */
  readonly trxId: string;
  /** Meter or customer number, as the payer typed it. */
  readonly reference: string;
  /** Our order's number where the company was told of one. */
  readonly orderNo?: string | null;
  readonly amountPaisa: bigint;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface BookedPayment extends TakenMoney {
  readonly orderNo: string | null;
  /** When the payer had the money back; null while the company keeps it. */
  readonly reversedAt: number | null;
}

const stored = z.object({
  provider: z.string(),
  trxId: z.string(),
  reference: z.string(),
  orderNo: z.string().nullable(),
  amountPaisa: z.string().transform(BigInt),
  at: z.number(),
  reversedAt: z.number().nullable(),
});

/**
 * Every simulated company's own truth: whose money it took and what it gave back, whatever the vending system heard of
 * it. Survives kill -9. A company books the money when the payer's wallet or card is debited, before it tells anybody.
 */
export class ProviderBook {
  /** By company, then by transaction id, in the order of taking. */
  private readonly books = new Map<string, Map<string, BookedPayment>>();
  private log!: AppendLog;
  /** Told of every payment as it is taken, once. */
  tell: (payment: BookedPayment) => void = () => undefined;

  private constructor() {
    // opened by `open`
  }

  static async open(directory: string): Promise<ProviderBook> {
    const book = new ProviderBook();
    book.log = await AppendLog.open(join(directory, 'provider-book.ndjson'), {
      apply: (record) => book.keep(stored.parse(record)),
      snapshot: () => book.snapshot(),
    });
    return book;
  }

  /**
   * The payer's money is gone: resolves when a restart will find it. Under an id that is in the book already nothing is
   * taken again, whatever the amount: a company debits a wallet once for one transaction.
   *
   * @returns the payment as the book has it
   */
  async took(money: TakenMoney): Promise<BookedPayment> {
    const known = this.payment(money.provider, money.trxId);
    if (known) return known;
    const { provider, trxId, reference, amountPaisa, at, orderNo = null } = money;
    const payment = { provider, trxId, reference, orderNo, amountPaisa, at, reversedAt: null };
    this.keep(payment);
    this.tell(payment);
    await this.log.append(recordOf(payment));
    return payment;
  }

  /** The company gave the money back; a second time changes nothing. @throws {RangeError} for money it never took */
  async reversed(provider: string, trxId: string, at: number): Promise<void> {
    const known = this.payment(provider, trxId);
    if (!known) throw new RangeError(`${provider} never took the money of ${trxId}`);
    if (known.reversedAt !== null) return;
    const payment = { ...known, reversedAt: at };
    this.keep(payment);
    await this.log.append(recordOf(payment));
  }

  payment(provider: string, trxId: string): BookedPayment | undefined {
    return this.books.get(provider)?.get(trxId);
  }

  /** All of one company, in the order of taking. */
  payments(provider: string): BookedPayment[] {
    return [...(this.books.get(provider)?.values() ?? [])];
  }

  /** The companies that have taken something. */
  codes(): string[] {
    return [...this.books.keys()];
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private keep(payment: BookedPayment): void {
    const book = this.books.get(payment.provider) ?? new Map<string, BookedPayment>();
    this.books.set(payment.provider, book.set(payment.trxId, payment));
  }

  private *snapshot(): Iterable<unknown> {
    for (const book of this.books.values()) for (const payment of book.values()) yield recordOf(payment);
  }
}

function recordOf(payment: BookedPayment): unknown {
  return { ...payment, amountPaisa: payment.amountPaisa.toString() };
}
