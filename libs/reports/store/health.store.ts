import type { InstantMs } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import type { PaymentHealth, SmsToday } from '../health/attention';
import { firstIdAt } from './id-range';

const HOUR_MS = 3_600_000;

interface CompanyRow extends Row {
  readonly source: string;
  readonly code: string;
  readonly name: string;
  readonly active: number;
}

/** Companies that pay us, and what was heard of them: calls of billers, messages of gateways. */
export async function readPaymentHealth(reader: Reader, now: InstantMs): Promise<PaymentHealth[]> {
  const since = new Date(now - HOUR_MS);
  const [companies, calledBy, messagesBy, pending] = await Promise.all([
    reader.read<CompanyRow>(
      `SELECT CONCAT(IF(prepaid, 'vendor:', 'provider:'), code) AS source, code, name, active FROM payment_providers
       ORDER BY name, code`,
    ),
    reader.read<Row & { code: string; last: Date | null; n: string; refused: string }>(
      // The last one is the end of the company's part of an index; of the last hour only is it read what became of them.
      `SELECT p.code,
         (SELECT b.accepted_at FROM biller_commits b WHERE b.provider = p.code
          ORDER BY b.accepted_at DESC LIMIT 1) AS last,
         COUNT(h.trx_id) AS n, COALESCE(SUM(h.state = 'REFUSED'), 0) AS refused
       FROM payment_providers p LEFT JOIN biller_commits h ON h.provider = p.code AND h.accepted_at >= ?
       GROUP BY p.code`,
      [since],
    ),
    reader.read<Row & { code: string; last: Date | null; last_refused: Date | null; n: string; refused: string }>(
      // Columns as they are: an expression with a text in it comes as text, without its time zone.
      `SELECT p.code,
         (SELECT MAX(g.received_at) FROM gateway_messages g
          WHERE g.provider = p.code AND g.verdict = 'ACCEPTED') AS last,
         (SELECT MAX(g.received_at) FROM gateway_messages g
          WHERE g.provider = p.code AND g.verdict = 'REFUSED') AS last_refused,
         COUNT(h.id) AS n, COALESCE(SUM(h.verdict = 'REFUSED'), 0) AS refused
       FROM payment_providers p LEFT JOIN gateway_messages h
         ON h.provider = p.code AND h.verdict IN ('ACCEPTED', 'REFUSED') AND h.received_at >= ?
       GROUP BY p.code`,
      [since],
    ),
    reader.read<Row & { source: string; n: string; oldest: Date }>(
      `SELECT r.source, COUNT(*) AS n, MIN(o.created_at) AS oldest FROM outbox o JOIN recharges r ON r.id = o.ref_id
       WHERE o.topic = 'pending-vend' GROUP BY r.source`,
    ),
  ]);
  const callsOf = new Map(calledBy.map((row) => [row.code, row]));
  const messagesOf = new Map(messagesBy.map((row) => [row.code, row]));
  const pendingOf = new Map(pending.map((row) => [row.source, row]));
  return companies.map(({ source, code, name, active }) => {
    const [calls, messages] = [callsOf.get(code)!, messagesOf.get(code)!];
    const last = Math.max(...[calls.last, messages.last, messages.last_refused].map((each) => each?.getTime() ?? 0));
    const waits = pendingOf.get(source);
    const sum = (of: 'n' | 'refused') => Number(calls[of]) + Number(messages[of]);
    return {
      ...{ source, code, name, active: active === 1 },
      lastMessageAt: last > 0 ? last : null,
      lastHour: { messages: sum('n'), refused: sum('refused') },
      pending: { count: Number(waits?.n ?? 0), oldest: waits?.oldest.getTime() ?? null },
    };
  });
}

/** Messages that were queued since a moment, by state: ranges of the index by state and id. */
export async function readSmsSince(reader: Reader, from: InstantMs): Promise<SmsToday> {
  const rows = await reader.read<Row & { state: string; n: string }>(
    `SELECT state, COUNT(*) AS n FROM notices WHERE state IN ('QUEUED', 'SENT', 'DELIVERED', 'FAILED') AND id >= ?
     GROUP BY state`,
    [firstIdAt(from)],
  );
  const count = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return { queued: count('QUEUED'), sent: count('SENT'), delivered: count('DELIVERED'), failed: count('FAILED') };
}
