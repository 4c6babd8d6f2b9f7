import { DomainError, formatTaka, isDomainError, type Id, type InstantMs } from '@vend/kernel';
import { useApproval, type Approvals, type SessionUser } from '@vend/identity';
import type { AccountOf } from '@vend/ledger';
import type { Database, Tx } from '@vend/platform';
import type { DuesErrorCode, OwedPayments, RechargeRecord, VendingService } from '@vend/vending';
import type { CaseCard, CaseReader } from './cases';
import type { CasesErrorCode } from './cases.errors';
import type { CasesService, Told } from './cases.service';
import { accountOf, assertOwed, lost, paymentContent, paymentOf, sameOrConflict } from './owed-payment';
import { touchCase, writeRefund, type AskedRefund, type ProviderRefunds } from './provider-refunds';
import { findMove, findRefund, insertMove } from './store/payments';

/** Gives the case's payment to a meter. */
export interface ApplyPayment {
  /** The Idempotency-Key: the same key is the same move. */
  readonly key: Id;
  readonly number: string;
  readonly meter: { readonly meterId: Id; readonly pan: string };
  readonly reason: string;
}

/** Pays the case's payment back. */
export interface RefundPayment {
  readonly key: Id;
  readonly number: string;
  /**
   * `cash`: out of the till of the payer's station. `provider`: the provider of the payment gives it back: a gateway of
   * the checkout is asked to, and it is booked when it says that it has.
   */
  readonly from: 'cash' | 'provider';
  /** The number of the signed cash voucher, or of the provider's reversal. */
  readonly reference: string;
  readonly reason: string;
}

/** It is done, or waits for a second person. */
export type MoneyAnswer =
  | { readonly state: 'done'; readonly card: CaseCard; readonly replayed: boolean }
  | { readonly state: 'pending'; readonly approvalId: Id };

/** Out of which drawer, or float, cash is paid by a person, as the cases need it; filled by the room of the counter. */
export interface Drawers {
  /** @example await drawers.payOutOf(user) // 'cash:NESCO-RAJ-01.2', or an agent's 'float:UDC-118' */
  payOutOf(user: SessionUser): Promise<AccountOf<'cash' | 'float'>>;
}

interface Rooms {
  readonly database: Database;
  readonly cases: CasesService;
  readonly vending: VendingService;
  readonly owed: OwedPayments;
  readonly approvals: Approvals;
  /** Providers that can be asked; none when left out. */
  readonly refunds?: ProviderRefunds | undefined;
  /** Without it cash is the station's. */
  readonly drawers?: Drawers | undefined;
}

/**
 * The two ways out of a case about money: the payment is vended to the meter that it was meant for, or paid back. Each
 * happens once whoever asks and however often, and of the two only one: the payment's own row decides.
 */
