import { CASE_KINDS, type CaseCard, type CaseEvent, type CasePayment } from '@vend/cases';
import { formatInstant, type InstantMs } from '@vend/kernel';
import { moneyView } from '../http/format';
import type { CaseDto, CaseRowDto } from './case.dto';

const PAYMENT_STATUS = {
  RECEIVED: 'pending',
  APPLIED: 'vended',
  REFUND_DUE: 'refund-due',
  REFUNDED: 'refunded',
} as const satisfies Record<CasePayment['state'], string>;

const nameOf = (actor: string) => actor.replace(/^user:/, '');
const whenOf = (at: InstantMs | null) => (at === null ? null : formatInstant(at));

export function caseRowView(card: CaseCard, now: InstantMs): CaseRowDto {
  const { number, kind, version, dueAt, openedAt, openedBy, state, automatic, office, queue } = card;
  const { owner, waitingFor, meterNo, customerNo, customerName, words } = card;
  return {
    caseNo: number,
    kind,
    kindWords: { en: CASE_KINDS[kind].en, bn: CASE_KINDS[kind].bn },
    state: state.toLowerCase(),
    version,
    overdue: state !== 'CLOSED' && dueAt < now,
    dueAt: formatInstant(dueAt),
    openedAt: formatInstant(openedAt),
    openedBy: nameOf(openedBy),
    ...{ automatic, office, queue, owner, waitingFor, meterNo, customerNo, customerName, words },
  };
}

export function caseView(card: CaseCard, events: readonly CaseEvent[], now: InstantMs): CaseDto {
  return {
    ...caseRowView(card, now),
    payment: card.payment && paymentView(card.payment, card),
    receiptNo: card.receiptNo,
    outcome: card.outcome,
    outcomeWords: card.outcomeWords,
    closedAt: whenOf(card.closedAt),
    closedBy: card.closedBy && nameOf(card.closedBy),
    events: events.map(({ at, actor, what, words }) => ({ at: formatInstant(at), by: nameOf(actor), what, words })),
  };
}

function paymentView(payment: CasePayment, { typedReference, receiptNo }: CaseCard): NonNullable<CaseDto['payment']> {
  const { rechargeId, state, amountPaisa, source, sourceRef, receivedAt, refusalCode, meterNo } = payment;
  const owed = state === 'REFUND_DUE';
  return {
    rechargeId,
    status: PAYMENT_STATUS[state],
    amount: moneyView(amountPaisa),
    source,
    sourceRef,
    receivedAt: formatInstant(receivedAt),
    refusalCode,
    meterNo,
    typedReference,
    // A payment has one vend: after a cancellation it can only be paid back.
    waysOut: owed ? (receiptNo === null ? ['apply', 'refund'] : ['refund']) : [],
  };
}
