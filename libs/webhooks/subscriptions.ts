import { idFromBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader } from '@vend/platform';
import type { WebhookEventType } from './events';
import { readActiveEndpoints } from './store/endpoints';

/** Who wants to hear of what, by the owner's code. */
export type SubscriptionSet = ReadonlyMap<
  string,
  readonly { readonly endpointId: Id; readonly types: ReadonlySet<string> }[]
>;

/** After how long a new endpoint is certain to hear of what happens. */
const SEEN_AFTER_MS = 5_000;

/** The endpoints that want an event. */
export function subscribersOf(set: SubscriptionSet, owner: string, type: WebhookEventType): readonly Id[] {
  return (set.get(owner) ?? []).filter(({ types }) => types.has(type)).map(({ endpointId }) => endpointId);
}

/** Reads who wants to hear, as of now. */
export async function readSubscriptions(reader: Reader): Promise<SubscriptionSet> {
  const set = new Map<string, { endpointId: Id; types: ReadonlySet<string> }[]>();
  for (const { id, owner, types } of await readActiveEndpoints(reader)) {
    const endpoint = { endpointId: idFromBytes(id), types: new Set(types.split(',')) };
    set.set(owner, [...(set.get(owner) ?? []), endpoint]);
  }
  return set;
}

/**
 * The same from memory, for the busy path: one look in five seconds, however many payments there are.
 *
 * @example const subscriptions = new Subscriptions(database); await announce(tx, facts, await subscriptions.current())
 */
export class Subscriptions {
  private known: { readonly set: SubscriptionSet; readonly at: InstantMs } | undefined;
  private reading: Promise<SubscriptionSet> | undefined;

  constructor(
    private readonly reader: Reader,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  current(): Promise<SubscriptionSet> | SubscriptionSet {
    const { known } = this;
    const age = known ? this.now() - known.at : Infinity;
    // A clock that a test or an administrator sets back makes what is known no younger.
    if (known && age >= 0 && age < SEEN_AFTER_MS) return known.set;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(): Promise<SubscriptionSet> {
    const at = this.now();
    const set = await readSubscriptions(this.reader);
    this.known = { set, at };
    return set;
  }
}
