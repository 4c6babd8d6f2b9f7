import type { Delivery } from './smsc-wire';

/** A way to an ESME that takes deliveries. */
export interface Outlet {
  deliver(delivery: Delivery): void;
}

const KEPT_MAX = 200_000;
const REDELIVER_MS = 100;

/** Receipts and customers' messages of one account: kept while nobody is bound, brought again when refused or lost. */
export class SmscMailbox {
  private readonly kept: Delivery[] = [];
  private readonly outlets: Outlet[] = [];
  private turn = 0;
  private readonly timers = new Set<NodeJS.Timeout>();

  put(delivery: Delivery): void {
    if (this.outlets.length > 0) this.outlets[this.turn++ % this.outlets.length]!.deliver(delivery);
    else if (this.kept.length < KEPT_MAX) this.kept.push(delivery);
  }

  /** Puts it in after a while; at once with 0. */
  putLater(delivery: Delivery, delayMs: number): void {
    if (delayMs <= 0) return this.put(delivery);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.put(delivery);
    }, delayMs);
    this.timers.add(timer);
  }

  /** It was refused for now. */
  redeliver(delivery: Delivery): void {
    this.putLater(delivery, REDELIVER_MS);
  }

  join(outlet: Outlet): void {
    this.outlets.push(outlet);
    for (const delivery of this.kept.splice(0)) this.put(delivery);
  }

  /** The outlet is gone; what it had not acknowledged is brought to another. */
  leave(outlet: Outlet, unacknowledged: Iterable<Delivery>): void {
    const place = this.outlets.indexOf(outlet);
    if (place >= 0) this.outlets.splice(place, 1);
    for (const delivery of unacknowledged) this.put(delivery);
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
