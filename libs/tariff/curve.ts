import type { WattHours } from '@vend/kernel';
import type { CostCurve, CostPiece, Slab } from './tariff';

/** Every amount of a curve is in thousandths of a paisa: paisa per kWh × Wh, with no rounding anywhere. */
const WH_PER_KWH = 1000n;

/**
 * Lays slabs end to end as a continuous cost of the month's total (MONEY.md 4: limits 75/200/300/400/600).
 *
 * @example slabCurve([{ toKwh: 75, ratePaisaPerKwh: 419n }, { toKwh: null, ratePaisaPerKwh: 572n }])
 */
export function slabCurve(slabs: readonly Slab[]): CostCurve {
  const pieces: CostPiece[] = [];
  let startWh = 0n;
  let baseMilliPaisa = 0n;
  for (const { toKwh, ratePaisaPerKwh } of slabs) {
    const endWh = toKwh === null ? null : BigInt(toKwh) * WH_PER_KWH;
    pieces.push({ startWh, endWh, ratePaisaPerKwh, baseMilliPaisa });
    if (endWh === null) break;
    baseMilliPaisa += ratePaisaPerKwh * (endWh - startWh);
    startWh = endWh;
  }
  return { pieces };
}

/** A single rate from the first watt-hour. */
export function flatCurve(ratePaisaPerKwh: bigint): CostCurve {
  return slabCurve([{ toKwh: null, ratePaisaPerKwh }]);
}

/**
 * Slabs with a cheaper lifeline that holds only for a month within its limit: one watt-hour more and the whole
 * month costs what the slabs say, so the curve jumps there (MONEY.md 4, `first_50_then_reprice`).
 */
export function repricedCurve(lifeline: Slab, slabs: readonly Slab[]): CostCurve {
  const limitWh = BigInt(lifeline.toKwh ?? 0) * WH_PER_KWH;
  const plain = slabCurve(slabs).pieces;
  const after = plain
    .filter((piece) => piece.endWh === null || piece.endWh > limitWh)
    .map((piece) =>
      piece.startWh >= limitWh
        ? piece
        : {
            ...piece,
            startWh: limitWh,
            baseMilliPaisa: piece.baseMilliPaisa + piece.ratePaisaPerKwh * (limitWh - piece.startWh),
          },
    );
  const first = { startWh: 0n, endWh: limitWh, ratePaisaPerKwh: lifeline.ratePaisaPerKwh, baseMilliPaisa: 0n };
  return { pieces: [first, ...after] };
}

/** The estimate's curve: lifeline as the first slab, then the slabs from there, without repricing (receipts of NESCO). */
export function estimateCurve(lifeline: Slab | null, slabs: readonly Slab[]): CostCurve {
  return slabCurve(lifeline === null ? slabs : [lifeline, ...slabs]);
}

/** What `totalWh` of a month cost together, in thousandths of a paisa. */
export function costMilliPaisa(curve: CostCurve, totalWh: WattHours): bigint {
  for (const piece of curve.pieces) {
    if (piece.endWh === null || totalWh <= piece.endWh) {
      return piece.baseMilliPaisa + piece.ratePaisaPerKwh * (totalWh - piece.startWh);
    }
  }
  throw new RangeError('cost curve without an open last piece');
}

/** What `wh` more cost after `soldWh`, in thousandths of a paisa. */
export function costOfMilliPaisa(curve: CostCurve, soldWh: WattHours, wh: WattHours): bigint {
  return costMilliPaisa(curve, soldWh + wh) - costMilliPaisa(curve, soldWh);
}

/**
 * The most energy that `paisa` buys after `soldWh` were sold, cut down to whole `stepWh`: exact, no float, never
 * more than the money pays for.
 *
 * @example affordableWh(ltA2020, 60000n, 80868n, 100n) // 145100n (MONEY.md 4)
 */
export function affordableWh(curve: CostCurve, soldWh: WattHours, paisa: bigint, stepWh: WattHours): WattHours {
  const target = costMilliPaisa(curve, soldWh) + paisa * WH_PER_KWH;
  for (let index = curve.pieces.length - 1; index >= 0; index--) {
    const piece = curve.pieces[index]!;
    // A piece is entered only when the money reaches its base; below a jump the piece before it ends the search.
    if (target < piece.baseMilliPaisa) continue;
    const spare = target - piece.baseMilliPaisa + (piece.startWh - soldWh) * piece.ratePaisaPerKwh;
    const steps = spare / (piece.ratePaisaPerKwh * stepWh);
    if (piece.endWh === null) return steps * stepWh;
    const stepsToLimit = (piece.endWh - soldWh) / stepWh;
    return (steps < stepsToLimit ? steps : stepsToLimit) * stepWh;
  }
  return 0n;
}

/** A stretch of the curve that a sale passes through. */
export interface EnergyPart {
  readonly wh: WattHours;
  readonly ratePaisaPerKwh: bigint;
  /** What crossing the lifeline limit added to the units sold before it, in thousandths of a paisa; 0 elsewhere. */
  readonly repriceMilliPaisa: bigint;
}

/** Itemises a sale by rate: the parts' `wh × rate + reprice` add up to its exact cost. */
export function energyParts(curve: CostCurve, soldWh: WattHours, wh: WattHours): EnergyPart[] {
  const parts: EnergyPart[] = [];
  const untilWh = soldWh + wh;
  for (const piece of curve.pieces) {
    const fromWh = piece.startWh > soldWh ? piece.startWh : soldWh;
    const toWh = piece.endWh !== null && piece.endWh < untilWh ? piece.endWh : untilWh;
    if (toWh <= fromWh) continue;
    const entered = piece.startWh >= soldWh && piece.startWh > 0n;
    const repriceMilliPaisa = entered ? piece.baseMilliPaisa - costMilliPaisa(curve, piece.startWh) : 0n;
    parts.push({ wh: toWh - fromWh, ratePaisaPerKwh: piece.ratePaisaPerKwh, repriceMilliPaisa });
  }
  return parts;
}
