/** Fetches both sides of the sums: the companies' books from the sandbox, and ours from the database. */
import { parseTaka } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { call } from '../support/callers';
import type { StormCompany } from './plan';
import type { Ours, Taken } from './sums';

/** A line of a company's book with its time. */
export interface TakenAt extends Taken {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When the payer had it back; null: not. */
  readonly reversedAt: number | null;
}

/** A payment of ours with the time of its vend. */
export interface OursAt extends Ours {
  /** Milliseconds since 1970; null: not vended. */
  readonly vendedAt: number | null;
}

export async function companiesOf(sandboxUrl: string): Promise<StormCompany[]> {
  const { providers } = await fetched(`${sandboxUrl}/providers`);
  return providers as StormCompany[];
}

/** Every line of every company's book. */
export async function takenOf(sandboxUrl: string, companies: readonly StormCompany[]): Promise<TakenAt[]> {
  const taken: TakenAt[] = [];
  for (const { code } of companies) {
    const { payments } = await fetched(`${sandboxUrl}/providers/${code}/payments`);
    for (const { trxId, amount, at, reversedAt } of payments) {
      const line = { provider: code, trxId, amountPaisa: parseTaka(amount), reversed: reversedAt !== null };
      taken.push({ ...line, at: Date.parse(at), reversedAt: reversedAt === null ? null : Date.parse(reversedAt) });
    }
  }
  return taken;
}

interface OursRow extends Record<string, unknown> {
  readonly provider: string;
  readonly trxId: string;
  readonly gross: string;
  readonly state: string;
  readonly vends: string;
  readonly vended: string;
  readonly vendedAt: Date | null;
  readonly tokens: string;
  readonly openCases: string;
  readonly refunds: string;
}

/** Every payment that came from a company, whatever became of it. */
export async function oursOf(admin: Database): Promise<OursAt[]> {
  const rows = await admin.read<OursRow>(
    `SELECT SUBSTRING_INDEX(r.source, ':', -1) AS provider, r.source_ref AS trxId, r.gross_paisa AS gross, r.state,
      COUNT(v.id) AS vends, COALESCE(SUM(v.gross_paisa), 0) AS vended, MAX(v.issued_at) AS vendedAt,
      (SELECT COUNT(*) FROM vend_tokens t JOIN vends o ON o.id = t.vend_id WHERE o.recharge_id = r.id) AS tokens,
      (SELECT COUNT(*) FROM cases c WHERE c.recharge_id = r.id AND c.state <> 'CLOSED') AS openCases,
      (SELECT COUNT(*) FROM ledger_entries e WHERE e.template = 'refund' AND e.business_id = r.id) AS refunds
     FROM recharges r LEFT JOIN vends v ON v.recharge_id = r.id AND v.state = 'ISSUED'
     WHERE r.source LIKE 'provider:%' OR r.source LIKE 'vendor:%' GROUP BY r.id`,
  );
  return rows.map(({ provider, trxId, state, ...row }) => ({
    provider,
    trxId,
    state,
    amountPaisa: BigInt(row.gross),
    vends: Number(row.vends),
    vendedPaisa: BigInt(row.vended),
    vendedAt: row.vendedAt?.getTime() ?? null,
    tokens: Number(row.tokens),
    openCases: Number(row.openCases),
    refunds: Number(row.refunds),
  }));
}

/** How many messages each gateway has brought that were taken: browsers that came back, and notices. */
export async function messagesOf(admin: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await admin.read<{ provider: string; n: string }>(
    "SELECT provider, COUNT(*) AS n FROM gateway_messages WHERE verdict = 'ACCEPTED' GROUP BY provider ORDER BY provider",
  );
  return new Map(rows.map(({ provider, n }) => [provider, Number(n)]));
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it expects
async function fetched(url: string): Promise<any> {
  const { status, text, body } = await call(url, { method: 'GET', headers: { accept: 'application/json' } });
  if (status !== 200) throw new Error(`${url}: HTTP ${status} ${text}`);
  return body;
}
