/*
 * The second part of npm run bench:sms: how long a token is on its way from the commit of its vend to the message centre,
 * with the whole running system between (api, outbox, relay, queue, worker, SMPP), first alone and then while a notice to
 * 100,000 is leaving. Everything runs in .local/bench-sms, beside and apart from the demo.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { importMeters } from '@vend/meters';
import { createDataSource, Database } from '@vend/platform';
import { saveGateway } from '@vend/sms';
import { layoutOf, type Layout } from '../../docker/launcher/layout';
import { Progress } from '../../docker/launcher/progress';
import { provideServers } from '../../docker/launcher/servers';
import { Stack } from '../../docker/launcher/stack';
import { METER_HEADER, meterCells, meterLine, meterNo } from '../builders/meters';
import { BroadcastBench } from '../support/broadcasts';
import { percentile } from './load';
import type { CentreArrivals } from './sms-centre';

const NOTICES = Number(process.env['SMS_BENCH_NOTICES'] ?? 100_000);
/** Vends a second, arriving by chance as customers do, and for how long. */
const VENDS_PER_SECOND = Number(process.env['SMS_BENCH_RATE'] ?? 15);
const PHASE_SECONDS = Number(process.env['SMS_BENCH_PHASE_SECONDS'] ?? 40);
/** What the office allows the notice, in messages a second. */
const NOTICE_RATE = Number(process.env['SMS_BENCH_NOTICE_RATE'] ?? 300);
export const CENTRE_LATENCY_MS = 5;
const ACCOUNT = { systemId: 'bench', password: 'bench' };

/** Of one phase; milliseconds. */
export interface PathResult {
  readonly phase: string;
  readonly vends: number;
  /** From the answer to the payer, which follows the commit at once, to the whole message at the centre. */
  readonly fromAnswer: Percentiles;
  /** From the instant on the vend, which is before its commit. */
  readonly fromIssue: Percentiles;
  readonly noticesPerSecond: number;
  readonly missing: number;
}
type Percentiles = Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>>;

interface Paid {
  readonly answeredAtMs: number;
  readonly issuedAtMs: number;
}

/** Runs both phases against the centre, which is at that port. */
export async function measurePath(centre: ChildProcess, centrePort: number): Promise<PathResult[]> {
  process.env['LOG_LEVEL'] ??= 'warn';
  const { root } = layoutOf();
  rmSync(join(root, '.local/bench-sms'), { recursive: true, force: true });
  const layout = layoutOf(root, join(root, '.local/bench-sms'));
  const stack = new Stack(layout, new Progress(Date.now()), false);
  let database: Database | undefined;
  try {
    const { apiUrl } = await stack.up();
    const { databaseAdminUrl } = await provideServers(layout, {}, () => undefined);
    const source = createDataSource({ url: new URL('/vend', databaseAdminUrl).href, poolSize: 4 });
    database = new Database(await source.initialize());
    await makeCustomers(database);
    await useCentre(database, layout, centrePort);
    await until(async () => (await ask(centre)).bound > 0);
    const payer = new Payer(apiUrl, layout, database);
    await phase(centre, payer, 'warm', 10);
    const alone = await phase(centre, payer, 'no notice', PHASE_SECONDS);
    await launchNotice(database);
    await until(async () => (await ask(centre)).others > 0);
    const beside = await phase(centre, payer, `a notice to ${NOTICES.toLocaleString('en')}`, PHASE_SECONDS);
    const [left] = await database.read<{ n: string }>(
      "SELECT COUNT(*) AS n FROM broadcast_recipients WHERE state IN ('QUEUED', 'TAKEN')",
    );
    console.log(`of the notice ${Number(left!.n).toLocaleString('en')} had still to leave when the measuring ended`);
    await payer.close();
    return [alone, beside];
  } finally {
    await database?.dataSource.destroy();
    await stack.down();
    rmSync(layout.local, { recursive: true, force: true });
  }
}

async function phase(centre: ChildProcess, payer: Payer, name: string, seconds: number): Promise<PathResult> {
  await ask(centre);
  const startedMs = Date.now();
  const paid = await payer.pay(seconds);
  const paidMs = Date.now() - startedMs;
  const arrived = new Map<string, number>();
  let others = 0;
  let during: number | undefined;
  for (const deadlineMs = Date.now() + 60_000; arrived.size < paid.size && Date.now() < deadlineMs;) {
    const arrivals = await ask(centre);
    others += arrivals.others;
    during ??= others;
    for (const [digits, atMs] of arrivals.tokens)
      if (paid.has(digits) && !arrived.has(digits)) arrived.set(digits, atMs);
    if (arrived.size < paid.size) await pause(200);
  }
  const delays = (since: keyof Paid) =>
    percentilesOf([...arrived].map(([digits, atMs]) => Math.max(0, atMs - paid.get(digits)![since])));
  const result: PathResult = {
    phase: name,
    vends: paid.size,
    fromAnswer: delays('answeredAtMs'),
    fromIssue: delays('issuedAtMs'),
    noticesPerSecond: Math.round(((during ?? 0) * 1_000) / paidMs),
    missing: paid.size - arrived.size,
  };
  if (name !== 'warm') say(result);
  return result;
}

function say({ phase: name, vends, fromAnswer, fromIssue, noticesPerSecond, missing }: PathResult): void {
  const words = ({ p50, p95, p99, max }: Percentiles) => `p50 ${p50}  p95 ${p95}  p99 ${p99}  max ${max}`;
  const load = loadavg()[0]!.toFixed(0);
  console.log(
    `${name}: ${vends} vends, ${noticesPerSecond} notices a second beside them, ${missing} tokens missing; load ${load}`,
  );
  console.log(`  ms from the answer after the commit: ${words(fromAnswer)}`);
  console.log(`  ms from the instant on the vend:     ${words(fromIssue)}`);
}

