import { DomainError, dhakaDay, startOfDay, type Id, type InstantMs } from '@vend/kernel';
import { lockHeirs, lockMeterStates, saveMeterStates, type MeterState } from '@vend/meters';
import type { Database, Tx } from '@vend/platform';
import type { PriceBooks, Publication } from '@vend/pricebook';
import { price, retroactiveDue, type PastRecharge } from '@vend/tariff';
import {
  insertAdjustments,
  readAdjusted,
  readReachedMeters,
  readReachedVends,
  type PastVend,
  type Reach,
} from './store/retroactive.store';
import type { VendingErrorCode } from './vending.errors';

/** Meters a transaction: few enough that a counter never waits long for one of them. */
const BATCH = 100;
const DAY_MS = 86_400_000;

/** What a run did; meters that an earlier run had done are not in it. */
export interface AdjustmentTotals {
  readonly meters: number;
  readonly duePaisa: bigint;
}

/**
 * Settles a retroactive version (policy `adjust_at_next_vend`): what each meter's recharges since its effective day would
 * have cost under it, less what they cost, becomes due at the meter's next recharge. Once for each meter and version,
 * however often it is run and wherever it was killed: the row of `tariff_adjustments` and the meter's state move together.
 */
export class RetroactiveAdjustment {
  constructor(
    private readonly database: Database,
    private readonly books: PriceBooks,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * @throws {DomainError} adjustment-not-due: no such published version, or one that leaves earlier recharges alone
   * @example await adjustment.run('first-light', 'bd-retail-2024-02')
   */
  async run(
    book: string,
    documentCode: string,
    onProgress: (meters: number) => void = () => undefined,
  ): Promise<AdjustmentTotals> {
    const publication = await this.books.publication(book, documentCode);
    if (!publication || publication.version.policy !== 'adjust_at_next_vend') {
      throw new DomainError<VendingErrorCode>('adjustment-not-due', { book, version: documentCode });
    }
    const { effectiveFrom } = publication.version;
    const effectiveMs = startOfDay(effectiveFrom);
    const reach: Reach = { book, effectiveFrom, effectiveMs, revision: publication.revision };
    let meters = 0;
    let duePaisa = 0n;
    for (let at = effectiveMs; at <= this.now(); at += DAY_MS) {
      let after: Id | undefined;
      for (;;) {
        const reached = await readReachedMeters(this.database, reach, dhakaDay(at), after, BATCH);
        const ids = [...new Set(reached.map(({ meterId }) => meterId))];
        const done = await this.database.transaction((tx) => this.adjust(tx, ids, reach, publication));
        meters += done.meters;
        duePaisa += done.duePaisa;
        onProgress(meters);
        if (reached.length < BATCH) break;
        after = reached.at(-1)!.vendId;
      }
    }
    return { meters, duePaisa };
  }

  private async adjust(
    tx: Tx,
    meterIds: readonly Id[],
    reach: Reach,
    { documentId, version }: Publication,
  ): Promise<AdjustmentTotals> {
    if (meterIds.length === 0) return { meters: 0, duePaisa: 0n };
    const states = await lockMeterStates(tx, meterIds);
    const adjusted = await readAdjusted(tx, documentId, meterIds);
    const open = meterIds.filter((meterId) => !adjusted.has(meterId) && states.has(meterId));
    if (open.length === 0) return { meters: 0, duePaisa: 0n };
    const reached = await readReachedVends(tx, open, reach);
    const adjustments = [];
    // A replaced meter's customer settles on the meter that took its place.
    const heirs = await lockHeirs(tx, states);
    const changed = new Map<Id, MeterState>();
    for (const meterId of open) {
      const vends = reached.filter((vend) => vend.meterId === meterId);
      const recharges = await Promise.all(vends.map((vend) => this.asPriced(tx, vend)));
      const duePaisa = retroactiveDue(recharges, version);
      adjustments.push({ meterId, duePaisa, vends: vends.length });
      const heir = heirs.get(meterId)!;
      const state = changed.get(heir.meterId) ?? heir;
      if (duePaisa === 0n) continue;
      changed.set(state.meterId, { ...state, adjustmentDuePaisa: state.adjustmentDuePaisa + duePaisa });
    }
    await insertAdjustments(tx, documentId, adjustments, this.now());
    await saveMeterStates(tx, [...changed.values()]);
    return { meters: open.length, duePaisa: adjustments.reduce((sum, one) => sum + one.duePaisa, 0n) };
  }

  private async asPriced(tx: Tx, vend: PastVend): Promise<PastRecharge> {
    const { pricedState: state, grossPaisa, issuedAt: at, channel } = vend;
    const { tariffs } = await this.books.atIn(tx, vend.tariffBook, vend.priceRevision);
    return { state, at, quote: price(state, grossPaisa, at, tariffs, { channel }) };
  }
}
