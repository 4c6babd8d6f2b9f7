// Proves what an operator is told: expiry of keys in Dhaka time with days left, and the warnings that matter.
import type { SecurityModule, VendingKeyInfo } from '@vend/keystore';
import { IEC_SAMPLE_TABLES, StaTables } from '@vend/sts';
import { JOURNAL_WARNING, SAMPLE_TABLES_WARNING, statusReport } from './status-report';

const KEY: VendingKeyInfo = {
  sgc: '123456',
  krn: 1,
  kind: 'VUDK',
  dkga: 2,
  baseDate: 1993,
  ken: 170,
  kcv: 'ABCDEF',
  state: 'active',
  issuedUntil: null,
};
const counts = { issued: 3, refused: 1 };
const journal = { lines: 7, head: 'ab'.repeat(32), publicKey: 'MCow', available: true };
const usual = { tables: IEC_SAMPLE_TABLES, counts, journal };

/** Only `keys` and `kind` are asked of the module here. */
function holding(...keys: VendingKeyInfo[]): SecurityModule {
  const refuse = () => Promise.reject(new Error('not asked'));
  const issues = { issueCredit: refuse, issueManagement: refuse, issueKeyChange: refuse };
  return { kind: 'software', keys: () => keys, ...issues, verify: refuse, close: () => undefined };
}

// STS.md §7: block 170 of base date 1993 ends 2014-04-23 09:35; the key serves up to and with that minute.
const EXPIRY_MS = Date.UTC(2014, 3, 23, 9, 36) - 6 * 3_600_000;

it('gives the first minute in which a key no longer serves', () => {
  const report = statusReport({ ...usual, module: holding(KEY), nowMs: EXPIRY_MS - 86_400_000 });
  expect(report.modules[0]!.keys[0]).toMatchObject({ expiresAt: '2014-04-23T09:36:00.000+06:00', daysLeft: 1 });
  expect(report).toMatchObject({ tokensIssued: 3, requestsRefused: 1 });
});

it.each([
  ['91 days ahead says nothing yet', 91, []],
  ['90 days ahead warns', 90, ['vending key 123456/1 expires in 90 days']],
  ['afterwards still warns', -5, ['vending key 123456/1 expires in 0 days']],
])('%s', (_when, daysAhead, warnings) => {
  const report = statusReport({ ...usual, module: holding(KEY), nowMs: EXPIRY_MS - daysAhead * 86_400_000 });
  expect(report.warnings).toEqual([SAMPLE_TABLES_WARNING, ...warnings]);
});

it('knows keys that never expire, and tables that are not the sample', () => {
  const { s1, s2, p } = IEC_SAMPLE_TABLES.numbers;
  const others = new StaTables({ s1: s2, s2: s1, p });
  const report = statusReport({ ...usual, module: holding({ ...KEY, ken: 255 }), tables: others, nowMs: 0 });
  expect(report.modules[0]!.keys[0]).toMatchObject({ expiresAt: '', daysLeft: -1 });
  expect(report).toMatchObject({ staTables: 'other', warnings: [] });
});

it('shows the audit log, and warns while it cannot be written', () => {
  const report = statusReport({ ...usual, module: holding(), journal: { ...journal, available: false }, nowMs: 0 });
  expect(report).toMatchObject({ auditLines: 7, auditHead: journal.head, auditPublicKey: 'MCow' });
  expect(report.warnings).toEqual([SAMPLE_TABLES_WARNING, JOURNAL_WARNING]);
});
