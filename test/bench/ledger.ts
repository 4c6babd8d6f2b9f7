/*
 * npm run bench:ledger: what a balance, a statement and a vend's posting cost in stores of 10^5, 10^6 and 10^7 postings,
 * on a database of its own that is dropped at the end. BENCH_POSTINGS="100000,1000000" chooses other sizes. The history
 * is made by SQL, then rolled up by the same procedure as in production. Bounded: about fifteen minutes for all three.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { dhakaDay, newId, startOfDay } from '@vend/kernel';
import {
  balanceAt,
  LedgerService,
  proveNight,
  statement,
  trialBalance,
  vatReturn,
  type AccountCode,
} from '@vend/ledger';
import type { Database } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { Books, plainAmounts } from '../support/ledger';
import { withOwnServer } from './own-server';
import { hmacMicroseconds } from './yardstick';

const SIZES = (process.env['BENCH_POSTINGS'] ?? '100000,1000000,10000000').split(',').map(Number);
const POSTINGS_PER_ENTRY = 5;
/** A hot account gets two of an entry's five postings: at 10^7 over ten days that is 400,000 a day. */
const DAYS = 10;
const STATIONS = 20;
const ENTRIES_AT_ONCE = 50_000;
const GROUP = 64;

let serverPid: number | undefined;

interface Figures {
  readonly postings: number;
  readonly medians: Readonly<Record<string, number>>;
}

async function main(): Promise<void> {
  console.log(`yardstick: one HMAC-SHA256 with node:crypto takes ${hmacMicroseconds().toFixed(1)} microseconds here`);
  await withOwnServer('ledger', async (pid) => {
    serverPid = pid;
    const figures: Figures[] = [];
    for (const postings of SIZES) figures.push(await measureStore(postings));
    report(figures);
  });
}

async function measureStore(postings: number): Promise<Figures> {
  const fresh = await freshDatabase();
  try {
    const accounts = Array.from({ length: STATIONS }, (_, i): AccountCode => `cash:S-${i}`);
    const books = await Books.with(fresh, 64, accounts);
    const empty = await postingGroups(books);
    const made = await makeHistory(fresh, postings);
    const rolled = await rollUp(books.ledger);
    console.log(
      `\n${postings} postings: made in ${made.toFixed(0)} s, rolled up in ${rolled.seconds.toFixed(0)} s ` +
        `(${((rolled.seconds * 1e6) / postings).toFixed(1)} microseconds a posting), ${await sizeOf(fresh)} MB`,
    );
    const full = await postingGroups(books);
    const medians = {
      'posting, empty store': line(`a vend's posting in groups of ${GROUP}, empty store`, empty),
      posting: line(`a vend's posting in groups of ${GROUP}, this store`, full),
      ...(await reads(fresh.database)),
    };
    await proof(fresh.database);
    return { postings, medians };
  } finally {
    await fresh.drop();
  }
}

/** Entries of five postings, spread over the last days, as vends of twenty stations; by SQL, straight into the tables. */
async function makeHistory({ admin }: FreshDatabase, postings: number): Promise<number> {
  const startedMs = Date.now();
  const entries = Math.ceil(postings / POSTINGS_PER_ENTRY);
  const firstMs = startOfDay(dhakaDay(Date.now())) - DAYS * 86_400_000;
  const stepMicros = Math.floor((DAYS * 86_400_000_000) / entries);
  const ids = new Map(
    (await admin.read<{ id: number; code: string }>('SELECT id, code FROM ledger_accounts')).map((a) => [a.code, a.id]),
  );
  const cash = ids.get('cash:S-0')!;
  const sinks = ['energy-revenue', 'vat-payable', 'demand-revenue', 'rent-revenue'].map((code) => ids.get(code)!);
  let saidMs = startedMs;
  for (let from = 0; from < entries; from += ENTRIES_AT_ONCE) {
    const upTo = Math.min(entries, from + ENTRIES_AT_ONCE) - 1;
    const ms = (seq: string) => `${firstMs} + (${seq} * ${stepMicros}) DIV 1000`;
    const id = (seq: string) =>
      `UNHEX(CONCAT(LPAD(CONV(${ms(seq)}, 10, 16), 12, '0'), '7000', LPAD(HEX(${seq}), 16, '8000000000000000')))`;
    await admin.transaction(async (tx) => {
      await tx.write('SET unique_checks = 0, foreign_key_checks = 0');
      await tx.write(
        `INSERT INTO ledger_entries (id, template, business_id, business_day, booked_at, office)
         SELECT ${id('seq')}, 'vend', ${id('seq')}, CAST('1970-01-01 06:00:00' + INTERVAL (${ms('seq')}) * 1000 MICROSECOND AS DATE),
           '1970-01-01 00:00:00' + INTERVAL (${ms('seq')}) * 1000 MICROSECOND, CONCAT('Office ', seq MOD 20)
         FROM seq_${from}_to_${upTo}`,
      );
      await tx.write(
        `INSERT INTO ledger_postings (entry_id, line, debit_account_id, credit_account_id, amount_paisa, meter_id)
         SELECT ${id('s.seq')}, l.seq, IF(l.seq = 1, ${ids.get('rebate')}, ${cash} + s.seq MOD ${STATIONS}),
           ELT(l.seq, ${[sinks[0], ...sinks].join(', ')}), 1000 + (s.seq * 7919 + l.seq) MOD 90000, NULL
         FROM seq_${from}_to_${upTo} s STRAIGHT_JOIN seq_1_to_${POSTINGS_PER_ENTRY} l`,
      );
    });
    if (Date.now() - saidMs > 10_000) {
      saidMs = Date.now();
      const rate = ((upTo + 1) * POSTINGS_PER_ENTRY * 1_000) / (saidMs - startedMs);
      process.stderr.write(`  ${(upTo + 1) * POSTINGS_PER_ENTRY} postings, ${rate.toFixed(0)} a second\n`);
    }
  }
  await admin.read(
    `UPDATE ledger_balances b JOIN (
       SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit FROM (
         SELECT debit_account_id AS account_id, SUM(amount_paisa) AS debit, 0 AS credit FROM ledger_postings
         GROUP BY debit_account_id
         UNION ALL SELECT credit_account_id, 0, SUM(amount_paisa) FROM ledger_postings GROUP BY credit_account_id) s GROUP BY account_id) m
       ON m.account_id = b.account_id SET b.debit_paisa = m.debit, b.credit_paisa = m.credit`,
  );
  await admin.read('ANALYZE TABLE ledger_entries, ledger_postings');
  return (Date.now() - startedMs) / 1_000;
}

