import { DomainError } from '@vend/kernel';
import type { VendingErrorCode } from '../vending.errors';
import type { Order } from './order';

/**
 * A key change alone, without a recharge: the set that waits for the meter, whole and in order, and the change is ISSUED.
 * A repeat prints the same set; a new order for the same meter finds none waiting.
 *
 * @throws {DomainError<VendingErrorCode>} when it is planned: key-change-not-due
 * @example await orders.run(keyChangeOrder({ …by, meterId }))
 */
export function keyChangeOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
): Order {
  return {
    ...by,
    kind: 'key-change',
    asked: {},
    plan: ({ keyChange }) => {
      if (!keyChange) throw new DomainError<VendingErrorCode>('key-change-not-due');
      return { tokens: [], withKeyChange: true, detail: { keyChangeId: keyChange.changeId } };
    },
  };
}
