/** Proves which tariff and rebate a date gets, that data contradicting itself is refused, and that the shipped tables pass the lint. */
import { startOfDay } from '@vend/kernel';
import {
  bookById,
  bookIds,
  bookOfDocuments,
  bookWithVersion,
  firstLightBook,
  historicalBook,
  lintVersion,
  readTariffVersion,
  tariffBook,
  type FeeScheduleSource,
  type PriceDocument,
  type RebateProfile,
  type RebateProfileSource,
  type RechargeLimitsSource,
  type TariffVersionSource,
} from '.';
import { bdRetail2020 } from './data/bd-retail-2020';
import { fees2020 } from './data/fees-2020';
import { projectLimits } from './data/limits';
import { flat, residential, row, tou } from './data/rows';
import { nesco2021 } from './testing';

const day = (text: string) => startOfDay(text);

/** A version with one class, changed where the test says. */
function version(changes: Partial<TariffVersionSource>) {
  return readTariffVersion({
    ...bdRetail2020,
    publishedOn: null,
    classes: [row('LT-B', '30.00', flat('4.16'))],
    ...changes,
  });
}

function book(versions: Partial<TariffVersionSource>[], rebateProfiles: RebateProfile[] = [nesco2021]) {
  return tariffBook({ versions: versions.map(version), rebateProfiles });
}

function reasonOf(build: () => unknown): unknown {
  try {
    build();
  } catch (error) {
    return (error as { facts: { reason: string } }).facts.reason;
  }
  return 'accepted';
}

describe('the version in force', () => {
  it.each([
    ['2020-03-01', 'bd-retail-2020-03'],
    ['2023-01-31', 'bd-retail-2020-03'],
    ['2023-02-01', 'bd-retail-2023-02'],
    ['2023-03-01', 'bd-retail-2023-03'],
    ['2024-02-28', 'bd-retail-2023-03'],
    ['2024-02-29', 'bd-retail-2024-02'],
    ['2026-11-21', 'bd-retail-2024-02'],
  ])('on %s is %s', (date, id) => {
    expect(historicalBook.versionAt(day(date)).id).toBe(id);
  });

  it('begins at midnight in Dhaka, not in London', () => {
    expect(historicalBook.versionAt(Date.UTC(2023, 0, 31, 17, 59, 59, 999)).id).toBe('bd-retail-2020-03');
    expect(historicalBook.versionAt(Date.UTC(2023, 0, 31, 18)).id).toBe('bd-retail-2023-02');
  });

  it('charges February 2024 by the retroactive order once it was published, not before', () => {
    expect(historicalBook.versionForMonth(202402, day('2024-02-28')).id).toBe('bd-retail-2023-03');
    expect(historicalBook.versionForMonth(202402, day('2024-03-05')).id).toBe('bd-retail-2024-02');
    expect(historicalBook.versionForMonth(202401, day('2024-03-05')).id).toBe('bd-retail-2023-03');
  });

  it('falls back to the older version from the day a rise is revoked, and keeps the days between', () => {
    const revoked = book([{ id: 'old' }, { id: 'rise', effectiveFrom: '2024-06-01', revokedOn: '2024-06-02' }]);
    expect(['2024-05-31', '2024-06-01', '2024-06-02'].map((date) => revoked.versionAt(day(date)).id)).toEqual([
      'old',
      'rise',
      'old',
    ]);
  });

  it('is refused before the first and after a stated end', () => {
    const ended = book([{ id: 'short', endsOn: '2021-01-01' }]);
    expect(ended.versionAt(day('2020-12-31')).id).toBe('short');
    expect(() => ended.versionAt(day('2021-01-01'))).toThrow('tariff-not-in-force');
    expect(() => ended.versionAt(day('2020-02-29'))).toThrow('tariff-not-in-force');
  });
});

describe('rebate profiles', () => {
  it('change with the date', () => {
    expect(historicalBook.rebateAt(day('2024-12-31')).id).toBe('nesco-2021');
    expect(historicalBook.rebateAt(day('2025-01-01')).id).toBe('nesco-2025');
    expect(firstLightBook.rebateAt(day('2026-11-21')).id).toBe('nesco-2021');
  });

  it('are refused for years of which no receipt is known', () => {
    expect(() => bookById('bpdb-history').rebateAt(day('2023-12-31'))).toThrow('tariff-not-in-force');
  });
});

