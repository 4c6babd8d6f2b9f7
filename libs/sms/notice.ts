import type { Id } from '@vend/kernel';
import { csmsIdOf } from './csms-id';

/** QUEUED: still to be taken by a gateway. SENT: taken. DELIVERED: on the phone. FAILED: it will not be sent again. */
export const NOTICE_MOVES = {
  QUEUED: ['SENT', 'FAILED'],
  SENT: ['DELIVERED', 'FAILED'],
  DELIVERED: [],
  FAILED: [],
} as const satisfies Record<string, readonly string[]>;

export type NoticeState = keyof typeof NOTICE_MOVES;

/** The receipt of one vend on its way to the customer's phone. Its failure never undoes the vend. */
export interface Notice {
  readonly vendId: Id;
  readonly state: NoticeState;
  /** The gateway's number for the message, when it gave one. */
  readonly referenceId: string | null;
  /** Why it is where it is: a machine code, never a number or a text. */
  readonly outcome: string | null;
  readonly parts: number | null;
}

/** The gateway's id for a vend's receipt: the same for every attempt, so that a repeat is recognised as one. */
export function receiptCsmsId(vendId: Id): string {
  return csmsIdOf(`receipt:${vendId}`);
}

/** The `csms_id` of a receipt's copy for somebody beside the customer: each of them has one of their own. */
export function receiptCopyCsmsId(vendId: Id, personId: Id): string {
  return csmsIdOf(`receipt:${vendId}:${personId}`);
}

/** The same for a notice about a case: a function of the notice. */
export function noticeCsmsId(noticeId: Id): string {
  return csmsIdOf(`notice:${noticeId}`);
}
