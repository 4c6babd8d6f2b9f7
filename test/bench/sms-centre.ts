import { SmscCenter } from '../../apps/sandbox/smsc/smsc-center';
import { smscFaults } from '../../apps/sandbox/smsc/smsc-settings';

/** What the parent asks: a latency for every answer, or what has come since it asked last. */
export type CentreOrder = { readonly latencyMs: number } | { readonly ask: 'arrivals' };
export interface CentreArrivals {
  readonly bound: number;
  /** Digits of the first token of each message that has one, and when the whole of it was there, in ms of the wall clock. */
  readonly tokens: readonly (readonly [digits: string, atMs: number])[];
  readonly others: number;
}

/** The short message centre as a process of its own: its work must not slow down the client that is measured. */
let tokens: [string, number][] = [];
let others = 0;
const center = new SmscCenter({
  show: (_msisdn, { text }) => {
    const token = /(?:\d{4} ){4}\d{4}/.exec(text)?.[0];
    if (token === undefined) others += 1;
    else tokens.push([token.replaceAll(' ', ''), Date.now()]);
  },
});
process.on('message', (order: CentreOrder) => {
  if ('latencyMs' in order) {
    center.setFaults(smscFaults.parse({ latencyMs: order.latencyMs, receiptsMissing: 1 }));
    process.send!({ ready: true });
    return;
  }
  const arrivals: CentreArrivals = { bound: center.state().bound.length, tokens, others };
  [tokens, others] = [[], 0];
  process.send!(arrivals);
});
process.on('disconnect', () => process.exit());
void center.listen(0).then((port) => process.send!({ port }));
