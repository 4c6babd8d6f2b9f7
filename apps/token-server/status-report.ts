import { formatInstant } from '@vend/kernel';
import { endOfKey } from '@vend/keystore';
import type { SecurityModule, VendingKeyInfo } from '@vend/keystore';
import type { StaTables } from '@vend/sts';

/** `vend.token.v1.GetStatusResponse` as proto-loader takes it. */
export interface WireStatus {
  modules: { kind: string; keys: WireKeyStatus[] }[];
  staTables: string;
  warnings: string[];
  tokensIssued: number;
  requestsRefused: number;
  auditLines: number;
  auditHead: string;
  auditPublicKey: string;
}

/** What the report is made of. */
export interface StatusFacts {
  readonly module: SecurityModule;
  readonly tables: StaTables;
  readonly journal: {
    readonly lines: number;
    readonly head: string;
    readonly publicKey: string;
    readonly available: boolean;
  };
  readonly counts: { readonly issued: number; readonly refused: number };
  readonly nowMs: number;
}

interface WireKeyStatus extends Omit<VendingKeyInfo, 'issuedUntil'> {
  expiresAt: string;
  daysLeft: number;
}

export const SAMPLE_TABLES_WARNING =
  'EA07 runs on the sample tables printed in IEC 62055-41: its tokens are not for real meters';
export const JOURNAL_WARNING = 'the audit log cannot be written: no token is made';
const DAY_MS = 86_400_000;
const NOTICE_DAYS = 90;

/** What an operator asks first: which keys, which tables, what needs attention. */
export function statusReport({ module, tables, journal, counts, nowMs }: StatusFacts): WireStatus {
  const keys = module.keys().map((key) => keyStatus(key, nowMs));
  const expiring = keys
    .filter((key) => key.daysLeft >= 0 && key.daysLeft <= NOTICE_DAYS)
    .map((key) => `vending key ${key.sgc}/${key.krn} expires in ${key.daysLeft} days`);
  return {
    modules: [{ kind: module.kind, keys }],
    staTables: tables.kind,
    warnings: [
      ...(tables.kind === 'iec-sample' ? [SAMPLE_TABLES_WARNING] : []),
      ...(journal.available ? [] : [JOURNAL_WARNING]),
      ...expiring,
    ],
    tokensIssued: counts.issued,
    requestsRefused: counts.refused,
    auditLines: journal.lines,
    auditHead: journal.head,
    auditPublicKey: journal.publicKey,
  };
}

function keyStatus(key: VendingKeyInfo, nowMs: number): WireKeyStatus {
  const { sgc, krn, kind, dkga, baseDate, ken, kcv, state } = key;
  const attributes = { sgc, krn, kind, dkga, baseDate, ken, kcv, state };
  // TIDs have 24 bits: without an expiry number they still run out, but that is the base date's end.
  const expiresMs = endOfKey(key);
  if (expiresMs === null) return { ...attributes, expiresAt: '', daysLeft: -1 };
  return {
    ...attributes,
    expiresAt: formatInstant(expiresMs),
    daysLeft: Math.max(0, Math.floor((expiresMs - nowMs) / DAY_MS)),
  };
}
