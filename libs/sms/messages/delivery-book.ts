import type { Database } from '@vend/platform';
import type { AcceptedPart, DeliveryReceipt } from '../smpp';
import { concludeDeliveries, messagesToConclude, saveFates, saveParts } from '../store/parts';

type Entry = { readonly part: AcceptedPart } | { readonly receipt: DeliveryReceipt };

interface Waiting {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const AT_ONCE = 500;

/**
 * Stores what message centres took and what became of it, and moves the messages' rows: whatever came while one
 * transaction ran goes into the next together. A part is stored before its message is said to be sent, so that a receipt
 * finds it whichever process it comes to.
 *
 * @example new SmppGateway({ links, onAccepted: (part) => book.accepted(part), onReceipt: (receipt) => book.receive(receipt) })
 */
export class DeliveryBook {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  /** Parts that came and are not stored yet. */
  private readonly unsettled = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  /** A part was taken; `settled` tells when it is stored. */
  accepted(part: AcceptedPart): void {
    const stored = this.put({ part })
      .catch(this.onError)
      .finally(() => this.unsettled.delete(stored));
    this.unsettled.add(stored);
  }

  /** Resolves when the receipt is stored. @throws whatever kept it from being stored: the centre must bring it again */
  receive(receipt: DeliveryReceipt): Promise<void> {
    return this.put({ receipt });
  }

  /** Resolves when the parts that came until now are stored, or could not be; what comes meanwhile is not waited for. */
  async settled(): Promise<void> {
    await Promise.all(this.unsettled);
  }

  private put(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    // What comes in the same turn goes along.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, AT_ONCE);
      try {
        await this.write(batch.map(({ entry }) => entry));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.writing = undefined;
  }

  private async write(entries: readonly Entry[]): Promise<void> {
    const parts = entries.flatMap((entry) => ('part' in entry ? [entry.part] : []));
    // The last word on a part alone: one statement cannot say two things of a row.
    const receipts = [
      ...new Map(
        entries.flatMap((entry) =>
          'receipt' in entry ? [[`${entry.receipt.smsc} ${entry.receipt.messageId}`, entry.receipt] as const] : [],
        ),
      ).values(),
    ];
    const now = new Date();
    await this.database.transaction(async (tx) => {
      const [, , about] = await Promise.all([
        saveParts(tx, parts, now),
        saveFates(tx, receipts, now),
        messagesToConclude(tx, [...parts, ...receipts]),
      ]);
      await concludeDeliveries(tx, about, now);
    });
  }
}
