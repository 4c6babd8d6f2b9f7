import { formatTaka, type DomainError, type Id, type InstantMs } from '@vend/kernel';
import {
  commissionEntry,
  paymentEntry,
  vendEntry,
  type AccountOf,
  type Entry,
  type Funds,
  type LedgerService,
} from '@vend/ledger';
import { openRemoteLoads, type VendToLoad } from '@vend/meterlink';
import {
  issueKeyChanges,
  saveMeterStates,
  voidKeyChanges,
  type IssuedKeyChange,
  type MeterState,
  type VendingMeter,
} from '@vend/meters';
import { leaveToWorker, settleOutbox, type OutboxItem, type Tx } from '@vend/platform';
import { queueMessages, type QueuedMessage } from '@vend/sms';
import { announce, paymentFacts, type PaymentFact, type SubscriptionSet, type WebhookFact } from '@vend/webhooks';
import { askedFor } from './asked';
import { creditOf } from './pricing';
import type { CreditTokenOutcome } from './ports';
import type { RechargeCommand, RechargeRecord } from './recharge';
import { vendOfDraft, type Draft, type Payment } from './recharge.draft';
import { assertMove, type PaymentState } from './recharge.lifecycle';
import { collectPenalties, type Collected } from './store/penalties.store';
import { concludeRecharges, insertRecharges, type NewRecharge } from './store/recharge.store';
import { insertVends, type NewToken, type NewVend } from './store/vend.store';

const FUNDS = { till: 'cash', vendor: 'float', 'vendor-break': 'float', provider: 'receivable' } as const;

/**
 * Where a payment's money is: the station's cash, what a vendor has paid in before, or what the provider owes us.
 *
 * @example fundsAccount('vendor:V-17') // 'float:V-17'
 */
export function fundsAccount(source: string): AccountOf<'cash' | 'receivable' | 'float'> {
  const [kind, code] = source.split(':');
  return `${FUNDS[kind as keyof typeof FUNDS] ?? FUNDS.provider}:${code}`;
}

/** Where a payment's money is, unless the payer's own place for it is named. */
export function fundsOf({ source, funds }: Pick<RechargeCommand, 'source' | 'funds'>) {
  return funds ?? fundsAccount(source);
}

/** Most payments that wait for a token have it in seconds: their payers hear once, of the token. */
const PENDING_NOTICE_AFTER_MS = 20_000;

/** Collects the rows of one transaction, then writes each kind with one statement. */
export class RechargeWrites {
  private readonly recharges: NewRecharge[] = [];
  private readonly vends: NewVend[] = [];
  private readonly applied: Id[] = [];
  private readonly refundDue: { readonly rechargeId: Id; readonly code: string }[] = [];
  private readonly outbox: OutboxItem[] = [];
  private readonly toLoad: VendToLoad[] = [];
  private readonly entries: Entry[] = [];
  private readonly issuedKeyChanges: IssuedKeyChange[] = [];
  private readonly staleKeyChanges: Id[] = [];
  private readonly collected: Collected[] = [];
  private readonly messages: QueuedMessage[] = [];
  private readonly facts: WebhookFact[] = [];

  constructor(
    private readonly now: InstantMs,
    private readonly subscriptions: SubscriptionSet,
  ) {}

  /** A payment that is vended as it comes in. */
  vendNow(command: RechargeCommand, draft: Draft, token: Extract<CreditTokenOutcome, { ok: true }>): RechargeRecord {
    const funds = fundsOf(command);
    const vend = this.vend(draft, token, funds);
    const { commissionPaisa = 0n } = command;
    if (commissionPaisa > 0n && funds.startsWith('float:')) {
      const fact = { businessId: draft.payment.rechargeId, bookedAt: this.now, meterId: draft.meter.meterId };
      this.entries.push(commissionEntry(fact, funds as AccountOf<'float'>, commissionPaisa));
    }
    const record = this.claim(command, draft.payment, 'APPLIED', null);
    this.recharges.push({ ...record, actor: command.actor });
    this.tell('payment.vended', draft.payment, { receiptNo: vend.receiptNo, isFirst: true });
    return { ...record, vend };
  }

  /** A payment that was kept, and is vended now. */
  vendKept(draft: Draft, token: Extract<CreditTokenOutcome, { ok: true }>): void {
    assertMove('RECEIVED', 'APPLIED');
    const { receiptNo } = this.vend(draft, token, 'unspent-payments');
    this.applied.push(draft.payment.rechargeId);
    this.tell('payment.vended', draft.payment, { receiptNo });
  }

  /** A payment whose money is taken but whose vend must wait, or can never be: booked as owed to the customer. */
  keep(
    command: RechargeCommand,
    payment: Payment,
    refusal: DomainError,
    waits: boolean,
    meter?: VendingMeter,
  ): RechargeRecord {
    const record = this.claim(command, payment, waits ? 'RECEIVED' : 'REFUND_DUE', waits ? null : refusal.code);
    this.recharges.push({ ...record, actor: command.actor });
    const { refusalCode } = record;
    this.tell(waits ? 'payment.pending' : 'payment.refund-due', payment, { refusalCode, isFirst: true });
    const fact = { businessId: payment.rechargeId, bookedAt: this.now, meterId: payment.meterId };
    this.entries.push(paymentEntry(fact, fundsOf(command), payment.grossPaisa));
    // A person must find out whose money it is when no vend can follow.
    this.outbox.push({ topic: waits ? 'pending-vend' : 'case', refId: payment.rechargeId });
    if (waits && meter) {
      this.messages.push({
        template: 'pending',
        subject: { kind: 'payment', id: payment.rechargeId },
        recipient: { kind: 'customer', id: meter.customerId },
        values: { amount: formatTaka(payment.grossPaisa), meter: meter.pan, reference: command.sourceRef },
        dueAt: this.now + PENDING_NOTICE_AFTER_MS,
      });
    }
    return record;
  }

