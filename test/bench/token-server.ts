/*
 * npm run bench:token-server: what one token server process makes, over gRPC with mutual TLS, with its audit log on the
 * disk before every answer, and its caller on the same machine. Beside it, in the same run: what the STS library makes
 * without any of that, and an HMAC as yardstick of the machine. CPU time is told apart between server and caller,
 * because it moves less than rates do on a machine with other work.
 */
import { createHmac } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { deriveDecoderKey, encodeCredit, encodeKeyChange, makeDrn, meterPanOfDrn, VendingKey } from '@vend/sts';
import { TestAuthority } from '../support/certificates';
import { TokenClient } from '../support/token-client';
import { ROLLOVER_KEYS, sealTestKeys } from '../support/token-keys';
import { freePort, journalAndCallers, TokenServerProcess } from '../support/token-server';
import { startBareTokenServer } from './bare-token-server';
import { percentile } from './load';
import { secondsOf } from './processes';
import { alone, flushMs } from './yardstick';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const ROLLOVER_METERS = Number(process.env['BENCH_METERS'] ?? 500_000);
const METERS = 20_000;
const FIRST_TID = 6_600_002;

const pans = Array.from({ length: METERS }, (_, n) => meterPanOfDrn(makeDrn('01', String(n).padStart(8, '0'))));

/** Half the meters run on EA07, half on EA11, as a utility's do in the years of change. */
function meterOf(n: number, krn: 1 | 2): object {
  const isSta = n % 2 === 0;
  return {
    meterPan: pans[n % METERS],
    ea: isSta ? 7 : 11,
    ...{ tct: 2, sgc: isSta ? '123456' : '201457', krn, ti: '01', kt: 2, ken: 255, baseDate: krn === 1 ? 1993 : 2014 },
  };
}

let asked = 0;
function creditRequest(): object {
  const n = asked++;
  // Even ones only: the reserved minute 00:01 is odd.
  const tid = FIRST_TID + 2 * Math.floor(n / METERS);
  return {
    requestId: `0193abcd-1234-7abc-8def-${String(n).padStart(12, '0')}:${tid}:5`,
    meter: meterOf(n, 2),
    ...{ subclass: 0, tid, rnd: 5, amountUnits: String(100 + (n % 3_000)) },
  };
}

const group = (size: number): object[] => Array.from({ length: size }, creditRequest);

interface Used {
  readonly server: number;
  readonly caller: number;
}

class Bench {
  readonly missed: string[] = [];

  constructor(
    private readonly server: Pick<TokenServerProcess, 'pid' | 'residentBytes'>,
    private readonly client: TokenClient,
  ) {}

  /** `lanes` callers, each of which sends its next group when it has the answer to the last. */
  async unary(name: string, lanes: number, size: number, aim: number, p99AimMs?: number): Promise<void> {
    await this.loop(lanes, size, 2);
    const before = this.used();
    const startedMs = performance.now();
    const latenciesMs = await this.loop(lanes, size, SECONDS);
    const seconds = (performance.now() - startedMs) / 1_000;
    this.report(name, latenciesMs.length * size, seconds, before, aim);
    const p99 = percentile(latenciesMs, 0.99);
    console.log(`  latency ms: p50 ${percentile(latenciesMs, 0.5).toFixed(1)}  p99 ${p99.toFixed(1)}`);
    if (p99AimMs !== undefined && p99 > p99AimMs) this.missed.push(`${name}: p99 ${p99.toFixed(1)} ms`);
  }

