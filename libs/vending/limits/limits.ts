import { DomainError, formatTaka, type Paisa } from '@vend/kernel';
import type { Channel, RechargeCommand } from '../recharge';
import type { VendingErrorCode } from '../vending.errors';

/** What a limit is about: one sale, a meter's Dhaka day, a person's day at the counter, an item of an offline pack, a pack. */
export const LIMIT_SCOPES = ['transaction', 'meter-day', 'person-day', 'pack-item', 'pack'] as const;
export type LimitScope = (typeof LIMIT_SCOPES)[number];

/** A limit in force. */
export interface VendLimit {
  readonly scope: LimitScope;
  /** null: all channels together. */
  readonly channel: Channel | null;
  readonly limitPaisa: Paisa;
}

/** What was sold already of what is limited by the day; 0 where nothing was. */
export interface DaySums {
  readonly meter: (meterId: string, channel: Channel | null) => Paisa;
  readonly person: (actor: string) => Paisa;
}

/** The sale as a limit sees it. */
export type LimitedSale = Pick<RechargeCommand, 'meterId' | 'channel' | 'actor' | 'grossPaisa'>;

/** True when a person at a counter answers for the sale: partners and callbacks are nobody's act. */
export function isPersonsAct({ channel, actor }: Pick<LimitedSale, 'channel' | 'actor'>): boolean {
  return channel === 'counter' && actor.startsWith('user:');
}

/**
 * The limits of one transaction: every sale of a group is held against them and, when it passes, adds to the sums that
 * the next one is held against.
 *
 * @example guard.check(command); guard.sold(command);
 */
export class LimitGuard {
  private readonly soldNow: LimitedSale[] = [];

  constructor(
    private readonly limits: readonly VendLimit[],
    private readonly sums: DaySums,
  ) {}

  /** @throws {DomainError<VendingErrorCode>} limit-exceeded, with the limit and what is left of it */
  check(sale: LimitedSale): void {
    for (const limit of this.limits) {
      if (limit.channel !== null && limit.channel !== sale.channel) continue;
      const leftPaisa = limit.limitPaisa - this.usedOf(limit, sale);
      if (leftPaisa >= sale.grossPaisa) continue;
      throw new DomainError<VendingErrorCode>('limit-exceeded', {
        limit: limit.scope,
        ...(limit.channel !== null && { channel: limit.channel }),
        limitTaka: formatTaka(limit.limitPaisa),
        leftTaka: formatTaka(leftPaisa > 0n ? leftPaisa : 0n),
      });
    }
  }

  sold(sale: LimitedSale): void {
    this.soldNow.push(sale);
  }

  private usedOf({ scope, channel }: VendLimit, sale: LimitedSale): Paisa {
    switch (scope) {
      case 'meter-day': {
        if (sale.meterId === null) return 0n;
        const now = this.sumNow((one) => one.meterId === sale.meterId && (channel ?? one.channel) === one.channel);
        return this.sums.meter(sale.meterId, channel) + now;
      }
      case 'person-day':
        if (!isPersonsAct(sale)) return -sale.grossPaisa;
        return this.sums.person(sale.actor) + this.sumNow((one) => isPersonsAct(one) && one.actor === sale.actor);
      default:
        return 0n;
    }
  }

  private sumNow(fits: (sale: LimitedSale) => boolean): Paisa {
    return this.soldNow.filter(fits).reduce((sum, { grossPaisa }) => sum + grossPaisa, 0n);
  }
}
