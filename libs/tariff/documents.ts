import { parseTaka, type LocalDay } from '@vend/kernel';
import { readTariffVersion, type TariffVersionSource } from './source';
import type {
  AmountLimits,
  Bilingual,
  FeeRow,
  FeeSchedule,
  Level,
  RebateProfile,
  RechargeChannel,
  RechargeLimits,
  TariffVersion,
} from './tariff';

/** What every dated price document says of itself. */
interface Dated {
  readonly id: string;
  readonly title?: Bilingual;
  readonly effectiveFrom: LocalDay;
  /** First day no longer in force; absent or null: until superseded. */
  readonly endsOn?: LocalDay | null;
}

/** A rebate as a person reviews it: percent and divisor as decimals (`1`, `1.01`). */
export interface RebateProfileSource extends Dated {
  readonly percent: string;
  readonly divisor: string;
}

interface ChannelLimitsSource {
  readonly minimumTk: string;
  readonly maximumTk: string | null;
  readonly stepTk: string;
}

/**
 * Limits of one recharge in Taka; `maximumTk` null: only the level's. What is paid on our own page has the limits of
 * mobile money where a document says no others: documents of before know no such channel.
 */
export interface RechargeLimitsSource extends Dated {
  readonly levelMaximumTk: Readonly<Record<Level, string>>;
  readonly channels: Readonly<Record<Exclude<RechargeChannel, 'checkout'>, ChannelLimitsSource>> & {
    readonly checkout?: ChannelLimitsSource | undefined;
  };
}

/** Fees and deposits in Taka before VAT; null: the printed table has none. */
export interface FeeScheduleSource extends Dated {
  readonly vatPercent: number;
  readonly fees: Readonly<Record<string, FeeRowSource>>;
  readonly deposits: readonly DepositRowSource[];
}

export interface FeeRowSource {
  readonly singlePhase: string | null;
  readonly threePhase: string | null;
  readonly currentTransformer?: string;
  readonly mt: string | null;
  readonly ht: string | null;
  readonly eht: string | null;
}

/** `classes` are codes, or a level with a star: `LT-A`, `MT-*`. `upToKw` null: any load. */
export interface DepositRowSource {
  readonly classes: readonly string[];
  readonly upToKw: number | null;
  readonly tkPerKw: string;
}

/** One reviewed document of a price book, as a file or a table keeps it. */
export type PriceDocument =
  | ({ readonly kind: 'tariff-version' } & TariffVersionSource)
  | ({ readonly kind: 'rebate-profile' } & RebateProfileSource)
  | ({ readonly kind: 'recharge-limits' } & RechargeLimitsSource)
  | ({ readonly kind: 'service-fees' } & FeeScheduleSource);

export type PriceDocumentKind = PriceDocument['kind'];

/** A document read into what prices. */
export type PricePart =
  | { readonly kind: 'tariff-version'; readonly version: TariffVersion }
  | { readonly kind: 'rebate-profile'; readonly profile: RebateProfile }
  | { readonly kind: 'recharge-limits'; readonly limits: RechargeLimits }
  | { readonly kind: 'service-fees'; readonly schedule: FeeSchedule };

/**
 * Reads a document of any kind. What contradicts itself in it is found by the lint that `tariffBook` runs.
 *
 * @throws {RangeError} when a decimal is not one
 * @example readPriceDocument({ kind: 'rebate-profile', id: 'nesco-2021', effectiveFrom: '2020-03-01', percent: '1', divisor: '1.01' })
 */
export function readPriceDocument(document: PriceDocument): PricePart {
  switch (document.kind) {
    case 'tariff-version': {
      const { kind, ...source } = document;
      return { kind, version: readTariffVersion(source) };
    }
    case 'rebate-profile':
      return { kind: document.kind, profile: readRebateProfile(document) };
    case 'recharge-limits':
      return { kind: document.kind, limits: readRechargeLimits(document) };
    case 'service-fees':
      return { kind: document.kind, schedule: readFeeSchedule(document) };
  }
}

/** @example readRebateProfile({ id: 'bpdb-2024', effectiveFrom: '2024-01-01', percent: '0.5', divisor: '1.01' }).divisorBp // 10100n */
export function readRebateProfile(source: RebateProfileSource): RebateProfile {
  const { id, effectiveFrom, endsOn = null, percent, divisor } = source;
  return {
    id,
    effectiveFrom,
    endsOn,
    percentBp: parseScaled(percent, 2),
    divisorBp: parseScaled(divisor, 4),
  };
}

/** Reads limits of one recharge; see `RechargeLimitsSource` for the format. */
export function readRechargeLimits(source: RechargeLimitsSource): RechargeLimits {
  const { id, effectiveFrom, endsOn = null, levelMaximumTk, channels } = source;
  const limitsOf = (channel: RechargeChannel): AmountLimits => {
    const { minimumTk, maximumTk, stepTk } = channels[channel] ?? channels['mobile-money'];
    return {
      minimumPaisa: parseTaka(minimumTk),
      maximumPaisa: maximumTk === null ? null : parseTaka(maximumTk),
      stepPaisa: parseTaka(stepTk),
    };
  };
  const { LT, MT, HT, EHT } = levelMaximumTk;
  return {
    id,
    effectiveFrom,
    endsOn,
    levelMaximumPaisa: { LT: parseTaka(LT), MT: parseTaka(MT), HT: parseTaka(HT), EHT: parseTaka(EHT) },
    channels: {
      counter: limitsOf('counter'),
      'mobile-money': limitsOf('mobile-money'),
      callback: limitsOf('callback'),
      checkout: limitsOf('checkout'),
    },
  };
}

/** Reads fees and deposits; see `FeeScheduleSource` for the format. */
export function readFeeSchedule(source: FeeScheduleSource): FeeSchedule {
  const { id, effectiveFrom, endsOn = null, vatPercent, fees, deposits } = source;
  return {
    id,
    effectiveFrom,
    endsOn,
    vatPercent: BigInt(vatPercent),
    fees: new Map(Object.entries(fees).map(([name, row]) => [name, readFeeRow(row)])),
    deposits: deposits.map(({ classes, upToKw, tkPerKw }) => ({ classes, upToKw, paisaPerKw: parseTaka(tkPerKw) })),
  };
}

function readFeeRow({ singlePhase, threePhase, currentTransformer, mt, ht, eht }: FeeRowSource): FeeRow {
  const optional = (taka: string | null) => (taka === null ? null : parseTaka(taka));
  return {
    singlePhase: optional(singlePhase),
    threePhase: optional(threePhase),
    ...(currentTransformer === undefined ? {} : { currentTransformer: parseTaka(currentTransformer) }),
    mt: optional(mt),
    ht: optional(ht),
    eht: optional(eht),
  };
}

/** A decimal as a whole number of its last place. @throws {RangeError} @example parseScaled('1.005', 4) // 10050n */
function parseScaled(text: string, decimals: number): bigint {
  const match = new RegExp(`^(-?)(\\d{1,9})(?:\\.(\\d{1,${decimals}}))?$`).exec(text);
  if (!match) throw new RangeError(`not a decimal with at most ${decimals} decimals`);
  const value = BigInt(match[2]! + (match[3] ?? '').padEnd(decimals, '0'));
  return match[1] ? -value : value;
}