  /** A kept payment that turned out to be unvendable: owed back. */
  giveUp(payment: Payment, refusal: DomainError): void {
    assertMove('RECEIVED', 'REFUND_DUE');
    const { rechargeId } = payment;
    this.refundDue.push({ rechargeId, code: refusal.code });
    this.tell('payment.refund-due', payment, { refusalCode: refusal.code });
    this.outbox.push({ topic: 'case', refId: rechargeId });
  }

  /** Sets that were made from another key than the meter's: found when a vend looked at them. */
  voidKeyChanges(changeIds: readonly Id[]): void {
    this.staleKeyChanges.push(...changeIds);
  }

  /** Writes everything, in this order and in one journey. The ledger comes last: it ends with the balance rows that all groups share. */
  async save(tx: Tx, states: readonly MeterState[], ledger: LedgerService): Promise<void> {
    const concluded = [...this.applied, ...this.refundDue.map((due) => due.rechargeId)];
    const told = announce(tx, this.facts, this.subscriptions);
    // It may have to ask first; the ledger's shared rows are not kept waiting for that.
    if (this.facts.some(({ isFirst }) => !isFirst)) await told;
    await Promise.all([
      insertRecharges(tx, this.recharges),
      insertVends(tx, this.vends),
      collectPenalties(tx, this.collected),
      concludeRecharges(tx, this.applied, 'APPLIED', null),
      ...this.refundDue.map(({ rechargeId, code }) => concludeRecharges(tx, [rechargeId], 'REFUND_DUE', code)),
      settleOutbox(tx, 'pending-vend', concluded),
      leaveToWorker(tx, this.outbox, new Date(this.now)),
      queueMessages(tx, this.messages, new Date(this.now)),
      openRemoteLoads(tx, this.toLoad, this.now),
      saveMeterStates(tx, states),
      voidKeyChanges(tx, this.staleKeyChanges, 'vend', this.now),
      issueKeyChanges(tx, this.issuedKeyChanges, this.now),
      told,
      ledger.post(tx, this.entries),
    ]);
  }

  private tell(
    type: PaymentFact['type'],
    { rechargeId, source, sourceRef, grossPaisa }: Payment,
    rest: Pick<PaymentFact, 'receiptNo' | 'refusalCode' | 'isFirst'>,
  ): void {
    this.facts.push(...paymentFacts({ type, rechargeId, source, sourceRef, grossPaisa, at: this.now, ...rest }));
  }

  private vend(draft: Draft, token: Extract<CreditTokenOutcome, { ok: true }>, funds: Funds) {
    const { payment, meter, keyChange, quote, rnd } = draft;
    const vend = vendOfDraft(draft, token, this.now);
    this.vends.push({
      rechargeId: payment.rechargeId,
      meterId: meter.meterId,
      vend,
      tokens: vend.tokens.map((token): NewToken => {
        if (token.kind === 'credit') {
          return {
            token,
            baseDate: meter.keys.baseDate,
            rnd,
            amountUnits: creditOf(quote).amountUnits,
            requestId: null,
          };
        }
        const baseDate = keyChange?.from.baseDate ?? meter.keys.baseDate;
        return { token, baseDate, rnd: null, amountUnits: null, requestId: null };
      }),
    });
    if (keyChange) this.issuedKeyChanges.push({ changeId: keyChange.changeId, vendId: vend.vendId });
    const of = { vendId: vend.vendId, meterId: meter.meterId };
    if (quote.pfcPaisa > 0n) this.collected.push({ ...of, kind: 'power-factor' });
    if (quote.penaltyPaisa > 0n) this.collected.push({ ...of, kind: 'tampering' });
    const fact = { businessId: payment.rechargeId, bookedAt: this.now, meterId: meter.meterId };
    this.entries.push(vendEntry(fact, funds, quote));
    this.outbox.push({ topic: 'receipt', refId: vend.vendId });
    const { meterId, headEnd } = meter;
    if (headEnd !== null) this.toLoad.push({ vendId: vend.vendId, meterId, headEnd });
    return vend;
  }

  private claim(
    command: RechargeCommand,
    payment: Payment,
    state: PaymentState,
    refusalCode: string | null,
  ): RechargeRecord {
    return {
      rechargeId: payment.rechargeId,
      source: command.source,
      sourceRef: command.sourceRef,
      channel: command.channel,
      kind: 'credit',
      state,
      refusalCode,
      meterId: payment.meterId,
      grossPaisa: payment.grossPaisa,
      receivedAt: this.now,
      asked: askedFor(command),
      vend: null,
    };
  }
}
