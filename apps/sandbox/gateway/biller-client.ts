import { createHmac } from 'node:crypto';
import { Agent } from 'undici';
import type { Partner } from './partners';

export interface CallOptions {
  readonly timeoutMs: number;
  /** The caller's clock against ours, in seconds. */
  readonly clockSkewSeconds: number;
  /** Signs with another key. */
  readonly spoilSignature: boolean;
}

/** What the caller saw of one call. */
export type Sight = { readonly tookMs: number } & (
  | { readonly seen: 'answer'; readonly httpStatus: number; readonly answer: unknown; readonly retryAfterMs?: number }
  | { readonly seen: 'time-out' | 'no-connection' | 'answer-lost' }
);

/**
 * Calls the vending system as a mobile-money provider does: JSON, signed with hex HMAC-SHA256 over
 * `timestamp.body` (X-Key-Id, X-Timestamp in seconds, X-Signature).
 */
export class BillerClient {
  private readonly agent = new Agent({ connections: 64, keepAliveTimeout: 10_000 });

  constructor(private readonly apiUrl: string) {}

  async call(partner: Partner, path: string, body: string, options: CallOptions): Promise<Sight> {
    const startedMs = performance.now();
    const took = (): number => Math.round(performance.now() - startedMs);
    try {
      const {
        statusCode,
        headers,
        body: answer,
      } = await this.agent.request({
        origin: new URL(this.apiUrl).origin,
        path: new URL(this.apiUrl).pathname.replace(/\/+$/, '') + path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signature(partner, body, options) },
        body,
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      const text = await answer.text();
      const retryAfterMs = Number(headers['retry-after'] ?? NaN) * 1000;
      return {
        seen: 'answer',
        tookMs: took(),
        httpStatus: statusCode,
        answer: jsonOf(text),
        ...(Number.isFinite(retryAfterMs) && { retryAfterMs }),
      };
    } catch (error) {
      const late = (error as Error).name === 'TimeoutError';
      return { seen: late ? 'time-out' : 'no-connection', tookMs: took() };
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

function signature(partner: Partner, body: string, options: CallOptions): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) + options.clockSkewSeconds);
  const key = options.spoilSignature ? Buffer.alloc(32, 0x5a) : partner.secret;
  return {
    'x-key-id': partner.keyId,
    'x-timestamp': timestamp,
    'x-signature': createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex'),
  };
}

/** Whatever came: its JSON, or the beginning of a page that is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { notJson: text.slice(0, 200) };
  }
}
