import { DomainError, startOfDay, type InstantMs, type LocalDay, type Paisa, type YearMonth } from '@vend/kernel';
import { lintRebateProfile, lintVersion } from './lint';
import type { Level, RebateProfile, TariffBook, TariffVersion } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

/** What a book is made of. */
export interface TariffBookParts {
  readonly id?: string;
  readonly versions: readonly TariffVersion[];
  readonly rebateProfiles: readonly RebateProfile[];
  readonly maximumRechargePaisa?: Readonly<Record<Level, Paisa>>;
}

/**
 * Tk 500 000 at low tension, Tk 50 000 000 above: a month of the largest connection, and far above any typing slip
 * that a till should let through. Channels set tighter limits of their own.
 */
const DEFAULT_MAXIMUM_PAISA: Readonly<Record<Level, Paisa>> = {
  LT: 50_000_000n,
  MT: 5_000_000_000n,
  HT: 5_000_000_000n,
  EHT: 5_000_000_000n,
};

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
 * @example tariffBook({ versions: [readTariffVersion(bdRetail2020)], rebateProfiles: [nesco2021] })
 */
export function tariffBook(parts: TariffBookParts): TariffBook {
  const { id = 'unnamed', versions, rebateProfiles, maximumRechargePaisa = DEFAULT_MAXIMUM_PAISA } = parts;
  refuseContradictions(versions, rebateProfiles);
  const datedVersions = newestFirst(versions.map((version) => dated(version, version.publishedOn, version.revokedOn)));
  const datedProfiles = newestFirst(rebateProfiles.map((profile) => dated(profile, null, null)));
  return {
    id,
    versions,
    rebateProfiles,
    maximumRechargePaisa,
    versionAt: (at: InstantMs) => inForce(datedVersions, at, at, 'tariff'),
    versionForMonth: (month: YearMonth, at: InstantMs) =>
      inForce(datedVersions, startOfMonth(month), at, `tariff for ${month}`),
    rebateAt: (at: InstantMs) => inForce(datedProfiles, at, at, 'rebate profile'),
  };
}

/** The newest thing in effect on `day` as it was known at `knownAt`. */
function inForce<Thing>(things: readonly Dated<Thing>[], day: InstantMs, knownAt: InstantMs, what: string): Thing {
  for (const { thing, effectiveMs, publishedMs, endsMs, revokedMs } of things) {
    if (effectiveMs <= day && day < endsMs && publishedMs <= knownAt && knownAt < revokedMs) return thing;
  }
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

function refuseContradictions(versions: readonly TariffVersion[], profiles: readonly RebateProfile[]): void {
  const faults = [...versions.flatMap(lintVersion), ...profiles.flatMap(lintRebateProfile)].filter(
    (finding) => finding.severity === 'error',
  );
  const standing = versions.filter((version) => version.revokedOn === null);
  const reason = faults[0] ?? lintDates(versions, standing) ?? lintDates(profiles, profiles);
  if (reason) {
    throw new DomainError<TariffErrorCode>('tariff-book-invalid', { where: reason.where, reason: reason.problem });
  }
}

interface DatedId {
  readonly id: string;
  readonly effectiveFrom: LocalDay;
  readonly endsOn: LocalDay | null;
}

/** Two with one id, two that begin on one day, or a stated end that reaches into the next one's time. */
function lintDates(
  all: readonly DatedId[],
  standing: readonly DatedId[],
): { where: string; problem: string } | undefined {
  if (new Set(all.map((one) => one.id)).size < all.length) return { where: 'book', problem: 'an id is used twice' };
  const inOrder = [...standing].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  for (const [index, one] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (!next) return undefined;
    if (one.effectiveFrom === next.effectiveFrom)
      return { where: next.id, problem: `begins on the same day as ${one.id}` };
    if (one.endsOn !== null && one.endsOn > next.effectiveFrom) {
      return { where: next.id, problem: `overlaps ${one.id}, which has a stated end` };
    }
  }
  return undefined;
}
