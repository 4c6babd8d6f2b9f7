import type { SmscFaults } from './smsc-settings';
import type { Delivery, SubmittedPart } from './smsc-wire';

const STATE_NUMBERS = { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, ACCEPTD: 6 } as const;
/** Receipts kept back before one of them leaves, when they leave in another order. */
const SHUFFLE = 7;

type ReceiptShare = 'receiptsMissing' | 'receiptsTwice' | 'receiptsEarly';

/** Makes the delivery receipts, and decides which are missing, doubled, early or out of order. */
export class SmscReceipts {
  private kept: Delivery[] = [];

  constructor(
    private readonly faults: () => SmscFaults,
    private readonly hits: (share: ReceiptShare) => boolean,
  ) {}

  of(id: number, part: SubmittedPart, text: string): { early: Delivery[]; late: Delivery[] } {
    if (this.hits('receiptsMissing')) return { early: [], late: [] };
    const receipt = this.write(id, part, text);
    const copies = this.hits('receiptsTwice') ? [receipt, receipt] : [receipt];
    if (this.hits('receiptsEarly')) return { early: copies, late: [] };
    return { early: [], late: this.faults().receiptsShuffled ? this.shuffle(copies) : copies };
  }

  /** Seven wait and leave backwards; the last few stay until more come. */
  private shuffle(copies: Delivery[]): Delivery[] {
    this.kept.push(...copies);
    return this.kept.length < SHUFFLE ? [] : this.kept.splice(0).reverse();
  }

  private write(id: number, part: SubmittedPart, text: string): Delivery {
    const { receiptIds, receiptState, receiptParameters, echoReference } = this.faults();
    const messageId = receiptIds === 'hex' ? id.toString(16).toUpperCase() : id.toString();
    const at = stamp(new Date());
    const delivered = receiptState === 'DELIVRD' ? '001' : '000';
    const snippet = text.replace(/[^ -~]/g, '.').slice(0, 20);
    const said =
      `id:${messageId} sub:001 dlvrd:${delivered} submit date:${at} done date:${at} ` +
      `stat:${receiptState} err:000 text:${snippet}`;
    const parameters: [number, Buffer][] = [];
    if (receiptParameters) {
      parameters.push([0x001e, Buffer.from(`${messageId}\0`)], [0x0427, Buffer.from([STATE_NUMBERS[receiptState]])]);
    }
    if (echoReference && part.reference) parameters.push([0x0204, part.reference]);
    return {
      source: part.destination,
      destination: part.source,
      esmClass: 0x04,
      coding: 0,
      octets: Buffer.from(said, 'latin1'),
      parameters,
    };
  }
}

/** YYMMDDhhmm, without a zone, as SMSCs write it. */
function stamp(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(2, 12);
}
