/*
 * npm run bench:recharge: how many recharges the whole running system makes, over the biller API, with durable
 * commits, token server, outbox, queues and SMS on; and the same work with one transaction per recharge as yardstick.
 * Bounded: about three minutes. Everything runs in .local/bench, beside and apart from the demo.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../../docker/launcher/layout';
import { Progress } from '../../docker/launcher/progress';
import { Stack } from '../../docker/launcher/stack';
import { brokenLaws } from '../support/books';
import { PayingClient, percentile, type LoadResult, type Target } from './load';
import { cpuSeconds, processorTicks, sharesBetween } from './processes';
import { drained, makeMeters, openVend, targetOf } from './vending-stack';
import { hmacMicroseconds } from './yardstick';

const METERS = Number(process.env['BENCH_METERS'] ?? 30_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 15);
const OPEN_LOOP_PER_SECOND = Number(process.env['BENCH_RATE'] ?? 1_000);
const CLIENTS = 64;

type StackAddress = Awaited<ReturnType<Stack['up']>>;

interface Phase {
  readonly name: string;
  readonly run: (client: PayingClient) => Promise<LoadResult>;
}

const GROUPED: readonly Phase[] = [
  { name: `closed loop, ${CLIENTS} clients`, run: (client) => client.closedLoop(CLIENTS, SECONDS) },
  { name: 'closed loop, 256 clients', run: (client) => client.closedLoop(256, SECONDS) },
  {
    name: `open loop, ${OPEN_LOOP_PER_SECOND}/s Poisson`,
    run: (client) => client.openLoop(OPEN_LOOP_PER_SECOND, SECONDS * 2),
  },
];
const YARDSTICK: readonly Phase[] = [
  {
    name: `one transaction each, closed loop, ${CLIENTS} clients`,
    run: (client) => client.closedLoop(CLIENTS, SECONDS),
  },
];

async function main(): Promise<void> {
  console.log(`yardstick: one HMAC-SHA256 with node:crypto takes ${hmacMicroseconds().toFixed(1)} microseconds here`);
  process.env['LOG_LEVEL'] ??= 'warn';
  const root = layoutOf().root;
  rmSync(join(root, '.local/bench'), { recursive: true, force: true });
  const layout = layoutOf(root, join(root, '.local/bench'));
  const progress = new Progress(Date.now());
  let stack: Stack | undefined;
  try {
    stack = new Stack(layout, progress, false);
    let address = await stack.up();
    const database = await openVend(layout);
    await makeMeters(database, METERS);
    const rates = await measure(GROUPED, address);

    if (process.argv.includes('--grouped-only')) return;
    await stack.down();
    Object.assign(process.env, { LANE_GROUP_MAX: '1', LANE_WRITERS: '16', DATABASE_POOL_SIZE: '24' });
    await database.dataSource.destroy();
    stack = new Stack(layout, progress, false);
    address = await stack.up();
    const [yardstick] = await measure(YARDSTICK, address);
    const again = await openVend(layout);
    console.log(
      `\nratio: grouped ${Math.max(...rates.slice(0, 2)).toFixed(0)}/s to one-each ${yardstick!.toFixed(0)}/s = ${(Math.max(...rates.slice(0, 2)) / yardstick!).toFixed(1)} x`,
    );
    const broken = await brokenLaws(again);
    console.log(broken.length === 0 ? 'laws of the books: all hold' : `LAWS BROKEN: ${broken.join('; ')}`);
    await again.dataSource.destroy();

    async function measure(phases: readonly Phase[], at: StackAddress): Promise<number[]> {
      const target = targetOf(at, layout, METERS);
      await withClient(target, (client) => client.closedLoop(16, 5)); // warm: compiled code, filled caches
      const perSecond: number[] = [];
      for (const phase of phases) {
        await drained(layout, (text) => progress.say(text));
        const before = cpuSeconds(layout.run);
        const ticks = processorTicks();
        const result = await withClient(target, phase.run);
        const shares = sharesBetween(ticks, processorTicks());
        perSecond.push(report(phase.name, result, before, cpuSeconds(layout.run)));
        console.log(`  ${shares}; one HMAC-SHA256 takes ${hmacMicroseconds().toFixed(1)} microseconds now`);
      }
      await drained(layout, (text) => progress.say(text));
      return perSecond;
    }
  } finally {
    await stack?.down();
  }
}

async function withClient<T>(target: Target, run: (client: PayingClient) => Promise<T>): Promise<T> {
  const client = new PayingClient(target, 256);
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

function report(name: string, result: LoadResult, before: Map<string, number>, after: Map<string, number>): number {
  const perSecond = result.good / result.seconds;
  const at = (share: number) => percentile(result.latenciesMs, share).toFixed(1);
  const errors = [...result.errors].map(([code, n]) => `${code} ${n}`).join(', ') || 'none';
  console.log(
    `\n${name}: ${perSecond.toFixed(0)} recharges/s over ${result.seconds.toFixed(1)} s, ${result.good} vended`,
  );
  console.log(`  latency ms: p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  max ${at(1)}; errors: ${errors}`);
  const shares = [...after]
    .map(([process, seconds]) => [process, seconds - (before.get(process) ?? 0)] as const)
    .sort((a, b) => b[1] - a[1])
    .map(([process, seconds]) => `${process} ${((seconds * 1e6) / Math.max(1, result.good)).toFixed(0)}`);
  console.log(`  CPU microseconds per recharge: ${shares.join(', ')}`);
  return perSecond;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