export class MoneyWays {
  constructor(
    private readonly rooms: Rooms,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Takes the payment up for a meter and vends it. Another meter than the payer named needs a second person. If the
   * token server is away, or this process dies after the commit, the worker vends it.
   *
   * @throws {DomainError} case-not-found, case-without-payment, case-key-conflict, payment-not-owed, payment-was-vended;
   *   what a quote for the meter refuses (meter-closed, below-minimum-recharge …); approval-refused, approval-expired,
   *   approval-differs. Nothing was changed then.
   * @example await ways.apply(reader, { key, number: 'C-26-1184-0', meter, reason: 'the payer mistyped one digit' })
   */
  async apply(reader: CaseReader, asked: ApplyPayment): Promise<MoneyAnswer> {
    const card = await this.rooms.cases.visible(reader, asked.number);
    const { rechargeId } = paymentOf(card);
    let replayed = await this.wasMoved(asked, rechargeId);
    if (!replayed) {
      try {
        const pending = await this.takeUp(reader, asked, card);
        if (pending) return pending;
      } catch (error) {
        // A twin with the same key may have been quicker: then this is its repeat.
        replayed = await this.wasMoved(asked, rechargeId);
        if (!replayed) throw lost(error);
      }
    }
    await this.vend(rechargeId);
    return this.done(reader, card, replayed);
  }

  /**
   * Pays the payment back, whole, and books it; always with a second person.
   *
   * @throws {DomainError} case-not-found, case-without-payment, case-key-conflict, payment-not-owed; approval-refused,
   *   approval-expired, approval-differs. Nothing was changed then.
   * @example await ways.refund(reader, { key, number: 'C-26-1184-0', from: 'cash', reference: 'V-0117', reason })
   */
  async refund(reader: CaseReader, asked: RefundPayment): Promise<MoneyAnswer> {
    const card = await this.rooms.cases.visible(reader, asked.number);
    const { rechargeId, source } = paymentOf(card);
    const from = accountOf(asked.from, source, reader.user);
    let replayed = await this.wasRefunded(asked, rechargeId, from);
    if (!replayed) {
      try {
        const pending = await this.payBack(reader, asked, card, from);
        if (pending) return pending;
      } catch (error) {
        replayed = await this.wasRefunded(asked, rechargeId, from);
        if (!replayed) throw lost(error);
      }
    }
    return this.done(reader, card, replayed);
  }

  private async takeUp({ user }: CaseReader, asked: ApplyPayment, card: CaseCard): Promise<MoneyAnswer | undefined> {
    const { database, vending, owed } = this.rooms;
    const record = (await vending.find(paymentOf(card).rechargeId))!;
    assertOwed(record);
    if (record.vend) throw new DomainError<DuesErrorCode>('payment-was-vended');
    const { rechargeId, meterId: fromMeterId, grossPaisa, channel } = record;
    const { key, meter, reason } = asked;
    // Refuses, before anything changes, what no vend could follow.
    await vending.quote(meter.meterId, grossPaisa, channel);
    const gate = meter.meterId === fromMeterId ? undefined : await this.askForMove(user, asked, card, record);
    if (gate?.state === 'pending') return gate;
    const approvalId = gate?.approvalId ?? null;
    const by = `user:${user.username}`;
    await database.transaction(async (tx) => {
      const at = this.now();
      await this.touch(tx, card, {
        ...{ actor: by, at, what: 'payment-moved', action: 'case-payment-applied' },
        words: `to meter ${meter.pan}: ${reason}`,
        detail: { rechargeId, fromMeter: card.payment?.meterNo ?? null, toMeter: meter.pan },
      });
      await owed.takeUp(tx, { rechargeId, meterId: meter.meterId, at });
      const { caseId } = card;
      const move = { key, rechargeId, fromMeterId, toMeterId: meter.meterId, caseId, approvalId, reason, by, at };
      await insertMove(tx, move);
      if (approvalId) await useApproval(tx, approvalId, `recharge:${rechargeId}`, at);
    });
    return undefined;
  }

  /** Another meter than the payer named needs a second person's word. */
  private askForMove(by: SessionUser, { key, meter, reason }: ApplyPayment, card: CaseCard, record: RechargeRecord) {
    return this.rooms.approvals.gate({
      kind: 'payment-move',
      key,
      subject: `recharge:${record.rechargeId}`,
      content: {
        ...paymentContent(card, record),
        ...{ fromMeter: card.payment?.meterNo ?? null, typed: card.typedReference, toMeter: meter.pan },
      },
      reason,
      by,
    });
  }

  private async payBack(
    { user }: CaseReader,
    asked: RefundPayment,
    card: CaseCard,
    from: AccountOf<'cash' | 'receivable' | 'float'>,
  ): Promise<MoneyAnswer | undefined> {
    const { database, vending, approvals, owed } = this.rooms;
    const record = (await vending.find(paymentOf(card).rechargeId))!;
    assertOwed(record);
    const { key, reference, reason } = asked;
    const { rechargeId, grossPaisa: amountPaisa, meterId } = record;
    const funds = asked.from === 'cash' ? ((await this.rooms.drawers?.payOutOf(user)) ?? from) : from;
    // Which drawer it will be may change while a second person looks; that it is an agent's float may not.
    const paidFrom = funds.startsWith('cash:') ? from : funds;
    const gate = await approvals.gate({
      kind: 'refund',
      key,
      subject: `recharge:${rechargeId}`,
      content: { ...paymentContent(card, record), paidFrom, reference },
      reason,
      by: user,
    });
    if (gate.state === 'pending') return gate;
    const { approvalId } = gate;
    const by = `user:${user.username}`;
    if (from.startsWith('receivable:') && (await this.rooms.refunds?.covers(rechargeId))) {
      await this.askProvider(card, { ...asked, approvalId, amountPaisa, rechargeId, by });
      return undefined;
    }
    await owed.open({ rechargeId, from: funds });
    await database.transaction(async (tx) => {
      const at = this.now();
      await this.touch(tx, card, {
        ...{ actor: by, at, what: 'payment-refunded', action: 'case-payment-refunded' },
        words: `Tk ${formatTaka(amountPaisa)} from ${funds}, reference ${reference}: ${reason}`,
        detail: { rechargeId, amountTaka: formatTaka(amountPaisa), paidFrom: funds, reference },
      });
      const { caseId } = card;
      // To the provider's settlement an agent's money is cash as any other: the provider has nothing back.
      const handed = asked.from === 'cash' && funds.startsWith('float:') ? from : funds;
      const paid = { rechargeId, key, caseId, approvalId, paidFrom: handed, reference, amountPaisa, reason, by, at };
      await useApproval(tx, approvalId, `refund:${rechargeId}`, at);
      await writeRefund(tx, owed, card, paid, funds, meterId);
    });
    return undefined;
  }

  /** Leaves it to the worker to ask the provider; the payment stays owed until the provider has given it back. */
  private async askProvider(
    card: CaseCard,
    refund: Omit<AskedRefund, 'at' | 'caseId'> & { readonly approvalId: Id },
  ): Promise<void> {
    const { rechargeId, amountPaisa, approvalId, reference, reason, by, key } = refund;
    await this.rooms.database.transaction(async (tx) => {
      const at = this.now();
      const amountTaka = formatTaka(amountPaisa);
      await this.touch(tx, card, {
        ...{ actor: by, at, what: 'refund-asked', action: 'case-refund-asked' },
        words: `Tk ${amountTaka} from the gateway, paper ${reference}: ${reason}`,
        detail: { rechargeId, amountTaka, reference },
      });
      await useApproval(tx, approvalId, `refund:${rechargeId}`, at);
      const { caseId } = card;
      await this.rooms.refunds!.ask(tx, {
        key,
        rechargeId,
        caseId,
        approvalId,
        amountPaisa,
        reference,
        reason,
        by,
        at,
      });
    });
  }

  /** Locks the case, and with it its payment, before either is looked at. */
  private async touch(
    tx: Tx,
    card: CaseCard,
    event: Pick<Told, 'actor' | 'at' | 'what' | 'action' | 'words' | 'detail'>,
  ): Promise<void> {
    if (!(await touchCase(tx, card, event))) throw new DomainError<CasesErrorCode>('case-closed');
    if (await this.rooms.refunds?.underWay(tx, paymentOf(card).rechargeId)) {
      throw new DomainError<CasesErrorCode>('refund-under-way');
    }
  }

  /** True when this key moved this payment to this meter before. @throws {DomainError} case-key-conflict */
  private async wasMoved({ key, meter }: ApplyPayment, rechargeId: Id): Promise<boolean> {
    const earlier = await findMove(this.rooms.database, key);
    return sameOrConflict(earlier && earlier.rechargeId === rechargeId && earlier.toMeterId === meter.meterId);
  }

  private async wasRefunded({ key, reference }: RefundPayment, rechargeId: Id, from: string): Promise<boolean> {
    const open = await this.rooms.refunds?.asked(key);
    if (open) return sameOrConflict(open.rechargeId === rechargeId && open.reference === reference);
    const earlier = await findRefund(this.rooms.database, key);
    // Cash is the station's, whichever of its drawers paid.
    const sameFrom = earlier?.paidFrom === from || earlier?.paidFrom.startsWith(`${from}.`) === true;
    return sameOrConflict(earlier && earlier.rechargeId === rechargeId && sameFrom && earlier.reference === reference);
  }

  /** Vends what was taken up; while no token can be made it waits, and the worker vends it. */
  private async vend(rechargeId: Id): Promise<void> {
    try {
      await this.rooms.vending.complete(rechargeId);
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
  }

  private async done(reader: CaseReader, { number }: CaseCard, replayed: boolean): Promise<MoneyAnswer> {
    return { state: 'done', card: await this.rooms.cases.visible(reader, number), replayed };
  }
}
