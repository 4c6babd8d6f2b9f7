import { DomainError, newId, type InstantMs } from '@vend/kernel';
import type { LedgerService } from '@vend/ledger';
import { openRemoteLoads } from '@vend/meterlink';
import {
  issueKeyChanges,
  loadDueKeyChanges,
  loadVendingMeters,
  lockMeterStates,
  saveMeterStates,
  voidKeyChanges,
  type MeterState,
  type VendingMeter,
} from '@vend/meters';
import { leaveToWorker, type Database, type Tx } from '@vend/platform';
import type { PriceBooks } from '@vend/pricebook';
import { FreshBegin } from '../fresh-begin';
import { onDueKey } from '../key-change.draft';
import type { TokenIssuer } from '../ports';
import { receiptNo } from '../receipt-no';
import { assertRegisterHolds } from '../register';
import type { RechargeAnswer, RechargeRecord, VendAmounts, VendRecord } from '../recharge';
import { findClaims, insertRecharges, keyText, readRecordByKey, type Claim } from '../store/recharge.store';
import { insertVends, type NewToken } from '../store/vend.store';
import type { VendingErrorCode } from '../vending.errors';
import { orderHash, orderId, type Order, type OrderPlan } from './order';
import { makeTokens, numberTokens, type TokenDraft } from './order.tokens';

export interface OrdersSettings {
  /** The price book's name. */
  readonly book: string;
  readonly tokenDeadlineMs: number;
  /** How far past now the TIDs of one meter may run in a burst; two hours unless told. */
  readonly maxRunAheadMinutes?: number;
}

const NO_AMOUNTS: VendAmounts = {
  grossPaisa: 0n,
  vatPaisa: 0n,
  rentPaisa: 0n,
  demandPaisa: 0n,
  arrearsPaisa: 0n,
  pfcPaisa: 0n,
  penaltyPaisa: 0n,
  rebatePaisa: 0n,
  lifelineCreditPaisa: 0n,
  adjustmentPaisa: 0n,
  energyPaisa: 0n,
  remainderInPaisa: 0n,
  remainderOutPaisa: 0n,
  feePaisa: 0n,
  depositPaisa: 0n,
  grantedPaisa: 0n,
};

/**
 * Every kind of vend but the recharge: one order, one transaction. Claim, meter lock, the kind's own plan, TIDs, tokens,
 * vend, entry, receipt, and what the caller adds (audit, approval) are there together or not at all.
 */
export class Orders {
  private readonly freshBegin = new FreshBegin();

  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly issuer: TokenIssuer,
    private readonly books: PriceBooks,
    private readonly settings: OrdersSettings,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Carries an order out, once per business key, whoever asks and however often.
   *
   * @throws {DomainError} transaction-conflict; meter-not-found, meter-closed, above-meter-register; the kind's refusals; token-server-down …:
   *   nothing was changed, but for outcome-unknown, which must be asked again with the same key
   * @example const { record, replayed } = await orders.run(engineeringOrder({ … }))
   */
  async run<Extra>(order: Order<Extra>): Promise<RechargeAnswer> {
    await this.ledger.open(order.accounts ?? []);
    return this.freshBegin.run(async () => {
      const record = await this.database.transaction((tx) => this.work(tx, order), 1);
      if (record) return { record, replayed: false };
      const stored = await this.find(order);
      if (!stored) throw new Error('a committed order cannot be read');
      return { record: stored, replayed: true };
    });
  }

  /**
   * What came of an order, if it was carried out: to be asked before anything else that a repeat must not depend on.
   *
   * @throws {DomainError} transaction-conflict: its key was used for something else
   */
  async find(order: Pick<Order, 'kind' | 'meterId' | 'asked' | 'source' | 'sourceRef'>) {
    const record = await readRecordByKey(this.database, order);
    if (record && record.rechargeId !== orderId(order)) throw new DomainError<VendingErrorCode>('transaction-conflict');
    return record;
  }

  /**
   * Whether an order could be carried out now: plans it and changes nothing. To be asked before a second person is.
   *
   * @throws {DomainError} as `run`, but for what only the token server knows
   */
  async check<Extra>(order: Order<Extra>): Promise<void> {
    const planned = new Planned();
    await this.database
      .transaction(async (tx) => {
        await this.plan(tx, order);
        throw planned;
      })
      .catch((reason: unknown) => {
        if (reason !== planned) throw reason;
      });
  }

  /** @returns undefined when the order was carried out before */
  private async work<Extra>(tx: Tx, order: Order<Extra>): Promise<RechargeRecord | undefined> {
    const planned = await this.plan(tx, order);
    if (!planned) return undefined;
    const { plan, meter, state, due, fits, now } = planned;
    const id = orderId(order);
    const maxRunAheadMinutes = this.settings.maxRunAheadMinutes ?? 120;
    const draft = numberTokens(id, plan, { meter, state, due }, { now, maxRunAheadMinutes });
    const tokens = plan.made ?? (await makeTokens(id, draft, meter.keys, this.issuer, this.settings.tokenDeadlineMs));
    const record = recordOf(order, plan, tokens, now);
    // The set was looked at and does not fit: nobody gets it.
    const stale = due && !fits ? [due.changeId] : [];
    await this.write(tx, order, plan, { record, tokens, draft, stale, state });
    return record;
  }

