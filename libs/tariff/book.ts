import { DomainError, startOfDay, type InstantMs, type LocalDay, type YearMonth } from '@vend/kernel';
import { projectLimits } from './data/limits';
import { readPriceDocument, readRechargeLimits, type PriceDocument, type PricePart } from './documents';
import { lintFeeSchedule, lintRebateProfile, lintRechargeLimits, lintVersion, type LintFinding } from './lint';
import type { FeeSchedule, RebateProfile, RechargeLimits, TariffBook, TariffVersion } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

/** What a book is made of. Without limits the project's own count. */
export interface TariffBookParts {
  readonly id?: string;
  readonly versions: readonly TariffVersion[];
  readonly rebateProfiles: readonly RebateProfile[];
  readonly limits?: readonly RechargeLimits[];
  readonly feeSchedules?: readonly FeeSchedule[];
}

const DEFAULT_LIMITS = readRechargeLimits(projectLimits);

/** A dated thing with its days as instants, computed once: price() asks on every recharge. */
interface Dated<Thing> {
  readonly thing: Thing;
  readonly effectiveMs: InstantMs;
  readonly publishedMs: InstantMs;
  readonly endsMs: InstantMs;
  readonly revokedMs: InstantMs;
}

/**
 * Builds the book of a utility from reviewed versions and rebate profiles. A version is used from the later of its
 * effective and its published day (policy `from_next_vend`, MONEY.md 3) until it ends, is withdrawn, or a later one
 * begins; so a recharge re-priced years later meets the version it met then.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-book-invalid with `where` and `reason`: the first contradiction found
 * @example tariffBook({ versions: [readTariffVersion(bdRetail2020)], rebateProfiles: [readRebateProfile(nesco2021)] })
 */
export function tariffBook(parts: TariffBookParts): TariffBook {
  const { id = 'unnamed', versions, rebateProfiles, limits = [], feeSchedules = [] } = parts;
  refuseContradictions(parts);
  const datedVersions = newestFirst(versions.map((version) => dated(version, version.publishedOn, version.revokedOn)));
  const always = <Thing extends DatedId>(things: readonly Thing[]) =>
    newestFirst(things.map((thing) => dated(thing, null, null)));
  const [profiles, allLimits, schedules] = [always(rebateProfiles), always(limits), always(feeSchedules)];
  return {
    id,
    versions,
    rebateProfiles,
    limits,
    feeSchedules,
    versionAt: (at) => inForce(datedVersions, at, at) ?? notInForce('tariff'),
    versionForMonth: (month, at) =>
      inForce(datedVersions, startOfMonth(month), at) ?? notInForce(`tariff for ${month}`),
    rebateAt: (at) => inForce(profiles, at, at) ?? notInForce('rebate profile'),
    limitsAt: (at) => inForce(allLimits, at, at) ?? DEFAULT_LIMITS,
    feesAt: (at) => inForce(schedules, at, at) ?? notInForce('service fees'),
  };
}

/**
 * Builds a book from documents of any kind.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-book-invalid, also for a decimal that is none
 * @example bookOfDocuments('nesco', [{ kind: 'tariff-version', ...bdRetail2020 }, { kind: 'rebate-profile', ...nesco2021 }])
 */
export function bookOfDocuments(id: string, documents: readonly PriceDocument[]): TariffBook {
  return bookOfParts(id, documents.map(readOrRefuse));
}

/** The same from documents that are read already. */
export function bookOfParts(id: string, parts: readonly PricePart[]): TariffBook {
  return tariffBook({
    id,
    versions: parts.flatMap((part) => (part.kind === 'tariff-version' ? [part.version] : [])),
    rebateProfiles: parts.flatMap((part) => (part.kind === 'rebate-profile' ? [part.profile] : [])),
    limits: parts.flatMap((part) => (part.kind === 'recharge-limits' ? [part.limits] : [])),
    feeSchedules: parts.flatMap((part) => (part.kind === 'service-fees' ? [part.schedule] : [])),
  });
}

