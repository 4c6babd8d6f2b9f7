import { Pool } from 'undici';
import { z } from 'zod';
import {
  reasonOf,
  type AskOutcome,
  type HeadEnd,
  type LinkRetryReason,
  type LoadOrder,
  type MeterLink,
  type PushOutcome,
} from './meter-link';
import { signedHeaders } from './signed-headers';

const ANSWER_MAX_BYTES = 65_536;

export interface MeterLinkHttpOptions {
  /** The whole of one call, connection included. */
  readonly timeoutMs: number;
  /** Sockets kept open. Default 8. */
  readonly connections?: number;
}

/** What the head-end answers to a question; `state` decides. */
const ANSWER = z.object({ state: z.enum(['working', 'loaded', 'failed']), reason: z.string().optional() });
const TAKEN = z.object({ state: z.literal('taken') });
const REFUSAL = z.object({ code: z.string() });

/** Refusals of the load itself; every other 4xx is about the caller. */
const REFUSES_LOAD = new Set([409, 410, 422]);
/** Where undici and the operating system say that no byte of the request can have left. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

type CallAnswer =
  | { readonly status: number; readonly body: unknown }
  | { readonly failure: LinkRetryReason; readonly maybeTaken: boolean };

/**
 * The profile `meter-link-http-v1`: `POST {url}/loads` and `POST {url}/loads/status`, JSON, signed as Standard Webhooks
 * with the head-end's secret; the webhook id of a load is its id, so that a repeat is seen as one. How the load went
 * comes back as a callback of its own, or as the answer to the question.
 *
 * @example const link = new MeterLinkHttp(headEnd, { timeoutMs: 5_000 }); (await link.push(order)).kind // 'taken'
 */
export class MeterLinkHttp implements MeterLink {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    private readonly headEnd: HeadEnd,
    private readonly options: MeterLinkHttpOptions,
    private readonly now: () => number = Date.now,
  ) {
    const base = new URL(headEnd.url);
    this.path = base.pathname.replace(/\/+$/, '');
    const { timeoutMs, connections = 8 } = options;
    this.pool = new Pool(base.origin, {
      connections,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: 30_000,
      maxResponseSize: ANSWER_MAX_BYTES,
    });
  }

  async push({ loadId, round, meterNo, tokens }: LoadOrder): Promise<PushOutcome> {
    const order = [...tokens].sort((a, b) => a.sequence - b.sequence);
    const answer = await this.call('/loads', loadId, {
      type: 'meter-link.load',
      loadId,
      round,
      meterNo,
      tokens: order,
    });
    if ('failure' in answer) return { kind: 'retry-later', reason: answer.failure, maybeTaken: answer.maybeTaken };
    const { status, body } = answer;
    if (status < 300 && TAKEN.safeParse(body).success) return { kind: 'taken' };
    if (REFUSES_LOAD.has(status)) return { kind: 'refused', reason: reasonOf(REFUSAL.safeParse(body).data?.code) };
    // A success that we cannot read may well be one; a refusal of the caller certainly took nothing.
    return { kind: 'retry-later', reason: retryReason(status), maybeTaken: status < 300 || status >= 500 };
  }

  async ask({ loadId, round }: Pick<LoadOrder, 'loadId' | 'round'>): Promise<AskOutcome> {
    const answer = await this.call('/loads/status', loadId, { type: 'meter-link.question', loadId, round });
    if ('failure' in answer) return { kind: 'retry-later', reason: answer.failure };
    const { status, body } = answer;
    if (status === 404 && REFUSAL.safeParse(body).data?.code === 'load-unknown') return { kind: 'unknown' };
    const said = status < 300 ? ANSWER.safeParse(body).data : undefined;
    if (!said) return { kind: 'retry-later', reason: retryReason(status) };
    return said.state === 'failed' ? { kind: 'failed', reason: reasonOf(said.reason) } : { kind: said.state };
  }

  async close(): Promise<void> {
    if (!this.pool.closed) await this.pool.close();
  }

  private async call(path: string, id: string, content: object): Promise<CallAnswer> {
    const body = Buffer.from(JSON.stringify(content));
    try {
      const { statusCode, body: answer } = await this.pool.request({
        path: this.path + path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...signedHeaders(this.headEnd, id, body, this.now()),
        },
        body,
        // headersTimeout and bodyTimeout watch for silence; this one bounds an answer that trickles.
        signal: AbortSignal.timeout(this.options.timeoutMs),
      });
      return { status: statusCode, body: jsonOf(await answer.text()) };
    } catch (error) {
      return failureOf(error);
    }
  }
}

function retryReason(status: number): LinkRetryReason {
  if (status < 300) return 'head-end-unreadable';
  if (status === 429) return 'head-end-throttled';
  return status >= 500 ? 'head-end-error' : 'head-end-configuration';
}

function failureOf(error: unknown): { failure: LinkRetryReason; maybeTaken: boolean } {
  const { name, code } = error as { name?: string; code?: unknown };
  const text = typeof code === 'string' ? code : '';
  if (text === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { failure: 'head-end-unreadable', maybeTaken: true };
  const late = name === 'TimeoutError' || TIMED_OUT.has(text);
  return { failure: late ? 'head-end-timeout' : 'head-end-unreachable', maybeTaken: !NEVER_SENT.has(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
