import { dhakaMonth, DomainError, formatTaka, type Paisa } from '@vend/kernel';
import { depositCreditEntry } from '@vend/ledger';
import { lifelineCredit, setOffDeposit, untaxedEnergy } from '@vend/tariff';
import type { DuesErrorCode } from '../dues.errors';
import { pricingStateOf } from '../pricing';
import { lockDeposit, markDepositReturned, type HeldDeposit } from '../store/deposits.store';
import type { Order, OrderFacts, OrderPlan } from './order';

/**
 * The deposit of a former post-paid connection, given back as credit: set off against arrears first, the rest as energy
 * without VAT and without rebate (MONEY.md 5). Its token is like a recharge's; arrears may leave nothing for one.
 *
 * @param paper the reference of the paper that shows the deposit
 * @throws {DomainError} when it is planned: above-maximum-recharge, connection-disconnected; deposit-not-held, deposit-differs, deposit-returned
 * @example await orders.run(depositCreditOrder({ …by, meterId }, 80_000n, 'D-1177/2009'))
 */
export function depositCreditOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
  depositPaisa: Paisa,
  paper: string,
): Order<HeldDeposit | undefined> {
  return {
    ...by,
    kind: 'deposit-credit',
    asked: { depositPaisa: depositPaisa.toString(), paper },
    priced: true,
    read: (tx) => lockDeposit(tx, by.meterId, paper),
    plan: (facts) => plan(depositPaisa, paper, facts),
  };
}

function plan(
  depositPaisa: Paisa,
  paper: string,
  { orderId, now, meter, state, book, extra: held }: OrderFacts<HeldDeposit | undefined>,
): OrderPlan {
  if (!held) throw new DomainError<DuesErrorCode>('deposit-not-held');
  if (held.isReturned) throw new DomainError<DuesErrorCode>('deposit-returned');
  if (held.amountPaisa !== depositPaisa) {
    throw new DomainError<DuesErrorCode>('deposit-differs', { heldTaka: formatTaka(held.amountPaisa) });
  }
  if (meter.supply !== 'connected') throw new DomainError('connection-disconnected');
  const { setOffPaisa, payOutPaisa } = setOffDeposit(depositPaisa, state.arrearsPaisa);
  const pricedState = pricingStateOf(meter, state);
  const { energyWh, energyPaisa, estimatedWh, remainderOutPaisa, tariffVersion, rebateProfile } = untaxedEnergy(
    pricedState,
    payOutPaisa,
    now,
    book!.tariffs,
  );
  const isEnergy = energyWh !== null;
  const amountUnits = isEnergy ? energyWh / 100n : energyPaisa * 1_000n;
  const fact = { businessId: orderId, bookedAt: now, meterId: meter.meterId };
  const parts = { arrearsPaisa: setOffPaisa, energyPaisa, remainderPaisa: remainderOutPaisa };
  const month = dhakaMonth(now);
  // A lifeline credit of last month is given by the next recharge, which must find last month's count for it.
  const counts = isEnergy && lifelineCredit(pricedState, now, book!.tariffs) === null;
  const soldWh = state.soldMonth === month ? state.soldWh : 0n;
  return {
    amounts: { depositPaisa, arrearsPaisa: setOffPaisa, energyPaisa, remainderOutPaisa },
    tokens: amountUnits === 0n ? [] : [{ kind: 'credit', subclass: isEnergy ? 0 : 4, amountUnits }],
    energyWh,
    estimatedWh,
    pricing: {
      tariffBook: book!.code,
      priceRevision: book!.revision,
      tariffVersion,
      rebateProfile,
      pricedState,
    },
    detail: {
      paper,
      depositTaka: formatTaka(depositPaisa),
      setOffTaka: formatTaka(setOffPaisa),
      arrearsLeftTaka: formatTaka(state.arrearsPaisa - setOffPaisa),
    },
    next: {
      arrearsPaisa: state.arrearsPaisa - setOffPaisa,
      remainderPaisa: state.remainderPaisa + remainderOutPaisa,
      ...(counts && { soldMonth: month, soldWh: soldWh + energyWh }),
    },
    entries: [depositCreditEntry(fact, parts)],
    also: (tx, vend) => markDepositReturned(tx, held.depositId, vend.vendId),
  };
}
