import { DomainError, formatTaka, type Paisa } from '@vend/kernel';
import { feeEntry, type AccountOf } from '@vend/ledger';
import type { VendingMeter } from '@vend/meters';
import type { PublishedBook } from '@vend/pricebook';
import { serviceFee, type ServiceFee } from '@vend/tariff';
import type { VendingErrorCode } from '../vending.errors';
import type { Order } from './order';

/** A service fee as the customer was told it. */
export interface FeeAsk {
  /** As the schedule names it: `reconnection`, `meter-test` … */
  readonly fee: string;
  /** Metered through current transformers; only some fees ask. */
  readonly currentTransformers: boolean;
  /** What the customer pays, VAT included. */
  readonly totalPaisa: Paisa;
  /** Where the money lies: `cash:<station>`. */
  readonly cash: AccountOf<'cash'>;
}

/** The fee of a schedule for a meter's connection, at an instant. */
export function feeFor(
  { fee, currentTransformers }: Pick<FeeAsk, 'fee' | 'currentTransformers'>,
  meter: Pick<VendingMeter, 'tariffClass' | 'phase'>,
  { tariffs }: Pick<PublishedBook, 'tariffs'>,
  at: number,
): ServiceFee {
  const level = tariffs.versionAt(at).classes.get(meter.tariffClass)?.level ?? levelOfCode(meter.tariffClass);
  return serviceFee(tariffs.feesAt(at), fee, { level, phase: meter.phase, currentTransformers });
}

/** A class that the version in force does not price still has its level in its name. */
function levelOfCode(tariffClass: string): 'LT' | 'MT' | 'HT' | 'EHT' {
  return /^(LT|MT|HT|EHT)/.exec(tariffClass)?.[0] as 'LT' | 'MT' | 'HT' | 'EHT';
}

/**
 * A service fee with the VAT that is added to it (MONEY.md 5): money for a service, and no token. What the service does
 * for the meter is done by whoever does it.
 *
 * @throws {DomainError} when it is planned: fee-unknown; fee-changed: the schedule says another sum than the customer was told
 * @example await orders.run(feeOrder({ …by, meterId }, { fee: 'meter-test', currentTransformers: false, totalPaisa: 23_000n, cash }))
 */
export function feeOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
  ask: FeeAsk,
): Order {
  const { fee, currentTransformers, totalPaisa, cash } = ask;
  return {
    ...by,
    kind: 'fee',
    asked: { fee, currentTransformers, totalPaisa: totalPaisa.toString() },
    accounts: [cash],
    closedToo: true,
    priced: true,
    plan: ({ orderId, now, meter, book }) => {
      const due = feeFor(ask, meter, book!, now);
      if (due.totalPaisa !== totalPaisa) {
        throw new DomainError<VendingErrorCode>('fee-changed', { feeTaka: formatTaka(due.totalPaisa) });
      }
      const fact = { businessId: orderId, bookedAt: now, meterId: meter.meterId };
      return {
        amounts: { grossPaisa: totalPaisa, feePaisa: due.feePaisa, vatPaisa: due.vatPaisa },
        tokens: [],
        detail: {
          fee,
          feeTaka: formatTaka(due.feePaisa),
          vatTaka: formatTaka(due.vatPaisa),
          schedule: book!.tariffs.feesAt(now).id,
        },
        entries: [feeEntry(fact, cash, due)],
      };
    },
  };
}
