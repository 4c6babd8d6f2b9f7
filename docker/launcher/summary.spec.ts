// Proves that the last line of `npm test` counts tests, and counts a suite that could not start as failed.
import * as fc from 'fast-check';
import { addUp, parseSummaryLine, summaryLine, tally } from './summary';

const suite = (status: string, ...tests: string[]) => ({
  name: `/repo/${status}.spec.ts`,
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe('tally', () => {
  it('counts passed and failed tests, and neither skipped nor todo ones', () => {
    const report = { testResults: [suite('failed', 'passed', 'failed', 'pending', 'todo'), suite('passed', 'passed')] };
    expect(tally(report)).toEqual({ passed: 2, failed: 1, brokenSuites: [] });
  });

  it('counts a suite that failed without a failed test once', () => {
    const report = { testResults: [suite('failed'), suite('failed', 'passed')] };
    expect(tally(report)).toEqual({
      passed: 1,
      failed: 2,
      brokenSuites: ['/repo/failed.spec.ts', '/repo/failed.spec.ts'],
    });
  });
});

describe('addUp', () => {
  it('adds runs together and keeps their broken suites', () => {
    const one = { passed: 2, failed: 1, brokenSuites: ['a'] };
    const two = { passed: 3, failed: 0, brokenSuites: [] };
    expect(addUp([one, two])).toEqual({ passed: 5, failed: 1, brokenSuites: ['a'] });
    expect(addUp([])).toEqual({ passed: 0, failed: 0, brokenSuites: [] });
  });
});

describe('the summary line', () => {
  it('is read back as it was written, after any other output', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string(), (passed, failed, before) => {
        expect(parseSummaryLine(`${before}\n${summaryLine({ passed, failed })}\n`)).toEqual({ passed, failed });
      }),
    );
  });

  it.each(['', '3 passed', '3 passed, 0 failed, honestly', 'x 3 passed, 0 failed', '3 passed, -1 failed'])(
    'is not found in %j',
    (text) => {
      expect(parseSummaryLine(text)).toBeUndefined();
    },
  );
});