  private async loop(lanes: number, size: number, seconds: number): Promise<Float64Array> {
    const latenciesMs: number[] = [];
    const endMs = performance.now() + seconds * 1_000;
    const lane = async (): Promise<void> => {
      for (;;) {
        const sentMs = performance.now();
        if (sentMs > endMs) return;
        const { outcomes } = (await this.client.call('issueCredit', { requests: group(size) })) as Answer;
        expectTokens(outcomes);
        latenciesMs.push(performance.now() - sentMs);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return Float64Array.from(latenciesMs).sort();
  }

  /** One stream; pieces are written as long as the server takes them. */
  async bulk(size: number, aim: number): Promise<void> {
    await this.stream(
      'credit',
      size,
      60_000,
      () => ({ credit: { requests: group(size) } }),
      () => undefined,
    );
    const tokens = aim * SECONDS;
    const before = this.used();
    const seconds = await this.stream(
      'credit',
      size,
      tokens,
      () => ({ credit: { requests: group(size) } }),
      () => undefined,
    );
    this.report(`BulkIssue, pieces of ${size}`, tokens, seconds, before, aim);
  }

  /** Rollover key changes of a whole utility, into a file for the field staff. */
  async rollover(file: string, size: number, aimSeconds: number): Promise<void> {
    const out = createWriteStream(file, { mode: 0o600, highWaterMark: 1 << 20 });
    let n = 0;
    const piece = () => {
      const requests = [];
      for (let i = 0; i < size && n < ROLLOVER_METERS; i += 1, n += 1) {
        const { sgc } = meterOf(n, 1) as { sgc: string };
        const target = { sgc, krn: 2, ti: '01', kt: 2 };
        requests.push({ requestId: `rollover-2026:${n}`, meter: meterOf(n, 1), target, withSupplyGroup: true });
      }
      return { keyChange: { requests } };
    };
    const before = this.used();
    const seconds = await this.stream('keyChange', size, ROLLOVER_METERS, piece, (outcomes) => {
      let text = '';
      for (const { requestId, ok } of outcomes)
        text += `${requestId},${ok!.after.meterPan},${ok!.tokenDec.join(',')}\n`;
      out.write(text);
    });
    out.end();
    await once(out, 'close');
    this.report(
      `${ROLLOVER_METERS} rollover key changes to a file`,
      ROLLOVER_METERS,
      seconds,
      before,
      ROLLOVER_METERS / aimSeconds,
    );
    console.log(`  ${seconds.toFixed(1)} s, ${(statSync(file).size / 1e6).toFixed(0)} MB written`);
  }

  private async stream(
    kind: 'credit' | 'keyChange',
    size: number,
    count: number,
    piece: () => object,
    take: (outcomes: Outcome[]) => void,
  ): Promise<number> {
    const call = this.client.bulk();
    const startedMs = performance.now();
    let received = 0;
    const done = new Promise<void>((resolve, reject) => {
      call.on('data', (answer: Record<typeof kind, Answer>) => {
        const { outcomes } = answer[kind];
        expectTokens(outcomes);
        take(outcomes);
        received += outcomes.length;
      });
      call.on('end', resolve).on('error', reject);
    });
    for (let sent = 0; sent < count; sent += size) if (!call.write(piece())) await once(call, 'drain');
    call.end();
    await done;
    if (received < count) throw new Error(`${received} of ${count} answers`);
    return (performance.now() - startedMs) / 1_000;
  }

  private used(): Used {
    return { server: secondsOf(this.server.pid) ?? 0, caller: secondsOf(process.pid) ?? 0 };
  }

  private report(name: string, count: number, seconds: number, before: Used, aim: number): void {
    const perSecond = count / seconds;
    const now = this.used();
    const micro = (used: number) => ((used * 1e6) / count).toFixed(1);
    console.log(
      `\n${name}: ${Math.round(perSecond).toLocaleString('en')}/s (aim ${Math.round(aim).toLocaleString('en')})`,
    );
    console.log(
      `  CPU microseconds each: server ${micro(now.server - before.server)}, caller ${micro(now.caller - before.caller)}`,
    );
    console.log(
      `  server's memory ${(this.server.residentBytes / 1e6).toFixed(0)} MB, load of the machine ${loadavg()[0]!.toFixed(1)}`,
    );
    if (perSecond < aim) this.missed.push(`${name}: ${Math.round(perSecond)}/s`);
  }
}

interface Outcome {
  readonly requestId: string;
  readonly ok: { readonly tokenDec: string & string[]; readonly after: { readonly meterPan: string } } | null;
  readonly error: { readonly code: string } | null;
}
interface Answer {
  readonly outcomes: Outcome[];
}

function expectTokens(outcomes: readonly Outcome[]): void {
  for (const { ok, error } of outcomes) if (!ok) throw new Error(`refused: ${error?.code}`);
}

function ceiling(): void {
  const key = Buffer.alloc(32, 1);
  const text = Buffer.alloc(64, 2);
  alone('yardstick, HMAC-SHA-256 of node:crypto', 60_000, () => createHmac('sha256', key).update(text).digest());
  const vendingKeys = ROLLOVER_KEYS.map(({ hex }) => VendingKey.fromHex(hex));
  const keyOf = (n: number, krn: 1 | 2) => {
    const isSta = n % 2 === 0;
    return deriveDecoderKey({
      dkga: isSta ? '02' : '04',
      vendingKey: vendingKeys[(isSta ? 0 : 2) + krn - 1]!,
      pan: pans[n % METERS]!,
      ea: isSta ? '07' : '11',
      ...{ kt: 2, sgc: isSta ? '123456' : '201457', ti: 1, krn, ken: 255, baseDate: krn === 1 ? 1993 : 2014 },
    });
  };
  alone('ceiling, the STS library alone, key derived and credit token made', 60_000, (n) => {
    encodeCredit(keyOf(n, 2), { subclass: 0, tid: FIRST_TID, rnd: 5, units: 100 + (n % 3_000) });
  });
  alone('ceiling, the STS library alone, both keys derived and key-change set made', 30_000, (n) => {
    encodeKeyChange({ current: keyOf(n, 1), next: keyOf(n, 2), sections: n % 2 === 0 ? 3 : 4, at: null });
  });
}

/** What the protocol itself costs here: the same calls to a process that answers at once and does nothing. */
async function bareCeiling(port: number, authority: TestAuthority, folder: string): Promise<void> {
  const address = `127.0.0.1:${port}`;
  const { pid, end } = await startBareTokenServer(address, authority.filesFor('token-server', folder));
  const caller = new TokenClient(address, authority.filesFor('api', folder));
  const bare = new Bench({ pid, residentBytes: 0 }, caller);
  try {
    await bare.unary('ceiling, bare gRPC with mutual TLS, single calls, 32 at a time', 32, 1, 3_000, 25);
    await bare.unary('ceiling, bare gRPC with mutual TLS, groups of 32, 32 at a time', 32, 32, 40_000);
    await bare.bulk(512, 60_000);
    if (bare.missed.length > 0) console.log(`\nout of reach of the protocol alone: ${bare.missed.join('; ')}`);
  } finally {
    caller.close();
    await end();
  }
}

async function main(): Promise<void> {
  ceiling();
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'token-bench-'));
  // Every answer waits for two flushes, shared by all that wait at that moment.
  console.log(`yardstick, fdatasync of 16 kB: ${flushMs(folder)}`);
  const authority = new TestAuthority();
  const settings = {
    address: `127.0.0.1:${await freePort()}`,
    tls: authority.filesFor('token-server', folder),
    ...(await sealTestKeys(folder, ROLLOVER_KEYS)),
    ...journalAndCallers(folder),
    env: { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info' },
    nodeArguments: [
      ...(process.env['BENCH_NODE_ARGUMENTS'] ?? '--max-semi-space-size=64').split(' ').filter(Boolean),
      ...(process.env['BENCH_PROFILE'] ? ['--cpu-prof', `--cpu-prof-dir=${process.env['BENCH_PROFILE']}`] : []),
    ],
  };
  await bareCeiling(await freePort(), authority, folder);
  const server = await TokenServerProcess.start(settings);
  const api = new TokenClient(settings.address, authority.filesFor('api', folder));
  const keys = new TokenClient(settings.address, authority.filesFor('keys', folder));
  const bench = new Bench(server, api);
  const only = process.argv[2];
  try {
    if (!only || only === 'single') await bench.unary('single IssueCredit, 32 at a time', 32, 1, 3_000, 25);
    if (!only || only === 'groups') await bench.unary('IssueCredit in groups of 32, 32 at a time', 32, 32, 40_000);
    if (!only || only === 'bulk') await bench.bulk(512, 60_000);
    const rollover = new Bench(server, keys);
    if (!only || only === 'rollover') await rollover.rollover(join(folder, 'key-changes.csv'), 512, 60);
    const missed = [...bench.missed, ...rollover.missed];
    console.log(missed.length === 0 ? '\nevery aim met' : `\nmissed: ${missed.join('; ')}`);
  } finally {
    for (const client of [api, keys]) client.close();
    server.signal('SIGTERM');
    await server.ended();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
