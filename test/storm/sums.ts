/**
 * The sceptic's sums: what every company says that it took from payers, against what we say became of it. Pure, so that a
 * doctored book shows that each fault is seen (sums.spec.ts).
 */
import { formatTaka } from '@vend/kernel';

/** A line of a company's own book. */
export interface Taken {
  readonly provider: string;
  readonly trxId: string;
  readonly amountPaisa: bigint;
  /** The payer has it back. */
  readonly reversed: boolean;
}

/** A payment as our books have it. */
export interface Ours {
  readonly provider: string;
  readonly trxId: string;
  readonly amountPaisa: bigint;
  readonly state: string;
  /** Vends that stand, and what they add up to. */
  readonly vends: number;
  readonly vendedPaisa: bigint;
  readonly tokens: number;
  readonly openCases: number;
  readonly refunds: number;
}

/** Where the takas are, for people. */
export interface Whereabouts {
  readonly taken: number;
  readonly vended: number;
  readonly owedWithCase: number;
  readonly refunded: number;
  readonly givenBackOutside: number;
}

export interface SumsResult {
  /** One sentence for each payment that does not add up, with its ids; empty: all do. */
  readonly faults: readonly string[];
  readonly whereabouts: Whereabouts;
}

/**
 * Every taka that was taken and not given back is exactly one vend, one open case with its payment, or one refund; nothing
 * was vended or owed without a taka in a company's book.
 */
export function sums(taken: readonly Taken[], ours: readonly Ours[]): SumsResult {
  const outside = new Map(taken.map((line) => [keyOf(line), line]));
  const inside = new Map<string, Ours>();
  const faults: string[] = [];
  for (const payment of ours) {
    const key = keyOf(payment);
    if (inside.has(key)) faults.push(`${key}: two payments of ours for one of theirs`);
    inside.set(key, payment);
    if (!outside.has(key)) faults.push(`${key}: ${payment.state} with us, and nobody says that a payer paid it`);
  }
  const count = { taken: taken.length, vended: 0, owedWithCase: 0, refunded: 0, givenBackOutside: 0 };
  for (const line of taken) {
    const payment = inside.get(keyOf(line));
    const fault = line.reversed ? faultOfReversed(payment) : faultOfKept(line, payment);
    if (fault !== undefined) faults.push(`${keyOf(line)}, Tk ${formatTaka(line.amountPaisa)}: ${fault}`);
    else if (line.reversed && !isRefunded(payment)) count.givenBackOutside += 1;
    else if (payment?.state === 'APPLIED') count.vended += 1;
    else if (isRefunded(payment)) count.refunded += 1;
    else count.owedWithCase += 1;
  }
  return { faults, whereabouts: count };
}

function faultOfKept(line: Taken, payment: Ours | undefined): string | undefined {
  if (!payment) return 'taken, and unknown to us';
  if (payment.amountPaisa !== line.amountPaisa) return `booked with us as Tk ${formatTaka(payment.amountPaisa)}`;
  return faultOfEnd(payment);
}

/** Each end has exactly what belongs to it, and nothing of the others. */
function faultOfEnd(payment: Ours): string | undefined {
  const { state, vends, tokens, openCases, refunds, vendedPaisa, amountPaisa } = payment;
  const has = `${state} with ${vends} vends, ${tokens} tokens, ${openCases} open cases, ${refunds} refunds`;
  switch (state) {
    case 'APPLIED':
      if (vends !== 1 || tokens < 1 || refunds !== 0) return has;
      return vendedPaisa === amountPaisa ? undefined : `vended for Tk ${formatTaka(vendedPaisa)}`;
    case 'REFUND_DUE':
      return vends === 0 && tokens === 0 && openCases === 1 && refunds === 0 ? undefined : has;
    case 'REFUNDED':
      return vends === 0 && refunds === 1 ? undefined : has;
    default:
      return `${has}: nobody has ended it`;
  }
}

/** The payer has the money: it must not have become anything with us that still is worth money. */
function faultOfReversed(payment: Ours | undefined): string | undefined {
  if (!payment || isRefunded(payment)) return payment && faultOfEnd(payment);
  return `given back by the company, and ${payment.state} with us`;
}

function isRefunded(payment: Ours | undefined): boolean {
  return payment?.state === 'REFUNDED';
}

function keyOf({ provider, trxId }: { readonly provider: string; readonly trxId: string }): string {
  return `${provider} ${trxId}`;
}
