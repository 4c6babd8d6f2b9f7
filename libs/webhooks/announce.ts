import { idToBytes, newId, type Id } from '@vend/kernel';
import type { Tx } from '@vend/platform';
import { eventBody, type WebhookFact } from './events';
import { lastSequences } from './store/events';
import { readSubscriptions, subscribersOf, type SubscriptionSet } from './subscriptions';

/** An event, and to whom it goes. */
interface Addressed {
  readonly fact: WebhookFact;
  readonly endpoints: readonly Id[];
}

/**
 * Writes down what happened for those who want to hear of it, in the transaction in which it happens: no event without a
 * committed cause, and no cause without its event. Nobody wants to hear: nothing is written. The caller holds whatever
 * lock makes the moves of one subject come one after the other; the unique key of (subject, sequence) is the wall behind.
 *
 * @param subscriptions of a busy path, from `Subscriptions`; left out, they are read here and now
 * @param dueAt when it may be sent; at once unless told
 * @example await announce(tx, paymentFacts({ type: 'payment.refunded', rechargeId, source, sourceRef, grossPaisa, at }))
 */
export async function announce(
  tx: Tx,
  facts: readonly WebhookFact[],
  subscriptions?: SubscriptionSet,
  dueAt?: Date,
): Promise<void> {
  if (facts.length === 0) return;
  const set = subscriptions ?? (await readSubscriptions({ read: (sql, values) => tx.query(sql, values) }));
  const addressed = facts.flatMap((fact): Addressed[] => {
    const endpoints = subscribersOf(set, fact.owner, fact.type);
    return endpoints.length > 0 ? [{ fact, endpoints }] : [];
  });
  if (addressed.length === 0) return;
  const seen = addressed.flatMap(({ fact }) => (fact.isFirst ? [] : [fact.subject]));
  const sequences = await lastSequences(tx, seen);
  const events: unknown[][] = [];
  const messages: unknown[][] = [];
  for (const { fact, endpoints } of addressed) {
    const sequence = (sequences.get(fact.subject) ?? 0) + 1;
    sequences.set(fact.subject, sequence);
    const at = new Date(fact.at);
    const eventId = idToBytes(newId(fact.at));
    events.push([
      ...[eventId, fact.owner, fact.type, idToBytes(fact.subject), sequence],
      ...[eventBody(fact, sequence), at],
    ]);
    for (const endpoint of endpoints) {
      const due = dueAt ?? at;
      messages.push([idToBytes(newId(fact.at)), idToBytes(endpoint), eventId, 'PENDING', due, due]);
    }
  }
  await Promise.all([
    tx.write('INSERT INTO webhook_events (id, owner, type, subject_id, sequence, body, occurred_at) VALUES ?', [
      events,
    ]),
    tx.write('INSERT INTO webhook_messages (id, endpoint_id, event_id, state, due_at, tried_since) VALUES ?', [
      messages,
    ]),
  ]);
}
