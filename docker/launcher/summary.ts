/** The part of Jest's JSON report that is counted. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Suites counted as one failure each, though none of their tests failed: they never started or broke at the end. */
  readonly brokenSuites: readonly string[];
}

/** Counts tests. A suite that failed without a failed test in it (it could not start) counts as one failure. */
export function tally(report: JestReport): Tally {
  let passed = 0;
  let failed = 0;
  const brokenSuites: string[] = [];
  for (const suite of report.testResults) {
    const statuses = suite.assertionResults.map((result) => result.status);
    passed += statuses.filter((status) => status === 'passed').length;
    const failures = statuses.filter((status) => status === 'failed').length;
    failed += failures;
    if (suite.status === 'failed' && failures === 0) {
      failed += 1;
      brokenSuites.push(suite.name);
    }
  }
  return { passed, failed, brokenSuites };
}

export function addUp(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, one) => sum + one.passed, 0),
    failed: tallies.reduce((sum, one) => sum + one.failed, 0),
    brokenSuites: tallies.flatMap((one) => one.brokenSuites),
  };
}

/** The last line of `npm test`. */
export function summaryLine(result: Pick<Tally, 'passed' | 'failed'>): string {
  return `${result.passed} passed, ${result.failed} failed`;
}

/** Reads a summary line back; undefined when the text does not end with one. */
export function parseSummaryLine(output: string): { passed: number; failed: number } | undefined {
  const match = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output);
  return match ? { passed: Number(match[1]), failed: Number(match[2]) } : undefined;
}
