/*
 * Proves on random payments, rows and reversals that each is in exactly one bucket, that both sides add up, that the order
 * in which rows are given means nothing more than their order, and that what two books agree on is never a break.
 */
import fc from 'fast-check';
import { newId } from '@vend/kernel';
import { actionsFor, BREAK_MOVES, isBreakNow, mayMove, sumOf } from '../breaks';
import { BUCKETS, classify, signedPaisa, type OurPayment, type TheirRow } from './classify';

const AMOUNTS = [10_000n, 20_000n, 30_000n];
const row = fc
  .record({
    status: fc.constantFrom('PAID' as const, 'PAID' as const, 'REVERSED' as const, 'VOID' as const),
    amountPaisa: fc.constantFrom(...AMOUNTS),
    day: fc.constantFrom('2026-11-21', '2026-11-22', '2026-11-23'),
  })
  .map((given): Omit<TheirRow, 'line'> => ({ ...given, importNo: 1, feePaisa: 0n, batch: 'B', billerRef: '' }));
const rows = fc.array(row, { maxLength: 6 }).map((all) => all.map((each, i): TheirRow => ({ ...each, line: i + 2 })));
const ours = fc.option(
  fc
    .record({ amountPaisa: fc.constantFrom(...AMOUNTS), returnedOn: fc.constantFrom(null, null, '2026-11-22') })
    .map((given): OurPayment => ({ ...given, rechargeId: newId(), meterId: null, day: '2026-11-21', vatPaisa: 0n })),
  { nil: undefined },
);
const paisa = (all: readonly TheirRow[]) => all.reduce((sum, each) => sum + signedPaisa(each), 0n);

it('puts each payment and each row into one bucket, and loses no paisa', () => {
  fc.assert(
    fc.property(ours, rows, (payment, theirs) => {
      const verdict = classify(payment, theirs);
      expect(verdict.ours === null).toBe(payment === undefined);
      expect(verdict.rows).toHaveLength(theirs.length);
      expect(verdict.rows.every((bucket) => BUCKETS.includes(bucket))).toBe(true);
      const by = BUCKETS.map((bucket) => paisa(theirs.filter((_, i) => verdict.rows[i] === bucket)));
      expect(by.reduce((sum, each) => sum + each, 0n)).toBe(paisa(theirs));
      // What was reversed is nothing; every other row but a match is somebody's to see to, once.
      expect(paisa(theirs.filter((_, i) => verdict.rows[i] === 'reversed'))).toBe(0n);
      const standing = theirs.filter((_, i) => !['matched', 'reversed'].includes(verdict.rows[i]!));
      expect(
        verdict.findings
          .filter((finding) => finding.row)
          .map((finding) => finding.row!.line)
          .sort(),
      ).toEqual(standing.map(({ line }) => line).sort());
      expect(new Set(verdict.findings.map(({ place, bucket }) => `${place} ${bucket}`)).size).toBe(
        verdict.findings.length,
      );
    }),
  );
});

it('explains the whole difference of the two books by its findings', () => {
  fc.assert(
    fc.property(ours, rows, (payment, theirs) => {
      const { findings } = classify(payment, theirs);
      const live = payment && payment.returnedOn === null ? payment.amountPaisa : 0n;
      const difference = findings.reduce((sum, it) => sum + it.theirsPaisa - it.oursPaisa, 0n);
      expect(difference).toBe(paisa(theirs) - live);
      expect(live === paisa(theirs) || findings.length > 0).toBe(true);
    }),
  );
});

it('knows a match by its amount, whatever else stands under the id', () => {
  const payment: OurPayment = {
    ...{ rechargeId: newId(), meterId: null, day: '2026-11-21', vatPaisa: 5n },
    amountPaisa: 20_000n,
    returnedOn: null,
  };
  const one = (status: TheirRow['status'], amountPaisa: bigint, line: number): TheirRow => ({
    ...{ status, amountPaisa, line, day: '2026-11-22', importNo: 1, feePaisa: 0n, batch: 'B', billerRef: '' },
  });
  expect(classify(payment, [one('PAID', 20_000n, 2)])).toMatchObject({
    ours: 'matched',
    rows: ['matched'],
    findings: [],
  });
  expect(classify(payment, [one('PAID', 30_000n, 2), one('PAID', 20_000n, 3)])).toMatchObject({
    ...{ ours: 'matched', rows: ['duplicate', 'matched'] },
  });
  expect(
    classify(payment, [one('PAID', 20_000n, 2), one('PAID', 20_000n, 3), one('REVERSED', 20_000n, 4)]),
  ).toMatchObject({
    ...{ ours: 'matched', rows: ['matched', 'reversed', 'reversed'], findings: [] },
  });
  expect(classify(payment, [one('VOID', 20_000n, 2)])).toMatchObject({ ours: 'ours-only', rows: ['reversed'] });
  expect(classify(undefined, [one('REVERSED', 20_000n, 2)]).findings).toMatchObject([{ theirsPaisa: -20_000n }]);
  expect(classify({ ...payment, returnedOn: '2026-11-23' }, [one('PAID', 20_000n, 2)]).findings).toMatchObject([
    { bucket: 'theirs-only', sinceDay: '2026-11-23' },
  ]);
});

it('waits for the next day, and for its statement where only we have it', () => {
  const finding = { bucket: 'ours-only', sinceDay: '2026-11-30' } as const;
  const all = () => true;
  expect(isBreakNow(finding, '2026-12-01', all)).toBe(false);
  expect(isBreakNow(finding, '2026-12-02', all)).toBe(true);
  expect(isBreakNow(finding, '2026-12-02', (day) => day !== '2026-12-01')).toBe(false);
  expect(isBreakNow({ ...finding, bucket: 'duplicate' }, '2026-12-02', () => false)).toBe(true);
});

it('gives every break a way out, and a settled one none but by a new difference', () => {
  fc.assert(
    fc.property(ours, rows, (payment, theirs) => {
      for (const { bucket, place, oursPaisa, theirsPaisa } of classify(payment, theirs).findings) {
        const facts = {
          bucket,
          place,
          oursPaisa,
          theirsPaisa,
          rechargeId: payment?.rechargeId ?? null,
          meterId: null,
          writtenOffPaisa: 0n,
        };
        expect(actionsFor(facts).length).toBeGreaterThan(0);
        expect(sumOf(facts)).toBeGreaterThan(0n);
      }
    }),
  );
  expect(BREAK_MOVES.SETTLED).toEqual(['OPEN']);
  expect([mayMove('OPEN', 'SETTLED'), mayMove('SETTLED', 'CLAIMED'), mayMove('HEALED', 'CLAIMED')]).toEqual([
    ...[true, false, false],
  ]);
});