describe('contradictory data is refused with the reason', () => {
  it.each<[string, () => unknown]>([
    ['begins on the same day as a', () => book([{ id: 'a' }, { id: 'b' }])],
    [
      'overlaps a, which has a stated end',
      () =>
        book([
          { id: 'a', endsOn: '2022-01-01' },
          { id: 'b', effectiveFrom: '2021-01-01' },
        ]),
    ],
    ['an id is used twice', () => book([{ id: 'a' }, { id: 'a', effectiveFrom: '2021-01-01' }])],
    ['ends before it begins', () => book([{ id: 'a', endsOn: '2020-03-01' }])],
    ['no classes', () => book([{ id: 'a', classes: [] }])],
    ['a rate that is not above zero', () => book([{ id: 'a', classes: [row('LT-B', '30.00', flat('-4.16'))] }])],
    [
      'a rate that is not above zero',
      () => book([{ id: 'a', classes: [row('LT-E', '60.00', tou('10.30', '9.27', '0.00'))] }]),
    ],
    ['demand charge below zero', () => book([{ id: 'a', classes: [row('LT-B', '-1.00', flat('4.16'))] }])],
    ['VAT outside 0 to 100 %', () => book([{ id: 'a', vatPercent: -5 }])],
    ['slabs end before the last kWh: the last must be open', () => book([{ id: 'a', classes: [slabs([75, 200])] }])],
    ['a slab after the open one', () => book([{ id: 'a', classes: [slabs([75, null, null])] }])],
    ['slab limits must be whole kWh and rise', () => book([{ id: 'a', classes: [slabs([75, 75, null])] }])],
    ['lifeline must end within the first slab', () => book([{ id: 'a', classes: [slabs([40, null])] }])],
    ['a gap in the slabs before 80 kWh', () => book([{ id: 'a', classes: [startingSlabs([0, 80])] }])],
    ['slabs overlap at 70 kWh', () => book([{ id: 'a', classes: [startingSlabs([0, 70])] }])],
    ['lifeline dearer than slab 1', () => book([{ id: 'a', classes: [slabs([75, null], '4.20')] }])],
    [
      'published when it had ended: it would never be in force',
      () => book([{ id: 'a', publishedOn: '2021-01-01', endsOn: '2020-06-01' }]),
    ],
    ['a rebate above the whole bill', () => book([{}], [{ ...nesco2021, percentBp: 9_000n, divisorBp: 8_000n }])],
    ['counter: the maximum is under the minimum', () => withLimits({ maximumTk: '5.00', minimumTk: '10.00' })],
    ['counter: a step that is not above zero', () => withLimits({ stepTk: '0.00' })],
    ['meter-test: a fee below zero', () => bookOfDocuments('b', [{ kind: 'service-fees', ...badFees }])],
    ['not a decimal with at most 4 decimals', () => bookOfDocuments('b', [rebate({ divisor: '1,01' })])],
    ['a rebate without a divisor above zero', () => book([{}], [{ ...nesco2021, divisorBp: 0n }])],
    ['a rebate outside 0 to 100 %', () => book([{}], [{ ...nesco2021, percentBp: 10_001n }])],
    ['begins on the same day as nesco-2021', () => book([{}], [nesco2021, { ...nesco2021, id: 'other' }])],
  ])('%s', (reason, build) => {
    expect(reasonOf(build)).toBe(reason);
  });

  it('refuses a class printed twice and a rate that is no decimal', () => {
    expect(() => version({ classes: [row('LT-B', null, flat('4.16')), row('LT-B', null, flat('4.16'))] })).toThrow(
      RangeError,
    );
    expect(() => version({ classes: [row('LT-B', null, flat('4.165'))] })).toThrow(RangeError);
  });
});

function rebate(changes: Partial<RebateProfileSource>): PriceDocument {
  return { kind: 'rebate-profile', id: 'r', effectiveFrom: '2020-03-01', percent: '1', divisor: '1.01', ...changes };
}

function withLimits(changes: Partial<RechargeLimitsSource['channels']['counter']>) {
  const counter = { ...projectLimits.channels.counter, ...changes };
  const channels = { ...projectLimits.channels, counter };
  return bookOfDocuments('b', [{ kind: 'recharge-limits', ...projectLimits, channels }]);
}

