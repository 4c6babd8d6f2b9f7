/*
 * npm run bench:payments: how many callbacks of paid top-ups the whole running system takes (signature checked, stored
 * durably, answered), and how long it is from a callback to its vended token, at 100 and at 500 a second. Bounded: about
 * two minutes. Everything runs in .local/bench, beside and apart from the demo.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@vend/platform';
import { layoutOf, type Layout } from '../../docker/launcher/layout';
import { Progress } from '../../docker/launcher/progress';
import { Stack } from '../../docker/launcher/stack';
import { brokenLaws } from '../support/books';
import { CALL_BACK, PAY, PayingClient, percentile, type LoadResult, type Target } from './load';
import { cpuSeconds } from './processes';
import { drained, makeMeters, openVend, targetOf } from './vending-stack';
import { hmacMicroseconds } from './yardstick';

const METERS = Number(process.env['BENCH_METERS'] ?? 20_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 20);
const RATES = (process.env['BENCH_RATES'] ?? '100,500').split(',').map(Number);
const CLIENTS = 64;
const LOOK_EVERY_MS = 25;
const VENDED_WITHIN_MS = 120_000;

async function main(): Promise<void> {
  console.log(`yardstick: one HMAC-SHA256 with node:crypto takes ${hmacMicroseconds().toFixed(1)} microseconds here`);
  process.env['LOG_LEVEL'] ??= 'warn';
  const root = layoutOf().root;
  rmSync(join(root, '.local/bench'), { recursive: true, force: true });
  const layout = layoutOf(root, join(root, '.local/bench'));
  const progress = new Progress(Date.now());
  const stack = new Stack(layout, progress, false);
  try {
    const target = targetOf(await stack.up(), layout, METERS);
    const database = await openVend(layout);
    await makeMeters(database, METERS);
    const settle = () => drained(layout, (text) => progress.say(text));
    await closedLoop(target, 5); // warm: compiled code, filled caches
    await settle();
    await accepting(target, layout);
    await settle();
    for (const perSecond of RATES) {
      await vending(perSecond, target, layout, database);
      await settle();
    }
    await yardstick(target);
    await settle();
    const broken = await brokenLaws(database);
    console.log(broken.length === 0 ? '\nlaws of the books: all hold' : `\nLAWS BROKEN: ${broken.join('; ')}`);
    await database.dataSource.destroy();
  } finally {
    await stack.down();
  }
}

/** As many as it takes: the worker vends beside it, on the same cores. */
async function accepting(target: Target, layout: Layout): Promise<void> {
  const before = cpuSeconds(layout.run);
  const result = await closedLoop(target, SECONDS);
  const rate = result.good / result.seconds;
  console.log(`\naccepted durably, closed loop, ${CLIENTS} clients: ${rate.toFixed(0)} callbacks/s`);
  tell('  answered', result);
  const shares = [...cpuSeconds(layout.run)]
    .map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)] as const)
    .sort((a, b) => b[1] - a[1])
    .map(([name, seconds]) => `${name} ${((seconds * 1e6) / Math.max(1, result.good)).toFixed(0)}`);
  console.log(`  CPU microseconds per callback, what the worker did meanwhile included: ${shares.join(', ')}`);
}

async function closedLoop(target: Target, seconds: number): Promise<LoadResult> {
  const client = new PayingClient(target, CLIENTS, CALL_BACK);
  try {
    return await client.closedLoop(CLIENTS, seconds);
  } finally {
    await client.close();
  }
}

/** Poisson arrivals; from when each was due to be sent until its token is in the books for everybody to see. */
async function vending(perSecond: number, target: Target, layout: Layout, database: Database): Promise<void> {
  const watch = new VendWatch(database, `provider:${target.code}`);
  const before = cpuSeconds(layout.run);
  const client = new PayingClient(target, 256, CALL_BACK, (id, scheduledMs) => watch.taken(id, scheduledMs));
  watch.start();
  const result = await client.openLoop(perSecond, SECONDS);
  const vendedMs = await watch.allVended();
  await client.close();
  console.log(`\n${perSecond}/s offered for ${SECONDS} s: ${result.good} accepted, ${vendedMs.length} vended`);
  tell('  callback answered', result);
  console.log(`  callback to token   ${spread(vendedMs)}`);
  const used = [...cpuSeconds(layout.run)].map(([name, s]) => `${name} ${(s - (before.get(name) ?? 0)).toFixed(1)}`);
  console.log(`  CPU seconds: ${used.join(', ')}`);
}

/** The same payments by `pay`, one after another's answer: what the money path does when nothing is stored first. */
async function yardstick(target: Target): Promise<void> {
  const client = new PayingClient(target, CLIENTS, PAY);
  const result = await client.closedLoop(CLIENTS, SECONDS / 2);
  await client.close();
  const rate = (result.good / result.seconds).toFixed(0);
  console.log(`\nyardstick, the same payments by /v1/biller/pay, closed loop, ${CLIENTS} clients: ${rate} vends/s`);
}

/** Looks again and again which of the payments under way have a vend by now. */
class VendWatch {
  private readonly waiting = new Map<string, number>();
  private readonly tookMs: number[] = [];
  private stopping = false;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    /** Whose payments: `provider:<code>`. */
    private readonly source: string,
  ) {}

  taken(transactionId: string, scheduledMs: number): void {
    this.waiting.set(transactionId, scheduledMs);
  }

  start(): void {
    this.looking = this.look();
  }

  async allVended(): Promise<Float64Array> {
    const deadlineMs = performance.now() + VENDED_WITHIN_MS;
    while (this.waiting.size > 0 && performance.now() < deadlineMs) await pause(LOOK_EVERY_MS);
    this.stopping = true;
    await this.looking;
    if (this.waiting.size > 0)
      console.log(`  ${this.waiting.size} WERE NOT VENDED within ${VENDED_WITHIN_MS / 1_000} s`);
    return Float64Array.from(this.tookMs).sort();
  }

  private async look(): Promise<void> {
    while (!this.stopping) {
      // The oldest first; the others are looked for when it is their turn.
      const asked = [...this.waiting.keys()].slice(0, 1_000);
      if (asked.length > 0) {
        const rows = await this.database.read<{ ref: string }>(
          `SELECT source_ref AS ref FROM recharges WHERE source = ? AND source_ref IN (?) AND state = 'APPLIED'`,
          [this.source, asked],
        );
        const nowMs = performance.now();
        for (const { ref } of rows) {
          this.tookMs.push(nowMs - this.waiting.get(ref)!);
          this.waiting.delete(ref);
        }
      }
      await pause(LOOK_EVERY_MS);
    }
  }
}

function tell(what: string, result: LoadResult): void {
  const errors = [...result.errors].map(([code, n]) => `${code} ${n}`).join(', ') || 'none';
  console.log(`${what.padEnd(20)}  ${spread(result.latenciesMs)}; errors: ${errors}`);
}

function spread(sortedMs: Float64Array): string {
  const at = (share: number) => percentile(sortedMs, share).toFixed(0);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  max ${at(1)} ms`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
