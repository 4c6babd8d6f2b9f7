// What the STS library reaches on one thread, warm, through its public API with every check on, beside the
// HMAC-SHA-256 of node:crypto measured in the same run: a ratio travels between machines, a rate does not.
import { createHmac } from 'node:crypto';
import { loadavg } from 'node:os';
import { VendingKey, deriveDecoderKey, encodeCredit, meterPanOfDrn, makeDrn, verifyToken } from '@vend/sts';
import type { DecoderKey, DecoderKeyRequest, Dkga, Ea } from '@vend/sts';

const WARM_UP_MS = 500;
const ROUND_MS = 400;
const ROUNDS = 7;
const BATCH = 2_000;

// A thousand meters in turn, so that no step can profit from seeing the same one again.
const PANS = Array.from({ length: 1000 }, (_, n) => meterPanOfDrn(makeDrn('01', String(n * 97).padStart(8, '0'))));
const FIRST_TID = 6_600_002;
const KEY02 = VendingKey.fromHex('abababababababab');
const KEY04 = VendingKey.fromHex('abababababababab949494949494949401234567');

const requestFor = (ea: Ea, dkga: Dkga, vendingKey: VendingKey, pan: string): DecoderKeyRequest => ({
  ea,
  dkga,
  vendingKey,
  pan,
  kt: 2,
  sgc: '123456',
  ti: 1,
  krn: 1,
  ken: 255,
  baseDate: 2014,
});

/** Keeps what was made in use, so that nothing can be optimised away; touches the digits themselves. */
let sink = 0;

function creditOf(key: DecoderKey, n: number): void {
  const token = encodeCredit(key, { subclass: 0, tid: tidOf(n), rnd: n & 15, units: 1 + (n % 16_000) });
  sink ^= token.digits.charCodeAt(19);
}

/** Any identifier but those of 00:01, which ordinary tokens may not have. */
function tidOf(n: number): number {
  const tid = FIRST_TID + (n % 1_000_000);
  return tid % 1440 === 1 ? tid + 1 : tid;
}

const derive = (ea: Ea, n: number): DecoderKey =>
  ea === '07'
    ? deriveDecoderKey(requestFor(ea, '02', KEY02, PANS[n % 1000] ?? ''))
    : deriveDecoderKey(requestFor(ea, '04', KEY04, PANS[n % 1000] ?? ''));
const readyEa07 = derive('07', 1);
const readyEa11 = derive('11', 1);
const printed = Array.from({ length: 1000 }, (_, n) =>
  encodeCredit(readyEa07, { subclass: 0, tid: tidOf(n), rnd: 5, units: n }),
);
const hmacKey = Buffer.alloc(20, 1);
const hmacMessage = Buffer.alloc(49, 2);

interface Case {
  readonly name: string;
  readonly target?: number;
  readonly run: (n: number) => void;
}

const CASES: readonly Case[] = [
  {
    name: 'HMAC-SHA-256, node:crypto, 49 bytes',
    run: (n) => {
      hmacMessage.writeUInt32BE(n);
      sink ^= createHmac('sha256', hmacKey).update(hmacMessage).digest()[0] ?? 0;
    },
  },
  { name: 'EA07 + DKGA02, key derived each time', target: 150_000, run: (n) => creditOf(derive('07', n), n) },
  { name: 'EA11 + DKGA04, key derived each time', target: 200_000, run: (n) => creditOf(derive('11', n), n) },
  {
    name: 'EA07, ready key',
    target: 600_000,
    run: (n) => creditOf(readyEa07, n),
  },
  {
    name: 'EA11, ready key',
    run: (n) => creditOf(readyEa11, n),
  },
  {
    name: 'EA07 currency token, ready key',
    run: (n) => {
      const token = encodeCredit(readyEa07, { subclass: 4, tid: tidOf(n), units: 100_000 * (1 + (n % 5000)) });
      sink ^= token.digits.charCodeAt(19);
    },
  },
  {
    name: 'EA07 verify, ready key',
    run: (n) => {
      sink ^= verifyToken(printed[n % 1000]?.digits ?? '', readyEa07).block.lo;
    },
  },
];

interface Rate {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

/** Runs whole batches until the time is over. */
function measure(run: (n: number) => void, forMs: number, from: number): Rate {
  const cpuBefore = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  const endAt = startedAt + BigInt(forMs) * 1_000_000n;
  let done = 0;
  let now = startedAt;
  do {
    for (let n = 0; n < BATCH; n++) run(from + done + n);
    done += BATCH;
    now = process.hrtime.bigint();
  } while (now < endAt);
  const cpu = process.cpuUsage(cpuBefore);
  return { perSecond: (done * 1e9) / Number(now - startedAt), perCpuSecond: (done * 1e6) / (cpu.user + cpu.system) };
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;
const shown = (rate: number): string => Math.round(rate).toLocaleString('en').padStart(12);

function main(): void {
  for (const { run } of CASES) measure(run, WARM_UP_MS, 0);
  const rates = CASES.map((): Rate[] => []);
  // Round by round over all cases, so that a busy moment of the machine falls on all of them alike.
  for (let round = 0; round < ROUNDS; round++) {
    CASES.forEach(({ run }, index) => rates[index]?.push(measure(run, ROUND_MS, round * 1_000_000)));
  }
  const results = rates.map((list) => ({
    perSecond: median(list.map((rate) => rate.perSecond)),
    perCpuSecond: median(list.map((rate) => rate.perCpuSecond)),
  }));
  const hmac = results[0]?.perSecond ?? 1;
  const load = loadavg()[0] ?? 0;
  process.stdout.write(`node ${process.version}, one thread, median of ${ROUNDS} rounds of ${ROUND_MS} ms, `);
  process.stdout.write(`load of the machine ${load.toFixed(1)}\n\n`);
  process.stdout.write(
    `${''.padEnd(40)}${'per second'.padStart(12)}${'per CPU s'.padStart(12)}${'target'.padStart(12)}  x HMAC\n`,
  );
  const missed = CASES.filter(({ name, target }, index) => {
    const { perSecond, perCpuSecond } = results[index] ?? { perSecond: 0, perCpuSecond: 0 };
    const wanted = target === undefined ? ' '.repeat(12) : shown(target);
    const ratio = (perSecond / hmac).toFixed(2).padStart(6);
    process.stdout.write(`${name.padEnd(40)}${shown(perSecond)}${shown(perCpuSecond)}${wanted}  ${ratio}\n`);
    return target !== undefined && perSecond < target;
  });
  process.stdout.write(
    missed.length === 0 ? '\nevery target met\n' : `\nmissed: ${missed.map((one) => one.name).join('; ')}\n`,
  );
  // The sum of all that was made: printed to no one, but it has to exist.
  if (missed.length > 0 || Number.isNaN(sink)) process.exitCode = 1;
}

main();
