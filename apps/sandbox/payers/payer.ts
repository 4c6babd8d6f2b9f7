import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@vend/kernel';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { NextStep } from '../providers/pay-page';
import type { ProviderFaults } from '../providers/provider-faults';

/** What a customer does on our page and at a gateway's. */
export const payerOrder = z.object({
  gateway: z.string().regex(/^[\w.-]{1,32}$/),
  /** Meter or customer number. */
  reference: z.string().min(1).max(40),
  /** Taka, as the customer typed it. */
  amount: z.string().min(1).max(20),
  /** `leave`: goes to the gateway's page and closes the browser. */
  action: z.enum(['pay', 'fail', 'cancel', 'leave']).default('pay'),
  /** False: has paid, and never comes back to our page. */
  returns: z.boolean().default(true),
  /** Comes back in so many tabs at once. */
  tabs: z.number().int().min(1).max(20).default(1),
});
export type PayerOrder = z.output<typeof payerOrder>;

/** What the customer saw. */
export interface PayerStory {
  readonly orderNo: string | null;
  /** The refusal of our page, when there was one. */
  readonly refusal: string | null;
  /** The address of our result page, when the browser came to it. */
  readonly resultPage: string | null;
  readonly steps: readonly string[];
}

const TIMEOUT_MS = 15_000;
const TRIES = 20;
const BETWEEN_TRIES_MS = 500;

const started = z.object({ orderNo: z.string(), payUrl: z.url() });
const refused = z.object({ code: z.string(), retryable: z.boolean() });
const onward = z.object({
  next: z.object({ method: z.enum(['GET', 'POST']), url: z.url(), form: z.record(z.string(), z.string()).optional() }),
});

/** A customer with a browser: begins a payment on our page, pays at the gateway's, and comes back, or not. */
export class Payer {
  private readonly agent = new Agent({ connections: 32 });

  constructor(
    private readonly apiUrl: string,
    private readonly faults: ProviderFaults,
  ) {}

  /** @returns what was seen; what the vending system does about it is not waited for */
  async pay({ gateway, reference, amount, action, returns, tabs }: PayerOrder): Promise<PayerStory> {
    const steps: string[] = [];
    const begun = await this.begin({ gateway, reference, amount }, steps);
    if ('refusal' in begun) return { orderNo: null, refusal: begun.refusal, resultPage: null, steps };
    const { orderNo, payUrl } = begun;
    if (action === 'leave' || this.faults.happens(gateway, 'payer-leaves')) {
      return { orderNo, refusal: null, resultPage: null, steps: [...steps, 'left'] };
    }
    const next = await this.atGateway(payUrl, action, steps);
    if (!next || !returns) return { orderNo, refusal: null, resultPage: null, steps };
    const copies = Math.max(tabs, this.faults.happens(gateway, 'two-tabs') ? 2 : 1);
    const pages = await Promise.all(Array.from({ length: copies }, () => this.comeBack(next, steps)));
    return { orderNo, refusal: null, resultPage: pages.find((page) => page !== null) ?? null, steps };
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  /** With one key until somebody answers: our page keeps it. */
  private async begin(
    order: Pick<PayerOrder, 'gateway' | 'reference' | 'amount'>,
    steps: string[],
  ): Promise<z.output<typeof started> | { refusal: string }> {
    const key = newId();
    let refusal = 'no-answer';
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const answer = await this.call('POST', new URL('/v1/checkout/orders', this.apiUrl).toString(), {
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ ...order, language: 'bn' }),
      });
      steps.push(`begin ${answer?.status ?? 'no answer'}`);
      const made = started.safeParse(jsonOf(answer?.text));
      if (answer?.status === 201 && made.success) return made.data;
      const problem = refused.safeParse(jsonOf(answer?.text));
      if (problem.success) refusal = problem.data.code;
      if (problem.success && !problem.data.retryable) break;
      await pause(BETWEEN_TRIES_MS);
    }
    return { refusal };
  }

  private async atGateway(
    payUrl: string,
    action: 'pay' | 'fail' | 'cancel',
    steps: string[],
  ): Promise<NextStep | undefined> {
    const answer = await this.call('POST', payUrl, {
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ action }).toString(),
    });
    steps.push(`${action} ${answer?.status ?? 'no answer'}`);
    return onward.safeParse(jsonOf(answer?.text)).data?.next;
  }

  /** Our page: again until it answers, as a person presses reload. */
  private async comeBack({ method, url, form }: NextStep, steps: string[]): Promise<string | null> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const answer = await this.call(method, url, {
        headers: method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
        ...(method === 'POST' && { body: new URLSearchParams(form ?? {}).toString() }),
      });
      steps.push(`return ${answer?.status ?? 'no answer'}`);
      if (answer?.status === 303 && answer.location) return new URL(answer.location, this.apiUrl).toString();
      await pause(BETWEEN_TRIES_MS);
    }
    return null;
  }

  private async call(
    method: 'GET' | 'POST',
    url: string,
    { headers, body }: { headers: Record<string, string>; body?: string },
  ): Promise<{ status: number; location: string | undefined; text: string } | undefined> {
    try {
      const answer = await request(url, {
        ...{ method, headers, body: body ?? null, dispatcher: this.agent, signal: AbortSignal.timeout(TIMEOUT_MS) },
      });
      const { location } = answer.headers;
      return {
        status: answer.statusCode,
        location: typeof location === 'string' ? location : undefined,
        text: await answer.body.text(),
      };
    } catch {
      return undefined;
    }
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
