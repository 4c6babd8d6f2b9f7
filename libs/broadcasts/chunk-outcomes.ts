import type { Id, InstantMs } from '@vend/kernel';
import type { SmsOutcome, SmsRetryReason } from '@vend/sms';
import type { ChunkOutcome } from './store/recipients';

/** After so many answers that said nothing certain, a recipient is given up. */
const ATTEMPTS_MAX = 10;
const RETRY_MAX_MS = 600_000;

/** What says something of one message alone; anything else the gateway would have said of any other. */
const OF_ONE_MESSAGE: ReadonlySet<SmsRetryReason> = new Set([
  'gateway-unexplained',
  'awaiting-receipt',
  'held-for-order',
]);

/** True for an answer that would be the same for any other recipient. */
export function isGatewayWide(answer: SmsOutcome): boolean {
  return answer.kind === 'retry-later' && !OF_ONE_MESSAGE.has(answer.reason);
}

/** True when the gateway itself is in trouble: more than that this class has had its share of the rate for now. */
export function isTrouble(answer: SmsOutcome): answer is SmsOutcome & { readonly reason: SmsRetryReason } {
  return answer.kind === 'retry-later' && isGatewayWide(answer) && answer.reason !== 'rate-share';
}

/** One message of a chunk, and what the gateway said. */
export interface TriedMessage {
  readonly customerId: Id;
  /** This one included. */
  readonly attempts: number;
  readonly answer: SmsOutcome;
}

/**
 * What is to be written of a chunk, the recipients of one fate together.
 *
 * @param skipped who was not written to, and why
 */
export function chunkOutcomes(
  tries: readonly TriedMessage[],
  skipped: ReadonlyMap<Id, string>,
  now: InstantMs,
): ChunkOutcome[] {
  const groups = new Map<string, ChunkOutcome & { readonly customerIds: Id[] }>();
  const add = (customerId: Id, fate: Omit<ChunkOutcome, 'customerIds'>) => {
    const key = `${fate.state} ${fate.outcome} ${fate.dueAt} ${fate.counts}`;
    const group = groups.get(key);
    if (group) group.customerIds.push(customerId);
    else groups.set(key, { ...fate, customerIds: [customerId] });
  };
  for (const each of tries) add(each.customerId, fateOf(each, now));
  for (const [customerId, outcome] of skipped) {
    add(customerId, { state: 'SKIPPED', outcome, dueAt: now, counts: true });
  }
  return [...groups.values()];
}

function fateOf({ attempts, answer }: TriedMessage, now: InstantMs): Omit<ChunkOutcome, 'customerIds'> {
  switch (answer.kind) {
    case 'accepted':
    case 'duplicate':
      return { state: 'SENT', outcome: answer.kind, dueAt: now, counts: true };
    case 'refused':
      return { state: 'FAILED', outcome: answer.reason, dueAt: now, counts: true };
    case 'retry-later': {
      if (isGatewayWide(answer)) return { state: 'QUEUED', outcome: answer.reason, dueAt: now, counts: false };
      if (attempts >= ATTEMPTS_MAX) return { state: 'FAILED', outcome: answer.reason, dueAt: now, counts: true };
      const dueAt = now + Math.min(RETRY_MAX_MS, 5_000 * 2 ** (attempts - 1));
      return { state: 'QUEUED', outcome: answer.reason, dueAt, counts: true };
    }
  }
}