function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => Math.round(percentile(sorted, share));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Pays for one meter after the other, so that each phone gets one receipt. */
class Payer {
  private readonly pool: Pool;
  private readonly keyId: string;
  private readonly secret: Buffer;
  private next = 1;

  constructor(
    apiUrl: string,
    layout: Layout,
    private readonly database: Database,
  ) {
    const partners = JSON.parse(readFileSync(join(layout.secrets, 'partners.json'), 'utf8')) as {
      keyId: string;
      secret: string;
    }[];
    this.keyId = partners[0]!.keyId;
    this.secret = Buffer.from(partners[0]!.secret, 'base64url');
    this.pool = new Pool(apiUrl, { connections: 32, pipelining: 1 });
  }

  /** Poisson arrivals; the vends by their first token. */
  async pay(seconds: number): Promise<Map<string, Paid>> {
    const endMs = Date.now() + seconds * 1_000;
    const running: Promise<[string, number] | undefined>[] = [];
    for (let nextMs = Date.now(); nextMs < endMs; nextMs -= (Math.log(1 - Math.random()) * 1_000) / VENDS_PER_SECOND) {
      if (nextMs > Date.now()) await pause(nextMs - Date.now());
      running.push(this.one(meterNo(this.next++).pan));
    }
    const answered = new Map((await Promise.all(running)).filter((each) => each !== undefined));
    const rows = await this.database.read<{ digits: string; issued_at: Date }>(
      'SELECT t.digits, v.issued_at FROM vend_tokens t JOIN vends v ON v.id = t.vend_id WHERE t.digits IN (?)',
      [['', ...answered.keys()]],
    );
    return new Map(
      rows.map(({ digits, issued_at: issuedAt }) => [
        digits,
        { answeredAtMs: answered.get(digits)!, issuedAtMs: issuedAt.getTime() },
      ]),
    );
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async one(reference: string): Promise<[string, number] | undefined> {
    const body = JSON.stringify({ transactionId: randomUUID(), reference, amount: '500.00' });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', this.secret).update(`${timestamp}.${body}`).digest('hex');
    const headers = {
      ...{ 'content-type': 'application/json', 'x-key-id': this.keyId },
      ...{ 'x-timestamp': timestamp, 'x-signature': signature },
    };
    const answer = await this.pool.request({ path: '/v1/biller/pay', method: 'POST', headers, body });
    const atMs = Date.now();
    const text = await answer.body.text();
    const token = /"(?:digits|token)":"([\d -]{20,24})"/.exec(text)?.[1]?.replace(/\D/g, '');
    if (token === undefined) console.warn(`a payment was not vended: HTTP ${answer.statusCode}`);
    return token === undefined ? undefined : [token, atMs];
  }
}

async function makeCustomers(database: Database): Promise<void> {
  const startedMs = Date.now();
  async function* csv(): AsyncGenerator<string> {
    yield `${METER_HEADER}\n`;
    for (let serial = 1; serial <= NOTICES; serial++) {
      const ea = serial % 2 === 0 ? { ea: '07', sgc: '123456' } : { ea: '11', sgc: '201457' };
      const language = serial % 3 === 0 ? 'en' : 'bn';
      const mobile = String(8_801_710_000_000 + serial);
      yield `${await Promise.resolve(meterLine(meterCells(serial, { ...ea, language, mobile })))}\n`;
    }
  }
  const { inserted, rejected } = await importMeters(database, csv(), { nowMs: Date.now() });
  const seconds = (Date.now() - startedMs) / 1_000;
  console.log(`customers: ${inserted} imported, ${rejected} rejected, ${Math.round(inserted / seconds)} rows/s`);
}

/** From now on every message goes to the centre. */
async function useCentre(database: Database, layout: Layout, port: number): Promise<void> {
  const { sealingSecret } = JSON.parse(readFileSync(join(layout.secrets, 'application.json'), 'utf8')) as {
    sealingSecret: string;
  };
  const settings = { host: '127.0.0.1', port, systemId: ACCOUNT.systemId, source: 'NESCO', windowSize: 50 };
  const change = {
    code: 'bench',
    gateway: { profile: 'smpp-v34', settings } as const,
    terms: { prefixes: [], costPaisa: 30, priority: 0, maxPerSecond: null, enabled: true },
    ...{ secret: ACCOUNT.password, version: 0, by: 'bench' },
  };
  await database.transaction((tx) => saveGateway(tx, Buffer.from(sealingSecret, 'base64url'), change, new Date()));
}

async function launchNotice(database: Database): Promise<void> {
  const bench = new BroadcastBench(database, () => Date.now());
  await bench.open();
  const startedMs = Date.now();
  const id = await bench.compose({ ratePerSecond: NOTICE_RATE });
  await until(async () => (await bench.broadcasts.byId(id)).state === 'READY');
  const { recipients } = await bench.broadcasts.byId(id);
  const count = recipients.bn + recipients.en;
  console.log(`notice: ${count.toLocaleString('en')} recipients prepared in ${Date.now() - startedMs} ms`);
  await bench.launch(id);
}

async function ask(centre: ChildProcess): Promise<CentreArrivals> {
  centre.send({ ask: 'arrivals' });
  const [arrivals] = (await once(centre, 'message')) as [CentreArrivals];
  return arrivals;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadlineMs = Date.now() + 300_000; !(await holds()); await pause(500)) {
    if (Date.now() > deadlineMs) throw new Error('waited five minutes in vain');
  }
}
