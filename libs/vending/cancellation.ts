import { dhakaDay, DomainError, type Id, type InstantMs } from '@vend/kernel';
import { cancellationEntry, type LedgerService } from '@vend/ledger';
import { stopRemoteLoad } from '@vend/meterlink';
import { loadVendingMeters, lockMeterStates, saveMeterStates, type MeterState } from '@vend/meters';
import { leaveToWorkerAgain, settleOutbox, type Database, type Tx } from '@vend/platform';
import type { PriceBooks } from '@vend/pricebook';
import { price, type NextState } from '@vend/tariff';
import { announce, paymentFacts } from '@vend/webhooks';
import type { RechargeRecord, VendPricing, VendRecord } from './recharge';
import { assertMove } from './recharge.lifecycle';
import {
  findCancellation,
  isBuiltOn,
  insertCancellation,
  recordInTx,
  wasAdjustedSince,
  type StoredCancellation,
} from './store/cancellation.store';
import { uncollectPenalties } from './store/penalties.store';
import type { VendingErrorCode } from './vending.errors';

/** What is asked for. Who may ask, and on what proof that the token was not used, is the caller's to see to. */
export interface CancelCommand {
  readonly rechargeId: Id;
  /** `user:<username>` of the supervisor. */
  readonly actor: string;
  /** Why, and the proof, in words; never a token. */
  readonly reason: string;
  /** True: only on the business day of the vend. */
  readonly sameDayOnly?: boolean;
  /** What belongs to the same fact and is others' to write: the audit trail, an approval that is used up. */
  readonly alongside?: (tx: Tx, vend: VendRecord) => Promise<void>;
}

/** The cancellation in the books, and whether this call found it there. */
export interface CancelAnswer extends StoredCancellation {
  readonly replayed: boolean;
}

/**
 * Takes a meter's last vend back, as if it had never been sold: the meter's state goes back to what it was, the vend
 * becomes CANCELLED, the entry is reversed under the same business id, and the payment is owed back (REFUND_DUE); paying
 * it out is an entry of its own. The token's TID stays used: a meter that was given the token after all would take it, so
 * the caller must have proof that it was not.
 */
export class VendCancellation {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly books: PriceBooks,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Cancels once, whoever asks and however often: everything happens under the meter's lock, so that two cancellations,
   * or a cancellation and a new vend, come one after the other.
   *
   * @throws {DomainError<VendingErrorCode>} recharge-not-found; vend-not-there (nothing was vended for this payment);
   *   vend-not-sold (not a credit vend); vend-not-today;
   *   vend-not-last (a later vend of this meter was priced on it); vend-changes-key (it carries a key change);
   *   vend-meter-replaced;
   *   vend-adjusted (a retroactive version was settled since); vend-loading, vend-loaded (a head-end has the token)
   * @example await cancellation.cancel({ rechargeId, actor: 'user:selim', reason: 'printer failed, token unread' })
   */
  async cancel(command: CancelCommand): Promise<CancelAnswer> {
    await this.ledger.open([]);
    return this.database.transaction((tx) => this.work(tx, command));
  }

  private async work(tx: Tx, command: CancelCommand): Promise<CancelAnswer> {
    const found = await recordInTx(tx, command.rechargeId);
    if (!found) throw new DomainError<VendingErrorCode>('recharge-not-found');
    const { meterId } = found;
    if (!found.vend || meterId === null) throw new DomainError<VendingErrorCode>('vend-not-there');
    const state = (await lockMeterStates(tx, [meterId])).get(meterId);
    if (!state) throw new DomainError<VendingErrorCode>('vend-not-there');
    const stored = await findCancellation(tx, found.vend.vendId);
    if (stored) return { ...stored, replayed: true };

    const { vend } = found;
    const { pricing } = vend;
    const at = this.now();
    if (vend.kind !== 'credit' || !pricing) throw new DomainError<VendingErrorCode>('vend-not-sold');
    if (command.sameDayOnly && dhakaDay(vend.issuedAt) !== dhakaDay(at)) {
      throw new DomainError<VendingErrorCode>('vend-not-today');
    }
    // Its sums have gone on to another meter; here they would be given back to nobody.
    if ((await loadVendingMeters(tx, [meterId])).get(meterId)?.status !== 'active') {
      throw new DomainError<VendingErrorCode>('vend-meter-replaced');
    }
    if (await isBuiltOn(tx, meterId, vend.vendId)) throw new DomainError<VendingErrorCode>('vend-not-last');
    if (vend.tokens.some(({ kind }) => kind === 'key-change')) {
      throw new DomainError<VendingErrorCode>('vend-changes-key');
    }
    if (await wasAdjustedSince(tx, meterId, vend.issuedAt)) throw new DomainError<VendingErrorCode>('vend-adjusted');
    await stopRemoteLoad(tx, vend.vendId, at);
    assertMove('APPLIED', 'REFUND_DUE');
    const back = await this.stateBefore(tx, { ...found, vend: { ...vend, pricing } }, state);
    const cancellation: StoredCancellation = {
      vendId: vend.vendId,
      reason: command.reason,
      cancelledBy: command.actor,
      cancelledAt: at,
    };
    const fact = { businessId: found.rechargeId, bookedAt: at, meterId };
    await insertCancellation(tx, found.rechargeId, cancellation);
    await uncollectPenalties(tx, vend.vendId);
    // A receipt still waiting would put the token on the customer's phone.
    await settleOutbox(tx, 'receipt', [vend.vendId]);
    await leaveToWorkerAgain(tx, 'case', [found.rechargeId], new Date(at));
    const { receiptNo } = vend;
    await announce(
      tx,
      paymentFacts({ ...found, type: 'vend.cancelled', receiptNo, refusalCode: 'vend-cancelled', at }),
    );
    await saveMeterStates(tx, [back]);
    await command.alongside?.(tx, vend);
    await this.ledger.post(tx, [cancellationEntry(fact, vend.amounts)]);
    return { ...cancellation, replayed: false };
  }

  /**
   * What the vend set goes back to what it was priced on; what others may have changed since (arrears imported, a penalty
   * assessed) gets back what the vend took.
   */
  private async stateBefore(
    tx: Tx,
    { vend, channel }: RechargeRecord & { vend: VendRecord & { pricing: VendPricing } },
    now: MeterState,
  ): Promise<MeterState> {
    const { amounts, pricing } = vend;
    const { pricedState: was } = pricing;
    const { tariffs } = await this.books.atIn(tx, pricing.tariffBook, pricing.priceRevision);
    const { next } = price(was, amounts.grossPaisa, vend.issuedAt, tariffs, { channel });
    if (!isAfter(next, now)) throw new DomainError<VendingErrorCode>('vend-not-last');
    return {
      ...now,
      chargedThrough: was.chargedThrough,
      soldMonth: was.soldMonth,
      soldWh: was.soldWh,
      remainderPaisa: was.remainderPaisa,
      arrearsPaisa: now.arrearsPaisa + amounts.arrearsPaisa,
      pfcDuePaisa: now.pfcDuePaisa + amounts.pfcPaisa,
      penaltyDuePaisa: now.penaltyDuePaisa + amounts.penaltyPaisa,
      adjustmentDuePaisa: now.adjustmentDuePaisa + amounts.adjustmentPaisa,
    };
  }
}

/** True when the meter stands where the vend left it: what only vends change is as the vend set it. */
function isAfter(next: NextState, now: MeterState): boolean {
  return (
    next.chargedThrough === now.chargedThrough &&
    next.soldMonth === now.soldMonth &&
    next.soldWh === now.soldWh &&
    next.remainderPaisa === now.remainderPaisa
  );
}
