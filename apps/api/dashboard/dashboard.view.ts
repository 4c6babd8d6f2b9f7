import { formatInstant, type InstantMs } from '@vend/kernel';
import { isLow, type VendorFloat } from '@vend/payments';
import type { Attention, PaymentHealth, SalesDay, SalesFigures, SalesSum } from '@vend/reports';
import { moneyView } from '../http/format';
import type { AttentionItemDto, DashboardHealthDto, SalesDayDto } from './dashboard.dto';

const whenOf = (at: InstantMs | null) => (at === null ? null : formatInstant(at));
const sumView = ({ count, paisa }: SalesSum) => ({ count, amount: moneyView(paisa) });

const figuresView = ({ sold, waiting, returned }: SalesFigures) => ({
  sold: sumView(sold),
  waiting: sumView(waiting),
  returned: sumView(returned),
});

export function salesView(sales: SalesDay, now: InstantMs): SalesDayDto {
  return {
    ...{ day: sales.day, asOf: formatInstant(now), countedAt: whenOf(sales.countedAt) },
    total: figuresView(sales.total),
    hours: sales.hours.map((hour) => ({ hour: hour.hour, ...figuresView(hour) })),
    sources: sales.sources.map((own) => ({ source: own.source, name: own.name, ...figuresView(own) })),
    channels: sales.channels.map((own) => ({ channel: own.channel, ...figuresView(own) })),
  };
}

export function attentionView({ kind, count, more, oldest, paisa, rechargeIds }: Attention): AttentionItemDto {
  const amount = paisa === null ? null : moneyView(paisa);
  return { kind, count, more, oldest: whenOf(oldest), amount, rechargeIds: [...rechargeIds] };
}

export function paymentView(
  health: PaymentHealth,
  floats: readonly VendorFloat[],
): DashboardHealthDto['payments'][number] {
  const { code, name, active, lastMessageAt, lastHour, pending } = health;
  const float = floats.find((each) => each.code === code);
  return {
    ...{ code, name, active, lastMessageAt: whenOf(lastMessageAt), lastHour },
    pending: { count: pending.count, oldest: whenOf(pending.oldest) },
    float: float ? { balance: moneyView(float.balancePaisa), low: isLow(float) } : null,
  };
}
