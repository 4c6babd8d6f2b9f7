import { createHmac, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';

export interface Target {
  readonly apiUrl: string;
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
  /** Transaction ids that were answered as vended. */
  readonly vended: number;
}

/** A mobile-money provider that pays as fast, or as regularly, as it is told. */
export class PayingClient {
  private readonly pool: Pool;
  private readonly latencies: number[] = [];
  private readonly errors = new Map<string, number>();
  private done = 0;
  private vended = 0;

  constructor(
    private readonly target: Target,
    connections: number,
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
    const body = JSON.stringify({ transactionId: randomUUID(), reference, amount });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    try {
      const answer = await this.pool.request({
        path: '/v1/biller/pay',
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
      if (answer.statusCode === 200 && text.includes('"status":"vended"')) this.vended += 1;
      else this.failed(answer.statusCode === 200 ? 'pending' : codeOf(text, answer.statusCode));
    } catch (error) {
      this.failed((error as { code?: string }).code ?? 'error');
    }
  }

  private failed(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  private result(seconds: number): LoadResult {
    const latenciesMs = Float64Array.from(this.latencies).sort();
    return { done: this.done, errors: this.errors, seconds, latenciesMs, vended: this.vended };
  }
}

/** The value below which the given share of the sorted values lies. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function codeOf(text: string, status: number): string {
  return /"code":"([a-z-]+)"/.exec(text)?.[1] ?? String(status);
}