function readOrRefuse(document: PriceDocument): PricePart {
  try {
    return readPriceDocument(document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const facts = { where: document.id, reason: error.message };
    throw new DomainError<TariffErrorCode>('tariff-book-invalid', facts, { cause: error });
  }
}

/**
 * A book that prices with one version whatever its dates, and with everything else of the book by its own: what a draft
 * would make of a recharge.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-book-invalid
 * @example price(state, 50_000n, Date.now(), bookWithVersion(book, draft))
 */
export function bookWithVersion(book: TariffBook, version: TariffVersion): TariffBook {
  const always = { publishedOn: null, effectiveFrom: '1900-01-01', endsOn: null, revokedOn: null } as const;
  return tariffBook({ ...book, versions: [{ ...version, ...always }] });
}

/** The newest thing in effect on `day` as it was known at `knownAt`. */
function inForce<Thing>(things: readonly Dated<Thing>[], day: InstantMs, knownAt: InstantMs): Thing | undefined {
  for (const { thing, effectiveMs, publishedMs, endsMs, revokedMs } of things) {
    if (effectiveMs <= day && day < endsMs && publishedMs <= knownAt && knownAt < revokedMs) return thing;
  }
  return undefined;
}

function notInForce(what: string): never {
  throw new DomainError<TariffErrorCode>('tariff-not-in-force', { what });
}

function dated<Thing extends { effectiveFrom: LocalDay; endsOn: LocalDay | null }>(
  thing: Thing,
  publishedOn: LocalDay | null,
  revokedOn: LocalDay | null,
): Dated<Thing> {
  return {
    thing,
    effectiveMs: startOfDay(thing.effectiveFrom),
    // An order whose day of publication is not known counts as known in time.
    publishedMs: publishedOn === null ? -Infinity : startOfDay(publishedOn),
    endsMs: thing.endsOn === null ? Infinity : startOfDay(thing.endsOn),
    revokedMs: revokedOn === null ? Infinity : startOfDay(revokedOn),
  };
}

function newestFirst<Thing>(things: Dated<Thing>[]): Dated<Thing>[] {
  return things.sort((a, b) => b.effectiveMs - a.effectiveMs || b.publishedMs - a.publishedMs);
}

/** Dhaka has no daylight saving, so the first instant of a month is plain arithmetic. */
function startOfMonth(month: YearMonth): InstantMs {
  return Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1) - 6 * 3_600_000;
}

function refuseContradictions(parts: TariffBookParts): void {
  const { versions, rebateProfiles, limits = [], feeSchedules = [] } = parts;
  const faults = [
    ...versions.flatMap(lintVersion),
    ...rebateProfiles.flatMap(lintRebateProfile),
    ...limits.flatMap(lintRechargeLimits),
    ...feeSchedules.flatMap(lintFeeSchedule),
  ].filter((finding) => finding.severity === 'error');
  const standing = versions.filter((version) => version.revokedOn === null);
  const reason =
    faults[0] ??
    lintDates(versions, standing) ??
    lintDates(rebateProfiles, rebateProfiles) ??
    lintDates(limits, limits) ??
    lintDates(feeSchedules, feeSchedules);
  if (reason) {
    throw new DomainError<TariffErrorCode>('tariff-book-invalid', {
      where: reason.where,
      reason: reason.problem,
      reasonBn: reason.problemBn,
    });
  }
}

interface DatedId {
  readonly id: string;
  readonly effectiveFrom: LocalDay;
  readonly endsOn: LocalDay | null;
}

/** Two with one id, two that begin on one day, or a stated end that reaches into the next one's time. */
function lintDates(all: readonly DatedId[], standing: readonly DatedId[]): Omit<LintFinding, 'severity'> | undefined {
  if (new Set(all.map((one) => one.id)).size < all.length) {
    return { where: 'book', problem: 'an id is used twice', problemBn: 'একটি আইডি দুবার আছে' };
  }
  const inOrder = [...standing].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  for (const [index, one] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (!next) return undefined;
    if (one.effectiveFrom === next.effectiveFrom) {
      const [problem, problemBn] = [`begins on the same day as ${one.id}`, `${one.id}-এর সঙ্গে একই দিনে শুরু`];
      return { where: next.id, problem, problemBn };
    }
    if (one.endsOn !== null && one.endsOn > next.effectiveFrom) {
      const problem = `overlaps ${one.id}, which has a stated end`;
      return { where: next.id, problem, problemBn: `${one.id}-এর মেয়াদের মধ্যে পড়ে, যার শেষ দিন বলা আছে` };
    }
  }
  return undefined;
}
