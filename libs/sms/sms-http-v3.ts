import { Pool } from 'undici';
import { checkCsmsId, faultOf } from './message-checks';
import type { SmsGateway, SmsMessage, SmsOutcome } from './sms-gateway';
import { blamesAMessage, MESSAGES_PER_CALL, outcomesOf, parseAnswer, retryLater } from './sms-http-v3.wire';

const ANSWER_MAX_BYTES = 1_048_576;

export interface SmsHttpV3Options {
  /** Where the gateway lives, with any path before `/api/v3`: `https://gateway.example`. */
  readonly baseUrl: string;
  /** The account's token, at most 50 characters: a secret. */
  readonly apiToken: string;
  /** The registered sender (SID), at most 20 characters. */
  readonly sid: string;
  /** The whole of one call, connection included. Default 10 000. */
  readonly timeoutMs?: number;
  /** Sockets kept open, each with one call at a time. Default 8. */
  readonly connections?: number;
}

/**
 * The HTTP gateway profile `sms-http-v3` (CHANNELS.md S6): `POST /api/v3/send-sms/dynamic`, up to 100 messages a
 * call, over a pool of kept-alive connections. More than 100 are cut into calls that run side by side.
 *
 * A call that fails whole with a code that may be one message's fault (4004, 4025 ...) is asked again in halves, so
 * that one bad number does not hold back ninety-nine customers; this is safe because `csms_id` makes a repeat a 4023.
 *
 * @throws {RangeError} from `sendMany` for a `csmsId` that is empty or longer than 20: a mistake in our own code
 * @example
 * const gateway = new SmsHttpV3Gateway({ baseUrl: 'http://127.0.0.1:8090/sms', apiToken, sid: 'NESCO' });
 * const [outcome] = await gateway.sendMany([{ csmsId: csmsIdOf(noticeId), msisdn: '8801700000000', text: 'Token ...' }]);
 */
export class SmsHttpV3Gateway implements SmsGateway {
  private readonly pool: Pool;
  private readonly path: string;
  private readonly timeoutMs: number;

  constructor(private readonly options: SmsHttpV3Options) {
    const base = new URL(options.baseUrl);
    this.path = `${base.pathname.replace(/\/+$/, '')}/api/v3/send-sms/dynamic`;
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.pool = new Pool(base.origin, {
      connections: options.connections ?? 8,
      connect: { timeout: this.timeoutMs },
      headersTimeout: this.timeoutMs,
      bodyTimeout: this.timeoutMs,
      keepAliveTimeout: 30_000,
      maxResponseSize: ANSWER_MAX_BYTES,
    });
  }

  async sendMany(messages: readonly SmsMessage[]): Promise<SmsOutcome[]> {
    const outcomes = new Map<string, SmsOutcome>();
    const sendable = new Map<string, SmsMessage>();
    for (const message of messages) {
      checkCsmsId(message);
      const reason = faultOf(message);
      if (reason) outcomes.set(message.csmsId, { csmsId: message.csmsId, kind: 'refused', reason });
      else sendable.set(message.csmsId, message);
    }
    const calls = cut([...sendable.values()], MESSAGES_PER_CALL).map((group) => this.send(group));
    for (const outcome of (await Promise.all(calls)).flat()) outcomes.set(outcome.csmsId, outcome);
    return messages.map(({ csmsId }) => outcomes.get(csmsId)!);
  }

  async close(): Promise<void> {
    if (!this.pool.closed) await this.pool.close();
  }

  private async send(group: readonly SmsMessage[]): Promise<SmsOutcome[]> {
    const result = await this.call(group);
    if ('failure' in result) {
      return group.map(({ csmsId }) => retryLater(csmsId, result.failure, result.maybeAccepted));
    }
    const parsed = parseAnswer(result.body);
    if (!parsed) return group.map(({ csmsId }) => retryLater(csmsId, 'gateway-unreadable', true));
    if (group.length === 1 || !blamesAMessage(parsed)) return outcomesOf(group, parsed);
    const halves = cut(group, Math.ceil(group.length / 2)).map((half) => this.send(half));
    return (await Promise.all(halves)).flat();
  }

  private async call(group: readonly SmsMessage[]): Promise<{ body: string } | CallFailure> {
    try {
      const answer = await this.pool.request({
        path: this.path,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({
          api_token: this.options.apiToken,
          sid: this.options.sid,
          sms: group.map(({ msisdn, text, csmsId }) => ({ msisdn, text, csms_id: csmsId })),
        }),
        // headersTimeout and bodyTimeout watch for silence; this one bounds an answer that trickles.
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return { body: await answer.body.text() };
    } catch (error) {
      return failureOf(error);
    }
  }
}

interface CallFailure {
  readonly failure: 'gateway-unreachable' | 'gateway-timeout' | 'gateway-unreadable';
  readonly maybeAccepted: boolean;
}

/** Where undici and the operating system say that no byte of the request can have left. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

function failureOf(error: unknown): CallFailure {
  const { name, code } = error as { name?: string; code?: unknown };
  const text = typeof code === 'string' ? code : '';
  if (text === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { failure: 'gateway-unreadable', maybeAccepted: true };
  const late = name === 'TimeoutError' || TIMED_OUT.has(text);
  return { failure: late ? 'gateway-timeout' : 'gateway-unreachable', maybeAccepted: !NEVER_SENT.has(text) };
}

function cut<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size));
  return groups;
}