async function rollUp(ledger: LedgerService): Promise<{ seconds: number }> {
  const startedMs = Date.now();
  await ledger.closeDay(dhakaDay(startOfDay(dhakaDay(Date.now())) - 1), 'bench');
  return { seconds: (Date.now() - startedMs) / 1_000 };
}

/** Groups of vends as the lane posts them; the ledger's part alone is timed. @returns milliseconds for each vend */
async function postingGroups(books: Books): Promise<number[]> {
  const times: number[] = [];
  for (let group = 0; group < 40; group++) {
    await books.fresh.database.transaction(async (tx) => {
      const entries = [];
      for (const meterId of books.meters.slice(0, GROUP)) {
        const fact = { meterId, amounts: plainAmounts(100_000n), funds: 'cash:S-0' as const, bookedAt: Date.now() };
        entries.push(await books.vendIn(tx, { ...fact, businessId: newId() }));
      }
      const startedMs = performance.now();
      await books.ledger.post(tx, entries);
      times.push((performance.now() - startedMs) / GROUP);
    });
  }
  return times.slice(5);
}

async function reads(database: Database): Promise<Record<string, number>> {
  const now = Date.now();
  const span = DAYS * 86_400_000;
  const anyInstant = () => now - Math.floor(Math.random() * span);
  const month = Number(
    dhakaDay(now - span / 2)
      .slice(0, 7)
      .replace('-', ''),
  );
  const yesterday = dhakaDay(now - 86_400_000);
  const time = async (name: string, times: number, work: () => Promise<unknown>) => {
    const took: number[] = [];
    const before = cpuMs();
    for (let i = 0; i < times; i++) {
      const startedMs = performance.now();
      await work();
      took.push(performance.now() - startedMs);
    }
    return [name, line(name, took, cpuMs() - before)] as const;
  };
  return Object.fromEntries([
    await time('balance now, hot account', 200, () => balanceAt(database, 'energy-revenue')),
    await time('balance at a random instant, hot account', 200, () =>
      balanceAt(database, 'energy-revenue', anyInstant()),
    ),
    await time('balance at a random instant, a station', 200, () => balanceAt(database, 'cash:S-3', anyInstant())),
    await time('statement page of 100, hot account', 200, () =>
      statement(database, 'energy-revenue', { from: anyInstant(), limit: 100 }),
    ),
    await time('statement page of 100, a station', 200, () =>
      statement(database, 'cash:S-3', { from: anyInstant(), limit: 100 }),
    ),
    await time('trial balance of a day, all offices', 20, () =>
      trialBalance(database, { fromDay: yesterday, toDay: yesterday }),
    ),
    await time('VAT return of the month', 10, () => vatReturn(database, month)),
  ]);
}

/** Processor time of the database server and this process so far, in milliseconds; zero where /proc tells nothing. */
function cpuMs(): number {
  const own = process.cpuUsage();
  return (own.user + own.system) / 1_000 + (serverPid === undefined ? 0 : serverCpuMs(serverPid));
}

function serverCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // utime and stime, in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function proof(database: Database): Promise<void> {
  const startedMs = Date.now();
  const { faults } = await proveNight(database, dhakaDay(Date.now() - 86_400_000));
  // The history has entries alone: no vends stand behind them.
  const found = faults.filter((fault) => !/vend entry|customer-|has not exactly its tokens/.test(fault));
  console.log(
    `  the night's proof: ${((Date.now() - startedMs) / 1_000).toFixed(1)} s, ${found.length} faults ${found[0] ?? ''}`,
  );
}

async function sizeOf({ admin, name }: FreshDatabase): Promise<string> {
  const [row] = await admin.read<{ mb: string }>(
    `SELECT SUM(data_length + index_length) / 1048576 AS mb FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME LIKE 'ledger%'`,
    [name],
  );
  return Number(row!.mb).toFixed(0);
}

/** Prints a line of figures and returns its median; the processor's share tells what a busy machine's clock cannot. */
function line(name: string, times: readonly number[], cpuMs?: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  const cpu = cpuMs === undefined ? '' : `, CPU ${(cpuMs / times.length).toFixed(2)} ms (server and client)`;
  console.log(`  ${name}: p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms${cpu}`);
  return at(0.5);
}

function report(figures: readonly Figures[]): void {
  console.log('\ngrowth of the medians, against the smallest store:');
  for (const name of Object.keys(figures[0]!.medians)) {
    const first = figures[0]!.medians[name]!;
    const ratios = figures.map(({ postings, medians }) => `${postings}: ${(medians[name]! / first).toFixed(2)} x`);
    console.log(`  ${name}: ${ratios.join(', ')}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
