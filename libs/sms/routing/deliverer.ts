import type { SmsGateway } from '../sms-gateway';
import { RoutedSms, type RoutedMessage, type RoutedOutcome } from './routed-sms';

/** Whoever takes messages and tells by which gateway they went. */
export interface Deliverer {
  deliver(messages: readonly RoutedMessage[]): Promise<RoutedOutcome[]>;
}

/** A gateway that stands alone as a deliverer; several gateways are one already. */
export function delivererOf(gateway: SmsGateway): Deliverer {
  if (gateway instanceof RoutedSms) return gateway;
  return {
    async deliver(messages) {
      const outcomes = await gateway.sendMany(messages);
      return outcomes.map((outcome) => ({ outcome, gateway: null, escalated: false }));
    },
  };
}
