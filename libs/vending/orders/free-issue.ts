import { DomainError, formatTaka, type Paisa, type WattHours } from '@vend/kernel';
import { freeIssueEntry } from '@vend/ledger';
import { energyValue, tokenFloorWh } from '@vend/tariff';
import { addFreeIssueUse, lockFreeIssueUse, type FreeIssueUse } from '../store/free-issue.store';
import type { VendDetail } from '../recharge';
import type { VendingErrorCode } from '../vending.errors';
import type { Order, OrderFacts, OrderPlan } from './order';

/** Why energy is given free: a closed list, so that a report can count it. */
export const FREE_ISSUE_REASONS = [
  'disaster-relief',
  'compensation',
  'meter-fault',
  'government-order',
  'office-supply',
  'goodwill',
] as const;
export type FreeIssueReason = (typeof FREE_ISSUE_REASONS)[number];

/** How much: in the unit that the meter counts. */
export type FreeIssueAmount = { readonly energyWh: WattHours } | { readonly creditPaisa: Paisa };

/**
 * Energy given free: for a reason of the list, within what the person and the meter may have in a month. It is no sale:
 * neither units sold nor revenue come of it, and what it is worth stands in `free-issues`.
 *
 * @throws {DomainError<VendingErrorCode>} when it is planned: amount-in-other-unit, free-issue-limit (facts: scope, what
 *   is left); connection-disconnected; and energyValue's refusals
 * @example await orders.run(freeIssueOrder({ …by, meterId }, { energyWh: 50_000n }, 'disaster-relief', 'order 12/2026'))
 */
export function freeIssueOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
  amount: FreeIssueAmount,
  reason: FreeIssueReason,
  note: string,
): Order<readonly FreeIssueUse[]> {
  const subjects = { person: `person:${by.actor}`, meter: `meter:${by.meterId}` };
  const asked: VendDetail =
    'energyWh' in amount ? { energyWh: amount.energyWh.toString() } : { creditPaisa: amount.creditPaisa.toString() };
  return {
    ...by,
    kind: 'free-issue',
    asked: { ...asked, reason, note },
    priced: true,
    read: (tx, now) => lockFreeIssueUse(tx, subjects, now),
    plan: (facts) => plan(facts, amount, { reason, note }),
  };
}

function plan(
  facts: OrderFacts<readonly FreeIssueUse[]>,
  amount: FreeIssueAmount,
  detail: { readonly reason: string; readonly note: string },
): OrderPlan {
  const { meter, now, orderId, extra: use } = facts;
  if (meter.supply !== 'connected') throw new DomainError('connection-disconnected');
  const given = givenOf(facts, amount);
  for (const each of use) assertWithin(each, given.valuePaisa);
  const { meterId } = meter;
  const subjects = use.map(({ subject }) => subject);
  return {
    tokens: [given.token],
    energyWh: given.energyWh,
    amounts: { energyPaisa: given.valuePaisa, grantedPaisa: given.valuePaisa },
    detail,
    entries: [freeIssueEntry({ businessId: orderId, bookedAt: now, meterId }, given.valuePaisa)],
    also: (tx) => addFreeIssueUse(tx, subjects, given.valuePaisa, now),
  };
}

/** What the token carries and what it is worth. */
function givenOf({ meter, state, now, book }: OrderFacts, amount: FreeIssueAmount) {
  if ('energyWh' in amount !== (meter.crediting === 'energy')) {
    throw new DomainError<VendingErrorCode>('amount-in-other-unit', { unit: meter.crediting });
  }
  if ('creditPaisa' in amount) {
    const { creditPaisa } = amount;
    const token = { kind: 'credit', subclass: 4, amountUnits: creditPaisa * 1_000n } as const;
    return { token, energyWh: null, valuePaisa: creditPaisa };
  }
  // What a token can carry exactly: what is given is what is booked.
  const energyWh = tokenFloorWh(amount.energyWh);
  const token = { kind: 'credit', subclass: 0, amountUnits: energyWh / 100n } as const;
  const { tariffClass } = meter;
  const valuePaisa = energyValue({ ...state, tariffClass }, energyWh, now, book!.tariffs);
  return { token, energyWh, valuePaisa };
}

function assertWithin({ scope, issues, issuesAMonth, valuePaisa, valuePaisaAMonth }: FreeIssueUse, more: Paisa): void {
  const leftPaisa = valuePaisaAMonth - valuePaisa;
  if (issues < issuesAMonth && more <= leftPaisa) return;
  throw new DomainError<VendingErrorCode>('free-issue-limit', {
    scope,
    issuesLeft: Math.max(0, issuesAMonth - issues),
    leftTaka: formatTaka(leftPaisa > 0n ? leftPaisa : 0n),
  });
}
