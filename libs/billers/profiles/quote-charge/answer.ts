import type { Provider } from '@vend/payments';
import type { WireAnswer } from '../../profile';
import { RESULTS, type Result } from './codes';

/** An answer of this contract: HTTP 200 always, what it means stands in `resultcode`. */
export function answerOf(result: Result, data: unknown = null): WireAnswer {
  const [resultcode, resultmsg] = RESULTS[result];
  const body = JSON.stringify({ resultcode, resultmsg, data });
  return { httpStatus: 200, contentType: 'application/json; charset=utf-8', body };
}

/** The number for a customer that is not there differs between the two incumbents. */
export function unknownCustomer({ settings }: Provider): Result {
  return settings.variant === 'star' ? 'unknown-customer-star' : 'unknown-customer';
}
