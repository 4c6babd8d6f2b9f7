import { Agent } from 'undici';
import type { DialectAnswer, DialectCall } from './dialect';

/** What the company saw of one call. */
export type Seen = { readonly tookMs: number } & (
  ({ readonly seen: 'answer' } & DialectAnswer) | { readonly seen: 'time-out' | 'no-connection' | 'answer-lost' }
);

/** What the network makes of an answer on its way. */
export type AnswerFault = 'answer-lost' | 'html-page' | 'failed-but-done' | 'empty-answer';

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
const SPOILED: Readonly<Record<Exclude<AnswerFault, 'answer-lost'>, DialectAnswer>> = {
  'html-page': { httpStatus: 200, body: PAGE },
  'failed-but-done': { httpStatus: 500, body: PAGE },
  'empty-answer': { httpStatus: 200, body: '' },
};

/** Carries the simulated companies' calls to the vending system. */
export class DialectClient {
  private readonly agent = new Agent({ connections: 64, keepAliveTimeout: 10_000 });

  constructor(private readonly apiUrl: string) {}

  async send(code: string, call: DialectCall, timeoutMs: number, fault?: AnswerFault): Promise<Seen> {
    const startedMs = performance.now();
    const took = (): number => Math.round(performance.now() - startedMs);
    const url = new URL(this.apiUrl);
    try {
      const { statusCode, body } = await this.agent.request({
        origin: url.origin,
        path: `${url.pathname.replace(/\/+$/, '')}/v1/billers/${encodeURIComponent(code)}${call.path}`,
        method: call.method,
        headers: { ...call.headers },
        body: call.body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer = { httpStatus: statusCode, body: await body.text() };
      if (fault === 'answer-lost') return { seen: fault, tookMs: took() };
      return { seen: 'answer', tookMs: took(), ...(fault ? SPOILED[fault] : answer) };
    } catch (error) {
      const late = (error as Error).name === 'TimeoutError';
      return { seen: late ? 'time-out' : 'no-connection', tookMs: took() };
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}
