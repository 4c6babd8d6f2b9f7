import { Agent } from 'undici';
import type { InstantMs, WebhookHeaders } from '@vend/kernel';
import { isAllowedHost, lookupPublic } from './destination';
import { retryAfterMs } from './retry';

/** What came of one attempt. `outcome` is for people: `http-503`, `timeout`, `unreachable` … */
export interface SendResult {
  readonly kind: 'delivered' | 'gone' | 'failed';
  readonly outcome: string;
  /** How long the receiver asked us to wait. */
  readonly retryAfterMs: number;
  readonly tookMs: number;
}

export interface SenderSettings {
  /** The whole of one attempt, connection included. */
  readonly timeoutMs: number;
  /** Development only: also http, and addresses of private networks. */
  readonly anyAddress: boolean;
}

/** What a receiver answers besides its status is not read; this much of it is let pass, so that the connection can be kept. */
const ANSWER_MAX_BYTES = 16_384;
const ANSWER_MAX_MS = 2_000;

const FAULTS: Readonly<Record<string, string>> = {
  ADDRESS_REFUSED: 'address-refused',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
  UND_ERR_SOCKET: 'connection-reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
};

/**
 * Posts signed bodies to receivers: never to a private address, never after a redirect, and never longer than the time-out,
 * however slowly or much they answer.
 */
export class WebhookSender {
  private readonly agent: Agent;

  constructor(
    private readonly settings: SenderSettings,
    private readonly now: () => InstantMs = Date.now,
  ) {
    const { timeoutMs, anyAddress } = settings;
    this.agent = new Agent({
      connect: { timeout: timeoutMs, ...(anyAddress ? {} : { lookup: lookupPublic }) },
      headersTimeout: timeoutMs,
      bodyTimeout: ANSWER_MAX_MS,
      keepAliveTimeout: 10_000,
      // One connection for each message of an endpoint that is under way, and no more.
      connections: 16,
    });
  }

  async post(url: string, headers: WebhookHeaders, body: Buffer): Promise<SendResult> {
    const began = performance.now();
    const ended = (kind: SendResult['kind'], outcome: string, wait = 0): SendResult => ({
      ...{ kind, outcome, retryAfterMs: wait, tookMs: Math.round(performance.now() - began) },
    });
    const { origin, hostname, pathname, search } = new URL(url);
    // An address that is written out is not looked up.
    if (!this.settings.anyAddress && !isAllowedHost(hostname)) return ended('failed', 'address-refused');
    try {
      const answer = await this.agent.request({
        ...{ origin, path: pathname + search, method: 'POST', body },
        headers: { 'content-type': 'application/json', 'user-agent': 'prepaid-vending-webhooks/1', ...headers },
        signal: AbortSignal.timeout(this.settings.timeoutMs),
      });
      const { statusCode } = answer;
      await letPass(answer.body);
      if (statusCode >= 200 && statusCode < 300) return ended('delivered', `http-${statusCode}`);
      if (statusCode === 410) return ended('gone', 'http-410');
      const wait = retryAfterMs(textOf(answer.headers['retry-after']), this.now());
      return ended('failed', `http-${statusCode}`, wait);
    } catch (error) {
      return ended('failed', faultOf(error));
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

type AnswerBody = Awaited<ReturnType<Agent['request']>>['body'];

/** The status was the answer. A body that does not end soon costs the receiver its connection and nothing else. */
async function letPass(body: AnswerBody): Promise<void> {
  try {
    await body.dump({ limit: ANSWER_MAX_BYTES, signal: AbortSignal.timeout(ANSWER_MAX_MS) });
  } catch {
    body.destroy();
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

function faultOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  const text = typeof code === 'string' ? code : '';
  if (/^ERR_(?:TLS|SSL)|CERT|SELF_SIGNED|UNABLE_TO_/.test(text)) return 'certificate';
  return FAULTS[text] ?? 'failed';
}
