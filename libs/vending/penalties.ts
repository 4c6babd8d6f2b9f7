import { DomainError, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import { loadVendingMeters, lockMeterStates, saveMeterStates, type MeterState } from '@vend/meters';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { powerFactorSurcharge, type Quote } from '@vend/tariff';
import type { VendRecord } from './recharge';
import {
  findPenalty,
  findPenaltyByPaper,
  insertPenalty,
  lockPenalty,
  penaltiesOfMeter,
  penaltiesOfVend,
  withdrawPenalty,
  type Penalty,
} from './store/penalties.store';
import type { DuesErrorCode } from './dues.errors';

export type { Penalty, PenaltyKind, PenaltyState } from './store/penalties.store';

/** What a paper says. A tampering notice names its sum; a power factor's is reckoned from the reading (MONEY.md 5). */
export type PenaltyPaper = {
  /** As printed on the notice; in capitals, it is entered once. */
  readonly noticeNo: string;
  readonly noticeDate: LocalDay;
} & (
  | { readonly kind: 'tampering'; readonly amountPaisa: Paisa }
  | {
      readonly kind: 'power-factor';
      /** 0 to 100: 90 is 0.90. */
      readonly powerFactorHundredths: number;
      /** The energy charge of the month that was read. */
      readonly energyChargePaisa: Paisa;
    }
);

/** A paper about to be entered. */
export interface EnterPenalty {
  /** The Idempotency-Key; it becomes the penalty's id. */
  readonly key: Id;
  readonly meterId: Id;
  readonly paper: PenaltyPaper;
  readonly reason: string;
  readonly by: string;
}

/** Works in the caller's transaction: the approval is used up and the trail is written where the effect is. */
export type WithPenalty = (tx: Tx, penalty: Penalty, at: InstantMs) => Promise<void>;

/**
 * Penalties and power-factor surcharges: a sum that the meter's next vend takes whole, with the paper behind it. Nothing
 * is booked when it is entered: it is revenue when it is collected, by the vend's own entry (docs/LEDGER.md). The
 * meter's state and the paper move together, under the meter's lock.
 */
export class Penalties {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * What a paper comes to, before anybody is asked to approve it.
   *
   * @throws {DomainError<DuesErrorCode>} meter-not-found; penalty-single-phase, penalty-nothing-due;
   *   penalty-paper-used, unless by this very key
   * @example await penalties.reckon({ key, meterId, paper }) // 3750n
   */
  async reckon({ key, meterId, paper }: Pick<EnterPenalty, 'key' | 'meterId' | 'paper'>): Promise<Paisa> {
    const reader: Pick<Tx, 'query'> = { query: (sql, parameters) => this.database.read(sql, parameters) };
    const meter = (await loadVendingMeters(reader, [meterId])).get(meterId);
    if (!meter) throw new DomainError('meter-not-found');
    const used = await findPenaltyByPaper(this.database, paper.noticeNo);
    if (used && used.penaltyId !== key) throw new DomainError<DuesErrorCode>('penalty-paper-used');
    if (paper.kind === 'tampering') return paper.amountPaisa;
    if (meter.phase !== 3) throw new DomainError<DuesErrorCode>('penalty-single-phase');
    const { surchargePaisa } = powerFactorSurcharge(paper.energyChargePaisa, paper.powerFactorHundredths);
    if (surchargePaisa === 0n) throw new DomainError<DuesErrorCode>('penalty-nothing-due');
    return surchargePaisa;
  }

  /**
   * What this key entered before.
   *
   * @throws {DomainError<DuesErrorCode>} penalty-key-conflict: another paper, or for another meter
   */
  async entered({
    key,
    meterId,
    paper,
  }: Pick<EnterPenalty, 'key' | 'meterId' | 'paper'>): Promise<Penalty | undefined> {
    const stored = await findPenalty(this.database, key);
    if (!stored) return undefined;
    const same = stored.meterId === meterId && stored.kind === paper.kind && stored.noticeNo === paper.noticeNo;
    if (!same) throw new DomainError<DuesErrorCode>('penalty-key-conflict');
    return stored;
  }

  /**
   * Enters an approved paper: the meter's next vend takes its sum.
   *
   * @param approvalId of the second person, used up by `also`
   * @throws {DomainError<DuesErrorCode>} what `reckon` throws; penalty-paper-used when another was quicker
   * @example await penalties.enter(order, approvalId, (tx, penalty, at) => useApproval(tx, approvalId, `penalty:${penalty.penaltyId}`, at))
   */
  async enter(order: EnterPenalty, approvalId: Id, also: WithPenalty): Promise<Penalty> {
    const amountPaisa = await this.reckon(order);
    const { key, meterId, paper, reason, by } = order;
    try {
      return await this.database.transaction(async (tx) => {
        const state = (await lockMeterStates(tx, [meterId])).get(meterId);
        if (!state) throw new DomainError('meter-not-found');
        const at = this.now();
        const penalty: Penalty = {
          ...{ penaltyId: key, meterId, kind: paper.kind, state: 'DUE', amountPaisa, reason },
          ...{ noticeNo: paper.noticeNo, noticeDate: paper.noticeDate, approvalId, enteredBy: by, enteredAt: at },
          powerFactorHundredths: paper.kind === 'power-factor' ? paper.powerFactorHundredths : null,
          energyChargePaisa: paper.kind === 'power-factor' ? paper.energyChargePaisa : null,
          ...{ vendId: null, withdrawnBy: null, withdrawnAt: null, withdrawalKey: null },
        };
        await insertPenalty(tx, penalty);
        await saveMeterStates(tx, [withDue(state, penalty, 1n)]);
        await also(tx, penalty, at);
        return penalty;
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const stored = await this.entered(order);
      if (stored) return stored;
      throw new DomainError<DuesErrorCode>('penalty-paper-used', {}, { cause: error });
    }
  }

  /**
   * Takes a penalty back before a vend has collected it.
   *
   * @throws {DomainError<DuesErrorCode>} penalty-not-found, penalty-collected, penalty-withdrawn
   * @example await penalties.withdraw({ penaltyId, key, approvalId, by, reason }, also)
   */
  async withdraw(
    order: { penaltyId: Id; key: Id; approvalId: Id; by: string; reason: string },
    also: WithPenalty,
  ): Promise<Penalty> {
    const { penaltyId, key } = order;
    const { meterId } = await this.found(penaltyId);
    await this.database.transaction(async (tx) => {
      const state = (await lockMeterStates(tx, [meterId])).get(meterId);
      // Under the meter's lock: a vend that takes it comes before this or after.
      const penalty = await lockPenalty(tx, penaltyId);
      // A replacement of the meter took the sum along meanwhile: the next try finds it there.
      if (!state || penalty?.meterId !== meterId) throw new DomainError<DuesErrorCode>('penalty-not-found');
      if (penalty.state === 'WITHDRAWN' && penalty.withdrawalKey === key) return;
      assertDue(penalty);
      const at = this.now();
      await withdrawPenalty(tx, { ...order, at });
      await saveMeterStates(tx, [withDue(state, penalty, -1n)]);
      await also(tx, penalty, at);
    });
    return this.found(penaltyId);
  }

  /**
   * A penalty that may still be withdrawn, or was by this key.
   *
   * @throws {DomainError<DuesErrorCode>} penalty-not-found, penalty-collected, penalty-withdrawn
   */
  async withdrawable(penaltyId: Id, key: Id): Promise<Penalty> {
    const penalty = await this.found(penaltyId);
    if (penalty.withdrawalKey !== key) assertDue(penalty);
    return penalty;
  }

  /** Of a meter, the latest first. */
  ofMeter(meterId: Id): Promise<Penalty[]> {
    return penaltiesOfMeter(this.database, meterId);
  }

  /** The papers behind what a quote would take from a meter; asks only when it takes something. */
  async behindQuote(
    meterId: Id,
    { pfcPaisa, penaltyPaisa }: Pick<Quote, 'pfcPaisa' | 'penaltyPaisa'>,
  ): Promise<Penalty[]> {
    if (pfcPaisa + penaltyPaisa === 0n) return [];
    return (await penaltiesOfMeter(this.database, meterId)).filter(({ state }) => state === 'DUE');
  }

  /** The papers whose sums a vend collected; asks only when it collected something. */
  async behindVend({ vendId, amounts }: Pick<VendRecord, 'vendId' | 'amounts'>): Promise<Penalty[]> {
    return amounts.pfcPaisa + amounts.penaltyPaisa === 0n ? [] : penaltiesOfVend(this.database, vendId);
  }

  private async found(penaltyId: Id): Promise<Penalty> {
    const penalty = await findPenalty(this.database, penaltyId);
    if (!penalty) throw new DomainError<DuesErrorCode>('penalty-not-found');
    return penalty;
  }
}

function assertDue({ state }: Penalty): void {
  if (state === 'COLLECTED') throw new DomainError<DuesErrorCode>('penalty-collected');
  if (state === 'WITHDRAWN') throw new DomainError<DuesErrorCode>('penalty-withdrawn');
}

/** The meter's state with the penalty's sum added or taken away. */
function withDue(state: MeterState, { kind, amountPaisa }: Penalty, sign: 1n | -1n): MeterState {
  const change = sign * amountPaisa;
  return kind === 'power-factor'
    ? { ...state, pfcDuePaisa: state.pfcDuePaisa + change }
    : { ...state, penaltyDuePaisa: state.penaltyDuePaisa + change };
}
