import { DomainError, type Id } from '@vend/kernel';
import type { Crediting, MeterKeys, Phase } from '../meters';
import type { LifeErrorCode } from './life.errors';

/** What a meter can be asked to do by a token beside taking credit (STS.md 4, 5). */
export const METER_SERVICES = ['clear-credit', 'clear-tamper', 'power-limit', 'phase-unbalance', 'meter-test'] as const;
export type MeterService = (typeof METER_SERVICES)[number];

/** What every meter of a manufacturer's model can do: data, entered once for each model. */
export interface MeterModel {
  /** STS manufacturer code, 2 or 4 digits. */
  readonly manufacturer: string;
  readonly model: string;
  readonly phase: Phase;
  readonly algorithms: readonly MeterKeys['ea'][];
  readonly crediting: readonly Crediting[];
  readonly services: readonly MeterService[];
  /** The most that its register holds; null: not known. A meter refuses a token that would take it beyond. */
  readonly registerMaxWh: bigint | null;
  readonly registerMaxPaisa: bigint | null;
  /** The highest power limit that it takes; null: not known. */
  readonly powerMaxW: bigint | null;
}
export type StoredModel = MeterModel & { readonly modelId: Id };

/** What is said of a meter that is to be installed. */
export interface ModelClaim {
  readonly manufacturer: string;
  readonly phase: Phase;
  readonly ea: MeterKeys['ea'];
  readonly crediting: Crediting;
}

/**
 * A meter of a model is as the model says: made by its manufacturer, of its phase, with an algorithm and a way of
 * crediting that it takes.
 *
 * @throws {DomainError<LifeErrorCode>} meter-model-differs (facts.field)
 */
export function checkModel(model: MeterModel, claim: ModelClaim): void {
  const wrong =
    (model.manufacturer !== claim.manufacturer && 'manufacturer') ||
    (model.phase !== claim.phase && 'phase') ||
    (!model.algorithms.includes(claim.ea) && 'ea') ||
    (!model.crediting.includes(claim.crediting) && 'crediting');
  if (wrong) throw new DomainError<LifeErrorCode>('meter-model-differs', { field: wrong });
}

/**
 * May a token for this service be made for a meter? A meter whose model is not on record is trusted to do what the
 * counter asks: most of those brought over from the former system.
 *
 * @example takesService(model, 'power-limit')
 */
export function takesService(model: MeterModel | undefined, service: MeterService): boolean {
  return model === undefined || model.services.includes(service);
}

/** May a meter be given this much at once, or set to this limit? What the model does not say is allowed. */
export function takesAmount(
  model: MeterModel | undefined,
  asked: { readonly energyWh?: bigint; readonly creditPaisa?: bigint; readonly powerW?: bigint },
): boolean {
  if (model === undefined) return true;
  const within = (value: bigint | undefined, most: bigint | null) =>
    value === undefined || most === null || value <= most;
  return (
    within(asked.energyWh, model.registerMaxWh) &&
    within(asked.creditPaisa, model.registerMaxPaisa) &&
    within(asked.powerW, model.powerMaxW)
  );
}
