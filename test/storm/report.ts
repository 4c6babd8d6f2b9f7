/** The storm in words: a table of channels, how long the payers' money waited for its token, and what does not add up. */
import { formatTaka } from '@vend/kernel';
import type { Bucket } from '@vend/settlement';
import type { OursAt, TakenAt } from './gather';
import type { ChannelCount } from './driver';
import type { OfficeCount } from './office';
import type { Reconciled } from './statements';
import type { Whereabouts } from './sums';

export interface StormReport {
  readonly seed: number;
  readonly seconds: number;
  readonly counts: ReadonlyMap<string, ChannelCount>;
  readonly struck: readonly string[];
  readonly refusals: readonly string[];
  readonly whereabouts: Whereabouts;
  /** By two people, before and after rest. */
  readonly paidBack: OfficeCount;
  readonly reconciled: readonly Reconciled[];
  /** Taken from each gateway and the webhook. */
  readonly messages: ReadonlyMap<string, number>;
  readonly waits: readonly Wait[];
  readonly faults: readonly string[];
}

/** From the moment the payer's money was gone to the vend. */
export interface Wait {
  readonly provider: string;
  readonly trxId: string;
  readonly ms: number;
}

/** Some companies' clocks are wrong by a day, on purpose. */
const CLOCK_WRONG_MS = 12 * 3_600_000;
const SLOWEST_SHOWN = 8;
const FAULTS_SHOWN = 40;

export function waitsOf(taken: readonly TakenAt[], ours: readonly OursAt[]): Wait[] {
  const takenAt = new Map(taken.map((line) => [`${line.provider} ${line.trxId}`, line.at]));
  return ours.flatMap(({ provider, trxId, vendedAt }) => {
    const at = takenAt.get(`${provider} ${trxId}`);
    if (at === undefined || vendedAt === null || Math.abs(vendedAt - at) > CLOCK_WRONG_MS) return [];
    return [{ provider, trxId, ms: vendedAt - at }];
  });
}

export function reportText({
  seed,
  seconds,
  counts,
  struck,
  refusals,
  whereabouts,
  paidBack,
  reconciled,
  messages,
  waits,
  faults,
}: StormReport): string {
  const begun = [...counts.values()].reduce((sum, count) => sum + count.begun, 0);
  const { taken, vended, owedWithCase, refunded, givenBackOutside } = whereabouts;
  return [
    `\nseed ${seed}: ${begun} payments in ${seconds.toFixed(0)} s, ${(begun / seconds).toFixed(1)} a second`,
    table(
      ['channel', 'begun', 'ended', 'waited', 'again', 'p50 s', 'p95 s', 'p99 s', 'max s'],
      [...counts].map(([channel, { begun: n, ended, waiting, again, tookMs }]) => [
        ...[channel, n, ended, waiting, again],
        ...spread(tookMs),
      ]),
    ),
    '\nfrom the payer’s debit to the vend:',
    table(
      ['company', 'vended', 'p50 s', 'p95 s', 'p99 s', 'max s'],
      [...grouped(waits)].map(([provider, ms]) => [provider, ms.length, ...spread(ms)]),
    ),
    `\nslowest recoveries: ${slowest(waits)}`,
    `struck: ${tally(struck)}`,
    `messages of gateways: ${[...messages].map(([code, n]) => `${code} ${n}`).join(', ') || 'none'}`,
    `refused by our own page: ${tally(refusals)}`,
    `the companies took ${taken}: ${vended} vended, ${owedWithCase} owed with an open case, ${refunded} refunded, ` +
      `${givenBackOutside} given back by the company`,
    `paid back by two people: ${paidBack.provider} by the company, ${paidBack.cash} in cash`,
    '\nstatements, and what of them is in each bucket:',
    reconciledTable(reconciled),
    ...(faults.length === 0 ? ['everything adds up'] : [`${faults.length} FAULTS:`, ...faults.slice(0, FAULTS_SHOWN)]),
  ].join('\n');
}

function reconciledTable(reconciled: readonly Reconciled[]): string {
  const of = (buckets: Reconciled['buckets'], bucket: Bucket) => buckets.get(bucket) ?? { count: 0, amountPaisa: 0n };
  return table(
    ['company', 'lines', 'matched', 'Tk', 'reversed', 'neither', 'bent, healed', 'still owes Tk'],
    reconciled.map(({ company, lines, buckets, bent, receivablePaisa }) => {
      const [matched, reversed] = [of(buckets, 'matched'), of(buckets, 'reversed')];
      const neither = lines - matched.count - reversed.count;
      const money = [
        formatTaka(matched.amountPaisa),
        reversed.count,
        neither,
        bent,
        formatTaka(receivablePaisa),
      ] as const;
      return [company, lines, matched.count, ...money];
    }),
  );
}

function grouped(waits: readonly Wait[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const { provider, ms } of waits) {
    const group = groups.get(provider) ?? [];
    group.push(ms);
    groups.set(provider, group);
  }
  return groups;
}

function slowest(waits: readonly Wait[]): string {
  const last = [...waits].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_SHOWN);
  return (
    last.map(({ provider, trxId, ms }) => `${provider} ${trxId} ${(ms / 1_000).toFixed(1)} s`).join(', ') || 'none'
  );
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word} ${count}`).join(', ') || 'nobody';
}

function spread(ms: readonly number[]): string[] {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return [0.5, 0.95, 0.99, 1].map((share) => (at(share) / 1_000).toFixed(2));
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row) => row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join('  '))
    .join('\n');
}
