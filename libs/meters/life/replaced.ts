import type { Id } from '@vend/kernel';

/** What a replacement came to; kept with its key, so that a repeat is told the same. */
export type Replaced = {
  readonly replacementId: Id;
  readonly connectionId: Id;
  readonly oldMeterId: Id;
  readonly newMeterId: Id;
  readonly newMeterNo: string;
  /** Paisa as decimal strings: what went over with the customer. */
  readonly remainderPaisa: string;
  readonly arrearsPaisa: string;
  /** Payments that waited for a token of the old meter and are vended to the new one. */
  readonly paymentsMoved: number;
  readonly replacedOn: string;
};
