import type { Id } from '@vend/kernel';
import { csmsIdOf } from '@vend/sms';

/** The id that a gateway knows a recipient's message by: the same for every attempt, by whichever worker. */
export function broadcastCsmsId(broadcastId: Id, customerId: Id): string {
  return csmsIdOf(`broadcast:${broadcastId}:${customerId}`);
}