const badFees: FeeScheduleSource = {
  ...fees2020,
  fees: { 'meter-test': { ...fees2020.fees['meter-test']!, mt: '-1.00' } },
};

/** Slabs with their printed starts; the first limit is 75. */
function startingSlabs([first, second]: [number, number]) {
  const steps = [
    { fromKwh: first, toKwh: 75, rate: '4.19' },
    { fromKwh: second, toKwh: null, rate: '5.72' },
  ];
  return row('LT-A', '30.00', { kind: 'slab', slabs: steps });
}

function slabs(limits: (number | null)[], lifelineRate = '3.75') {
  const lifeline = { toKwh: 50, rate: lifelineRate };
  return row('LT-A', '30.00', { kind: 'slab', lifeline, slabs: limits.map((toKwh) => ({ toKwh, rate: '4.19' })) });
}

describe('the shipped tables', () => {
  it('hold all 23 classes of 2020, and the later ones what was found', () => {
    const counts = historicalBook.versions.map((one) => [one.id, one.classes.size]);
    expect(counts).toEqual([
      ['bd-retail-2020-03', 23],
      ['bd-retail-2023-02', 9],
      ['bd-retail-2023-03', 9],
      ['bd-retail-2024-02', 11],
    ]);
  });

  it('draw exactly the known warnings: the oddities of HT-4, and EHT without a flat rate', () => {
    const findings = historicalBook.versions.flatMap(lintVersion);
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(findings.map((finding) => `${finding.where}: ${finding.problem}`)).toEqual(
      expect.arrayContaining([
        'bd-retail-2020-03/HT-4: no demand charge: the class cannot be priced',
        'bd-retail-2020-03/HT-4: off-peak is not 0.9 x flat',
        'bd-retail-2024-02/EHT-1: no flat rate: units cannot be sold',
      ]),
    );
    expect(
      findings.filter((finding) => finding.where.startsWith('bd-retail-2020-03')).map((finding) => finding.where),
    ).toEqual(['bd-retail-2020-03/HT-4', 'bd-retail-2020-03/HT-4']);
  });

  it('are found odd in both languages', () => {
    const falling = slabs([200, 75], '9.00');
    const broken = version({
      vatPercent: 120,
      endsOn: '2019-01-01',
      classes: [falling, row('HT-4', null, flat('0.00'))],
    });
    const findings = [...lintVersion(broken), ...historicalBook.versions.flatMap(lintVersion)];
    expect(findings.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(4);
    for (const { problem, problemBn } of findings)
      expect([problem, problemBn]).toEqual([problem, expect.stringMatching(/[\u0980-\u09ff]/)]);
  });

  it('price with a version of another time when it is asked for by name', () => {
    const later = historicalBook.versions.find(({ id }) => id === 'bd-retail-2024-02')!;
    const at = Date.UTC(2021, 5, 15);
    const turned = bookWithVersion(firstLightBook, later);
    expect([turned.versionAt(at).id, turned.rebateAt(at)]).toEqual(['bd-retail-2024-02', firstLightBook.rebateAt(at)]);
    expect(firstLightBook.versionAt(at).id).toBe('bd-retail-2020-03');
  });

  it('take printed starts of slabs that follow each other: 75 or 76 after 75', () => {
    for (const second of [75, 76]) expect(() => book([{ classes: [startingSlabs([0, second])] }])).not.toThrow();
  });

  it('keep the residential steps 75, 200, 300, 400, 600', () => {
    const rates = version({
      classes: [row('LT-A', '30.00', residential('3.75', ['1.00', '2.00', '3.00', '4.00', '5.00', '6.00']))],
    });
    const { saleCurve } = rates.classes.get('LT-A')!;
    expect(saleCurve?.pieces.map((piece) => piece.endWh)).toEqual([
      75_000n,
      200_000n,
      300_000n,
      400_000n,
      600_000n,
      null,
    ]);
  });

  it('are found by name', () => {
    expect(bookIds()).toEqual(['first-light', 'nesco-history', 'desco-history', 'bpdb-history']);
    expect(bookById('first-light')).toBe(firstLightBook);
    expect(() => bookById('nowhere')).toThrow(RangeError);
  });
});
