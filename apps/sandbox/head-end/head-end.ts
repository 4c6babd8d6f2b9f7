import { randomUUID } from 'node:crypto';
import { DomainError, formatInstant } from '@vend/kernel';
import { Agent } from 'undici';
import { z } from 'zod';
import type { VirtualMeters } from '../meters/virtual-meters';
import type { HeadEndFaultSetting } from './head-end-faults';
import { callbackHeaders, type HeadEndKey } from './head-end-keys';

export const loadOrder = z.object({
  type: z.literal('meter-link.load'),
  loadId: z.string().max(64),
  round: z.number().int(),
  meterNo: z.string().regex(/^\d{18}$/),
  tokens: z
    .array(z.object({ sequence: z.number(), of: z.number(), kind: z.string(), digits: z.string().regex(/^\d{20}$/) }))
    .min(1),
});
export type HeadEndOrder = Readonly<z.output<typeof loadOrder>>;

export interface LoadEnd {
  readonly state: 'loaded' | 'failed';
  readonly reason?: string;
}

/** A meter says one of these when it has the token, whoever brought it. */
const IN_THE_METER = new Set(['Accept', 'Used']);
const CALLBACK_TRIES = 5;

/**
 * A head-end as a vendor's would be: takes loads, carries their tokens to the meters in order, and calls back. It
 * remembers loads by id and round, in memory: after a restart it knows none, and the meters remember for it.
 */
export class HeadEnd {
  setting: HeadEndFaultSetting = { mode: 'none', delayMs: 2_000 };
  private readonly loads = new Map<string, Promise<LoadEnd>>();
  private readonly agent = new Agent({ connections: 16, keepAliveTimeout: 10_000 });
  /** What was said under an event id: a message that is sent again is the same bytes. */
  private readonly said = new Map<string, string>();
  private readonly busy = new Set<Promise<void>>();

  constructor(
    private readonly meters: VirtualMeters,
    private readonly apiUrl: string,
  ) {}

  /** Works a load; the same load and round again is the same work. Resolves when the meter has answered. */
  work(order: HeadEndOrder): Promise<LoadEnd> {
    const name = `${order.loadId}/${order.round}`;
    const known = this.loads.get(name);
    if (known) return known;
    const { mode } = this.setting;
    const working =
      mode === 'meter-off'
        ? Promise.resolve<LoadEnd>({ state: 'failed', reason: 'meter-unreachable' })
        : this.carry(order);
    this.loads.set(name, working);
    return working;
  }

  /** How a load went; undefined when it was never seen. */
  ended(loadId: string, round: number): Promise<LoadEnd> | undefined {
    return this.loads.get(`${loadId}/${round}`);
  }

  /** Works a load and tells the vending side, as often and as truly as the fault of the moment has it. */
  workAndTell(key: HeadEndKey, order: HeadEndOrder): Promise<void> {
    const busy = this.work(order)
      .then((end) => this.tell(key, order, end))
      .finally(() => this.busy.delete(busy));
    this.busy.add(busy);
    return busy;
  }

  /** Resolves when everything under way is loaded and told, or given up. */
  async quiet(): Promise<void> {
    await Promise.allSettled(this.busy);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async carry({ meterNo, tokens }: HeadEndOrder): Promise<LoadEnd> {
    const results: string[] = [];
    try {
      for (const { digits } of [...tokens].sort((a, b) => a.sequence - b.sequence)) {
        results.push((await this.meters.enter(meterNo, digits)).result);
      }
    } catch (error) {
      if (error instanceof DomainError) return { state: 'failed', reason: String(error.code) };
      throw error;
    }
    // The last token tells: after a key change that was typed by hand its sections are refused and the credit is known.
    const last = results.at(-1)!;
    return IN_THE_METER.has(last)
      ? { state: 'loaded' }
      : { state: 'failed', reason: `meter-said-${last.toLowerCase()}` };
  }

  private async tell(key: HeadEndKey, order: HeadEndOrder, end: LoadEnd): Promise<void> {
    const { mode } = this.setting;
    if (mode === 'lose-callback') return;
    const eventId = randomUUID();
    await this.call(key, order, end, eventId);
    if (mode === 'twice') {
      await this.call(key, order, end, eventId);
      await this.call(key, order, end, randomUUID());
    }
    if (mode === 'contradict') await this.call(key, order, { state: 'failed', reason: 'said-later' }, randomUUID());
  }

  private async call(key: HeadEndKey, { loadId, round }: HeadEndOrder, end: LoadEnd, eventId: string): Promise<void> {
    const text =
      this.said.get(eventId) ??
      JSON.stringify({ type: 'meter-link.result', eventId, loadId, round, ...end, at: formatInstant(Date.now()) });
    this.said.set(eventId, text);
    const body = Buffer.from(text);
    for (let attempt = 1; attempt <= CALLBACK_TRIES; attempt++) {
      try {
        const { statusCode, body: answer } = await this.agent.request({
          origin: new URL(this.apiUrl).origin,
          path: '/v1/callbacks/meter-link',
          method: 'POST',
          headers: callbackHeaders(key, eventId, body),
          body,
          signal: AbortSignal.timeout(10_000),
        });
        await answer.dump();
        if (statusCode < 500) return;
      } catch {
        // Not there at the moment.
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 500).unref());
    }
  }
}
