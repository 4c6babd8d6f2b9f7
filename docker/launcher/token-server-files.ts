import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './files';
import type { Layout } from './layout';

/** Everything that is the token server's alone. */
export interface TokenServerFiles {
  readonly keyFile: string;
  readonly kekFile: string;
  /** Record of the highest generation of the key file used; not beside the key file, so that one copy cannot replace both. */
  readonly keySeenFile: string;
  readonly callerPolicyFile: string;
  readonly journalDirectory: string;
}

/**
 * Makes the token server's own directory, apart from the secrets of api and worker, mode 0700. On one machine all run
 * as one user, so that this guards against mistakes and not against a burglar; in production they are users of their
 * own (docs/TOKEN-SERVER.md).
 */
export function tokenServerFiles(layout: Layout): TokenServerFiles {
  const own = join(layout.local, 'token-server');
  const keys = join(own, 'keys');
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const files = {
    keyFile: join(keys, 'vending-keys.json'),
    kekFile: join(keys, 'kek.key'),
    keySeenFile: join(own, 'key-generation'),
    callerPolicyFile: join(own, 'callers.json'),
    journalDirectory: join(own, 'journal'),
  };
  // An earlier version kept the keys among the other secrets.
  for (const [file, name] of [
    [files.kekFile, 'kek.key'],
    [files.keyFile, 'vending-keys.json'],
  ] as const) {
    const before = join(layout.secrets, name);
    if (!existsSync(file) && existsSync(before)) renameSync(before, file);
  }
  writeDevelopmentCallers(files.callerPolicyFile);
  return files;
}

/** Once: what somebody changed in it stays. */
export function writeDevelopmentCallers(file: string): void {
  if (!existsSync(file)) writeWhole(file, `${JSON.stringify(DEVELOPMENT_CALLERS, null, 2)}\n`);
}

const ISSUER = {
  methods: ['IssueCredit', 'IssueManagement', 'FetchResult', 'Verify', 'GetStatus'],
  supplyGroups: '*',
  managementKinds: ['max-power-limit', 'clear-credit', 'clear-tamper', 'phase-unbalance-limit', 'test-display'],
  // 20 000 kWh and 100 000 Taka in one token; a day of benchmarks. In production: what the utility sells on its best day.
  energyTenthsKwh: { perRequest: '200000', perDay: '100000000000' },
  currencyHundredThousandths: { perRequest: '10000000000', perDay: '10000000000000000' },
  requestsPerDay: 100_000_000,
};

/** Who may do what on a development machine: the parties of the development certificates. */
const DEVELOPMENT_CALLERS = {
  version: 1,
  callers: {
    api: { roles: ['issuer'], ...ISSUER },
    worker: { roles: ['issuer', 'auditor'], ...ISSUER, methods: [...ISSUER.methods, 'ReadAuditLog'] },
    keys: {
      roles: ['key-manager'],
      methods: ['IssueKeyChange', 'BulkIssue', 'FetchResult', 'Verify', 'GetStatus'],
      supplyGroups: '*',
      requestsPerDay: 10_000_000,
    },
  },
};
