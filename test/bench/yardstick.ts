import { createHmac } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { percentile } from './load';

/**
 * Machines differ by a factor of five: the CPU time of one HMAC-SHA256, in the same run, tells which one it was, however
 * much else the machine has to do.
 */
export function hmacMicroseconds(): number {
  const key = Buffer.alloc(32, 1);
  const text = Buffer.alloc(64, 2);
  const once = (times: number) => {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) createHmac('sha256', key).update(text).digest();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
  once(20_000);
  return once(100_000);
}

/** Per second and CPU second, of something done again and again on this thread. */
export function alone(name: string, times: number, run: (n: number) => void): void {
  for (let n = 0; n < times / 5; n += 1) run(n);
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  for (let n = 0; n < times; n += 1) run(n);
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round(times / seconds).toLocaleString('en');
  console.log(`${name}: ${rate}/s, ${((user + system) / times).toFixed(1)} CPU microseconds each`);
}

/** What the disk takes for a flush of 16 kB in a folder, as text. */
export function flushMs(folder: string): string {
  const file = openSync(join(folder, 'flush'), 'w');
  const block = Buffer.alloc(16_384, 1);
  const tookMs = Float64Array.from({ length: 200 }, () => {
    writeSync(file, block);
    const startedMs = performance.now();
    fdatasyncSync(file);
    return performance.now() - startedMs;
  }).sort();
  closeSync(file);
  return `p50 ${percentile(tookMs, 0.5).toFixed(2)}  p99 ${percentile(tookMs, 0.99).toFixed(2)} ms`;
}
