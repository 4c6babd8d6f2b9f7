import { createHmac, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';

export interface Target {
  readonly apiUrl: string;
  /** The partner's code. */
  readonly code: string;
  readonly keyId: string;
  readonly secret: Buffer;
  /** Meter numbers to pay for. */
  readonly references: readonly string[];
}

export interface LoadResult {
  readonly done: number;
  readonly errors: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** Sorted, in milliseconds. */
  readonly latenciesMs: Float64Array;
  /** Calls whose answer was a good one. */
  readonly good: number;
}

/** One kind of call that a provider makes: where it goes, what it says, and what a good answer is. */
export interface ProviderCall {
  readonly path: string;
  readonly body: (payment: { transactionId: string; reference: string; amount: string }) => object;
  /** undefined: good; else what to count it as. */
  readonly fault: (httpStatus: number, text: string) => string | undefined;
}

/** Pays by the signed biller API: the answer is the vend. */
export const PAY: ProviderCall = {
  path: '/v1/biller/pay',
  body: (payment) => payment,
  fault: (httpStatus, text) => {
    if (httpStatus !== 200) return codeOf(text, httpStatus);
    return text.includes('"status":"vended"') ? undefined : 'pending';
  },
};

/** Tells of a payment: the answer is that it was written down. */
export const CALL_BACK: ProviderCall = {
  path: '/v1/callbacks/topup',
  body: ({ transactionId, reference, amount }) => ({
    ...{ eventId: transactionId, transactionId, reference, amount },
    ...{ currency: 'BDT', status: 'paid', paidAt: new Date().toISOString() },
  }),
  fault: (httpStatus, text) => (httpStatus === 200 ? undefined : codeOf(text, httpStatus)),
};

/** A mobile-money provider that calls as fast, or as regularly, as it is told. */
export class PayingClient {
  private readonly pool: Pool;
  private readonly latencies: number[] = [];
  private readonly errors = new Map<string, number>();
  private done = 0;
  private good = 0;

  constructor(
    private readonly target: Target,
    connections: number,
    private readonly call: ProviderCall = PAY,
    /** Told of every payment that was answered well, and of when it was due to be sent (`performance.now()`). */
    private readonly taken: (transactionId: string, scheduledMs: number) => void = () => undefined,
  ) {
    this.pool = new Pool(target.apiUrl, { connections, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
  }

  /** `clients` payers, each sending its next payment when the last one is answered. */
  async closedLoop(clients: number, seconds: number): Promise<LoadResult> {
    const startedMs = performance.now();
    const endMs = startedMs + seconds * 1_000;
    const payer = async () => {
      while (performance.now() < endMs) await this.pay(performance.now());
    };
    await Promise.all(Array.from({ length: clients }, payer));
    return this.result((performance.now() - startedMs) / 1_000);
  }

  /**
   * Poisson arrivals at `perSecond`, sent when they are due whether or not earlier ones were answered. Latency is
   * counted from the scheduled time, so that a stall of the server, or of this client, is not hidden.
   */
  async openLoop(perSecond: number, seconds: number): Promise<LoadResult> {
    const startedMs = performance.now();
    const endMs = startedMs + seconds * 1_000;
    const pending = new Set<Promise<void>>();
    let nextMs = startedMs;
    await new Promise<void>((resolve) => {
      const send = () => {
        const nowMs = performance.now();
        while (nextMs <= nowMs && nextMs < endMs) {
          const payment = this.pay(nextMs).finally(() => pending.delete(payment));
          pending.add(payment);
          nextMs += (-Math.log(1 - Math.random()) * 1_000) / perSecond;
        }
        if (nextMs >= endMs) resolve();
        else setTimeout(send, 1);
      };
      send();
    });
    await Promise.all(pending);
    return this.result((performance.now() - startedMs) / 1_000);
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async pay(scheduledMs: number): Promise<void> {
    const { references, keyId, secret } = this.target;
    const reference = references[Math.floor(Math.random() * references.length)]!;
    const amount = `${300 + Math.floor(Math.random() * 1_700)}.00`;
    const transactionId = randomUUID();
    const body = JSON.stringify(this.call.body({ transactionId, reference, amount }));
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    try {
      const answer = await this.pool.request({
        path: this.call.path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-key-id': keyId,
          'x-timestamp': timestamp,
          'x-signature': signature,
        },
        body,
      });
      const text = await answer.body.text();
      this.latencies.push(performance.now() - scheduledMs);
      this.done += 1;
      const fault = this.call.fault(answer.statusCode, text);
      if (fault !== undefined) return this.failed(fault);
      this.good += 1;
      this.taken(transactionId, scheduledMs);
    } catch (error) {
      this.failed((error as { code?: string }).code ?? 'error');
    }
  }

  private failed(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  private result(seconds: number): LoadResult {
    const latenciesMs = Float64Array.from(this.latencies).sort();
    return { done: this.done, errors: this.errors, seconds, latenciesMs, good: this.good };
  }
}

/** The value below which the given share of the sorted values lies. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function codeOf(text: string, status: number): string {
  return /"code":"([a-z-]+)"/.exec(text)?.[1] ?? String(status);
}
