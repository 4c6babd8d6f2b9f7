import type { Id } from '@vend/kernel';
import { csmsIdOf } from './csms-id';

/**
 * QUEUED: still to be taken by a gateway. SENT: taken. DELIVERED: on the phone. FAILED: it will not be sent again by
 * itself; a person may queue it anew.
 */
export const NOTICE_MOVES = {
  QUEUED: ['SENT', 'FAILED'],
  SENT: ['DELIVERED', 'FAILED'],
  DELIVERED: [],
  FAILED: ['QUEUED'],
} as const satisfies Record<string, readonly string[]>;

export type NoticeState = keyof typeof NOTICE_MOVES;

/** The gateway's id for a vend's receipt: the same for every attempt, so that a repeat is recognised as one. */
export function receiptCsmsId(vendId: Id): string {
  return csmsIdOf(`receipt:${vendId}`);
}

/** The `csms_id` of a receipt's copy for somebody beside the customer: each of them has one of their own. */
export function receiptCopyCsmsId(vendId: Id, personId: Id): string {
  return csmsIdOf(`receipt:${vendId}:${personId}`);
}

/** The same for a queued message: a function of its row. */
export function noticeCsmsId(noticeId: Id): string {
  return csmsIdOf(`notice:${noticeId}`);
}
