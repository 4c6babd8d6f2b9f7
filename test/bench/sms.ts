/**
 * npm run bench:sms: submits a second on one SMPP bind with windows of 10 and 50, at simulated latencies of 5 and 50 ms,
 * against the ceiling window / latency; then, over the whole running system, how long a token takes from the commit of its
 * vend to the message centre, alone and beside a notice to 100,000. Shares the machine with the simulator, which runs in a
 * process of its own. `-- --submits` or `-- --path` runs one of the two alone.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SmppGateway, type SmsMessage } from '@vend/sms';
import { CENTRE_LATENCY_MS, measurePath, type PathResult } from './sms-path';
import { hmacMicroseconds } from './yardstick';

const SECONDS = Number(process.env['SMS_BENCH_SECONDS'] ?? 5);
/** Messages given at once; enough to keep the widest window full. */
const BATCH = 500;

interface Result {
  readonly windowSize: number;
  readonly latencyMs: number;
  readonly perSecond: number;
  readonly ceilingPerSecond: number;
  readonly share: number;
  /** This process alone. */
  readonly cpuMicrosPerMessage: number;
}

async function main(): Promise<void> {
  const centre = fork(join(__dirname, 'sms-centre.js'), { stdio: 'inherit' });
  const [{ port }] = (await once(centre, 'message')) as [{ port: number }];
  console.log(`yardstick: one HMAC-SHA256 with node:crypto takes ${hmacMicroseconds().toFixed(1)} microseconds here`);
  const results = process.argv.includes('--path') ? [] : await submits(centre, port);
  const path = process.argv.includes('--submits') ? [] : await pathBehind(centre, port);
  centre.disconnect();
  console.log(JSON.stringify({ benchmark: 'sms', seconds: SECONDS, results, path }));
}

async function pathBehind(centre: ChildProcess, port: number): Promise<PathResult[]> {
  await latencyOf(centre, CENTRE_LATENCY_MS);
  return measurePath(centre, port);
}

async function latencyOf(centre: ChildProcess, latencyMs: number): Promise<void> {
  centre.send({ latencyMs });
  await once(centre, 'message');
}

async function submits(centre: ChildProcess, port: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const latencyMs of [5, 50]) {
    for (const windowSize of [10, 50]) {
      await latencyOf(centre, latencyMs);
      const result = await measure(port, windowSize, latencyMs);
      results.push(result);
      const { perSecond, ceilingPerSecond, share, cpuMicrosPerMessage } = result;
      console.log(
        `window ${windowSize}, latency ${latencyMs} ms: ${perSecond}/s of ${ceilingPerSecond}/s ` +
          `(${Math.round(share * 100)} %), ${cpuMicrosPerMessage} µs of CPU a message in the client`,
      );
    }
  }
  return results;
}

async function measure(port: number, windowSize: number, latencyMs: number): Promise<Result> {
  const link = {
    name: 'bench',
    host: '127.0.0.1',
    port,
    systemId: 'bench',
    password: 'bench',
    source: 'NESCO',
    windowSize,
  };
  const gateway = new SmppGateway({ links: [link], maxWaitMs: 60_000 });
  let sent = 0;
  const batch = (): SmsMessage[] =>
    Array.from({ length: BATCH }, () => {
      const n = sent++;
      const msisdn = `88017${String(n % 100_000_000).padStart(8, '0')}`;
      return { csmsId: `${windowSize}-${latencyMs}-${n}`, msisdn, text: `Token 1234-5678-9012-3456-7890 ref ${n}` };
    });
  await gateway.sendMany(batch()); // bound and warm
  const untilMs = performance.now() + SECONDS * 1000;
  const begunMs = performance.now();
  const cpu = process.cpuUsage();
  let taken = 0;
  // Two callers, so that the window stays full while one of them counts its outcomes.
  const caller = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const outcomes = await gateway.sendMany(batch());
      taken += outcomes.filter(({ kind }) => kind === 'accepted').length;
    }
  };
  await Promise.all([caller(), caller()]);
  const tookS = (performance.now() - begunMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await gateway.close();
  const perSecond = Math.round(taken / tookS);
  const ceilingPerSecond = (windowSize * 1000) / latencyMs;
  return {
    windowSize,
    latencyMs,
    perSecond,
    ceilingPerSecond,
    share: Number((perSecond / ceilingPerSecond).toFixed(3)),
    cpuMicrosPerMessage: Math.round((user + system) / taken),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
