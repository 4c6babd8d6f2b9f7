import type { Id, LocalDay, Paisa } from '@vend/kernel';
import type { StatementStatus } from '../statement/row';

export const BUCKETS = ['matched', 'ours-only', 'theirs-only', 'amount-differs', 'duplicate', 'reversed'] as const;
/** Where a payment of ours or a row of theirs belongs: each in exactly one. */
export type Bucket = (typeof BUCKETS)[number];

/** Our payment under a provider's transaction id. */
export interface OurPayment {
  readonly rechargeId: Id;
  readonly meterId: Id | null;
  readonly day: LocalDay;
  readonly amountPaisa: Paisa;
  /** Of its vend, when it stands. */
  readonly vatPaisa: Paisa;
  /** The day on which we booked that the provider gave it back; null: we hold it, or have vended it. */
  readonly returnedOn: LocalDay | null;
}

/** A row of a statement that counts, under the same id. */
export interface TheirRow {
  /** Of the statement that it is in. */
  readonly day: LocalDay;
  readonly importNo: number;
  readonly line: number;
  readonly status: StatementStatus;
  readonly amountPaisa: Paisa;
  readonly feePaisa: Paisa;
  readonly batch: string;
  readonly billerRef: string;
}

/** Something that a person must see to, once its window has passed. */
export interface Finding {
  /** With bucket and transaction id its key: 0 for the payment itself, else which of the rows. */
  readonly place: number;
  readonly bucket: Exclude<Bucket, 'matched' | 'reversed'>;
  /** Of the statement's row; of our payment where there is none. */
  readonly day: LocalDay;
  /** The last day of what was compared: the window is counted from it. */
  readonly sinceDay: LocalDay;
  readonly oursPaisa: Paisa;
  /** Below zero: a reversal of what the provider never said it took. */
  readonly theirsPaisa: Paisa;
  readonly row: TheirRow | null;
}

/** What became of all that is under one transaction id. */
export interface Verdict {
  /** null: there is no payment of ours. */
  readonly ours: Bucket | null;
  /** In the order of the rows given. */
  readonly rows: readonly Bucket[];
  /** The row that our payment was compared with; -1: none. */
  readonly head: number;
  readonly findings: readonly Finding[];
}

const REVERSAL_PLACE = 1_000;

/**
 * Compares our payment with what the provider says under the same transaction id. A reversal takes the latest payment of
 * its amount back, and the two are nothing to each other any more; of what is left the first row of our amount (else the
 * first) is the payment, and every other is a duplicate.
 *
 * @param rows in the order of day, import and line, so that the answer does not depend on who asks
 * @example classify(undefined, [paidRow]).rows // ['theirs-only']
 */
export function classify(ours: OurPayment | undefined, rows: readonly TheirRow[]): Verdict {
  const buckets: (Bucket | undefined)[] = rows.map(() => undefined);
  const alone = pairReversals(rows, buckets);
  const standing = rows.flatMap((row, i) => (row.status === 'PAID' && buckets[i] === undefined ? [i] : []));
  const live = ours !== undefined && ours.returnedOn === null;
  const equal = live ? standing.find((i) => rows[i]!.amountPaisa === ours.amountPaisa) : undefined;
  const head = equal ?? standing[0] ?? -1;
  const findings: Finding[] = [];
  const find = (bucket: Finding['bucket'], place: number, row: TheirRow | null) => {
    const day = row?.day ?? ours!.day;
    const oursPaisa = place === 0 && live ? ours.amountPaisa : 0n;
    const theirsPaisa = row ? signedPaisa(row) : 0n;
    const sinceDay = [day, ours?.returnedOn, live ? ours.day : day].reduce<LocalDay>(
      (last, each) => (each && each > last ? each : last),
      day,
    );
    findings.push({ place, bucket, day, sinceDay, oursPaisa, theirsPaisa, row });
  };

  for (const i of standing) {
    if (i === head) continue;
    buckets[i] = 'duplicate';
    find('duplicate', 1 + standing.indexOf(i), rows[i]!);
  }
  for (const i of alone) {
    buckets[i] = 'theirs-only';
    find('theirs-only', REVERSAL_PLACE + i, rows[i]!);
  }
  let oursBucket: Bucket | null = ours ? 'reversed' : null;
  if (head >= 0) {
    const row = rows[head]!;
    const bucket = !live ? 'theirs-only' : row.amountPaisa === ours.amountPaisa ? 'matched' : 'amount-differs';
    buckets[head] = bucket;
    if (live) oursBucket = bucket;
    if (bucket !== 'matched') find(bucket, 0, row);
  } else if (live) {
    oursBucket = 'ours-only';
    find('ours-only', 0, null);
  }
  return { ours: oursBucket, rows: buckets as Bucket[], head, findings };
}

/** What a row adds to what the provider took for us. */
export function signedPaisa({ status, amountPaisa }: Pick<TheirRow, 'status' | 'amountPaisa'>): Paisa {
  return status === 'PAID' ? amountPaisa : status === 'REVERSED' ? -amountPaisa : 0n;
}

/** Marks payments and their reversals; returns the reversals that take nothing back. */
function pairReversals(rows: readonly TheirRow[], buckets: (Bucket | undefined)[]): number[] {
  const alone: number[] = [];
  for (let i = rows.length - 1; i >= 0; i--) {
    if (rows[i]!.status === 'VOID') buckets[i] = 'reversed';
    if (rows[i]!.status !== 'REVERSED') continue;
    const paid = rows.findLastIndex(
      (row, j) => row.status === 'PAID' && buckets[j] === undefined && row.amountPaisa === rows[i]!.amountPaisa,
    );
    if (paid < 0) alone.push(i);
    else buckets[paid] = buckets[i] = 'reversed';
  }
  return alone;
}