  /** Locks the meter and makes the plan. @returns undefined when the order was carried out before */
  private async plan<Extra>(tx: Tx, order: Order<Extra>) {
    const now = this.now();
    const { meterId } = order;
    // Asked in this order, so that everything else is read when the meter's lock is held.
    const [states, claims, meters, book, extra] = await Promise.all([
      lockMeterStates(tx, [meterId, ...(order.alsoLocks ?? [])]),
      findClaims(tx, [order]),
      loadVendingMeters(tx, [meterId]),
      order.priced ? this.books.hold(tx, this.settings.book) : null,
      order.read?.(tx, now),
    ]);
    if (isStored(order, claims.get(keyText(order)))) return undefined;
    const meter = meters.get(meterId);
    const state = states.get(meterId);
    if (!meter || !state) throw new DomainError('meter-not-found');
    if (meter.status !== 'active' && !order.closedToo) throw new DomainError('meter-closed');
    const due = state.keyChangeDue ? (await loadDueKeyChanges(tx, [meterId])).get(meterId) : undefined;
    const { keyChange } = onDueKey(meter, state, due);
    const plan = order.plan({ orderId: orderId(order), now, meter, state, keyChange, book, extra: extra as Extra });
    assertTaken(meter, plan);
    return { plan, meter, state, due, fits: keyChange !== null, now };
  }

  private async write<Extra>(
    tx: Tx,
    order: Order<Extra>,
    plan: OrderPlan,
    made: {
      readonly record: RechargeRecord & { vend: VendRecord };
      readonly tokens: readonly NewToken[];
      readonly draft: TokenDraft;
      readonly stale: readonly string[];
      readonly state: MeterState;
    },
  ): Promise<void> {
    const { record, tokens, draft, stale, state } = made;
    const { vend, rechargeId } = record;
    const now = record.receivedAt;
    const { meterId } = order;
    const goes = draft.keyChange ? [{ changeId: draft.keyChange.changeId, vendId: vend.vendId }] : [];
    const keyChangeDue = state.keyChangeDue && goes.length === 0 && stale.length === 0;
    // What every meter shows to whoever asks is for somebody who stands before it; a token made before is in the meter.
    const loads = !plan.made && vend.tokens.some(({ kind }) => kind !== 'test-display');
    const { headEnd } = draft.meter;
    const toLoad = headEnd !== null && loads ? [{ vendId: vend.vendId, meterId, headEnd }] : [];
    await Promise.all([
      insertRecharges(tx, [{ ...record, actor: order.actor }]),
      insertVends(tx, [{ rechargeId, meterId, vend, tokens }]),
      leaveToWorker(tx, [{ topic: 'receipt', refId: vend.vendId }], new Date(now)),
      openRemoteLoads(tx, toLoad, now),
      saveMeterStates(tx, [{ ...state, ...plan.next, lastTid: draft.lastTid, keyChangeDue }]),
      voidKeyChanges(tx, stale, 'vend', now),
      issueKeyChanges(tx, goes, now),
    ]);
    await plan.also?.(tx, vend);
    await order.alongside?.(tx, vend);
    await this.ledger.post(tx, plan.entries ?? []);
  }
}

/** @throws {DomainError<VendingErrorCode>} above-meter-register: the meter could never take the plan's credit */
function assertTaken(meter: VendingMeter, { tokens }: OrderPlan): void {
  for (const wish of tokens) {
    if (wish.kind !== 'credit') continue;
    const { subclass, amountUnits } = wish;
    const credit =
      subclass === 0
        ? { energyWh: amountUnits * 100n, energyPaisa: 0n }
        : { energyWh: null, energyPaisa: amountUnits / 1_000n };
    assertRegisterHolds(meter, credit);
  }
}

/** Ends a transaction that was only to see what would come of an order. */
class Planned extends Error {
  override readonly name = 'Planned';
}

/** @throws {DomainError} transaction-conflict: the key was used for something else */
function isStored(order: Pick<Order, 'kind' | 'meterId' | 'asked'>, claim: Claim | undefined): boolean {
  if (claim && !claim.bodyHash.equals(orderHash(order))) {
    throw new DomainError<VendingErrorCode>('transaction-conflict');
  }
  return claim !== undefined;
}

function recordOf(
  order: Pick<Order, 'kind' | 'source' | 'sourceRef' | 'channel' | 'meterId' | 'asked'>,
  plan: OrderPlan,
  tokens: readonly NewToken[],
  now: InstantMs,
): RechargeRecord & { vend: VendRecord } {
  const amounts = { ...NO_AMOUNTS, ...plan.amounts };
  const vend: VendRecord = {
    vendId: newId(now),
    kind: order.kind,
    receiptNo: receiptNo(now),
    issuedAt: now,
    amounts,
    energyWh: plan.energyWh ?? null,
    estimatedWh: plan.estimatedWh ?? null,
    pricing: plan.pricing ?? null,
    detail: plan.detail ?? null,
    tokens: tokens.map(({ token }) => token),
  };
  return {
    rechargeId: orderId(order),
    source: order.source,
    sourceRef: order.sourceRef,
    channel: order.channel,
    kind: order.kind,
    state: 'APPLIED',
    refusalCode: null,
    meterId: order.meterId,
    grossPaisa: amounts.grossPaisa,
    receivedAt: now,
    asked: { content: orderHash(order).toString('hex'), reference: null },
    vend,
  };
}
