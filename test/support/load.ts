/** Mobile-money providers at rush hour, who remember every answer they were given: for tests that break things under load. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { formatInstant } from '@vend/kernel';
import { newTransactionId, topUpEvent } from './callers';
import type { Biller, HttpAnswer } from './callers';
import type { InstalledMeter } from './installed-meters';
import { eventually } from './system';

export interface LoadSettings {
  readonly clients: number;
  /** How long a client thinks between two calls: it keeps the number of payments, and so the test, bounded. */
  readonly thinkMs: number;
  /** No more payments than this are begun. */
  readonly paymentsMax: number;
}

/** A payment that was begun, and what is known of it. */
export interface Payment {
  readonly transactionId: string;
  readonly reference: string;
  readonly amount: string;
  /** Told by a callback in place of a pay call. */
  readonly byCallback: boolean;
  readonly eventId: string;
  /** The first answer that acknowledged it; undefined while its outcome is unknown. */
  acknowledged?: HttpAnswer;
}

/** A provider repeats this often before it leaves the payment as unknown. */
const ATTEMPTS = 3;
const CALLBACK_EVERY = 10;
/** Every so many acknowledged payments are asked for once more at once. */
const REPEAT_EVERY = 7;

/** Clients in a closed loop. A call without an answer, or with a 5xx, leaves its payment unknown and is repeated. */
export class Load {
  readonly payments: Payment[] = [];
  /** Answers that no provider may ever get: refusals of good calls, and repeats that say something else. */
  readonly wrong: string[] = [];
  private calls = 0;
  private acknowledged = 0;
  private stopping = false;
  private readonly clients: Promise<void>[];

  constructor(
    private readonly biller: Biller,
    private readonly meters: readonly InstalledMeter[],
    private readonly settings: LoadSettings,
  ) {
    this.clients = Array.from({ length: settings.clients }, () => this.client());
  }

  /** Waits until so many more payments have been acknowledged. */
  more(count: number): Promise<void> {
    const goal = this.acknowledged + count;
    return eventually(`${count} more payments are acknowledged`, () => this.acknowledged >= goal);
  }

  /** Waits until so many more calls have been made, whatever came of them. */
  moreCalls(count: number): Promise<void> {
    const goal = this.calls + count;
    return eventually(`${count} more calls are made`, () => this.calls >= goal);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.clients);
  }

  /** Those whose outcome nobody knows: repeated, once everything is up again, until each is acknowledged. */
  async resolveUnknown(): Promise<number> {
    const unknown = this.payments.filter((payment) => !payment.acknowledged);
    await inTurns(unknown, 8, async (payment) => {
      await eventually(`${payment.transactionId} is acknowledged`, () => this.send(payment));
    });
    return unknown.length;
  }

  private async client(): Promise<void> {
    while (!this.stopping && this.payments.length < this.settings.paymentsMax) {
      const payment = this.begin();
      for (let attempt = 1; attempt <= ATTEMPTS && !(await this.send(payment)); attempt++) await pause(100);
      if (payment.acknowledged && this.payments.length % REPEAT_EVERY === 0) await this.send(payment);
      await pause(this.settings.thinkMs);
    }
  }

  private begin(): Payment {
    const number = this.payments.length;
    const payment = {
      transactionId: newTransactionId(),
      reference: this.meters[number % this.meters.length]!.meterNo,
      amount: `${200 + (number % 300)}.00`,
      byCallback: number % CALLBACK_EVERY === 0,
      eventId: randomUUID(),
    };
    this.payments.push(payment);
    return payment;
  }

  /** @returns true when the payment was acknowledged, now or before */
  private async send(payment: Payment): Promise<boolean> {
    this.calls += 1;
    const answer = await this.call(payment).catch(() => undefined);
    if (!answer || answer.status >= 500) return payment.acknowledged !== undefined;
    if (answer.status !== 200) this.wrong.push(`${payment.transactionId}: HTTP ${answer.status} ${answer.body?.code}`);
    const { acknowledged } = payment;
    if (!acknowledged) {
      payment.acknowledged = answer;
      this.acknowledged += 1;
    } else if (!mayFollow(acknowledged, answer)) {
      this.wrong.push(`${payment.transactionId}: a repeat was answered otherwise`);
    }
    return true;
  }

  private call({ transactionId, reference, amount, byCallback, eventId }: Payment): Promise<HttpAnswer> {
    if (!byCallback) return this.biller.pay({ transactionId, reference, amount });
    // A repeat says the same to the byte.
    const event = topUpEvent(reference, { eventId, transactionId, amount, paidAt: formatInstant(0) });
    return this.biller.callback(event);
  }
}

/** An answer is given again to the byte; only "pending" may once have become "vended". */
export function mayFollow(earlier: HttpAnswer, later: HttpAnswer): boolean {
  if (earlier.text === later.text) return true;
  return earlier.body.status === 'pending' && later.body.status === 'vended';
}

/** Works a list off, so many at a time. */
export async function inTurns<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
