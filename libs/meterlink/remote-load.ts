import type { Id, InstantMs } from '@vend/kernel';
import type { RemoteLoadState } from './remote-load.lifecycle';

/** The way of one vend's tokens into its meter. */
export interface RemoteLoad {
  readonly loadId: Id;
  readonly vendId: Id;
  readonly meterId: Id;
  /** Its place among the loads of its meter, which must get them in this order. */
  readonly turn: number;
  readonly headEnd: string;
  readonly state: RemoteLoadState;
  /** Rises when a person sends it once more. */
  readonly round: number;
  /** How often it was pushed in all. */
  readonly attempts: number;
  /** Why it is where it is: a machine code, never a token. */
  readonly reason: string | null;
  readonly createdAt: InstantMs;
  /** When this round began: what is given up is measured from here. */
  readonly openedAt: InstantMs;
  readonly sentAt: InstantMs | null;
  readonly concludedAt: InstantMs | null;
}

/** A load as a list shows it. */
export interface RemoteLoadCard extends RemoteLoad {
  readonly meterNo: string;
  readonly customerNo: string;
  readonly office: string;
  readonly receiptNo: string;
}
