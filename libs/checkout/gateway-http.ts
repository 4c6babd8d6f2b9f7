import { Agent, type Dispatcher } from 'undici';

const ANSWER_MAX_BYTES = 262_144;
const CONNECTIONS = 32;

/** What came of a call: an answer of any kind, or none. */
export type HttpOutcome =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  /** `sent` is false only when no byte of the request can have left. */
  | { readonly kind: 'none'; readonly reason: NoAnswer; readonly sent: boolean };
type NoAnswer = 'gateway-timeout' | 'gateway-unreachable' | 'gateway-unreadable';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where undici and the operating system say that no byte of the request can have left. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Calls to one gateway over kept-alive connections: each has a deadline, an answer has a limit, a redirect is an answer
 * like any other and is not followed, nothing is retried.
 *
 * @example const outcome = await http.call({ method: 'GET', url: 'https://gateway.example/status' });
 */
export class GatewayHttp {
  private readonly agent: Agent;

  /**
   * @param timeoutMs the whole of one call, connection included
   * @param ca PEM of the authorities to believe; undefined: those that Node believes
   */
  constructor(
    private readonly timeoutMs: number,
    ca?: string,
  ) {
    this.agent = new Agent({
      connections: CONNECTIONS,
      connect: { timeout: timeoutMs, ...(ca !== undefined && { ca }) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: 10_000,
      maxResponseSize: ANSWER_MAX_BYTES,
    });
  }

  async call({ method, url, headers = {}, body }: HttpCall): Promise<HttpOutcome> {
    try {
      const { origin, pathname, search } = new URL(url);
      const options: Dispatcher.RequestOptions = {
        ...{ origin, path: pathname + search, method, headers: { accept: 'application/json', ...headers }, body },
        // The other two watch for silence; this one bounds an answer that trickles.
        signal: AbortSignal.timeout(this.timeoutMs),
      };
      const answer = await this.agent.request(options);
      return { kind: 'answer', status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      return noAnswer(error);
    }
  }

  async close(): Promise<void> {
    if (!this.agent.closed) await this.agent.close();
  }
}

function noAnswer(error: unknown): HttpOutcome {
  const { name, code } = error as { name?: string; code?: unknown };
  const text = typeof code === 'string' ? code : '';
  if (text === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { kind: 'none', reason: 'gateway-unreadable', sent: true };
  const late = name === 'TimeoutError' || text.endsWith('TIMEOUT') || text === 'ETIMEDOUT';
  return { kind: 'none', reason: late ? 'gateway-timeout' : 'gateway-unreachable', sent: !NEVER_SENT.has(text) };
}

/** The JSON object in a text; undefined when there is none: an error page, half a body, an empty one. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
