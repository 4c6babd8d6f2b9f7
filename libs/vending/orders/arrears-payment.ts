import { DomainError, formatTaka, type Paisa } from '@vend/kernel';
import { arrearsPaymentEntry, type AccountOf } from '@vend/ledger';
import type { VendingErrorCode } from '../vending.errors';
import type { Order } from './order';

/**
 * A customer pays old debt off at the counter: all of the money, no VAT on it again, and no token.
 *
 * @throws {DomainError<VendingErrorCode>} when it is planned: arrears-less, with what is owed
 * @example await orders.run(arrearsPaymentOrder({ …by, meterId }, 50_000n, 'cash:NESCO-RAJ-01'))
 */
export function arrearsPaymentOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
  amountPaisa: Paisa,
  cash: AccountOf<'cash'>,
): Order {
  return {
    ...by,
    kind: 'arrears-payment',
    asked: { amountPaisa: amountPaisa.toString() },
    accounts: [cash],
    // Debt is paid where it lies, also when the meter is gone.
    closedToo: true,
    plan: ({ orderId, now, meter, state }) => {
      const leftPaisa = state.arrearsPaisa - amountPaisa;
      if (leftPaisa < 0n) {
        throw new DomainError<VendingErrorCode>('arrears-less', { owedTaka: formatTaka(state.arrearsPaisa) });
      }
      const fact = { businessId: orderId, bookedAt: now, meterId: meter.meterId };
      return {
        amounts: { grossPaisa: amountPaisa, arrearsPaisa: amountPaisa },
        tokens: [],
        detail: { arrearsPaidTaka: formatTaka(amountPaisa), arrearsLeftTaka: formatTaka(leftPaisa) },
        next: { arrearsPaisa: leftPaisa },
        entries: [arrearsPaymentEntry(fact, cash, amountPaisa)],
      };
    },
  };
}
