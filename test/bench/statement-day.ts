import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { idToBytes, startOfDay, type Id, type LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';

/*
 * A provider's day for benchmarks: as many payments of ours as rows of its statement. Of every thousand, two are not in the
 * statement, one is in the next day's, one has another amount, one is there twice, and two more are of payments that we do
 * not have. Transaction ids are spread as real ones are, so that each is looked up somewhere else.
 */

export const HEADER = [
  ...['provider', 'provider_trx_id', 'biller_ref', 'our_order_no', 'amount', 'provider_fee', 'net', 'trx_time'],
  ...['status', 'settlement_batch'],
];
const [MISSING, LATE, DIFFERS, TWICE, EXTRA] = [new Set([1, 2]), 3, 4, 5, new Set([6, 7])];
const AT_ONCE = 50_000;

const trxIdOf = (kind: 'T' | 'E', n: number) =>
  `${kind}${createHash('md5').update(String(n)).digest('hex').slice(0, 14).toUpperCase()}`;
const takaOf = (n: number) => 100 + (n % 900);

/** Payments with their vends, written by the database itself; no money is booked: the comparison does not ask the ledger. */
export async function writePayments(
  admin: Database,
  of: { readonly source: string; readonly day: LocalDay; readonly meterId: Id; readonly count: number },
): Promise<void> {
  const start = startOfDay(of.day);
  const gapMs = 86_000_000 / of.count;
  // A time-ordered UUID: its instant, then the number.
  const id = `UNHEX(CONCAT(LPAD(HEX(FLOOR(? + n.seq * ?)), 12, '0'), '7000', '8000', LPAD(HEX(n.seq), 12, '0')))`;
  const idOf = [start, gapMs];
  for (let from = 1; from <= of.count; from += AT_ONCE) {
    const numbers = `seq_${from}_to_${Math.min(of.count, from + AT_ONCE - 1)} n`;
    await admin.transaction(async (tx) => {
      await tx.write(
        `INSERT INTO recharges (id, source, source_ref, body_hash, channel, meter_id, gross_paisa, state, actor,
           received_at, business_day)
         SELECT ${id}, ?, CONCAT('T', UPPER(LEFT(MD5(n.seq), 14))), UNHEX(SHA2(n.seq, 256)), 'mobile-money', ?,
           (100 + n.seq % 900) * 100, 'APPLIED', 'bench', ?, ? FROM ${numbers}`,
        [...idOf, of.source, idToBytes(of.meterId), new Date(start), of.day],
      );
      await tx.write(
        `INSERT INTO vends (id, recharge_id, meter_id, receipt_no, state, issued_at, business_day, tariff_book,
           tariff_version, rebate_profile, pricing_input, price_revision, gross_paisa, vat_paisa, rent_paisa,
           demand_paisa, arrears_paisa, pfc_paisa, penalty_paisa, adjustment_paisa, rebate_paisa,
           lifeline_credit_paisa, energy_paisa, remainder_in_paisa, remainder_out_paisa)
         SELECT ${id}, ${id}, ?, LPAD(n.seq, 20, '0'), 'ISSUED', ?, ?, 'b', 'v', 'r', '{}', 1,
           (100 + n.seq % 900) * 100, (100 + n.seq % 900) * 5, 0, 0, 0, 0, 0, 0, 0, 0, (100 + n.seq % 900) * 95, 0, 0
         FROM ${numbers}`,
        [...idOf, ...idOf, idToBytes(of.meterId), new Date(start), of.day],
      );
    });
  }
}

interface StatementOf {
  readonly provider: string;
  readonly day: LocalDay;
  readonly count: number;
}

/** The statement of the day: as many rows as there are payments. */
export function writeStatement(path: string, of: StatementOf): Promise<void> {
  return pipeline(Readable.from(inBlocks(linesOf(of, false))), createWriteStream(path));
}

/** The statement of the next day: only what came late. */
export function writeNextStatement(path: string, of: StatementOf): Promise<void> {
  return pipeline(Readable.from(inBlocks(linesOf(of, true))), createWriteStream(path));
}

function* linesOf({ provider, day, count }: StatementOf, late: boolean): Generator<string> {
  yield `${HEADER.join(',')}\n`;
  const line = (trxId: string, n: number, taka: number) => {
    const fee = Math.round(taka * 1.5) / 100;
    const money = [taka, fee, taka - fee].map((each) => each.toFixed(2)).join(',');
    const time = new Date(startOfDay(day) + Math.floor((n * 86_000_000) / count) + 6 * 3_600_000);
    const batch = `${provider}-${late ? 'next' : day}`;
    return `${provider},${trxId},61000001,,${money},${time.toISOString().slice(0, 23)}+06:00,PAID,${batch}\n`;
  };
  for (let n = 1; n <= count; n++) {
    const kind = n % 1_000;
    if (late !== (kind === LATE) || MISSING.has(kind)) continue;
    yield line(trxIdOf('T', n), n, takaOf(n) + (kind === DIFFERS ? 1 : 0));
    if (kind === TWICE) yield line(trxIdOf('T', n), n, takaOf(n));
    if (EXTRA.has(kind)) yield line(trxIdOf('E', n), n, takaOf(n));
  }
}

function* inBlocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < 1_000) continue;
    yield block.join('');
    block = [];
  }
  yield block.join('');
}

/** How many of each bucket a comparison must find among so many thousands. */
export function expectedBuckets(thousands: number): Readonly<Record<string, number>> {
  return {
    'ours matched': 997 * thousands,
    'ours ours-only': 2 * thousands,
    'ours amount-differs': thousands,
    'theirs matched': 996 * thousands,
    'theirs amount-differs': thousands,
    'theirs duplicate': thousands,
    'theirs theirs-only': 2 * thousands,
  };
}
