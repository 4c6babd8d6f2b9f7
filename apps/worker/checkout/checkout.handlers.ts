import type { Logger } from 'pino';
import type { MessageInbox, OrderWorker, RefundWorker } from '@vend/checkout';
import type { Id } from '@vend/kernel';
import { counter, retryLater, type Database, type Topic } from '@vend/platform';
import type { WakeHandler } from '../jobs';

const RETRY_BOUND_SECONDS = 60;

/** Works the rows of one topic, each by itself: what throws is offered again after a pause that grows. */
class EachAlone implements WakeHandler {
  constructor(
    private readonly database: Database,
    private readonly topic: Topic,
    private readonly turns: ReturnType<typeof counter>,
    private readonly work: (refId: Id) => Promise<string>,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    const later: Id[] = [];
    await Promise.all(
      refIds.map(async (refId) => {
        try {
          this.turns.inc({ outcome: await this.work(refId) });
        } catch (error) {
          later.push(refId);
          this.log.warn({ refId, topic: this.topic, err: error }, 'could not be worked; trying again');
        }
      }),
    );
    await retryLater(this.database, this.topic, later, RETRY_BOUND_SECONDS, new Date());
  }
}

interface Rooms {
  readonly database: Database;
  readonly orders: OrderWorker;
  readonly messages: MessageInbox;
  readonly refunds: RefundWorker;
  readonly log: Logger;
}

/** Orders, messages of gateways, and refunds: what says when it is next due is the row's own work. */
export function checkoutHandlers({ database, orders, messages, refunds, log }: Rooms) {
  const each = (topic: Topic, turns: ReturnType<typeof counter>, work: (refId: Id) => Promise<string>): WakeHandler =>
    new EachAlone(database, topic, turns, work, log);
  const orderTurns = counter('vend_checkout_turns_total', 'Turns of work on checkout orders', ['outcome']);
  const messageTurns = counter('vend_gateway_messages_total', "Gateways' messages worked", ['outcome']);
  const refundTurns = counter('vend_checkout_refunds_total', 'Turns of work on refunds by gateways', ['outcome']);
  return {
    checkout: each('checkout', orderTurns, (id) => orders.work(id)),
    'gateway-message': each('gateway-message', messageTurns, (id) => messages.work(id, orders)),
    'checkout-refund': each('checkout-refund', refundTurns, (id) => refunds.work(id)),
  };
}
