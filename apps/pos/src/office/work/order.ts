import type { Problem } from '../../shared/answers';
import type { Outcome } from '../../shared/api';
import { heardOf } from '../../shared/heard';

/** Something that is to be done once, however often it is sent. No token, name or phone is in it. */
export interface Order {
  /** The Idempotency-Key: made here, once. */
  readonly key: string;
  /** Who asked: another person at this desk does not see it. */
  readonly by: string;
  /** Name of the work, of works.ts. */
  readonly work: string;
  /** What it is about: the number of a meter, a customer or a case, or a vendor's code. */
  readonly about: string;
  readonly path: `/v1/${string}`;
  readonly body: object;
  /** When it was made, ms since 1970. */
  readonly at: number;
  /** What waits for a second person. */
  readonly approvalId?: string;
  /** It was sent once more after the second person was asked, and what became of that is not known. */
  readonly sentAgain?: boolean;
}

/** Where an order stands. */
export type Standing =
  | { readonly at: 'sending' }
  /** No answer: nobody knows. The same again tells, and does it at most once. */
  | { readonly at: 'lost' }
  | { readonly at: 'waiting'; readonly approvalId: string }
  | { readonly at: 'done'; readonly body: OrderDone }
  /** `final`: nothing was done, and never will be under this id. */
  | { readonly at: 'refused'; readonly problem: Problem; readonly final: boolean };

/**
 * Whether a call under a kept order may have done it; not while it only waits for a second person.
 *
 * @example mayBeDone(order) // true: it was kept before it was sent
 */
export function mayBeDone({ approvalId, sentAgain }: Order): boolean {
  return approvalId === undefined || sentAgain === true;
}

/** The order as it is kept while it is sent: a page that dies now must not take it for only waiting. */
export function onItsWay(order: Order): Order {
  return order.approvalId === undefined ? order : { ...order, sentAgain: true };
}

/** What an answer may say; each work says some of it. */
export type OrderDone = Readonly<Record<string, unknown>>;

/** These end a request for a second person's word. */
const ENDED = ['approval-refused', 'approval-expired', 'approval-differs'];

/**
 * What an answer means for an order.
 *
 * @param sentBefore it was sent earlier, and what became of that is not known: a refusal now does not say
 * @example standingOf({ kind: 'lost' }, false) // { at: 'lost' }
 */
export function standingOf(outcome: Outcome<OrderDone>, sentBefore: boolean): Standing {
  if (outcome.kind === 'answer') {
    const approval = outcome.status === 202 ? (outcome.body['approval'] as { id: string } | undefined) : undefined;
    return approval ? { at: 'waiting', approvalId: approval.id } : { at: 'done', body: outcome.body };
  }
  const heard = heardOf(outcome);
  if (outcome.kind === 'lost' || heard === 'lost') return { at: 'lost' };
  const { problem } = outcome;
  return { at: 'refused', problem, final: heard === 'refused' && (ENDED.includes(problem.code) || !sentBefore) };
}

/** One entry for each order: two windows do not write over each other. */
const KEPT = 'vend.order.';

/** Written before it is sent, so that a crash at any moment leaves its id behind. */
export function keepOrder(order: Order, storage: Storage = localStorage): void {
  storage.setItem(`${KEPT}${order.key}`, JSON.stringify(order));
}

/** After the server's last word, when the person has seen it. */
export function forgetOrder(key: string, storage: Storage = localStorage): void {
  storage.removeItem(`${KEPT}${key}`);
}

/** What a person has in hand on this machine, the oldest first. */
export function keptOrders(by: string, storage: Storage = localStorage): Order[] {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  const orders = names.filter((name) => name.startsWith(KEPT)).map((name) => read(storage.getItem(name)));
  return orders
    .filter((order) => order !== undefined)
    .filter((order) => order.by === by)
    .sort((a, b) => a.at - b.at);
}

/** What an older page left must not keep this one from opening. */
function read(text: string | null): Order | undefined {
  try {
    const order = JSON.parse(text ?? 'null') as Partial<Order> | null;
    const whole = typeof order?.key === 'string' && typeof order.path === 'string' && typeof order.at === 'number';
    return whole ? (order as Order) : undefined;
  } catch {
    return undefined;
  }
}
